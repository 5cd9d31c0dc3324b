//! The fetcher on a recording, and the turnstile by a clock moved by hand. Real sockets are met in `tests/faults.rs`.

use std::fs;
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tempfile::TempDir;
use url::Url;

use super::host::Turnstile;
use super::*;
use crate::model::{Document, RequestKind};

fn request(address: &str) -> Request {
    Request {
        address: Url::parse(address).expect("an address"),
        kind: RequestKind::Feed,
        validators: Validators::default(),
        max_body: 1 << 20,
        timeout: Duration::from_secs(5),
        obey_robots: true,
    }
}

fn recording(index: &str, files: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        fs::write(dir.path().join(name), text).expect("a file");
    }
    fs::write(dir.path().join("index.toml"), index).expect("an index");
    dir
}

fn replay(dir: &Path) -> Fetcher {
    let fetcher = Fetcher::replay(dir).expect("a recording");
    fetcher.tick("2026-11-22T12:00:00Z".parse().expect("a moment"));
    fetcher
}

async fn document(fetcher: &Fetcher, request: &Request) -> Document {
    match fetcher.fetch(request).await {
        Ok(Answer::Document(document)) => *document,
        other => panic!("no document: {other:?}"),
    }
}

const TWO_DAYS: &str = r#"
recorded = 2026-11-02T08:00:00Z

[[exchange]]
url = "https://a.example/old"
status = 301
headers = { location = "/feed" }

[[exchange]]
url = "https://a.example/feed"
file = "one.xml"
headers = { etag = '"1"' }

[[exchange]]
url = "https://a.example/feed"
file = "two.xml"
time = 2026-11-03T08:00:00Z
headers = { etag = '"2"', content-type = "application/rss+xml" }

[[exchange]]
url = "https://b.example/feed"
failure = { failure = "name-not-found", host = "b.example" }

[[exchange]]
url = "https://c.example/robots.txt"
file = "robots.txt"
"#;

const FILES: &[(&str, &str)] = &[
    ("one.xml", "<a/>"),
    ("two.xml", "<b/>"),
    ("robots.txt", "User-agent: *\nDisallow: /closed\n"),
];

#[tokio::test]
async fn a_recording_is_played_in_order_and_its_last_answer_stays() {
    let dir = recording(TWO_DAYS, FILES);
    let fetcher = replay(dir.path());
    let first = document(&fetcher, &request("https://a.example/old")).await;
    assert_eq!(&first.bytes[..], b"<a/>");
    assert_eq!(
        first.moved_to.map(String::from).as_deref(),
        Some("https://a.example/feed")
    );
    assert_eq!(first.media_type.as_deref(), Some("application/xml"));
    assert_eq!(first.received.to_rfc3339(), "2026-11-02T08:00:00+00:00");
    for _ in 0..2 {
        let next = document(&fetcher, &request("https://a.example/feed")).await;
        assert_eq!(&next.bytes[..], b"<b/>");
        assert_eq!(next.received.to_rfc3339(), "2026-11-03T08:00:00+00:00");
    }
}

#[tokio::test]
async fn a_matching_validator_is_answered_not_modified() {
    let dir = recording(TWO_DAYS, FILES);
    let fetcher = replay(dir.path());
    let mut request = request("https://a.example/feed");
    request.validators.entity_tag = Some("W/\"1\"".into());
    assert!(matches!(
        fetcher.fetch(&request).await,
        Ok(Answer::NotModified { .. })
    ));
    request.validators.entity_tag = Some("\"old\"".into());
    assert_eq!(&document(&fetcher, &request).await.bytes[..], b"<a/>");
}

#[tokio::test]
async fn what_was_not_recorded_and_what_failed_are_failures() {
    let dir = recording(TWO_DAYS, FILES);
    let fetcher = replay(dir.path());
    let absent = fetcher.fetch(&request("https://d.example/feed")).await;
    assert!(
        matches!(absent, Err(Trouble::Failed(Failure::NoConnection { .. }))),
        "{absent:?}"
    );
    let failed = fetcher
        .fetch(&request("https://b.example/feed"))
        .await
        .map(drop);
    let expected = Failure::NameNotFound {
        host: "b.example".into(),
    };
    assert_eq!(failed, Err(Trouble::Failed(expected)));
    let closed = fetcher
        .fetch(&request("https://c.example/closed/feed"))
        .await
        .map(drop);
    assert!(
        matches!(closed, Err(Trouble::Skipped(Skip::RobotsForbid { .. }))),
        "{closed:?}"
    );
}

#[tokio::test]
async fn what_is_recorded_can_be_played() {
    let dir = recording(TWO_DAYS, FILES);
    let copy = tempfile::tempdir().expect("a folder");
    let fetcher = replay(dir.path())
        .recording_to(copy.path())
        .expect("a recorder");
    for address in [
        "https://a.example/old",
        "https://a.example/feed",
        "https://b.example/feed",
    ] {
        let _ = fetcher.fetch(&request(address)).await;
    }
    let again = replay(copy.path());
    let first = document(&again, &request("https://a.example/old")).await;
    assert_eq!(
        (&first.bytes[..], first.validators.entity_tag.as_deref()),
        (&b"<a/>"[..], Some("\"1\""))
    );
    let failed = again
        .fetch(&request("https://b.example/feed"))
        .await
        .map(drop);
    assert!(matches!(
        failed,
        Err(Trouble::Failed(Failure::NameNotFound { .. }))
    ));
}

#[test]
fn a_broken_index_is_told() {
    for broken in [
        "[[exchange]]\nurl = \"https://a.example/\"\nfile = \"../secret\"",
        "[[exchange]]\nadress = \"x\"",
        "[[exchange]]\nurl = \"https://a.example/\"\nfile = \"absent.xml\"",
    ] {
        let dir = recording(broken, &[]);
        assert!(
            matches!(Fetcher::replay(dir.path()), Err(Error::Recording { .. })),
            "{broken}"
        );
    }
}

fn moment(second: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::seconds(second)
}

#[tokio::test]
async fn one_request_at_a_time_with_a_pause_after_the_next_tick() {
    let turnstile = Arc::new(Turnstile::new(Duration::from_secs(2), 1));
    turnstile.tick(moment(0));
    let first = turnstile.turn("https://a.example").await.expect("a turn");
    let waiting = tokio::spawn({
        let turnstile = Arc::clone(&turnstile);
        async move { turnstile.turn("https://a.example").await.map(drop) }
    });
    tokio::task::yield_now().await;
    turnstile.tick(moment(60));
    assert!(!waiting.is_finished());
    drop(first);
    for second in [61, 62] {
        turnstile.tick(moment(second));
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished(), "{second}");
    }
    assert!(turnstile.next_turn() >= Some(moment(63)) && turnstile.next_turn() <= Some(moment(64)));
    turnstile.tick(moment(64));
    assert!(waiting.await.expect("no panic").is_ok());
    assert!(
        turnstile.turn("https://b.example").await.is_ok(),
        "another host is free"
    );
}

#[tokio::test]
async fn hosts_without_a_pause_need_no_tick() {
    let turnstile = Arc::new(Turnstile::new(Duration::ZERO, 1));
    for _ in 0..3 {
        assert!(turnstile.turn("https://a.example").await.is_ok());
    }
}

#[tokio::test]
async fn a_rest_is_told_to_those_who_wait_and_ends() {
    let turnstile = Arc::new(Turnstile::new(Duration::from_secs(2), 1));
    turnstile.tick(moment(0));
    let first = turnstile.turn("https://a.example").await.expect("a turn");
    let waiting = tokio::spawn({
        let turnstile = Arc::clone(&turnstile);
        async move { turnstile.turn("https://a.example").await.map(drop) }
    });
    tokio::task::yield_now().await;
    turnstile.rest("https://a.example", moment(600));
    drop(first);
    assert_eq!(waiting.await.expect("no panic").err(), Some(moment(600)));
    turnstile.tick(moment(599));
    assert!(turnstile.turn("https://a.example").await.is_err());
    turnstile.tick(moment(603));
    assert!(turnstile.turn("https://a.example").await.is_ok());
}

#[tokio::test]
async fn a_waiting_request_that_is_given_up_blocks_nobody() {
    let turnstile = Arc::new(Turnstile::new(Duration::ZERO, 1));
    let first = turnstile.turn("https://a.example").await.expect("a turn");
    let given_up = tokio::time::timeout(Duration::ZERO, turnstile.turn("https://a.example")).await;
    assert!(given_up.is_err());
    drop(first);
    assert!(turnstile.turn("https://a.example").await.is_ok());
}

#[test]
fn a_restored_host_far_ahead_of_the_clock_is_mended() {
    let turnstile = Arc::new(Turnstile::new(Duration::from_secs(2), 1));
    let state = HostState {
        free_at: Some(moment(9_999_999)),
        rests_until: Some(moment(9_999_999)),
        ..HostState::default()
    };
    turnstile.restore("https://a.example", state);
    turnstile.note("https://a.example", |_| {});
    turnstile.tick(moment(0));
    let changed = turnstile.take_changed();
    let [(_, state)] = changed.as_slice() else {
        panic!("one host: {changed:?}")
    };
    assert!(state.free_at <= Some(moment(3)) && state.rests_until <= Some(moment(86_400)));
}

#[tokio::test]
async fn a_host_is_forgotten_two_days_after_the_last_request_and_not_while_it_matters() {
    let turnstile = Arc::new(Turnstile::new(Duration::from_secs(2), 1));
    let day = |day: i64| moment(day * 86_400);
    turnstile.tick(day(0));
    for host in ["done", "asked", "rests", "forbids", "kept"] {
        drop(turnstile.turn(host).await.expect("a turn"));
    }
    turnstile.restore("restored", HostState::default());
    turnstile.note("forbids", |state| {
        state.robots_unreachable_since = Some(day(0));
    });
    turnstile.take_changed();
    turnstile.forget_idle(day(0));
    turnstile.note("kept", |_| {});
    let known = || {
        let mut known = turnstile.known();
        known.sort();
        known
    };
    turnstile.tick(day(2));
    turnstile.forget_idle(day(2));
    assert_eq!(known().len(), 6, "two days are not over");
    turnstile.tick(moment(2 * 86_400 + 3));
    let _asked = turnstile.turn("asked").await.expect("a turn");
    turnstile.rest("rests", day(4));
    turnstile.tick(day(3));
    turnstile.forget_idle(day(3));
    assert_eq!(known(), ["asked", "forbids", "kept", "rests"]);
    turnstile.take_changed();
    turnstile.tick(day(61));
    turnstile.forget_idle(day(61));
    assert_eq!(known(), ["asked"], "a request is under way");
}
