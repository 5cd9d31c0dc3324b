//! The flood guard: a source that suddenly shows many new but old entries has changed its system, imported an archive or
//! lost its domain. What is beyond the limit waits for the operator instead of going out as news.

use chrono::{DateTime, TimeDelta, Utc};

use super::identity::Recognized;
use crate::model::{DateOrigin, Source, SourceState};

/// An entry older than this at first sight is old news; weekly documents and long weekends stay below it.
const OLD: TimeDelta = TimeDelta::days(7);

/// For each recognized entry, in order, whether it is held back. A source's first good fetch is exempt.
///
/// While earlier ones `wait` for the operator, no further old entry leaves: an import may come in many small pieces.
pub fn held(
    recognized: &[Recognized],
    source: &Source,
    state: &SourceState,
    wait: bool,
    now: DateTime<Utc>,
) -> Vec<bool> {
    let mut held = vec![false; recognized.len()];
    let Some(last_good) = state.last_good else {
        return held;
    };
    let mut suspects: Vec<usize> = (0..recognized.len())
        .filter(|at| is_suspect(&recognized[*at], last_good, now))
        .collect();
    suspects.sort_by_key(|at| std::cmp::Reverse(recognized[*at].entry.published.utc()));
    let mut left = source.limits.flood;
    for at in suspects {
        let is_old = recognized[at].entry.date_origin != DateOrigin::FirstSeen;
        if left == 0 || wait && is_old {
            held[at] = true;
        } else {
            left -= 1;
        }
    }
    held
}

/// New, and dated well before the last good look at the source, or not dated at all among many.
fn is_suspect(found: &Recognized, last_good: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    if found.known.is_some() {
        return false;
    }
    let published = found.entry.published.utc();
    let undated = found.entry.date_origin == DateOrigin::FirstSeen;
    undated && now - last_good < OLD || published < last_good.min(now) - OLD
}
