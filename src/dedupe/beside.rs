//! What two entries share, and what each says beside it: sentences, words, figures and names.

use std::collections::HashSet;

use super::fingerprint::Fingerprint;
use super::pair::{Pair, names};
use super::words::{Kind, Sentence, Word, hash, is_calendar};
use crate::link::fold_slug;

/// Letters by which two forms of one word are known to be one: `kontrolleret` and `kontrollerede`.
const STEM: usize = 6;
/// Words of a sentence that is left as it was on purpose.
const LEAST_KEPT: usize = 5;
/// Letters of a name that an address may tell.
const LEAST_NAME: usize = 4;

/// The sentences of the first that the second has word for word.
pub(super) fn shared(item: &Fingerprint, other: &Fingerprint) -> Vec<Sentence> {
    let (Some(left), Some(right)) = (item.longest(), other.longest()) else {
        return Vec::new();
    };
    let known: HashSet<u64> = right.sentences.iter().map(|one| one.hash).collect();
    let is_known = |one: &&Sentence| one.end - one.start >= 3 && known.contains(&one.hash);
    left.sentences.iter().filter(is_known).copied().collect()
}

/// The sentences that both have word for word, if one of them is long enough to be kept on purpose.
pub(super) fn kept(item: &Fingerprint, other: &Fingerprint) -> Option<HashSet<u64>> {
    let kept = shared(item, other);
    let is_long = |one: &Sentence| one.end - one.start >= LEAST_KEPT;
    kept.iter()
        .any(is_long)
        .then(|| kept.iter().map(|one| one.hash).collect())
}

/// Title and text without the sentences that both have.
pub(super) fn rest<'a>(item: &'a Fingerprint, kept: &HashSet<u64>) -> Vec<&'a Word> {
    let text = item.longest().into_iter().flat_map(|text| {
        let own = text
            .sentences
            .iter()
            .filter(|one| !kept.contains(&one.hash));
        own.flat_map(|one| text.of(one))
    });
    item.title.words.iter().chain(text).collect()
}

/// How many words with a meaning are in both, among titles and what stands beside the common text.
pub(super) fn common_beside(pair: &Pair) -> usize {
    let Some(overlap) = &pair.overlap else {
        return 0;
    };
    let (left, right): (HashSet<usize>, HashSet<usize>) =
        overlap.alignment.matches.iter().copied().unzip();
    let said = |item: &Fingerprint, text, matched| {
        content(item.title.words.iter().chain(own(text, matched)))
    };
    let left = said(pair.item, overlap.left, &left);
    let right = said(pair.other, overlap.right, &right);
    left.intersection(&right).count()
}

/// The words of a text that are matched with none of the other.
fn own<'a>(text: &'a [Word], matched: &HashSet<usize>) -> impl Iterator<Item = &'a Word> {
    let words = text.iter().enumerate();
    words
        .filter(|(at, _)| !matched.contains(at))
        .map(|(_, word)| word)
}

/// Whether it tells a figure, a day or a name of which the other knows nothing; where that is published is known.
pub(super) fn adds(copy: &Fingerprint, said: &[&Word], origin: &Fingerprint) -> bool {
    let known: HashSet<u64> = told(origin).map(stem).collect();
    let is_new = |word: &Word| !known.contains(&stem(word));
    let address = fold_slug(origin.address.as_deref().unwrap_or_default());
    let is_host = |word: &Word| {
        word.text.chars().count() >= LEAST_NAME && address.contains(&*fold_slug(&word.text))
    };
    said.iter()
        .any(|word| word.kind == Kind::Figure && is_new(word))
        || names(copy).any(|word| is_new(word) && !is_host(word))
}

/// What words say, forms of one word taken for one.
pub(super) fn content<'a>(words: impl IntoIterator<Item = &'a Word>) -> HashSet<u64> {
    let words = words.into_iter().filter(|word| word.is_content());
    words.map(stem).collect()
}

/// All words that an entry says.
pub(super) fn told(item: &Fingerprint) -> impl Iterator<Item = &Word> {
    let texts = item.texts.iter().flat_map(|text| &text.words);
    item.title.words.iter().chain(texts)
}

/// Whether it is a figure that is neither a day nor a place in a row.
pub(super) fn is_amount(word: &Word) -> bool {
    word.kind == Kind::Figure && !is_calendar(&word.text) && !word.is_ordinal()
}

/// A word by its beginning, a figure by all of it.
pub(super) fn stem(word: &Word) -> u64 {
    let end = word.text.char_indices().nth(STEM);
    match end {
        Some((at, _)) if word.kind != Kind::Figure => hash(word.text[..at].as_bytes()),
        _ => word.hash,
    }
}
