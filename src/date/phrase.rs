//! Dates told from the present: "i dag 08:15", "i tisdags", "för 3 timmar sedan", "forrige uke", "2 hours ago".
//!
//! They mean nothing without a present, so nothing is read where [`Context::now`] is unknown. Phrases about what is to
//! come are not read at all: news is not published tomorrow.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, TimeDelta, Utc, Weekday};

use super::calendar;
use super::clock;
use super::name;
use super::token::Tokens;
use super::zone::Zone;
use super::{Context, Mode};
use crate::model::{Moment, Precision};

/// A unit of "two … ago".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

/// Words for each unit.
const UNITS: [(Unit, &[&str]); 7] = [
    (
        Unit::Second,
        &[
            "sekund", "sekunder", "sek", "second", "seconds", "sec", "secs", "sekunde", "sekunden",
            "seconde", "secondes", "sekuntia",
        ],
    ),
    (
        Unit::Minute,
        &[
            "minut",
            "minuter",
            "minutt",
            "minutter",
            "min",
            "mins",
            "minute",
            "minutes",
            "minuten",
            "minuutti",
            "minuuttia",
            "m",
        ],
    ),
    (
        Unit::Hour,
        &[
            "timme", "timmar", "tim", "time", "timer", "timar", "hour", "hours", "hr", "hrs", "h",
            "stunde", "stunden", "std", "heure", "heures", "tunti", "tuntia",
        ],
    ),
    (
        Unit::Day,
        &[
            "dag", "dagar", "dager", "dage", "dagur", "dygn", "dogn", "day", "days", "d", "tag",
            "tage", "tagen", "jour", "jours", "paiva", "paivaa",
        ],
    ),
    (
        Unit::Week,
        &[
            "vecka", "veckor", "v", "uke", "uker", "veke", "veker", "uge", "uger", "week", "weeks",
            "w", "woche", "wochen", "semaine", "semaines", "viikko", "viikkoa",
        ],
    ),
    (
        Unit::Month,
        &[
            "manad",
            "manader",
            "maned",
            "maneder",
            "manadar",
            "month",
            "months",
            "monat",
            "monate",
            "monaten",
            "mois",
            "kuukausi",
            "kuukautta",
        ],
    ),
    (
        Unit::Year,
        &[
            "ar", "year", "years", "jahr", "jahre", "jahren", "an", "ans", "vuosi", "vuotta",
        ],
    ),
];

/// Words after the unit that say it is past.
const AGO: [&str; 9] = [
    "sedan", "sen", "siden", "sidan", "ago", "sitten", "geleden", "tilbake", "earlier",
];

/// Words before a week or a weekday that say it is the last one.
const LAST: [&str; 13] = [
    "forra", "forrige", "forre", "sidste", "sist", "siste", "sista", "last", "past", "letzte",
    "letzten", "letzter", "viime",
];

/// Words for a week in phrases such as "last week".
const WEEKS: [&str; 12] = [
    "veckan", "vecka", "uke", "uka", "uken", "veke", "veka", "uge", "ugen", "week", "woche",
    "viikolla",
];

/// Words for a month in such phrases.
const MONTHS: [&str; 9] = [
    "manaden", "manad", "maned", "maneden", "month", "monat", "kuussa", "maaned", "mois",
];

/// Reads a phrase at a place: the moment, and the place after it.
pub(super) fn phrase(
    tokens: &Tokens<'_>,
    at: usize,
    mode: Mode,
    context: &Context,
) -> Option<(Moment, usize)> {
    let now = context.now?;
    let today = now.with_timezone(&context.time_zone).date_naive();
    if let Some((day, next)) = day(tokens, at, today, mode) {
        return with_clock(tokens, next, day, context);
    }
    if let Some((count, unit, next)) = ago(tokens, at) {
        return Some((before(now, count, unit, context)?, next));
    }
    if let Some((day, precision, next)) = period(tokens, at, today) {
        let moment = calendar::at(day, None, Zone::Place(context.time_zone), precision)?;
        return Some((moment, next));
    }
    let next = just_now(tokens, at)?;
    Some((minute(now, context), next))
}

/// The time that may follow a day, which then is known to the minute.
fn with_clock(
    tokens: &Tokens<'_>,
    at: usize,
    day: NaiveDate,
    context: &Context,
) -> Option<(Moment, usize)> {
    let zone = Zone::Place(context.time_zone);
    match clock::after_date(tokens, at, Mode::Running) {
        clock::Read::Clock(clock, next) => {
            let zone = clock.zone.unwrap_or(zone);
            Some((calendar::at(day, Some(&clock), zone, Precision::Day)?, next))
        }
        clock::Read::Absent => Some((calendar::at(day, None, zone, Precision::Day)?, at)),
        clock::Read::Impossible => None,
    }
}

/// A single day counted from today.
fn day(tokens: &Tokens<'_>, at: usize, today: NaiveDate, mode: Mode) -> Option<(NaiveDate, usize)> {
    if let Some((back, next)) = days_back(tokens, at) {
        return Some((today.checked_sub_days(Days::new(back))?, next));
    }
    let (weekday, next) = last_weekday(tokens, at).or_else(|| lone_weekday(tokens, at, mode))?;
    Some((last(weekday, today), next))
}

fn days_back(tokens: &Tokens<'_>, at: usize) -> Option<(u64, usize)> {
    let found = match (tokens.word(at), tokens.word(at + 1)) {
        (
            "i",
            "dag" | "morse" | "kvall" | "kveld" | "aften" | "morges" | "formiddag" | "ettermiddag",
        ) => (0, at + 2),
        ("idag" | "imorse" | "ikvall" | "today" | "heute" | "tanaan", _) => (0, at + 1),
        ("i", "gar" | "gaar") => (1, at + 2),
        ("igar" | "yesterday" | "gestern" | "eilen", _) => (1, at + 1),
        ("i", "forgar" | "forgars" | "forrgar" | "forgaars") => (2, at + 2),
        ("forrgar" | "iforgars" | "vorgestern" | "toissapaivana", _) => (2, at + 1),
        ("the", "day") | ("day", "before") => {
            let start = if tokens.word(at) == "the" { at + 1 } else { at };
            let fits = tokens.word(start + 1) == "before" && tokens.word(start + 2) == "yesterday";
            return fits.then_some((2, start + 3));
        }
        ("aujourd", _) if tokens.word(at + 2) == "hui" => (0, at + 3),
        ("avant", _) if tokens.word(at + 2) == "hier" => (2, at + 3),
        // German "hier" means here; "hier à 14:30" and "hier" alone are French.
        ("hier", next) if next == "a" || tokens.len() == 1 => (1, at + 1),
        _ => return None,
    };
    let (back, next) = found;
    let is_evening = matches!(
        tokens.word(next),
        "kvall" | "kveld" | "aften" | "morse" | "morgon" | "morges" | "morgen"
    );
    Some((back, if is_evening { next + 1 } else { next }))
}

/// "i tisdags", "forrige tirsdag", "last Tuesday", "mardi dernier".
fn last_weekday(tokens: &Tokens<'_>, at: usize) -> Option<(Weekday, usize)> {
    let word = tokens.word(at);
    let follows = tokens.word(at + 1);
    if word == "i" && follows.ends_with("dags") {
        return Some((name::weekday(follows)?, at + 2));
    }
    if LAST.contains(&word) {
        return Some((
            name::weekday(follows).filter(|_| follows.len() > 4)?,
            at + 2,
        ));
    }
    let is_french = matches!(follows, "dernier" | "passe");
    Some((name::weekday(word).filter(|_| is_french)?, at + 2))
}

/// A weekday that is all there is, but for a time.
fn lone_weekday(tokens: &Tokens<'_>, at: usize, mode: Mode) -> Option<(Weekday, usize)> {
    let word = tokens.word(at);
    let follows_alone = tokens.get(at + 1).is_none_or(|_| {
        matches!(
            clock::after_date(tokens, at + 1, Mode::Running),
            clock::Read::Clock(..)
        )
    });
    let is_alone = mode == Mode::Whole && at == 0 && word.len() > 4 && follows_alone;
    Some((name::weekday(word).filter(|_| is_alone)?, at + 1))
}

/// The last such weekday before today.
fn last(weekday: Weekday, today: NaiveDate) -> NaiveDate {
    let back = i64::from(today.weekday().days_since(weekday));
    today - TimeDelta::days(if back == 0 { 7 } else { back })
}

/// "3 timmar sedan", "for to dager siden", "an hour ago", "vor 3 Stunden", "il y a 2 heures".
fn ago(tokens: &Tokens<'_>, at: usize) -> Option<(i64, Unit, usize)> {
    let (start, is_past) = match (tokens.word(at), tokens.word(at + 1), tokens.word(at + 2)) {
        ("il", "y", "a") => (at + 3, true),
        ("vor", _, _) => (at + 1, true),
        ("for", _, _) => (at + 1, false),
        _ => (at, false),
    };
    let start = match tokens.word(start) {
        "ca" | "cirka" | "about" | "omtrent" | "omkring" | "ungefar" | "etwa" | "over" => start + 1,
        "ett" | "et" | "a" if tokens.word(start + 1) == "par" => start + 1,
        _ => start,
    };
    let count = match tokens.number(start) {
        Some((count, 1..=4)) => i64::from(count),
        Some(_) => return None,
        None => name::count(tokens.word(start))?,
    };
    let unit_word = tokens.word(start + 1);
    let (unit, _) = UNITS.iter().find(|(_, words)| words.contains(&unit_word))?;
    let tail = if tokens.is_mark(start + 2, &['.']) {
        start + 3
    } else {
        start + 2
    };
    if AGO.contains(&tokens.word(tail)) {
        return Some((count, *unit, tail + 1));
    }
    is_past.then_some((count, *unit, start + 2))
}

fn before(now: DateTime<Utc>, count: i64, unit: Unit, context: &Context) -> Option<Moment> {
    let today = now.with_timezone(&context.time_zone).date_naive();
    let zone = Zone::Place(context.time_zone);
    let months = |count: i64| today.checked_sub_months(Months::new(u32::try_from(count).ok()?));
    let day_back = |count: i64| today.checked_sub_days(Days::new(u64::try_from(count).ok()?));
    let day = match unit {
        Unit::Second => return Some(minute(now - TimeDelta::seconds(count), context)),
        Unit::Minute => return Some(minute(now - TimeDelta::minutes(count), context)),
        Unit::Hour => return Some(minute(now - TimeDelta::hours(count), context)),
        Unit::Day => (day_back(count)?, Precision::Day),
        Unit::Week => (day_back(count * 7)?, Precision::Day),
        Unit::Month => (months(count)?, Precision::Month),
        Unit::Year => (months(count * 12)?, Precision::Year),
    };
    calendar::at(day.0, None, zone, day.1)
}

/// "förra veckan", "i forrige uke", "i veckan", "last month".
fn period(
    tokens: &Tokens<'_>,
    at: usize,
    today: NaiveDate,
) -> Option<(NaiveDate, Precision, usize)> {
    let (first, second) = (tokens.word(at), tokens.word(at + 1));
    if LAST.contains(&first) && WEEKS.contains(&second) {
        return Some((
            today.checked_sub_days(Days::new(7))?,
            Precision::Day,
            at + 2,
        ));
    }
    if LAST.contains(&first) && MONTHS.contains(&second) {
        return Some((
            today.checked_sub_months(Months::new(1))?,
            Precision::Month,
            at + 2,
        ));
    }
    if (first, second, tokens.word(at + 2)) == ("la", "semaine", "derniere") {
        return Some((
            today.checked_sub_days(Days::new(7))?,
            Precision::Day,
            at + 3,
        ));
    }
    // Which day of this week is not said; today is the one that cannot be too early to count as new.
    let is_this_week = matches!(first, "i" | "denna" | "denne" | "this" | "diese" | "dieser")
        && WEEKS.contains(&second)
        && (first, second) != ("i", "vecka");
    is_this_week.then_some((today, Precision::Day, at + 2))
}

fn just_now(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    match (tokens.word(at), tokens.word(at + 1)) {
        ("just", "nu" | "now") | ("akkurat" | "lige", "na" | "nu") | ("gerade", "eben") => {
            Some(at + 2)
        }
        ("nyss", _) => Some(at + 1),
        _ => None,
    }
}

fn minute(at: DateTime<Utc>, context: &Context) -> Moment {
    let whole = at - TimeDelta::seconds(at.timestamp().rem_euclid(60));
    let whole = DateTime::from_timestamp(whole.timestamp(), 0).unwrap_or(whole);
    Moment {
        at: whole.with_timezone(&context.time_zone).fixed_offset(),
        precision: Precision::Minute,
    }
}
