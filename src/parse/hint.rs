//! What a feed says of when to come again and where else to look, from strings to values.

use url::Url;

use crate::model::{Hints, Link, UpdatePeriod};

const HOUR: u64 = 60 * 60;
const DAY: u64 = 24 * HOUR;

/// The interval of `sy:updatePeriod` and `sy:updateFrequency` (RSS 1.0 syndication module).
pub(super) fn update_period(period: Option<u64>, frequency: Option<u64>) -> Option<UpdatePeriod> {
    // The module's own defaults: daily, once.
    let seconds = match (period, frequency) {
        (None, None) => return None,
        (period, frequency) => period.unwrap_or(DAY) / frequency.unwrap_or(1).max(1),
    };
    Some(UpdatePeriod {
        seconds: seconds.max(1),
    })
}

/// The seconds of a `sy:updatePeriod`.
pub(super) fn period(text: &str) -> Option<u64> {
    match text.trim().to_ascii_lowercase().as_str() {
        "hourly" => Some(HOUR),
        "daily" => Some(DAY),
        "weekly" => Some(7 * DAY),
        "monthly" => Some(30 * DAY),
        "yearly" => Some(365 * DAY),
        _ => None,
    }
}

/// An hour of RSS `skipHours`, 0 to 23; 24 was written for midnight in RSS 0.91.
pub(super) fn hour(text: &str) -> Option<u8> {
    let hour: u8 = text.trim().parse().ok()?;
    (hour <= 24).then_some(hour % 24)
}

/// A day of RSS `skipDays`, 0 for Monday.
pub(super) fn day(text: &str) -> Option<u8> {
    let name = text.trim().get(..3)?.to_ascii_lowercase();
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    days.iter()
        .position(|day| *day == name)
        .map(|day| day as u8)
}

/// Takes the links that are hints.
pub(super) fn links(hints: &mut Hints, links: &[Link]) {
    let find = |rel: &str| {
        let link = links.iter().find(|link| link.rel == rel)?;
        Url::parse(&link.href).ok()
    };
    hints.hub = hints.hub.take().or_else(|| find("hub"));
    hints.self_link = hints.self_link.take().or_else(|| find("self"));
    hints.next = hints.next.take().or_else(|| find("next"));
    hints.prev_archive = hints.prev_archive.take().or_else(|| find("prev-archive"));
}

#[cfg(test)]
mod tests {
    use super::{day, hour, period, update_period};

    #[test]
    fn periods_hours_and_days_are_read_and_nonsense_is_not() {
        assert_eq!(period("\n\thourly\n"), Some(3600));
        assert_eq!(
            update_period(period("daily"), Some(2)).map(|p| p.seconds),
            Some(43_200)
        );
        assert_eq!(update_period(None, None), None);
        assert_eq!(
            update_period(period("hourly"), Some(0)).map(|p| p.seconds),
            Some(3600)
        );
        assert_eq!(
            (hour("24"), hour("7"), hour("25")),
            (Some(0), Some(7), None)
        );
        assert_eq!((day("Sunday"), day("x")), (Some(6), None));
    }
}
