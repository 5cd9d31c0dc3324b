//! What keeps two entries apart however alike they are. The vetoes carry the precision: a template with another town,
//! another figure or another outcome looks more like its neighbour than a true copy does.

use std::collections::HashSet;

use super::fingerprint::Fingerprint;
use super::pair::Pair;
use super::titles::{Likeness, is_slip};
use super::words::{Kind, Word, is_denial, is_digest, is_polar, is_status};
use crate::model::VetoKind;

/// Longest run on either side that is still an exchange of one thing for another.
const MAX_RUN: usize = 8;

/// Content words by which both titles may differ and still be one template.
const MAX_MINIMAL: usize = 2;

/// Words before the shorter text begins in the longer, beyond which the longer one holds it among others.
const MAX_DEPTH: usize = 15;

/// A veto with what differs.
pub type Objection = (VetoKind, String);

/// The first veto that holds against a pair, for every rule but the address rule.
pub fn veto(pair: &Pair) -> Option<Objection> {
    status(pair)
        .or_else(|| reversal(pair))
        .or_else(|| minimal(pair))
        .or_else(|| exchange(pair))
}

/// A correction, reminder or cancellation is other news than what it corrects.
fn status(pair: &Pair) -> Option<Objection> {
    let (left, right) = (&pair.item.title.words, &pair.other.title.words);
    let first = |words: &[Word], other: &[Word]| {
        words
            .iter()
            .take(3)
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
    let turned = |words: &[Word]| {
        words
            .iter()
            .find(|word| is_polar(&word.text))
            .map(|word| word.text.to_string())
    };
    let denied = |words: &[Word]| {
        words
            .iter()
            .find(|word| is_denial(&word.text))
            .map(|word| word.text.to_string())
    };
    if pair.titles.shared.len() < 2 {
        return None;
    }
    match (turned(left), turned(right)) {
        (Some(a), Some(b)) => Some((VetoKind::MinimalPair, shown(&a, &b))),
        _ => denied(left)
            .or_else(|| denied(right))
            .map(|word| (VetoKind::MinimalPair, format!("'{word}'"))),
    }
}

/// Titles that differ in a word or two on both sides, or in a figure: a template, a series.
fn minimal(pair: &Pair) -> Option<Objection> {
    let (left, right) = (&pair.titles.only_left, &pair.titles.only_right);
    if pair.titles.likeness <= Likeness::Soft {
        return None;
    }
    let (a, b) = (figures(left), figures(right));
    if !a.is_empty() && !b.is_empty() {
        return Some((VetoKind::MinimalPair, shown(&joined(&a), &joined(&b))));
    }
    let shorter = pair
        .item
        .title
        .words
        .len()
        .min(pair.other.title.words.len());
    if pair.titles.shared.len() * 2 < shorter {
        return None;
    }
    if let Some(figure) = added_figure(&a, pair.other).or_else(|| added_figure(&b, pair.item)) {
        return Some((VetoKind::MinimalPair, figure));
    }
    let slips = |word: &Word, others: &[Word]| others.iter().any(|other| is_slip(word, other));
    let content = |words: &[Word], others: &[Word]| {
        words
            .iter()
            .filter(|word| word.is_content() && !slips(word, others))
            .count()
    };
    let (only_left, only_right) = (content(left, right), content(right, left));
    let few = (1..=MAX_MINIMAL).contains(&only_left) && (1..=MAX_MINIMAL).contains(&only_right);
    // `får` is a small word, but not where it stands for `mister`.
    let one_for_one = left.len() == 1 && right.len() == 1 && only_left + only_right > 0;
    let is_minimal = few || one_for_one;
    is_minimal.then(|| (VetoKind::MinimalPair, shown(&told(left), &told(right))))
}

fn figures(words: &[Word]) -> Vec<&Word> {
    words
        .iter()
        .filter(|word| word.kind == Kind::Figure)
        .collect()
}

/// A figure in one title that the other entry says nowhere: the next part, another year.
fn added_figure(figures: &[&Word], other: &Fingerprint) -> Option<String> {
    let mut said = other
        .title
        .words
        .iter()
        .chain(other.texts.iter().flat_map(|text| &text.words))
        .map(|word| word.hash);
    let figure = figures.iter().find(|figure| figure.has_digit())?;
    (!other.is_textless() && !said.any(|hash| hash == figure.hash)).then(|| figure.text.to_string())
}

/// A figure for another figure, or a name for another name, in the text that both share.
fn exchange(pair: &Pair) -> Option<Objection> {
    let overlap = pair.overlap.as_ref()?;
    let all = |words: &[Word]| -> HashSet<u64> { words.iter().map(|word| word.hash).collect() };
    let (all_left, all_right) = (all(overlap.left), all(overlap.right));
    overlap.alignment.exchanges.iter().find_map(|exchange| {
        let (left, right) = (
            &overlap.left[exchange.left.clone()],
            &overlap.right[exchange.right.clone()],
        );
        if left.len() > MAX_RUN || right.len() > MAX_RUN {
            return None;
        }
        let is_figure = |word: &Word| word.kind == Kind::Figure;
        let is_name = |word: &Word| pair.is_name(word);
        [&is_figure as &dyn Fn(&Word) -> bool, &is_name]
            .into_iter()
            .find_map(|is_kind| {
                let a: Vec<&Word> = left.iter().filter(|word| is_kind(word)).collect();
                let b: Vec<&Word> = right.iter().filter(|word| is_kind(word)).collect();
                let apart = !a.is_empty()
                    && !b.is_empty()
                    && !a.iter().any(|a| b.iter().any(|b| a.hash == b.hash));
                let moved = a.iter().all(|word| all_right.contains(&word.hash))
                    && b.iter().all(|word| all_left.contains(&word.hash));
                (apart && !moved).then(|| (VetoKind::Substitution, shown(&joined(&a), &joined(&b))))
            })
    })
}

/// One holds the other among others, or says in its title that it does; for the text rule.
pub fn round_up(pair: &Pair) -> Option<Objection> {
    let digest = [pair.item, pair.other]
        .into_iter()
        .flat_map(|item| &item.title.words)
        .find(|word| is_digest(&word.text));
    if let Some(word) = digest {
        return Some((VetoKind::RoundUp, word.text.to_string()));
    }
    let depth = pair.overlap.as_ref().map_or(0, |overlap| overlap.depth());
    (depth > MAX_DEPTH).then(|| {
        (
            VetoKind::RoundUp,
            format!("begins {depth} words into the other"),
        )
    })
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

/// The words that matter of those by which a title differs; all of them where none does.
fn told(words: &[Word]) -> String {
    let content: Vec<&Word> = words.iter().filter(|word| word.is_content()).collect();
    if content.is_empty() {
        joined(&words.iter().collect::<Vec<_>>())
    } else {
        joined(&content)
    }
}
