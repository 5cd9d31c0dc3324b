//! The shipped bodies: each is answered by the recording in the shape its platform serves, and gives its news; and the
//! office's old page, whose leads have neither title nor date.

use std::collections::BTreeSet;
use std::path::Path;

use chrono::{DateTime, Utc};
use samflode::config::{self, Config};
use samflode::date::Context;
use samflode::fetch::Fetcher;
use samflode::model::{
    Activity, Answer, DateOrigin, Document, Entry, Extent, Kind, ParsedFeed, Precision, Request,
    RequestKind, Role, Source, Validators,
};
use samflode::{html, normalize, parse, scrape};
use serde::Deserialize;
use url::Url;

const RECORDING: &str = "fixtures/recording";

fn shipped() -> Config {
    config::load(Path::new("config")).expect("the shipped configuration is right")
}

fn recorded_at() -> DateTime<Utc> {
    "2026-11-17T09:00:00Z".parse().expect("a constant time")
}

fn context(source: &Source) -> Context {
    Context {
        time_zone: source.time_zone,
        language: source.language.clone(),
        now: Some(recorded_at()),
    }
}

async fn fetch(fetcher: &Fetcher, address: &Url, kind: RequestKind) -> Document {
    let request = Request {
        address: address.clone(),
        kind,
        validators: Validators::default(),
        max_body: 8 << 20,
        timeout: std::time::Duration::from_secs(60),
        obey_robots: true,
    };
    match fetcher.fetch(&request).await {
        Ok(Answer::Document(document)) => *document,
        other => panic!("{address}: {other:?}"),
    }
}

fn read(source: &Source, document: &Document) -> ParsedFeed {
    let context = context(source);
    match &source.kind {
        Kind::Feed => parse::feed(document, &context).expect("a feed"),
        Kind::Page(rules) => {
            let reading = scrape::page(document, rules.as_ref(), &context);
            reading
                .unwrap_or_else(|error| panic!("{}: {error}", source.id))
                .feed
        }
    }
}

/// What the recording gives for a source, before its patterns are asked.
async fn news(fetcher: &Fetcher, source: &Source) -> Vec<Entry> {
    let kind = match source.kind {
        Kind::Feed => RequestKind::Feed,
        Kind::Page(_) => RequestKind::Page,
    };
    let document = fetch(fetcher, &source.address, kind).await;
    let feed = read(source, &document);
    normalize::normalize(&feed, &document.address, source, recorded_at())
}

/// Entries that the recording holds for each source, and the title of the first.
const EXPECTED: [(&str, usize, &str); 29] = [
    (
        "husr",
        8,
        "Gemensamma krav på operationshandskar från årsskiftet",
    ),
    ("hallbarupphandling", 10, "Nya kontraktsvillkor på plats"),
    (
        "upphandlingsmyndigheten",
        10,
        "Ny vägledning om klimatkrav på livsmedel",
    ),
    (
        "upphandlingsmyndigheten-press",
        7,
        "Ny vägledning om klimatkrav på livsmedel",
    ),
    ("hcwh-europe", 7, "Hospitals join forces on reusable gowns"),
    (
        "sykehusinnkjop",
        8,
        "Ny avtale for operasjonsfrakker i Helse Vest",
    ),
    (
        "miljo-utveckling",
        7,
        "Så klarade kommunen klimatkraven på maten",
    ),
    (
        "konsumentverket",
        6,
        "Myndigheter granskar säkerheten i upphandlade leksaker",
    ),
    ("kungsor", 7, "Nytt avtal om skolskjuts gynnar elbussar"),
    (
        "dagens-samhalle",
        8,
        "Ny vägledning om klimatkrav på livsmedel",
    ),
    (
        "electronics-watch",
        7,
        "Joint call for safer glove factories",
    ),
    (
        "etisk-handel-norge",
        7,
        "Felles veileder om aktsomhet i leverandørkjeder",
    ),
    (
        "adda",
        7,
        "Nytt stöd för samtal om arbetsvillkor i gummifabriker",
    ),
    (
        "cleanmed-europe",
        3,
        "CleanMed Europe 2027: call for abstracts opens",
    ),
    ("skr", 3, "Budget för bredband i glesbygd räcker inte"),
    ("naturvardsverket", 3, "Fler län prövar naturnära dagvatten"),
    (
        "konkurrensverket",
        3,
        "Samråd om gränsen för direktupphandling",
    ),
    (
        "kemikalieinspektionen",
        3,
        "Otillåtna ämnen i var femte arbetshandske",
    ),
    ("dfo-anskaffelser", 3, "Grønne innkjøp teller mer"),
    ("dieh", 3, "Nyt netværk for tekstilindkøbere"),
    ("eti-uk", 3, "A guide to chemicals at work, for buyers"),
    ("eti-sverige", 3, "Ny medlem inom livsmedel"),
    ("inkopsradet", 3, "Öppna data om inköp får ny standard"),
    ("upphandling24", 3, "Öppna data om inköp får ny standard"),
    (
        "offentliga-affarer",
        3,
        "Dubbelt anslag för gemensam uppföljning",
    ),
    (
        "region-stockholm",
        3,
        "Regionerna dubblar anslaget för uppföljning",
    ),
    (
        "oecd-procurement",
        3,
        "Buying for resilience: lessons from six ministries",
    ),
    (
        "eu-single-market",
        3,
        "New forms for green public procurement reporting",
    ),
    ("ted", 3, "New forms for green public procurement reporting"),
];

#[tokio::test]
async fn every_shipped_source_is_answered_with_its_news() {
    let config = shipped();
    let fetcher = Fetcher::replay(Path::new(RECORDING)).expect("a recording");
    let mut seen = Vec::new();
    for source in &config.sources {
        let entries = news(&fetcher, source).await;
        let first = entries.first().map(|entry| entry.title.clone());
        let told = (source.id.as_str(), entries.len(), first.unwrap_or_default());
        seen.push((told.0.to_owned(), told.1, told.2));
        for entry in &entries {
            assert!(entry.link_is_own, "{}: {}", source.id, entry.title);
            assert_eq!(entry.link.scheme(), "https", "{}", entry.link);
        }
        let links: BTreeSet<&str> = entries.iter().map(|entry| entry.link.as_str()).collect();
        assert_eq!(links.len(), entries.len(), "{}: a link for each", source.id);
    }
    let expected = EXPECTED.map(|(id, count, title)| (id.to_owned(), count, title.to_owned()));
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn entries_without_a_date_have_a_page_that_tells_it() {
    let config = shipped();
    let fetcher = Fetcher::replay(Path::new(RECORDING)).expect("a recording");
    let mut asked = BTreeSet::new();
    for source in config.sources.iter().filter(|source| source.is_polled()) {
        for entry in news(&fetcher, source).await {
            // A year in the address is no day.
            let is_told = entry.published.precision >= Precision::Day;
            if is_told && entry.date_origin != DateOrigin::FirstSeen {
                continue;
            }
            let document = fetch(&fetcher, &entry.link, RequestKind::EntryPage).await;
            let page = scrape::entry_page(&document, &context(source)).expect("an entry's page");
            let published = page.published.expect("its date").utc();
            assert!(published < recorded_at(), "{}: {published}", entry.link);
            assert!(
                published > recorded_at() - chrono::Days::new(60),
                "{}",
                entry.link
            );
            asked.insert(source.id.as_str());
        }
    }
    let without_dates = [
        "hcwh-europe",
        "husr",
        "konsumentverket",
        "upphandlingsmyndigheten-press",
    ];
    assert_eq!(asked.into_iter().collect::<Vec<_>>(), without_dates);
}

#[tokio::test]
async fn a_municipality_is_followed_for_its_purchases_alone() {
    let config = shipped();
    let fetcher = Fetcher::replay(Path::new(RECORDING)).expect("a recording");
    let picked = config.pick(&["kungsor".to_owned()]).expect("shipped");
    let entries = news(&fetcher, picked[0]).await;
    let admitted = entries
        .iter()
        .filter(|entry| normalize::admits(picked[0], entry));
    let titles: Vec<&str> = admitted.map(|entry| entry.title.as_str()).collect();
    assert_eq!(
        titles,
        [
            "Nytt avtal om skolskjuts gynnar elbussar",
            "Upphandling av ny brygga avbryts",
            "Lokala leverantörer möter kommunen",
        ]
    );
}

#[tokio::test]
async fn the_press_rooms_own_feed_is_linked_and_says_the_same() {
    let config = shipped();
    let fetcher = Fetcher::replay(Path::new(RECORDING)).expect("a recording");
    let picked = config
        .pick(&["upphandlingsmyndigheten-press".to_owned()])
        .expect("shipped");
    let page = fetch(&fetcher, &picked[0].address, RequestKind::Page).await;
    let text = String::from_utf8_lossy(&page.bytes).into_owned();
    let address = "https://www.mynewsdesk.com/se/rss/current_news/99999901";
    assert!(text.contains(address));
    let address = Url::parse(address).expect("valid");
    let document = fetch(&fetcher, &address, RequestKind::Feed).await;
    let feed = parse::feed(&document, &context(picked[0])).expect("a feed");
    let told = normalize::normalize(&feed, &address, picked[0], recorded_at());
    let listed = news(&fetcher, picked[0]).await;
    let links = |entries: &[Entry]| entries.iter().map(|e| e.link.clone()).collect::<Vec<_>>();
    assert_eq!(links(&told), links(&listed));
    assert!(told.iter().all(|entry| entry.guid.is_none()));
}

#[test]
fn the_bodies_are_as_the_office_needs_them() {
    let config = shipped();
    let count = |activity| {
        config
            .sources
            .iter()
            .filter(|s| s.activity == activity)
            .count()
    };
    assert_eq!(
        (
            count(Activity::Active),
            count(Activity::Retired),
            count(Activity::Off)
        ),
        (12, 1, 16)
    );
    for source in &config.sources {
        assert!(source.language.is_some(), "{} has no language", source.id);
        assert!(
            !source.categories.is_empty(),
            "{} has no category",
            source.id
        );
        if source.role == Role::Press {
            // Press publishers have a right to their texts (Directive (EU) 2019/790, article 15).
            assert_eq!(source.extent, Extent::Title, "{}", source.id);
        }
    }
}

#[test]
fn every_source_says_how_sure_its_address_is() {
    let text = std::fs::read_to_string("config/sources.toml").expect("shipped");
    let mut above = "";
    for line in text.lines() {
        if line == "[[source]]" {
            let marks = ["confirmed", "claimed", "convention", "unknown"];
            let says = |mark: &str| {
                above
                    .strip_prefix("# ")
                    .is_some_and(|a| a.starts_with(mark))
            };
            assert!(
                marks.into_iter().any(says),
                "above a source stands: {above}"
            );
        }
        above = line;
    }
}

#[derive(Deserialize)]
struct OfficePage {
    address: Url,
    received: DateTime<Utc>,
    entries: Vec<Lead>,
    never: Vec<String>,
}

#[derive(Deserialize)]
struct Lead {
    first_sentence: String,
    text: String,
}

#[test]
fn the_offices_old_page_gives_its_leads_and_nothing_else() {
    let page = std::fs::read("fixtures/office/nyheter.html").expect("the page");
    let expected = std::fs::read("fixtures/office/nyheter.expected.json").expect("beside it");
    let expected: OfficePage = serde_json::from_slice(&expected).expect("as it should be");
    let config = shipped();
    let office = &config
        .pick(&["hallbarupphandling".to_owned()])
        .expect("shipped")[0];
    let document = Document::local(expected.address.clone(), page, expected.received);
    let reading = scrape::page(&document, None, &context(office)).expect("a list of leads");
    let entries = normalize::normalize(&reading.feed, &document.address, office, expected.received);
    for (entry, lead) in entries.iter().zip(&expected.entries) {
        let cut = entry.title.trim_end_matches(['…', '.', ' ']);
        assert!(lead.first_sentence.starts_with(cut), "{}", entry.title);
        assert!(cut.chars().count() > 20, "{}", entry.title);
        let summary = html::to_text(entry.summary.as_deref().unwrap_or_default());
        assert!(
            lead.text.starts_with(&summary[..summary.len().min(20)]),
            "{summary}"
        );
        assert_eq!(
            entry.link.path(),
            expected.address.path(),
            "{}",
            entry.title
        );
        assert!(!entry.link_is_own, "{}", entry.title);
        assert!(!expected.never.contains(&entry.title), "{}", entry.title);
    }
    assert_eq!(entries.len(), expected.entries.len());
}
