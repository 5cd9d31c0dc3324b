//! Every file of `fixtures/feeds/` shows one oddity and has what it should become beside it.
//!
//! `NAME.expected.json` holds `feed`, `entries` and `repairs` as `samflode parse` prints them, or `error`. A key that is
//! not there is not looked at, a key that is `null` must be absent, lists must match in length. `given` may say
//! `content_type`, `base_url`, `content_location`, `language` and `now`.

mod hostile;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use samflode::cli::parse::to_json;
use samflode::date::Context;
use samflode::model::{Document, Language};
use samflode::parse;
use serde_json::Value;
use url::Url;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/feeds");
const ADDRESS: &str = "https://www.example.org/feeds/news.xml";
const NOW: &str = "2026-11-17T12:00:00Z";

#[test]
fn every_fixture_becomes_what_stands_beside_it() {
    let mut failures = Vec::new();
    let fixtures = fixtures();
    for (document, expectation) in &fixtures {
        let mut differences = Vec::new();
        let expected = json(expectation);
        compare(
            "",
            &expected,
            &read(document, &expected["given"]),
            &mut differences,
        );
        let name = document.file_name().unwrap_or_default().to_string_lossy();
        failures.extend(
            differences
                .iter()
                .map(|difference| format!("{name}: {difference}")),
        );
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
    assert!(fixtures.len() >= 150, "only {} fixtures", fixtures.len());
}

/// Documents with their expectations; a file without its other half fails.
fn fixtures() -> Vec<(PathBuf, PathBuf)> {
    let files = std::fs::read_dir(FOLDER).expect("the folder of fixtures");
    let files: BTreeSet<PathBuf> = files.map(|file| file.expect("a file").path()).collect();
    let is_expectation = |path: &Path| path.to_string_lossy().ends_with(".expected.json");
    let mut expectations: BTreeSet<&PathBuf> = files.iter().filter(|p| is_expectation(p)).collect();
    let mut pairs = Vec::new();
    for document in files.iter().filter(|path| !is_expectation(path)) {
        let expectation = document.with_extension("expected.json");
        assert!(
            expectations.remove(&expectation),
            "{} has no expectation",
            document.display()
        );
        pairs.push((document.clone(), expectation));
    }
    assert!(
        expectations.is_empty(),
        "expectations without document: {expectations:?}"
    );
    pairs
}

fn json(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).expect("a readable file");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What is printed of a document, or its error.
fn read(path: &Path, given: &Value) -> Value {
    let url = |key: &str| {
        given[key]
            .as_str()
            .map(|text| Url::parse(text).expect("an address"))
    };
    let now = given["now"]
        .as_str()
        .unwrap_or(NOW)
        .parse()
        .expect("a moment");
    let address = url("base_url").unwrap_or_else(|| Url::parse(ADDRESS).expect("an address"));
    let bytes = std::fs::read(path).expect("a readable file");
    let mut document = Document::local(address, bytes, now);
    document.content_location = url("content_location");
    if let Some((media_type, charset)) = given["content_type"].as_str().map(content_type) {
        document.media_type = Some(media_type);
        document.charset = charset;
    }
    let language = given["language"].as_str().and_then(Language::new);
    let context = Context {
        language,
        now: Some(now),
        ..Context::default()
    };
    match parse::feed(&document, &context) {
        Ok(feed) => to_json(&feed, &document.address),
        Err(error) => serde_json::json!({ "error": error.to_string() }),
    }
}

fn content_type(text: &str) -> (String, Option<String>) {
    let (media_type, rest) = text.split_once(';').unwrap_or((text, ""));
    let charset = rest
        .split_once("charset=")
        .map(|(_, value)| value.trim().to_owned());
    (media_type.trim().to_owned(), charset)
}

fn compare(at: &str, expected: &Value, found: &Value, differences: &mut Vec<String>) {
    match (expected, found) {
        (Value::Object(wanted), Value::Object(there)) => {
            for (key, value) in wanted.iter().filter(|(key, _)| *key != "given") {
                let found = there.get(key).unwrap_or(&Value::Null);
                compare(&format!("{at}/{key}"), value, found, differences);
            }
        }
        (Value::Array(wanted), Value::Array(there)) if wanted.len() == there.len() => {
            for (index, (value, found)) in wanted.iter().zip(there).enumerate() {
                compare(&format!("{at}/{index}"), value, found, differences);
            }
        }
        _ if expected == found => {}
        _ => differences.push(format!("{at}: expected {expected}, found {found}")),
    }
}
