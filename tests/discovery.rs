//! Where the real binary looks for a feed: at the places that platforms serve theirs, and never at more than a few.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::command::Command;
use crate::support::feeds::{item, rss};
use crate::support::origin::{Origin, answer};

/// A page as a platform makes it, and where the platform serves its feed.
const PLATFORMS: [(&str, &str, &str, &str); 13] = [
    (
        "WordPress",
        "https://wp.example/aktuellt/",
        "<link rel=\"stylesheet\" href=\"/wp-content/x.css\">",
        "https://wp.example/aktuellt/feed/",
    ),
    (
        "WordPress",
        "https://wp-all.example/aktuellt/",
        "<meta name=\"generator\" content=\"WordPress 6.7\">",
        "https://wp-all.example/feed/",
    ),
    (
        "Joomla",
        "https://joomla.example/nyheter",
        "<script src=\"/media/system/js/core.js\"></script>",
        "https://joomla.example/nyheter?format=feed&type=rss",
    ),
    (
        "Drupal",
        "https://drupal.example/news",
        "<meta name=\"Generator\" content=\"Drupal 10\">",
        "https://drupal.example/rss.xml",
    ),
    (
        "Ghost",
        "https://ghost.example/",
        "<meta name=\"generator\" content=\"Ghost 5.80\">",
        "https://ghost.example/rss/",
    ),
    (
        "Wix",
        "https://wix.example/blog",
        "<script src=\"https://static.parastorage.com/x.js\"></script>",
        "https://wix.example/blog-feed.xml",
    ),
    (
        "Squarespace",
        "https://squares.example/blog",
        "<meta name=\"generator\" content=\"Squarespace\">",
        "https://squares.example/blog?format=rss",
    ),
    (
        "Mynewsdesk",
        "https://www.mynewsdesk.com/se/verket",
        "<script>room = {\"pressroom_id\": 81234}</script>",
        "https://www.mynewsdesk.com/se/rss/current_news/81234",
    ),
    (
        "Cision",
        "https://news.cision.com/se/verket",
        "",
        "https://news.cision.com/se/verket/ListItems?format=rss",
    ),
    (
        "Cision",
        "https://linking.example/press",
        "<a href=\"https://news.cision.com/se/annat-verk\">Pressrum</a>",
        "https://news.cision.com/se/annat-verk/ListItems?format=rss",
    ),
    (
        "Via TT",
        "https://via.tt.se/pressrum/3235474/verket",
        "",
        "https://via.tt.se/rss/releases/latest?publisherId=3235474",
    ),
    (
        "Via TT",
        "https://via.ritzau.dk/presserum/styrelsen?publisherId=13560001",
        "",
        "https://via.ritzau.dk/rss/releases/latest?publisherId=13560001",
    ),
    (
        "Via TT",
        "https://kommunikasjon.ntb.no/presserom/17847490/etaten",
        "",
        "https://kommunikasjon.ntb.no/rss/releases/latest?publisherId=17847490",
    ),
];

#[test]
fn each_platform_is_asked_where_it_serves_its_feed() {
    let command = Command::in_an_empty_folder();
    let tape = command.folder().join("tape");
    fs::create_dir(&tape).unwrap();
    fs::write(
        tape.join("feed.xml"),
        rss(&[
            item(1, "Nya krav på textilier"),
            item(2, "Ny ledamot i styrelsen"),
        ]),
    )
    .unwrap();
    let mut index = "recorded = 2026-11-20T08:00:00Z\n".to_owned();
    let mut exchange = |url: &str, file: &str| {
        index.push_str(&format!(
            "[[exchange]]\nurl = \"{url}\"\nfile = \"{file}\"\n"
        ))
    };
    for (at, (_, page, head, feed)) in PLATFORMS.iter().enumerate() {
        let file = format!("{at}.html");
        let body = format!(
            "<!doctype html><html lang=\"sv\"><title>Nyheter</title>{head}<h1>Nyheter</h1><div id=\"app\"></div></html>"
        );
        fs::write(tape.join(&file), body).unwrap();
        exchange(page, &file);
        exchange(feed, "feed.xml");
    }
    fs::write(tape.join("index.toml"), index).unwrap();
    for (platform, page, _, feed) in PLATFORMS {
        let ended = command.run(&["discover", "--replay", tape.to_str().unwrap(), page]);
        assert_eq!(ended.code, 0, "{page}: {ended:?}");
        assert!(
            ended.out.contains(&format!("feed {feed} ")),
            "{page}: {ended:?}"
        );
        assert!(
            ended
                .out
                .contains(&format!("{platform} serves it there by convention")),
            "{page}: {ended:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_costs_at_most_six_requests() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    let origin = Origin::playing(move |request| {
        if request.path == "/robots.txt" {
            return answer("404 Not Found", "", b"");
        }
        counted.fetch_add(1, Ordering::Relaxed);
        let links: String = (1..=9)
            .map(|n| format!("<link rel=\"alternate\" type=\"application/rss+xml\" href=\"/rss/{n}\"><a href=\"/feeds/{n}.xml\">RSS-flöde {n}</a>"))
            .collect();
        let page = format!("<!doctype html><meta name=\"generator\" content=\"WordPress 6\"><title>Om oss</title>{links}<h1>Om oss</h1>");
        match request.path.as_str() {
            "/om-oss" => answer("200 OK", "Content-Type: text/html; charset=utf-8\r\n", page.as_bytes()),
            _ => answer("404 Not Found", "", b"nej"),
        }
    })
    .await;
    let command = Command::in_an_empty_folder();
    fs::create_dir(command.folder().join("config")).unwrap();
    let settings = "[fetch]\nallow_private = [\"127.0.0.0/8\"]\nspacing = \"0s\"\n";
    fs::write(command.folder().join("config/samflode.toml"), settings).unwrap();
    for verb in ["discover", "add", "init"] {
        asked.store(0, Ordering::Relaxed);
        let ended = command.run(&[verb, &origin.at("/om-oss")]);
        assert_eq!(ended.code, 1, "{verb}: {ended:?}");
        assert!(
            ended.err.contains("no feed and no news list found at"),
            "{verb}: {ended:?}"
        );
        assert!(
            ended.err.contains("/rss/1"),
            "the nearest candidates are named: {verb}: {ended:?}"
        );
        assert_eq!(asked.load(Ordering::Relaxed), 6, "{verb}");
    }
    assert!(!command.folder().join("config/sources.toml").exists());
}
