//! Zones as dates name them: offsets, abbreviations, military letters, names of the time zone database.

use chrono::{FixedOffset, NaiveDateTime, Offset, TimeZone};
use chrono_tz::Tz;

use super::Mode;
use super::token::{DASHES, Kind, Tokens};

/// Where a clock stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Zone {
    /// A fixed distance from UTC.
    Offset(FixedOffset),
    /// A place, whose distance changes over the year.
    Place(Tz),
}

/// Minutes from UTC of the abbreviations in use. RFC 822 section 5 has the American ones; where an abbreviation has
/// two meanings, the European or the older one holds.
const ABBREVIATIONS: [(&str, i32); 54] = [
    ("utc", 0),
    ("gmt", 0),
    ("ut", 0),
    ("z", 0),
    ("wet", 0),
    ("uct", 0),
    ("west", 60),
    ("bst", 60),
    ("cet", 60),
    ("met", 60),
    ("mez", 60),
    ("cest", 120),
    ("cedt", 120),
    ("mest", 120),
    ("mesz", 120),
    ("eet", 120),
    ("sast", 120),
    ("eest", 180),
    ("msk", 180),
    ("trt", 180),
    ("msd", 240),
    ("gst", 240),
    ("pkt", 300),
    ("ist", 330),
    ("npt", 345),
    ("ict", 420),
    ("wib", 420),
    ("sgt", 480),
    ("hkt", 480),
    ("awst", 480),
    ("jst", 540),
    ("kst", 540),
    ("acst", 570),
    ("acdt", 630),
    ("aest", 600),
    ("aedt", 660),
    ("nzst", 720),
    ("nzdt", 780),
    ("nst", -210),
    ("ndt", -150),
    ("ast", -240),
    ("adt", -180),
    ("brt", -180),
    ("art", -180),
    ("est", -300),
    ("edt", -240),
    ("cst", -360),
    ("cdt", -300),
    ("mst", -420),
    ("mdt", -360),
    ("pst", -480),
    ("pdt", -420),
    ("akst", -540),
    ("hst", -600),
];

/// Abbreviations that do not say whether it is summer.
const PLACES: [(&str, Tz); 5] = [
    ("at", chrono_tz::America::Halifax),
    ("et", chrono_tz::America::New_York),
    ("ct", chrono_tz::America::Chicago),
    ("mt", chrono_tz::America::Denver),
    ("pt", chrono_tz::America::Los_Angeles),
];

impl Zone {
    /// The zone so many minutes east of UTC.
    pub(super) fn minutes(minutes: i32) -> Option<Self> {
        FixedOffset::east_opt(minutes * 60).map(Self::Offset)
    }

    /// An instant from a local time; in a gap of the clock, the first time after it.
    pub(super) fn instant(self, local: NaiveDateTime) -> Option<chrono::DateTime<FixedOffset>> {
        match self {
            Self::Offset(offset) => offset.from_local_datetime(&local).single(),
            // Gaps of up to a whole day have been made (Samoa, 30 December 2011).
            Self::Place(zone) => (0..=50).find_map(|half_hours| {
                let shifted =
                    local.checked_add_signed(chrono::TimeDelta::minutes(30 * half_hours))?;
                let at = zone.from_local_datetime(&shifted).earliest()?;
                Some(at.with_timezone(&at.offset().fix()))
            }),
        }
    }
}

/// What stands where a zone may stand.
pub(super) enum Read {
    /// A zone, and the place after it.
    Zone(Zone, usize),
    /// No zone at all.
    Absent,
    /// A zone that there cannot be, such as `+9999`.
    Impossible,
}

/// Reads the zone at a place.
pub(super) fn zone(tokens: &Tokens<'_>, at: usize, mode: Mode) -> Read {
    if tokens.is_mark(at, &['(']) && tokens.is_mark(at + 2, &[')']) {
        return match named(tokens, at + 1, mode) {
            Some((zone, _)) => Read::Zone(zone, at + 3),
            None => Read::Absent,
        };
    }
    if sign(tokens, at).is_some() {
        return offset(tokens, at);
    }
    let Some((named, next)) = named(tokens, at, mode) else {
        return Read::Absent;
    };
    // `GMT+2`, `UTC-01:01`: the offset counts from there.
    match offset(tokens, next) {
        Read::Zone(zone, next) if named == Zone::Offset(chrono::Utc.fix()) => {
            Read::Zone(zone, next)
        }
        _ => Read::Zone(named, next),
    }
}

fn sign(tokens: &Tokens<'_>, at: usize) -> Option<i32> {
    match tokens.mark(at)? {
        '+' => Some(1),
        mark if DASHES.contains(&mark) => Some(-1),
        _ => None,
    }
}

fn offset(tokens: &Tokens<'_>, at: usize) -> Read {
    let Some(sign) = sign(tokens, at) else {
        return Read::Absent;
    };
    let Some((value, digits)) = tokens.number(at + 1).filter(|_| tokens.is_glued(at + 1)) else {
        return Read::Absent;
    };
    let value = i32::try_from(value).unwrap_or(i32::MAX);
    let (hours, minutes, mut next) = match digits {
        1 | 2 if tokens.is_mark(at + 2, &[':']) && tokens.is_glued(at + 2) => {
            match tokens.number(at + 3) {
                Some((minutes, 2)) => (value, i32::try_from(minutes).unwrap_or(99), at + 4),
                _ => return Read::Absent,
            }
        }
        1 | 2 => (value, 0, at + 2),
        3 | 4 => (value / 100, value % 100, at + 2),
        _ => return Read::Absent,
    };
    let fits = hours < 24 && minutes < 60;
    let Some(zone) = Zone::minutes(sign * (hours * 60 + minutes)).filter(|_| fits) else {
        return Read::Impossible;
    };
    // RFC 2822 lets a comment repeat the name of the zone: `+0200 (CEST)`.
    if tokens.is_mark(next, &['(']) && tokens.is_mark(next + 2, &[')']) {
        next += 3;
    }
    Read::Zone(zone, next)
}

fn named(tokens: &Tokens<'_>, at: usize, mode: Mode) -> Option<(Zone, usize)> {
    let token = tokens.get(at).filter(|token| token.kind == Kind::Word)?;
    if let Some(place) = database_name(tokens, at) {
        return Some(place);
    }
    let word = tokens.word(at);
    let is_upper = token.text.bytes().all(|byte| byte.is_ascii_uppercase());
    let is_plain = matches!(word, "utc" | "gmt" | "cet" | "cest") || word == "z" && !token.spaced;
    if mode == Mode::Running && !is_upper && !is_plain {
        return None;
    }
    if let Some((_, minutes)) = ABBREVIATIONS.iter().find(|row| row.0 == word) {
        return Some((Zone::minutes(*minutes)?, at + 1));
    }
    if let Some((_, place)) = PLACES.iter().find(|row| row.0 == word) {
        return Some((Zone::Place(*place), at + 1));
    }
    let is_last = at + 1 == tokens.len();
    let letter = (mode == Mode::Whole && is_last)
        .then(|| military(word))
        .flatten()?;
    Some((Zone::minutes(letter * 60)?, at + 1))
}

/// `Europe/Stockholm`, `Etc/GMT`.
fn database_name(tokens: &Tokens<'_>, at: usize) -> Option<(Zone, usize)> {
    if !tokens.is_mark(at + 1, &['/']) || tokens.get(at + 2)?.kind != Kind::Word {
        return None;
    }
    let name = format!("{}/{}", tokens.get(at)?.text, tokens.get(at + 2)?.text);
    let zone: Tz = name.parse().ok()?;
    Some((Zone::Place(zone), at + 3))
}

/// RFC 822 section 5, signs as printed there: feeds that use letters were made after it.
fn military(word: &str) -> Option<i32> {
    let mut letters = word.chars();
    let (letter, None) = (letters.next()?, letters.next()) else {
        return None;
    };
    let place = i32::from(u8::try_from(letter).ok()?);
    match letter {
        'a'..='i' => Some(-(place - i32::from(b'a') + 1)),
        'k'..='m' => Some(-(place - i32::from(b'k') + 10)),
        'n'..='y' => Some(place - i32::from(b'n') + 1),
        _ => None,
    }
}
