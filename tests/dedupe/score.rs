//! How well a stream was told apart: precision and recall of pairs, overall and by class.

use std::collections::{BTreeMap, HashMap};

use samflode::model::EntryId;

use super::stream::Told;

/// Examples kept of each kind of mistake.
const EXAMPLES: usize = 40;

/// Entries of one class, and what became of them.
#[derive(Default)]
struct Class {
    all: usize,
    /// In a cluster with other news.
    mixed: usize,
    /// Pairs with the first entry of the same news that stand together, and that do not.
    found: usize,
    missed: usize,
}

/// Pairs of entries that are together rightly, wrongly, and not together though they should be; by class.
#[derive(Default)]
pub struct Score {
    pub right: usize,
    pub wrong: usize,
    pub missed: usize,
    classes: BTreeMap<String, Class>,
    wrong_examples: Vec<String>,
    missed_examples: Vec<String>,
}

/// Scores where a stream's entries went.
pub fn score(placed: &[(Told, i64, EntryId)]) -> Score {
    let mut score = Score::default();
    let mut by_news: HashMap<usize, Vec<usize>> = HashMap::new();
    let mut by_cluster: HashMap<i64, Vec<usize>> = HashMap::new();
    for (at, (told, cluster, _)) in placed.iter().enumerate() {
        by_news.entry(told.news).or_default().push(at);
        by_cluster.entry(*cluster).or_default().push(at);
    }
    let mut clusters: Vec<&Vec<usize>> = by_cluster.values().collect();
    clusters.sort();
    for (a, b) in clusters.into_iter().flat_map(|group| pairs(group)) {
        if placed[a].0.news == placed[b].0.news {
            score.right += 1;
        } else {
            score.wrong += 1;
            score
                .wrong_examples
                .push(shown("WRONG", &placed[a].0, &placed[b].0));
        }
    }
    let mut news: Vec<&Vec<usize>> = by_news.values().collect();
    news.sort();
    for (a, b) in news.into_iter().flat_map(|group| pairs(group)) {
        score.missed += usize::from(placed[a].1 != placed[b].1);
    }
    for (at, (told, cluster, _)) in placed.iter().enumerate() {
        let class = score.classes.entry(told.class.clone()).or_default();
        class.all += 1;
        let is_mixed = |other: &usize| placed[*other].0.news != told.news;
        class.mixed += usize::from(by_cluster[cluster].iter().any(is_mixed));
        let first = by_news[&told.news][0];
        if first == at {
            continue;
        }
        if placed[first].1 == *cluster {
            class.found += 1;
        } else {
            class.missed += 1;
            score
                .missed_examples
                .push(shown("MISSED", told, &placed[first].0));
        }
    }
    score
}

fn pairs(group: &[usize]) -> impl Iterator<Item = (usize, usize)> {
    let with_earlier = |(n, a): (usize, &usize)| {
        let a = *a;
        group[..n].iter().map(move |b| (*b, a)).collect::<Vec<_>>()
    };
    group.iter().enumerate().flat_map(with_earlier)
}

fn shown(what: &str, a: &Told, b: &Told) -> String {
    let entry = |told: &Told| {
        let text = told.entry.summary.as_deref().unwrap_or_default();
        format!(
            "{} [{}] {} | {text}",
            told.class, told.source, told.entry.title
        )
    };
    format!("{what} {}\n       {}", entry(a), entry(b))
}

impl Score {
    /// Of the pairs that stand together, the share that should.
    pub fn precision(&self) -> f64 {
        self.right as f64 / (self.right + self.wrong).max(1) as f64
    }

    /// Of the pairs that should stand together, the share that does.
    pub fn recall(&self) -> f64 {
        self.right as f64 / (self.right + self.missed).max(1) as f64
    }

    /// Prints it with examples of what went wrong.
    pub fn print(&self) {
        println!(
            "precision {:.5} recall {:.5} ({} right, {} wrong, {} missed)",
            self.precision(),
            self.recall(),
            self.right,
            self.wrong,
            self.missed
        );
        for (name, class) in &self.classes {
            println!(
                "{name:32} {:6} entries, {:5} with other news; {:6} with their first, {:5} not",
                class.all, class.mixed, class.found, class.missed
            );
        }
        for example in self.wrong_examples.iter().take(EXAMPLES) {
            println!("{example}");
        }
        for example in self.missed_examples.iter().take(EXAMPLES) {
            println!("{example}");
        }
    }
}
