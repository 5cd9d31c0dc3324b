//! How rare a word is among the texts seen so far.

use std::collections::HashMap;

use super::words::{Word, prior};
use crate::model::{DedupeSettings, EntryId, Role};

/// Texts that the built-in expectations of words weigh as much as: a fresh store is not blind, a full one not biased.
const PRIOR_TEXTS: f64 = 1000.0;

/// What a decision needs beside the two entries. Counts are looked up only for the words that it asks for.
pub struct Statistics<'a> {
    /// What the operator demands of a merge.
    pub settings: DedupeSettings,
    /// Texts counted so far.
    pub texts: u64,
    /// In how many of them a word, given by its hash, stands.
    pub count: &'a dyn Fn(u64) -> u64,
    /// Whose word an entry is.
    pub role: &'a dyn Fn(EntryId) -> Role,
}

impl Statistics<'_> {
    /// The rarity of a word in nats: the logarithm of how few texts hold it.
    pub fn rarity(&self, word: &Word) -> f64 {
        let counted = (self.count)(word.hash) as f64;
        let texts = self.texts as f64 + PRIOR_TEXTS;
        (texts / (counted + prior(&word.text, word.kind)))
            .ln()
            .max(0.0)
    }

    /// The summed rarity of distinct words, small words left out; stops counting at `enough`.
    pub fn sum<'w>(&self, words: impl Iterator<Item = &'w Word>, enough: f64) -> f64 {
        let mut seen: HashMap<u64, ()> = HashMap::new();
        let mut sum = 0.0;
        for word in words.filter(|word| word.is_content()) {
            if seen.insert(word.hash, ()).is_none() {
                sum += self.rarity(word);
            }
            if sum >= enough {
                break;
            }
        }
        sum
    }
}
