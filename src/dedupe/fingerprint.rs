//! An entry as it is compared with entries of other sources: title, texts, address and time, read once.

use chrono::{DateTime, Utc};
use url::Url;

use super::words::{MAX_WORDS, Sentence, Word, Words, read};
use crate::link;
use crate::model::{DateOrigin, Entry, EntryId, Precision};

/// Most words of a title.
const MAX_TITLE: usize = 60;

/// Most sentences of one text that are counted and looked up; a text is known by its beginning.
pub const MAX_SENTENCES: usize = 40;

/// An entry as it is compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Fingerprint {
    /// Its number in the store; 0 for one that is not stored yet.
    pub id: EntryId,
    /// The number of its source.
    pub source: i64,
    /// Its title.
    pub title: Words,
    /// The characters of its title.
    pub title_length: usize,
    /// Its summary and its body, each where there is one, furniture gone.
    pub texts: Vec<Words>,
    /// What those were that had furniture in them, such as the one sentence of a weekly letter.
    pub furniture: Vec<Words>,
    /// Its address key; `None` where the address is nobody's own.
    pub address: Option<String>,
    /// The last part of its address without the numbers around it.
    pub slug: String,
    /// The earlier of published and first seen.
    pub at: DateTime<Utc>,
    /// Hours by which `at` may be off: a date without a time is somewhere in its day.
    pub slack_hours: i64,
}

impl Fingerprint {
    /// Reads an entry; furniture is still in its texts.
    pub fn of(entry: &Entry, source: i64, first_seen: DateTime<Utc>) -> Self {
        let is_day = tells_time(entry) && entry.published.precision == Precision::Day;
        Self {
            id: EntryId(0),
            source,
            title: read(&entry.title, MAX_TITLE),
            title_length: entry.title.chars().count(),
            texts: texts(entry),
            furniture: Vec::new(),
            address: address(entry),
            slug: slug(&entry.link),
            at: Self::time(entry, first_seen),
            slack_hours: if is_day { 24 } else { 0 },
        }
    }

    /// The earlier of when an entry was published and when it was first seen.
    pub fn time(entry: &Entry, first_seen: DateTime<Utc>) -> DateTime<Utc> {
        if tells_time(entry) {
            entry.published.utc().min(first_seen)
        } else {
            first_seen
        }
    }

    /// The same with its number.
    pub fn stored(mut self, id: EntryId) -> Self {
        self.id = id;
        self
    }

    /// Whether it has no text at all.
    pub fn is_textless(&self) -> bool {
        self.texts.iter().all(|text| text.words.is_empty())
    }

    /// The text that says most, for keys and counters.
    pub fn longest(&self) -> Option<&Words> {
        self.texts.iter().max_by_key(|text| text.words.len())
    }

    /// Sentences that may be furniture: those without digits, of each text, bounded.
    pub fn plain_sentences(&self) -> impl Iterator<Item = &Sentence> {
        self.texts.iter().flat_map(|text| {
            text.sentences
                .iter()
                .take(MAX_SENTENCES)
                .filter(|sentence| !text.of(sentence).iter().any(Word::has_digit))
        })
    }

    /// Takes out the sentences that `is_furniture` knows.
    pub fn clear(&mut self, is_furniture: impl Fn(u64) -> bool) {
        for text in &mut self.texts {
            if text
                .sentences
                .iter()
                .any(|sentence| is_furniture(sentence.hash))
            {
                let rest = text.without(|sentence| is_furniture(sentence.hash));
                self.furniture.push(std::mem::replace(text, rest));
            }
        }
        self.texts.retain(|text| !text.words.is_empty());
    }
}

/// Whether its date was told, to the day at least.
fn tells_time(entry: &Entry) -> bool {
    entry.date_origin != DateOrigin::FirstSeen && entry.published.precision >= Precision::Day
}

fn texts(entry: &Entry) -> Vec<Words> {
    let mut texts: Vec<Words> = [&entry.summary, &entry.content]
        .into_iter()
        .flatten()
        .map(|text| read(text, MAX_WORDS))
        .filter(|text| !text.words.is_empty())
        .collect();
    texts.dedup_by(|a, b| a.words == b.words);
    texts
}

fn address(entry: &Entry) -> Option<String> {
    let is_bare = entry.link.path().trim_matches('/').is_empty() && entry.link.query().is_none();
    (entry.link_is_own && !is_bare).then(|| link::key(&entry.link))
}

fn slug(link: &Url) -> String {
    let last = link
        .path()
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default();
    let folded = link::fold_slug(last.split('.').next().unwrap_or(last));
    let trimmed = folded.trim_matches(|c: char| c.is_ascii_digit() || matches!(c, '-' | '_' | ','));
    trimmed.chars().take(120).collect()
}
