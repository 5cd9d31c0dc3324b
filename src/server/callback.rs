//! `/websub/KEY`: where the hubs of the feeds we read confirm our subscriptions and deliver (WebSub sections 5.3 and 7).

use axum::body::{Body, to_bytes};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderName, Response, StatusCode};
use chrono::Utc;
use url::form_urlencoded;

use super::respond::plain;
use super::{App, not_found};
use crate::websub::subscriber::{self, Question};

const X_HUB_SIGNATURE: HeaderName = HeaderName::from_static("x-hub-signature");
/// Only the signature of a delivery is of use; larger ones are dropped, and the next poll finds the news.
const MAX_DELIVERY: usize = 4 * 1024 * 1024;

/// Echoes the challenge of a hub that asks about a subscription of ours.
pub(super) async fn confirm(
    State(app): State<App>,
    Path(key): Path<String>,
    request: Request,
) -> Response<Body> {
    let question = question(request.uri().query().unwrap_or_default());
    match subscriber::confirm(app.site().store(), &key, &question, Utc::now()).await {
        Ok(Some(challenge)) => {
            let mut answer = plain(StatusCode::OK, "");
            *answer.body_mut() = Body::from(challenge);
            answer
        }
        Ok(None) => not_found::page(&app, request.headers()),
        Err(error) => {
            tracing::error!(%error, "a subscription could not be confirmed");
            plain(StatusCode::SERVICE_UNAVAILABLE, "please try again later\n")
        }
    }
}

/// Takes a delivery. The answer never tells whether it was believed (section 7.1.2).
pub(super) async fn receive(
    State(app): State<App>,
    Path(key): Path<String>,
    request: Request,
) -> Response<Body> {
    let (head, body) = request.into_parts();
    let signature = head.headers.get(X_HUB_SIGNATURE);
    let signature = signature.and_then(|value| value.to_str().ok());
    if let Ok(body) = to_bytes(body, MAX_DELIVERY).await {
        let taken = subscriber::receive(app.site().store(), &key, signature, &body, Utc::now());
        if let Err(error) = taken.await {
            tracing::error!(%error, "a delivery could not be taken");
            return plain(StatusCode::SERVICE_UNAVAILABLE, "please try again later\n");
        }
    }
    plain(StatusCode::ACCEPTED, "")
}

fn question(query: &str) -> Question {
    let mut question = Question::default();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_read_from_the_query() {
        let asked = question(
            "hub.mode=subscribe&hub.topic=https%3A%2F%2Fa.example%2F&hub.challenge=x%2By&hub.lease_seconds=60",
        );
        assert_eq!(asked.topic, "https://a.example/");
        assert_eq!(
            (asked.challenge.as_str(), asked.lease_seconds),
            ("x+y", Some(60))
        );
        assert_eq!(question("&&=&hub.lease_seconds=-1"), Question::default());
    }
}
