//! News that the press tells in its own words, of which it left one sentence as the issuer wrote it.
//!
//! # Why
//!
//! Title and lead written anew share few words with what they were, and one sentence word for word is no proof: other news
//! of the same subject repeats a sentence of background, a law, a quotation. Who only writes anew does so within hours, or
//! says a figure of the issuer's again, and adds no fact; who tells what happened next has new figures and names, or none of
//! the old figures. So this holds for the press behind an issuer or a wire alone, and for a sentence that no other news has:
//! `place` sees to that.

use std::collections::HashSet;

use super::alignment::containment;
use super::beside::{adds, is_amount, kept, rest, stem, told};
use super::fingerprint::Fingerprint;
use super::pair::Pair;
use super::statistics::Statistics;
use super::vetoes::is_half_shared;
use super::words::{Word, Words, is_denial, is_none};
use crate::model::Role;

/// Rarity of that sentence.
const LEAST_RARITY: f64 = 20.0;
/// Minutes within which nobody has been asked yet what they think of it, so that no figure need be told again.
const SOON: i64 = 180;
/// What the rest must have in common: words, forms of one taken for one; their rarity; what that is of all that the copy
/// says beside the sentence.
const COMMON_SOON: (usize, f64, f64) = (2, 12.0, 0.15);
/// The same later on, a figure included.
const COMMON: (usize, f64, f64) = (3, 14.0, 0.2);
/// Words with a meaning that either title has for itself.
const LEAST_ANEW: usize = 2;
/// Share of word pairs from which on a lead is no other lead.
const MAX_CONTAINED: f64 = 0.4;

/// One sentence that the press left as it was, under a title and a lead that add nothing; the rarity of what both say.
pub(super) fn by_one_sentence(pair: &Pair, statistics: &Statistics) -> Option<f64> {
    let kept: HashSet<u64> = kept(pair.item, pair.other)?;
    if !is_written_anew(pair, &kept) {
        return None;
    }
    let (copy, origin) = in_order(pair, statistics)?;
    let (said, known) = (rest(copy, &kept), rest(origin, &kept));
    if adds(copy, &said, origin) || only_one_denies(copy, origin) || only_one_denies(origin, copy) {
        return None;
    }
    let text = origin.longest()?;
    let sentences = text.sentences.iter();
    let words = sentences
        .filter(|one| kept.contains(&one.hash))
        .flat_map(|one| text.of(one));
    let rarity = statistics.sum(words, f64::INFINITY);
    let known: HashSet<u64> = known.into_iter().map(stem).collect();
    let mut seen = HashSet::new();
    let (mut all, mut common, mut count, mut tells_amount) = (0.0, 0.0, 0, false);
    for word in said.into_iter().filter(|word| word.is_content()) {
        if !seen.insert(stem(word)) {
            continue;
        }
        let rarity = statistics.rarity(word);
        all += rarity;
        if known.contains(&stem(word)) {
            common += rarity;
            count += 1;
            tells_amount |= is_amount(word);
        }
    }
    let is_soon = pair.minutes_apart <= SOON && copy.slack_hours + origin.slack_hours == 0;
    let (least, least_rarity, least_share) = if is_soon { COMMON_SOON } else { COMMON };
    let is_one = rarity >= LEAST_RARITY
        && (is_soon || tells_amount)
        && count >= least
        && common >= least_rarity
        && common >= all * least_share;
    is_one.then_some(rarity + common)
}

/// Whether titles and what stands beside the sentence are other words in another order: a template keeps them, and turns one.
fn is_written_anew(pair: &Pair, kept: &HashSet<u64>) -> bool {
    let beside = |item: &Fingerprint| {
        let text = item.longest();
        text.map_or_else(Words::default, |text| {
            text.without(|one| kept.contains(&one.hash))
        })
    };
    let (left, right) = (beside(pair.item), beside(pair.other));
    let say_much =
        |words: &[Word]| words.iter().filter(|word| word.is_content()).count() >= LEAST_ANEW;
    let are_other = say_much(&pair.titles.only_left) && say_much(&pair.titles.only_right);
    (are_other || !is_half_shared(pair)) && containment(&left.words, &right.words) < MAX_CONTAINED
}

/// What the press tells, and what an issuer or a wire told before it.
fn in_order<'a>(
    pair: &Pair<'a>,
    statistics: &Statistics,
) -> Option<(&'a Fingerprint, &'a Fingerprint)> {
    let is_press = |item: &Fingerprint| (statistics.role)(item.id) == Role::Press;
    let (copy, origin) = match (is_press(pair.item), is_press(pair.other)) {
        (true, false) => (pair.item, pair.other),
        (false, true) => (pair.other, pair.item),
        _ => return None,
    };
    let slack = copy.slack_hours.max(origin.slack_hours);
    ((copy.at - origin.at).num_hours() >= -slack).then_some((copy, origin))
}

/// Whether the title of one denies something, and the other nothing.
fn only_one_denies(item: &Fingerprint, other: &Fingerprint) -> bool {
    let denies = |word: &Word| is_denial(&word.text) || is_none(&word.text);
    item.title.words.iter().any(denies) && !told(other).any(denies)
}
