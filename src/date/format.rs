//! Calendar dates written with numbers: ISO 8601, day first, month first where it cannot be otherwise, and the
//! far-eastern forms. Those with the month's name are in `named`.

use chrono::{NaiveDate, Weekday};

use super::calendar::{self, Calendar, Reading, day, year};
use super::token::{DASHES, Kind, Tokens};
use super::zone::Zone;
use super::{Context, Mode};

/// What parts the numbers of a date.
const SEPARATORS: [char; 3] = ['-', '/', '.'];

/// What came of trying to read a date.
pub(super) enum Read {
    /// A date.
    Date(Reading),
    /// Nothing that looks like a date.
    Absent,
    /// What looks like a date, up to this place, but is none.
    Impossible(usize),
}

/// Reads a date of numbers at a place.
pub(super) fn numeric(tokens: &Tokens<'_>, at: usize, mode: Mode, context: &Context) -> Read {
    if let Some(reading) = far_eastern(tokens, at, mode) {
        return Read::Date(reading);
    }
    let Some((first, digits)) = tokens.number(at) else {
        return Read::Absent;
    };
    if let Some(reading) = week_or_ordinal(tokens, at, mode) {
        return Read::Date(reading);
    }
    let Some(separator) = separator(tokens, at + 1) else {
        return Read::Absent;
    };
    let Some((second, second_digits)) = tokens.number(at + 2).filter(|_| joined(tokens, at + 2))
    else {
        return Read::Absent;
    };
    let third = tokens
        .number(at + 4)
        .filter(|_| self::separator(tokens, at + 3) == Some(separator) && joined(tokens, at + 4));
    let Some((third, third_digits)) = third else {
        return pair(tokens, at, mode, separator);
    };
    if follows(tokens, at + 5, separator) {
        // A fourth number makes it a version, an address or a case number.
        return Read::Impossible(at + 7);
    }
    let numbers = [
        (first, digits),
        (second, second_digits),
        (third, third_digits),
    ];
    // `2.1.20` in a text is a version or a section rather than a day.
    let is_all = mode == Mode::Whole && at == 0;
    let is_section = separator == '.' && third_digits == 2 && (digits, second_digits) != (2, 2);
    if is_section && !is_all {
        return Read::Impossible(at + 5);
    }
    match triple(numbers, separator, mode, context) {
        Some(date) => Read::Date(Reading::new(Calendar::Day(date), at + 5)),
        None => Read::Impossible(at + 5),
    }
}

/// The separator at a place, all dashes as one.
fn separator(tokens: &Tokens<'_>, at: usize) -> Option<char> {
    let mark = tokens.mark(at).filter(|_| tokens.is_glued(at))?;
    let mark = if DASHES.contains(&mark) { '-' } else { mark };
    SEPARATORS.contains(&mark).then_some(mark)
}

/// Whether a number belongs to what is before it: glued, or after a dot as in `13. 9. 2021`.
fn joined(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.is_glued(at) || tokens.is_mark(at - 1, &['.'])
}

/// Three numbers as a day: in the order that can be, and is likely.
fn triple(
    numbers: [(u32, usize); 3],
    separator: char,
    mode: Mode,
    context: &Context,
) -> Option<NaiveDate> {
    let [
        (first, first_digits),
        (second, second_digits),
        (third, third_digits),
    ] = numbers;
    if second_digits > 3 || second_digits == 3 && first_digits != 4 {
        return None;
    }
    if first_digits == 4 && third_digits <= 2 {
        let year = year(first, 4)?;
        return day(year, second, third, mode);
    }
    if first_digits > 2 || !matches!(third_digits, 2 | 4) {
        return None;
    }
    let full = year(third, third_digits)?;
    let day_first = || day(full, second, first, mode);
    let month_first = || day(full, first, second, mode);
    let year_first = || day(year(first, first_digits)?, second, third, mode);
    let by_language = context
        .language
        .as_ref()
        .map_or("", |language| language.primary());
    let candidates = match (third_digits, separator, by_language) {
        (2, '-', "da" | "nl" | "en") => [day_first(), year_first(), month_first()],
        (2, '-', _) => [year_first(), day_first(), month_first()],
        _ => [day_first(), month_first(), None],
    };
    let possible = || candidates.into_iter().flatten();
    possible()
        .find(|date| third_digits == 4 || !calendar::is_ahead(*date, context))
        .or_else(|| possible().next())
}

/// Two numbers: a month of a year, or a day without its year.
fn pair(tokens: &Tokens<'_>, at: usize, mode: Mode, separator: char) -> Read {
    let (Some((first, first_digits)), Some((second, second_digits))) =
        (tokens.number(at), tokens.number(at + 2))
    else {
        return Read::Absent;
    };
    let is_whole = mode == Mode::Whole && at == 0 && !separator_follows(tokens, at + 3);
    let month_of = |value, digits, month| {
        let first = day(year(value, digits)?, month, 1, mode)?;
        Some(Read::Date(Reading::new(Calendar::Month(first), at + 3)))
    };
    let read = match (first_digits, separator, second_digits) {
        (4, _, 2) if is_whole => month_of(first, 4, second),
        (1 | 2, '/' | '.' | '-', 4) if is_whole => month_of(second, 4, first),
        // In running text `3.4 2021` is a section more often than a day.
        (1 | 2, '/' | '.', 1 | 2)
            if (separator == '/' || mode == Mode::Whole)
                && year_follows(tokens, at + 3).is_some() =>
        {
            year_follows(tokens, at + 3).and_then(|(year, next)| {
                let date = day(year, second, first, mode)?;
                Some(Read::Date(Reading::new(Calendar::Day(date), next)))
            })
        }
        (1 | 2, '/' | '.', 1 | 2) if mode == Mode::Whole && !separator_follows(tokens, at + 3) => {
            NaiveDate::from_ymd_opt(2000, second, first)
                .map(|_| Read::Date(Reading::new(Calendar::Yearless(second, first), at + 3)))
        }
        _ => None,
    };
    read.unwrap_or(Read::Absent)
}

/// The year that stands apart in `17/10 2020`, `17/10-20`, and the place after it.
fn year_follows(tokens: &Tokens<'_>, at: usize) -> Option<(i32, usize)> {
    let has_dash = tokens.is_mark(at, &DASHES) && tokens.is_glued(at + 1);
    let place = if has_dash { at + 1 } else { at };
    let (value, digits) = tokens.number(place)?;
    let fits = match digits {
        4 => has_dash || !tokens.is_glued(at),
        2 => has_dash && !tokens.is_mark(place + 1, &['/', '.', ':']),
        _ => false,
    };
    fits.then_some((year(value, digits)?, place + 1))
}

/// Whether one more number follows after the same separator.
fn follows(tokens: &Tokens<'_>, at: usize, parted_by: char) -> bool {
    separator(tokens, at) == Some(parted_by)
        && tokens.number(at + 1).is_some()
        && tokens.is_glued(at + 1)
}

fn separator_follows(tokens: &Tokens<'_>, at: usize) -> bool {
    separator(tokens, at)
        .is_some_and(|_| tokens.number(at + 1).is_some() && tokens.is_glued(at + 1))
}

/// `2021-W36-5`, `2021W365` and `2021-256` (ISO 8601 sections 4.1.3 and 4.1.4).
fn week_or_ordinal(tokens: &Tokens<'_>, at: usize, mode: Mode) -> Option<Reading> {
    let (value, 4) = tokens.number(at)? else {
        return None;
    };
    let year = year(value, 4)?;
    let place = if tokens.is_mark(at + 1, &['-']) {
        at + 2
    } else {
        at + 1
    };
    if tokens.word(place) == "w" && tokens.is_glued(place) && tokens.is_glued(place + 1) {
        let (date, next) = week(tokens, place + 1, year)?;
        return Some(Reading::new(Calendar::Day(date), next));
    }
    let (number, 3) = tokens.number(place)? else {
        return None;
    };
    if mode == Mode::Running || place == at + 1 || separator_follows(tokens, place + 1) {
        return None;
    }
    let date = NaiveDate::from_yo_opt(year, number)?;
    Some(Reading::new(Calendar::Day(date), place + 1))
}

fn week(tokens: &Tokens<'_>, at: usize, year: i32) -> Option<(NaiveDate, usize)> {
    let (week, weekday, next) = match tokens.number(at)? {
        (number, 3) => (number / 10, number % 10, at + 1),
        (number, 2) => match tokens.number(at + 2) {
            Some((weekday, 1)) if tokens.is_mark(at + 1, &['-']) => (number, weekday, at + 3),
            _ => (number, 1, at + 1),
        },
        _ => return None,
    };
    let weekday = Weekday::try_from(u8::try_from(weekday.checked_sub(1)?).ok()?).ok()?;
    Some((NaiveDate::from_isoywd_opt(year, week, weekday)?, next))
}

/// `2004년 05월 28일` and `2004年5月28日`.
fn far_eastern(tokens: &Tokens<'_>, at: usize, mode: Mode) -> Option<Reading> {
    let unit = |place: usize| {
        tokens
            .get(place)
            .filter(|token| token.kind == Kind::Word)
            .map(|token| token.text)
    };
    let hours = match (unit(at + 1)?, unit(at + 3)?, unit(at + 5)?) {
        ("년", "월", "일") => 9,
        ("年", "月", "日") => 0,
        _ => return None,
    };
    let (year, month, number) = (
        tokens.number(at)?,
        tokens.number(at + 2)?,
        tokens.number(at + 4)?,
    );
    let date = day(calendar::year(year.0, year.1)?, month.0, number.0, mode)?;
    let mut reading = Reading::new(Calendar::Day(date), at + 6);
    // Korea has one zone; the Chinese characters may be Japan's.
    reading.implied = if hours == 0 {
        None
    } else {
        Zone::minutes(hours * 60)
    };
    Some(reading)
}
