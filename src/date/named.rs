//! Calendar dates with the month's name: `13 sep 2021`, `May 19th 2015`, `2021 Jan 25`, `Sun Jan  4 16:29:06 2004`,
//! `24-October-2023`, `2004-július-13`.

use super::Mode;
use super::calendar::{Calendar, Reading, day, year};
use super::clock::{self, Clock};
use super::format::Read;
use super::name;
use super::token::{DASHES, Kind, Tokens};
use super::zone;

/// Words between day, month and year in one language or another.
const JOINING: [&str; 7] = ["of", "de", "den", "do", "d", "ο", "anno"];

/// Endings of ordinal numbers: `19th`, `1er`, `1:a`.
const ORDINALS: [&str; 10] = ["st", "nd", "rd", "th", "er", "re", "a", "e", "º", "te"];

/// Reads a date that begins with a number.
pub(super) fn number_first(tokens: &Tokens<'_>, at: usize, mode: Mode) -> Read {
    let Some((value, digits)) = tokens.number(at) else {
        return Read::Absent;
    };
    match digits {
        1 | 2 => day_first(tokens, at, value, mode),
        4 => year_first(tokens, at, value, mode),
        _ => Read::Absent,
    }
}

fn day_first(tokens: &Tokens<'_>, at: usize, number: u32, mode: Mode) -> Read {
    let place = between(tokens, ordinal(tokens, at + 1));
    let Some(month) = name::month(tokens.word(place)) else {
        return Read::Absent;
    };
    let after = place + 1;
    let Some((year, next)) = year_after(tokens, after, mode) else {
        return yearless(tokens, month, number, after);
    };
    match day(year, month, number, mode) {
        Some(date) => Read::Date(Reading::new(Calendar::Day(date), next)),
        None => Read::Impossible(next),
    }
}

fn year_first(tokens: &Tokens<'_>, at: usize, value: u32, mode: Mode) -> Read {
    let place = between(tokens, at + 1);
    let Some(month) = name::month(tokens.word(place)) else {
        return Read::Absent;
    };
    let Some(year) = year(value, 4) else {
        return Read::Absent;
    };
    let number_place = between(tokens, place + 1);
    match tokens.number(number_place) {
        Some((number, 1 | 2)) if !is_clock(tokens, number_place) => {
            match day(year, month, number, mode) {
                Some(date) => Read::Date(Reading::new(
                    Calendar::Day(date),
                    ordinal(tokens, number_place + 1),
                )),
                None => Read::Impossible(number_place + 1),
            }
        }
        _ => Read::Absent,
    }
}

/// Reads a date that begins with a month's name.
pub(super) fn month_first(tokens: &Tokens<'_>, at: usize, mode: Mode) -> Read {
    let Some(month) = name::month(tokens.word(at)) else {
        return Read::Absent;
    };
    let place = between(tokens, at + 1);
    match tokens.number(place) {
        Some((number, 1 | 2)) => {
            let read = month_and_day(tokens, place, (month, number), mode);
            // German and French: `im Jahr des 10. Jubiläums`, `des 12 pays`.
            match read {
                Read::Date(reading)
                    if tokens.word(at) == "des"
                        && matches!(reading.calendar, Calendar::Yearless(..)) =>
                {
                    Read::Absent
                }
                read => read,
            }
        }
        Some((value, 4)) => {
            // `31 juni 2021` is no day, and not June either.
            let follows_number = at > 0
                && tokens
                    .get(at - 1)
                    .is_some_and(|token| token.kind == Kind::Number)
                || at > 1 && tokens.is_mark(at - 1, &['.', '-']) && tokens.number(at - 2).is_some();
            let first = year(value, 4).and_then(|year| day(year, month, 1, mode));
            match first.filter(|_| !follows_number && !is_clock(tokens, place)) {
                Some(first) => Read::Date(Reading::new(Calendar::Month(first), place + 1)),
                None => Read::Absent,
            }
        }
        _ => Read::Absent,
    }
}

fn month_and_day(
    tokens: &Tokens<'_>,
    place: usize,
    (month, number): (u32, u32),
    mode: Mode,
) -> Read {
    let after = ordinal(tokens, place + 1);
    if let Some((clock, year, next)) = clock_and_year(tokens, after, mode) {
        return match day(year, month, number, mode) {
            Some(date) => {
                let mut reading = Reading::new(Calendar::Day(date), next);
                reading.clock = Some(clock);
                Read::Date(reading)
            }
            None => Read::Impossible(next),
        };
    }
    // Four digits, or none: `Sep 13 21` is read in no other way, but `Sep 13, 21 deltagare` is.
    let Some((year, next)) = year_after(tokens, after, mode) else {
        return yearless(tokens, month, number, after);
    };
    match day(year, month, number, mode) {
        Some(date) => Read::Date(Reading::new(Calendar::Day(date), next)),
        None => Read::Impossible(next),
    }
}

/// The clock between day and year of C's `asctime`, zone included where there is one.
fn clock_and_year(tokens: &Tokens<'_>, at: usize, mode: Mode) -> Option<(Clock, i32, usize)> {
    let at = if tokens.is_mark(at, &[',']) {
        at + 1
    } else {
        at
    };
    let clock::Read::Clock(mut clock, mut next) = clock::clock(tokens, at, mode, false) else {
        return None;
    };
    if clock.zone.is_none()
        && let Some(token) = tokens.get(next)
        && token.kind == Kind::Word
        && let zone::Read::Zone(zone, after) = zone::zone(tokens, next, Mode::Whole)
    {
        clock.zone = Some(zone);
        next = after;
    }
    let (value, 4) = tokens.number(next)? else {
        return None;
    };
    Some((clock, year(value, 4)?, next + 1))
}

/// The year after a month or a day, if there is one.
fn year_after(tokens: &Tokens<'_>, at: usize, mode: Mode) -> Option<(i32, usize)> {
    let place = between(tokens, at);
    let (value, digits) = tokens.number(place)?;
    if is_clock(tokens, place) {
        return None;
    }
    let is_joined = place > at && (tokens.is_glued(place) && !tokens.is_mark(place - 1, &[',']));
    let is_told = match digits {
        4 => true,
        1..=3 => mode == Mode::Whole || digits == 2 && (is_joined || is_clock(tokens, place + 1)),
        _ => false,
    };
    is_told.then_some(())?;
    Some((year(value, digits)?, place + 1))
}

fn yearless(tokens: &Tokens<'_>, month: u32, number: u32, next: usize) -> Read {
    let has_long_number = tokens
        .number(between(tokens, next))
        .is_some_and(|(_, digits)| digits > 4);
    match chrono::NaiveDate::from_ymd_opt(2000, month, number) {
        Some(_) if !has_long_number => {
            let next = if tokens.is_mark(next, &['.']) {
                next + 1
            } else {
                next
            };
            Read::Date(Reading::new(Calendar::Yearless(month, number), next))
        }
        _ => Read::Impossible(next),
    }
}

/// Whether a number begins a time: `8:15`, `08.15`.
fn is_clock(tokens: &Tokens<'_>, at: usize) -> bool {
    let is_short = |place: usize| tokens.number(place).is_some_and(|(_, digits)| digits == 2);
    let is_hour = tokens
        .number(at)
        .is_some_and(|(hour, digits)| digits <= 2 && hour < 25);
    is_hour
        && tokens.is_mark(at + 1, &[':', '.'])
        && tokens.is_glued(at + 1)
        && tokens.is_glued(at + 2)
        && is_short(at + 2)
}

/// The place after the ending of an ordinal number, if there is one.
fn ordinal(tokens: &Tokens<'_>, at: usize) -> usize {
    let place = if tokens.is_mark(at, &[':']) && tokens.is_glued(at) {
        at + 1
    } else {
        at
    };
    let is_ending = ORDINALS.contains(&tokens.word(place)) && tokens.is_glued(place);
    if is_ending || tokens.is_mark(place, &['º', 'ª']) {
        place + 1
    } else {
        at
    }
}

/// The place after what may stand between the parts of a date.
fn between(tokens: &Tokens<'_>, at: usize) -> usize {
    let mut place = at;
    for _ in 0..2 {
        let is_mark = tokens.is_mark(place, &['.', ',', '/', '\'', '’', '‘', '´'])
            || tokens.is_mark(place, &DASHES)
                && (tokens.is_glued(place) || tokens.is_glued(place + 1));
        if !is_mark && !JOINING.contains(&tokens.word(place)) {
            break;
        }
        place += 1;
    }
    place
}
