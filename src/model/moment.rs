//! A point in time with how precisely it is known.

use chrono::{DateTime, FixedOffset, Utc};
use serde::{Deserialize, Serialize};

/// How much of a [`Moment`] was really said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// Only the year.
    Year,
    /// Year and month.
    Month,
    /// A calendar day; the time of day in the moment is 00:00 in the source's own zone.
    Day,
    /// Hours and minutes.
    Minute,
    /// Seconds, or finer.
    Second,
}

/// A moment as a source told it: never better than its precision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Moment {
    /// The instant, with the offset it was told in (the source's zone where none was told).
    pub at: DateTime<FixedOffset>,
    /// How precisely it is known.
    pub precision: Precision,
}

impl Moment {
    /// An instant known to the second.
    pub fn exact(at: DateTime<Utc>) -> Self {
        Self {
            at: at.fixed_offset(),
            precision: Precision::Second,
        }
    }

    /// The instant in UTC.
    pub fn utc(&self) -> DateTime<Utc> {
        self.at.with_timezone(&Utc)
    }
}
