//! What a refresh wants written. The store carries it out, whole or not at all.

use chrono::{DateTime, Utc};

use super::{Entry, EntryId, Outcome, SourceId, SourceState};

/// An earlier state of an entry that changed materially.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// When it stopped being the present state.
    pub until: DateTime<Utc>,
    /// The title it had.
    pub title: String,
    /// The summary or body it had, sanitized HTML.
    pub body: Option<String>,
}

/// One entry's part of a plan.
#[derive(Debug, Clone, PartialEq)]
pub enum EntryChange {
    /// Never seen before.
    New {
        /// The entry, boxed for its size.
        entry: Box<Entry>,
        /// Keys under which the same entry is recognized again, as `kind:value`.
        aliases: Vec<String>,
        /// Held back by the flood guard.
        held: bool,
    },
    /// Known; changed materially: a revision is kept and `updated` moves.
    Changed {
        /// Which.
        id: EntryId,
        /// Its new state.
        entry: Box<Entry>,
        /// New keys to recognize it by.
        aliases: Vec<String>,
    },
    /// Known; differs, but not materially: stored without a revision.
    Touched {
        /// Which.
        id: EntryId,
        /// Its new state.
        entry: Box<Entry>,
        /// New keys to recognize it by.
        aliases: Vec<String>,
    },
    /// Known and as it was.
    Seen {
        /// Which.
        id: EntryId,
        /// New keys to recognize it by.
        aliases: Vec<String>,
    },
    /// Taken back by its source.
    Withdrawn {
        /// Which.
        id: EntryId,
    },
}

/// What one refresh wants written.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Whose.
    pub source: SourceId,
    /// When its document was received: what new and changed entries are dated by.
    pub now: DateTime<Utc>,
    /// The source's new memory.
    pub state: SourceState,
    /// Its entries, oldest first.
    pub entries: Vec<EntryChange>,
    /// How the refresh ended.
    pub outcome: Outcome,
}
