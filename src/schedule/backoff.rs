//! How long failures stretch the time to the next poll: doubled each time, to a day at most, and never given up.

use std::time::Duration;

use crate::model::Failure;

/// A failing source is still asked about daily: it may be back any morning.
pub const MAX_FAILURE_INTERVAL: Duration = Duration::from_secs(24 * 3600);
/// The first wait of a source that is polled more often than this.
const LEAST_WAIT: Duration = Duration::from_secs(600);

/// The wait after so many failures in a row, the last of them this one, for a source with this interval.
pub fn wait(interval: Duration, failures: u32, failure: &Failure) -> Duration {
    let most = MAX_FAILURE_INTERVAL.max(interval);
    let doublings = failures.saturating_sub(1) + head_start(failure);
    let factor = 1_u32.checked_shl(doublings.min(16)).unwrap_or(u32::MAX);
    interval.max(LEAST_WAIT).saturating_mul(factor).min(most)
}

/// Who turns us away, or has an address that is not there, will not change their mind within the hour.
fn head_start(failure: &Failure) -> u32 {
    match failure {
        Failure::Status {
            code: 401 | 402 | 403 | 404 | 406 | 451,
        }
        | Failure::NameNotFound { .. }
        | Failure::ForbiddenAddress { .. } => 2,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    #[test]
    fn waits_double_to_a_day_and_stay_there() {
        let failure = Failure::EmptyBody;
        let hours: Vec<u64> = (1..8)
            .map(|n| wait(HOUR, n, &failure).as_secs() / 3600)
            .collect();
        assert_eq!(hours, [1, 2, 4, 8, 16, 24, 24]);
        assert_eq!(wait(HOUR, u32::MAX, &failure), MAX_FAILURE_INTERVAL);
    }

    #[test]
    fn being_turned_away_waits_longer_at_once() {
        assert_eq!(wait(HOUR, 1, &Failure::Status { code: 403 }), HOUR * 4);
        assert_eq!(wait(HOUR, 1, &Failure::Status { code: 500 }), HOUR);
    }

    #[test]
    fn a_weekly_source_is_never_asked_more_often_for_failing() {
        assert_eq!(wait(HOUR * 168, 3, &Failure::EmptyBody), HOUR * 168);
    }
}
