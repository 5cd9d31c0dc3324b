//! Entries as de-duplication compares them, with what the store counts of words, sentences and addresses.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};

use rusqlite::{OptionalExtension, params};

use super::{Error, Reader, Writer};
use crate::dedupe::fingerprint::Fingerprint;
use crate::dedupe::keys::{Key, address_key};
use crate::dedupe::statistics::Statistics;
use crate::dedupe::words::{Word, combine, hash, is_label, is_status};
use crate::model::{DedupeSettings, EntryId, Role, SourceId, StoredEntry};

/// Titles under which one source uses a sentence before it is furniture.
const TITLES_OF_ONE: i64 = 3;
/// Pieces of news in which all sources together use a sentence before it is furniture; carriers of one are no more than one,
/// or what a whole country's press copies would lose its text.
const NEWS_OF_ALL: i64 = 8;
const DEMANDED: &str = "dedupe-settings";

/// Entries of one source that share an address before it identifies none of them.
const ENTRIES_OF_ADDRESS: usize = 3;

/// Whether an entry's sentences are among those that are counted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counted {
    Already,
    NotYet,
}

/// The title under which sentences are counted: a correction or a reminder has that of what it corrects.
pub(super) fn title_hash(item: &Fingerprint) -> i64 {
    let is_own = |word: &&Word| !is_label(&word.text) && !is_status(&word.text);
    let words = item.title.words.iter().filter(is_own);
    signed(words.fold(0, |state, word| combine(state, word.hash)))
}

pub(super) fn source_number(source: &SourceId) -> i64 {
    signed(hash(source.as_str().as_bytes()))
}

pub(super) fn signed(hash: u64) -> i64 {
    i64::from_ne_bytes(hash.to_ne_bytes())
}

/// The role that a source's profile names.
pub(super) fn role_named(name: Option<String>) -> Role {
    let role = name.and_then(|name| serde_json::from_value(name.into()).ok());
    role.unwrap_or_default()
}

impl Reader<'_> {
    /// An entry ready to be placed: furniture gone from its texts, an address that identifies nothing gone.
    pub(super) fn item(&self, stored: &StoredEntry) -> Result<Fingerprint, Error> {
        let mut item = self.cleared(stored, Counted::NotYet)?;
        if let Some(address) = &item.address
            && !self.is_identifying(&address_key(address), stored)?
        {
            item.address = None;
        }
        Ok(item)
    }

    /// An entry ready to be compared. Its address counts only where the item's does, and is the same, so it is not looked at.
    pub(super) fn fingerprint(&self, stored: &StoredEntry) -> Result<Fingerprint, Error> {
        self.cleared(stored, Counted::Already)
    }

    fn cleared(&self, stored: &StoredEntry, counted: Counted) -> Result<Fingerprint, Error> {
        let source = source_number(&stored.source);
        let mut item = Fingerprint::of(&stored.entry, source, stored.first_seen).stored(stored.id);
        let title = title_hash(&item);
        let sentences: HashSet<u64> = item
            .plain_sentences()
            .map(|sentence| sentence.hash)
            .collect();
        let mut furniture = HashSet::new();
        for sentence in sentences {
            let title = (counted == Counted::NotYet).then_some(title);
            if self.is_furniture(signed(sentence), source, title)? {
                furniture.insert(sentence);
            }
        }
        item.clear(|sentence| furniture.contains(&sentence));
        Ok(item)
    }

    /// What an entry said before it changed, latest first.
    pub(super) fn before(
        &self,
        stored: &StoredEntry,
        skip: usize,
        limit: usize,
    ) -> Result<Vec<StoredEntry>, Error> {
        if stored.revisions == 0 {
            return Ok(Vec::new());
        }
        let mut statement = self.connection.prepare_cached(
            "SELECT title, body FROM revision WHERE entry = ?1 ORDER BY until DESC LIMIT ?3 OFFSET ?2",
        )?;
        let rows = statement.query_map(params![stored.id.0, skip, limit], |row| {
            let mut before = stored.clone();
            before.entry.title = row.get(0)?;
            before.entry.summary = row.get(1)?;
            before.entry.content = None;
            Ok(before)
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether a sentence is furniture, if it were used under one title more.
    fn is_furniture(&self, sentence: i64, source: i64, title: Option<i64>) -> Result<bool, Error> {
        let mut statement = self.connection.prepare_cached(
            "SELECT source, titles, last_title, news FROM dedup_furniture WHERE sentence = ?1 LIMIT 16",
        )?;
        let mut rows = statement.query([sentence])?;
        let (mut own, mut all) = (0, 0);
        while let Some(row) = rows.next()? {
            let last: i64 = row.get(2)?;
            let is_new_title = title.is_some_and(|title| title != last);
            let titles = row.get::<_, i64>(1)?;
            if row.get::<_, i64>(0)? == source {
                own = titles + i64::from(is_new_title);
            }
            all += row.get::<_, i64>(3)?;
        }
        Ok(own >= TITLES_OF_ONE || all >= NEWS_OF_ALL)
    }

    /// An address that several entries of one source share is that of a list or a front page.
    fn is_identifying(&self, address: &Key, stored: &StoredEntry) -> Result<bool, Error> {
        let mut statement = self.connection.prepare_cached(
            "SELECT entry FROM dedup_address WHERE hash = ?1 AND entry <> ?2 ORDER BY entry DESC LIMIT 12",
        )?;
        let entries: Vec<i64> = statement
            .query_map(params![address.hash, stored.id.0], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        if entries.len() + 1 < ENTRIES_OF_ADDRESS {
            return Ok(true);
        }
        let mut sources: HashMap<String, usize> = HashMap::from([(stored.source.to_string(), 1)]);
        let mut source = self
            .connection
            .prepare_cached("SELECT source FROM entry WHERE id = ?1")?;
        for entry in entries {
            let source: Option<String> = source.query_row([entry], |row| row.get(0)).optional()?;
            *sources.entry(source.unwrap_or_default()).or_default() += 1;
        }
        Ok(sources.values().all(|count| *count < ENTRIES_OF_ADDRESS))
    }

    /// What the operator demands of a merge, as the service was last configured.
    pub(super) fn demanded(&self) -> Result<DedupeSettings, Error> {
        let text = self.meta(DEMANDED)?;
        Ok(text.map_or(Ok(DedupeSettings::default()), |text| {
            serde_json::from_str(&text)
        })?)
    }

    /// Runs `decide` with the counts of words, read as they are asked for.
    pub(super) fn with_statistics<T>(
        &self,
        settings: DedupeSettings,
        decide: impl FnOnce(&Statistics) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let failed: Cell<Option<rusqlite::Error>> = Cell::new(None);
        let known: RefCell<HashMap<u64, u64>> = RefCell::new(HashMap::new());
        let count = |word: u64| -> u64 {
            if let Some(count) = known.borrow().get(&word) {
                return *count;
            }
            let count = self.word_count(word).unwrap_or_else(|error| {
                failed.set(Some(error));
                0
            });
            known.borrow_mut().insert(word, count);
            count
        };
        let role = |id: EntryId| {
            self.role(id).unwrap_or_else(|error| {
                failed.set(Some(error));
                Role::default()
            })
        };
        let texts = count(0);
        let decided = decide(&Statistics {
            settings,
            texts,
            count: &count,
            role: &role,
        })?;
        match failed.take() {
            Some(error) => Err(error.into()),
            None => Ok(decided),
        }
    }

    fn role(&self, id: EntryId) -> rusqlite::Result<Role> {
        let role: Option<String> = self
            .connection
            .prepare_cached(
                "SELECT json_extract(s.profile, '$.role') FROM entry e JOIN source s ON s.id = e.source WHERE e.id = ?1",
            )?
            .query_row([id.0], |row| row.get(0))
            .optional()?
            .flatten();
        Ok(role_named(role))
    }

    fn word_count(&self, word: u64) -> rusqlite::Result<u64> {
        let count: Option<i64> = self
            .connection
            .prepare_cached("SELECT texts FROM dedup_df WHERE word = ?1")?
            .query_row([signed(word)], |row| row.get(0))
            .optional()?;
        Ok(count
            .and_then(|count| u64::try_from(count).ok())
            .unwrap_or(0))
    }
}

impl Writer<'_> {
    /// Keeps what the operator demands of a merge: whoever decides from here on goes by it.
    pub fn demand(&self, settings: DedupeSettings) -> Result<(), Error> {
        self.put_meta(DEMANDED, &serde_json::to_string(&settings)?)
    }
}
