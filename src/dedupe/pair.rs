//! Two entries side by side: titles, the best pair of their texts, and the hours between them.

use std::cell::OnceCell;
use std::collections::HashSet;

use super::alignment::{Alignment, align, containment};
use super::fingerprint::Fingerprint;
use super::titles::{Likeness, Titles, compare};
use super::words::{Kind, Word};

/// Below this share of common word pairs two texts are not aligned: they are different texts.
const ALIGNED_FROM: f64 = 0.3;

/// Two texts of the pair.
#[derive(Debug, Clone)]
pub struct Overlap<'a> {
    /// The first entry's text.
    pub left: &'a [Word],
    /// The second entry's text.
    pub right: &'a [Word],
    /// Share of the shorter one's word pairs in the longer.
    pub containment: f64,
    /// Words of the shorter one.
    pub words: usize,
    /// The two laid side by side, where they share enough.
    pub alignment: Alignment,
}

/// Two entries side by side.
#[derive(Debug, Clone)]
pub struct Pair<'a> {
    /// The new entry.
    pub item: &'a Fingerprint,
    /// The one that was there.
    pub other: &'a Fingerprint,
    /// Their titles.
    pub titles: Titles,
    /// Their texts; `None` where one has none.
    pub overlap: Option<Overlap<'a>>,
    /// Minutes between them.
    pub minutes_apart: i64,
    /// Names seen inside sentences of either, gathered when first asked for.
    names: OnceCell<HashSet<u64>>,
}

impl<'a> Pair<'a> {
    /// Lays two entries side by side.
    pub fn of(item: &'a Fingerprint, other: &'a Fingerprint) -> Self {
        Self {
            item,
            other,
            titles: compare(&item.title, &other.title),
            overlap: overlap(item, other),
            minutes_apart: (item.at - other.at).num_minutes().abs(),
            names: OnceCell::new(),
        }
    }

    /// Whether both are within so many hours, a date without a time taken generously.
    pub fn is_within(&self, hours: i64) -> bool {
        self.is_within_minutes(hours * 60)
    }

    /// The same in minutes.
    pub fn is_within_minutes(&self, minutes: i64) -> bool {
        let slack = self.item.slack_hours.max(self.other.slack_hours);
        self.minutes_apart <= minutes + slack * 60
    }

    /// Titles equal, or equal but for small words and slips.
    pub fn same_title(&self) -> bool {
        self.titles.likeness <= Likeness::Soft
    }

    /// Share of the shorter text in the longer; 0 without texts.
    pub fn containment(&self) -> f64 {
        self.overlap
            .as_ref()
            .map_or(0.0, |overlap| overlap.containment)
    }

    /// Words of the shorter text; 0 without texts.
    pub fn words(&self) -> usize {
        self.overlap.as_ref().map_or(0, |overlap| overlap.words)
    }

    fn names(&self) -> &HashSet<u64> {
        let words = || names(self.item).chain(names(self.other));
        let gather = || words().map(|word| word.hash).collect();
        self.names.get_or_init(gather)
    }

    /// Whether a word is a name, by its own place or by another place in either entry.
    pub fn is_name(&self, word: &Word) -> bool {
        word.kind == Kind::Name
            || word.capital && word.kind == Kind::Plain && self.names().contains(&word.hash)
    }
}

impl Overlap<'_> {
    /// Share of the shorter text's words that stand exchanged.
    pub fn substituted(&self) -> f64 {
        let exchanged: usize = self
            .alignment
            .exchanges
            .iter()
            .map(|exchange| exchange.left.len().min(exchange.right.len()))
            .sum();
        exchanged as f64 / self.words.max(1) as f64
    }

    /// How many words of the longer text come before the shorter one begins.
    pub fn depth(&self) -> usize {
        let first = self
            .alignment
            .matches
            .windows(2)
            .find(|pair| pair[1].0 == pair[0].0 + 1 && pair[1].1 == pair[0].1 + 1)
            .or(self.alignment.matches.windows(1).next());
        first.map_or(0, |run| {
            let (left, right) = run[0];
            if self.left.len() <= self.right.len() {
                right.saturating_sub(left)
            } else {
                left.saturating_sub(right)
            }
        })
    }

    /// The words of the first text that the second shares in place.
    pub fn shared(&self) -> impl Iterator<Item = &Word> {
        self.alignment
            .matches
            .iter()
            .map(|(left, _)| &self.left[*left])
    }
}

/// Summary and body are kept apart: the pair of texts that agrees best speaks, the longer one of equals.
fn overlap<'a>(item: &'a Fingerprint, other: &'a Fingerprint) -> Option<Overlap<'a>> {
    let mut best: Option<(f64, usize, &'a [Word], &'a [Word])> = None;
    for left in &item.texts {
        for right in &other.texts {
            let share = containment(&left.words, &right.words);
            let words = left.words.len().min(right.words.len());
            let better = best.as_ref().is_none_or(|best| {
                let (a, b) = (share * weight(words), best.0 * weight(best.1));
                a > b || a == b && words > best.1
            });
            if better {
                best = Some((share, words, &left.words, &right.words));
            }
        }
    }
    best.map(|(containment, words, left, right)| Overlap {
        left,
        right,
        containment,
        words,
        alignment: if containment >= ALIGNED_FROM {
            align(left, right)
        } else {
            Alignment::default()
        },
    })
}

/// A handful of words agrees easily and says little.
fn weight(words: usize) -> f64 {
    (words.min(12) as f64 + 12.0) / 24.0
}

/// The names that an entry tells; a title of which most words are capitals tells nothing of names.
pub(super) fn names(item: &Fingerprint) -> impl Iterator<Item = &Word> {
    let longer: Vec<&Word> = item
        .title
        .words
        .iter()
        .filter(|word| word.text.chars().count() > 3)
        .collect();
    let capitals = longer.iter().filter(|word| word.capital).count();
    let title = if capitals * 2 > longer.len() {
        &[][..]
    } else {
        &item.title.words[..]
    };
    item.texts
        .iter()
        .flat_map(|text| &text.words)
        .chain(title)
        .filter(|word| word.kind == Kind::Name)
}
