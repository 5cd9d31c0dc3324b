//! What keeps two entries apart however alike they are. The vetoes carry the precision: a template with another town,
//! another figure or another outcome looks more like its neighbour than a true copy does.

mod exchange;
mod round_up;
mod template;

use super::pair::Pair;
use super::titles::without_label;
use super::words::{Word, are_opposite, is_denial, is_status};
use crate::model::VetoKind;
use exchange::exchange;
use template::minimal;

pub(super) use round_up::digest_name;
pub use round_up::round_up;

/// A veto with what differs.
pub type Objection = (VetoKind, String);

/// The first veto that holds against a pair, for every rule but the address rule.
pub fn veto(pair: &Pair) -> Option<Objection> {
    status(pair)
        .or_else(|| reversal(pair))
        .or_else(|| minimal(pair))
        .or_else(|| exchange(pair))
}

/// A correction, reminder or cancellation is other news than what it corrects: it says so in front, or anywhere in a
/// title that is otherwise much the same.
fn status(pair: &Pair) -> Option<Objection> {
    let (left, right) = (&pair.item.title.words, &pair.other.title.words);
    let looked_at = if is_half_shared(pair) { usize::MAX } else { 3 };
    let first = |words: &[Word], other: &[Word]| {
        without_label(words)
            .iter()
            .take(looked_at)
            .find(|word| {
                is_status(&word.text) && !other.iter().any(|other| other.hash == word.hash)
            })
            .map(|word| word.text.to_string())
    };
    first(left, right)
        .or_else(|| first(right, left))
        .map(|word| (VetoKind::StatusWord, word))
}

/// Titles of which one denies what the other says, or says it the other way round.
fn reversal(pair: &Pair) -> Option<Objection> {
    let (left, right) = (&pair.titles.only_left, &pair.titles.only_right);
    if !is_half_shared(pair) {
        return None;
    }
    let turned = left.iter().find_map(|a| {
        let b = right.iter().find(|b| are_opposite(&a.text, &b.text))?;
        Some(shown(&a.text, &b.text))
    });
    let denied = |words: &[Word]| {
        words
            .iter()
            .find(|word| is_denial(&word.text))
            .map(|word| format!("'{}'", word.text))
    };
    turned
        .or_else(|| denied(left))
        .or_else(|| denied(right))
        .map(|detail| (VetoKind::MinimalPair, detail))
}

/// Whether the titles share half the words of the shorter one.
pub(super) fn is_half_shared(pair: &Pair) -> bool {
    let (left, right) = (&pair.item.title.words, &pair.other.title.words);
    pair.titles.shared.len() * 2 >= left.len().min(right.len())
}

fn shown(left: &str, right: &str) -> String {
    format!("{left} / {right}")
}

fn joined(words: &[&Word]) -> String {
    words
        .iter()
        .map(|word| &*word.text)
        .collect::<Vec<_>>()
        .join(" ")
}
