//! Labelled streams: `fixtures/near_duplicates/*.jsonl`, one entry a line in order of arrival, through an empty store.
//!
//! `SAMFLODE_STREAM=FILE` scores another one instead.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use samflode::model::{Entry, Language, Role};
use serde::Deserialize;

use super::arrival::{run, store_of};
use super::entries::entry;
use super::score::score;
use super::stream::Told;

/// One line of a stream.
#[derive(Deserialize)]
struct Line {
    source: String,
    role: Role,
    title: String,
    #[serde(default)]
    text: String,
    link: String,
    #[serde(default)]
    guid: Option<String>,
    published: DateTime<Utc>,
    first_seen: DateTime<Utc>,
    #[serde(default)]
    language: Option<String>,
    /// Equal labels are the same news.
    news: String,
    /// How it came about.
    class: String,
}

impl Line {
    fn entry(&self) -> Entry {
        Entry {
            guid: self.guid.clone().filter(|guid| !guid.is_empty()),
            language: self.language.as_deref().and_then(Language::new),
            ..entry(&self.link, &self.title, &self.text, self.published)
        }
    }
}

pub fn read(file: &Path) -> (Vec<Role>, Vec<Told>) {
    let text = std::fs::read_to_string(file).unwrap();
    let mut roles = Vec::new();
    let mut sources: HashMap<String, usize> = HashMap::new();
    let mut news: HashMap<String, usize> = HashMap::new();
    let mut stream = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let line: Line = serde_json::from_str(line)
            .unwrap_or_else(|error| panic!("{}: {error}: {line}", file.display()));
        let source = *sources.entry(line.source.clone()).or_insert_with(|| {
            roles.push(line.role);
            roles.len() - 1
        });
        let next = news.len();
        stream.push(Told {
            source,
            news: *news.entry(line.news.clone()).or_insert(next),
            class: line.class.clone(),
            entry: line.entry(),
            seen: line.first_seen,
        });
    }
    (roles, stream)
}

fn files() -> Vec<PathBuf> {
    if let Ok(file) = std::env::var("SAMFLODE_STREAM") {
        return vec![file.into()];
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/near_duplicates");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|file| {
            file.extension()
                .is_some_and(|extension| extension == "jsonl")
        })
        .collect();
    files.sort();
    files
}

#[tokio::test]
async fn labelled_streams_are_told_once() {
    for file in files() {
        let (roles, stream) = read(&file);
        let folder = tempfile::tempdir().unwrap();
        let store = store_of(folder.path(), roles).await;
        let score = score(&run(&store, stream).await);
        println!("{}:", file.display());
        score.print();
        assert!(
            score.precision() >= 0.999,
            "precision {}",
            score.precision()
        );
        assert!(score.recall() >= 0.985, "recall {}", score.recall());
    }
}
