//! An entry as it is published: one per cluster, naming every body that carried it.

use chrono::{DateTime, Utc};

use crate::model::{
    Category, ClusterId, DateOrigin, Enclosure, Language, Moment, Person, SourceId,
};

/// The feed that an entry comes from, for `atom:source` (RFC 4287 section 4.2.11).
///
/// Where the representative was itself aggregated, this is its **first** source: it survives every hop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The feed's id, an absolute IRI.
    pub id: String,
    /// Its title.
    pub title: String,
    /// When it was updated, as far as is known.
    pub updated: DateTime<Utc>,
    /// Its own address.
    pub address: Option<String>,
    /// Its page for people.
    pub page: Option<String>,
    /// A rights statement.
    pub rights: Option<String>,
}

/// A body that carried the news, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carrier {
    /// Which source.
    pub source: SourceId,
    /// The source's name for people.
    pub name: String,
    /// Where this body tells it.
    pub link: String,
    /// Its own title for it.
    pub title: String,
    /// When this body published it.
    pub published: Moment,
    /// When this body took it back, if it did.
    pub withdrawn: Option<DateTime<Utc>>,
}

/// An entry as every format spells it: texts clean, cut to what its source allows.
#[derive(Debug, Clone, PartialEq)]
pub struct PublishedEntry {
    /// Its cluster.
    pub cluster: ClusterId,
    /// The frozen `atom:id`.
    pub id: String,
    /// Its place in the order of publication.
    pub sequence: i64,
    /// One line of plain text, never empty.
    pub title: String,
    /// Plain text, cut at a word; absent where the source allows a title alone.
    pub summary: Option<String>,
    /// Sanitized HTML; only where the source may be republished in full.
    pub content: Option<String>,
    /// Where it leads, absolute.
    pub link: String,
    /// The language of its texts.
    pub language: Option<Language>,
    /// When it was published, never better than known.
    pub published: Moment,
    /// Where that date comes from.
    pub date_origin: DateOrigin,
    /// The last material change (`atom:updated`, RFC 4287 section 4.2.15).
    pub updated: DateTime<Utc>,
    /// When it took its place in the order of publication.
    pub changed: DateTime<Utc>,
    /// Its authors; the body itself where it names nobody.
    pub authors: Vec<Person>,
    /// Its categories, those of its source included.
    pub categories: Vec<Category>,
    /// Its enclosures, as links.
    pub enclosures: Vec<Enclosure>,
    /// Its image, as a link.
    pub image: Option<String>,
    /// A rights statement.
    pub rights: Option<String>,
    /// The feed it comes from.
    pub origin: Origin,
    /// All bodies that carried it, the representative's first.
    pub carriers: Vec<Carrier>,
    /// Taken back by all its carriers, or taken down: since when.
    pub withdrawn: Option<DateTime<Utc>>,
    /// Whether that was the operator's doing and not the sources'.
    pub is_taken_down: bool,
}
