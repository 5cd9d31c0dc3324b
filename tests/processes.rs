//! Refreshes beside which something else is written: by another process, a hub, the operator; and a store that refuses.

use std::sync::{Arc, OnceLock};

use axum::http::StatusCode;
use chrono::{DateTime, Duration, Utc};
use futures_util::future::BoxFuture;
use samflode::daemon::Daemon;
use samflode::fetch::Fetcher;
use samflode::model::{Failure, IncidentKind, Outcome, Skip, SourceId};
use samflode::refresh::Bench;
use samflode::store::{Error, Store, Writer};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::support::feeds::{item, rss};
use crate::support::site::Page;
use crate::support::{Site, World};

type Deed = Box<dyn Fn() -> BoxFuture<'static, ()> + Send + Sync>;

/// A feed whose server does something before it answers: whatever it does falls into the middle of a refresh.
struct Meddler {
    address: String,
    deed: Arc<OnceLock<Deed>>,
}

impl Meddler {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/rss", listener.local_addr().unwrap());
        let deed: Arc<OnceLock<Deed>> = Arc::default();
        let asked = Arc::clone(&deed);
        let app = axum::Router::new().route(
            "/rss",
            axum::routing::get(move || {
                let deed = asked.get().map(|deed| deed());
                async move {
                    if let Some(deed) = deed {
                        deed.await;
                    }
                    (StatusCode::OK, rss(&[item(1, "Första")]))
                }
            }),
        );
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { address, deed }
    }

    async fn followed(&self) -> World {
        World::following(&format!(
            "[[source]]\nid = \"a\"\naddress = \"{}\"\n",
            self.address
        ))
        .await
    }

    /// What is written while the feed is asked.
    fn write(&self, store: &Store, work: fn(&Writer<'_>) -> Result<(), Error>) {
        let store = store.clone();
        let deed: Deed = Box::new(move || {
            let store = store.clone();
            Box::pin(async move { store.write(work).await.unwrap() })
        });
        assert!(self.deed.set(deed).is_ok());
    }
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn a() -> SourceId {
    SourceId::new("a")
}

#[tokio::test]
async fn nothing_is_written_of_a_source_that_another_process_has_taken() {
    let meddler = Meddler::start().await;
    let mut world = meddler.followed().await;
    meddler.write(&world.bench.store, |writer| {
        writer.end_claim(&a())?;
        let lease = Duration::minutes(15);
        assert!(writer.claim(&a(), "another/1", at("2026-11-17T09:00:00Z"), lease)?);
        Ok(())
    });
    assert_eq!(world.refresh().await, [Outcome::Skipped(Skip::Claimed)]);
    assert!(world.titles().await.is_empty());
    assert_eq!(world.source("a").await.state.last_good, None);
    let store = &world.bench.store;
    let is_theirs = store.write(|writer| writer.holds(&a(), "another/1")).await;
    assert!(is_theirs.unwrap(), "their claim was taken from them");
}

#[tokio::test]
async fn a_daemon_frees_what_the_one_before_it_held() {
    let meddler = Meddler::start().await;
    let world = meddler.followed().await;
    let is_held = world.bench.store.write(|writer| {
        writer.succeed("before/1")?;
        let lease = Duration::minutes(15);
        assert!(writer.claim(&a(), "before/1", at("2026-11-17T09:00:00Z"), lease)?);
        writer.succeed("after/1")?;
        writer.holds(&a(), "before/1")
    });
    assert!(!is_held.await.unwrap());
}

#[tokio::test]
async fn a_source_that_is_taken_out_while_it_is_asked_is_dropped_without_a_write() {
    let meddler = Meddler::start().await;
    let mut world = meddler.followed().await;
    let (daemon, now) = (Arc::clone(&world.daemon), world.now);
    let deed: Deed = Box::new(move || {
        let daemon = Arc::clone(&daemon);
        Box::pin(async move { daemon.follow(Vec::new(), now).await.unwrap() })
    });
    assert!(meddler.deed.set(deed).is_ok());
    assert_eq!(world.refresh().await, [Outcome::Skipped(Skip::Claimed)]);
    assert!(world.titles().await.is_empty());
}

#[tokio::test]
async fn a_ping_and_a_promise_during_a_refresh_are_not_lost() {
    let meddler = Meddler::start().await;
    let mut world = meddler.followed().await;
    meddler.write(&world.bench.store, |writer| {
        writer.promise(&a(), at("2026-11-27T09:00:00Z"))?;
        writer.make_due(&a(), at("2026-11-17T09:01:30Z"), "its hub told of news")
    });
    world.later(Duration::minutes(1));
    world.refresh().await;
    let state = world.source("a").await.state;
    assert_eq!(state.told_until, Some(at("2026-11-27T09:00:00Z")));
    assert_eq!(state.due, Some(at("2026-11-17T09:01:30Z")));
    assert_eq!(state.due_reason, "its hub told of news");
}

fn source(site: &Site, id: &str, path: &str) -> String {
    format!(
        "[[source]]\nid = \"{id}\"\naddress = \"{}\"\n",
        site.at(path)
    )
}

async fn open(world: &World) -> Vec<IncidentKind> {
    let store = &world.bench.store;
    let open = store.read(|reader| reader.open_incidents(Some(&a()))).await;
    open.unwrap().into_iter().map(|one| one.kind).collect()
}

#[tokio::test]
async fn a_rest_or_another_failure_ends_no_incident() {
    let site = Site::start().await;
    site.publish("/rss", "<!doctype html><title>En sida</title><p>Hej");
    let mut world = World::following(&source(&site, "a", "/rss")).await;
    world.refresh().await;
    assert_eq!(open(&world).await, [IncidentKind::Failing]);
    site.serve("/rss", Page::status(429).header("retry-after", "600"));
    let ended = world.refresh().await;
    assert!(
        matches!(ended[0], Outcome::Skipped(Skip::HostRests { .. })),
        "{ended:?}"
    );
    assert_eq!(open(&world).await, [IncidentKind::Failing]);
    world.later(Duration::minutes(11));
    site.serve("/rss", Page::status(500));
    world.refresh().await;
    assert_eq!(open(&world).await, [IncidentKind::Failing]);
    site.publish("/rss", rss(&[item(1, "Första")]));
    world.refresh().await;
    assert_eq!(open(&world).await, []);
    let store = &world.bench.store;
    let told = store.read(|reader| reader.incidents(10)).await.unwrap();
    assert_eq!(told.len(), 1, "{told:?}");
}

#[tokio::test]
async fn a_store_that_refuses_is_left_in_peace_for_a_while() {
    let site = Site::start().await;
    site.publish("/rss", rss(&[item(1, "Första")]));
    let mut world = World::following(&source(&site, "a", "/rss")).await;
    let other = rusqlite::Connection::open(world.bench.store.path()).unwrap();
    other
        .execute_batch(
            "CREATE TRIGGER full BEFORE UPDATE ON queue BEGIN SELECT RAISE(ABORT, 'full'); END",
        )
        .unwrap();
    world.later(Duration::minutes(2));
    let ended = world.tick().await;
    assert!(
        matches!(ended[..], [Outcome::Failed(Failure::Storage { .. })]),
        "{ended:?}"
    );
    world.later(Duration::seconds(1));
    assert_eq!(world.tick().await, []);
    other.execute_batch("DROP TRIGGER full").unwrap();
    world.later(Duration::seconds(30));
    assert!(matches!(world.tick().await[..], [Outcome::Updated { .. }]));
}

#[tokio::test]
async fn what_a_jump_of_the_clock_left_far_ahead_comes_back_spread() {
    let site = Site::start().await;
    let ids = ["a", "b", "c", "d"];
    let sources: String = ids.iter().map(|id| source(&site, id, "/rss")).collect();
    let world = World::following(&sources).await;
    let far = world.now + Duration::days(900);
    for id in ids {
        world.remember(id, |state| state.due = Some(far)).await;
    }
    world.daemon.run_errands(world.now).await.unwrap();
    let mut moments = Vec::new();
    for id in ids {
        let state = world.source(id).await.state;
        assert!(state.due_reason.ends_with("the clock had jumped"));
        moments.push(state.due.unwrap());
    }
    moments.sort();
    assert!(moments[0] >= world.now && moments[3] <= world.now + Duration::minutes(1));
    assert!(moments[0] < moments[3], "all at once: {moments:?}");
}

#[tokio::test]
async fn a_rest_that_another_process_was_asked_for_holds_here_too() {
    let site = Site::start().await;
    site.serve("/a", Page::status(429).header("retry-after", "86400"));
    site.publish("/b", rss(&[item(1, "Första")]));
    let sources = source(&site, "a", "/a") + &source(&site, "b", "/b");
    let mut world = World::following(&sources).await;
    let another = Arc::new(Bench {
        store: Store::open(world.bench.store.path()).unwrap(),
        fetcher: Fetcher::live(&world.bench.settings.fetch).unwrap(),
        settings: world.bench.settings.clone(),
        owner: "another/1".to_owned(),
    });
    let (sender, _heard) = mpsc::unbounded_channel();
    let (now, stop) = (world.now, CancellationToken::new());
    let all: Vec<_> = world.daemon.sources().await;
    let one = all.iter().filter(|source| source.id == a()).cloned();
    let configured = all.iter().map(|source| (**source).clone()).collect();
    let beside = Daemon::start(another, configured, now, sender, stop);
    let beside = beside.await.unwrap();
    world.later(Duration::minutes(2));
    world.daemon.tick(now).await.unwrap();
    let now = world.now;
    beside.round(one.collect(), move || now).await.unwrap();
    assert_eq!(site.seen("/a").len(), 1);
    let ended = world.tick().await;
    assert!(
        matches!(ended[..], [Outcome::Skipped(Skip::HostRests { .. })]),
        "{ended:?}"
    );
    assert!(site.seen("/b").is_empty());
    beside.stop().await.unwrap();
}
