//! `/websub/SECRET`: where the hubs of the feeds we read confirm and deliver (WebSub sections 5.3 and 7).

use axum::body::{Body, to_bytes};
use axum::extract::{Path, Request, State};
use axum::http::header::CONTENT_LENGTH;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode};
use chrono::Utc;

use super::respond::plain;
use super::{App, not_found};
use crate::websub::subscriber::{self, Question};

/// A delivery only says that there is news; what it says is fetched from the source itself.
const MAX_DELIVERY: usize = 4 * 1024 * 1024;

/// A hub asks whether we meant the subscription; only its challenge is echoed, as plain text.
pub(super) async fn confirm(
    State(app): State<App>,
    Path(key): Path<String>,
    request: Request,
) -> Response<Body> {
    let question = question(request.uri().query());
    let store = app.site().store();
    match subscriber::confirm(store, &key, &question, Utc::now()).await {
        Ok(Some(challenge)) => {
            let mut answer = plain(StatusCode::OK, "");
            let length = HeaderValue::from(challenge.len());
            answer.headers_mut().insert(CONTENT_LENGTH, length);
            *answer.body_mut() = Body::from(challenge);
            answer
        }
        Ok(None) => not_found::page(&app, request.headers()),
        Err(error) => unavailable(&error),
    }
}

/// A hub delivers: answered at once and alike, whoever it comes from.
pub(super) async fn deliver(
    State(app): State<App>,
    Path(key): Path<String>,
    headers: HeaderMap,
    request: Request,
) -> Response<Body> {
    let Ok(body) = to_bytes(request.into_body(), MAX_DELIVERY).await else {
        return plain(StatusCode::PAYLOAD_TOO_LARGE, "the delivery is too large\n");
    };
    let signature = headers.get("x-hub-signature");
    let signature = signature.and_then(|value| value.to_str().ok());
    let store = app.site().store();
    match subscriber::receive(store, &key, signature, &body, Utc::now()).await {
        Ok(()) => plain(StatusCode::OK, "taken\n"),
        Err(error) => unavailable(&error),
    }
}

fn question(query: Option<&str>) -> Question {
    let mut question = Question::default();
    for (name, value) in url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        match name.as_ref() {
            "hub.mode" => question.mode = value.into_owned(),
            "hub.topic" => question.topic = value.into_owned(),
            "hub.challenge" => question.challenge = value.into_owned(),
            "hub.lease_seconds" => question.lease_seconds = value.parse().ok(),
            _ => {}
        }
    }
    question
}

fn unavailable(error: &crate::store::Error) -> Response<Body> {
    tracing::error!(%error, "a hub's message could not be kept");
    plain(StatusCode::SERVICE_UNAVAILABLE, "please try again later\n")
}
