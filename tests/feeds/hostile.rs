//! Documents made to be expensive: each is read within seconds even unoptimized, on a stack of 2 MiB, without panic.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use proptest::prelude::*;
use samflode::date::Context;
use samflode::model::{Document, ParsedFeed};
use samflode::parse::{self, Error};
use url::Url;

const STACK: usize = 2 * 1024 * 1024;
/// Twenty times what the optimized program is allowed: what is quadratic takes far longer.
const LONGEST: Duration = Duration::from_secs(20);

fn read(bytes: impl Into<Vec<u8>>) -> Result<ParsedFeed, Error> {
    let address = Url::parse("https://example.org/feed").expect("an address");
    let document = Document::local(address, bytes.into(), DateTime::<Utc>::UNIX_EPOCH);
    parse::feed(&document, &Context::default())
}

#[track_caller]
fn is_cheap(name: &str, bytes: impl Into<Vec<u8>>) {
    let bytes = bytes.into();
    let begun = Instant::now();
    let thread = std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || drop(read(bytes)));
    let ended = thread.expect("a thread").join();
    assert!(ended.is_ok(), "{name} ends in a panic");
    assert!(
        begun.elapsed() < LONGEST,
        "{name} takes {:?}",
        begun.elapsed()
    );
}

fn in_item(inside: &str) -> String {
    format!("<rss version=\"2.0\"><channel><item><title>x</title>{inside}</item></channel></rss>")
}

const MANY: usize = 100_000;

#[test]
fn deep_nesting_is_cheap() {
    let deep = "<a>".repeat(MANY);
    is_cheap("in the item", in_item(&deep));
    is_cheap(
        "in a text",
        in_item(&format!("<description>{deep}</description>")),
    );
    is_cheap("closed", in_item(&format!("{deep}{}", "</a>".repeat(MANY))));
    is_cheap(
        "of bases",
        in_item(&"<a xml:base=\"b/\" xml:lang=\"sv\">".repeat(MANY)),
    );
    is_cheap(
        "of prefixes",
        in_item(&"<a xmlns:p=\"urn:p\">".repeat(MANY)),
    );
    is_cheap("of people", in_item(&"<author>".repeat(MANY)));
    is_cheap(
        "of entries",
        "<rss><channel>".to_owned() + &"<item>".repeat(MANY),
    );
    is_cheap("of JSON", format!("{{\"items\":{}", "[".repeat(MANY)));
    is_cheap(
        "ended by others",
        in_item(&format!("{deep}{}", "</b>".repeat(MANY))),
    );
}

/// Each of these parts takes many times its octets in memory.
#[test]
fn no_document_gives_more_parts_than_are_kept() {
    let links = "<link href=\"/1\"/>".repeat(100);
    let entries = format!("<entry><title>x</title>{links}</entry>").repeat(2_500);
    let feed = read(format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\">{entries}</feed>"
    ));
    let feed = feed.expect("a feed");
    let kept: usize = feed.entries.iter().map(|entry| entry.links.len()).sum();
    assert_eq!(feed.entries.len(), 2_500);
    assert!(kept < 205_000, "{kept} links");
    assert!(
        feed.repairs
            .iter()
            .any(|repair| repair.0 == "too-many-parts")
    );
    let items = r#"{"id":1},"#.repeat(60_000);
    let feed = read(format!(
        "{{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[{items}{{}}]}}"
    ));
    assert!(feed.expect("a feed").entries.len() < 20_000);
}

#[test]
fn attributes_in_any_number_and_size_are_cheap() {
    let many: String = (0..MANY).map(|n| format!(" a{n}=\"v\"")).collect();
    is_cheap("many", in_item(&format!("<link{many}/>")));
    is_cheap(
        "many on the root",
        format!("<rss version=\"2.0\"{many}><channel/></rss>"),
    );
    let namespaces: String = (0..20_000)
        .map(|n| format!(" xmlns:p{n}=\"urn:{n}\""))
        .collect();
    is_cheap(
        "namespaces",
        format!(
            "<rss version=\"2.0\"{namespaces}><channel>{}</channel></rss>",
            "<p1:a/>".repeat(MANY)
        ),
    );
    let long = "x".repeat(20 << 20);
    is_cheap("long", in_item(&format!("<link href=\"{long}\"/>")));
    is_cheap("long name", in_item(&format!("<{long}/>")));
}

#[test]
fn what_never_ends_is_cheap() {
    for (name, part) in [
        ("comments", "<!-- "),
        ("CDATA", "<![CDATA["),
        ("instructions", "<?x "),
        ("document types", "<!DOCTYPE a [<!ENTITY b \"c\">"),
        ("quotes", "<a b=\"c'>"),
        ("tags", "<a "),
        ("angles", "<<<<"),
        ("ampersands", "&&&&"),
        ("references", "&a;&b"),
        ("authors", "<author/>"),
        ("end tags", "</a></description>"),
        ("titles", "<title>"),
        ("categories", "<category>a</category>"),
    ] {
        is_cheap(name, in_item(&part.repeat(MANY)));
        is_cheap(name, part.repeat(MANY));
    }
}

#[test]
fn entity_bombs_do_not_go_off() {
    let mut bomb = String::from("<!DOCTYPE rss [<!ENTITY a0 \"hahahahahaha\">");
    for n in 1..20 {
        bomb.push_str(&format!(
            "<!ENTITY a{n} \"{}\">",
            format!("&a{};", n - 1).repeat(10)
        ));
    }
    bomb.push_str(&format!(
        "]>{}",
        in_item("<description>&a19;</description>")
    ));
    is_cheap("in UTF-8", bomb.clone());
    is_cheap(
        "in UTF-16",
        bomb.encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect::<Vec<u8>>(),
    );
    let flat = format!(
        "<!DOCTYPE rss [<!ENTITY a \"{}\">]>{}",
        "x".repeat(250),
        in_item(&format!(
            "<description>{}</description>",
            "&a;".repeat(1_000_000)
        ))
    );
    let feed = read(flat).expect("a feed");
    let length = feed.entries[0]
        .summary
        .as_ref()
        .map_or(0, |text| text.value.len());
    assert!(length < 4_000_000, "{length} octets");
}

#[test]
fn a_document_of_nothing_but_entries_is_cut() {
    let feed = read(format!(
        "<rss><channel>{}",
        "<item><title>x</title></item>".repeat(60_000)
    ))
    .expect("a feed");
    assert_eq!(feed.entries.len(), 50_000);
    assert!(
        feed.repairs
            .iter()
            .any(|repair| repair.0 == "too-many-entries")
    );
}

/// Parts that feeds are made of, put together at random.
fn parts() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "<rss version=\"2.0\">",
        "<feed xmlns=\"http://www.w3.org/2005/Atom\">",
        "<channel>",
        "<item>",
        "</item>",
        "<entry>",
        "</entry>",
        "<title>",
        "</title>",
        "<title type=\"xhtml\">",
        "<link href=\"",
        "\"/>",
        "<link>",
        "</link>",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "&",
        "&amp;",
        "&aring;",
        "&#x0;",
        "<description>",
        "</description>",
        "<content type=\"",
        "base64\">",
        "å\u{a0}",
        "\u{feff}",
        "<a xml:base=\"//",
        "<guid isPermaLink=false>",
        "<author>a@b.example (",
        ")</author>",
        "\0",
        "http://",
        "<category term='x'>",
        "<source url='y'>",
        "</source>",
        "{\"items\":[",
        "{\"id\":1}",
        "]}",
        "<?xml version='1.0' encoding='utf-16'?>",
        "<pubDate>",
        "Tue, 17 Nov 2026 25:00",
        "</pubDate>",
    ]);
    prop::collection::vec(part, 0..60).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes_end_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(bytes);
    }

    #[test]
    fn any_mixture_of_parts_ends_without_panic(text in parts()) {
        if let Ok(feed) = read(text) {
            let base = Url::parse("https://example.org/").expect("an address");
            samflode::cli::parse::to_json(&feed, &base);
        }
    }
}
