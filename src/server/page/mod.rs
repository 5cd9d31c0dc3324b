//! The pages for people: news by day with filter and search, one entry, publishers, archive, accessibility statement.
//!
//! No scripts, nothing from third parties, images never embedded: what a page shows, it shows alone (WCAG 2.1 AA,
//! EN 301 549 chapter 9). Links within the site start with the path of `base_url`.

mod calendar;
mod entry;
mod fixed;
mod news;
mod query;
mod selection;
mod shell;

use askama::Template;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Response, StatusCode};
use chrono::{DateTime, Utc};

pub use calendar::{Calendar, DayCounts};
pub(super) use calendar::{archive, calendar, period};
pub(super) use entry::{entry, entry_file};
pub(super) use fixed::{accessibility, robots, sources, style};
pub(super) use news::news;
pub(super) use query::Asking;
pub(super) use shell::Shell;

use super::App;
use super::respond::{Asked, Caching, document, plain};
use crate::site::Ready;

/// Puts a page out, with its validators.
pub(super) fn answer(
    app: &App,
    (method, headers): (&Method, &HeaderMap),
    page: &impl Template,
) -> Response<Body> {
    match ready(page, app.site().standing().atom.modified) {
        Ok(ready) => document(Asked { method, headers }, &ready, Caching::Page),
        Err(response) => *response,
    }
}

/// Puts a page out that tells of something that did not work.
pub(super) fn answer_with(
    app: &App,
    status: StatusCode,
    headers: &HeaderMap,
    page: &impl Template,
) -> Response<Body> {
    let unconditional: HeaderMap = headers
        .get(axum::http::header::ACCEPT_ENCODING)
        .map(|value| (axum::http::header::ACCEPT_ENCODING, value.clone()))
        .into_iter()
        .collect();
    let mut answer = answer(app, (&Method::GET, &unconditional), page);
    if answer.status() == StatusCode::OK {
        *answer.status_mut() = status;
        let kept = axum::http::HeaderValue::from_static("no-store");
        answer
            .headers_mut()
            .insert(axum::http::header::CACHE_CONTROL, kept);
    }
    answer
}

fn ready(page: &impl Template, modified: DateTime<Utc>) -> Result<Ready, Box<Response<Body>>> {
    let text = page.render().map_err(|error| {
        tracing::error!(%error, "a page could not be rendered");
        Box::new(plain(
            StatusCode::SERVICE_UNAVAILABLE,
            "this page cannot be shown right now\n",
        ))
    })?;
    let gzip = crate::site::gzip(text.as_bytes()).ok();
    Ok(Ready {
        gzip: gzip.map(Into::into),
        ..Ready::plain("text/html; charset=utf-8", text.into_bytes(), modified)
    })
}
