//! The HTTP server: a router of one line a route, and in front of it a short way for the standing documents.
//!
//! Holds header names, conditions, codings, limits and the pages for people. What is sent is made by `site`.
//! RFC 9110 and 9111 (conditions, caching), RFC 3229 with "feed" (deltas), WebSub section 4 (hub links).
//!
//! # Why
//!
//! Standing documents are answered before the router: their bytes are ready, so a request costs a few header values and
//! no allocation for the body. Every answer, that way or the other, passes `safety` for the headers all share.

mod body;
mod callback;
mod coding;
mod conditions;
mod connection;
mod crowd;
mod feed;
mod health;
mod hub;
mod language;
mod limit;
mod metrics;
mod not_found;
mod page;
mod patience;
mod prepared;
mod respond;
mod safety;
mod status;
mod words;

use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub use body::Offline;
pub use health::Pulse;
pub use metrics::Metrics;
pub use page::{Calendar, DayCounts};

use crate::site::Site;

/// What the server serves and what it needs for that. Cheap to clone.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    site: Site,
    pulse: Pulse,
    metrics: Metrics,
    searches: limit::Searches,
    shelf: prepared::Shelf,
}

/// Who asks: the peer, or whom a trusted proxy names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Client(pub(crate) IpAddr);

impl App {
    /// An app on a site; `pulse` is kept by the daemon, `metrics` by whoever observes.
    pub fn new(site: Site, pulse: Pulse, metrics: Metrics) -> Self {
        let per_minute = site.scope().settings.serve.searches_per_minute;
        Self {
            inner: Arc::new(Inner {
                site,
                pulse,
                metrics,
                searches: limit::Searches::new(per_minute),
                shelf: prepared::Shelf::default(),
            }),
        }
    }

    pub(crate) fn site(&self) -> &Site {
        &self.inner.site
    }

    /// Every address that is served.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/", get(page::news))
            .route("/feed.atom", get(feed::atom))
            .route("/feed.rss", get(feed::rss))
            .route("/feed.json", get(feed::json))
            .route("/search.atom", get(feed::search_atom))
            .route("/search.rss", get(feed::search_rss))
            .route("/search.json", get(feed::search_json))
            .route("/archive/", get(page::archive))
            .route("/archive/{document}", get(feed::archive))
            .route("/archive/{period}/", get(page::period))
            .route("/sources/", get(page::sources))
            .route("/{folder}/{document}", get(feed::view))
            .route(
                "/{folder}/{name}/archive/{document}",
                get(feed::view_archive),
            )
            .route("/entries/{number}", get(page::entry))
            .route("/sources.opml", get(feed::opml))
            .route("/status", get(status::page))
            .route("/incidents.atom", get(feed::incidents_atom))
            .route("/incidents.rss", get(feed::incidents_rss))
            .route("/incidents.json", get(feed::incidents_json))
            .route("/hub", post(hub::ask))
            .route(
                "/websub/{key}",
                get(callback::confirm).post(callback::receive),
            )
            .route("/accessibility", get(page::accessibility))
            .route("/style.css", get(page::style))
            .route("/robots.txt", get(page::robots))
            .route("/healthz", get(health::answer))
            .route("/metrics", get(metrics::answer))
            .fallback(not_found::answer)
            .with_state(self.clone())
    }
}

/// Serves until `stop`; then lets running answers end, for a few seconds.
pub async fn serve(listeners: Vec<TcpListener>, app: App, stop: CancellationToken) {
    connection::serve(listeners, app, stop).await;
}
