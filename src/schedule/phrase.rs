//! Moments and durations in the words of a reason.

use std::time::Duration;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

/// "Thursday 08:10".
pub(super) fn weekday_and_clock(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).format("%A %H:%M").to_string()
}

/// "08:10".
pub(super) fn clock(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).format("%H:%M").to_string()
}

/// "30 min", "2 h", "3 days".
pub(super) fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let is_odd = !seconds.is_multiple_of(3_600);
    match seconds {
        0..=59 => format!("{seconds} s"),
        60..=7_199 if is_odd => format!("{} min", seconds / 60),
        60..=172_799 => format!("{} h", (seconds + 1_800) / 3_600),
        _ => format!("{} days", (seconds + 43_200) / 86_400),
    }
}

/// "1 failure", "2 failures".
pub(super) fn counted(number: u32, noun: &str) -> String {
    match number {
        1 => format!("1 {noun}"),
        _ => format!("{number} {noun}s"),
    }
}
