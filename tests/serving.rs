//! How it is served: conditions, codings, limits, refusals, pages.

use std::io::{Read, Write};
use std::net::TcpStream;

use flate2::read::GzDecoder;

use crate::support::Newsroom;
use crate::support::newsroom::entry;

async fn room() -> Newsroom {
    let mut room = Newsroom::open().await;
    room.tell("kommunen", entry("Hållbara krav")).await;
    room
}

#[tokio::test]
async fn each_coding_has_its_own_strong_validator_and_the_same_text() {
    let room = room().await;
    let served = room.serve().await;
    let plain = served.get("/feed.atom").await;
    let gzip = served
        .ask("GET", "/feed.atom", &[("accept-encoding", "gzip")])
        .await;
    let brotli = served
        .ask(
            "GET",
            "/feed.atom",
            &[("accept-encoding", "br, gzip;q=0.5")],
        )
        .await;
    let mut text = String::new();
    GzDecoder::new(&gzip.body[..])
        .read_to_string(&mut text)
        .unwrap();
    assert_eq!(text, plain.text());
    text.clear();
    brotli::Decompressor::new(&brotli.body[..], 4096)
        .read_to_string(&mut text)
        .unwrap();
    assert_eq!(text, plain.text());
    assert!(brotli.body.len() < gzip.body.len());
    assert_eq!(
        (
            gzip.header("content-encoding"),
            brotli.header("content-encoding")
        ),
        ("gzip", "br")
    );
    let tags = [
        plain.header("etag"),
        gzip.header("etag"),
        brotli.header("etag"),
    ];
    assert!(tags.iter().all(|tag| tag.starts_with('"')));
    assert!(tags[0] != tags[1] && tags[1] != tags[2] && tags[0] != tags[2]);
    for answer in [&plain, &gzip, &brotli] {
        assert_eq!(answer.header("vary"), "accept-encoding");
        assert_eq!(
            answer.header("content-type"),
            "application/atom+xml; charset=utf-8"
        );
        assert_eq!(
            answer.header("content-length"),
            answer.body.len().to_string()
        );
        assert!(
            answer
                .header("cache-control")
                .starts_with("public, max-age=")
        );
    }
    let refused = served
        .ask(
            "GET",
            "/feed.atom",
            &[("accept-encoding", "identity;q=0, *;q=0")],
        )
        .await;
    assert_eq!(refused.status, 406);
}

#[tokio::test]
async fn whoever_has_it_already_gets_nothing() {
    let room = room().await;
    let served = room.serve().await;
    for path in [
        "/feed.atom",
        "/feed.rss",
        "/feed.json",
        "/sources/kommunen.atom",
        "/sources.opml",
        "/",
        "/style.css",
    ] {
        let whole = served.get(path).await;
        assert_eq!(whole.status, 200, "{path}");
        let tag = whole.header("etag");
        for list in [
            tag.to_owned(),
            format!("W/{tag}"),
            format!("\"x\", {tag}"),
            "*".into(),
        ] {
            let again = served.ask("GET", path, &[("if-none-match", &list)]).await;
            assert_eq!((again.status, again.body.len()), (304, 0), "{path} {list}");
            for name in ["etag", "vary", "cache-control"] {
                assert_eq!(again.header(name), whole.header(name), "{path} {name}");
            }
        }
        let date = whole.header("last-modified");
        let since = served
            .ask("GET", path, &[("if-modified-since", date)])
            .await;
        assert_eq!(since.status, 304, "{path}");
        let both = [("if-modified-since", date), ("if-none-match", "\"x\"")];
        assert_eq!(served.ask("GET", path, &both).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn head_is_get_without_a_body_and_other_methods_are_refused_with_what_is_allowed() {
    let room = room().await;
    let served = room.serve().await;
    for path in [
        "/feed.atom",
        "/",
        "/status",
        "/search.atom?q=krav",
        "/entries/1",
        "/nowhere",
    ] {
        let (get, head) = (served.get(path).await, served.ask("HEAD", path, &[]).await);
        assert_eq!((head.status, head.body.len()), (get.status, 0), "{path}");
        assert_eq!(
            head.header("content-type"),
            get.header("content-type"),
            "{path}"
        );
        assert_eq!(
            head.header("content-length"),
            get.header("content-length"),
            "{path}"
        );
    }
    for method in ["POST", "PUT", "DELETE", "TRACE", "PATCH"] {
        let answer = served.ask(method, "/feed.atom", &[]).await;
        assert_eq!(
            (answer.status, answer.header("allow")),
            (405, "GET,HEAD"),
            "{method}"
        );
    }
    assert_eq!(served.ask("BREW", "/feed.atom", &[]).await.status, 501);
}

#[tokio::test]
async fn a_subscriber_that_knows_deltas_gets_only_what_is_new() {
    let mut room = room().await;
    let served = room.serve().await;
    let first = served.get("/feed.atom").await;
    for number in 0..3 {
        room.tell("kommunen", entry(&format!("Nyhet {number}")))
            .await;
    }
    let asked = [
        ("a-im", "feed, gzip"),
        ("if-none-match", first.header("etag")),
    ];
    let delta = served.ask("GET", "/feed.atom", &asked).await;
    let whole = served.get("/feed.atom").await;
    assert_eq!((delta.status, delta.header("im")), (226, "feed"));
    assert_eq!(delta.header("etag"), whole.header("etag"));
    assert!(delta.header("vary").contains("a-im") && delta.header("cache-control").contains("im"));
    assert_eq!(delta.text().matches("<entry>").count(), 3);
    assert_eq!(whole.text().matches("<entry>").count(), 4);
    let unknown = [("a-im", "feed"), ("if-none-match", "\"zzz\"")];
    assert_eq!(served.ask("GET", "/feed.atom", &unknown).await.status, 200);
    let current = [("a-im", "feed"), ("if-none-match", whole.header("etag"))];
    assert_eq!(served.ask("GET", "/feed.atom", &current).await.status, 304);
}

#[tokio::test]
async fn a_sealed_document_is_for_ever() {
    let mut room = Newsroom::open().await;
    for number in 0..12 {
        room.tell("kommunen", entry(&format!("Nyhet {number}")))
            .await;
    }
    let served = room.serve().await;
    for path in [
        "/archive/1.atom",
        "/sources/kommunen/archive/1.atom",
        "/categories/klimat/archive/1.atom",
    ] {
        let sealed = served
            .ask("GET", path, &[("accept-encoding", "gzip")])
            .await;
        assert_eq!(
            (sealed.status, sealed.header("content-encoding")),
            (200, "gzip"),
            "{path}"
        );
        assert!(
            sealed.header("cache-control").contains("immutable"),
            "{path}"
        );
    }
    for path in [
        "/archive/2.atom",
        "/archive/0.atom",
        "/archive/-1.atom",
        "/archive/x",
        "/archive/99999999999999999999.atom",
    ] {
        assert_eq!(served.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn whatever_is_asked_for_is_words_or_a_refusal_never_a_failure() {
    let room = Newsroom::with(|settings| settings.serve.searches_per_minute = 1000).await;
    let served = room.serve().await;
    for query in [
        "%22",
        "AND",
        "NEAR(",
        "col%3A",
        "*",
        "%5E",
        "-",
        "%7B%7D",
        "",
        "'%3B+DROP+TABLE+entry",
        "%F0%9F%93%A2",
        "%FF%FE",
        "%00",
        "a%25_",
    ] {
        for path in ["/search.atom", "/search.rss", "/search.json", "/"] {
            let status = served.get(&format!("{path}?q={query}")).await.status;
            assert!([200, 400].contains(&status), "{path}?q={query} {status}");
        }
    }
    for page in [
        "before=-1",
        "before=0",
        "before=9223372036854775808.1",
        "before=abc",
        "source=nope",
        "category=../../x",
        "lang=xx",
    ] {
        assert_eq!(served.get(&format!("/?{page}")).await.status, 200, "{page}");
    }
    let long = "x".repeat(5000);
    assert_eq!(served.get(&format!("/?q={long}")).await.status, 414);
    assert_eq!(
        served.get(&format!("/?q={}", &long[..600])).await.status,
        400
    );
}

#[tokio::test]
async fn nothing_outside_the_site_is_served_and_errors_tell_nothing_of_the_inside() {
    let room = room().await;
    let served = room.serve().await;
    for path in [
        "/../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/sources/..%2f..%2fetc.atom",
        "/x%00y",
        "/a\\b",
        "/sources/.atom",
        "/entries/1/2",
        "/entries/abc",
        "/sources/nope.atom",
        "/sources/kommunen.exe",
    ] {
        let answer = served.get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(
            answer.text().contains("<h1>") && answer.text().contains("role=\"search\""),
            "{path}"
        );
        assert!(
            !answer.text().contains("src/") && !answer.text().contains("SELECT"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn every_answer_carries_the_same_safety() {
    let room = room().await;
    let served = room.serve().await;
    for path in [
        "/",
        "/feed.atom",
        "/nowhere",
        "/metrics",
        "/healthz",
        "/search.atom?q=",
        "/entries/1",
    ] {
        let answer = served.get(path).await;
        assert!(
            answer
                .header("content-security-policy")
                .starts_with("default-src 'none'"),
            "{path}"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(answer.header("set-cookie"), "", "{path}");
    }
    let forged = served
        .ask(
            "GET",
            "/feed.atom",
            &[
                ("host", "evil.example"),
                ("x-forwarded-host", "evil.example"),
            ],
        )
        .await;
    assert!(!forged.text().contains("evil.example"));
}

#[tokio::test]
async fn who_searches_too_often_waits_and_still_reads_the_feed() {
    let room = Newsroom::with(|settings| settings.serve.searches_per_minute = 2).await;
    let served = room.serve().await;
    for _ in 0..2 {
        assert_eq!(served.get("/search.atom?q=krav").await.status, 200);
    }
    let refused = served.get("/search.atom?q=krav").await;
    assert_eq!(refused.status, 429);
    assert!(refused.header("retry-after").parse::<u32>().unwrap() > 0);
    let page = served.get("/?q=krav").await;
    assert_eq!(page.status, 429);
    assert!(page.text().contains("<h1>"));
    assert_eq!(served.get("/feed.atom").await.status, 200);
}

#[tokio::test]
async fn a_body_on_get_and_an_endless_head_are_refused() {
    let room = room().await;
    let served = room.serve().await;
    let address = served.address;
    let said = tokio::task::spawn_blocking(move || {
        let say = |bytes: &[u8]| {
            let mut stream = TcpStream::connect(address).unwrap();
            let _ = stream.write_all(bytes); // the server may answer before all is said
            let mut answer = Vec::new();
            let _ = stream.read_to_end(&mut answer);
            String::from_utf8_lossy(&answer).into_owned()
        };
        let head = "GET /feed.atom HTTP/1.1\r\nhost: x\r\n";
        let many: String = (0..200).map(|n| format!("x-{n}: y\r\n")).collect();
        [
            say(format!("{head}content-length: 5\r\n\r\nhello").as_bytes()),
            say(format!("{head}{many}\r\n").as_bytes()),
            say(format!("{head}x: {}\r\n\r\n", "y".repeat(70_000)).as_bytes()),
            say(
                format!("{head}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n")
                    .as_bytes(),
            ),
        ]
    });
    let [body, many, long, both] = said.await.unwrap();
    assert!(body.starts_with("HTTP/1.1 400"), "{body}");
    assert!(many.starts_with("HTTP/1.1 431"), "{many}");
    assert!(long.starts_with("HTTP/1.1 431"), "{long}");
    assert!(both.starts_with("HTTP/1.1 400"), "{both}");
}

#[tokio::test]
async fn pages_speak_the_language_of_their_reader() {
    let mut room = room().await;
    let mut foreign = entry("New rules");
    foreign.language = samflode::model::Language::new("en");
    room.tell("kommunen", foreign).await;
    let served = room.serve().await;
    let swedish = served
        .ask("GET", "/", &[("accept-language", "sv-SE")])
        .await;
    let english = served.ask("GET", "/", &[("accept-language", "en")]).await;
    assert!(
        swedish.text().contains("<html lang=\"sv\">")
            && swedish.text().contains("Måndag 2 mars 2026")
    );
    assert!(
        english.text().contains("<html lang=\"en\">")
            && english.text().contains("Monday 2 March 2026")
    );
    assert!(
        swedish.text().contains("<h3 lang=\"en\">") && english.text().contains("<h3 lang=\"sv\">")
    );
    let chosen = served
        .ask("GET", "/?lang=en", &[("accept-language", "sv")])
        .await;
    assert!(chosen.text().contains("<html lang=\"en\">"));
    assert_eq!(swedish.header("vary"), "accept-encoding, accept-language");
}

#[tokio::test]
async fn pages_have_one_heading_landmarks_and_nothing_from_elsewhere() {
    let mut room = room().await;
    room.tell("kommunen", entry("<script>alert(1)</script>"))
        .await;
    let served = room.serve().await;
    for path in [
        "/",
        "/?q=krav",
        "/?source=kommunen",
        "/entries/1",
        "/sources/",
        "/archive/",
        "/archive/2026-03/",
        "/archive/2026-03-02/",
        "/status",
        "/accessibility",
        "/nowhere",
    ] {
        let page = served.get(path).await;
        let text = page.text();
        assert_eq!(text.matches("<h1").count(), 1, "{path}");
        for landmark in [
            "<header",
            "<nav",
            "<main id=\"content\"",
            "<footer",
            "href=\"#content\"",
            "<title>",
        ] {
            assert!(text.contains(landmark), "{path} {landmark}");
        }
        let levels: Vec<u32> = text
            .split("<h")
            .filter_map(|rest| rest.chars().next()?.to_digit(10))
            .collect();
        let skips = levels.windows(2).any(|pair| pair[1] > pair[0] + 1);
        assert!(levels[0] == 1 && !skips, "{path} {levels:?}");
        for foreign in ["<script", "<img", "style=\"", "src=\"", "<iframe"] {
            assert!(!text.contains(foreign), "{path} {foreign}");
        }
    }
}

#[tokio::test]
async fn the_whole_answer_fits_the_first_address_of_every_page() {
    let mut room = Newsroom::open().await;
    let entries = (0..120)
        .map(|number| entry(&format!("Nyhet {number}")))
        .collect();
    room.tell_all("kommunen", entries).await;
    let served = room.serve().await;
    let (mut path, mut seen) = ("/".to_owned(), 0);
    for _ in 0..5 {
        let page = served.get(&path).await;
        seen += page.text().matches("<article").count();
        let Some((before, _)) = page.text().split_once("\" rel=\"next\"") else {
            break;
        };
        path = before
            .rsplit_once("href=\"")
            .unwrap()
            .1
            .replace("&#38;", "&");
    }
    assert_eq!(seen, 120);
}

#[tokio::test]
async fn the_archive_leads_from_months_over_days_to_every_piece_of_news() {
    let mut room = Newsroom::open().await;
    let days = [
        "2026-01-31T23:30:00Z",
        "2026-02-01T10:00:00Z",
        "2025-12-24T10:00:00Z",
    ];
    for (number, day) in days.iter().enumerate() {
        let mut entry = entry(&format!("Nyhet {number}"));
        entry.published = samflode::model::Moment::exact(day.parse().unwrap());
        room.tell("kommunen", entry).await;
    }
    let served = room.serve().await;
    let archive = served.get("/archive/").await;
    let months = ["archive/2026-02/", "archive/2025-12/"];
    assert!(months.iter().all(|month| archive.text().contains(month)));
    assert!(
        !archive.text().contains("2026-01"),
        "that night is February in Stockholm"
    );
    let month = served.get("/archive/2026-02/").await;
    assert!(month.text().contains("archive/2026-02-01/\">") && month.text().contains("2 nyheter"));
    let day = served.get("/archive/2026-02-01/").await;
    assert_eq!(day.text().matches("<article").count(), 2);
    assert!(day.text().contains("archive/2025-12-24/\" rel=\"prev\""));
    for nowhere in [
        "/archive/2026-01/",
        "/archive/2026-02-02/",
        "/archive/2026-02-30/",
        "/archive/x/",
    ] {
        assert_eq!(served.get(nowhere).await.status, 404, "{nowhere}");
    }
}
