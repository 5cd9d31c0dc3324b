//! `check --live` shows what would be published and keeps nothing; `sources --accept-moves` writes new addresses.

use samflode::model::{Move, Rules, SourceId, SourceState};
use samflode::store::Store;
use serde_json::Value;

use crate::support::Site;
use crate::support::command::{Command, recording};
use crate::support::feeds::{Item, item, rss};
use crate::support::site::Page;

const LOOPBACK: &str = "[fetch]\nallow_private = [\"127.0.0.0/8\"]\nspacing = \"0s\"\n";

fn source(site: &Site, id: &str, path: &str) -> String {
    format!(
        "[[source]]\nid = \"{id}\"\naddress = \"{}\"\n",
        site.at(path)
    )
}

/// A long enough title and one address: what two bodies must share to tell the same.
fn shared(number: u32) -> Item {
    Item {
        guid: format!("https://www.exempel.se/delad?p={number}"),
        ..item(
            7,
            "Elva regioner köper batterier tillsammans för sina bussar",
        )
    }
}

/// Changes what the database remembers of a source, as refreshes would over days.
async fn remember(command: &Command, id: &str, change: impl FnOnce(&mut SourceState)) {
    let store = Store::open(&command.folder().join("data/samflode.db")).unwrap();
    let id = SourceId::new(id);
    let wanted = id.clone();
    let row = store.read(move |reader| reader.source(&wanted)).await;
    let mut state = row.unwrap().unwrap().state;
    change(&mut state);
    store
        .write(move |writer| writer.put_state(&id, &state))
        .await
        .unwrap();
}

fn moved(to: &str, confirmed: bool) -> Option<Move> {
    Some(Move {
        to: to.to_owned(),
        polls: 3,
        since: "2026-11-10T08:00:00Z".parse().unwrap(),
        confirmed,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_check_shows_new_and_changed_entries_and_keeps_nothing() {
    let site = Site::start().await;
    let mut told = item(1, "Anslaget blir 54 miljoner");
    site.publish("/rss", rss(std::slice::from_ref(&told)));
    let command = Command::with(LOOPBACK, &source(&site, "a", "/rss"));
    assert_eq!(command.run(&["fetch"]).code, 0);
    let before = command.run(&["entries", "--format", "jsonl"]).out;
    told.title = "Anslaget blir 53 miljoner".into();
    site.publish("/rss", rss(&[item(2, "Badhuset öppnar igen"), told]));
    let live = command.run(&["check", "--live"]);
    assert_eq!(live.code, 0, "{live:?}");
    let row = |start: &str| live.out.lines().any(|line| line.contains(start));
    assert!(row("Badhuset öppnar igen"), "{live:?}");
    assert!(row("https://www.exempel.se/nyheter/2"), "{live:?}");
    assert!(row("Anslaget blir 53 miljoner"), "{live:?}");
    assert!(
        row("1 source: 1 entry new, 1 changed; nothing is kept"),
        "{live:?}"
    );
    assert_eq!(command.run(&["entries", "--format", "jsonl"]).out, before);
    let fetched = command.run(&["fetch"]);
    assert!(
        fetched.out.contains("1 entry new, 1 changed"),
        "{fetched:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_check_makes_no_database() {
    let site = Site::start().await;
    site.publish("/rss", rss(&[item(1, "Första")]));
    let command = Command::with(LOOPBACK, &source(&site, "a", "/rss"));
    let live = command.run(&["check", "a", "--live"]);
    assert_eq!((live.code, live.out.contains("Första")), (0, true));
    assert!(!command.folder().join("data").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_check_says_what_would_be_merged_and_why() {
    let site = Site::start().await;
    site.publish("/a", rss(&[shared(1)]));
    site.publish("/b", rss(&[shared(2)]));
    let sources = source(&site, "a", "/a") + &source(&site, "b", "/b");
    let command = Command::with(LOOPBACK, &sources);
    assert_eq!(command.run(&["fetch", "a"]).code, 0);
    let live = command.run(&["check", "--live"]);
    assert!(
        live.out.contains("\n  merged with a, “Elva regioner"),
        "{live:?}"
    );
    assert!(live.out.contains("title equal"), "{live:?}");
    let json = command.run(&["check", "--live", "--json"]).out;
    let json: Value = serde_json::from_str(&json).unwrap();
    let entry = &json["live"]["entries"][0];
    assert_eq!((&json["ok"], &entry["source"]), (&true.into(), &"b".into()));
    assert_eq!(entry["novelty"], "new");
    assert_eq!(entry["merged"][0]["with"]["source"], "a");
    let text = entry["merged"][0]["text"].as_str().unwrap();
    assert!(live.out.contains(text), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_check_ends_with_3_when_a_source_fails_and_with_2_when_the_configuration_does() {
    let site = Site::start().await;
    site.publish("/rss", rss(&[item(1, "Första")]));
    site.serve("/gone", Page::status(404));
    let sources = source(&site, "a", "/rss") + &source(&site, "b", "/gone");
    let live = Command::with(LOOPBACK, &sources).run(&["check", "--live"]);
    assert_eq!(live.code, 3, "{live:?}");
    assert!(live.out.contains("Första"), "{live:?}");
    assert!(
        live.out
            .contains("b: failed: the server answered 404 (not found)\n  hint: "),
        "{live:?}"
    );
    let wrong = Command::with("[sight]\n", &sources).run(&["check", "--live"]);
    assert_eq!((wrong.code, wrong.out.as_str()), (2, ""), "{wrong:?}");
}

#[test]
fn a_live_check_plays_a_recording() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/config");
    let command = Command::in_an_empty_folder();
    let tape = recording();
    let live = command.run(&[
        "check",
        "--live",
        "--json",
        "--config",
        folder,
        "--replay",
        tape.to_str().unwrap(),
    ]);
    assert_eq!(live.code, 0, "{live:?}");
    let json: Value = serde_json::from_str(&live.out).unwrap();
    assert!(json["live"]["entries"].as_array().unwrap().len() > 10);
    assert_eq!(std::fs::read_dir(command.folder()).unwrap().count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn proposed_rules_are_shown_as_a_diff_with_what_they_would_give() {
    let site = Site::start().await;
    let listed: String = (1..=4)
        .map(|n| format!("<article class=\"nyhet\"><h3><a href=\"/n/{n}\">Nyhet nummer {n} från verket</a></h3><time datetime=\"2026-11-0{n}\">{n} november 2026</time></article>"))
        .collect();
    let page = format!(
        "<!doctype html><html lang=\"sv\"><title>Nyheter</title><main>{listed}</main></html>"
    );
    site.serve(
        "/nyheter",
        Page::new(page).header("content-type", "text/html; charset=utf-8"),
    );
    let sources = source(&site, "a", "/nyheter") + "rules = { entry = \"li.gammal\" }\n";
    let command = Command::with(LOOPBACK, &sources);
    let fetched = command.run(&["fetch"]);
    assert_eq!(fetched.code, 3, "{fetched:?}");
    let rules = Rules {
        entry: "article.nyhet".into(),
        title: Some("h3".into()),
        ..Rules::default()
    };
    remember(&command, "a", |state| state.proposed_rules = Some(rules)).await;
    let live = command.run(&["check", "a", "--live"]);
    assert_eq!(live.code, 3, "{live:?}");
    assert!(
        live.out
            .contains("  - entry = \"li.gammal\"\n  + entry = \"article.nyhet\"\n"),
        "{live:?}"
    );
    assert!(live.out.contains("samflode add --accept a"), "{live:?}");
    assert!(live.out.contains("find 4 entries now"), "{live:?}");
    assert!(live.out.contains("Nyhet nummer 2 från verket"), "{live:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn confirmed_moves_are_written_once_and_comments_stay() {
    let site = Site::start().await;
    for path in ["/a", "/b", "/c"] {
        site.publish(path, rss(&[item(1, "Första")]));
    }
    let a = source(&site, "a", "/a").replace("/a\"\n", "/a\" # since 2024\n");
    let sources = format!(
        "# ours\n{a}\n# the second\n{}{}",
        source(&site, "b", "/b"),
        source(&site, "c", "/c")
    );
    let command = Command::with(LOOPBACK, &sources);
    assert_eq!(command.run(&["fetch"]).code, 0);
    let new = site.at("/ny");
    remember(&command, "a", |state| state.moved = moved(&new, true)).await;
    remember(&command, "b", |state| state.moved = moved(&new, false)).await;
    let written = command.run(&["sources", "--accept-moves"]);
    assert_eq!(written.code, 0, "{written:?}");
    assert_eq!(written.out, format!("a: {} → {new}\n", site.at("/a")));
    let path = command.folder().join("config/sources.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let (old, both) = (site.at("/a"), format!("[\"{new}\", \"{}\"]", site.at("/a")));
    assert_eq!(text, sources.replace(&format!("\"{old}\""), &both));
    let again = command.run(&["sources", "--accept-moves", "--json"]);
    assert_eq!((again.code, again.out.trim()), (0, "[]"), "{again:?}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    assert_eq!(command.run(&["check"]).code, 0);
}
