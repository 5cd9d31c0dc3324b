//! The self-check: a document is read back and compared with what it should say, before it replaces the last good one.

use std::collections::HashSet;

use bytes::Bytes;
use url::Url;

use super::cache::Format;
use crate::date::Context;
use crate::model::{Document, ParsedEntry, ParsedFeed};
use crate::parse;
use crate::publish::FeedDocument;

/// What a document lacks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It cannot be read back.
    #[error("{format} cannot be read back: {reason}")]
    Unreadable {
        /// Which format.
        format: &'static str,
        /// What our own reader said.
        reason: String,
    },
    /// Entries are missing or too many.
    #[error("{format} holds {found} entries instead of {wanted}")]
    Entries {
        /// Which format.
        format: &'static str,
        /// As read back.
        found: usize,
        /// As written.
        wanted: usize,
    },
    /// Two entries share an id, or one has none.
    #[error("{format} holds the id `{id}` twice or empty")]
    Ids {
        /// Which format.
        format: &'static str,
        /// The id.
        id: String,
    },
    /// An entry lacks what its format requires.
    #[error("{format} holds an entry without {what}: `{id}`")]
    Lacks {
        /// Which format.
        format: &'static str,
        /// What is missing.
        what: &'static str,
        /// The entry.
        id: String,
    },
}

/// Reads a document back with our own parser and checks what its format requires.
pub fn check(format: Format, bytes: &Bytes, document: &FeedDocument) -> Result<(), Fault> {
    let name = format.ending();
    let read = read_back(format, bytes, document)?;
    // JSON Feed tells of withdrawn entries among the others, Atom apart from them, RSS not at all.
    let wanted = match format {
        Format::Json => document.entries.len(),
        _ => document.standing().count(),
    };
    if read.entries.len() != wanted {
        return Err(Fault::Entries {
            format: name,
            found: read.entries.len(),
            wanted,
        });
    }
    let mut seen = HashSet::new();
    for entry in &read.entries {
        let id = entry.id.clone().unwrap_or_default();
        if id.is_empty() || !seen.insert(id.clone()) {
            return Err(Fault::Ids { format: name, id });
        }
        if let Some(what) = lack(entry, format) {
            return Err(Fault::Lacks {
                format: name,
                what,
                id,
            });
        }
    }
    Ok(())
}

fn read_back(format: Format, bytes: &Bytes, document: &FeedDocument) -> Result<ParsedFeed, Fault> {
    let unreadable = |reason: String| Fault::Unreadable {
        format: format.ending(),
        reason,
    };
    let address =
        Url::parse(&document.address(format.ending())).map_err(|e| unreadable(e.to_string()))?;
    let received = document.updated();
    let mut local = Document::local(address, bytes.clone(), received);
    local.media_type = format.media_type().split(';').next().map(Into::into);
    local.charset = Some("utf-8".into());
    let read = parse::feed(&local, &Context::default()).map_err(|e| unreadable(e.to_string()))?;
    // A repair means that we wrote what others need not understand.
    match read.repairs.first() {
        Some(repair) => Err(unreadable(format!("it needed the repair `{}`", repair.0))),
        None => Ok(read),
    }
}

fn lack(entry: &ParsedEntry, format: Format) -> Option<&'static str> {
    if entry
        .title
        .as_ref()
        .is_none_or(|title| title.value.is_empty())
    {
        return Some("a title");
    }
    if entry.link.is_none() {
        return Some("a link");
    }
    let date = match format {
        Format::Atom => entry.updated,
        Format::Rss | Format::Json => entry.published,
    };
    date.is_none().then_some("a date")
}
