//! Streams through the store, in order of arrival, from an empty one: what was merged and what was not.

use std::collections::{BTreeMap, HashMap};

use chrono::Utc;
use samflode::model::{
    EntryChange, EntryId, Outcome, Plan, Role, SourceId, SourceProfile, SourceState,
};
use samflode::store::{Error, Saved, Store, Writer};
use url::Url;

use super::stream::{Told, notices, roles, stream};

fn profile(number: usize, role: Role) -> SourceProfile {
    let address = Url::parse(&format!("https://s{number}.example/feed")).unwrap();
    SourceProfile {
        id: SourceId::new(format!("s{number}")),
        title: format!("Source {number}"),
        alternate: address.clone(),
        address,
        is_feed: true,
        language: None,
        time_zone: chrono_tz::Europe::Stockholm,
        role,
        extent: Default::default(),
        categories: Vec::new(),
    }
}

/// A store that knows the sources of the stream.
pub async fn store(folder: &std::path::Path) -> Store {
    let store = Store::open(&folder.join("test.db")).unwrap();
    store
        .write(|writer| {
            for (number, role) in roles().into_iter().enumerate() {
                writer.register(&profile(number, role), Utc::now())?;
            }
            Ok(())
        })
        .await
        .unwrap();
    store
}

/// Stores and places one entry as a refresh does.
pub fn take(writer: &Writer<'_>, told: &Told) -> Result<EntryId, Error> {
    let plan = Plan {
        source: SourceId::new(format!("s{}", told.source)),
        now: told.seen,
        state: SourceState::default(),
        entries: vec![EntryChange::New {
            entry: Box::new(told.entry.clone()),
            aliases: Vec::new(),
            held: false,
        }],
        outcome: Outcome::Unchanged,
    };
    let mut id = EntryId(0);
    for saved in writer.save_entries(&plan)? {
        if let Saved::New { id: new, .. } = saved {
            writer.publish(new, None, told.seen)?;
            id = new;
        }
    }
    Ok(id)
}

/// Takes a stream in; the cluster of each of its entries.
pub async fn run(store: &Store, stream: Vec<Told>) -> Vec<(Told, i64, EntryId)> {
    store
        .write(move |writer| {
            let mut placed = Vec::new();
            for told in stream {
                let id = take(writer, &told)?;
                let cluster = writer
                    .entry(id)?
                    .and_then(|entry| entry.cluster)
                    .map_or(0, |cluster| cluster.0);
                placed.push((told, cluster, id));
            }
            Ok(placed)
        })
        .await
        .unwrap()
}

/// Pairs of entries that are together rightly, wrongly, and not together though they should be; by class.
#[derive(Default)]
pub struct Score {
    right: usize,
    wrong: usize,
    missed: usize,
    classes: BTreeMap<&'static str, (usize, usize)>,
    examples: Vec<String>,
}

pub fn score(placed: &[(Told, i64, EntryId)]) -> Score {
    let mut score = Score::default();
    let mut by_news: HashMap<usize, Vec<usize>> = HashMap::new();
    let mut by_cluster: HashMap<i64, Vec<usize>> = HashMap::new();
    for (at, (told, cluster, _)) in placed.iter().enumerate() {
        by_news.entry(told.news).or_default().push(at);
        by_cluster.entry(*cluster).or_default().push(at);
    }
    let pairs = |group: &Vec<usize>| -> Vec<(usize, usize)> {
        group
            .iter()
            .enumerate()
            .flat_map(|(n, a)| group[..n].iter().map(move |b| (*b, *a)))
            .collect()
    };
    for (a, b) in by_cluster.values().flat_map(pairs) {
        if placed[a].0.news == placed[b].0.news {
            score.right += 1;
        } else {
            score.wrong += 1;
            let (x, y) = (&placed[a].0, &placed[b].0);
            score.examples.push(format!(
                "WRONG {}/{}: {} | {} || {:?} | {:?}",
                x.class, y.class, x.entry.title, y.entry.title, x.entry.summary, y.entry.summary
            ));
        }
    }
    for (a, b) in by_news.values().flat_map(pairs) {
        if placed[a].1 != placed[b].1 {
            score.missed += 1;
        }
    }
    for (told, cluster, id) in placed {
        let alone = by_news[&told.news]
            .iter()
            .all(|at| placed[*at].1 != *cluster || placed[*at].2 == *id);
        let is_copy = by_news[&told.news].len() > 1;
        let mixed = by_cluster[cluster]
            .iter()
            .any(|at| placed[*at].0.news != told.news);
        let entry = score.classes.entry(told.class).or_default();
        entry.0 += 1;
        let failed = mixed || is_copy && alone;
        entry.1 += usize::from(failed);
        if is_copy && alone && score.examples.len() < 40 {
            score.examples.push(format!(
                "MISSED {}: {} || {:?}",
                told.class, told.entry.title, told.entry.summary
            ));
        }
    }
    score
}

impl Score {
    fn precision(&self) -> f64 {
        self.right as f64 / (self.right + self.wrong).max(1) as f64
    }

    fn recall(&self) -> f64 {
        self.right as f64 / (self.right + self.missed).max(1) as f64
    }

    fn print(&self) {
        println!(
            "precision {:.5} recall {:.5} ({} right, {} wrong, {} missed)",
            self.precision(),
            self.recall(),
            self.right,
            self.wrong,
            self.missed
        );
        for (class, (all, failed)) in &self.classes {
            println!("{class:24} {failed:5} of {all:5} misplaced");
        }
        for example in self.examples.iter().take(40) {
            println!("{example}");
        }
    }
}

#[tokio::test]
async fn a_stream_of_copies_and_look_alikes_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path()).await;
    let count = std::env::var("STREAM")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(300);
    let placed = run(&store, stream(7, count)).await;
    let score = score(&placed);
    score.print();
    assert!(score.wrong <= 2, "{} pairs wrongly together", score.wrong);
    assert!(score.recall() >= 0.97, "recall {}", score.recall());
}

#[tokio::test]
async fn police_notices_of_one_feed_stay_apart() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path()).await;
    let count = std::env::var("NOTICES")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(300);
    let start = std::time::Instant::now();
    let placed = run(&store, notices(3, count)).await;
    println!("{count} notices in {:?}", start.elapsed());
    let score = score(&placed);
    score.print();
    assert!(score.wrong <= 5);
}
