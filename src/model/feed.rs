//! What a document says, before anybody has asked whether it is sane.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Category, Enclosure, Language, Link, Moment, Person, SourceRef, Text};

/// A named fix that made malformed input readable.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Repair(pub String);

/// `sy:updatePeriod` and `sy:updateFrequency` as one interval (RSS 1.0 syndication module).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UpdatePeriod {
    /// Seconds between two updates.
    pub seconds: u64,
}

/// What a feed says of when to come again and where else to look.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hints {
    /// RSS `ttl` in minutes.
    pub ttl_minutes: Option<u32>,
    /// RSS `skipHours`, 0 to 23, in UTC.
    pub skip_hours: Vec<u8>,
    /// RSS `skipDays`, 0 for Monday.
    pub skip_days: Vec<u8>,
    /// `sy:updatePeriod`.
    pub update_period: Option<UpdatePeriod>,
    /// `link rel=hub`.
    pub hub: Option<Url>,
    /// `link rel=self`.
    pub self_link: Option<Url>,
    /// `link rel=next` or JSON Feed's `next_url`.
    pub next: Option<Url>,
    /// `link rel=prev-archive` (RFC 5005).
    pub prev_archive: Option<Url>,
    /// JSON Feed's `expired`: nothing more will come.
    pub expired: bool,
}

/// A feed as its document tells it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ParsedFeed {
    /// Its own id.
    pub id: Option<String>,
    /// Its title.
    pub title: Option<Text>,
    /// Its subtitle or description.
    pub subtitle: Option<Text>,
    /// The page it belongs to, absolute.
    pub link: Option<Url>,
    /// All its links.
    pub links: Vec<Link>,
    /// Its language.
    pub language: Option<Language>,
    /// When it says it was updated.
    pub updated: Option<Moment>,
    /// A rights statement.
    pub rights: Option<Text>,
    /// Its authors.
    pub authors: Vec<Person>,
    /// Its categories.
    pub categories: Vec<Category>,
    /// Icon or logo.
    pub image: Option<Url>,
    /// The program that made it.
    pub generator: Option<String>,
    /// Its entries in document order.
    pub entries: Vec<ParsedEntry>,
    /// Entries it declares deleted (RFC 6721).
    pub deleted: Vec<DeletedEntry>,
    /// When to come again, where else to look.
    pub hints: Hints,
    /// The fixes it needed.
    pub repairs: Vec<Repair>,
}

/// An entry as its document tells it: everything may be missing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ParsedEntry {
    /// Atom `id`, RSS `guid`, `rdf:about`, JSON Feed `id`: as written, trimmed.
    pub id: Option<String>,
    /// Whether that id is declared to be an address (RSS `isPermaLink`), or an `atom:id`.
    pub id_is_iri: bool,
    /// The page for people, absolute.
    pub link: Option<Url>,
    /// All its links.
    pub links: Vec<Link>,
    /// Its title.
    pub title: Option<Text>,
    /// Its summary.
    pub summary: Option<Text>,
    /// Its body.
    pub content: Option<Text>,
    /// When it was published.
    pub published: Option<Moment>,
    /// When it was last updated.
    pub updated: Option<Moment>,
    /// Where the dates were read: `None` for the document's own date elements.
    pub date_origin: Option<super::DateOrigin>,
    /// Its authors.
    pub authors: Vec<Person>,
    /// Its categories.
    pub categories: Vec<Category>,
    /// Its enclosures.
    pub enclosures: Vec<Enclosure>,
    /// Its image.
    pub image: Option<Url>,
    /// Its language.
    pub language: Option<Language>,
    /// A rights statement.
    pub rights: Option<Text>,
    /// Where it was first published (`atom:source`, RSS `source`), if it was aggregated before.
    pub source: Option<SourceRef>,
}

/// An entry that its source declares deleted (RFC 6721).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeletedEntry {
    /// The id of the entry.
    pub reference: String,
    /// Since when.
    pub when: Option<DateTime<Utc>>,
}
