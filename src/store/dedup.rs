//! The index of de-duplication: entries taken in, taken in anew when they change, forgotten. Nothing is ever rebuilt.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::params;

use super::candidates::COMPARED_REVISIONS;
use super::fingerprint::{signed, source_number, title_hash};
use super::{Error, Reader, Writer, to_ms};
use crate::dedupe::fingerprint::Fingerprint;
use crate::dedupe::keys::{Key, Kind, address_key, keys};
use crate::model::{EntryId, StoredEntry};

/// After this no rule but the address rule looks at an entry again.
const KEPT: TimeDelta = TimeDelta::days(14);
/// Days after which a sentence or word that was seen once or twice is forgotten.
const RARE_KEPT_DAYS: i64 = 60;
/// Slices of the index, of which each call cleans one: the writer is never held for long.
const SLICES: i64 = 24;
const NEXT_SLICE: &str = "dedupe-next-slice";
/// Distinct words of one text that are counted.
const COUNTED_WORDS: usize = 200;

/// What an entry is among the pieces of news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// Nobody has told it before.
    First,
    /// One more carrier tells it.
    Again,
}

impl Reader<'_> {
    /// Octets that the index of de-duplication takes on disk.
    pub fn index_size(&self) -> Result<u64, Error> {
        let sql = "SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE name GLOB 'dedup_*' AND aggregate = TRUE";
        Ok(self.connection.query_row(sql, [], |row| row.get(0))?)
    }
}

fn day(at: DateTime<Utc>) -> i64 {
    at.timestamp() / 86_400
}

/// An entry with its furniture, as it is counted.
fn whole(stored: &StoredEntry) -> Fingerprint {
    let source = source_number(&stored.source);
    Fingerprint::of(&stored.entry, source, stored.first_seen)
}

fn counted_words(item: &Fingerprint) -> HashSet<u64> {
    let title = item.title.words.iter();
    title
        .chain(item.longest().into_iter().flat_map(|text| &text.words))
        .filter(|word| word.is_content())
        .take(COUNTED_WORDS)
        .map(|word| word.hash)
        .collect()
}

fn counted_sentences(item: &Fingerprint) -> HashSet<u64> {
    item.plain_sentences()
        .map(|sentence| sentence.hash)
        .collect()
}

impl Writer<'_> {
    /// Takes a decided entry into the index and the counts, so that later ones meet it. What many carry is no commonplace:
    /// words count once a piece of news, and so do sentences but among those of their own source.
    pub(super) fn index_fingerprint(
        &self,
        stored: &StoredEntry,
        keys: &[Key],
        told: Told,
    ) -> Result<(), Error> {
        let item = whole(stored);
        self.put_keys(stored.id, keys, &item)?;
        if told == Told::First {
            let mut words = counted_words(&item);
            words.insert(0);
            self.count_words(words, stored.first_seen)?;
        }
        self.count_sentences(&item, counted_sentences(&item), told, stored.first_seen)
    }

    /// The same for an entry that changed. It is found by what it said before as well, copies may tell that; keys of
    /// older states go, and what was counted is not counted twice.
    pub(super) fn index_again(
        &self,
        stored: &StoredEntry,
        keys: &[Key],
        told: Told,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let item = whole(stored);
        let (mut words, mut sentences) = (counted_words(&item), counted_sentences(&item));
        let before = self.before(stored, 0, COMPARED_REVISIONS + 1)?;
        if let Some(last) = before.first().map(whole) {
            let (old_words, old_sentences) = (counted_words(&last), counted_sentences(&last));
            words.retain(|word| !old_words.contains(word));
            sentences.retain(|sentence| !old_sentences.contains(sentence));
        }
        if let Some(oldest) = before.get(COMPARED_REVISIONS) {
            self.forget_keys(oldest)?;
            for kept in &before[..COMPARED_REVISIONS] {
                self.put_keys(stored.id, &self.keys(kept)?, &item)?;
            }
        }
        self.put_keys(stored.id, keys, &item)?;
        if told == Told::First {
            self.count_words(words, now)?;
        }
        self.count_sentences(&item, sentences, told, now)
    }

    fn keys(&self, stored: &StoredEntry) -> Result<Vec<Key>, Error> {
        let item = self.fingerprint(stored)?;
        self.with_statistics(self.demanded()?, |statistics| Ok(keys(&item, statistics)))
    }

    fn forget_keys(&self, stored: &StoredEntry) -> Result<(), Error> {
        let mut forget = self
            .connection
            .prepare_cached("DELETE FROM dedup_key WHERE hash = ?1 AND entry = ?2")?;
        for key in self.keys(stored)? {
            forget.execute([key.hash, stored.id.0])?;
        }
        Ok(())
    }

    fn put_keys(&self, id: EntryId, keys: &[Key], whole: &Fingerprint) -> Result<(), Error> {
        let mut put = self
            .connection
            .prepare_cached("INSERT OR IGNORE INTO dedup_key (hash, entry) VALUES (?1, ?2)")?;
        for key in keys.iter().filter(|key| key.kind != Kind::Address) {
            put.execute([key.hash, id.0])?;
        }
        if let Some(address) = &whole.address {
            self.connection
                .prepare_cached(
                    "INSERT OR IGNORE INTO dedup_address (hash, entry) VALUES (?1, ?2)",
                )?
                .execute([address_key(address).hash, id.0])?;
        }
        Ok(())
    }

    fn count_words(&self, words: HashSet<u64>, at: DateTime<Utc>) -> Result<(), Error> {
        let mut count = self.connection.prepare_cached(
            "INSERT INTO dedup_df (word, texts, day) VALUES (?1, 1, ?2)
             ON CONFLICT (word) DO UPDATE SET texts = texts + 1, day = excluded.day",
        )?;
        for word in words {
            count.execute([signed(word), day(at)])?;
        }
        Ok(())
    }

    fn count_sentences(
        &self,
        item: &Fingerprint,
        sentences: HashSet<u64>,
        told: Told,
        at: DateTime<Utc>,
    ) -> Result<(), Error> {
        let title = title_hash(item);
        let mut count = self.connection.prepare_cached(
            "INSERT INTO dedup_furniture (sentence, source, titles, last_title, day, news) VALUES (?1, ?2, 1, ?3, ?4, ?5)
             ON CONFLICT (sentence, source) DO UPDATE SET titles = titles + (last_title <> excluded.last_title),
                news = news + excluded.news * (last_title <> excluded.last_title),
                last_title = excluded.last_title, day = excluded.day",
        )?;
        for sentence in sentences {
            let news = i64::from(told == Told::First);
            count.execute([signed(sentence), item.source, title, day(at), news])?;
        }
        Ok(())
    }

    /// Forgets old keys in one slice of the index; call it every hour. How many rows went.
    pub fn forget_old_keys(&self, now: DateTime<Utc>) -> Result<usize, Error> {
        let slice = self
            .meta(NEXT_SLICE)?
            .and_then(|text| text.parse::<i64>().ok())
            .unwrap_or(0)
            % SLICES;
        self.put_meta(NEXT_SLICE, &((slice + 1) % SLICES).to_string())?;
        let width = i64::MAX / (SLICES / 2);
        // The slices reach over more than an `i64` counts, from its least to its greatest.
        let from = i64::MIN.wrapping_add(slice.wrapping_mul(width));
        let to = if slice == SLICES - 1 {
            i64::MAX
        } else {
            from + width - 1
        };
        let day = day(now);
        // Entries are numbered by arrival, so the newest one that is too old bounds all that are.
        let bound = "SELECT id FROM entry WHERE first_seen < ?3 ORDER BY id DESC LIMIT 1";
        let keys = self.connection.prepare_cached(&format!(
            "DELETE FROM dedup_key WHERE hash BETWEEN ?1 AND ?2 AND entry <= coalesce(({bound}), 0)"
        ))?
        .execute(params![from, to, to_ms(now - KEPT)])?;
        let sentences = self
            .connection
            .prepare_cached("DELETE FROM dedup_furniture WHERE sentence BETWEEN ?1 AND ?2 AND day < ?3 - iif(titles < 3, 14, ?4)")?
            .execute(params![from, to, day, RARE_KEPT_DAYS * 6])?;
        let words = self
            .connection
            .prepare_cached("DELETE FROM dedup_df WHERE word BETWEEN ?1 AND ?2 AND texts < 3 AND day < ?3 AND word <> 0")?
            .execute(params![from, to, day - RARE_KEPT_DAYS])?;
        Ok(keys + sentences + words)
    }
}
