//! Listing pages against what they should give: `fixtures/pages/NAME.html` beside `NAME.expected.json`.
//!
//! A new pair of files is a new test with no Rust written. The figures are those of the README: the right list, its
//! entries, nothing foreign, titles, days.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use samflode::date::Context;
use samflode::html;
use samflode::model::{Document, Language, ParsedEntry, ParsedFeed, Rules};
use samflode::scrape::relearn::{self, Expectation};
use samflode::scrape::{self, Reading, Way};
use serde::Deserialize;
use url::Url;

#[derive(Deserialize)]
struct Given {
    address: Url,
    language: Option<String>,
    now: DateTime<Utc>,
    content_type: Option<String>,
}

#[derive(Deserialize)]
struct Wanted {
    title: Option<String>,
    link: String,
    date: Option<String>,
    summary_starts: Option<String>,
}

#[derive(Deserialize)]
struct Expected {
    rules_before: Option<Rules>,
    given: Given,
    entries: Vec<Wanted>,
    kind: String,
    nothing_because: Option<String>,
}

/// Counts over all pages.
#[derive(Default, Debug)]
struct Score {
    pages: usize,
    right_pages: usize,
    wanted: usize,
    found: usize,
    foreign: usize,
    titles: usize,
    dates_wanted: usize,
    dates: usize,
    summaries_wanted: usize,
    summaries: usize,
}

/// The pages of the project, or those of `SAMFLODE_PAGES_FOLDER`: a set kept apart, to be scored.
fn folder() -> PathBuf {
    std::env::var_os("SAMFLODE_PAGES_FOLDER").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/pages"),
        PathBuf::from,
    )
}

fn names() -> Vec<PathBuf> {
    let mut out: Vec<PathBuf> = fs::read_dir(folder())
        .expect("fixtures/pages")
        .map(|entry| entry.expect("entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == "html"))
        .filter(|path| {
            let only = std::env::var("SAMFLODE_PAGES").unwrap_or_default();
            only.is_empty()
                || only
                    .split(',')
                    .any(|name| path.to_string_lossy().contains(name))
        })
        .collect();
    out.sort();
    out
}

fn read(path: &Path) -> (Expected, Result<Reading, scrape::Error>) {
    let json = fs::read_to_string(path.with_extension("expected.json")).expect("expectation");
    let expected: Expected = serde_json::from_str(&json).expect("expectation is readable");
    let bytes = fs::read(path).expect("page");
    let mut document = Document::local(expected.given.address.clone(), bytes, expected.given.now);
    document.charset = expected.given.content_type.as_deref().and_then(|kind| {
        kind.split_once("charset=")
            .map(|(_, charset)| charset.to_owned())
    });
    let context = Context {
        language: expected.given.language.as_deref().and_then(Language::new),
        now: Some(expected.given.now),
        ..Context::default()
    };
    let reading = scrape::page(&document, None, &context);
    (expected, reading)
}

fn title(entry: &ParsedEntry) -> String {
    entry.title.as_ref().map(html::title).unwrap_or_default()
}

fn same_title(left: &str, right: &str) -> bool {
    let fold = |text: &str| {
        text.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect::<String>()
    };
    fold(left) == fold(right)
}

/// Adds a page to the score; returns what is wrong with it.
fn judge(
    expected: &Expected,
    reading: &Result<Reading, scrape::Error>,
    score: &mut Score,
) -> Vec<String> {
    let mut faults = Vec::new();
    score.pages += 1;
    let reading = match reading {
        Err(error) => {
            if expected.kind == "nothing" {
                let because = expected.nothing_because.as_deref().unwrap_or("no list");
                if error.to_string().contains(because) || because == "no list" {
                    score.right_pages += 1;
                } else {
                    faults.push(format!("{error}, wanted {because}"));
                }
            } else {
                score.wanted += expected.entries.len();
                faults.push(format!(
                    "{error}, wanted {} entries",
                    expected.entries.len()
                ));
            }
            return faults;
        }
        Ok(reading) => reading,
    };
    let kind = if reading.way == Way::EntryPage {
        "entry"
    } else {
        "list"
    };
    if kind != expected.kind {
        faults.push(format!(
            "is {kind} ({:?} {:.2}), wanted {}",
            reading.way, reading.confidence, expected.kind
        ));
    }
    let mut left: Vec<&ParsedEntry> = reading.feed.entries.iter().collect();
    let mut found = 0;
    for wanted in &expected.entries {
        let at = left.iter().position(|entry| {
            let same_link = entry
                .link
                .as_ref()
                .is_some_and(|link| link.as_str() == wanted.link);
            let is_unique = expected
                .entries
                .iter()
                .filter(|other| other.link == wanted.link)
                .count()
                == 1;
            same_link
                && (is_unique
                    || wanted
                        .title
                        .as_deref()
                        .is_none_or(|wanted| same_title(&title(entry), wanted)))
        });
        let Some(at) = at else {
            faults.push(format!("missing: {:?} {}", wanted.title, wanted.link));
            continue;
        };
        let entry = left.remove(at);
        found += 1;
        if wanted
            .title
            .as_deref()
            .is_none_or(|wanted| same_title(&title(entry), wanted))
        {
            score.titles += 1;
        } else {
            faults.push(format!(
                "title: {:?}, wanted {:?}",
                title(entry),
                wanted.title
            ));
        }
        if let Some(date) = &wanted.date {
            score.dates_wanted += 1;
            let told = entry
                .published
                .map(|moment| moment.at.format("%Y-%m-%d").to_string());
            if told
                .as_ref()
                .is_some_and(|told| told.starts_with(date.as_str()))
            {
                score.dates += 1;
            } else {
                faults.push(format!("date: {told:?}, wanted {date}"));
            }
        }
        if let Some(starts) = &wanted.summary_starts {
            score.summaries_wanted += 1;
            let told = entry
                .summary
                .as_ref()
                .map(|s| html::to_text(&s.value))
                .unwrap_or_default();
            if told.starts_with(starts.trim_end_matches(['…', '.'])) {
                score.summaries += 1;
            } else {
                faults.push(format!("summary: {told:?}, wanted {starts:?}"));
            }
        }
    }
    for entry in left.iter().take(6) {
        faults.push(format!(
            "foreign: {:?} {}",
            title(entry),
            entry.link.as_ref().map_or("", Url::as_str)
        ));
    }
    let enough = found * 100 >= expected.entries.len() * 95;
    // An expectation may leave open what the one entry of an article's page is.
    let is_open = expected.kind == "entry" && expected.entries.is_empty() && left.len() == 1;
    score.wanted += expected.entries.len();
    score.found += found;
    score.foreign += if is_open { 0 } else { left.len() };
    let is_clean = is_open || left.len() * 50 <= found.max(1);
    if enough && is_clean && kind == expected.kind {
        score.right_pages += 1;
    }
    faults
}

#[test]
fn listing_pages_give_their_entries_and_nothing_else() {
    let mut score = Score::default();
    let mut report = String::new();
    for path in names() {
        let (expected, reading) = read(&path);
        let faults = judge(&expected, &reading, &mut score);
        if !faults.is_empty() {
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            report.push_str(&format!("{name}\n  {}\n", faults.join("\n  ")));
        }
    }
    println!("{report}{score:#?}");
    let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
    assert!(
        share(score.right_pages, score.pages) >= 0.9,
        "{report}{score:#?}"
    );
    assert!(
        share(score.found, score.wanted) >= 0.95,
        "{report}{score:#?}"
    );
    assert!(
        share(score.foreign, score.found) < 0.02,
        "{report}{score:#?}"
    );
    assert!(
        share(score.titles, score.found) >= 0.95,
        "{report}{score:#?}"
    );
    assert!(
        share(score.dates, score.dates_wanted) >= 0.95,
        "{report}{score:#?}"
    );
}

#[test]
fn parse_reads_a_page_as_a_refresh_does() {
    for path in names() {
        let (expected, reading) = read(&path);
        let bytes = fs::read(&path).expect("page");
        let (document, context) = document(bytes, &expected.given);
        let parsed = samflode::cli::parse::read(&document, &context);
        let entries = |feed: ParsedFeed| feed.entries;
        assert_eq!(
            parsed.ok().map(entries),
            reading.ok().map(|reading| entries(reading.feed)),
            "{}",
            path.display()
        );
    }
}

#[test]
fn parse_reads_lists_that_are_told_to_machines() {
    let given = Given {
        address: "https://a.example/".parse().expect("address"),
        language: None,
        now: DateTime::UNIX_EPOCH,
        content_type: None,
    };
    let posts = r#"[{"id": 1, "date": "1969-12-30T10:00:00", "link": "https://a.example/1",
        "title": {"rendered": "Nya krav"}, "excerpt": {"rendered": "<p>Lead</p>"}}]"#;
    let sitemap = "<urlset><url><loc>https://a.example/1</loc><news:news><news:title>Nya krav</news:title>\
        <news:publication_date>1969-12-30</news:publication_date></news:news></url></urlset>";
    for text in [posts, sitemap] {
        let (document, context) = document(text.into(), &given);
        let feed = samflode::cli::parse::read(&document, &context).expect("a list");
        assert_eq!(title(&feed.entries[0]), "Nya krav");
        assert!(feed.entries[0].published.is_some());
    }
}

fn document(bytes: Vec<u8>, given: &Given) -> (Document, Context) {
    let mut document = Document::local(given.address.clone(), bytes, given.now);
    document.charset = given.content_type.as_deref().and_then(|kind| {
        kind.split_once("charset=")
            .map(|(_, charset)| charset.to_owned())
    });
    let context = Context {
        language: given.language.as_deref().and_then(Language::new),
        now: Some(given.now),
        ..Context::default()
    };
    (document, context)
}

#[test]
fn redesigns_are_noticed_and_mended() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/redesigns");
    let (mut pairs, mut noticed, mut mended) = (0, 0, 0);
    let mut report = String::new();
    let mut folders: Vec<PathBuf> = fs::read_dir(folder)
        .expect("fixtures/redesigns")
        .map(|entry| entry.expect("entry").path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    for path in folders {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let json = fs::read_to_string(path.join("expected.json")).expect("expectation");
        let expected: Expected = serde_json::from_str(&json).expect("expectation is readable");
        let old = expected
            .rules_before
            .clone()
            .expect("rules of the page before");
        let (before, context) = document(
            fs::read(path.join("before.html")).expect("before"),
            &expected.given,
        );
        let (after, _) = document(
            fs::read(path.join("after.html")).expect("after"),
            &expected.given,
        );
        pairs += 1;
        let reading = match scrape::page(&before, Some(&old), &context) {
            Ok(reading) => reading,
            Err(error) => {
                report.push_str(&format!("{name}: before: {error}\n"));
                continue;
            }
        };
        let expectation = Expectation {
            known: relearn::known(&reading.feed),
            usual: Some(reading.feed.entries.len() as f32),
        };
        match scrape::page_expecting(&after, Some(&old), &context, &expectation) {
            Err(error) => {
                noticed += 1;
                report.push_str(&format!("{name}: {error}\n"));
            }
            Ok(reading) => report.push_str(&format!(
                "{name}: NOT NOTICED, {} entries\n",
                reading.feed.entries.len()
            )),
        }
        let Some(proposal) = relearn::propose(&after, Some(&old), &expectation.known, &context)
        else {
            report.push_str(&format!(
                "{name}: NO PROPOSAL ({} known)\n",
                expectation.known.len()
            ));
            continue;
        };
        let reading = scrape::page(&after, Some(&proposal.rules), &context);
        let mut score = Score::default();
        let faults = judge(&expected, &reading, &mut score);
        if score.right_pages == 1 && score.titles == score.found {
            mended += 1;
        } else {
            report.push_str(&format!(
                "{name}: WRONG {:?}\n  {}\n",
                proposal.rules,
                faults.join("\n  ")
            ));
        }
    }
    println!("{report}noticed {noticed}, mended {mended} of {pairs}");
    assert_eq!(noticed, pairs, "{report}");
    assert!(
        mended * 10 >= pairs * 9,
        "mended {mended} of {pairs}\n{report}"
    );
}

#[test]
fn no_page_is_too_deep_or_too_strange() {
    let pages = [
        "<div>".repeat(100_000),
        "<b><p>x".repeat(50_000),
        "<a href=/x".repeat(50_000),
        format!("<p{}>", " a".repeat(100_000)),
        "\u{fffd}<\u{0}".repeat(10_000),
    ];
    let given = Given {
        address: "https://a.example/".parse().expect("address"),
        language: None,
        now: DateTime::UNIX_EPOCH,
        content_type: None,
    };
    let read_all = move || {
        for page in pages {
            let (document, context) = document(page.into_bytes(), &given);
            assert!(scrape::page(&document, None, &context).is_err());
            assert!(
                scrape::entry_page(&document, &context)
                    .is_none_or(|entry| entry.published.is_none())
            );
            assert!(relearn::propose(&document, None, &[], &context).is_none());
        }
    };
    let small = std::thread::Builder::new()
        .stack_size(2 * 1024 * 1024)
        .spawn(read_all);
    small.expect("a thread").join().expect("no panic");
}
