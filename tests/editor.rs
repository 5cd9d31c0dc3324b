//! The editor's way with the real binary: addresses become sources, a redesign is told and mended.

use std::fs;

use crate::support::Site;
use crate::support::command::Command;
use crate::support::feeds::{item, rss};
use crate::support::site::Page;

const LOOPBACK: &str = "[fetch]\nallow_private = [\"127.0.0.0/8\"]\nspacing = \"0s\"\n";

/// A listing page of one body, newest first.
fn listing(
    folder: &str,
    numbers: std::ops::RangeInclusive<u32>,
    class: &str,
    head: &str,
) -> String {
    let rows: String = numbers
        .rev()
        .map(|n| {
            format!(
                "<li class=\"{class}\"><h3><a href=\"{folder}/{n}\">Region nummer {n} skärper kraven på leverantörer</a></h3>\
                 <time datetime=\"2025-11-{n:02}\">{n} november 2025</time>\
                 <p>De nya kraven gäller från årsskiftet och omfattar alla avtal som regionen tecknar.</p></li>"
            )
        })
        .collect();
    format!(
        "<!doctype html><html lang=\"sv\"><head><title>Nyheter</title>{head}</head><body><nav><a href=\"/\">Hem</a></nav>\
         <main><h1>Nyheter</h1><ul>{rows}</ul></main></body></html>"
    )
}

/// The same news as a feed, so that the page and its feed agree.
fn feed(numbers: std::ops::RangeInclusive<u32>) -> String {
    let title = |n| format!("Region nummer {n} skärper kraven på leverantörer");
    let titles: Vec<(u32, String)> = numbers.rev().map(|n| (n, title(n))).collect();
    let items: Vec<_> = titles.iter().map(|(n, title)| item(*n, title)).collect();
    rss(&items)
}

async fn ten_bodies() -> (Site, Vec<String>) {
    let site = Site::start().await;
    let xml = |body: String| Page::new(body).header("Content-Type", "application/rss+xml");
    let named = "<link rel=\"alternate\" type=\"application/rss+xml\" href=\"/a/rss.xml\">";
    let wordpress = "<meta name=\"generator\" content=\"WordPress 6.4\">";
    site.publish("/a/nyheter", listing("/a/nyheter", 1..=8, "news", named));
    site.serve("/a/rss.xml", xml(feed(1..=8)));
    site.publish(
        "/b/nyheter",
        listing("/b/nyheter", 1..=9, "news", wordpress),
    );
    site.serve("/b/nyheter/feed/", xml(feed(1..=9)));
    let told: Vec<String> = (1..=7)
        .map(|n| {
            format!(
                "{{\"@type\":\"NewsArticle\",\"headline\":\"Ny vägledning nummer {n} om avtal\",\
                 \"url\":\"/c/{n}\",\"datePublished\":\"2025-11-{n:02}\"}}"
            )
        })
        .collect();
    site.publish(
        "/c/nyheter",
        format!(
            "<!doctype html><html lang=\"sv\"><title>Nyheter</title>\
             <script type=\"application/ld+json\">{{\"@graph\":[{}]}}</script><div id=\"app\"></div></html>",
            told.join(",")
        ),
    );
    for name in ["d", "e", "f", "g", "h"] {
        let folder = format!("/{name}/nyheter");
        site.publish(&folder, listing(&folder, 1..=10, "news", ""));
    }
    site.serve("/i/rss", xml(feed(1..=5)));
    site.publish(
        "/j/om-oss",
        "<!doctype html><html lang=\"sv\"><title>Om oss</title><h1>Om oss</h1><p>Vi finns på Storgatan.</p></html>",
    );
    let paths = [
        "/a/nyheter",
        "/b/nyheter",
        "/c/nyheter",
        "/d/nyheter",
        "/e/nyheter",
        "/f/nyheter",
        "/g/nyheter",
        "/h/nyheter",
        "/i/rss",
        "/j/om-oss",
    ];
    let addresses = paths.iter().map(|path| site.at(path)).collect();
    (site, addresses)
}

/// A folder with settings that let the binary ask this machine.
fn editor() -> Command {
    let command = Command::in_an_empty_folder();
    fs::create_dir(command.folder().join("config")).unwrap();
    fs::write(command.folder().join("config/samflode.toml"), LOOPBACK).unwrap();
    command
}

fn sources(command: &Command) -> String {
    fs::read_to_string(command.folder().join("config/sources.toml")).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_addresses_become_nine_sources_and_one_is_told_to_hold_nothing() {
    let (site, addresses) = ten_bodies().await;
    let command = editor();
    let mut arguments = vec!["init"];
    arguments.extend(addresses.iter().map(String::as_str));
    let ended = command.run(&arguments);
    assert_eq!(ended.code, 3, "{ended:?}");
    assert!(
        ended.err.contains("no feed and no news list found at") && ended.err.contains("/j/om-oss"),
        "{ended:?}"
    );
    let written = sources(&command);
    assert_eq!(written.matches("[[source]]").count(), 9, "{written}");
    assert!(written.contains("rules = { entry = "), "{written}");
    for name in ["a", "b", "j"] {
        let asked: usize = ["rss.xml", "nyheter/feed/", "feed/", "nyheter", "om-oss"]
            .iter()
            .map(|path| site.seen(&format!("/{name}/{path}")).len())
            .sum();
        assert!(asked <= 7, "{name}: {asked} requests");
    }
    let fetched = command.run(&["fetch"]);
    assert_eq!(fetched.code, 0, "{fetched:?}");
    assert!(fetched.out.contains("9 sources"), "{fetched:?}");
    let again = command.run(&arguments);
    assert_eq!(again.code, 2, "init never overwrites: {again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_is_added_once_and_comments_stay() {
    let (site, addresses) = ten_bodies().await;
    let command = editor();
    command.run(&["init", &addresses[3]]);
    let path = command.folder().join("config/sources.toml");
    let commented = format!("# Ours, by hand.\n{}", sources(&command));
    fs::write(&path, &commented).unwrap();
    let added = command.run(&["add", &site.at("/i/rss")]);
    assert_eq!(added.code, 0, "{added:?}");
    let written = sources(&command);
    assert!(written.starts_with(commented.trim_end()), "{written}");
    assert_eq!(written.matches("[[source]]").count(), 2, "{written}");
    let twice = command.run(&["add", &site.at("/i/rss")]);
    assert_eq!(twice.code, 1, "{twice:?}");
    assert!(twice.err.contains("is followed already, as"), "{twice:?}");
    assert_eq!(sources(&command), written);
    let plain = site.at("/e/nyheter");
    let untyped = command.run(&["add", plain.trim_start_matches("http://")]);
    assert_eq!(untyped.code, 0, "without a scheme: {untyped:?}");
    assert!(sources(&command).contains(&format!("address = \"{plain}\"")));
    let offers = command.run(&["discover", &addresses[3]]);
    assert!(offers.out.contains("the list of the page"), "{offers:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redesign_is_told_with_rules_that_add_accept_takes() {
    let (site, addresses) = ten_bodies().await;
    let command = editor();
    command.run(&["init", &addresses[3]]);
    let written = sources(&command);
    let id = written
        .lines()
        .find_map(|line| line.strip_prefix("id = \""))
        .map(|id| id.trim_end_matches('"').to_owned())
        .expect("an id");
    assert_eq!(command.run(&["fetch"]).code, 0);
    site.publish("/d/nyheter", listing("/d/nyheter", 2..=11, "teaser", ""));
    let failed = command.run(&["fetch"]);
    assert_eq!(failed.code, 3, "{failed:?}");
    assert!(failed.out.contains("layout changed"), "{failed:?}");
    let status = command.run(&["status"]);
    assert!(status.out.contains("layout changed"), "{status:?}");
    for command in [status, command.run(&["check", &id])] {
        for told in [
            "- entry = ",
            "+ entry = \"li.teaser\"",
            "Region nummer 11",
            "add --accept",
        ] {
            assert!(command.out.contains(told), "{told}: {command:?}");
        }
    }
    let told = command.run(&["check", &id, "--live"]);
    let said = format!("{}{}", told.out, told.err);
    assert!(said.contains("+ entry = \"li.teaser\""), "{told:?}");
    assert!(said.contains("Region nummer 11"), "{told:?}");
    let accepted = command.run(&["add", "--accept", &id]);
    assert_eq!(accepted.code, 0, "{accepted:?}");
    assert!(sources(&command).contains("li.teaser"));
    let fetched = command.run(&["fetch"]);
    assert!(fetched.out.contains("1 entry new"), "{fetched:?}");
    let status = command.run(&["status"]);
    assert!(!status.out.contains("add --accept"), "{status:?}");
}
