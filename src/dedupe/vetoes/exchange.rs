//! A figure for another figure, a name for another name, in what two texts share.

use std::collections::HashSet;

use super::super::pair::Pair;
use super::super::titles::is_mistyped;
use super::super::words::{Kind, Word, is_calendar, is_none, is_unlisted, may_be_number};
use super::{Objection, joined, shown};
use crate::model::VetoKind;

/// Longest run on either side that is still an exchange of one thing for another.
const MAX_RUN: usize = 8;

/// Longest run in which a figure stands for a name.
const MAX_MIXED: usize = 3;

/// Words of a name at the start of a sentence.
const MAX_OPENING: usize = 3;

/// A figure for another figure, or a name for another name, in the text that both share.
pub(super) fn exchange(pair: &Pair) -> Option<Objection> {
    let overlap = pair.overlap.as_ref()?;
    if overlap.alignment.exchanges.is_empty() && overlap.alignment.head.is_none() {
        return None;
    }
    let all = |words: &[Word]| -> HashSet<u64> { words.iter().map(|word| word.hash).collect() };
    let (all_left, all_right) = (all(overlap.left), all(overlap.right));
    let exchanges = overlap.alignment.exchanges.iter();
    exchanges
        .chain(&overlap.alignment.head)
        .find_map(|exchange| {
            let (left, right) = (
                &overlap.left[exchange.left.clone()],
                &overlap.right[exchange.right.clone()],
            );
            if left.len() > MAX_RUN || right.len() > MAX_RUN {
                return None;
            }
            if let ([left], [right]) = (left, right)
                && is_mistyped(left, right)
            {
                return None;
            }
            let is_denied = left.iter().chain(right).any(|word| is_none(&word.text));
            let is_figure = |word: &Word| {
                word.kind == Kind::Figure
                    || is_denied && (is_none(&word.text) || may_be_number(&word.text))
            };
            let named_alike = are_openings(left, right);
            let is_end = exchange.left.end == overlap.left.len()
                || exchange.right.end == overlap.right.len();
            let is_name = |word: &Word| named_alike || pair.is_name(word);
            // `riksväg 58` and `Kyrkbacken` are two places.
            let is_short = left.len().max(right.len()) <= MAX_MIXED;
            let is_either = |word: &Word| is_short && (is_figure(word) || is_name(word));
            [&is_figure as &dyn Fn(&Word) -> bool, &is_name, &is_either]
                .into_iter()
                .find_map(|is_kind| {
                    let a: Vec<&Word> = left.iter().filter(|word| is_kind(word)).collect();
                    let b: Vec<&Word> = right.iter().filter(|word| is_kind(word)).collect();
                    let is_guess = named_alike || is_end || is_time(&a) != is_time(&b);
                    are_apart((&a, &all_left), (&b, &all_right), is_guess)
                        .then(|| (VetoKind::Substitution, shown(&joined(&a), &joined(&b))))
                })
        })
}

/// Whether neither side says what the other says here, nor elsewhere in its text; a guess is given up where one of them does.
fn are_apart(
    (left, all_left): (&[&Word], &HashSet<u64>),
    (right, all_right): (&[&Word], &HashSet<u64>),
    is_guess: bool,
) -> bool {
    let is_same = |a: &Word, b: &Word| {
        a.hash == b.hash || is_genitive(a, b) || is_none(&a.text) && is_none(&b.text)
    };
    if left.is_empty()
        || right.is_empty()
        || left.iter().any(|a| right.iter().any(|b| is_same(a, b)))
    {
        return false;
    }
    let left_moved = left.iter().all(|word| all_right.contains(&word.hash));
    let right_moved = right.iter().all(|word| all_left.contains(&word.hash));
    match is_guess {
        true => !(left_moved || right_moved),
        false => !(left_moved && right_moved),
    }
}

/// One name and its genitive.
fn is_genitive(left: &Word, right: &Word) -> bool {
    let (a, b) = (&*left.text, &*right.text);
    let is_of = |long: &str, short: &str| {
        short.chars().count() > 3 && long.strip_suffix('s').is_some_and(|name| name == short)
    };
    is_of(a, b) || is_of(b, a)
}

/// Whether all of these tell a day or a month, and no amount.
fn is_time(words: &[&Word]) -> bool {
    words.iter().all(|word| is_calendar(&word.text))
}

/// Unknown words for others at the start of a sentence, where every word has a capital: taken for names, unless they are
/// forms of one word.
fn are_openings(left: &[Word], right: &[Word]) -> bool {
    let is_name = |run: &[Word]| {
        run.len() <= MAX_OPENING
            && run[0].text.chars().count() > 3
            && run
                .iter()
                .all(|word| word.capital && word.kind != Kind::Figure && is_unlisted(&word.text))
    };
    let letters = left[0].text.chars().zip(right[0].text.chars());
    is_name(left) && is_name(right) && letters.take_while(|(a, b)| a == b).count() < 4
}
