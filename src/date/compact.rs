//! Dates of digits alone, which only a string that is nothing else can be: epoch seconds and milliseconds, the basic
//! forms of ISO 8601 (`20210913T0815Z`, `2021256`), a lone year, and the truncated forms of its 1988 edition (`-0312`).

use chrono::{DateTime, Datelike, NaiveDate};

use super::Mode;
use super::calendar::{self, Calendar, Reading, day, year};
use super::clock::Clock;
use super::token::Tokens;
use super::zone;
use crate::model::{Moment, Precision};

/// Reads digits that count from 1970: seconds, milliseconds, microseconds; also in the wrapping that .NET's JSON gives
/// them, `/Date(1631520930000+0200)/`, where the offset only says how to show them.
pub(super) fn epoch(text: &str) -> Option<Moment> {
    let wrapped = text
        .strip_prefix("/Date(")
        .and_then(|rest| rest.strip_suffix(")/"))
        .map(|inner| inner.split(['+', '-']).next().unwrap_or(inner));
    let text = wrapped.unwrap_or(text);
    let whole = text.split_once('.').map_or(text, |(whole, fraction)| {
        if fraction.bytes().all(|byte| byte.is_ascii_digit()) {
            whole
        } else {
            text
        }
    });
    if whole.is_empty() || !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let value: i64 = whole.parse().ok()?;
    let seconds = match whole.len() {
        9 | 10 => value,
        12 if calendar_minutes(whole).is_some() => return None,
        12 | 13 => value / 1000,
        15 | 16 => value / 1_000_000,
        _ => return None,
    };
    Some(Moment {
        at: DateTime::from_timestamp(seconds, 0)?.fixed_offset(),
        precision: Precision::Second,
    })
}

/// Reads the one form of RFC 3339 that most feeds write, at a tenth of what the walk costs; all else is for the walk.
pub(super) fn rfc_3339(text: &str) -> Option<Moment> {
    let bytes = text.as_bytes();
    let has_zone = match bytes.len() {
        20 => bytes[19] == b'Z',
        25 => matches!(bytes[19], b'+' | b'-'),
        _ => false,
    };
    let is_usual = has_zone && bytes[10] == b'T' && bytes[17] < b'6';
    let at = DateTime::parse_from_rfc3339(is_usual.then_some(text)?).ok()?;
    let is_sane =
        (1970..2100).contains(&at.year()) && at.offset().local_minus_utc().abs() <= 14 * 3600;
    is_sane.then_some(Moment {
        at,
        precision: Precision::Second,
    })
}

/// Whether twelve digits are year to minute rather than milliseconds.
fn calendar_minutes(digits: &str) -> Option<NaiveDate> {
    let number = |range: std::ops::Range<usize>| digits.get(range)?.parse::<u32>().ok();
    let year = i32::try_from(number(0..4)?).ok()?;
    let date = NaiveDate::from_ymd_opt(year, number(4..6)?, number(6..8)?)?;
    (number(8..10)? < 25 && number(10..12)? < 60 && (1970..2100).contains(&year)).then_some(date)
}

/// Reads the digits at the beginning of a string.
pub(super) fn basic(tokens: &Tokens<'_>) -> Option<Reading> {
    if tokens.is_mark(0, &['-']) {
        return truncated(tokens);
    }
    let token = tokens.get(0)?;
    let digits = token.text;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = |range: std::ops::Range<usize>| digits.get(range)?.parse::<u32>().ok();
    let is_all = tokens.len() == 1;
    let calendar = match digits.len() {
        4 if is_all => Calendar::Year(day(year(number(0..4)?, 4)?, 1, 1, Mode::Whole)?),
        5 if is_all => Calendar::Day(NaiveDate::from_yo_opt(
            year(number(0..2)?, 2)?,
            number(2..5)?,
        )?),
        6 if is_all => Calendar::Day(ymd((number(0..2)?, 2), number(2..4)?, number(4..6)?)?),
        7 => Calendar::Day(NaiveDate::from_yo_opt(
            year(number(0..4)?, 4)?,
            number(4..7)?,
        )?),
        8 | 12 | 14 => Calendar::Day(ymd((number(0..4)?, 4), number(4..6)?, number(6..8)?)?),
        _ => return None,
    };
    let mut reading = Reading::new(calendar, 1);
    if digits.len() > 8 {
        let (zone, next) = match zone::zone(tokens, 1, Mode::Whole) {
            zone::Read::Zone(zone, next) => (Some(zone), next),
            zone::Read::Absent => (None, 1),
            zone::Read::Impossible => return None,
        };
        reading.next = next;
        reading.clock = Some(Clock {
            hour: number(8..10)?,
            minute: number(10..12)?,
            second: number(12..14),
            zone,
        });
    }
    Some(reading)
}

fn ymd((value, digits): (u32, usize), month: u32, number: u32) -> Option<NaiveDate> {
    day(calendar::year(value, digits)?, month, number, Mode::Whole)
}

/// `-0312` and `-03-12`: a month of a year of this century.
fn truncated(tokens: &Tokens<'_>) -> Option<Reading> {
    let (value, month, next) = match (tokens.number(1)?, tokens.number(3)) {
        ((value, 4), None) => (value / 100, value % 100, 2),
        ((value, 2), Some((month, 2))) if tokens.is_mark(2, &['-']) => (value, month, 4),
        _ => return None,
    };
    if tokens.len() > next {
        return None;
    }
    let first = ymd((value, 2), month, 1)?;
    Some(Reading::new(Calendar::Month(first), next))
}
