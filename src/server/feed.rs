//! Feeds: the standing ones by the short way, all others through the router.

use std::time::Instant;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::header::{CACHE_CONTROL, RETRY_AFTER, VARY};
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode};
use chrono::Utc;

use super::conditions::known_sequence;
use super::page::Asking;
use super::respond::{Asked, Caching, document, document_with, fresh_seconds, plain};
use super::{App, Client, not_found};
use crate::publish::view::{ViewKey, ViewKind};
use crate::site::{Format, Ready};

/// Words beyond this are no search.
const MAX_QUERY: usize = 500;

/// Answers for a standing document, before the router; `None` where the path is another.
pub(super) fn standing<B>(app: &App, request: &axum::http::Request<B>) -> Option<Response<Body>> {
    let format = match request.uri().path() {
        "/feed.atom" => Format::Atom,
        "/feed.rss" => Format::Rss,
        "/feed.json" => Format::Json,
        _ => return None,
    };
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return None;
    }
    Some(merged(app, request.method(), request.headers(), format))
}

fn merged(app: &App, method: &Method, headers: &HeaderMap, format: Format) -> Response<Body> {
    let prepared = app.inner.shelf.of(app.site().standing());
    let standing = &prepared.standing;
    let asked = Asked { method, headers };
    let seconds = fresh_seconds(app.site().next_due(), Utc::now());
    let ready = standing.feed(format);
    let head = |coding| prepared.head(format, coding);
    let mut answer = document_with(asked, ready, Caching::Fresh { seconds }, head);
    if format == Format::Atom
        && answer.status() == StatusCode::OK
        && wants_delta(headers)
        && let Some(delta) = known_sequence(headers).and_then(|since| standing.delta(since))
    {
        answer = as_delta(asked, ready, &delta);
    }
    answer
}

fn wants_delta(headers: &HeaderMap) -> bool {
    headers.get_all("a-im").iter().any(|value| {
        let methods = value.to_str().unwrap_or_default();
        methods.split(',').any(|method| {
            method
                .split(';')
                .next()
                .unwrap_or_default()
                .trim()
                .eq_ignore_ascii_case("feed")
        })
    })
}

/// 226: only what is new, under the entity tag of the whole (RFC 3229 section 10.4.1).
fn as_delta(asked: Asked<'_>, whole: &Ready, delta: &Ready) -> Response<Body> {
    let whole_tagged = Ready {
        digest: whole.digest.clone(),
        sequence: whole.sequence,
        ..delta.clone()
    };
    let mut answer = document(asked, &whole_tagged, Caching::Fresh { seconds: 0 });
    if answer.status() == StatusCode::OK {
        *answer.status_mut() = StatusCode::IM_USED;
        let headers = answer.headers_mut();
        headers.insert("im", HeaderValue::from_static("feed"));
        let kept = HeaderValue::from_static("no-store, im");
        headers.insert(CACHE_CONTROL, kept);
        let vary = HeaderValue::from_static("a-im, if-none-match, accept-encoding");
        headers.insert(VARY, vary);
    }
    answer
}

pub(super) async fn atom(State(app): State<App>, request: Request) -> Response<Body> {
    merged(&app, request.method(), request.headers(), Format::Atom)
}

pub(super) async fn rss(State(app): State<App>, request: Request) -> Response<Body> {
    merged(&app, request.method(), request.headers(), Format::Rss)
}

pub(super) async fn json(State(app): State<App>, request: Request) -> Response<Body> {
    merged(&app, request.method(), request.headers(), Format::Json)
}

/// `/sources/ID.atom` and its kin.
pub(super) async fn view(
    State(app): State<App>,
    Path((folder, file)): Path<(String, String)>,
    request: Request,
) -> Response<Body> {
    let Some((key, format)) = view_key(&folder, &file) else {
        return not_found::page(&app, request.headers());
    };
    match app.site().view(&key, format).await {
        Ok(Some(ready)) => {
            let seconds = fresh_seconds(app.site().next_due(), Utc::now());
            document(asked(&request), &ready, Caching::Fresh { seconds })
        }
        Ok(None) => not_found::page(&app, request.headers()),
        Err(error) => failed(&error),
    }
}

/// `/archive/1.atom`.
pub(super) async fn archive(
    State(app): State<App>,
    Path(file): Path<String>,
    request: Request,
) -> Response<Body> {
    sealed(&app, &ViewKey::merged(), &file, request).await
}

/// `/sources/ID/archive/1.atom` and its kin.
pub(super) async fn view_archive(
    State(app): State<App>,
    Path((folder, name, file)): Path<(String, String, String)>,
    request: Request,
) -> Response<Body> {
    let Some(kind) = kind(&folder) else {
        return not_found::page(&app, request.headers());
    };
    sealed(&app, &ViewKey::new(kind, &name), &file, request).await
}

async fn sealed(app: &App, key: &ViewKey, file: &str, request: Request) -> Response<Body> {
    let number = file
        .strip_suffix(".atom")
        .and_then(|number| number.parse().ok());
    let Some(number) = number else {
        return not_found::page(app, request.headers());
    };
    match app.site().sealed(key, number).await {
        Ok(Some(ready)) => document(asked(&request), &ready, Caching::Sealed),
        Ok(None) => not_found::page(app, request.headers()),
        Err(error) => failed(&error),
    }
}

pub(super) async fn search_atom(
    state: State<App>,
    client: Extension<Client>,
    request: Request,
) -> Response<Body> {
    search(state, client, request, Format::Atom).await
}

pub(super) async fn search_rss(
    state: State<App>,
    client: Extension<Client>,
    request: Request,
) -> Response<Body> {
    search(state, client, request, Format::Rss).await
}

pub(super) async fn search_json(
    state: State<App>,
    client: Extension<Client>,
    request: Request,
) -> Response<Body> {
    search(state, client, request, Format::Json).await
}

async fn search(
    State(app): State<App>,
    Extension(client): Extension<Client>,
    request: Request,
    format: Format,
) -> Response<Body> {
    if let Some(refusal) = search_refusal(&app, client) {
        return refusal;
    }
    let words = Asking::read(request.uri().query()).words;
    if words.len() > MAX_QUERY {
        return plain(StatusCode::BAD_REQUEST, "the search is too long\n");
    }
    match app.site().search(&words, format).await {
        Ok(Some(ready)) => document(asked(&request), &ready, Caching::Fresh { seconds: 60 }),
        Ok(None) => plain(StatusCode::BAD_REQUEST, "a search needs a word: ?q=word\n"),
        Err(error) => failed(&error),
    }
}

/// Takes one of the client's searches; or says when there will be one again.
pub(super) fn search_refusal(app: &App, client: Client) -> Option<Response<Body>> {
    let seconds = app.inner.searches.take(client.0, Instant::now()).err()?;
    let text = "too many searches; please wait a little\n";
    let mut answer = plain(StatusCode::TOO_MANY_REQUESTS, text);
    let wait = HeaderValue::from(seconds);
    answer.headers_mut().insert(RETRY_AFTER, wait);
    Some(answer)
}

pub(super) async fn opml(State(app): State<App>, request: Request) -> Response<Body> {
    match app.site().opml() {
        Ok(ready) => document(asked(&request), &ready, Caching::Fresh { seconds: 3600 }),
        Err(error) => failed(&error),
    }
}

pub(super) async fn incidents_atom(state: State<App>, request: Request) -> Response<Body> {
    incidents(state, request, Format::Atom).await
}

pub(super) async fn incidents_rss(state: State<App>, request: Request) -> Response<Body> {
    incidents(state, request, Format::Rss).await
}

pub(super) async fn incidents_json(state: State<App>, request: Request) -> Response<Body> {
    incidents(state, request, Format::Json).await
}

async fn incidents(State(app): State<App>, request: Request, format: Format) -> Response<Body> {
    match app.site().incidents(format).await {
        Ok(ready) => document(asked(&request), &ready, Caching::Fresh { seconds: 60 }),
        Err(error) => failed(&error),
    }
}

fn view_key(folder: &str, file: &str) -> Option<(ViewKey, Format)> {
    let (name, ending) = file.rsplit_once('.')?;
    let key = ViewKey::new(kind(folder)?, name);
    (!key.name.is_empty()).then_some((key, Format::from_ending(ending)?))
}

fn kind(folder: &str) -> Option<ViewKind> {
    [
        ViewKind::Source,
        ViewKind::Category,
        ViewKind::Language,
        ViewKind::Named,
    ]
    .into_iter()
    .find(|kind| kind.folder() == folder)
}

fn asked(request: &Request) -> Asked<'_> {
    Asked {
        method: request.method(),
        headers: request.headers(),
    }
}

/// Says no more than that it did not work: what went wrong is for the log.
pub(super) fn failed(error: &crate::site::Error) -> Response<Body> {
    tracing::error!(%error, "a document could not be made");
    plain(
        StatusCode::SERVICE_UNAVAILABLE,
        "this cannot be shown right now; please try again later\n",
    )
}
