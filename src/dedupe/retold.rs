//! News told in other words: by the title alone that both have, or by sentences that were left as they were.
//!
//! An editor who writes a lead anew keeps its figures, its names and half of its words; one who writes title and lead anew
//! keeps the sentences after it. A template does neither: its other figure, day or name gives it away.

use std::collections::HashSet;

use super::beside::{adds, content, is_amount, rest, shared, stem, told};
use super::fingerprint::Fingerprint;
use super::pair::Pair;
use super::statistics::Statistics;
use super::words::{Kind, Word, is_calendar};

/// Rarity of a title under which other words may tell the same.
const LEAST_RARITY: f64 = 20.0;
/// The same where the texts share neither figure nor name, as standing sentences do.
const LEAST_RARITY_ALONE: f64 = 27.0;
/// Rarity of sentences that only one piece of news has.
const LEAST_SENTENCES: f64 = 48.0;
/// Words of a sentence that is equal on purpose.
const LEAST_SENTENCE: usize = 6;
/// Words spelled otherwise that make a translation.
const COUSINS: usize = 3;
/// Words in whole sentences that make two texts one.
const LEAST_WORDS: usize = 12;

/// One title over texts that agree in half of what they say beyond it, or in a whole sentence; the rarity of the title.
pub(super) fn by_title(pair: &Pair, statistics: &Statistics) -> Option<f64> {
    let overlap = pair.overlap.as_ref()?;
    let title = content(&pair.item.title.words);
    if !pair.same_title() || title.len() < 3 || differ(pair) || is_translated(pair) {
        return None;
    }
    let beyond = |words| -> HashSet<u64> { &content(words) - &title };
    let (left, right) = (beyond(overlap.left), beyond(overlap.right));
    let common = left.intersection(&right).count();
    let shorter = left.len().min(right.len());
    let has_sentence = || {
        shared(pair.item, pair.other)
            .iter()
            .any(|sentence| sentence.end - sentence.start >= LEAST_SENTENCE)
    };
    if !(common >= 3 && common * 10 >= shorter * 3 || has_sentence()) {
        return None;
    }
    let told = |words: &[Word]| -> HashSet<u64> {
        let beyond = words.iter().filter(|word| tells(word)).map(stem);
        beyond.filter(|word| !title.contains(word)).collect()
    };
    // `The agenda is on the notice board` stands under every meeting.
    let is_told = !told(overlap.left).is_disjoint(&told(overlap.right));
    let needed = if is_told {
        LEAST_RARITY
    } else {
        LEAST_RARITY_ALONE
    };
    let rarity = statistics.sum(pair.titles.shared.iter(), f64::INFINITY);
    (rarity >= needed).then_some(rarity)
}

/// At least two sentences that are word for word the same, half the shorter text, with a figure or a name in them, under
/// titles and leads that speak of the same; the rarity of their words.
pub(super) fn by_sentences(pair: &Pair, statistics: &Statistics) -> Option<f64> {
    let (left, right) = (pair.item.longest()?, pair.other.longest()?);
    let sentences = shared(pair.item, pair.other);
    let words: Vec<&Word> = sentences.iter().flat_map(|one| left.of(one)).collect();
    let shorter = left.words.len().min(right.words.len());
    if sentences.len() < 2
        || words.len() < LEAST_WORDS
        || words.len() * 2 < shorter
        || !words.iter().any(|word| tells(word))
        || names_differ(pair)
        || is_translated(pair)
    {
        return None;
    }
    let same: HashSet<u64> = sentences.iter().map(|sentence| sentence.hash).collect();
    let (later, earlier) = if pair.item.at >= pair.other.at {
        (pair.item, pair.other)
    } else {
        (pair.other, pair.item)
    };
    let (said, known) = (rest(later, &same), rest(earlier, &same));
    if adds(later, &said, earlier) || content(said).intersection(&content(known)).count() < 2 {
        return None;
    }
    let rarity = statistics.sum(words.into_iter(), f64::INFINITY);
    (rarity >= LEAST_SENTENCES).then_some(rarity)
}

/// Whether one is in a neighbouring language: word after word is spelled otherwise, as `øyene` and `øyane`.
fn is_translated(pair: &Pair) -> bool {
    let titles = pair.titles.only_left.iter().zip(&pair.titles.only_right);
    let texts = pair.overlap.iter().flat_map(|overlap| {
        let exchanges = overlap.alignment.exchanges.iter();
        let even = exchanges.filter(|one| one.left.len() == one.right.len());
        even.flat_map(|one| {
            let (left, right) = (one.left.clone(), one.right.clone());
            overlap.left[left].iter().zip(&overlap.right[right])
        })
    });
    let is_cousin = |(left, right): &(&Word, &Word)| are_cousins(left, right);
    titles.chain(texts).filter(is_cousin).count() >= COUSINS
}

/// Two spellings that share most letters at both ends, and are no forms of one name.
fn are_cousins(left: &Word, right: &Word) -> bool {
    let (a, b) = (&*left.text, &*right.text);
    let shorter = a.chars().count().min(b.chars().count());
    let longer = a.chars().count().max(b.chars().count());
    let is_same = |(a, b): &(char, char)| a == b;
    let start = a.chars().zip(b.chars()).take_while(is_same).count();
    let ends = a.chars().rev().zip(b.chars().rev()).take_while(is_same);
    let shared = start + ends.count().min(shorter - start);
    left.hash != right.hash && left.kind == Kind::Plain && shared * 10 >= longer * 6
}

/// Whether it is an amount or a name, by which one piece of news is known.
fn tells(word: &Word) -> bool {
    word.kind == Kind::Name || is_amount(word)
}

/// Whether each tells an amount, a day or a name of which the other knows nothing.
fn differ(pair: &Pair) -> bool {
    are_foreign(pair, is_amount)
        || are_foreign(pair, |word| is_calendar(&word.text))
        || names_differ(pair)
}

fn names_differ(pair: &Pair) -> bool {
    are_foreign(pair, |word| word.kind == Kind::Name)
}

/// Whether either has words of a kind that the other has not.
fn are_foreign(pair: &Pair, is_kind: impl Fn(&Word) -> bool) -> bool {
    let has = |item: &Fingerprint, other: &Fingerprint| {
        let known: HashSet<u64> = told(other).map(stem).collect();
        told(item).any(|word| is_kind(word) && !known.contains(&stem(word)))
    };
    has(pair.item, pair.other) && has(pair.other, pair.item)
}
