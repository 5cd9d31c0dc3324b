//! WebSub: hubs are told, and our own hub verifies, distributes signed, renews and ends.

use std::sync::{Arc, Mutex};

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use chrono::TimeDelta;
use hmac::{Hmac, Mac};
use samflode::fetch::Fetcher;
use samflode::model::FetchSettings;
use samflode::websub::tell;
use sha2::Sha256;

use crate::support::Newsroom;
use crate::support::newsroom::{Served, entry};

const TOPIC: &str = "https://news.example/feed.atom";

/// A subscriber, or a hub: what it was told, and what it answers.
#[derive(Clone)]
struct Listener {
    address: String,
    heard: Arc<Mutex<Vec<(HeaderMap, String)>>>,
    answer: Arc<Mutex<StatusCode>>,
}

impl Listener {
    async fn start() -> Self {
        let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let listener = Self {
            address: format!("http://{}/push", socket.local_addr().unwrap()),
            heard: Arc::default(),
            answer: Arc::new(Mutex::new(StatusCode::OK)),
        };
        let routes = axum::Router::new()
            .route("/push", axum::routing::get(echo).post(hear))
            .with_state(listener.clone());
        tokio::spawn(async move { axum::serve(socket, routes).await });
        listener
    }

    fn take(&self) -> Vec<(HeaderMap, String)> {
        std::mem::take(&mut self.heard.lock().unwrap())
    }
}

async fn echo(Query(asked): Query<std::collections::HashMap<String, String>>) -> String {
    asked["hub.challenge"].clone()
}

async fn hear(State(listener): State<Listener>, headers: HeaderMap, body: String) -> StatusCode {
    listener.heard.lock().unwrap().push((headers, body));
    *listener.answer.lock().unwrap()
}

fn fetcher() -> Fetcher {
    Fetcher::live(&FetchSettings {
        allow_private: vec!["127.0.0.0/8".parse().unwrap()],
        ..FetchSettings::default()
    })
    .unwrap()
}

async fn ask(served: &Served, mode: &str, callback: &str) -> u16 {
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("hub.mode", mode)
        .append_pair("hub.topic", TOPIC)
        .append_pair("hub.callback", callback)
        .append_pair("hub.secret", "nyckel")
        .append_pair("hub.lease_seconds", "3600")
        .finish();
    served.post("/hub", form).await
}

#[tokio::test]
async fn a_subscriber_of_our_own_hub_is_verified_told_and_let_go() {
    let mut room = Newsroom::with(|settings| settings.websub.own_hub = true).await;
    let (served, fetcher, subscriber) = (room.serve().await, fetcher(), Listener::start().await);
    let feed = served.get("/feed.atom").await;
    assert!(
        feed.header("link")
            .contains("<https://news.example/hub>; rel=\"hub\"")
    );
    assert_eq!(ask(&served, "subscribe", &subscriber.address).await, 202);
    let later = chrono::Utc::now();
    tell(&room.site, &fetcher, false, later).await.unwrap();
    room.tell("kommunen", entry("Nytt")).await;
    tell(&room.site, &fetcher, true, later).await.unwrap();
    let heard = subscriber.take();
    assert_eq!(heard.len(), 1);
    let (headers, body) = &heard[0];
    assert!(body.contains("<title xml:lang=\"sv\">Nytt</title>"));
    assert_eq!(
        headers["content-type"],
        "application/atom+xml; charset=utf-8"
    );
    assert_eq!(
        headers["x-hub-signature"].to_str().unwrap(),
        signature(body)
    );
    // The lease of an hour is over.
    let over = later + TimeDelta::hours(2);
    room.tell("kommunen", entry("Nyare")).await;
    tell(&room.site, &fetcher, true, over).await.unwrap();
    assert_eq!(subscriber.take().len(), 0);
}

#[tokio::test]
async fn a_lease_is_renewed_and_a_subscriber_that_is_gone_is_forgotten() {
    let mut room = Newsroom::with(|settings| settings.websub.own_hub = true).await;
    let (served, fetcher, subscriber) = (room.serve().await, fetcher(), Listener::start().await);
    let begun = chrono::Utc::now();
    for half_hours in [0, 1] {
        assert_eq!(ask(&served, "subscribe", &subscriber.address).await, 202);
        let now = chrono::Utc::now() + TimeDelta::minutes(30 * half_hours);
        tell(&room.site, &fetcher, false, now).await.unwrap();
    }
    room.tell("kommunen", entry("Efter en dryg timme")).await;
    tell(&room.site, &fetcher, true, begun + TimeDelta::minutes(80))
        .await
        .unwrap();
    assert_eq!(subscriber.take().len(), 1);
    *subscriber.answer.lock().unwrap() = StatusCode::GONE;
    for title in ["Ett", "Två"] {
        room.tell("kommunen", entry(title)).await;
        tell(&room.site, &fetcher, true, begun + TimeDelta::minutes(81))
            .await
            .unwrap();
    }
    assert_eq!(subscriber.take().len(), 1);
}

#[tokio::test]
async fn our_hub_takes_nothing_but_our_feeds_and_is_not_there_unasked() {
    let room = Newsroom::with(|settings| settings.websub.own_hub = true).await;
    let served = room.serve().await;
    let foreign = "hub.mode=subscribe&hub.topic=https://x.example/&hub.callback=https://y.example/";
    assert_eq!(served.post("/hub", foreign.into()).await, 404);
    assert_eq!(ask(&served, "publish", "https://y.example/").await, 400);
    let without = Newsroom::open().await;
    let served = without.serve().await;
    assert_eq!(ask(&served, "subscribe", "https://y.example/").await, 404);
}

#[tokio::test]
async fn a_hub_that_does_not_answer_is_told_again_later() {
    let hub = Listener::start().await;
    let address = hub.address.parse().unwrap();
    let mut room = Newsroom::with(|settings| settings.websub.hubs = vec![address]).await;
    let fetcher = fetcher();
    *hub.answer.lock().unwrap() = StatusCode::BAD_GATEWAY;
    room.tell("kommunen", entry("Nytt")).await;
    tell(&room.site, &fetcher, true, room.now).await.unwrap();
    let first = hub.take();
    assert!(
        first[0]
            .1
            .contains("hub.mode=publish&hub.url=https%3A%2F%2Fnews.example%2Ffeed.atom")
    );
    tell(&room.site, &fetcher, false, room.now).await.unwrap();
    assert_eq!(hub.take().len(), 0);
    *hub.answer.lock().unwrap() = StatusCode::NO_CONTENT;
    for (minutes, expected) in [(1, 1), (60, 0)] {
        let later = room.now + TimeDelta::minutes(minutes);
        tell(&room.site, &fetcher, false, later).await.unwrap();
        assert_eq!(hub.take().len(), expected);
    }
}

fn signature(body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(b"nyckel").unwrap();
    mac.update(body.as_bytes());
    let hex: String = mac
        .finalize()
        .into_bytes()
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    format!("sha256={hex}")
}
