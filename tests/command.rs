//! The real binary as an operator types it: exit codes, errors in words, replay, stops, kills.

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use crate::support::command::{Command, recording};
use crate::support::feeds::{item, rss};
use crate::support::site::Page;
use crate::support::{Service, Site};

const LOOPBACK: &str = "[fetch]\nallow_private = [\"127.0.0.0/8\"]\nspacing = \"0s\"\n";

fn source(site: &Site, id: &str, path: &str) -> String {
    format!(
        "[[source]]\nid = \"{id}\"\naddress = \"{}\"\n",
        site.at(path)
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn fetch_twice_adds_nothing_the_second_time() {
    let site = Site::start().await;
    site.publish("/rss", rss(&[item(1, "Första"), item(2, "Andra")]));
    let command = Command::with(LOOPBACK, &source(&site, "a", "/rss"));
    let first = command.run(&["fetch"]);
    assert_eq!(
        (first.code, first.err.contains("a: 2 new")),
        (0, true),
        "{first:?}"
    );
    let second = command.run(&["fetch"]);
    assert!(second.out.contains("1 source: 0 entries new"), "{second:?}");
    let listed = command.run(&["entries", "--format", "jsonl"]);
    assert_eq!(listed.out.lines().count(), 2, "{listed:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn fetch_ends_with_3_when_a_source_fails_and_says_what_to_do() {
    let site = Site::start().await;
    site.serve("/gone", Page::status(404));
    let command = Command::with(LOOPBACK, &source(&site, "a", "/gone"));
    let ended = command.run(&["fetch"]);
    assert_eq!(ended.code, 3, "{ended:?}");
    assert!(ended.out.contains("404"), "{ended:?}");
    assert!(ended.out.contains("samflode discover"), "{ended:?}");
}

#[test]
fn without_a_configuration_the_error_names_init() {
    let ended = Command::in_an_empty_folder().run(&["fetch"]);
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(ended.err.starts_with("error: "), "{ended:?}");
    assert!(ended.err.contains("hint: `samflode init"), "{ended:?}");
}

#[test]
fn a_wrong_configuration_ends_with_2_and_touches_nothing() {
    let command = Command::with(
        "[sight]\n",
        "[[source]]\nid = \"a\"\nadress = \"https://a.example/\"\n",
    );
    let ended = command.run(&["fetch"]);
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(ended.err.contains("did you mean"), "{ended:?}");
    assert!(!command.folder().join("data").exists());
}

#[test]
fn a_port_in_use_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let ended = Command::with(LOOPBACK, "").run(&["serve", "--listen", &address]);
    assert_eq!(ended.code, 1, "{ended:?}");
    assert!(
        ended
            .err
            .contains(&format!("error: cannot listen on {address}")),
        "{ended:?}"
    );
}

#[test]
fn a_database_that_cannot_be_made_is_named() {
    let command = Command::with(LOOPBACK, "");
    let file = command.folder().join("file");
    std::fs::write(&file, "not a folder").unwrap();
    let ended = command.run(&["fetch", "--database", "file/samflode.db"]);
    assert_eq!(ended.code, 1, "{ended:?}");
    assert!(ended.err.contains("file"), "{ended:?}");
    assert!(ended.err.contains("--database"), "{ended:?}");
}

#[test]
fn a_second_daemon_on_the_same_database_is_refused() {
    let command = Command::with(LOOPBACK, "");
    let _first = command.serve(&[]);
    let second = command.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(second.code, 1, "{second:?}");
    assert!(second.err.contains("another samflode daemon"), "{second:?}");
}

#[test]
fn a_database_of_a_newer_version_is_refused_untouched() {
    let command = Command::with(LOOPBACK, "");
    let path = command.folder().join("new.db");
    let newer = rusqlite::Connection::open(&path).unwrap();
    newer.pragma_update(None, "user_version", 9_999).unwrap();
    drop(newer);
    let before = std::fs::read(&path).unwrap();
    let ended = command.run(&["fetch", "--database", "new.db"]);
    assert_eq!(ended.code, 1, "{ended:?}");
    assert!(ended.err.contains("9999"), "{ended:?}");
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn a_replay_publishes_the_recording_and_leaves_no_database() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/config");
    let command = Command::in_an_empty_folder();
    let ended = command.run(&[
        "fetch",
        "--config",
        folder,
        "--replay",
        recording().to_str().unwrap(),
    ]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(std::fs::read_dir(command.folder()).unwrap().count(), 0);
}

#[test]
fn serve_publishes_the_recording() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/config");
    let command = Command::in_an_empty_folder();
    let service = command.serve(&[
        "--config",
        folder,
        "--replay",
        recording().to_str().unwrap(),
    ]);
    let deadline = Instant::now() + Duration::from_secs(60);
    let mut feed = service.get("/feed.atom");
    while feed.matches("<entry").count() < 50 {
        assert!(Instant::now() < deadline, "{feed}");
        feed = service.get("/feed.atom");
    }
    assert!(feed.starts_with("HTTP/1.1 200 OK\r\n"), "{feed}");
    assert!(service.get("/").contains("<h1"));
    assert!(service.get("/healthz").ends_with("ok\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_recorded_can_be_replayed() {
    let site = Site::start().await;
    site.publish("/rss", rss(&[item(1, "Inspelad")]));
    let command = Command::with(LOOPBACK, &source(&site, "a", "/rss"));
    let recorded = command.run(&["fetch", "--record", "tape"]);
    assert_eq!(recorded.code, 0, "{recorded:?}");
    site.publish("/rss", rss(&[item(2, "Senare")]));
    let played = command.run(&["fetch", "--replay", "tape", "--database", "played.db"]);
    assert_eq!(played.code, 0, "{played:?}");
    let listed = command.run(&["entries", "--database", "played.db", "--format", "jsonl"]);
    assert!(
        listed.out.contains("Inspelad") && !listed.out.contains("Senare"),
        "{listed:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_keeps_nothing() {
    let site = Site::start().await;
    site.publish("/rss", rss(&[item(1, "Första")]));
    let command = Command::with(LOOPBACK, &source(&site, "a", "/rss"));
    let dry = command.run(&["fetch", "--dry-run"]);
    assert!(dry.out.contains("1 entry new"), "{dry:?}");
    assert!(!command.folder().join("data").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_unknown_is_told_as_wrong_usage() {
    let site = Site::start().await;
    site.publish("/rss", rss(&[item(1, "Första")]));
    let command = Command::with(LOOPBACK, &source(&site, "adda", "/rss"));
    assert_eq!(command.run(&["fetch"]).code, 0);
    for arguments in [
        &["fetch", "add"][..],
        &["status", "add"],
        &["next", "add"],
        &["entries", "--source", "add"],
        &["check", "add"],
        &["sources", "add"],
        &["release", "add"],
    ] {
        let ended = command.run(arguments);
        assert_eq!(
            (ended.code, ended.out.as_str()),
            (2, ""),
            "{arguments:?}: {ended:?}"
        );
        assert!(ended.err.contains("error: "), "{arguments:?}: {ended:?}");
    }
    let newer = source(&site, "adda", "/rss") + &source(&site, "nyare", "/rss");
    std::fs::write(command.folder().join("config/sources.toml"), newer).unwrap();
    let told = command.run(&["status", "nyare"]);
    assert!(told.out.contains("not refreshed yet"), "{told:?}");
    std::fs::write(command.folder().join("config/sources.toml"), "").unwrap();
    let gone = command.run(&["status", "adda"]);
    assert!(gone.out.contains("not configured"), "{gone:?}");
}

#[test]
fn what_is_written_to_the_sources_while_add_searches_is_kept() {
    let command = Command::with(LOOPBACK, "# before\n");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/rss", listener.local_addr().unwrap());
    let path = command.folder().join("config/sources.toml");
    // The editor saves the file when the first question arrives.
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            let _ = connection.read(&mut [0u8; 4096]);
            std::fs::write(&path, "# before\n# meanwhile\n").unwrap();
            let body = rss(&[item(1, "Första"), item(2, "Andra")]);
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                body.len()
            );
            let _ = connection.write_all((head + &body).as_bytes());
        }
    });
    let added = command.run(&["add", &address]);
    assert_eq!(added.code, 0, "{added:?}");
    let text = std::fs::read_to_string(command.folder().join("config/sources.toml")).unwrap();
    assert!(
        text.contains("# meanwhile") && text.contains(&address),
        "{text}"
    );
}

#[test]
fn only_serve_and_fetch_make_a_database() {
    let command = Command::with(LOOPBACK, "");
    for arguments in [
        &["status"][..],
        &["next"],
        &["entries"],
        &["search", "x"],
        &["withdraw", "1"],
        &["export", "out"],
        &["doctor"],
        &["why", "1"],
        &["split", "1"],
        &["join", "1", "2"],
        &["recluster"],
        &["backup", "copy.db"],
    ] {
        let ended = command.run(arguments);
        assert_eq!(ended.code, 1, "{arguments:?}: {ended:?}");
        let said = "error: there is no database `data/samflode.db`\n";
        assert!(ended.err.starts_with(said), "{arguments:?}: {ended:?}");
        assert!(
            ended.err.contains("`--database FILE`"),
            "{arguments:?}: {ended:?}"
        );
        assert!(!command.folder().join("data").exists(), "{arguments:?}");
    }
    assert_eq!(command.run(&["fetch"]).code, 0);
    assert_eq!(command.run(&["status"]).code, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_fetch_says_so_and_keeps_what_was_told() {
    let site = Site::start().await;
    site.publish("/rss", rss(&[item(1, "Första")]));
    // It takes the connection and never answers.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap();
    let sources = source(&site, "a", "/rss")
        + &format!("[[source]]\nid = \"b\"\naddress = \"http://{address}/rss\"\n");
    for signal in ["-TERM", "-INT"] {
        let command = Command::with(LOOPBACK, &sources);
        let mut child = command.start(&["fetch"]);
        let mut first_line = [0u8; 1];
        let _ = child.stderr.as_mut().unwrap().read(&mut first_line); // `a` has ended
        let asked = std::process::Command::new("kill")
            .args([signal, &child.id().to_string()])
            .status();
        assert!(asked.unwrap().success());
        let ended = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(1), "{signal}: {said}");
        assert!(
            said.contains("error: interrupted with 1 source not refreshed"),
            "{said}"
        );
        let kept = command.run(&["entries", "--format", "jsonl"]);
        assert!(kept.out.contains("Första"), "{signal}: {kept:?}");
    }
}

#[test]
fn sigterm_ends_the_service_with_0() {
    let command = Command::with(LOOPBACK, "");
    let Service { child, .. } = &mut command.serve(&[]);
    let killed = std::process::Command::new("kill")
        .args(["-TERM", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(killed.success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fetch_that_was_killed_can_be_repeated_at_once() {
    let site = Site::start().await;
    site.publish("/rss", rss(&[item(1, "Första")]));
    let slow = Site::start().await;
    slow.publish("/rss", rss(&[item(2, "Andra")]));
    let sources = source(&site, "a", "/rss") + &source(&slow, "b", "/rss");
    let command = Command::with(LOOPBACK, &sources);
    let mut killed = command.start(&["fetch"]);
    let mut first_line = [0u8; 1];
    let _ = killed.stderr.as_mut().unwrap().read(&mut first_line); // one source has ended
    killed.kill().unwrap();
    killed.wait().unwrap();
    let again = command.run(&["fetch"]);
    assert_eq!(again.code, 0, "{again:?}");
    assert!(!again.out.contains("skipped"), "{again:?}");
    assert_eq!(
        command
            .run(&["entries", "--format", "jsonl"])
            .out
            .lines()
            .count(),
        2
    );
}

#[test]
fn a_pipe_that_closes_is_no_error() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/config");
    let mut child = Command::in_an_empty_folder().start(&["sources", "--config", folder]);
    drop(child.stdout.take());
    let code = child.wait().unwrap().code();
    assert_eq!(code, Some(0));
}
