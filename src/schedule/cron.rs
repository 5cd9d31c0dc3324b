//! Cron expressions of five fields, in a time zone, right over both changes of summer time.
//!
//! A fixed time inside the hour that is skipped in spring comes right after it; in the hour that comes twice in autumn it comes
//! once. croner 4 keeps that rule; the copy that tokio-cron-scheduler brings (3.0.1) does not, and is not used here.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use croner::Cron;
use croner::parser::{CronParser, Seconds};

/// Says what is wrong with an expression, if anything.
pub fn check(expression: &str) -> Result<(), String> {
    read(expression).map(drop)
}

/// The first moment after `after`.
pub fn next(expression: &str, zone: Tz, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let cron = read(expression).ok()?;
    let next = cron
        .find_next_occurrence(&after.with_timezone(&zone), false)
        .ok()?;
    Some(next.to_utc())
}

fn read(expression: &str) -> Result<Cron, String> {
    let parser = CronParser::builder().seconds(Seconds::Disallowed).build();
    parser.parse(expression).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use chrono_tz::Europe::Stockholm;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a moment")
    }

    fn run(expression: &str, from: &str, times: usize) -> Vec<String> {
        let mut now = at(from);
        (0..times)
            .map(|_| {
                now = next(expression, Stockholm, now).expect("a next time");
                now.format("%dT%H:%M").to_string()
            })
            .collect()
    }

    #[test]
    fn a_daily_time_keeps_its_clock_over_both_changes() {
        assert_eq!(
            run("0 6 * * *", "2026-03-27T12:00:00Z", 3),
            ["28T05:00", "29T04:00", "30T04:00"]
        );
        assert_eq!(
            run("0 6 * * *", "2026-10-23T12:00:00Z", 3),
            ["24T04:00", "25T05:00", "26T05:00"]
        );
    }

    #[test]
    fn the_hour_that_is_skipped_and_the_hour_that_comes_twice_run_once() {
        assert_eq!(
            run("30 2 * * *", "2026-03-28T12:00:00Z", 2),
            ["29T01:00", "30T00:30"]
        );
        assert_eq!(
            run("30 2 * * *", "2026-10-24T12:00:00Z", 2),
            ["25T00:30", "26T01:30"]
        );
    }

    #[test]
    fn nonsense_is_refused_with_a_reason() {
        for nonsense in [
            "",
            "* * *",
            "61 * * * *",
            "0 0 6 * * *",
            "every day",
            "* * * * * * * *",
        ] {
            assert!(check(nonsense).is_err(), "{nonsense}");
        }
        assert!(check("*/15 7-17 * * 1-5").is_ok());
    }

    #[test]
    fn a_day_that_never_comes_ends() {
        assert_eq!(
            next("0 6 30 2 *", Stockholm, at("2026-03-28T12:00:00Z")),
            None
        );
    }
}
