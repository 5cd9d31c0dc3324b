//! Each entry of a document held against what the store knows of its source.

use std::collections::{HashMap, HashSet};

use super::resemblance::{Face, Resemblance};
use super::settle::settle;
use super::{aliases, doubles};
use crate::dedupe::fingerprint::Fingerprint;
use crate::dedupe::material::Difference;
use crate::dedupe::pair::Pair;
use crate::dedupe::restless::is_sweeping;
use crate::dedupe::vetoes::veto;
use crate::model::{Entry, EntryId, Precision, Source, SourceState, StoredEntry};

/// What the store knows under the keys of a document's entries.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Which stored entry of this source holds which key.
    pub by_alias: HashMap<String, EntryId>,
    /// Those stored entries.
    pub entries: HashMap<EntryId, StoredEntry>,
}

/// What became of a known entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// As it was.
    None,
    /// Differs, but in nothing that is news.
    Touched,
    /// Title, figure, date, or a sentence added or withdrawn.
    Material,
}

/// An entry of a document, known or new.
#[derive(Debug, Clone)]
pub struct Recognized {
    /// Its state to be stored: what the document says, with what only the store knows kept.
    pub entry: Entry,
    /// New keys to recognize it by: those that no other entry claims and the store does not have.
    pub aliases: Vec<String>,
    /// Which stored entry it is, and what changed; `None` for a new one.
    pub known: Option<(EntryId, Change)>,
    /// What the document changed in it, damped or not.
    pub difference: Option<Difference>,
}

/// Kinds of keys, in the order in which they propose.
const ROUNDS: [&str; 9] = [
    "guid:", "link:", "number:", "path:", "slug:", "print:b:", "print:t:", "print:s:", "print:n:",
];

/// Recognizes the entries of one document, in order; doubles within it are folded.
pub fn recognize(
    entries: Vec<Entry>,
    source: &Source,
    known: &Known,
    state: &SourceState,
) -> Vec<Recognized> {
    let entries = doubles::fold(entries);
    let keys: Vec<Vec<String>> = entries
        .iter()
        .map(|entry| usable(entry, source, state))
        .collect();
    let keys = identifying(keys);
    let matched = matches(&entries, &keys, known);
    let found = entries
        .into_iter()
        .zip(keys)
        .zip(matched)
        .map(|((entry, keys), id)| finish(entry, keys, id, known, state))
        .collect();
    damped(found)
}

/// A template that changes under all entries at once is stored without being news.
fn damped(mut found: Vec<Recognized>) -> Vec<Recognized> {
    let is_body = |found: &Recognized| {
        matches!(found.known, Some((_, Change::Material)))
            && found.difference != Some(Difference::Title)
    };
    let known = found.iter().filter(|found| found.known.is_some()).count();
    let changed = found.iter().filter(|found| is_body(found)).count();
    if is_sweeping(changed, known) {
        for found in found.iter_mut().filter(|found| is_body(found)) {
            found.known = found.known.map(|(id, _)| (id, Change::Touched));
        }
    }
    found
}

/// All keys but the guids of a source whose guids change at every fetch.
fn usable(entry: &Entry, source: &Source, state: &SourceState) -> Vec<String> {
    let mut keys = aliases(entry, source);
    if state.rotating_guids {
        keys.retain(|key| !key.starts_with("guid:"));
    }
    keys
}

/// The keys that only one entry of the document claims.
fn identifying(keys: Vec<Vec<String>>) -> Vec<Vec<String>> {
    let mut claims: HashMap<String, u32> = HashMap::new();
    for key in keys.iter().flatten() {
        *claims.entry(key.clone()).or_default() += 1;
    }
    keys.into_iter()
        .map(|keys| keys.into_iter().filter(|key| claims[key] == 1).collect())
        .collect()
}

fn matches(entries: &[Entry], keys: &[Vec<String>], known: &Known) -> Vec<Option<EntryId>> {
    let faces: Vec<Face> = entries.iter().map(Face::of).collect();
    let stored: HashMap<EntryId, Face> = known
        .entries
        .iter()
        .map(|(id, stored)| (*id, Face::of(&stored.entry)))
        .collect();
    let mut matched = vec![None; entries.len()];
    let mut taken: HashSet<EntryId> = HashSet::new();
    for round in ROUNDS {
        for (index, face) in faces.iter().enumerate() {
            if matched[index].is_some() {
                continue;
            }
            let found = keys[index]
                .iter()
                .filter(|key| key.starts_with(round))
                .filter_map(|key| known.by_alias.get(key))
                .filter(|id| !taken.contains(id))
                .find(|id| {
                    stored
                        .get(id)
                        .is_some_and(|stored| is_same(round, face, stored))
                });
            if let Some(id) = found {
                taken.insert(*id);
                matched[index] = Some(*id);
            }
        }
    }
    matched
}

/// Whether what both say bears the key out. Under another guid and another address, another figure or name is other news.
fn is_same(round: &str, face: &Face, other: &Face) -> bool {
    let found = Resemblance::of(face, other);
    let is_sure = matches!(round, "guid:" | "link:")
        || found.same_link
        || is_same_guid(face.entry, other.entry);
    is_borne_out(round, &found, face, other) && (is_sure || !is_other_news(face, other))
}

fn is_same_guid(entry: &Entry, stored: &Entry) -> bool {
    entry.guid.is_some() && entry.guid == stored.guid
}

/// What keeps entries of two sources apart keeps those of one apart too.
fn is_other_news(face: &Face, other: &Face) -> bool {
    let read = |entry: &Entry| Fingerprint::of(entry, 0, entry.published.utc());
    veto(&Pair::of(&read(face.entry), &read(other.entry))).is_some()
}

fn is_borne_out(round: &str, found: &Resemblance, face: &Face, other: &Face) -> bool {
    let (entry, stored) = (face.entry, other.entry);
    let own = entry.link_is_own && stored.link_is_own;
    let moved = own && !found.same_link;
    match round {
        "guid:" if moved && is_short(entry) => found.related_title() || found.same_text(0.3, 5),
        "guid:" => bears_out(found) || own && found.same_link && !found.other_text(),
        "link:" => bears_out(found) || same_guid_or_none(entry, stored) && !found.other_text(),
        "number:" => is_number_borne_out(found),
        "path:" => {
            found.same_title()
                || found.same_text(0.5, 8)
                || found.related_title() && found.same_date
        }
        "slug:" => {
            let still = found.same_figures || !found.other_date;
            still
                && (found.same_title() && (found.same_date || found.same_text(0.8, 5))
                    || found.same_text(0.8, 12))
        }
        "print:b:" if moved => found.same_date || found.same_slug && found.same_figures,
        "print:b:" => !found.other_date || is_near(entry, stored),
        "print:t:" if moved => {
            !found.other_text() && is_exact(entry, stored) || found.same_text(0.8, 5)
        }
        "print:t:" => !found.other_text(),
        "print:s:" if moved => found.related_title() && found.same_date,
        "print:s:" => found.related_title() || found.same_date,
        _ if moved => found.same_text(0.9, 12) && found.same_date,
        _ => found.same_text(0.5, 3) || found.text.is_none() && !found.other_date,
    }
}

/// Title, text or date speak for one entry.
fn bears_out(found: &Resemblance) -> bool {
    found.related_title() || found.same_text(0.3, 5) || found.same_date && !found.other_text()
}

/// A platform's number may be a year or a count in an address, so more must agree.
fn is_number_borne_out(found: &Resemblance) -> bool {
    found.same_title()
        || found.same_text(0.4, 6)
        || found.same_slug
        || found.related_title() && !found.other_text()
        || found.same_date && found.text.is_none()
}

/// `1` for all entries is seen; a longer guid is rarely shared by chance.
fn is_short(entry: &Entry) -> bool {
    entry.guid.as_ref().is_some_and(|guid| guid.len() < 12)
}

fn same_guid_or_none(entry: &Entry, stored: &Entry) -> bool {
    match (&entry.guid, &stored.guid) {
        (Some(a), Some(b)) => a == b,
        _ => true,
    }
}

/// A feed that dates its entries at each fetch moves them by days at most between two fetches.
fn is_near(entry: &Entry, stored: &Entry) -> bool {
    (entry.published.utc() - stored.published.utc()).abs() <= chrono::TimeDelta::days(7)
}

fn is_exact(entry: &Entry, stored: &Entry) -> bool {
    entry.published.precision.min(stored.published.precision) >= Precision::Minute
}

fn finish(
    entry: Entry,
    keys: Vec<String>,
    id: Option<EntryId>,
    known: &Known,
    state: &SourceState,
) -> Recognized {
    let aliases = keys
        .into_iter()
        .filter(|key| !known.by_alias.contains_key(key))
        .collect();
    match id.and_then(|id| known.entries.get(&id)) {
        Some(stored) => {
            let settled = settle(entry, &stored.entry, state);
            Recognized {
                entry: settled.entry,
                aliases,
                known: Some((stored.id, settled.change)),
                difference: settled.difference,
            }
        }
        None => Recognized {
            entry,
            aliases,
            known: None,
            difference: None,
        },
    }
}
