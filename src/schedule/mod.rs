//! When a source is due next, and why, in words.
//!
//! The schedule gives a moment (interval, rhythm or cron expression); what the server and the feed say pushes it later, by a
//! day at most and never earlier (RFC 9111, RSS 2.0 `ttl`, `skipHours`, `skipDays`, `sy:updatePeriod`); failures stretch it.
//! Nothing here reads a clock or draws a number: jitter comes from the source's name, so the same input is due at the same time.

pub mod adaptive;
pub mod backoff;
pub mod cron;
mod pace;
mod phrase;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

use crate::model::{Failure, Freshness, Hints, Outcome, Pace, Schedule, Skip, Source, SourceState};

pub use adaptive::learn;

/// Nothing a server says pushes a poll further beyond its schedule.
pub const MAX_PUSH: TimeDelta = TimeDelta::days(1);
/// First polls are spread over this, so that a start is no burst.
const START_SPREAD: Duration = Duration::from_secs(60);
/// How long a source that is gone rests before it is looked at again; it is skipped then too, unless revived.
const GONE_REST: TimeDelta = TimeDelta::days(30);

/// Why it rests, and what ends it.
const GONE: &str = "gone (410); rests until `samflode fetch` names it";

/// A moment with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// From then on it may be refreshed.
    pub at: DateTime<Utc>,
    /// Why then, for people: "Thursday 08:10: usually publishes on weekday mornings; Cache-Control until 08:00".
    pub reason: String,
}

/// When a source is due that has never been refreshed.
pub fn first_due(source: &Source, now: DateTime<Utc>) -> Due {
    let spread = START_SPREAD.min(floor(source));
    due(
        source,
        now + delta(spread.mul_f64(share(source, 0))),
        "never refreshed before".to_owned(),
    )
}

/// When a source is due that was given another schedule; within its interval, so that many at once are no burst.
pub fn rescheduled(source: &Source, now: DateTime<Utc>) -> Due {
    let at = match &source.schedule {
        Schedule::Cron(expression) => by_cron(source, expression, now).0,
        _ => now + delta(floor(source).mul_f64(share(source, 0))),
    };
    due(source, at, "its schedule was changed".to_owned())
}

/// When a source is due that was given another address or other rules.
pub fn reconfigured(source: &Source, now: DateTime<Utc>) -> Due {
    let at = first_due(source, now).at;
    due(source, at, "its configuration was changed".to_owned())
}

/// When a source is due after a refresh that ended so. `state` is its memory with this refresh already counted in; `hints` are
/// those of the document just read and count only where something was read.
pub fn next_due(
    source: &Source,
    state: &SourceState,
    outcome: &Outcome,
    freshness: &Freshness,
    hints: &Hints,
    now: DateTime<Utc>,
) -> Due {
    if state.gone {
        return due(source, now + GONE_REST, GONE.to_owned());
    }
    match outcome {
        Outcome::Updated { .. } => scheduled(source, state, freshness, &pace::of(hints), now),
        Outcome::Unchanged => scheduled(source, state, freshness, &state.pace, now),
        Outcome::Skipped(skip) => after_skip(source, state, skip, now),
        Outcome::Failed(failure) => after_failure(source, state, failure, freshness, now),
    }
}

/// Keeps what a document said of when to come again.
pub fn keep_pace(state: &mut SourceState, hints: &Hints) {
    state.pace = pace::of(hints);
}

/// A new moment for a source that is due further ahead than any schedule allows, as after a jump of the clock.
pub fn mend(source: &Source, state: &SourceState, now: DateTime<Utc>) -> Option<Due> {
    let due_at = state.due?;
    let furthest = match source.schedule {
        Schedule::Cron(_) => TimeDelta::days(367),
        _ => delta(ceiling(source)).max(delta(backoff::MAX_FAILURE_INTERVAL)) * 2,
    };
    let furthest = furthest + MAX_PUSH;
    (due_at > now + furthest && !state.gone).then(|| {
        let at = first_due(source, now).at;
        due(source, at, "the clock had jumped".to_owned())
    })
}

fn scheduled(
    source: &Source,
    state: &SourceState,
    freshness: &Freshness,
    pace: &Pace,
    now: DateTime<Utc>,
) -> Due {
    let (base, why) = base(source, state, now);
    let mut reasons = vec![why];
    let mut at = base;
    for (pushed, why) in pushes(source, freshness, pace, now) {
        if pushed > base {
            reasons.push(why);
        }
        at = at.max(pushed);
    }
    let limit = base + MAX_PUSH;
    at = at.min(limit);
    if let Some(open) = pace::next_open(pace, at, limit) {
        reasons.push("its skipHours and skipDays keep it closed before".to_owned());
        at = open;
    }
    due(source, at, reasons.join("; "))
}

/// What the schedule alone says.
fn base(source: &Source, state: &SourceState, now: DateTime<Utc>) -> (DateTime<Utc>, String) {
    let (interval, why) = match &source.schedule {
        Schedule::Every(interval) => (*interval, format!("every {}", phrase::duration(*interval))),
        Schedule::Adaptive { floor, ceiling } => {
            let local = now.with_timezone(&source.time_zone);
            let interval = adaptive::interval(&state.rhythm, *floor, *ceiling, local);
            (interval, adaptive::describe(&state.rhythm))
        }
        Schedule::Cron(expression) => return by_cron(source, expression, now),
    };
    let (interval, why) = match state.told_until.is_some_and(|until| until > now) {
        true => (
            rarer(interval),
            format!("{why}, rarer since its hub tells of news"),
        ),
        false => (interval, why),
    };
    // A hundredth at least: this poll may have waited for its host's turn, and the next one may not.
    let jitter = interval.mul_f64(0.01 + share(source, now.timestamp()) / 10.0);
    (now + delta(interval + jitter), why)
}

fn by_cron(source: &Source, expression: &str, now: DateTime<Utc>) -> (DateTime<Utc>, String) {
    match cron::next(expression, source.time_zone, now) {
        Some(at) => (at, format!("cron `{expression}`")),
        None => (
            now + MAX_PUSH,
            format!("cron `{expression}` never comes; once a day"),
        ),
    }
}

/// The interval of a poll that only makes sure that the hub forgets nothing.
fn rarer(interval: Duration) -> Duration {
    let day = Duration::from_secs(24 * 3600);
    interval.saturating_mul(4).min(day).max(interval)
}

/// What the server and the feed ask for.
fn pushes(
    source: &Source,
    freshness: &Freshness,
    pace: &Pace,
    now: DateTime<Utc>,
) -> Vec<(DateTime<Utc>, String)> {
    let mut pushes = Vec::new();
    let mut push = |at: Option<DateTime<Utc>>, what: &str| {
        if let Some(at) = at.filter(|at| *at > now) {
            pushes.push((
                at,
                format!("{what} until {}", phrase::clock(at, source.time_zone)),
            ));
        }
    };
    push(freshness.fresh_until, "Cache-Control");
    push(freshness.retry_after, "Retry-After");
    push(pace::after_minutes(now, pace.ttl_minutes), "its ttl");
    push(
        pace::after_seconds(now, pace.update_seconds),
        "its updatePeriod",
    );
    push(
        pace.expired.then(|| now + MAX_PUSH),
        "it says nothing more will come,",
    );
    pushes
}

fn after_skip(source: &Source, state: &SourceState, skip: &Skip, now: DateTime<Utc>) -> Due {
    let little = delta(Duration::from_secs(300).mul_f64(share(source, now.timestamp())));
    let (at, why) = match skip {
        Skip::HostRests { until } => {
            let at = (*until).clamp(now, now + MAX_PUSH) + little;
            let open = pace::next_open(&state.pace, at, at + MAX_PUSH);
            (open.unwrap_or(at), "its host asked for rest".to_owned())
        }
        Skip::RobotsForbid { .. } => (
            now + TimeDelta::days(1) + little,
            "robots.txt forbids it; asked again daily".to_owned(),
        ),
        Skip::RobotsUnreachable { .. } => (
            now + TimeDelta::hours(1) + little,
            "robots.txt cannot be had; asked again hourly".to_owned(),
        ),
        Skip::Claimed => (
            now + TimeDelta::minutes(1),
            "another samflode is at it".to_owned(),
        ),
        Skip::Gone => (now + GONE_REST, GONE.to_owned()),
        Skip::NotPolled => (
            now + TimeDelta::days(1),
            "switched off or retired".to_owned(),
        ),
        // Nothing was asked: what was due stays due.
        Skip::Stopping => (
            state.due.unwrap_or(now).min(now),
            "samflode was stopping".to_owned(),
        ),
    };
    due(source, at, why)
}

fn after_failure(
    source: &Source,
    state: &SourceState,
    failure: &Failure,
    freshness: &Freshness,
    now: DateTime<Utc>,
) -> Due {
    let ours = match failure {
        Failure::OwnNetwork { .. } => Some("our own network was down; no fault of the source"),
        Failure::Storage { .. } => Some("our own store refused; no fault of the source"),
        _ => None,
    };
    if let Some(ours) = ours {
        let soon = Duration::from_secs(300).min(floor(source));
        return due(source, now + delta(soon), ours.to_owned());
    }
    let wait = backoff::wait(floor(source), state.failures, failure);
    let wait = wait
        .mul_f64(1.0 - share(source, now.timestamp()) / 10.0)
        .max(floor(source));
    let mut at = now + delta(wait);
    if let Schedule::Cron(expression) = &source.schedule {
        // The moment before counts: at a daily 06:00 a wait of a day must not miss the next morning by a second.
        at = cron::next(expression, source.time_zone, at - TimeDelta::minutes(5)).unwrap_or(at);
    }
    let asked = freshness.retry_after.filter(|asked| *asked > at);
    at = asked.map_or(at, |asked| asked.min(at + MAX_PUSH));
    at = pace::next_open(&state.pace, at, at + MAX_PUSH).unwrap_or(at);
    let times = state.failures.max(1);
    due(
        source,
        at,
        format!("after {} in a row", phrase::counted(times, "failure")),
    )
}

/// The shortest time between two polls of a source.
fn floor(source: &Source) -> Duration {
    match source.schedule {
        Schedule::Every(interval) => interval,
        Schedule::Adaptive { floor, .. } => floor,
        Schedule::Cron(_) => Duration::from_secs(600),
    }
}

fn ceiling(source: &Source) -> Duration {
    match source.schedule {
        Schedule::Every(interval) => interval,
        Schedule::Adaptive { ceiling, .. } => ceiling,
        Schedule::Cron(_) => backoff::MAX_FAILURE_INTERVAL,
    }
}

/// In whole seconds, up and never down: a second too early is a poll while the answer is still fresh.
fn due(source: &Source, at: DateTime<Utc>, why: String) -> Due {
    let at = (at + TimeDelta::nanoseconds(999_999_999)).trunc_subsecs(0);
    Due {
        at,
        reason: format!("{}: {why}", phrase::weekday_and_clock(at, source.time_zone)),
    }
}

/// A number from 0 up to 1 that is always the same for the same source and salt.
fn share(source: &Source, salt: i64) -> f64 {
    let mut hasher = DefaultHasher::new();
    (source.id.as_str(), salt).hash(&mut hasher);
    (hasher.finish() % 10_000) as f64 / 10_000.0
}

/// A duration as chrono has it; absurdly long ones become a year.
fn delta(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration)
        .unwrap_or(TimeDelta::days(366))
        .min(TimeDelta::days(366))
}

#[cfg(test)]
mod tests;
