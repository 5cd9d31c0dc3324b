//! The labelled pairs of `fixtures/near_duplicates/`, scored one by one with nothing else in the store.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, Utc};
use samflode::dedupe::cluster::{Candidate, place};
use samflode::dedupe::fingerprint::Fingerprint;
use samflode::dedupe::statistics::Statistics;
use samflode::model::{ClusterId, DedupeSettings, Entry, EntryId, Placement, Role};
use serde::Deserialize;

use super::entries;

/// One side of a pair.
#[derive(Deserialize)]
pub struct Side {
    source: String,
    #[serde(default)]
    role: Role,
    title: String,
    text: String,
    link: String,
    published: DateTime<Utc>,
}

/// A labelled pair.
#[derive(Deserialize)]
pub struct Labelled {
    class: String,
    expect: String,
    #[serde(default)]
    note: String,
    a: Side,
    b: Side,
}

impl Side {
    fn entry(&self) -> Entry {
        entries::entry(&self.link, &self.title, &self.text, self.published)
    }

    fn fingerprint(&self, id: i64) -> Fingerprint {
        let entry = self.entry();
        Fingerprint::of(&entry, entries::number(&self.source), self.published).stored(EntryId(id))
    }
}

fn read() -> Vec<Labelled> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/near_duplicates");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    files
        .iter()
        .filter(|file| {
            file.extension()
                .is_some_and(|extension| extension == "json")
        })
        .flat_map(|file| {
            let text = std::fs::read_to_string(file).unwrap();
            serde_json::from_str::<Vec<Labelled>>(&text)
                .unwrap_or_else(|error| panic!("{}: {error}", file.display()))
        })
        .collect()
}

/// Of one source, the same entry again is no new one; of two, the rules decide.
fn is_one(pair: &Labelled) -> (bool, String) {
    if pair.a.source == pair.b.source && entries::is_known(pair.a.entry(), pair.b.entry()) {
        return (true, "known again".to_owned());
    }
    let placement = compare(pair);
    (placement.edge.is_some(), format!("{placement:?}"))
}

fn compare(pair: &Labelled) -> Placement {
    let none = |_| 0;
    let statistics = Statistics {
        settings: DedupeSettings::default(),
        texts: 0,
        count: &none,
        role: &|id| {
            if id == EntryId(1) {
                pair.a.role
            } else {
                pair.b.role
            }
        },
    };
    let candidate = Candidate {
        fingerprint: pair.a.fingerprint(1),
        revisions: Vec::new(),
        cluster: None,
        is_parted: false,
    };
    place(
        &pair.b.fingerprint(2),
        std::iter::once(candidate),
        |_| Vec::new(),
        &statistics,
    )
}

#[test]
fn a_sentence_that_two_pieces_of_news_have_proves_nothing() {
    let all = read();
    let of = |class: &str| all.iter().find(|pair| pair.class == class).unwrap();
    let (copy, repeated) = (of("own-press-rewritten"), of("own-background-repeated"));
    let candidate = |side: &Side, id: i64| Candidate {
        fingerprint: side.fingerprint(id),
        revisions: Vec::new(),
        cluster: Some(ClusterId(id)),
        is_parted: false,
    };
    let statistics = Statistics {
        settings: DedupeSettings::default(),
        texts: 0,
        count: &|_| 0,
        role: &|id| {
            if id == EntryId(1) {
                Role::Issuer
            } else {
                Role::Press
            }
        },
    };
    let place = |candidates: Vec<Candidate>| {
        let none = |_| Vec::new();
        let item = copy.b.fingerprint(3);
        place(&item, candidates.into_iter(), none, &statistics).edge
    };
    let alone = place(vec![candidate(&copy.a, 1)]);
    assert_eq!(alone.map(|edge| edge.with), Some(EntryId(1)));
    let beside = place(vec![candidate(&repeated.b, 2), candidate(&copy.a, 1)]);
    assert_eq!(beside, None);
}

/// Right and all of one class.
#[derive(Default)]
struct Score {
    right: usize,
    all: usize,
}

#[test]
fn labelled_pairs_are_merged_and_kept_apart_as_labelled() {
    let mut merge: BTreeMap<String, Score> = BTreeMap::new();
    let mut apart: BTreeMap<String, Score> = BTreeMap::new();
    let mut wrong = Vec::new();
    for pair in read() {
        let (is_one, why) = is_one(&pair);
        let expects = pair.expect == "merge";
        let is_right = is_one == expects;
        let class = if expects { &mut merge } else { &mut apart };
        let score = class.entry(pair.class.clone()).or_default();
        score.all += 1;
        score.right += usize::from(is_right);
        if !is_right {
            wrong.push(format!(
                "{}: {} | {} ({}) {}",
                pair.class, pair.a.title, pair.b.title, pair.note, why
            ));
        }
    }
    let sum = |scores: &BTreeMap<String, Score>| {
        scores.values().fold((0, 0), |sum, score| {
            (sum.0 + score.right, sum.1 + score.all)
        })
    };
    print(&merge, "merged");
    print(&apart, "kept apart");
    let ((found, copies), (kept, others)) = (sum(&merge), sum(&apart));
    let precision = found as f64 / (found + others - kept).max(1) as f64;
    let recall = found as f64 / copies.max(1) as f64;
    println!(
        "{} pairs: precision {precision:.4}, recall {recall:.4}",
        copies + others
    );
    println!("{}", wrong.join("\n"));
    assert_eq!(
        kept,
        others,
        "different news was merged:\n{}",
        wrong.join("\n")
    );
    assert!(recall >= 0.95, "copies were missed:\n{}", wrong.join("\n"));
}

fn print(scores: &BTreeMap<String, Score>, what: &str) {
    for (class, score) in scores {
        println!("{class:40} {what} {:3} of {:3}", score.right, score.all);
    }
}
