//! What a source's memory says of how it is doing: healthy, quiet, suspect or broken, and which incidents are open.
//!
//! Pure: the memory and the time go in, findings come out; who stores incidents opens those that are found and ends those that
//! no longer are. Thresholds are the source's own: its longest silence, its usual yield.

mod network;
mod takeover;

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::{Failure, Health, IncidentKind, Outcome, Skip, SourceState};

pub use network::{is_own, own_network};
pub use takeover::{Sight, taken_over};

/// Failures in a row after which a source counts as broken: one or two happen to anybody.
const BROKEN_AFTER: u32 = 3;
/// A silence is told only beyond this, however busy the source was.
const LEAST_SILENCE: TimeDelta = TimeDelta::days(7);
/// Lists shorter than this shrink to a third by chance.
const LEAST_YIELD: f32 = 6.0;
/// A list whose newest entry is this much older than what it showed before shows only old entries.
const OLD_BY: TimeDelta = TimeDelta::days(30);
/// Robots or rest keep a source from being read this long before it is told.
const KEPT_AWAY: TimeDelta = TimeDelta::days(2);

/// How a source is doing, with a sentence for each trouble.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Assessment {
    /// In one word.
    pub health: Health,
    /// The troubles there are now.
    pub findings: Vec<(IncidentKind, String)>,
}

/// Assesses a source by its memory, the last outcome included.
pub fn assess(state: &SourceState, now: DateTime<Utc>) -> Assessment {
    let mut assessment = Assessment::default();
    let mut find = |health, found: Option<(IncidentKind, String)>| {
        if let Some(found) = found {
            assessment.health = worse(assessment.health, health);
            assessment.findings.push(found);
        }
    };
    let failing = failing(state);
    let is_failing = failing.is_some();
    find(Health::Broken, failing);
    find(Health::Suspect, kept_away(state, now));
    if !is_failing {
        find(Health::Suspect, shrunk(state));
        find(Health::Suspect, only_old(state));
        find(Health::Quiet, silent(state, now));
    }
    if state.failures > 0 {
        assessment.health = worse(assessment.health, Health::Suspect);
    }
    assessment
}

/// Keeps in mind what a document held.
pub fn learn(state: &mut SourceState, sight: &Sight) {
    let entries = sight.entries as f32;
    let usual = state.rhythm.usual_yield.unwrap_or(entries);
    state.rhythm.usual_yield = Some(usual * 0.8 + entries * 0.2);
    state.rhythm.last_yield = Some(u32::try_from(sight.entries).unwrap_or(u32::MAX));
    if sight.link_host.is_some() {
        state.link_host.clone_from(&sight.link_host);
    }
}

fn worse(one: Health, other: Health) -> Health {
    let rank = |health| match health {
        Health::Healthy => 0,
        Health::Quiet => 1,
        Health::Suspect => 2,
        Health::Broken => 3,
    };
    if rank(one) >= rank(other) { one } else { other }
}

/// Failures: at once where the site itself changed, after some in a row where the network may be to blame.
fn failing(state: &SourceState) -> Option<(IncidentKind, String)> {
    if state.gone {
        let detail = "the server says it is gone for good (410); retire it, or revive it with `samflode fetch` and its name";
        return Some((IncidentKind::Gone, detail.to_owned()));
    }
    let failure = state.last_failure.as_ref()?;
    let kind = match failure {
        Failure::TakenOver { .. } => IncidentKind::TakenOver,
        Failure::LayoutChanged { .. } => IncidentKind::LayoutChanged,
        Failure::NotAFeed { .. } | Failure::NoContent { .. } | Failure::NoEntries { .. } => {
            IncidentKind::Failing
        }
        Failure::OwnNetwork { .. } => return None,
        _ if state.failures >= BROKEN_AFTER => IncidentKind::Failing,
        _ => return None,
    };
    let since = state.failing_since.map_or(String::new(), |since| {
        format!(", since {}", since.format("%Y-%m-%d %H:%M UTC"))
    });
    Some((kind, format!("{failure}{since}")))
}

/// Not a failure, and yet nothing has been read for days.
fn kept_away(state: &SourceState, now: DateTime<Utc>) -> Option<(IncidentKind, String)> {
    let Some(Outcome::Skipped(skip)) = &state.last_outcome else {
        return None;
    };
    let long = state
        .kept_away_since
        .is_some_and(|since| now - since > KEPT_AWAY);
    let told = match skip {
        Skip::RobotsForbid { .. } => true,
        Skip::HostRests { .. } | Skip::RobotsUnreachable { .. } => long,
        _ => false,
    };
    told.then(|| (IncidentKind::Failing, format!("not fetched: {skip}")))
}

fn shrunk(state: &SourceState) -> Option<(IncidentKind, String)> {
    let usual = state
        .rhythm
        .usual_yield
        .filter(|usual| *usual >= LEAST_YIELD)?;
    let last = state.rhythm.last_yield?;
    (last as f32 * 3.0 <= usual).then(|| {
        let detail = format!("its list shrank: {last} where there are usually about {usual:.0}");
        (IncidentKind::Shrunk, detail)
    })
}

fn only_old(state: &SourceState) -> Option<(IncidentKind, String)> {
    let newest = state.feed_updated?;
    let known = state.rhythm.last_told?;
    (known - newest > OLD_BY).then(|| {
        let day = |at: DateTime<Utc>| at.format("%Y-%m-%d").to_string();
        let detail = format!(
            "it shows only old entries: the newest is of {}, after one of {} was there",
            day(newest),
            day(known)
        );
        (IncidentKind::Shrunk, detail)
    })
}

fn silent(state: &SourceState, now: DateTime<Utc>) -> Option<(IncidentKind, String)> {
    let longest = TimeDelta::try_seconds(i64::try_from(state.rhythm.longest_gap?).ok()?)?;
    let silence = now - state.rhythm.last?;
    // A quarter more than ever: a record by a day is no news.
    let threshold = (longest + longest / 4).max(LEAST_SILENCE);
    (silence > threshold).then(|| {
        let detail = format!(
            "nothing new for {}; its longest silence before was {}",
            days(silence.num_days()),
            days((longest.num_hours() + 12) / 24)
        );
        (IncidentKind::Silent, detail)
    })
}

fn days(count: i64) -> String {
    match count {
        1 => "1 day".to_owned(),
        _ => format!("{count} days"),
    }
}

#[cfg(test)]
mod tests;
