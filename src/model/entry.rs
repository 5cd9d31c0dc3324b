//! An entry behind the border where doubt ends.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Category, ClusterId, Enclosure, Language, Moment, Person, SourceId};

/// The number of a stored entry; never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EntryId(pub i64);

/// Where an entry's date comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateOrigin {
    /// A date element of the feed.
    Feed,
    /// The listing page.
    Page,
    /// The entry's own page.
    EntryPage,
    /// The entry's address.
    Address,
    /// Nobody said: when we first saw it.
    FirstSeen,
}

/// The source that an aggregated entry names as its first (RFC 4287 section 4.2.11).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct SourceRef {
    /// The first source's feed id.
    pub id: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Its page or feed, absolute.
    pub url: Option<String>,
    /// When it says it was updated.
    pub updated: Option<DateTime<Utc>>,
}

/// An entry with nothing doubtful left: link absolute, title plain, markup clean, dates sane.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Atom `id`, RSS `guid` or the like, as the source wrote it.
    pub guid: Option<String>,
    /// Whether the guid may serve as published id as it stands: an absolute IRI (RFC 4287 section 4.2.6).
    pub guid_is_iri: bool,
    /// Where it leads, as published: absolute, tracking parameters gone.
    pub link: Url,
    /// Whether the source gave that link itself; `false` where it is the listing page or the like.
    pub link_is_own: bool,
    /// The title, plain text, never empty.
    pub title: String,
    /// The summary, sanitized HTML.
    pub summary: Option<String>,
    /// The body, sanitized HTML.
    pub content: Option<String>,
    /// When it was published; never later than it was first seen.
    pub published: Moment,
    /// When the source says it was updated; never in the future.
    pub updated: Option<Moment>,
    /// Where `published` comes from.
    pub date_origin: DateOrigin,
    /// Its authors.
    pub authors: Vec<Person>,
    /// Its categories, the source's own configured ones not included.
    pub categories: Vec<Category>,
    /// Its enclosures.
    pub enclosures: Vec<Enclosure>,
    /// Its image, absolute.
    pub image: Option<String>,
    /// Its language.
    pub language: Option<Language>,
    /// A rights statement, plain text.
    pub rights: Option<String>,
    /// Its first source, if it was aggregated before.
    pub first_source: Option<SourceRef>,
}

/// An entry as the store holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredEntry {
    /// Its number.
    pub id: EntryId,
    /// Who told it.
    pub source: SourceId,
    /// The cluster it belongs to; `None` while it is held back.
    pub cluster: Option<ClusterId>,
    /// When it was first seen.
    pub first_seen: DateTime<Utc>,
    /// When it last changed materially.
    pub changed: DateTime<Utc>,
    /// When its source took it back, if it did.
    pub withdrawn: Option<DateTime<Utc>>,
    /// How many revisions are stored before this state.
    pub revisions: u32,
    /// The entry.
    pub entry: Entry,
}
