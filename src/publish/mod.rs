//! What is published, and how it is written: Atom, RSS and JSON Feed of the same entries, and the arithmetic of archives.
//!
//! A [`FeedDocument`] holds everything a document says; the writers only spell it. Pure: the store gives the facts,
//! `site` decides which documents there are. OPML is written by `parse::opml`, beside its reader.
//! RFC 4287 (Atom), RFC 5005 section 4 (archives), RFC 6721 (withdrawals), RSS 2.0 with its Best Practices Profile,
//! JSON Feed 1.1.
//!
//! Why: texts are prepared once, in [`PublishedEntry::compose`], so that the three formats cannot differ in what they
//! reveal of a source that allows no more than a title.

pub mod archive;
pub mod atom;
mod compose;
mod document;
mod entry;
pub mod json_feed;
pub mod rss;
mod source;
mod text;
pub mod view;

pub use compose::ClusterFacts;
pub use document::{FeedDocument, Place};
pub use entry::{Carrier, Origin, PublishedEntry};
pub use source::{SourceInfo, public_address};
pub use text::plain;

/// A document could not be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The Atom writer gave up.
    #[error("the Atom document cannot be written: {0}")]
    Atom(String),
    /// The RSS writer gave up.
    #[error("the RSS document cannot be written: {0}")]
    Rss(String),
    /// The JSON writer gave up.
    #[error("the JSON Feed document cannot be written: {0}")]
    Json(String),
}
