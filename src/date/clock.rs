//! The time of day, as written after or before a date.

use super::Mode;
use super::token::{DASHES, Kind, Tokens};
use super::zone::{self, Zone};

/// A time of day, perhaps 24:00, with the zone where one is named.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Clock {
    pub(super) hour: u32,
    pub(super) minute: u32,
    pub(super) second: Option<u32>,
    pub(super) zone: Option<Zone>,
}

/// What stands where a time may stand.
pub(super) enum Read {
    /// A time, and the place after it.
    Clock(Clock, usize),
    /// No time at all.
    Absent,
    /// A time that there cannot be, such as 25:14.
    Impossible,
}

/// Words that announce a time.
const MARKERS: [&str; 13] = [
    "kl", "klo", "kello", "klokken", "klokka", "klockan", "at", "um", "a", "om", "t", "clock",
    "ora",
];

/// Reads a time after a date, over what stands between.
pub(super) fn after_date(tokens: &Tokens<'_>, at: usize, mode: Mode) -> Read {
    let mut next = at;
    let mut marked = false;
    for _ in 0..4 {
        let is_marker = MARKERS.contains(&tokens.word(next));
        let is_between = tokens.is_mark(next, &[',', '|', '•', '·', '@', '.', '(', ':', ';'])
            || tokens.is_mark(next, &DASHES)
                && tokens.get(next + 1).is_some_and(|token| token.spaced);
        if !is_marker && !is_between {
            break;
        }
        marked |= is_marker;
        next += 1;
    }
    clock(tokens, next, mode, marked)
}

/// Reads a time at a place. Without a marker, hours and minutes must be parted by a colon or be plainly a time.
pub(super) fn clock(tokens: &Tokens<'_>, at: usize, mode: Mode, marked: bool) -> Read {
    let Some((half, next)) = half_of_day(tokens, at) else {
        return figures(tokens, at, mode, (marked, None));
    };
    let is_korean = matches!(
        tokens.get(at).map(|token| token.text),
        Some("오전" | "오후")
    );
    match figures(tokens, next, mode, (marked, Some(half))) {
        Read::Clock(mut clock, next) => {
            clock.zone = clock
                .zone
                .or_else(|| Zone::minutes(540).filter(|_| is_korean));
            Read::Clock(clock, next)
        }
        other => other,
    }
}

fn figures(
    tokens: &Tokens<'_>,
    at: usize,
    mode: Mode,
    (marked, half): (bool, Option<Half>),
) -> Read {
    let Some((value, digits)) = tokens.number(at) else {
        return Read::Absent;
    };
    let basic = marked && tokens.word(at.wrapping_sub(1)) == "t" && tokens.is_glued(at);
    let shape = match digits {
        1 | 2 => parted(tokens, at, value),
        4 if basic => Some((value / 100, value % 100, None, at + 1)),
        6 if basic => Some((value / 10_000, value / 100 % 100, Some(value % 100), at + 1)),
        _ => None,
    };
    let Some((hour, minute, second, mut next)) = shape else {
        return bare(tokens, at, mode, marked && digits <= 2);
    };
    next = skip_fraction(tokens, next);
    finish(tokens, next, mode, (hour, minute, second, half))
}

/// Hours and minutes, perhaps seconds: `08:15`, `08.15.30`, `8h15`.
fn parted(tokens: &Tokens<'_>, at: usize, hour: u32) -> Option<(u32, u32, Option<u32>, usize)> {
    let is_colon = tokens.is_mark(at + 1, &[':', '：']);
    let is_dot =
        tokens.is_mark(at + 1, &['.']) && tokens.is_glued(at + 1) && tokens.is_glued(at + 2);
    let is_letter =
        tokens.word(at + 1) == "h" && tokens.is_glued(at + 1) && tokens.is_glued(at + 2);
    if !is_colon && !is_dot && !is_letter {
        return None;
    }
    let (minute, digits) = tokens.number(at + 2)?;
    if digits > 2 || digits < 2 && !is_colon {
        return None;
    }
    let mark = if is_dot { '.' } else { ':' };
    match tokens.number(at + 4) {
        Some((second, 1 | 2)) if tokens.is_mark(at + 3, &[mark]) && tokens.is_glued(at + 4) => {
            Some((hour, minute, Some(second), at + 5))
        }
        _ => Some((hour, minute, None, at + 3)),
    }
}

/// An hour alone: `kl 8`, `8 pm`, `14 Uhr`, `T10Z`.
fn bare(tokens: &Tokens<'_>, at: usize, mode: Mode, marked: bool) -> Read {
    let Some((hour, 1 | 2)) = tokens.number(at) else {
        return Read::Absent;
    };
    let has_unit = tokens.word(at + 1) == "uhr" || half_of_day(tokens, at + 1).is_some();
    let is_told = has_unit || marked && !tokens.is_mark(at + 1, &['/', '-', '.']);
    if !is_told || hour > 24 {
        return Read::Absent;
    }
    finish(tokens, at + 1, mode, (hour, 0, None, None))
}

/// Reads what may follow the figures: half of the day, zone; and checks that there is such a time.
fn finish(
    tokens: &Tokens<'_>,
    at: usize,
    mode: Mode,
    (hour, minute, second, half): (u32, u32, Option<u32>, Option<Half>),
) -> Read {
    let (half, next) = match half_of_day(tokens, at) {
        Some((found, next)) => (half.or(Some(found)), next),
        None => (half, at),
    };
    let next = if matches!(tokens.word(next), "uhr" | "h") {
        next + 1
    } else {
        next
    };
    // A third colon belongs to no time of day.
    let runs_on = tokens.is_mark(next, &[':'])
        && tokens.number(next + 1).is_some()
        && tokens.is_glued(next + 1);
    let Some(hour) = by_half(hour, half) else {
        return Read::Impossible;
    };
    let is_midnight = hour == 24 && minute == 0 && second.unwrap_or(0) == 0;
    if runs_on
        || hour > 23 && !is_midnight
        || minute > 59
        || second.is_some_and(|second| second > 60)
    {
        return Read::Impossible;
    }
    let mut clock = Clock {
        hour,
        minute,
        second,
        zone: None,
    };
    if is_span(tokens, next, second) {
        return Read::Clock(clock, next);
    }
    match zone::zone(tokens, next, mode) {
        zone::Read::Zone(zone, next) => {
            clock.zone = Some(zone);
            Read::Clock(clock, next)
        }
        zone::Read::Absent => Read::Clock(clock, next),
        zone::Read::Impossible => Read::Impossible,
    }
}

/// `09:00-16:00` is from and to, not a clock nine hours west; ISO 8601 would write `T` before or seconds after.
fn is_span(tokens: &Tokens<'_>, at: usize, second: Option<u32>) -> bool {
    let before = |back: usize| at.checked_sub(back).map_or("", |place| tokens.word(place));
    let is_iso = second.is_some() || before(4) == "t";
    let is_glued = tokens.is_glued(at) && tokens.is_mark(at + 2, &[':', '.']);
    tokens.is_mark(at, &DASHES) && is_glued && !is_iso
}

fn skip_fraction(tokens: &Tokens<'_>, at: usize) -> usize {
    let is_fraction = tokens.is_mark(at, &['.', ','])
        && tokens.is_glued(at)
        && tokens.is_glued(at + 1)
        && tokens
            .get(at + 1)
            .is_some_and(|token| token.kind == Kind::Number);
    if is_fraction { at + 2 } else { at }
}

/// Which twelve hours of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Half {
    First,
    Second,
}

/// `am`, `p.m.`, `오후` and their like.
fn half_of_day(tokens: &Tokens<'_>, at: usize) -> Option<(Half, usize)> {
    let word = tokens.get(at)?.text;
    match tokens.word(at) {
        "am" | "πμ" => return Some((Half::First, at + 1)),
        "pm" | "μμ" => return Some((Half::Second, at + 1)),
        _ => {}
    }
    match word {
        "오전" | "上午" | "午前" => return Some((Half::First, at + 1)),
        "오후" | "下午" | "午後" => return Some((Half::Second, at + 1)),
        _ => {}
    }
    let half = match tokens.word(at) {
        "a" | "π" => Half::First,
        "p" | "μ" => Half::Second,
        _ => return None,
    };
    let is_dotted = tokens.is_mark(at + 1, &['.']) && matches!(tokens.word(at + 2), "m" | "μ");
    let next = if tokens.is_mark(at + 3, &['.']) {
        at + 4
    } else {
        at + 3
    };
    is_dotted.then_some((half, next))
}

fn by_half(hour: u32, half: Option<Half>) -> Option<u32> {
    match half {
        None => Some(hour),
        // `13:31 PM` is seen: the hour is already told in full.
        Some(_) if (13..24).contains(&hour) => Some(hour),
        Some(_) if hour > 12 => None,
        Some(Half::First) => Some(hour % 12),
        Some(Half::Second) => Some(hour % 12 + 12),
    }
}
