//! What is remembered of a host between requests: manners are per host, not per source.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// The memory of one host (scheme, name and port as in an origin).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct HostState {
    /// The next request may start from then.
    pub free_at: Option<DateTime<Utc>>,
    /// It asked for rest (429 or 503 with Retry-After) until then.
    pub rests_until: Option<DateTime<Utc>>,
    /// Since when it has been asking for rest without a break.
    pub resting_since: Option<DateTime<Utc>>,
    /// Its robots.txt: the text; empty when everything is allowed.
    pub robots: Option<String>,
    /// When robots.txt was asked.
    pub robots_at: Option<DateTime<Utc>>,
    /// robots.txt could not be had (5xx or no connection): everything is forbidden for now (RFC 9309 section 2.3.1.4).
    pub robots_unreachable_since: Option<DateTime<Utc>>,
    /// What went wrong when it was last asked.
    #[serde(default)]
    pub robots_trouble: Option<String>,
}

/// No rest is believed to be longer: a moment beyond was written while the clock was wrong.
const LONGEST_REST: TimeDelta = TimeDelta::days(1);

impl HostState {
    /// Leaves the host alone as long as another process was asked to.
    pub fn heed(&mut self, other: &Self, now: DateTime<Utc>) {
        let sane = |at: &DateTime<Utc>| *at <= now + LONGEST_REST;
        let rests_until = other.rests_until.filter(sane);
        if rests_until > self.rests_until {
            self.rests_until = rests_until;
            self.resting_since = self.resting_since.or(other.resting_since);
        }
        self.free_at = self.free_at.max(other.free_at.filter(sane));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_later_rest_holds_unless_no_host_could_have_asked_for_it() {
        let at = |hours| DateTime::UNIX_EPOCH + TimeDelta::hours(hours);
        let resting = |hours| HostState {
            rests_until: Some(at(hours)),
            ..HostState::default()
        };
        let heeded = |ours: i64, theirs: i64| {
            let mut state = resting(ours);
            state.heed(&resting(theirs), at(0));
            state.rests_until
        };
        assert_eq!(heeded(1, 5), Some(at(5)));
        assert_eq!(heeded(5, 1), Some(at(5)));
        assert_eq!(heeded(1, 25), Some(at(1)));
    }
}
