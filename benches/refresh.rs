//! A round over 1,000 feeds from an origin on localhost: cold, into an empty store; and again, when every answer is 304.

use std::hint::black_box;
use std::sync::Arc;

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use samflode::config;
use samflode::daemon::Daemon;
use samflode::fetch::Fetcher;
use samflode::refresh::Bench;
use samflode::store::{Store, owner};
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

const FEEDS: usize = 1_000;
const ENTRIES: usize = 20;

fn feed(number: usize) -> String {
    let items: String = (0..ENTRIES)
        .map(|entry| {
            format!(
                "<item><title>Nyhet {entry} från källa {number} om hållbar upphandling</title>\
                 <link>https://kalla{number}.example/nyheter/{entry}</link>\
                 <guid>https://kalla{number}.example/?p={entry}</guid>\
                 <pubDate>Mon, {:02} Nov 2026 08:{:02}:00 +0100</pubDate>\
                 <description>&lt;p&gt;Ingress {entry} av källa {number}: kraven gäller från och med vecka {}.&lt;/p&gt;</description></item>",
                1 + entry % 16,
                number % 60,
                1 + (entry * 7 + number) % 52,
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Källa {number}</title><link>https://kalla{number}.example/</link><description>Prov</description>{items}</channel></rss>"
    )
}

async fn answer(Path(number): Path<usize>, headers: HeaderMap) -> Response {
    let tag = format!("\"{number}\"");
    if headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|asked| asked.as_bytes() == tag.as_bytes())
    {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    (
        [
            (header::CONTENT_TYPE, "application/rss+xml".to_owned()),
            (header::ETAG, tag),
        ],
        feed(number),
    )
        .into_response()
}

async fn origin() -> std::net::SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a free port");
    let address = listener.local_addr().expect("a bound port");
    let app = axum::Router::new()
        .route("/{number}", axum::routing::get(answer))
        .route(
            "/robots.txt",
            axum::routing::get(|| async { StatusCode::NOT_FOUND }),
        );
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

/// A service with nothing stored that follows all feeds of the origin.
struct Fresh {
    daemon: Arc<Daemon>,
    folder: tempfile::TempDir,
    _events: mpsc::UnboundedReceiver<samflode::model::Event>,
}

async fn fresh(origin: std::net::SocketAddr) -> Fresh {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let sources: String = (0..FEEDS)
        .map(|number| format!("[[source]]\nid = \"k{number}\"\ntitle = \"Källa {number}\"\naddress = \"http://{origin}/{number}\"\n"))
        .collect();
    let config = config::parse(
        "[fetch]\nallow_private = [\"127.0.0.0/8\"]\nspacing = \"0s\"\n",
        &sources,
    )
    .expect("a right configuration");
    let bench = Arc::new(Bench {
        store: Store::open(&folder.path().join("bench.db")).expect("a store"),
        fetcher: Fetcher::live(&config.settings.fetch).expect("a fetcher"),
        settings: config.settings,
        owner: owner(),
    });
    let (sender, events) = mpsc::unbounded_channel();
    let daemon = Daemon::start(
        bench,
        config.sources,
        chrono::Utc::now(),
        sender,
        CancellationToken::new(),
    );
    Fresh {
        daemon: daemon.await.expect("a daemon"),
        folder,
        _events: events,
    }
}

async fn round(fresh: &Fresh) {
    let all = fresh.daemon.sources().await;
    fresh
        .daemon
        .round(all, chrono::Utc::now)
        .await
        .expect("a round");
}

fn refresh(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime");
    let origin = runtime.block_on(origin());
    let mut group = criterion.benchmark_group("refresh of 1,000 feeds");
    group.sample_size(10);
    group.bench_function("cold", |bencher| {
        bencher.iter_batched(
            || runtime.block_on(fresh(origin)),
            |fresh| {
                runtime.block_on(round(&fresh));
                black_box(fresh.folder)
            },
            BatchSize::PerIteration,
        );
    });
    let warm = runtime.block_on(fresh(origin));
    runtime.block_on(round(&warm));
    group.bench_function("all answered 304", |bencher| {
        bencher.iter(|| runtime.block_on(round(&warm)));
    });
    group.finish();
}

criterion_group!(benches, refresh);
criterion_main!(benches);
