//! What the editor writes holds, whatever is remembered; and a running service takes it over.

use std::io::{BufRead, BufReader};

use chrono::Duration;
use samflode::model::{Failure, Move, Outcome, Rules};

use crate::support::command::{Command, Service};
use crate::support::feeds::{item, rss};
use crate::support::site::Page;
use crate::support::world::new;
use crate::support::{Site, World};

const LOOPBACK: &str = "[fetch]\nallow_private = [\"127.0.0.0/8\"]\nspacing = \"0s\"\n";

fn source(site: &Site, id: &str, path: &str) -> String {
    format!(
        "[[source]]\nid = \"{id}\"\naddress = \"{}\"\n",
        site.at(path)
    )
}

#[tokio::test]
async fn a_corrected_address_outranks_a_confirmed_move() {
    let site = Site::start().await;
    for path in ["/a", "/flyttad", "/b"] {
        let page = Page::new(rss(&[item(1, "Första")])).header("etag", "\"v1\"");
        site.serve(path, page);
    }
    let mut world = World::following(&source(&site, "a", "/a")).await;
    world.refresh().await;
    let moved = Move {
        to: site.at("/flyttad"),
        polls: 3,
        since: world.now,
        confirmed: true,
    };
    world
        .remember("a", |state| {
            state.moved = Some(moved);
            state.gone = true;
        })
        .await;
    world.reconfigure(&source(&site, "a", "/b")).await;
    world.refresh().await;
    assert!(site.seen("/flyttad").is_empty());
    let asked = site.seen("/b");
    assert_eq!(asked.len(), 1);
    assert!(asked[0].headers.get("if-none-match").is_none());
}

#[tokio::test]
async fn changed_patterns_hold_although_the_document_is_the_same() {
    let site = Site::start().await;
    let feed = rss(&[item(2, "Om hallen"), item(1, "Om badhuset")]);
    site.serve("/rss", Page::new(feed).header("etag", "\"v1\""));
    let plain = source(&site, "a", "/rss");
    let mut world = World::following(&format!("{plain}only = [\"badhuset\"]\n")).await;
    assert_eq!(new(&world.refresh().await[0]), 1);
    world.reconfigure(&plain).await;
    assert_eq!(new(&world.refresh().await[0]), 1);
    assert_eq!(world.refresh().await, [Outcome::Unchanged]);
}

fn page() -> String {
    let listed: String = (1..=4)
        .map(|n| format!("<article class=\"nyhet\"><h3><a href=\"/n/{n}\">Nyhet nummer {n} från verket</a></h3><time datetime=\"2026-11-0{n}\">{n} november 2026</time></article>"))
        .collect();
    format!("<!doctype html><html lang=\"sv\"><title>Nyheter</title><main>{listed}</main></html>")
}

#[tokio::test]
async fn rules_written_by_hand_outrank_learned_ones() {
    let site = Site::start().await;
    site.publish("/nyheter", page());
    let sources = source(&site, "a", "/nyheter");
    let ruled = |entry: &str| format!("{sources}rules = {{ entry = \"{entry}\" }}\n");
    let mut world = World::following(&ruled("li.gammal")).await;
    world.refresh().await;
    let learned = Rules {
        entry: "div.gissad".into(),
        ..Rules::default()
    };
    world
        .remember("a", |state| state.learned_rules = Some(learned))
        .await;
    assert!(matches!(
        world.refresh().await[0],
        Outcome::Failed(Failure::LayoutChanged { .. } | Failure::NoEntries { .. })
    ));
    world.reconfigure(&ruled("article.nyhet")).await;
    assert_eq!(new(&world.refresh().await[0]), 4);
}

#[tokio::test]
async fn another_schedule_holds_within_its_interval_and_other_rules_within_a_minute() {
    let site = Site::start().await;
    site.publish("/rss", rss(&[item(1, "Första")]));
    let plain = source(&site, "a", "/rss");
    let mut world = World::following(&format!("{plain}interval = \"7 days\"\n")).await;
    world.refresh().await;
    let due = |world: &World, row: samflode::store::SourceRow| row.state.due.unwrap() - world.now;
    let weekly = due(&world, world.source("a").await);
    assert!(weekly > Duration::days(6), "{weekly}");
    world
        .reconfigure(&format!("{plain}interval = \"7 days\"\n"))
        .await;
    assert_eq!(due(&world, world.source("a").await), weekly);
    world
        .reconfigure(&format!("{plain}interval = \"2 h\"\n"))
        .await;
    let hourly = due(&world, world.source("a").await);
    assert!(hourly <= Duration::hours(2), "{hourly}");
    world
        .reconfigure(&format!("{plain}interval = \"2 h\"\nnot = [\"annons\"]\n"))
        .await;
    let soon = due(&world, world.source("a").await);
    assert!(soon <= Duration::minutes(1), "{soon}");
    let why = world.source("a").await.state.due_reason;
    assert!(why.ends_with("its configuration was changed"), "{why}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hangup_takes_the_configuration_over_and_refuses_a_wrong_one() {
    let site = Site::start().await;
    let sources = source(&site, "badhuset", "/a");
    let command = Command::with(LOOPBACK, &sources);
    let mut child = command.start(&["serve", "--listen", "127.0.0.1:0", "--log", "text"]);
    let mut log = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut until = |told: &str| -> String {
        let mut heard = log.by_ref().map_while(Result::ok);
        let found = heard.find(|line| line.contains(told));
        found.unwrap_or_else(|| panic!("the service ended without `{told}`"))
    };
    let address = until("first page at ");
    let address = address.split("first page at ").nth(1).unwrap();
    let address = address.split_whitespace().next().unwrap();
    let mut service = Service {
        address: address.trim_end_matches('/').to_owned(),
        child,
    };
    let pid = service.child.id().to_string();
    let signal = |name: &str| {
        let sent = std::process::Command::new("kill")
            .args([name, &pid])
            .status();
        assert!(sent.unwrap().success());
    };
    let write = |file: &str, text: &str| {
        std::fs::write(command.folder().join("config").join(file), text).unwrap();
    };

    write("sources.toml", &format!("{sources}adress = \"fel\"\n"));
    signal("-HUP");
    let refused = until("the configuration in force stays");
    assert!(
        refused.contains("sources.toml: line 4, column 1") && refused.contains("adress"),
        "{refused}"
    );
    assert!(service.get("/sources.opml").contains("/a"));

    let both = sources.clone() + &source(&site, "hallen", "/b");
    write("sources.toml", &both);
    write(
        "samflode.toml",
        &format!("{LOOPBACK}[store]\nretention = \"90 days\"\n"),
    );
    signal("-HUP");
    until("following 2 sources");
    assert!(until("only after a restart").contains("[store]"));
    assert!(service.get("/sources.opml").contains(&site.at("/b")));
    signal("-TERM");
    assert_eq!(service.child.wait().unwrap().code(), Some(0));
}
