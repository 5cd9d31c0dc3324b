//! What would be served at a path, without a connection: so that an export is the served site, byte for byte.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::ACCEPT_LANGUAGE;
use bytes::Bytes;
use chrono::NaiveDate;
use tower::ServiceExt;

use super::{App, Calendar, Client, DayCounts, page};
use crate::model::ClusterId;
use crate::site::{Error, Ready};

/// The served site without a server.
pub struct Offline {
    app: App,
    router: Router,
}

impl Offline {
    /// The site of an app.
    pub fn new(app: App) -> Self {
        Self {
            router: app.router(),
            app,
        }
    }

    /// The body that is served at a path, in the site's own language; `None` where there is none.
    pub async fn body_at(&self, path: &str) -> Option<Bytes> {
        let site = self.app.site().scope();
        let mut request = Request::builder()
            .uri(path)
            .header(ACCEPT_LANGUAGE, site.settings.site.language.as_str())
            .body(Body::empty())
            .ok()?;
        let here = Client(IpAddr::V4(Ipv4Addr::LOCALHOST));
        request.extensions_mut().insert(here);
        let answer = match self.router.clone().oneshot(request).await {
            Ok(answer) => answer,
            Err(never) => match never {},
        };
        if answer.status() != StatusCode::OK {
            return None;
        }
        to_bytes(answer.into_body(), usize::MAX).await.ok()
    }

    /// Makes the pages of clusters, on a thread of the store's, and hands each to `put` there; ends where that fails.
    /// The days they belong to.
    pub async fn entry_pages<E: Send + 'static>(
        &self,
        clusters: Vec<ClusterId>,
        put: impl Fn(i64, Ready) -> Result<(), E> + Send + 'static,
    ) -> Result<Result<BTreeSet<NaiveDate>, E>, Error> {
        let site = self.app.site();
        let scope = site.scope();
        let made = site.store().read(move |reader| {
            let mut days = BTreeSet::new();
            for cluster in clusters {
                if let Some((ready, day)) = page::entry_file(reader, &scope, cluster)? {
                    if let Err(error) = put(cluster.0, ready) {
                        return Ok(Err(error));
                    }
                    days.insert(day);
                }
            }
            Ok(Ok(days))
        });
        Ok(made.await?)
    }

    /// The pages of the archive, where something new belongs to some days and all days held so much before.
    pub async fn calendar(
        &self,
        touched: BTreeSet<NaiveDate>,
        before: DayCounts,
    ) -> Result<Calendar, Error> {
        let site = self.app.site();
        let zone = site.scope().settings.site.time_zone;
        let calendar = site
            .store()
            .read(move |reader| page::calendar(reader, zone, touched, &before));
        Ok(calendar.await?)
    }
}
