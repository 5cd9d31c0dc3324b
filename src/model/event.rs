//! What a refresh tells while it runs: to progress bars, the log and the metrics.

use super::{Outcome, SourceId};

/// One step of one refresh.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// It has begun.
    Started {
        /// Whose.
        source: SourceId,
    },
    /// It has ended.
    Ended {
        /// Whose.
        source: SourceId,
        /// How.
        outcome: Outcome,
        /// How long it took, in milliseconds.
        duration_ms: u64,
    },
}
