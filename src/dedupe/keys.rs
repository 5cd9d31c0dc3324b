//! The keys under which an entry is found as a candidate: hashes in one index, bounded in number whatever the entry is.

use std::collections::HashSet;

use super::fingerprint::Fingerprint;
use super::statistics::Statistics;
use super::words::{Word, combine, hash, hash_words, is_label};

/// Rarest title words that become keys.
const RARE_WORDS: usize = 4;

/// Smallest hashes of word triples that become keys: equal texts share all, halved ones half. Beside the sentences, ten of
/// them found no more copies and made the index a fifth heavier.
const SHINGLES: usize = 6;

/// First sentences of a text that become keys, since copies written anew keep but one of them.
const SENTENCES: usize = 4;

/// Words of a sentence that is a key.
const LEAST_SENTENCE: usize = 5;

/// Words of a text whose triples are looked at: the beginning, which abridged copies keep.
const SHINGLED_WORDS: usize = 240;

/// What a key is made of; the kinds weigh differently when candidates are ranked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The address.
    Address,
    /// The whole title.
    Title,
    /// A rare word of the title.
    Word,
    /// A triple of words of the text.
    Shingle,
    /// A sentence of the text, which is all that some copies keep.
    Sentence,
}

/// A key of the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// What it is made of.
    pub kind: Kind,
    /// Its hash, kind included.
    pub hash: i64,
}

impl Key {
    fn new(kind: Kind, value: u64) -> Self {
        Self {
            kind,
            hash: i64::from_ne_bytes(combine(kind as u64 + 1, value).to_ne_bytes()),
        }
    }

    /// What sharing this key is worth when candidates are ranked.
    pub fn weight(&self) -> u32 {
        match self.kind {
            Kind::Address => 12,
            Kind::Title => 6,
            Kind::Word => 2,
            Kind::Shingle => 1,
            Kind::Sentence => 4,
        }
    }
}

/// All keys of an entry, at most 17.
pub fn keys(item: &Fingerprint, statistics: &Statistics) -> Vec<Key> {
    let mut keys = Vec::with_capacity(24);
    if let Some(address) = &item.address {
        keys.push(address_key(address));
    }
    let content: Vec<&Word> = item
        .title
        .words
        .iter()
        .filter(|word| word.is_content() && !is_label(&word.text))
        .collect();
    if content.is_empty() {
        keys.push(Key::new(Kind::Title, hash_words(&item.title.words)));
    } else {
        let title = content
            .iter()
            .fold(0, |state, word| combine(state, word.hash));
        keys.push(Key::new(Kind::Title, title));
    }
    keys.extend(rare_words(&content, statistics));
    if let Some(text) = item.longest() {
        keys.extend(shingles(&text.words));
        let sentences = text.sentences.iter();
        keys.extend(
            sentences
                .filter(|one| one.end - one.start >= LEAST_SENTENCE)
                .take(SENTENCES)
                .map(|one| Key::new(Kind::Sentence, one.hash)),
        );
    }
    keys
}

/// The key of an address alone, which is never purged.
pub fn address_key(address: &str) -> Key {
    Key::new(Kind::Address, hash(address.as_bytes()))
}

fn rare_words(content: &[&Word], statistics: &Statistics) -> Vec<Key> {
    let mut seen = HashSet::new();
    let mut words: Vec<(f64, u64)> = content
        .iter()
        .filter(|word| seen.insert(word.hash))
        .take(24)
        .map(|word| (statistics.rarity(word), word.hash))
        .collect();
    words.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    words.truncate(RARE_WORDS);
    words
        .into_iter()
        .map(|(_, hash)| Key::new(Kind::Word, hash))
        .collect()
}

fn shingles(words: &[Word]) -> Vec<Key> {
    let words = &words[..words.len().min(SHINGLED_WORDS)];
    let mut hashes: Vec<u64> = words
        .windows(3)
        .map(|triple| combine(combine(triple[0].hash, triple[1].hash), triple[2].hash))
        .collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes.truncate(SHINGLES);
    hashes
        .into_iter()
        .map(|hash| Key::new(Kind::Shingle, hash))
        .collect()
}
