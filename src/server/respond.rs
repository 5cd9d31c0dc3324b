//! From ready bytes to an answer: coding, validators, freshness, conditions.

use std::sync::LazyLock;

use axum::body::Body;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG,
    LAST_MODIFIED, LINK, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode};
use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::coding::{Coding, choose};
use super::conditions::{http_date, is_current};
use crate::site::{Hubs, Ready};

/// How long an answer may be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Caching {
    /// Until something can have changed.
    Fresh {
        /// For so many seconds.
        seconds: i64,
    },
    /// For ever.
    Sealed,
    /// For a page, which differs by language.
    Page,
}

/// The request, as far as an answer depends on it.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) method: &'a Method,
    pub(super) headers: &'a HeaderMap,
}

/// The header values of a document in one coding, which only change with it.
#[derive(Clone)]
pub(super) struct Head {
    tag: HeaderValue,
    modified: HeaderValue,
    link: Option<HeaderValue>,
}

impl Head {
    pub(super) fn new(ready: &Ready, coding: Coding) -> Self {
        Self {
            tag: value(entity_tag(ready, coding)),
            modified: value(http_date(ready.modified)),
            link: ready.hubs.as_ref().map(|hubs| value(link(hubs))),
        }
    }
}

/// Answers with a document, or that the client has it.
pub(super) fn document(asked: Asked<'_>, ready: &Ready, caching: Caching) -> Response<Body> {
    document_with(asked, ready, caching, |coding| Head::new(ready, coding))
}

/// The same with header values that are made already.
pub(super) fn document_with(
    asked: Asked<'_>,
    ready: &Ready,
    caching: Caching,
    head: impl FnOnce(Coding) -> Head,
) -> Response<Body> {
    let accept = asked.headers.get(ACCEPT_ENCODING);
    let accept = accept.map(|value| value.to_str().unwrap_or_default());
    let Some(coding) = choose(accept, ready.gzip.is_some(), ready.brotli.is_some()) else {
        return plain(StatusCode::NOT_ACCEPTABLE, "no coding that is accepted");
    };
    let head = head(coding);
    let mut answer = Response::new(Body::empty());
    let tag = head.tag.to_str().unwrap_or_default();
    let is_known = is_current(asked.headers, tag, ready.modified);
    let headers = answer.headers_mut();
    headers.reserve(if is_known { 4 } else { 12 });
    headers.insert(ETAG, head.tag);
    headers.insert(VARY, vary(caching));
    headers.insert(CACHE_CONTROL, cache_control(caching));
    if is_known {
        // With an entity tag, `Last-Modified` would tell nothing more (RFC 9110 section 15.4.5).
        *answer.status_mut() = StatusCode::NOT_MODIFIED;
        return answer;
    }
    headers.insert(LAST_MODIFIED, head.modified);
    if let Some(link) = head.link {
        headers.insert(LINK, link);
    }
    if let Some(name) = coding.name() {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    put_body(
        &mut answer,
        asked.method,
        body(ready, coding),
        ready.media_type,
    );
    answer
}

/// The entity tag of a document in a coding; a feed's also tells up to which publication it reaches.
pub(super) fn entity_tag(ready: &Ready, coding: Coding) -> String {
    let (digest, mark) = (&ready.digest, coding.tag());
    match ready.sequence {
        Some(sequence) => format!("\"{digest}.{sequence}{mark}\""),
        None => format!("\"{digest}{mark}\""),
    }
}

fn put_body(answer: &mut Response<Body>, method: &Method, bytes: Bytes, media_type: &'static str) {
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    if method != Method::HEAD {
        *answer.body_mut() = Body::from(bytes);
    }
}

fn body(ready: &Ready, coding: Coding) -> Bytes {
    let coded = match coding {
        Coding::Identity => None,
        Coding::Gzip => ready.gzip.clone(),
        Coding::Brotli => ready.brotli.clone(),
    };
    coded.unwrap_or_else(|| ready.identity.clone())
}

fn vary(caching: Caching) -> HeaderValue {
    HeaderValue::from_static(match caching {
        Caching::Page => "accept-encoding, accept-language",
        _ => "accept-encoding",
    })
}

fn cache_control(caching: Caching) -> HeaderValue {
    match caching {
        Caching::Fresh { seconds } => fresh(seconds),
        Caching::Sealed => HeaderValue::from_static("public, max-age=31536000, immutable"),
        Caching::Page => HeaderValue::from_static("public, max-age=60"),
    }
}

/// In whole minutes, so that the values are made once.
fn fresh(seconds: i64) -> HeaderValue {
    static MINUTES: LazyLock<Vec<HeaderValue>> = LazyLock::new(|| {
        let seconds = (0..=60).map(|minutes| minutes * 60);
        seconds
            .map(|seconds| {
                value(format!(
                    "public, max-age={seconds}, stale-while-revalidate={seconds}"
                ))
            })
            .collect()
    });
    let minutes = usize::try_from(seconds / 60).unwrap_or(0).min(60);
    MINUTES[minutes].clone()
}

fn link(hubs: &Hubs) -> String {
    let mut out = format!("<{}>; rel=\"self\"", hubs.topic);
    for hub in &hubs.hubs {
        out.push_str(&format!(", <{hub}>; rel=\"hub\""));
    }
    out
}

/// Text that was made of our own parts; nothing where it cannot stand in a header after all.
fn value(text: String) -> HeaderValue {
    HeaderValue::from_maybe_shared(Bytes::from(text)).unwrap_or(HeaderValue::from_static(""))
}

/// How long a feed stays as it is: until the next source is due, between a minute and an hour.
pub(super) fn fresh_seconds(next_due: Option<DateTime<Utc>>, now: DateTime<Utc>) -> i64 {
    next_due.map_or(60, |due| (due - now).num_seconds().clamp(60, 3600))
}

/// A short answer for machines that is never kept.
pub(super) fn plain(status: StatusCode, text: impl Into<Body>) -> Response<Body> {
    let mut answer = Response::new(text.into());
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}
