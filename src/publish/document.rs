//! One feed document with all that it says of itself.

use chrono::{DateTime, SubsecRound, Utc};

use super::PublishedEntry;
use crate::model::Language;

/// Where a document stands in the chain of RFC 5005 section 4.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The subscription document; links to the newest archive document if there is one.
    Live {
        /// Address of the newest archive document.
        prev_archive: Option<String>,
    },
    /// A sealed archive document.
    Archive {
        /// Address of the subscription document.
        current: String,
        /// Address of the archive document before this one.
        prev_archive: Option<String>,
    },
    /// Only what is new since a document that the client has (RFC 3229): says nothing of archives it does not need.
    Delta,
}

/// Everything a feed document says.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedDocument {
    /// Its `atom:id`: the same in every document of one logical feed.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its subtitle.
    pub subtitle: Option<String>,
    /// The author that entries without one inherit.
    pub author: String,
    /// The language of its own texts.
    pub language: Language,
    /// A rights statement.
    pub rights: Option<String>,
    /// A picture twice as wide as high.
    pub logo: Option<String>,
    /// A square picture.
    pub icon: Option<String>,
    /// Said for a feed without entries; otherwise the newest entry tells.
    pub born: DateTime<Utc>,
    /// Its own address as Atom, without the ending: `https://news.example/feed`.
    pub stem: String,
    /// What follows the ending: empty, or the query of a search with its question mark.
    pub query: String,
    /// The page for people.
    pub page: String,
    /// Hubs that tell of its changes (WebSub).
    pub hubs: Vec<String>,
    /// Where it stands among archives.
    pub place: Place,
    /// Its entries, newest first.
    pub entries: Vec<PublishedEntry>,
}

impl FeedDocument {
    /// `atom:updated`: when the last of its entries came in or was taken back, to the second.
    pub fn updated(&self) -> DateTime<Utc> {
        self.entries
            .iter()
            .map(|entry| entry.withdrawn.unwrap_or(entry.changed))
            .max()
            .unwrap_or(self.born)
            .trunc_subsecs(0)
    }

    /// Its own address with an ending: `atom`, `rss` or `json`.
    pub fn address(&self, ending: &str) -> String {
        format!("{}.{ending}{}", self.stem, self.query)
    }

    /// The entries that still stand, in order.
    pub fn standing(&self) -> impl Iterator<Item = &PublishedEntry> {
        self.entries
            .iter()
            .filter(|entry| entry.withdrawn.is_none())
    }
}
