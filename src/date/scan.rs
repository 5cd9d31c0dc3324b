//! The walk over a text that finds its dates.

use super::calendar::{self, Reading};
use super::format::Read;
use super::label::Standing;
use super::token::{DASHES, Kind, Tokens, folded, tokens};
use super::{Context, Found, Label, Mode};
use super::{clock, compact, format, name, named, phrase};
use crate::model::Precision;

/// A long text is walked in pieces of this many bytes, so that memory does not grow with it.
const PIECE: usize = 32 * 1024;

/// Pieces share this much, so that no date is lost at a seam.
const OVERLAP: usize = 256;

/// The dates of a string that is one.
pub(super) fn whole(text: &str, context: &Context) -> Vec<Found> {
    let all = tokens(text, 0);
    let words = folded(&all);
    let tokens = Tokens::new(&all, &words);
    if let Some(reading) = compact::basic(&tokens) {
        let found = timed(&tokens, reading, Mode::Whole)
            .and_then(|reading| told(&tokens, 0, &reading, Label::None, context));
        return found.into_iter().collect();
    }
    walk(&tokens, Mode::Whole, context)
}

/// The dates of running text.
pub(super) fn running(text: &str, context: &Context) -> Vec<Found> {
    let mut dates: Vec<Found> = Vec::new();
    let mut from = 0;
    loop {
        let to = text.floor_char_boundary(from + PIECE);
        let is_last = to == text.len();
        let until = if is_last { to } else { to - OVERLAP };
        let all = tokens(&text[from..to], from);
        let words = folded(&all);
        let seen = dates.last().map_or(0, |found| found.span.end);
        let piece = walk(&Tokens::new(&all, &words), Mode::Running, context);
        dates.extend(
            piece
                .into_iter()
                .filter(|found| found.span.start >= seen && found.span.start < until),
        );
        if is_last {
            return dates;
        }
        // The seam falls between two characters, and never inside a run of digits that a date begins with.
        from = text.floor_char_boundary(until);
    }
}

fn walk(tokens: &Tokens<'_>, mode: Mode, context: &Context) -> Vec<Found> {
    let mut dates = Vec::new();
    let mut standing = Standing::NONE;
    let mut at = 0;
    while at < tokens.len() {
        standing = standing.after(tokens, at);
        match read(tokens, at, mode, context) {
            Read::Date(reading) => {
                let label = label(tokens, at, &reading, standing);
                dates.extend(told(tokens, at, &reading, label, context));
                standing = Standing::NONE;
                at = reading.next;
            }
            Read::Impossible(next) => at = next,
            Read::Absent => match phrase::phrase(tokens, at, mode, context) {
                Some((moment, next)) => {
                    let span = span(tokens, at, next);
                    dates.push(Found {
                        moment,
                        span,
                        label: standing.at(at),
                        relative: true,
                        yearless: false,
                    });
                    standing = Standing::NONE;
                    at = next;
                }
                None => at += 1,
            },
        }
    }
    dates
}

/// Reads the date that begins at a place, its time included.
fn read(tokens: &Tokens<'_>, at: usize, mode: Mode, context: &Context) -> Read {
    let Some(token) = tokens.get(at) else {
        return Read::Absent;
    };
    let read = match token.kind {
        Kind::Mark => Read::Absent,
        Kind::Word if name::month(tokens.word(at)).is_some() => {
            named::month_first(tokens, at, mode)
        }
        Kind::Word => Read::Absent,
        Kind::Number if is_inside(tokens, at) => Read::Absent,
        Kind::Number => number(tokens, at, mode, context),
    };
    match read {
        Read::Date(reading) if reading.clock.is_none() => match timed(tokens, reading, mode) {
            Some(reading) => Read::Date(reading),
            None => Read::Impossible(reading.next),
        },
        other => other,
    }
}

fn number(tokens: &Tokens<'_>, at: usize, mode: Mode, context: &Context) -> Read {
    let read = match format::numeric(tokens, at, mode, context) {
        Read::Absent => named::number_first(tokens, at, mode),
        other => other,
    };
    match read {
        Read::Absent => clock_first(tokens, at, mode, context),
        other => other,
    }
}

/// `08:15 13 september 2021`, `09:02, okt 29, 2010`.
fn clock_first(tokens: &Tokens<'_>, at: usize, mode: Mode, context: &Context) -> Read {
    let clock::Read::Clock(clock, mut next) = clock::clock(tokens, at, mode, false) else {
        return Read::Absent;
    };
    while tokens.is_mark(next, &[',', '|', '•', '·'])
        || tokens.is_mark(next, &DASHES)
        || is_filler(tokens, next)
    {
        next += 1;
        if next > at + 12 {
            return Read::Absent;
        }
    }
    let read = match format::numeric(tokens, next, mode, context) {
        Read::Absent => match named::number_first(tokens, next, mode) {
            Read::Absent => named::month_first(tokens, next, mode),
            other => other,
        },
        other => other,
    };
    match read {
        Read::Date(mut reading)
            if reading.clock.is_none()
                && !matches!(reading.calendar, calendar::Calendar::Month(_)) =>
        {
            reading.clock = Some(clock);
            Read::Date(reading)
        }
        Read::Impossible(next) => Read::Impossible(next),
        _ => Read::Absent,
    }
}

/// Words between a time and its date: a weekday, "den", "on".
fn is_filler(tokens: &Tokens<'_>, at: usize) -> bool {
    let word = tokens.word(at);
    matches!(word, "den" | "on" | "der" | "am" | "le") || name::weekday(word).is_some()
}

/// Adds the time that follows; nothing where that time cannot be.
pub(super) fn timed(tokens: &Tokens<'_>, mut reading: Reading, mode: Mode) -> Option<Reading> {
    if reading.clock.is_some()
        || !matches!(
            reading.calendar,
            calendar::Calendar::Day(_) | calendar::Calendar::Yearless(..)
        )
    {
        return Some(reading);
    }
    match clock::after_date(tokens, reading.next, mode) {
        clock::Read::Clock(clock, next) => {
            reading.clock = Some(clock);
            reading.next = next;
            Some(reading)
        }
        clock::Read::Absent => Some(reading),
        clock::Read::Impossible => None,
    }
}

/// Whether a number is a part of something longer: a version, an address, a telephone number.
fn is_inside(tokens: &Tokens<'_>, at: usize) -> bool {
    if at == 0 || !tokens.is_glued(at) {
        return false;
    }
    let follows_number = at > 1 && tokens.number(at - 2).is_some();
    let is_glued_twice = tokens.is_glued(at - 1);
    match tokens.mark(at - 1) {
        Some('/' | '_' | '=' | '#' | '&' | '%' | '+') => is_glued_twice,
        Some('.' | ',' | ':') => is_glued_twice && follows_number,
        // `13-15 september` is from and to; `556677-2020-01-02` is not a date.
        Some(mark) if DASHES.contains(&mark) => {
            is_glued_twice
                && follows_number
                && tokens
                    .get(at - 2)
                    .is_some_and(|token| token.text.len() > 2 || tokens.is_mark(at + 1, &DASHES))
        }
        _ => false,
    }
}

fn label(tokens: &Tokens<'_>, at: usize, reading: &Reading, standing: Standing) -> Label {
    let is_dash = |place: usize| tokens.is_mark(place, &DASHES);
    let begins_span = is_dash(reading.next)
        && tokens
            .number(reading.next + 1)
            .is_some_and(|(_, digits)| digits <= 2 || digits == 4)
        && reading.clock.is_none()
        && !tokens.is_mark(reading.next + 2, &[':']);
    let ends_span = at > 1
        && is_dash(at - 1)
        && tokens
            .number(at - 2)
            .is_some_and(|(_, digits)| digits <= 2 || digits == 4);
    if begins_span || ends_span {
        Label::Event
    } else {
        standing.at(at)
    }
}

fn told(
    tokens: &Tokens<'_>,
    at: usize,
    reading: &Reading,
    label: Label,
    context: &Context,
) -> Option<Found> {
    let moment = reading.moment(context)?;
    let is_ahead =
        moment.precision >= Precision::Day && calendar::is_ahead(moment.at.date_naive(), context);
    let label = if is_ahead && label == Label::None {
        Label::Event
    } else {
        label
    };
    Some(Found {
        moment,
        span: span(tokens, at, reading.next),
        label,
        relative: false,
        yearless: matches!(reading.calendar, calendar::Calendar::Yearless(..)),
    })
}

fn span(tokens: &Tokens<'_>, from: usize, to: usize) -> std::ops::Range<usize> {
    let start = tokens.get(from).map_or(0, |token| token.start);
    let end = to
        .checked_sub(1)
        .and_then(|last| tokens.get(last))
        .map_or(start, |token| token.end());
    start..end
}
