//! Pages that say what did not work, and where to go on; never what went wrong inside.

use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, Response, StatusCode};

use super::App;
use super::page::{Asking, Shell, answer_with};

#[derive(Template)]
#[template(path = "message.html")]
struct MessagePage {
    shell: Shell,
    help: &'static str,
}

pub(super) async fn answer(State(app): State<App>, request: Request) -> Response<Body> {
    page(&app, request.headers())
}

/// There is no such page.
pub(super) fn page(app: &App, headers: &HeaderMap) -> Response<Body> {
    message(app, headers, StatusCode::NOT_FOUND)
}

/// A page for a status.
pub(super) fn message(app: &App, headers: &HeaderMap, status: StatusCode) -> Response<Body> {
    let shell = Shell::new(app, headers, &Asking::default(), "");
    let words = shell.words;
    let (title, help) = match status {
        StatusCode::NOT_FOUND => (words.not_found, words.not_found_help),
        StatusCode::TOO_MANY_REQUESTS => (words.too_many, words.too_many_help),
        StatusCode::BAD_REQUEST => (words.too_long, words.not_found_help),
        _ => (words.broken, words.broken_help),
    };
    let page = MessagePage {
        shell: shell.titled(title),
        help,
    };
    answer_with(app, status, headers, &page)
}

/// The same answer with a page for people.
pub(super) fn dressed(app: &App, headers: &HeaderMap, bare: &Response<Body>) -> Response<Body> {
    let mut answer = message(app, headers, bare.status());
    if let Some(wait) = bare.headers().get(RETRY_AFTER) {
        answer.headers_mut().insert(RETRY_AFTER, wait.clone());
    }
    answer
}
