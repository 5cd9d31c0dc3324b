//! What one more ending says of a source: its run of failures, its rhythm, a permanent move. Pure.

use chrono::{DateTime, Duration, Utc};
use url::Url;

use crate::model::{
    DateOrigin, EntryChange, Failure, Moment, Move, Outcome, Precision, Skip, Source, SourceState,
};
use crate::schedule;
use crate::watch::{self, Sight};

/// Good refreshes through a permanent redirect before its target is kept.
const MOVE_POLLS: u32 = 3;
/// And the time they must span.
const MOVE_SPAN: Duration = Duration::days(2);

/// Takes note of a refresh that read something.
pub(super) fn good(
    state: &mut SourceState,
    source: &Source,
    entries: &[EntryChange],
    sight: &Sight,
    now: DateTime<Utc>,
) {
    well(state, now);
    watch::learn(state, sight);
    let published: Vec<Moment> = entries
        .iter()
        .filter_map(|change| match change {
            EntryChange::New { entry, .. } => Some(entry.published),
            _ => None,
        })
        .collect();
    schedule::learn(&mut state.rhythm, &published, source.time_zone);
    let told = entries.iter().filter_map(told).max();
    state.rhythm.last_told = state.rhythm.last_told.max(told.filter(|told| *told <= now));
}

/// When a new entry was published, where its source says so.
fn told(change: &EntryChange) -> Option<DateTime<Utc>> {
    match change {
        EntryChange::New { entry, .. }
            if entry.date_origin != DateOrigin::FirstSeen
                && entry.published.precision >= Precision::Day =>
        {
            Some(entry.published.utc())
        }
        _ => None,
    }
}

/// Takes note of a refresh that went well, whether or not there was anything to read.
pub(super) fn well(state: &mut SourceState, now: DateTime<Utc>) {
    state.last_tried = Some(now);
    state.last_good = Some(now);
    state.failures = 0;
    state.failing_since = None;
    state.last_failure = None;
    state.kept_away_since = None;
    state.gone = false;
}

/// Takes note of an ending that was not a good one.
pub(super) fn bad(state: &mut SourceState, outcome: &Outcome, now: DateTime<Utc>) {
    state.last_tried = Some(now);
    let failure = match outcome {
        Outcome::Failed(Failure::OwnNetwork { .. } | Failure::Storage { .. }) => return,
        Outcome::Failed(failure) => failure,
        Outcome::Skipped(Skip::HostRests { .. } | Skip::RobotsUnreachable { .. }) => {
            state.kept_away_since = state.kept_away_since.or(Some(now));
            return;
        }
        _ => return,
    };
    state.failures = state.failures.saturating_add(1);
    state.failing_since = state.failing_since.or(Some(now));
    state.last_failure = Some(failure.clone());
    match failure {
        Failure::Status { code: 410 } => state.gone = true,
        Failure::UnaskedNotModified => state.validators = Default::default(),
        _ => {}
    }
}

/// Watches a permanent redirect: kept after three good polls over two days (RFC 9110 section 15.4.9).
pub(super) fn observe_move(
    before: Option<Move>,
    to: Option<&Url>,
    now: DateTime<Utc>,
) -> Option<Move> {
    let Some(to) = to else {
        return before.filter(|moved| moved.confirmed);
    };
    let mut moved = before
        .filter(|moved| moved.to == to.as_str())
        .unwrap_or_else(|| Move {
            to: to.to_string(),
            polls: 0,
            since: now,
            confirmed: false,
        });
    moved.polls = moved.polls.saturating_add(1);
    moved.confirmed |= moved.polls >= MOVE_POLLS && now - moved.since >= MOVE_SPAN;
    Some(moved)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permanent_move_is_kept_after_three_good_polls_over_two_days() {
        let to = Url::parse("https://ny.example/feed").unwrap();
        let start = DateTime::UNIX_EPOCH;
        let mut moved = None;
        for (hour, confirmed) in [(0, false), (1, false), (2, false), (47, false), (48, true)] {
            moved = observe_move(moved, Some(&to), start + Duration::hours(hour));
            assert_eq!(
                moved.as_ref().unwrap().confirmed,
                confirmed,
                "after {hour} h"
            );
        }
    }

    #[test]
    fn a_move_elsewhere_or_none_begins_anew() {
        let (a, b) = (
            Url::parse("https://a.example/").unwrap(),
            Url::parse("https://b.example/").unwrap(),
        );
        let moved = observe_move(None, Some(&a), DateTime::UNIX_EPOCH);
        let elsewhere = observe_move(moved.clone(), Some(&b), DateTime::UNIX_EPOCH).unwrap();
        assert_eq!(
            (elsewhere.to.as_str(), elsewhere.polls),
            ("https://b.example/", 1)
        );
        assert_eq!(observe_move(moved, None, DateTime::UNIX_EPOCH), None);
    }
}
