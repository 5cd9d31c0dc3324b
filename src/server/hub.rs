//! `/hub`: where subscribers ask our own hub (WebSub section 5.1).

use axum::Extension;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode};
use chrono::Utc;

use super::feed::search_refusal;
use super::respond::plain;
use super::{App, Client, not_found};
use crate::websub::hub::{Refusal, Wish, take};
use crate::websub::publisher::topics;

/// A subscription's form is small.
const MAX_FORM: usize = 16 * 1024;

pub(super) async fn ask(
    State(app): State<App>,
    Extension(client): Extension<Client>,
    request: Request,
) -> Response<Body> {
    if !app.site().scope().settings.websub.own_hub {
        return not_found::page(&app, request.headers());
    }
    if let Some(refusal) = search_refusal(&app, client) {
        return refusal;
    }
    let Ok(form) = to_bytes(request.into_body(), MAX_FORM).await else {
        return plain(StatusCode::PAYLOAD_TOO_LARGE, "the form is too large\n");
    };
    let wish = match Wish::read(&form, &topics(app.site())) {
        Ok(wish) => wish,
        Err(refusal) => return refused(refusal),
    };
    match take(app.site(), wish, Utc::now()).await {
        Ok(Ok(())) => plain(StatusCode::ACCEPTED, "the intent will be verified\n"),
        Ok(Err(refusal)) => refused(refusal),
        Err(error) => {
            tracing::error!(%error, "a subscription could not be kept");
            plain(StatusCode::SERVICE_UNAVAILABLE, "please try again later\n")
        }
    }
}

fn refused(refusal: Refusal) -> Response<Body> {
    let (status, text) = match refusal {
        Refusal::Mode => (
            StatusCode::BAD_REQUEST,
            "hub.mode must be subscribe or unsubscribe\n",
        ),
        Refusal::Topic => (
            StatusCode::NOT_FOUND,
            "hub.topic must be a feed of this site\n",
        ),
        Refusal::Callback => (
            StatusCode::BAD_REQUEST,
            "hub.callback must be an http or https address\n",
        ),
        Refusal::Secret => (
            StatusCode::BAD_REQUEST,
            "hub.secret must be shorter than 200 bytes\n",
        ),
        Refusal::Full => (
            StatusCode::SERVICE_UNAVAILABLE,
            "no further subscriptions right now\n",
        ),
    };
    plain(status, text)
}
