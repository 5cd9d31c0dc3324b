//! Manners and bounds that one request alone does not show.

use std::sync::Arc;
use std::time::{Duration, Instant};

use samflode::model::{Answer, FetchSettings, Validators};

use crate::support::origin::{Origin, Step, answer, answer_and_stay, redirect};

use super::coding::gzip;
use super::{FEED, document, ending, fetcher, fetcher_with, request, settings};

#[tokio::test]
async fn a_name_that_leads_home_is_refused_at_connect_time() {
    let closed = fetcher_with(FetchSettings {
        allow_private: Vec::new(),
        ..settings()
    });
    let ended = ending(&closed.fetch(&request("http://localhost:9/feed")).await);
    assert_eq!(ended.0, "forbidden-address", "{}", ended.1);
}

#[tokio::test]
async fn a_host_that_is_not_there_is_told_by_its_trouble() {
    let refused = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}/feed", listener.local_addr().unwrap())
    };
    let ended = ending(&fetcher().fetch(&request(&refused)).await);
    assert_eq!(ended.0, "no-connection");
    assert!(ended.1.contains("refused"), "{}", ended.1);
    let unknown = ending(
        &fetcher()
            .fetch(&request("http://nowhere.invalid/feed"))
            .await,
    );
    assert!(
        ["name-not-found", "no-connection"].contains(&unknown.0),
        "{unknown:?}"
    );
    assert!(unknown.1.contains("nowhere.invalid"), "{unknown:?}");
}

#[tokio::test]
async fn plain_http_behind_https_is_named() {
    let origin = Origin::playing(|_| answer("400 Bad", "", b"plain")).await;
    let address = origin.at("/feed").replace("http:", "https:");
    let ended = ending(&fetcher().fetch(&request(&address)).await);
    assert_eq!(ended.0, "tls", "{}", ended.1);
}

#[tokio::test]
async fn a_kept_connection_that_died_is_replaced_in_silence() {
    let origin = Origin::playing(|asked| match asked.before {
        // Promises to stay, and closes on the next request without a word.
        0 => answer_and_stay("200 OK", "", FEED),
        1 => vec![Step::Reset],
        _ => answer("200 OK", "", FEED),
    })
    .await;
    let fetcher = fetcher();
    document(fetcher.fetch(&request(&origin.at("/feed"))).await);
    document(fetcher.fetch(&request(&origin.at("/feed"))).await);
    assert_eq!((origin.connections(), origin.seen("/feed").len()), (2, 3));
}

#[tokio::test]
async fn octets_left_over_spoil_no_later_answer() {
    let origin = Origin::playing(|_| {
        let mut steps = answer("200 OK", "", FEED);
        steps.push(Step::Send(
            b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil".to_vec(),
        ));
        steps.push(Step::Next);
        steps
    })
    .await;
    let fetcher = fetcher();
    for _ in 0..3 {
        assert_eq!(
            &document(fetcher.fetch(&request(&origin.at("/feed"))).await).bytes[..],
            FEED
        );
    }
}

#[tokio::test]
async fn who_asks_is_told_and_from_only_where_it_is_set() {
    for from in [None, Some("red@example.org".to_owned())] {
        let origin = Origin::playing(|_| answer("200 OK", "", FEED)).await;
        let fetcher = fetcher_with(FetchSettings {
            contact: Some("mailto:drift@example.org".to_owned()),
            from: from.clone(),
            ..settings()
        });
        document(fetcher.fetch(&request(&origin.at("/feed"))).await);
        let head = origin.seen("/feed")[0].head.to_lowercase();
        let agent = concat!(
            "user-agent: samflode/",
            env!("CARGO_PKG_VERSION"),
            " (+mailto:drift@example.org)\r\n"
        );
        assert!(head.contains(agent), "{head}");
        let told = head.lines().find_map(|line| line.strip_prefix("from: "));
        assert_eq!(told, from.as_deref(), "{head}");
    }
}

#[tokio::test]
async fn connections_are_kept_and_cookies_are_not() {
    let origin =
        Origin::playing(|_| answer_and_stay("200 OK", "set-cookie: a=b\r\netag: \"1\"\r\n", FEED))
            .await;
    let fetcher = fetcher();
    for _ in 0..3 {
        document(fetcher.fetch(&request(&origin.at("/feed"))).await);
    }
    let seen = origin.seen("/feed");
    assert_eq!(origin.connections(), 1);
    assert!(
        seen.iter()
            .all(|asked| !asked.head.to_lowercase().contains("cookie"))
    );
    assert!(
        seen[0]
            .head
            .to_lowercase()
            .contains("user-agent: samflode/"),
        "{}",
        seen[0].head
    );
}

#[tokio::test]
async fn validators_are_sent_and_a_304_is_nothing_new() {
    let origin = Origin::playing(
        |asked| match asked.head.contains("if-none-match: W/\"x\"") {
            true => answer(
                "304 Not Modified",
                "etag: \"y\"\r\ncache-control: max-age=600\r\n",
                b"",
            ),
            false => answer(
                "200 OK",
                "etag: W/\"x\"\r\nlast-modified: yesterday\r\n",
                FEED,
            ),
        },
    )
    .await;
    let fetcher = fetcher();
    let mut request = request(&origin.at("/feed"));
    request.validators = document(fetcher.fetch(&request).await).validators;
    let Ok(Answer::NotModified {
        validators,
        freshness,
        ..
    }) = fetcher.fetch(&request).await
    else {
        panic!("not modified");
    };
    assert_eq!(
        validators,
        Validators {
            entity_tag: Some("\"y\"".into()),
            last_modified: None
        }
    );
    assert_eq!(
        freshness.fresh_until,
        Some(super::now() + chrono::TimeDelta::minutes(10))
    );
    assert!(
        origin.seen("/feed")[1]
            .head
            .contains("if-modified-since: yesterday")
    );
}

#[tokio::test]
async fn a_difference_is_taken_where_it_was_asked_for() {
    let origin =
        Origin::playing(|_| answer("226 IM Used", "im: feed\r\netag: \"2\"\r\n", FEED)).await;
    let mut request = request(&origin.at("/feed"));
    request.validators.entity_tag = Some("\"1\"".into());
    assert!(document(fetcher().fetch(&request).await).is_delta);
    assert!(origin.seen("/feed")[0].head.contains("a-im: feed"));
}

#[tokio::test]
async fn permanent_redirects_are_told_and_temporary_ones_are_not() {
    let origin = Origin::playing(|asked| match asked.path.as_str() {
        "/old" => redirect(301, "/new"),
        "/new" => redirect(308, "/feed"),
        "/away" => redirect(307, "/feed"),
        _ => answer("200 OK", "", FEED),
    })
    .await;
    let moved = document(fetcher().fetch(&request(&origin.at("/old"))).await);
    assert_eq!(moved.moved_to.map(String::from), Some(origin.at("/feed")));
    let away = document(fetcher().fetch(&request(&origin.at("/away"))).await);
    assert_eq!(
        (away.moved_to, away.address.as_str()),
        (None, origin.at("/feed").as_str())
    );
}

#[tokio::test]
async fn a_host_that_asks_for_rest_is_left_alone() {
    let origin = Origin::playing(|_| answer("429 Slow", "retry-after: 60\r\n", b"")).await;
    let fetcher = fetcher();
    for _ in 0..3 {
        assert_eq!(
            ending(&fetcher.fetch(&request(&origin.at("/feed"))).await).0,
            "skipped"
        );
    }
    assert_eq!(origin.seen("/feed").len(), 1);
    let memory = fetcher.take_changed();
    assert_eq!(
        memory[0].1.rests_until,
        Some(super::now() + chrono::TimeDelta::seconds(60))
    );
    fetcher.tick(super::now() + chrono::TimeDelta::seconds(61));
    let _ = fetcher.fetch(&request(&origin.at("/feed"))).await;
    assert_eq!(origin.seen("/feed").len(), 2);
}

#[tokio::test]
async fn a_host_that_asks_for_rest_for_more_than_a_day_is_a_failure() {
    let origin = Origin::playing(|_| answer("429 Slow", "", b"")).await;
    let fetcher = fetcher();
    for (hour, expected) in [(0, "skipped"), (20, "skipped"), (45, "status")] {
        fetcher.tick(super::now() + chrono::TimeDelta::hours(hour));
        assert_eq!(
            ending(&fetcher.fetch(&request(&origin.at("/feed"))).await).0,
            expected,
            "{hour}"
        );
    }
}

/// What robots.txt answers, and how a request for `/feed` then ends.
#[tokio::test]
async fn robots_are_obeyed_whatever_they_answer() {
    let file = |text: &'static str| answer("200 OK", "", text.as_bytes());
    let endless = vec![
        Step::Send(b"HTTP/1.1 200 OK\r\n\r\n".to_vec()),
        Step::Repeat(b"Allow: /\n".to_vec()),
    ];
    let cases = [
        (
            "allows",
            file("User-agent: *\nDisallow: /private\n"),
            "document",
            "",
        ),
        (
            "forbids",
            file("User-agent: *\nDisallow: /feed\n"),
            "skipped",
            "robots.txt forbids",
        ),
        (
            "forbids us",
            file("User-agent: SAMFLODE\nDisallow: /\n\nUser-agent: *\nAllow: /\n"),
            "skipped",
            "forbids",
        ),
        (
            "allows us",
            file("User-agent: *\nDisallow: /\n\nUser-agent: samflode\nAllow: /feed\nDisallow: /\n"),
            "document",
            "",
        ),
        (
            "is not there",
            answer("404 No", "", b"User-agent: *\nDisallow: /\n"),
            "document",
            "",
        ),
        ("is not for us", answer("403 No", "", b""), "document", ""),
        (
            "is broken",
            answer("500 Oops", "", b""),
            "skipped",
            "cannot be had",
        ),
        (
            "is a page",
            file("<html>Disallow: /</html>"),
            "document",
            "",
        ),
        (
            "has a mark",
            file("\u{feff}User-agent: *\rDisallow: /feed\r"),
            "skipped",
            "forbids",
        ),
        ("never ends", endless, "document", ""),
        ("never comes", vec![Step::Hold], "skipped", "cannot be had"),
        (
            "is elsewhere",
            redirect(302, "/other/robots"),
            "document",
            "",
        ),
        (
            "is on a private network",
            redirect(302, "http://10.0.0.1/robots.txt"),
            "skipped",
            "10.0.0.1",
        ),
        (
            "is on a dead host",
            redirect(302, "http://127.0.0.1:1/robots.txt"),
            "skipped",
            "refused",
        ),
        (
            "forbids a version of us",
            file("User-agent: samflode/1.0\nDisallow: /\n"),
            "skipped",
            "forbids",
        ),
        ("goes round", redirect(302, "/robots.txt"), "document", ""),
    ];
    for (name, robots, expected, says) in cases {
        let origin = Origin::playing(move |asked| match asked.path.as_str() {
            "/robots.txt" => robots.clone(),
            "/other/robots" => answer("200 OK", "", b"User-agent: *\nAllow: /\n"),
            _ => answer("200 OK", "", FEED),
        })
        .await;
        let fetcher = fetcher();
        let mut request = request(&origin.at("/feed"));
        request.obey_robots = true;
        for _ in 0..2 {
            let ended = ending(&fetcher.fetch(&request).await);
            assert!(
                ended.0 == expected && ended.1.contains(says),
                "{name}: {ended:?}"
            );
        }
        assert_eq!(
            origin.seen("/robots.txt").len(),
            1,
            "{name}: asked once a day"
        );
    }
}

#[tokio::test]
async fn robots_are_asked_once_for_all_who_wait() {
    let origin = Origin::playing(|_| answer_and_stay("200 OK", "", FEED)).await;
    let fetcher = Arc::new(fetcher());
    let mut tasks = Vec::new();
    for number in 0..20 {
        let (fetcher, mut request) = (
            Arc::clone(&fetcher),
            request(&origin.at(&format!("/{number}"))),
        );
        request.obey_robots = true;
        tasks.push(tokio::spawn(async move { fetcher.fetch(&request).await }));
    }
    for task in tasks {
        document(task.await.unwrap());
    }
    assert_eq!(origin.seen("/robots.txt").len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bodies_share_one_budget_and_all_get_through() {
    let body = vec![b'x'; 900 * 1024];
    let origin = Origin::playing(move |_| answer_and_stay("200 OK", "", &body)).await;
    let tight = FetchSettings {
        byte_budget: 2 << 20,
        max_body: 1 << 20,
        max_page: 1 << 20,
        timeout: Duration::from_secs(20),
        ..settings()
    };
    let fetcher = Arc::new(fetcher_with(tight));
    let mut tasks = Vec::new();
    for number in 0..24 {
        let (fetcher, mut request) = (
            Arc::clone(&fetcher),
            request(&origin.at(&format!("/{number}"))),
        );
        (request.max_body, request.timeout) = (1 << 20, Duration::from_secs(20));
        tasks.push(tokio::spawn(async move {
            document(fetcher.fetch(&request).await).bytes.len()
        }));
    }
    for task in tasks {
        assert_eq!(task.await.unwrap(), 900 * 1024);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn good_sources_are_done_beside_slow_ones_and_bombs() {
    let bomb = gzip(&vec![b'x'; 4 << 20]);
    let origin = Origin::playing(move |asked| match &asked.path[..2] {
        "/s" => vec![
            Step::Send(b"HTTP/1.1 200 OK\r\n\r\n".to_vec()),
            Step::Drip(vec![b'x'; 1000], Duration::from_millis(100)),
        ],
        "/n" => vec![Step::Hold],
        "/b" => answer("200 OK", "content-encoding: gzip\r\n", &bomb),
        _ => answer_and_stay("200 OK", "", FEED),
    })
    .await;
    let fetcher = Arc::new(fetcher());
    let started = Instant::now();
    let mut tasks = Vec::new();
    for number in 0..158 {
        let kind = match number {
            0..25 => "s",
            25..50 => "n",
            50..58 => "b",
            _ => "g",
        };
        let (fetcher, request) = (
            Arc::clone(&fetcher),
            request(&origin.at(&format!("/{kind}{number}"))),
        );
        tasks.push((
            kind,
            tokio::spawn(async move { ending(&fetcher.fetch(&request).await).0 }),
        ));
    }
    for (kind, task) in tasks {
        let expected = match kind {
            "s" | "n" => "timeout",
            "b" => "too-large",
            _ => "document",
        };
        assert_eq!(task.await.unwrap(), expected, "{kind}");
    }
    assert!(
        started.elapsed() < Duration::from_secs(30),
        "{:?}",
        started.elapsed()
    );
}
