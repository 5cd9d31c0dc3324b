//! The main job: from a site to stored entries, told once, whatever the site does.

use chrono::Duration;
use samflode::model::{Failure, IncidentKind, Outcome};

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

const PAGE: &str =
    "kind = \"page\"\nrules = { entry = \"li.news\", title = \"a\", date = \"time\" }\n";

/// A listing page of numbered news, newest first.
fn listing(numbers: impl Iterator<Item = u32>, class: &str, after: &str) -> String {
    let rows: String = numbers
        .map(|n| {
            format!(
                "<li class=\"{class}\"><a href=\"/nyheter/{n}\">Region nummer {n} skärper kraven på sina leverantörer</a> \
                 <time datetime=\"2026-11-{n:02}\">{n} november 2026</time></li>"
            )
        })
        .collect();
    format!(
        "<!doctype html><html lang=\"sv\"><title>Nyheter</title><main><h1>Nyheter</h1><ul>{rows}</ul>{after}</main></html>"
    )
}

#[tokio::test]
async fn a_redesigned_page_is_a_failure_that_proposes_rules_and_publishes_nothing() {
    let site = Site::start().await;
    site.publish("/nyheter", listing((1..=10).rev(), "news", ""));
    let mut world = World::following(&(source(&site, "a", "/nyheter") + PAGE)).await;
    assert_eq!(new(&world.refresh().await[0]), 10);
    site.publish("/nyheter", listing((2..=11).rev(), "card", ""));
    let outcome = world.refresh().await.remove(0);
    assert!(
        matches!(outcome, Outcome::Failed(Failure::LayoutChanged { .. })),
        "{outcome:?}"
    );
    assert_eq!(world.entries().await.len(), 10);
    let state = world.source("a").await.state;
    assert!(state.proposed_rules.is_some());
    let incidents = world
        .bench
        .store
        .read(|reader| reader.incidents(10))
        .await
        .unwrap();
    let told = incidents
        .iter()
        .filter(|incident| incident.kind == IncidentKind::LayoutChanged);
    assert_eq!(told.count(), 1, "{incidents:?}");
}

#[tokio::test]
async fn a_source_that_relearns_by_itself_goes_on_after_a_redesign() {
    let site = Site::start().await;
    site.publish("/nyheter", listing((1..=10).rev(), "news", ""));
    let mut world =
        World::following(&(source(&site, "a", "/nyheter") + "relearn = \"auto\"\n" + PAGE)).await;
    world.refresh().await;
    site.publish("/nyheter", listing((2..=11).rev(), "card", ""));
    assert_eq!(new(&world.refresh().await[0]), 1);
    site.publish("/nyheter", listing((3..=12).rev(), "card", ""));
    assert_eq!(new(&world.refresh().await[0]), 1);
}

#[tokio::test]
async fn pages_of_entries_beyond_the_limit_are_asked_at_the_next_refreshes_once_each() {
    let site = Site::start().await;
    let list = |from: u32| -> String {
        let rows: String = (from..=14)
            .rev()
            .map(|n| format!("<li><h3><a href=\"/nyheter/nyhet-nummer-{n}\">Nyhet nummer {n} om nya avtal för vården</a></h3></li>"))
            .collect();
        format!(
            "<!doctype html><html lang=\"sv\"><title>Nyheter</title><main><h1>Nyheter</h1><ul>{rows}</ul></main></html>"
        )
    };
    let path = |n: u32| format!("/nyheter/nyhet-nummer-{n}");
    site.publish("/nyheter", list(1));
    for n in 1..=14 {
        site.publish(
            &path(n),
            format!(
                "<!doctype html><html lang=\"sv\"><h1>Nyhet nummer {n} om nya avtal för vården</h1>\
                <time datetime=\"2026-11-{n:02}\">{n} november 2026</time></html>"
            ),
        );
    }
    let mut world = World::following(
        &(source(&site, "a", "/nyheter") + "entry_pages = 6\n" + "kind = \"page\"\n"),
    )
    .await;
    let asked = || {
        (1..=14)
            .map(|n| site.seen(&path(n)).len())
            .collect::<Vec<_>>()
    };
    assert_eq!(new(&world.refresh().await[0]), 14);
    assert_eq!(
        asked().iter().sum::<usize>(),
        6,
        "as many as one refresh may"
    );
    site.publish("/nyheter", list(4));
    world.refresh().await;
    assert_eq!(asked().iter().sum::<usize>(), 12);
    world.refresh().await;
    world.refresh().await;
    assert_eq!(asked(), vec![1; 14], "each once");
    let mut days: Vec<String> = world
        .entries()
        .await
        .iter()
        .map(|stored| stored.entry.published.at.format("%Y-%m-%d").to_string())
        .collect();
    days.sort();
    let wanted: Vec<String> = (1..=14).map(|n| format!("2026-11-{n:02}")).collect();
    assert_eq!(days, wanted, "scrolled off the list or not");
}

#[tokio::test]
async fn a_list_is_followed_over_its_pages_until_a_known_entry() {
    let site = Site::start().await;
    let next = |path: &str| format!("<a rel=\"next\" href=\"{path}\">Nästa</a>");
    site.publish(
        "/nyheter",
        listing((9..=12).rev(), "news", &next("/nyheter?page=2")),
    );
    site.publish(
        "/nyheter?page=2",
        listing((5..=8).rev(), "news", &next("/nyheter?page=3")),
    );
    site.publish("/nyheter?page=3", listing((1..=4).rev(), "news", ""));
    let mut world =
        World::following(&(source(&site, "a", "/nyheter") + "history = 2\n" + PAGE)).await;
    assert_eq!(new(&world.refresh().await[0]), 8);
    assert!(
        site.seen("/nyheter?page=3").is_empty(),
        "more history than was asked for"
    );
    site.publish(
        "/nyheter",
        listing((13..=16).rev(), "news", &next("/nyheter?page=2")),
    );
    site.publish(
        "/nyheter?page=2",
        listing((9..=12).rev(), "news", &next("/nyheter?page=3")),
    );
    assert_eq!(new(&world.refresh().await[0]), 4);
    assert!(
        site.seen("/nyheter?page=3").is_empty(),
        "went on behind known entries"
    );
}

#[tokio::test]
async fn what_a_source_takes_back_is_withdrawn_at_the_second_poll_and_what_scrolls_off_is_not() {
    let site = Site::start().await;
    site.publish("/nyheter", listing((1..=6).rev(), "news", ""));
    let mut world = World::following(&(source(&site, "a", "/nyheter") + PAGE)).await;
    world.refresh().await;
    for n in 1..=6 {
        site.publish(
            &format!("/nyheter/{n}"),
            "<!doctype html><title>Finns</title>",
        );
    }
    site.serve("/nyheter/4", Page::status(410));
    site.publish("/nyheter", listing([7, 6, 5, 3, 2].into_iter(), "news", ""));
    world.refresh().await;
    let withdrawn = |entries: Vec<samflode::model::StoredEntry>| -> Vec<String> {
        entries
            .into_iter()
            .filter(|e| e.withdrawn.is_some())
            .map(|e| e.entry.link.path().to_owned())
            .collect()
    };
    assert!(
        withdrawn(world.entries().await).is_empty(),
        "at the first poll already"
    );
    world.refresh().await;
    assert_eq!(withdrawn(world.entries().await), ["/nyheter/4"]);
    site.publish("/nyheter", listing([7, 6, 5, 4, 3].into_iter(), "news", ""));
    world.refresh().await;
    assert!(
        withdrawn(world.entries().await).is_empty(),
        "it is there again"
    );
}

#[tokio::test]
async fn what_has_scrolled_off_behind_a_pinned_entry_is_not_asked_for() {
    let site = Site::start().await;
    site.publish("/nyheter", listing((1..=9).rev(), "news", ""));
    let mut world = World::following(&(source(&site, "a", "/nyheter") + PAGE)).await;
    world.refresh().await;
    site.publish(
        "/nyheter",
        listing([10, 9, 8, 7, 6, 1].into_iter(), "news", ""),
    );
    world.refresh().await;
    let asked = || {
        (1..=9)
            .filter(|n| !site.seen(&format!("/nyheter/{n}")).is_empty())
            .count()
    };
    assert_eq!(asked(), 0);
}

#[tokio::test]
async fn an_entry_off_the_list_that_is_still_there_is_asked_for_once() {
    let site = Site::start().await;
    site.publish("/nyheter", listing((1..=6).rev(), "news", ""));
    site.publish("/nyheter/4", "<!doctype html><title>Finns</title>");
    let mut world = World::following(&(source(&site, "a", "/nyheter") + PAGE)).await;
    world.refresh().await;
    for newest in 7..=9 {
        let listed = [newest, 6, 5, 3, 2].into_iter();
        site.publish("/nyheter", listing(listed, "news", ""));
        world.refresh().await;
    }
    assert_eq!(site.seen("/nyheter/4").len(), 1);
}

#[tokio::test]
async fn the_same_release_from_two_bodies_is_one_publication() {
    let site = Site::start().await;
    let release = "Myndigheten skärper från nyår kraven på arbetsvillkor i upphandling av arbetskläder och textil i hela landet";
    let mut first = item(
        1,
        "Skärpta krav på arbetsvillkor när regionerna köper arbetskläder",
    );
    first.text = release.into();
    let mut second = first.clone();
    second.guid = "tag:press,2026:1".into();
    second.link = "https://press.example/rum/skaerpta-krav-1".into();
    site.publish("/a", rss(&[first]));
    site.publish("/b", rss(&[second]));
    let mut world = World::following(&(source(&site, "a", "/a") + &source(&site, "b", "/b"))).await;
    world.refresh().await;
    let entries = world.entries().await;
    assert_eq!(entries.len(), 2);
    assert_eq!(entries[0].cluster, entries[1].cluster);
    let feed = world
        .site()
        .await
        .standing()
        .feed(samflode::site::Format::Atom)
        .clone();
    let text = String::from_utf8(feed.identity.to_vec()).unwrap();
    assert_eq!(text.matches("<entry").count(), 1);
    assert!(text.contains("rel=\"via\""), "{text}");
}
