//! Accepts connections within bounds of number, size and time, and answers each request on them.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::Response;
use axum::{Router, response::IntoResponse};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use super::crowd::{Crowd, Progress};
use super::patience::Patient;
use super::{App, Client, feed, limit, safety};

/// A client that neither ended a request head nor had an answer in all of this time is let go: slow and idle ones alike.
const SILENCE: Duration = Duration::from_secs(15);
/// One answer is made within this time.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);
const MAX_HEAD: usize = 16 * 1024;
const MAX_HEADERS: usize = 64;
/// After a failed accept (no file descriptor left) others get time to end.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// Running answers get this long when the server stops.
const LAST_ANSWERS: Duration = Duration::from_secs(5);

/// All that the connections share.
struct Hall {
    app: App,
    router: Router,
    crowd: Crowd,
    /// The greatest number of connections.
    most: usize,
    places: Arc<Semaphore>,
    stop: CancellationToken,
}

pub(super) async fn serve(listeners: Vec<TcpListener>, app: App, stop: CancellationToken) {
    let most = app.site().scope().settings.serve.max_connections.max(1);
    let hall = Arc::new(Hall {
        router: app.router(),
        app,
        crowd: Crowd::default(),
        most,
        places: Arc::new(Semaphore::new(most)),
        stop,
    });
    let loops = listeners
        .into_iter()
        .map(|listener| accept(listener, Arc::clone(&hall)));
    futures_util::future::join_all(loops).await;
    hall.crowd.dissolve();
    let all = u32::try_from(most).unwrap_or(u32::MAX);
    let _ = tokio::time::timeout(LAST_ANSWERS, hall.places.acquire_many(all)).await;
}

async fn accept(listener: TcpListener, hall: Arc<Hall>) {
    while let Some(accepted) = hall.stop.run_until_cancelled(next(&listener, &hall)).await {
        match accepted {
            Some((stream, peer, place)) => {
                let progress = hall.crowd.join(hall.most);
                let hall = Arc::clone(&hall);
                tokio::spawn(async move {
                    answer(stream, peer, &hall, &progress).await;
                    drop(place);
                });
            }
            None => {
                // Most likely there is no file descriptor left: an idle connection may give one back.
                hall.crowd.make_room();
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn next(
    listener: &TcpListener,
    hall: &Hall,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let accepted = listener.accept().await;
    if hall.places.available_permits() == 0 {
        hall.crowd.make_room();
    }
    let place = Arc::clone(&hall.places).acquire_owned().await.ok()?;
    match accepted {
        Ok((stream, peer)) => Some((stream, peer, place)),
        Err(error) => {
            tracing::warn!(%error, "cannot accept a connection");
            None
        }
    }
}

async fn answer(stream: TcpStream, peer: SocketAddr, hall: &Hall, progress: &Progress) {
    let _ = stream.set_nodelay(true); // a refusal only costs speed
    let service =
        service_fn(|request| progress.through(respond(request, peer, &hall.app, &hall.router)));
    let connection = http1::Builder::new()
        .max_header_size(MAX_HEAD)
        .max_headers(MAX_HEADERS)
        .max_buf_size(4 * MAX_HEAD)
        .serve_connection(
            TokioIo::new(Patient::new(stream, progress.clone())),
            service,
        );
    let mut connection = std::pin::pin!(connection);
    let mut silence = tokio::time::interval_at(Instant::now() + SILENCE, SILENCE);
    let mut leave = std::pin::pin!(progress.told_to_leave());
    // What goes wrong on a stranger's connection is the stranger's affair.
    loop {
        tokio::select! {
            biased;
            _ = connection.as_mut() => return,
            () = leave.as_mut() => {
                // An answer that is under way may end; an idle connection ends at once.
                connection.as_mut().graceful_shutdown();
                let _ = tokio::time::timeout(LAST_ANSWERS, connection).await;
                return;
            }
            _ = silence.tick() => if progress.has_stalled() { return },
        }
    }
}

async fn respond(
    request: hyper::Request<Incoming>,
    peer: SocketAddr,
    app: &App,
    router: &Router,
) -> Result<Response<Body>, Infallible> {
    let mut answer = match safety::refusal(&request).or_else(|| feed::standing(app, &request)) {
        Some(answer) => answer,
        None => routed(request, peer, app, router).await,
    };
    safety::harden(&mut answer);
    app.inner.metrics.count(answer.status());
    Ok(answer)
}

async fn routed(
    request: hyper::Request<Incoming>,
    peer: SocketAddr,
    app: &App,
    router: &Router,
) -> Response<Body> {
    let mut request: Request = request.map(Body::new);
    let scope = app.site().scope();
    let client = limit::client(peer.ip(), request.headers(), &scope.settings.serve);
    request.extensions_mut().insert(Client(client));
    match tokio::time::timeout(ANSWER_TIMEOUT, router.clone().oneshot(request)).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(never)) => match never {},
        Err(_) => axum::http::StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}
