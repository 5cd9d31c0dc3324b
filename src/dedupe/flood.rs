//! The flood guard: a source that suddenly shows many new but old entries has changed its system, imported an archive or
//! lost its domain. What is beyond the limit waits for the operator instead of going out as news.

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::{DateOrigin, Entry, EntryChange, Source, SourceState};

/// An entry older than this at first sight is old news; weekly documents and long weekends stay below it.
const OLD: TimeDelta = TimeDelta::days(7);

/// Holds back all new but old entries beyond the source's limit; the newest of them leave. The first good fetch of a
/// source is exempt.
pub fn hold_back(
    entries: &mut [EntryChange],
    source: &Source,
    state: &SourceState,
    now: DateTime<Utc>,
) {
    let Some(last_good) = state.last_good else {
        return;
    };
    let mut suspects: Vec<(DateTime<Utc>, &mut bool)> = entries
        .iter_mut()
        .filter_map(|change| match change {
            EntryChange::New { entry, held, .. } if is_suspect(entry, last_good, now) => {
                Some((entry.published.utc(), held))
            }
            _ => None,
        })
        .collect();
    suspects.sort_by_key(|(published, _)| std::cmp::Reverse(*published));
    for (_, held) in suspects.into_iter().skip(source.limits.flood) {
        *held = true;
    }
}

/// Dated well before the last good look at the source; or not dated at all, since nobody can tell that it is new.
fn is_suspect(entry: &Entry, last_good: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    let undated = entry.date_origin == DateOrigin::FirstSeen;
    undated && now - last_good < OLD || entry.published.utc() < last_good.min(now) - OLD
}
