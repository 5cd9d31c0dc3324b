//! `/websub/SECRET`: where the hubs that we subscribe to confirm and deliver (WebSub sections 5.3 and 7).

use axum::body::{Body, to_bytes};
use axum::extract::{Path, Query, Request, State};
use axum::http::{Response, StatusCode};
use chrono::Utc;
use serde::Deserialize;
use tracing::error;

use super::App;
use super::respond::plain;
use crate::store::Error;
use crate::websub::subscriber::{self, Question};

/// A delivery is only weighed, never read as news; larger ones are not even weighed.
const MAX_DELIVERY: usize = 8 * 1024 * 1024;

/// A hub's question as its query spells it.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(rename = "hub.mode", default)]
    mode: String,
    #[serde(rename = "hub.topic", default)]
    topic: String,
    #[serde(rename = "hub.challenge", default)]
    challenge: String,
    #[serde(rename = "hub.lease_seconds", default)]
    lease_seconds: Option<String>,
}

pub(super) async fn confirm(
    State(app): State<App>,
    Path(key): Path<String>,
    Query(asked): Query<Asked>,
) -> Response<Body> {
    let question = Question {
        mode: asked.mode,
        topic: asked.topic,
        challenge: asked.challenge,
        lease_seconds: asked.lease_seconds.and_then(|seconds| seconds.parse().ok()),
    };
    match subscriber::confirm(app.site().store(), &key, &question, Utc::now()).await {
        Ok(Some(challenge)) => plain(StatusCode::OK, challenge),
        Ok(None) => plain(StatusCode::NOT_FOUND, "no such subscription\n"),
        Err(error) => unkept(&error),
    }
}

pub(super) async fn receive(
    State(app): State<App>,
    Path(key): Path<String>,
    request: Request,
) -> Response<Body> {
    let signature = request.headers().get("x-hub-signature");
    let signature = signature
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    let Ok(body) = to_bytes(request.into_body(), MAX_DELIVERY).await else {
        return plain(StatusCode::PAYLOAD_TOO_LARGE, "too large\n");
    };
    let store = app.site().store();
    match subscriber::receive(store, &key, signature.as_deref(), &body, Utc::now()).await {
        Ok(()) => plain(StatusCode::ACCEPTED, "thank you\n"),
        Err(error) => unkept(&error),
    }
}

fn unkept(error: &Error) -> Response<Body> {
    error!(%error, "what a hub said could not be kept");
    plain(StatusCode::SERVICE_UNAVAILABLE, "please try again later\n")
}
