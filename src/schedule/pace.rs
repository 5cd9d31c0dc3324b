//! What a feed itself says of when to come again: RSS 2.0 `ttl`, `skipHours`, `skipDays`, and the syndication module.

use chrono::{DateTime, Datelike, DurationRound, TimeDelta, Timelike, Utc};

use crate::model::{Hints, Pace};

/// Longer waits are not believed; the schedule's own limit is a day beyond.
const MAX_WAIT: TimeDelta = TimeDelta::days(31);

/// The part of a document's hints that outlives the document.
pub(super) fn of(hints: &Hints) -> Pace {
    Pace {
        ttl_minutes: hints.ttl_minutes,
        skip_hours: hints.skip_hours.clone(),
        skip_days: hints.skip_days.clone(),
        update_seconds: hints.update_period.map(|period| period.seconds),
        expired: hints.expired,
    }
}

pub(super) fn after_minutes(now: DateTime<Utc>, minutes: Option<u32>) -> Option<DateTime<Utc>> {
    Some(now + TimeDelta::minutes(i64::from(minutes?)).min(MAX_WAIT))
}

pub(super) fn after_seconds(now: DateTime<Utc>, seconds: Option<u64>) -> Option<DateTime<Utc>> {
    let seconds = i64::try_from(seconds?).unwrap_or(i64::MAX);
    Some(now + TimeDelta::seconds(seconds.min(MAX_WAIT.num_seconds())))
}

/// The first full hour after `at` that is not skipped, where `at` itself is; none where all is closed up to the limit.
pub(super) fn next_open(
    pace: &Pace,
    at: DateTime<Utc>,
    limit: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    if is_open(pace, at) {
        return None;
    }
    let mut hour = at.duration_trunc(TimeDelta::hours(1)).ok()?;
    // Two days hold every hour of the day on either side of a skipped day; the limit is a day ahead at most.
    for _ in 0..48 {
        hour += TimeDelta::hours(1);
        if hour > limit {
            break;
        }
        if is_open(pace, hour) {
            return Some(hour);
        }
    }
    Some(limit).filter(|limit| *limit > at)
}

fn is_open(pace: &Pace, at: DateTime<Utc>) -> bool {
    let hour = u8::try_from(at.hour()).unwrap_or(0);
    let day = u8::try_from(at.weekday().num_days_from_monday()).unwrap_or(0);
    !pace.skip_hours.contains(&hour) && !pace.skip_days.contains(&day)
}
