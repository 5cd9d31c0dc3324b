//! A known entry's new state: what the document says, with what only the store knows kept.

use super::recognize::Change;
use crate::dedupe::material::{Difference, difference};
use crate::link;
use crate::model::{DateOrigin, Entry, SourceState};

/// A known entry's state to store.
pub struct Settled {
    /// The state.
    pub entry: Entry,
    /// What that makes of it.
    pub change: Change,
    /// What the document changed, damped or not.
    pub difference: Option<Difference>,
}

/// The state to store, and what changed in it.
pub fn settle(entry: Entry, stored: &Entry, state: &SourceState) -> Settled {
    let mut entry = complete(entry, stored);
    let difference = difference(stored, &entry);
    let is_news = match difference {
        Some(Difference::Title) => true,
        Some(_) => !state.restless,
        None => false,
    };
    keep_dates(&mut entry, stored, is_news);
    keep_identity(&mut entry, stored, state);
    let (entry, change) = if is_news {
        (entry, Change::Material)
    } else if state.restless || is_respelled(&entry, stored) {
        quiet(entry, stored)
    } else if entry == *stored {
        (entry, Change::None)
    } else {
        (entry, Change::Touched)
    };
    Settled {
        entry,
        change,
        difference,
    }
}

/// What the list does not say, and an earlier visit of the entry's page did.
fn complete(mut entry: Entry, stored: &Entry) -> Entry {
    if entry.summary.is_none() && entry.content.is_none() {
        entry.summary.clone_from(&stored.summary);
        entry.content.clone_from(&stored.content);
    }
    entry.image = entry.image.or_else(|| stored.image.clone());
    entry.language = entry.language.or_else(|| stored.language.clone());
    entry
}

/// A re-date is no news: the first told date stays, unless it was only a guess or an earlier one is told.
fn keep_dates(entry: &mut Entry, stored: &Entry, is_news: bool) {
    let guessed =
        stored.date_origin == DateOrigin::FirstSeen && entry.date_origin != DateOrigin::FirstSeen;
    let told = entry.date_origin != DateOrigin::FirstSeen;
    let finer = told
        && stored.published.precision < entry.published.precision
        && stored.published.at.date_naive() == entry.published.at.date_naive();
    let earlier = told && entry.published.utc() < stored.published.utc();
    if !(guessed || finer || earlier) {
        entry.published = stored.published;
        entry.date_origin = stored.date_origin;
    }
    if !is_news {
        entry.updated = stored.updated;
    }
}

fn keep_identity(entry: &mut Entry, stored: &Entry, state: &SourceState) {
    if state.rotating_guids || entry.guid.is_none() {
        entry.guid.clone_from(&stored.guid);
        entry.guid_is_iri = stored.guid_is_iri;
    }
    let is_upgrade = stored.link.scheme() == "http" && entry.link.scheme() == "https";
    if !is_upgrade && link::key(&entry.link) == link::key(&stored.link) {
        entry.link = stored.link.clone();
        entry.link_is_own = stored.link_is_own;
    }
}

/// Markup, counters and share bars alone: not worth a write at each fetch.
fn is_respelled(entry: &Entry, stored: &Entry) -> bool {
    let mut same = entry.clone();
    same.summary.clone_from(&stored.summary);
    same.content.clone_from(&stored.content);
    same == *stored
}

/// The stored text stays; anything else that differs is stored without being news.
fn quiet(mut entry: Entry, stored: &Entry) -> (Entry, Change) {
    entry.summary.clone_from(&stored.summary);
    entry.content.clone_from(&stored.content);
    let change = if entry == *stored {
        Change::None
    } else {
        Change::Touched
    };
    (entry, change)
}
