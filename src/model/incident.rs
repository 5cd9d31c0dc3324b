//! A source's trouble from its first sign to its end.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::SourceId;

/// How a source is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    /// As usual.
    #[default]
    Healthy,
    /// Silent for longer than it has ever been.
    Quiet,
    /// Something is odd: a failure, a shrunken list, only old entries.
    Suspect,
    /// It does not work.
    Broken,
}

/// What kind of trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IncidentKind {
    /// Refreshes fail.
    Failing,
    /// Longer silence than ever.
    Silent,
    /// The list shrank to a third or less.
    Shrunk,
    /// The page was redesigned.
    LayoutChanged,
    /// Answered 410 Gone.
    Gone,
    /// May have been taken over.
    TakenOver,
    /// Entries held back by the flood guard.
    Flood,
    /// Everything fails at once.
    OwnNetwork,
    /// A document we publish did not pass its self-check.
    Publication,
}

/// One incident; it has one beginning and one end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// Its number.
    pub id: i64,
    /// Whose; `None` for the service itself.
    pub source: Option<SourceId>,
    /// What kind.
    pub kind: IncidentKind,
    /// A sentence for people.
    pub detail: String,
    /// From.
    pub began: DateTime<Utc>,
    /// Until; `None` while it lasts.
    pub ended: Option<DateTime<Utc>>,
}
