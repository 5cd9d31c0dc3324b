//! Documents rendered when asked for, kept while nothing was published; bounded.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;

use super::ready::{Ready, exactly};
use crate::publish::{Error, FeedDocument, atom, json_feed, rss};

const MAX_SIZE: usize = 4 * 1024 * 1024;

/// The spelling of a feed document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Atom 1.0.
    Atom,
    /// RSS 2.0.
    Rss,
    /// JSON Feed 1.1.
    Json,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Atom, Self::Rss, Self::Json];

    /// The format that an ending names.
    pub fn from_ending(ending: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|format| format.ending() == ending)
    }

    /// The ending of its addresses.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Atom => "atom",
            Self::Rss => "rss",
            Self::Json => "json",
        }
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Atom => "application/atom+xml; charset=utf-8",
            Self::Rss => "application/rss+xml; charset=utf-8",
            Self::Json => "application/feed+json; charset=utf-8",
        }
    }

    /// Writes a document in it.
    pub fn write(self, document: &FeedDocument) -> Result<Bytes, Error> {
        let bytes = match self {
            Self::Atom => atom::write(document),
            Self::Rss => rss::write(document),
            Self::Json => json_feed::write(document),
        };
        bytes.map(exactly)
    }
}

/// Documents of one state of the store.
#[derive(Debug, Default)]
pub(super) struct Cache {
    sequence: i64,
    size: usize,
    documents: HashMap<String, Arc<Ready>>,
}

impl Cache {
    pub(super) fn get(&self, sequence: i64, path: &str) -> Option<Arc<Ready>> {
        let document = self.documents.get(path)?;
        (self.sequence == sequence).then(|| document.clone())
    }

    /// Keeps a document; all others go when it is of a newer state, or when there are too many.
    pub(super) fn put(&mut self, sequence: i64, path: String, document: Arc<Ready>) {
        let size = document.size() + path.len();
        if self.sequence != sequence || self.size + size > MAX_SIZE {
            self.documents.clear();
            self.size = 0;
            self.sequence = sequence;
        }
        if size <= MAX_SIZE {
            self.size += size;
            self.documents.insert(path, document);
        }
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}
