//! Feeds whose entries share what should tell them apart, with the real binary: nothing that differs is lost, and what is
//! known stays known.

use serde_json::Value;

use crate::support::Site;
use crate::support::command::Command;
use crate::support::feeds::{Item, rss};

const LOOPBACK: &str = "[fetch]\nallow_private = [\"127.0.0.0/8\"]\nspacing = \"0s\"\n";

fn told(number: usize) -> Item {
    Item {
        guid: "samma".into(),
        link: "https://regionen.example/nyheter".into(),
        title: "Nyheter".into(),
        text: format!(
            "Ärende {number} är avgjort. Bygget vid väg {} kostar {} kronor.",
            number * 3,
            number * 11
        ),
        date: "Mon, 06 May 2024 08:30:00 +0200".into(),
    }
}

/// Text and published id of all entries, sorted.
fn published(command: &Command) -> Vec<(String, String)> {
    let ended = command.run(&["entries", "--json", "--limit", "1000"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let entries: Value = serde_json::from_str(&ended.out).unwrap();
    let mut all: Vec<(String, String)> = entries
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| {
            (
                entry["summary"].to_string(),
                entry["published_id"].to_string(),
            )
        })
        .collect();
    all.sort();
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn one_guid_one_link_and_one_title_for_all_lose_nothing_and_make_nothing_new() {
    let site = Site::start().await;
    let address = site.at("/regionen");
    let command = Command::with(
        LOOPBACK,
        &format!("[[source]]\nid = \"regionen\"\naddress = \"{address}\"\n"),
    );
    let mut items: Vec<Item> = (0..60).map(told).collect();
    site.publish("/regionen", rss(&items));
    assert_eq!(command.run(&["fetch"]).code, 0);
    let first = published(&command);
    assert_eq!(first.len(), 60);
    items.rotate_left(23);
    items.insert(0, told(60));
    site.publish("/regionen", rss(&items));
    assert_eq!(command.run(&["fetch"]).code, 0);
    let second = published(&command);
    assert_eq!(second.len(), 61, "one came, none was told anew");
    assert!(
        first.iter().all(|known| second.contains(known)),
        "an id moved"
    );
    let mut ids: Vec<&String> = second.iter().map(|(_, id)| id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 61, "nothing that differs is one");
}
