//! The exported site: whole, its links lead to files, and the next export touches only what changed.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::support::Site;
use crate::support::command::{Command, Ended, recording};
use crate::support::feeds::{item, rss};

const SETTINGS: &str = "[site]\nbase_url = \"https://news.example/\"\n\
                        [fetch]\nallow_private = [\"127.0.0.0/8\"]\nspacing = \"0s\"\n\
                        [publish]\nfeed_size = 10\narchive_size = 10\n";

/// Every file of the export with when it was written, the mark of the export left out.
fn files(folder: &Path) -> Vec<(PathBuf, SystemTime)> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let entry = entry.unwrap();
            let (path, about) = (entry.path(), entry.metadata().unwrap());
            if about.is_dir() {
                folders.push(path);
            } else if !path.ends_with(".samflode-export.json") {
                files.push((path, about.modified().unwrap()));
            }
        }
    }
    files.sort();
    files
}

fn exported(command: &Command, more: &[&str]) -> Ended {
    let mut arguments = vec!["export", "out", "--json"];
    arguments.extend(more);
    let ended = command.run(&arguments);
    assert_eq!(ended.code, 0, "{ended:?}");
    ended
}

/// A folder whose database holds one entry; where it came from is gone.
async fn with_one_entry() -> Command {
    let site = Site::start().await;
    site.publish("/rss", rss(&[item(1, "Första")]));
    let sources = format!(
        "[[source]]\nid = \"a\"\naddress = \"{}\"\n",
        site.at("/rss")
    );
    let command = Command::with(SETTINGS, &sources);
    command.run(&["fetch"]);
    command
}

/// The addresses of our own site that a document names.
fn own_addresses(text: &str) -> HashSet<String> {
    let starts = ["href=\"https://news.example/", "href=\"/"];
    let found = starts.iter().flat_map(|start| {
        text.split(start)
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
    });
    found.map(|path| path.replace("&amp;", "&")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_link_of_an_export_leads_to_a_file_of_it() {
    let site = Site::start().await;
    let items: Vec<_> = (0..35)
        .map(|n| item(n, &format!("Nyhet {n} om hållbara inköp")))
        .collect();
    site.publish("/rss", rss(&items));
    let sources = format!(
        "[[source]]\nid = \"kommunen\"\naddress = \"{}\"\ncategories = [\"Klimat & miljö\"]\n",
        site.at("/rss")
    );
    let command = Command::with(SETTINGS, &sources);
    assert_eq!(command.run(&["fetch"]).code, 0);
    exported(&command, &[]);
    let out = command.folder().join("out");
    let mut looked_at = 0;
    for (path, _) in files(&out) {
        let is_text = ["html", "atom"]
            .iter()
            .any(|kind| path.extension().is_some_and(|e| e == *kind));
        if !is_text {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(!text.contains("127.0.0.1:8080"), "{path:?}");
        for address in own_addresses(&text) {
            // Filters and searches need a running service.
            let Some(plain) = address
                .split(['?', '#'])
                .next()
                .filter(|plain| *plain == address)
            else {
                continue;
            };
            let name = percent_encoding::percent_decode_str(plain)
                .decode_utf8()
                .unwrap();
            let file = out.join(&*name);
            assert!(
                file.is_file() || file.join("index.html").is_file(),
                "{path:?} names {address}"
            );
            looked_at += 1;
        }
    }
    assert!(looked_at > 300, "{looked_at}");
    for page in ["archive/2026-11", "archive/2026-11-02"] {
        assert!(out.join(page).join("index.html").is_file(), "{page}");
    }
    for document in [
        "archive/3.atom",
        "sources/kommunen/archive/3.atom",
        "categories/klimat-miljö.json",
    ] {
        assert!(out.join(document).is_file(), "{document}");
        assert!(out.join(format!("{document}.gz")).is_file(), "{document}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_further_export_touches_only_what_changed() {
    let site = Site::start().await;
    site.publish("/rss", rss(&[item(1, "Första"), item(2, "Andra")]));
    let sources = format!(
        "[[source]]\nid = \"a\"\naddress = \"{}\"\n\n[[source]]\nid = \"b\"\naddress = \"{}\"\n",
        site.at("/rss"),
        site.at("/other")
    );
    site.publish("/other", rss(&[item(7, "Något helt annat")]));
    let command = Command::with(SETTINGS, &sources);
    command.run(&["fetch"]);
    exported(&command, &[]);
    let out = command.folder().join("out");
    let first = files(&out);
    assert!(exported(&command, &[]).out.contains("\"written\": 0"));
    assert!(
        exported(&command, &["--all"])
            .out
            .contains("\"written\": 0")
    );
    assert_eq!(files(&out), first);

    site.publish(
        "/rss",
        rss(&[item(1, "Första"), item(2, "Andra"), item(3, "Tredje")]),
    );
    command.run(&["fetch", "a"]);
    exported(&command, &[]);
    let second = files(&out);
    let touched: HashSet<&str> = second
        .iter()
        .filter(|file| !first.contains(file))
        .map(|(path, _)| path.strip_prefix(&out).unwrap().to_str().unwrap())
        .collect();
    assert!(
        touched.contains("feed.atom") && touched.contains("sources/a.rss"),
        "{touched:?}"
    );
    assert!(touched.contains("entries/4/index.html"), "{touched:?}");
    let untouched = |name: &str| !touched.contains(name);
    assert!(
        untouched("entries/1/index.html") && untouched("sources/b.atom") && untouched("style.css"),
        "{touched:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn another_title_is_on_every_page_of_the_next_export() {
    let command = with_one_entry().await;
    exported(&command, &[]);
    let renamed = SETTINGS.replace("[site]", "[site]\ntitle = \"Ett nytt namn\"");
    std::fs::write(command.folder().join("config/samflode.toml"), renamed).unwrap();
    exported(&command, &[]);
    for page in ["index.html", "entries/1/index.html", "sources/a.atom"] {
        let text = std::fs::read_to_string(command.folder().join("out").join(page)).unwrap();
        assert!(text.contains("Ett nytt namn"), "{page}");
    }
}

#[test]
fn the_export_of_the_recording_is_what_is_served() {
    let command = Command::with("", include_str!("../config/sources.toml"));
    let recording = recording();
    let replay = [
        "fetch",
        "--replay",
        recording.to_str().unwrap(),
        "--database",
        "r.db",
    ];
    command.run(&replay);
    exported(&command, &["--database", "r.db"]);
    let service = command.serve(&[
        "--database",
        "r.db",
        "--replay",
        recording.to_str().unwrap(),
    ]);
    let mut compared = 0;
    for path in [
        "feed.rss",
        "archive/1.atom",
        "entries/3/index.html",
        "style.css",
    ] {
        let file = command.folder().join("out").join(path);
        if !file.exists() {
            continue;
        }
        let served = service.get(&format!("/{}", path.trim_end_matches("/index.html")));
        let (_, body) = served.split_once("\r\n\r\n").unwrap();
        assert_eq!(body, std::fs::read_to_string(file).unwrap(), "{path}");
        compared += 1;
    }
    assert!(compared >= 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_cannot_be_written_is_named_with_the_reason() {
    let command = with_one_entry().await;
    std::fs::write(command.folder().join("out"), "a file").unwrap();
    let ended = command.run(&["export", "out"]);
    assert_eq!(ended.code, 1, "{ended:?}");
    assert!(
        ended.err.contains("error: cannot write `out/") && ended.err.contains("because: "),
        "{ended:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_joined_or_taken_down_leaves_nothing_behind() {
    let site = Site::start().await;
    site.publish("/rss", rss(&[item(1, "Första"), item(2, "Andra")]));
    let sources = format!(
        "[[source]]\nid = \"a\"\naddress = \"{}\"\n",
        site.at("/rss")
    );
    let command = Command::with(SETTINGS, &sources);
    command.run(&["fetch"]);
    exported(&command, &[]);
    let out = command.folder().join("out");
    let page = |day: u32| out.join(format!("archive/2026-11-{day:02}/index.html"));
    assert!(page(2).is_file() && page(3).is_file());

    assert_eq!(command.run(&["join", "1", "2"]).code, 0);
    exported(&command, &[]);
    assert!(page(2).is_file() && !page(3).exists());
    assert!(!page(3).with_extension("html.gz").exists());
    let month = std::fs::read_to_string(out.join("archive/2026-11/index.html")).unwrap();
    assert!(!month.contains("2026-11-03"), "{month}");

    assert_eq!(command.run(&["withdraw", "1"]).code, 0);
    exported(&command, &[]);
    for (path, _) in files(&out) {
        let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
        assert!(!text.contains("Första"), "{path:?}");
    }
    let day = std::fs::read_to_string(page(2)).unwrap();
    assert!(day.contains("Borttagen här"), "{day}");
}
