//! Who is to blame: our own network being down is one incident and no source's fault, and what is gone is left alone.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::Duration;
use samflode::model::{Failure, Incident, IncidentKind, Outcome, Skip, SourceId};

use crate::support::feeds::{item, rss};
use crate::support::origin::{Origin, Step, answer};
use crate::support::site::Page;
use crate::support::{Site, World};

/// Hosts that answer well until the way to them is cut.
async fn hosts(number: usize) -> (Vec<Origin>, Arc<AtomicBool>) {
    let is_cut = Arc::new(AtomicBool::new(false));
    let mut hosts = Vec::new();
    for _ in 0..number {
        let is_cut = Arc::clone(&is_cut);
        let host = Origin::playing(move |asked| match asked.path.as_str() {
            _ if is_cut.load(Ordering::Relaxed) => vec![Step::Reset],
            "/feed" => answer("200 OK", "", rss(&[item(1, "Ett")]).as_bytes()),
            _ => answer("404 No", "", b""),
        });
        hosts.push(host.await);
    }
    (hosts, is_cut)
}

fn sources(hosts: &[Origin]) -> String {
    let source = |(number, host): (usize, &Origin)| {
        let address = host.at("/feed");
        format!(
            "[[source]]\nid = \"s{number}\"\nkind = \"feed\"\ninterval = \"1h\"\naddress = \"{address}\"\n"
        )
    };
    hosts.iter().enumerate().map(source).collect()
}

async fn open_incidents(world: &World, source: Option<&'static str>) -> Vec<Incident> {
    let source = source.map(SourceId::new);
    let open = world
        .bench
        .store
        .read(move |reader| reader.open_incidents(source.as_ref()));
    open.await.unwrap()
}

fn is_own_network(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Failed(Failure::OwnNetwork { .. }))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn our_own_network_being_down_is_one_incident_and_no_sources_fault() {
    let (hosts, is_cut) = hosts(4).await;
    let mut world = World::following(&sources(&hosts)).await;
    world.refresh().await;
    is_cut.store(true, Ordering::Relaxed);
    for round in 0..5 {
        world.later(Duration::hours(1));
        let ended = world.refresh().await;
        assert!(round == 0 || ended.iter().all(is_own_network), "{ended:?}");
    }
    let open = open_incidents(&world, None).await;
    assert!(
        matches!(open.as_slice(), [one] if one.kind == IncidentKind::OwnNetwork),
        "{open:?}"
    );
    assert_eq!(open_incidents(&world, Some("s0")).await, []);
    assert!(world.source("s0").await.state.failures <= 1);
    is_cut.store(false, Ordering::Relaxed);
    world.later(Duration::hours(1));
    let ended = world.refresh().await;
    assert!(
        ended.iter().all(|outcome| *outcome == Outcome::Unchanged),
        "{ended:?}"
    );
    assert_eq!(open_incidents(&world, None).await, []);
    assert_eq!(world.source("s0").await.state.failures, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_gone_is_asked_again_only_when_it_is_revived() {
    let site = Site::start().await;
    site.serve("/rss", Page::status(410));
    let source = format!(
        "[[source]]\nid = \"a\"\nkind = \"feed\"\naddress = \"{}\"\n",
        site.at("/rss")
    );
    let mut world = World::following(&source).await;
    world.refresh().await;
    for _ in 0..2 {
        world.later(Duration::days(40));
        assert_eq!(world.refresh().await, [Outcome::Skipped(Skip::Gone)]);
    }
    assert_eq!(site.seen("/rss").len(), 1);
    site.publish("/rss", rss(&[item(1, "Tillbaka")]));
    let id = SourceId::new("a");
    world
        .bench
        .store
        .write(move |writer| writer.revive(&id))
        .await
        .unwrap();
    assert!(matches!(
        world.refresh().await.as_slice(),
        [Outcome::Updated { new: 1, .. }]
    ));
    assert_eq!(open_incidents(&world, Some("a")).await, []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn validators_are_dropped_weekly_and_then_sent_again() {
    let site = Site::start().await;
    site.serve(
        "/rss",
        Page::new(rss(&[item(1, "Ett")])).header("etag", "\"1\""),
    );
    let source = format!(
        "[[source]]\nid = \"a\"\nkind = \"feed\"\naddress = \"{}\"\n",
        site.at("/rss")
    );
    let mut world = World::following(&source).await;
    for days in [0, 1, 8, 1] {
        world.later(Duration::days(days));
        world.refresh().await;
    }
    let seen = site.seen("/rss");
    let conditional: Vec<bool> = seen
        .iter()
        .map(|one| one.headers.contains_key("if-none-match"))
        .collect();
    assert_eq!(conditional, [false, true, false, true]);
}
