//! Durations and sizes as people write them: `1h`, `30 min`, `1 d 12 h`, `8 MiB`, `500 kB`.
//!
//! # Why
//! A bare number means seconds to one reader and minutes to the next, so a duration has a unit. A size may go
//! without: an octet is an octet. Kilo is 1000 and kibi is 1024 (IEC 80000-13).

use std::time::Duration;

use super::problem::Complaint;

const DAY: f64 = 86_400.0;

/// Longer than any archive has been kept; keeps arithmetic on dates in range.
const LONGEST: f64 = 200.0 * 366.0 * DAY;

/// Greatest size that is a plausible bound.
const GREATEST: f64 = 1024.0 * 1024.0 * 1024.0 * 1024.0;

/// Reads a duration: one or more numbers, each with its unit.
pub(super) fn duration(text: &str) -> Result<Duration, Complaint> {
    let refuse = || {
        Complaint::new(format!("`{text}` is not a duration"))
            .hint("write a number and a unit, such as `45 s`, `30 min`, `1 h`, `2 d` or `1 week`")
    };
    if text.trim() == "0" {
        return Ok(Duration::ZERO);
    }
    let parts = parts(text)
        .filter(|parts| !parts.is_empty())
        .ok_or_else(refuse)?;
    let mut seconds = 0.0;
    for (number, unit) in parts {
        seconds += number * seconds_of(unit).ok_or_else(refuse)?;
    }
    if seconds > LONGEST {
        return Err(Complaint::new(format!("`{text}` is too long"))
            .hint("the longest duration is 200 years"));
    }
    // To the millisecond: a tenth of an hour in floating point must not end in nanoseconds.
    Ok(Duration::from_millis((seconds * 1000.0).round() as u64))
}

/// Reads a size in octets.
pub(super) fn size(text: &str) -> Result<u64, Complaint> {
    let refuse = || {
        Complaint::new(format!("`{text}` is not a size"))
            .hint("write a number and a unit, such as `500 kB`, `8 MiB` or `1 GiB`")
    };
    let parts = parts(text).ok_or_else(refuse)?;
    let [(number, unit)] = parts.as_slice() else {
        return Err(refuse());
    };
    let octets = number * octets_of(unit).ok_or_else(refuse)?;
    match octets <= GREATEST {
        true => Ok(octets.round() as u64),
        false => {
            Err(Complaint::new(format!("`{text}` is too large"))
                .hint("the greatest size is 1024 GiB"))
        }
    }
}

/// A duration as a person writes it: the greatest unit that divides it.
pub fn spoken(duration: Duration) -> String {
    let millis = duration.as_millis();
    if !millis.is_multiple_of(1000) {
        return format!("{millis} ms");
    }
    let seconds = duration.as_secs();
    let units = [(604_800, "week"), (86_400, "d"), (3600, "h"), (60, "min")];
    for (length, unit) in units {
        if seconds > 0 && seconds.is_multiple_of(length) {
            let count = seconds / length;
            let plural = if unit == "week" && count > 1 { "s" } else { "" };
            return format!("{count} {unit}{plural}");
        }
    }
    format!("{seconds} s")
}

/// Splits `1 h 30 min` into numbers with units; the unit may be empty.
fn parts(text: &str) -> Option<Vec<(f64, &str)>> {
    let mut rest = text.trim();
    let mut parts = Vec::new();
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',');
        let (number, after) = rest.split_at(digits.unwrap_or(rest.len()));
        let number: f64 = number.replace(',', ".").parse().ok()?;
        let after = after.trim_start();
        let letters = after
            .find(|c: char| !c.is_alphabetic())
            .unwrap_or(after.len());
        let (unit, after) = after.split_at(letters);
        parts.push((number, unit));
        rest = after.trim_start();
    }
    Some(parts)
}

fn seconds_of(unit: &str) -> Option<f64> {
    Some(match unit.to_ascii_lowercase().as_str() {
        "ms" | "millisecond" | "milliseconds" => 0.001,
        "s" | "sec" | "secs" | "second" | "seconds" => 1.0,
        "m" | "min" | "mins" | "minute" | "minutes" => 60.0,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3600.0,
        "d" | "day" | "days" => DAY,
        "w" | "week" | "weeks" => 7.0 * DAY,
        "y" | "year" | "years" => 365.0 * DAY,
        _ => return None,
    })
}

fn octets_of(unit: &str) -> Option<f64> {
    let power = |base: f64, exponent| Some(base.powi(exponent));
    match unit.to_ascii_lowercase().as_str() {
        "" | "b" | "byte" | "bytes" | "octet" | "octets" => Some(1.0),
        "kb" => power(1000.0, 1),
        "mb" => power(1000.0, 2),
        "gb" => power(1000.0, 3),
        "kib" => power(1024.0, 1),
        "mib" => power(1024.0, 2),
        "gib" => power(1024.0, 3),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{duration, size, spoken};
    use std::time::Duration;

    #[test]
    fn durations_are_read_as_people_write_them() {
        let cases = [
            ("1h", 3600),
            ("30 min", 1800),
            ("1 h 30 min", 5400),
            ("1h30m", 5400),
            ("90s", 90),
            ("1.5 hours", 5400),
            ("0,5 h", 1800),
            ("2 d", 172_800),
            ("1 Week", 604_800),
            ("5 years", 5 * 365 * 86_400),
            ("0", 0),
            ("0 s", 0),
        ];
        for (text, seconds) in cases {
            assert_eq!(duration(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        assert_eq!(duration("250 ms"), Ok(Duration::from_millis(250)));
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for text in [
            "",
            "60",
            "h",
            "1 fortnight",
            "1 h 30",
            "-1 h",
            "1..2 h",
            "500 years",
            "å",
        ] {
            assert!(duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sizes_tell_kilo_from_kibi() {
        let cases = [
            ("8 MiB", 8 * 1024 * 1024),
            ("500 kB", 500_000),
            ("1.5MB", 1_500_000),
            ("2 GiB", 2 << 30),
            ("100", 100),
            ("100 bytes", 100),
        ];
        for (text, octets) in cases {
            assert_eq!(size(text), Ok(octets), "{text}");
        }
        for text in ["", "MiB", "8 M", "8 MiB 2 kB", "-1 MB", "9000 GiB"] {
            assert!(size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_spoken_can_be_read_back() {
        for seconds in [0, 1, 59, 60, 90, 3600, 5400, 86_400, 604_800, 1_209_600] {
            let duration_written = Duration::from_secs(seconds);
            assert_eq!(duration(&spoken(duration_written)), Ok(duration_written));
        }
        assert_eq!(spoken(Duration::from_secs(3600)), "1 h");
    }
}
