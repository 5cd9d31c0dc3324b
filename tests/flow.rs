//! The main job: from a site to stored entries, told once, whatever the site does.

use chrono::Duration;
use samflode::model::{Failure, Outcome};

use crate::support::feeds::{item, rss};
use crate::support::site::Page;
use crate::support::world::new;
use crate::support::{Site, World};

fn source(site: &Site, id: &str, path: &str) -> String {
    format!(
        "[[source]]\nid = \"{id}\"\ntitle = \"{id}\"\naddress = \"{}\"\n",
        site.at(path)
    )
}

#[tokio::test]
async fn what_a_feed_tells_is_stored_oldest_first() {
    let site = Site::start().await;
    site.publish("/rss", rss(&[item(2, "Andra"), item(1, "Första")]));
    let mut world = World::following(&source(&site, "a", "/rss")).await;
    assert_eq!(new(&world.refresh().await[0]), 2);
    assert_eq!(world.titles().await, ["Första", "Andra"]);
}

#[tokio::test]
async fn a_second_refresh_is_conditional_and_adds_nothing() {
    let site = Site::start().await;
    site.serve(
        "/rss",
        Page::new(rss(&[item(1, "Första")])).header("etag", "\"v1\""),
    );
    let mut world = World::following(&source(&site, "a", "/rss")).await;
    world.refresh().await;
    assert_eq!(world.refresh().await, [Outcome::Unchanged]);
    let seen = site.seen("/rss");
    assert!(seen[0].headers.get("if-none-match").is_none());
    assert_eq!(seen[1].headers["if-none-match"], "\"v1\"");
}

#[tokio::test]
async fn a_new_order_another_host_in_the_guids_and_a_new_build_date_add_nothing() {
    let site = Site::start().await;
    let (first, second) = (item(1, "Första nyheten"), item(2, "Andra nyheten"));
    site.publish("/rss", rss(&[second.clone(), first.clone()]));
    let mut world = World::following(&source(&site, "a", "/rss")).await;
    world.refresh().await;
    let moved = |mut item: crate::support::feeds::Item| {
        item.guid = item
            .guid
            .replace("https://www.exempel.se", "http://exempel.se");
        item.link = item
            .link
            .replace("https://www.exempel.se", "http://exempel.se");
        item
    };
    let again = rss(&[moved(first), moved(second)]).replace(
        "<description>Ett prov",
        "<lastBuildDate>Tue, 17 Nov 2026 09:59:00 +0100</lastBuildDate><description>Ett prov",
    );
    site.publish("/rss", again);
    let outcome = world.refresh().await.remove(0);
    assert!(
        matches!(
            outcome,
            Outcome::Updated {
                new: 0,
                changed: 0,
                unchanged: 2,
                ..
            }
        ),
        "{outcome:?}"
    );
    assert_eq!(world.entries().await.len(), 2);
}

#[tokio::test]
async fn a_failure_says_why_keeps_the_entries_and_leaves_the_others_alone() {
    let site = Site::start().await;
    site.publish("/good", rss(&[item(1, "Finns kvar")]));
    site.publish("/bad", rss(&[item(2, "Också kvar")]));
    let sources = source(&site, "good", "/good") + &source(&site, "bad", "/bad");
    let mut world = World::following(&sources).await;
    world.refresh().await;
    for (page, failure) in [
        (Page::status(404), "the server answered 404 (not found)"),
        (
            Page::status(500),
            "the server answered 500 (an error of its own)",
        ),
        (Page::new(""), "the body is empty"),
        (
            Page::new("<!doctype html><title>Hej</title><p>Inte ett flöde")
                .header("content-type", "text/html"),
            "not a feed",
        ),
    ] {
        site.serve("/bad", page);
        let outcomes = world.refresh().await;
        assert_eq!(outcomes[0], Outcome::Unchanged);
        let Outcome::Failed(said) = &outcomes[1] else {
            panic!("{:?}", outcomes[1])
        };
        assert!(said.to_string().starts_with(failure), "{said}");
    }
    assert_eq!(world.titles().await, ["Finns kvar", "Också kvar"]);
    assert_eq!(world.source("bad").await.state.failures, 4);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_a_failure_in_words() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let mut world = World::following(&format!(
        "[[source]]\nid = \"a\"\naddress = \"http://{address}/rss\"\n"
    ))
    .await;
    let outcome = world.refresh().await.remove(0);
    assert!(
        matches!(outcome, Outcome::Failed(Failure::NoConnection { .. })),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn a_material_change_keeps_a_revision_and_the_published_id() {
    let site = Site::start().await;
    let mut told = item(1, "Anslaget blir 54 miljoner");
    site.publish("/rss", rss(std::slice::from_ref(&told)));
    let mut world = World::following(&source(&site, "a", "/rss")).await;
    world.refresh().await;
    let before = world.entries().await.remove(0);
    told.title = "Anslaget blir 53 miljoner".into();
    site.publish("/rss", rss(&[told]));
    world.later(Duration::hours(2));
    let outcome = world.refresh().await.remove(0);
    assert!(
        matches!(
            outcome,
            Outcome::Updated {
                new: 0,
                changed: 1,
                ..
            }
        ),
        "{outcome:?}"
    );
    let after = world.entries().await.remove(0);
    assert_eq!(
        (after.id, after.cluster, after.revisions),
        (before.id, before.cluster, 1)
    );
    assert_eq!(after.entry.title, "Anslaget blir 53 miljoner");
}

#[tokio::test]
async fn what_is_due_is_refreshed_by_a_tick_and_nothing_else_is() {
    let site = Site::start().await;
    site.publish("/rss", rss(&[item(1, "Första")]));
    let mut world = World::following(&source(&site, "a", "/rss")).await;
    world.later(Duration::hours(1));
    world.daemon.tick(world.now).await.unwrap();
    world.daemon.settle().await;
    assert_eq!(site.seen("/rss").len(), 1);
    let due = world.source("a").await.state.due.unwrap();
    assert!(due > world.now, "{due}");
    world.daemon.tick(world.now).await.unwrap();
    world.daemon.settle().await;
    assert_eq!(site.seen("/rss").len(), 1, "asked again before it was due");
    world.daemon.tick(due).await.unwrap();
    world.daemon.settle().await;
    assert_eq!(site.seen("/rss").len(), 2);
}

#[tokio::test]
async fn only_what_a_source_wants_is_kept() {
    let site = Site::start().await;
    site.publish(
        "/rss",
        rss(&[
            item(1, "Ny upphandling av skor"),
            item(2, "Badhuset stänger"),
            item(3, "Upphandlaren slutar"),
        ]),
    );
    let sources = source(&site, "a", "/rss") + "only = [\"upphandl*\"]\nnot = [\"slutar\"]\n";
    let mut world = World::following(&sources).await;
    world.refresh().await;
    assert_eq!(world.titles().await, ["Ny upphandling av skor"]);
}

#[tokio::test]
async fn a_retired_source_is_never_asked() {
    let site = Site::start().await;
    let mut world = World::following(&(source(&site, "a", "/rss") + "state = \"retired\"\n")).await;
    world.later(Duration::days(3));
    world.daemon.tick(world.now).await.unwrap();
    world.daemon.settle().await;
    assert!(world.refresh().await.is_empty());
    assert!(site.seen("/rss").is_empty());
}
