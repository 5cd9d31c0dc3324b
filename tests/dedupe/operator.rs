//! The operator's word on merges and held-back entries, with the real binary: each call is a process of its own, so what
//! holds here survives restarts.

use serde_json::Value;

use crate::support::Site;
use crate::support::command::{Command, Ended};
use crate::support::feeds::{Item, rss};

const LOOPBACK: &str = "[fetch]\nallow_private = [\"127.0.0.0/8\"]\nspacing = \"0s\"\n";

const TITLE: &str = "Anslaget till landsbygdens bredband blir 54 miljoner";
const TEXT: &str = "Regionen delar ut 54 miljoner kronor till bredband på landsbygden. Pengarna räcker till fyrtio byalag i sju kommuner.";

fn told(number: u32, host: &str, title: &str, text: &str) -> Item {
    Item {
        guid: format!("{host}-{number}"),
        link: format!("https://{host}.example/nyheter/{number}"),
        title: title.into(),
        text: text.into(),
        date: format!("Mon, 06 May 2024 {:02}:30:00 +0200", 8 + number % 12),
    }
}

/// Three bodies: the second tells what the first does, the third another figure.
fn three(site: &Site) -> Command {
    site.publish("/regionen", rss(&[told(1, "regionen", TITLE, TEXT)]));
    let labelled = format!("Pressmeddelande: {TITLE}");
    site.publish("/tidningen", rss(&[told(2, "tidningen", &labelled, TEXT)]));
    let other = |text: &str| text.replace("54", "53");
    site.publish(
        "/kuriren",
        rss(&[told(3, "kuriren", &other(TITLE), &other(TEXT))]),
    );
    following(site, &["regionen", "tidningen", "kuriren"])
}

fn following(site: &Site, names: &[&str]) -> Command {
    let source = |name: &&str| {
        let address = site.at(&format!("/{name}"));
        format!("[[source]]\nid = \"{name}\"\naddress = \"{address}\"\n")
    };
    Command::with(LOOPBACK, &names.iter().map(source).collect::<String>())
}

fn well(command: &Command, arguments: &[&str]) -> Ended {
    let ended = command.run(arguments);
    assert_eq!(ended.code, 0, "{arguments:?}: {ended:?}");
    ended
}

fn json(command: &Command, arguments: &[&str]) -> Value {
    let mut all = arguments.to_vec();
    all.push("--json");
    serde_json::from_str(&well(command, &all).out).unwrap()
}

/// Fetches the bodies one after the other, so that it is known who came first.
fn fetch(command: &Command, names: &[&str]) {
    for name in names {
        well(command, &["fetch", name]);
    }
}

/// Number and published id of the newest entry of a source.
fn entry(command: &Command, source: &str) -> (String, Value) {
    let entries = json(command, &["entries"]);
    let found = entries
        .as_array()
        .unwrap()
        .iter()
        .find(|entry| entry["source"] == source);
    let found = found.unwrap_or_else(|| panic!("{source}: {entries}"));
    (found["id"].to_string(), found["published_id"].clone())
}

fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in:\n{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn why_says_what_was_merged_and_what_was_kept_apart() {
    let site = Site::start().await;
    let command = three(&site);
    fetch(&command, &["regionen", "tidningen", "kuriren"]);
    let (id, published_id) = entry(&command, "tidningen");
    assert_eq!(published_id, entry(&command, "regionen").1);
    let sentences = "merged with 1 (regionen, “Anslaget till landsbygdens bredband blir 54 miljoner”): title equal";
    for name in [id.as_str(), "https://tidningen.example/nyheter/2"] {
        let why = well(&command, &["why", name]).out;
        has(
            &why,
            &[
                sentences,
                "1.00 of 17 words shared",
                "1 h apart",
                "told by 2 entries",
            ],
        );
    }
    let why = well(&command, &["why", published_id.as_str().unwrap()]).out;
    has(
        &why,
        &[
            "1 (regionen)",
            "2 (tidningen, “Pressmeddelande: ",
            "merged with 1",
        ],
    );
    let kept = well(&command, &["why", &entry(&command, "kuriren").0]).out;
    has(&kept, &["kept apart from", "54", "53"]);
    let why = json(&command, &["why", &id]);
    assert_eq!(why["merges"][0]["rule"], "title-and-text", "{why}");
    assert_eq!(why["merges"][0]["evidence"]["containment"], 1.0);
    has(why["merges"][0]["text"].as_str().unwrap(), &[sentences]);
    assert_eq!(why["kept_apart"][0]["kind"], "minimal-pair", "{why}");
    let unknown = command.run(&["why", "4711"]);
    assert_eq!(unknown.code, 1, "{unknown:?}");
    has(&unknown.err, &["error: ", "4711", "hint: "]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_split_is_for_good_and_a_join_outranks_every_rule() {
    let site = Site::start().await;
    let command = three(&site);
    fetch(&command, &["regionen", "tidningen", "kuriren"]);
    let (id, published_id) = entry(&command, "tidningen");
    well(&command, &["split", &id]);
    let own = entry(&command, "tidningen").1;
    assert_eq!(
        entry(&command, "regionen").1,
        published_id,
        "a published id has changed"
    );
    assert_ne!(own, published_id);
    // The same text again with an added sentence: told anew, and still apart.
    let longer = format!("{TEXT} Besked lämnas i juni.");
    site.publish("/tidningen", rss(&[told(2, "tidningen", TITLE, &longer)]));
    well(&command, &["fetch"]);
    let (again, still) = entry(&command, "tidningen");
    assert_eq!((again, &still), (id.clone(), &own));
    has(
        &well(&command, &["recluster", "--since", "2020-01-01", "--apply"]).out,
        &["0 differences"],
    );
    assert_eq!(entry(&command, "tidningen").1, own);
    has(
        &well(&command, &["why", &id]).out,
        &["parted for good from 1 (regionen", "(undone by operator, "],
    );
    let twice = command.run(&["split", &id]);
    assert_eq!(twice.code, 1, "{twice:?}");
    has(&twice.err, &["error: ", "hint: "]);
    // What no rule would ever merge, the operator may.
    let (other, others_id) = entry(&command, "kuriren");
    assert_ne!(others_id, published_id);
    well(&command, &["join", &other, "1"]);
    well(&command, &["join", &id, &other]);
    for source in ["regionen", "tidningen", "kuriren"] {
        assert_eq!(entry(&command, source).1, published_id, "{source}");
    }
    has(
        &well(&command, &["recluster", "--since", "2020-01-01", "--apply"]).out,
        &["0 differences"],
    );
    assert_eq!(entry(&command, "kuriren").1, published_id);
    has(
        &well(&command, &["why", &other]).out,
        &["joined by the operator"],
    );
    let same = command.run(&["join", &id, &other]);
    assert_eq!(same.code, 1, "{same:?}");
    has(&same.err, &["error: ", "already"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn recluster_shows_what_the_present_rules_would_do_and_does_it_when_told_to() {
    let site = Site::start().await;
    let command = three(&site);
    fetch(&command, &["regionen", "tidningen", "kuriren"]);
    let (_, published_id) = entry(&command, "regionen");
    let others_id = entry(&command, "kuriren").1;
    // As if other rules had decided: what belongs together apart, what does not together.
    let database = command.folder().join("data/samflode.db");
    let connection = rusqlite::Connection::open(&database).unwrap();
    connection
        .execute_batch(
            "INSERT INTO cluster (published_id, representative, published, updated, sequence) VALUES ('urn:x:2', 2, 1, 1, 1);
             UPDATE entry SET cluster = last_insert_rowid() WHERE id = 2;
             DELETE FROM merge_edge; DELETE FROM veto;
             UPDATE entry SET cluster = 1 WHERE id = 3;
             INSERT INTO merge_edge (entry, other, rule, score, evidence, norm_version, rules_version, at)
                VALUES (3, 1, 'text', 0.7, '{\"titles\":\"other\",\"minutes_apart\":60}', 0, 0, 1);",
        )
        .unwrap();
    drop(connection);
    let shown = well(&command, &["recluster", "--since", "2020-01-01"]).out;
    has(
        &shown,
        &[
            "2 (tidningen, ",
            "would be merged with 1 (regionen",
            "3 (kuriren, ",
            "would be kept apart from 1",
            "2 differences\n",
        ],
    );
    let json = json(&command, &["recluster", "--since", "2020-01-01"]);
    assert_eq!(
        (&json[0]["would"], &json[1]["would"]),
        (&"merge".into(), &"part".into()),
        "{json}"
    );
    assert_ne!(
        entry(&command, "tidningen").1,
        published_id,
        "shown, not done"
    );
    has(
        &well(&command, &["recluster", "--since", "2020-01-01", "--apply"]).out,
        &["2 differences applied"],
    );
    assert_eq!(entry(&command, "regionen").1, published_id);
    assert_eq!(entry(&command, "tidningen").1, published_id);
    assert_ne!(entry(&command, "kuriren").1, published_id);
    assert_ne!(entry(&command, "kuriren").1, Value::Null);
    assert_ne!(others_id, published_id);
    has(
        &well(&command, &["recluster", "--since", "2020-01-01"]).out,
        &["0 differences"],
    );
    has(
        &well(&command, &["recluster", "--since", "2090-01-01"]).out,
        &["0 differences"],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn check_live_shows_merges_with_their_reasons_and_keeps_nothing() {
    let site = Site::start().await;
    let command = three(&site);
    let shown = well(&command, &["check", "--live"]).out;
    has(
        &shown,
        &[
            "merged with ",
            "title equal",
            "words shared",
            "3 sources: 3 entries new",
            "1 merged",
            "nothing is kept",
        ],
    );
    assert!(!command.folder().join("data/samflode.db").exists());
    let live = json(&command, &["check", "--live"]);
    let merged: Vec<&Value> = live["live"]["entries"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|entry| entry["merged"].as_array().unwrap())
        .collect();
    assert_eq!(merged.len(), 1, "{live}");
}

/// Entries of years ago under addresses never seen, as after an import.
fn archive(numbers: std::ops::Range<u32>) -> Vec<Item> {
    let old = |number: u32| Item {
        guid: format!("import-{number}"),
        link: format!("https://regionen.example/arkiv/{number}"),
        title: format!("Ur arkivet: protokoll {number} från nämnden för kultur"),
        text: format!("Protokoll {number} från nämndens möte har lagts ut i arkivet."),
        date: format!(
            "Mon, 06 May 2019 {:02}:{:02}:00 +0200",
            number / 60,
            number % 60
        ),
    };
    numbers.map(old).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_old_entries_is_held_until_the_operator_decides() {
    let site = Site::start().await;
    site.publish("/regionen", rss(&[told(1, "regionen", TITLE, TEXT)]));
    let command = following(&site, &["regionen"]);
    fetch(&command, &["regionen"]);
    let mut all = archive(0..40);
    all.insert(0, told(1, "regionen", TITLE, TEXT));
    site.publish("/regionen", rss(&all));
    let fetched = well(&command, &["fetch"]);
    has(&fetched.out, &["30 held back"]);
    let published = |command: &Command| {
        let entries = json(command, &["entries"]);
        let out = entries.as_array().unwrap().iter();
        out.filter(|entry| !entry["published_id"].is_null()).count()
    };
    assert_eq!(published(&command), 11);
    has(&well(&command, &["status"]).out, &["held back"]);
    // More of the import at the next poll: nothing leaves as long as the operator has not decided.
    all.splice(1..1, archive(40..60));
    site.publish("/regionen", rss(&all));
    well(&command, &["fetch"]);
    assert_eq!(published(&command), 11);
    let listed = json(&command, &["release", "regionen", "--list"]);
    let held: Vec<String> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["id"].to_string())
        .collect();
    assert_eq!(held.len(), 50);
    has(&well(&command, &["why", &held[0]]).out, &["held back"]);
    has(
        &well(&command, &["release", "regionen", &held[0], &held[1]]).out,
        &["2 entries released"],
    );
    assert_eq!(published(&command), 13);
    has(
        &well(&command, &["release", "regionen", "--drop", &held[2]]).out,
        &["1 entry dropped"],
    );
    has(
        &well(&command, &["why", &held[2]]).out,
        &["dropped by the operator"],
    );
    let unknown = command.run(&["release", "regionen", "4711"]);
    assert_eq!(unknown.code, 1, "{unknown:?}");
    has(&unknown.err, &["error: ", "4711", "hint: "]);
    well(&command, &["release", "regionen", "--drop"]);
    assert_eq!(
        json(&command, &["release", "regionen", "--list"]),
        Value::Array(Vec::new())
    );
    // The same again, in a new process: what was dropped stays away, and the trouble is over.
    all.reverse();
    site.publish("/regionen", rss(&all));
    well(&command, &["fetch"]);
    assert_eq!(published(&command), 13);
    let status = well(&command, &["status"]).out;
    assert!(!status.contains("held back"), "{status}");
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_change_at_every_fetch_are_damped_and_status_says_so() {
    let site = Site::start().await;
    let command = following(&site, &["regionen"]);
    let mut revisions = Vec::new();
    for round in 0..8 {
        let items: Vec<Item> = (1..7)
            .map(|number| {
                let text = format!(
                    "{TEXT} Just nu är {} personer på sidan och {} i kön.",
                    17 + round * 3,
                    40 + round
                );
                told(number, "regionen", &format!("{TITLE}, del {number}"), &text)
            })
            .collect();
        site.publish("/regionen", rss(&items));
        well(&command, &["fetch"]);
        let entries = json(&command, &["entries"]);
        let all = entries.as_array().unwrap();
        revisions.push(
            all.iter()
                .map(|entry| entry["revisions"].as_u64().unwrap())
                .sum::<u64>(),
        );
    }
    assert!(revisions[7] <= 6, "{revisions:?}");
    assert_eq!(revisions[3], revisions[7], "{revisions:?}");
    has(
        &well(&command, &["status"]).out,
        &["its texts change at every fetch"],
    );
    assert_eq!(json(&command, &["status"])["sources"][0]["restless"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn recluster_tells_what_stricter_settings_would_part_before_it_does_so() {
    let site = Site::start().await;
    let command = three(&site);
    fetch(&command, &["regionen", "tidningen", "kuriren"]);
    let (_, published_id) = entry(&command, "regionen");
    assert_eq!(entry(&command, "tidningen").1, published_id);
    let file = command.folder().join("config/samflode.toml");
    let before = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{before}\n[dedupe]\nwindow = \"1 min\"\n")).unwrap();
    let shown = well(&command, &["recluster", "--since", "2020-01-01"]).out;
    has(
        &shown,
        &[
            "2 (tidningen, ",
            "would be kept apart from 1",
            "1 difference\n",
        ],
    );
    assert_eq!(
        entry(&command, "tidningen").1,
        published_id,
        "shown, not done"
    );
    well(&command, &["recluster", "--since", "2020-01-01", "--apply"]);
    assert_ne!(entry(&command, "tidningen").1, published_id);
    assert_eq!(entry(&command, "regionen").1, published_id);
    std::fs::write(&file, &before).unwrap();
    let shown = well(&command, &["recluster", "--since", "2020-01-01"]).out;
    has(&shown, &["would be merged with 1", "1 difference\n"]);
    std::fs::write(
        &file,
        format!("{before}\n[dedupe]\nwindow = \"4 d\"\nshared = 20\n"),
    )
    .unwrap();
    let refused = command.run(&["recluster"]);
    assert_eq!(refused.code, 2, "{refused:?}");
    has(
        &refused.err,
        &[
            "`window` must be between",
            "`shared` must be between 55 and 100",
        ],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn why_says_that_a_merge_was_found_when_an_entry_changed() {
    let site = Site::start().await;
    let command = following(&site, &["regionen", "tidningen"]);
    let publish = |path: &str, number, title: &str, text: &str| {
        site.publish(path, rss(&[told(number, &path[1..], title, text)]));
    };
    publish("/regionen", 1, "Nytt om bredbandet", "");
    publish("/tidningen", 2, TITLE, TEXT);
    fetch(&command, &["regionen", "tidningen"]);
    publish("/regionen", 1, TITLE, TEXT);
    fetch(&command, &["regionen"]);
    let (id, published_id) = entry(&command, "tidningen");
    assert_eq!(entry(&command, "regionen").1, published_id);
    has(
        &well(&command, &["why", &id]).out,
        &["merged with 1 (", ", found when 1 changed, "],
    );
    let told = json(&command, &["why", &id]);
    assert_eq!(told["merges"][0]["changed"], 1, "{told}");
    publish(
        "/tidningen",
        2,
        &TITLE.replace("54", "56"),
        &TEXT.replace("54", "56"),
    );
    fetch(&command, &["tidningen"]);
    publish(
        "/regionen",
        1,
        &TITLE.replace("54", "57"),
        &TEXT.replace("54", "57"),
    );
    fetch(&command, &["regionen"]);
    assert_eq!(
        entry(&command, "regionen").1,
        published_id,
        "what was told as one stays one"
    );
}
