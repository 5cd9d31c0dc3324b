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

use super::patience::{Patient, Progress};
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

pub(super) async fn serve(listeners: Vec<TcpListener>, app: App, stop: CancellationToken) {
    let most = app.site().scope().settings.serve.max_connections.max(1);
    let places = Arc::new(Semaphore::new(most));
    let router = app.router();
    let loops = listeners.into_iter().map(|listener| {
        accept(
            listener,
            app.clone(),
            router.clone(),
            places.clone(),
            stop.clone(),
        )
    });
    futures_util::future::join_all(loops).await;
    let all = u32::try_from(most).unwrap_or(u32::MAX);
    let _ = tokio::time::timeout(LAST_ANSWERS, places.acquire_many(all)).await;
}

async fn accept(
    listener: TcpListener,
    app: App,
    router: Router,
    places: Arc<Semaphore>,
    stop: CancellationToken,
) {
    while let Some(accepted) = stop.run_until_cancelled(next(&listener, &places)).await {
        match accepted {
            Some((stream, peer, place)) => {
                let answer = answer(stream, peer, app.clone(), router.clone(), stop.clone());
                tokio::spawn(async move {
                    answer.await;
                    drop(place);
                });
            }
            None => tokio::time::sleep(ACCEPT_PAUSE).await,
        }
    }
}

async fn next(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let place = places.clone().acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => Some((stream, peer, place)),
        Err(error) => {
            tracing::warn!(%error, "cannot accept a connection");
            None
        }
    }
}

async fn answer(
    stream: TcpStream,
    peer: SocketAddr,
    app: App,
    router: Router,
    stop: CancellationToken,
) {
    let _ = stream.set_nodelay(true); // a refusal only costs speed
    let progress = Progress::default();
    let service = service_fn(|request| progress.through(respond(request, peer, &app, &router)));
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
    // What goes wrong on a stranger's connection is the stranger's affair.
    loop {
        tokio::select! {
            biased;
            _ = connection.as_mut() => return,
            _ = silence.tick() => if progress.has_stalled() { return },
            () = stop.cancelled() => {
                connection.as_mut().graceful_shutdown();
                let _ = connection.await;
                return;
            }
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
