//! Dates told from the present: "i dag 08:15", "i tisdags", "för 3 timmar sedan", "forrige uke", "2 hours ago".
//!
//! They mean nothing without a present, so nothing is read where [`Context::now`] is unknown. Phrases about what is to
//! come are not read at all: news is not published tomorrow.

use chrono::{Datelike, Days, Months, NaiveDate, TimeDelta, Weekday};

use super::ago::{ago, before, minute};
use super::calendar;
use super::clock;
use super::format;
use super::name::{self, is_among};
use super::token::Tokens;
use super::zone::Zone;
use super::{Context, Mode};
use crate::model::{Moment, Precision};

/// Words before a week or a weekday that say it is the last one.
const LAST: &str =
    "forra forrige forre sidste sist siste sista last past letzte letzten letzter viime";

/// Words for a week in phrases such as "last week".
const WEEKS: &str = "veckan vecka uke uka uken veke veka uge ugen week woche viikolla";

/// Words for a month in such phrases.
const MONTHS: &str = "manaden manad maned maneden month monat kuussa maaned mois";

/// Reads a phrase at a place: the moment, and the place after it.
pub(super) fn phrase(
    tokens: &Tokens<'_>,
    at: usize,
    mode: Mode,
    context: &Context,
) -> Option<(Moment, usize)> {
    let now = context.now?;
    if tokens.mark(at).is_some() {
        return None;
    }
    let today = now.with_timezone(&context.time_zone).date_naive();
    if let Some((day, next)) = day(tokens, at, today, (mode, context)) {
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
fn day(
    tokens: &Tokens<'_>,
    at: usize,
    today: NaiveDate,
    (mode, context): (Mode, &Context),
) -> Option<(NaiveDate, usize)> {
    if let Some((back, next)) = days_back(tokens, at) {
        return Some((today.checked_sub_days(Days::new(back))?, next));
    }
    let (weekday, next) =
        last_weekday(tokens, at).or_else(|| lone_weekday(tokens, at, mode, context))?;
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
    if is_among(word, LAST) {
        return Some((
            name::weekday(follows).filter(|_| follows.len() > 4)?,
            at + 2,
        ));
    }
    let is_french = matches!(follows, "dernier" | "passe");
    Some((name::weekday(word).filter(|_| is_french)?, at + 2))
}

/// A weekday that is all there is, but for a time.
fn lone_weekday(
    tokens: &Tokens<'_>,
    at: usize,
    mode: Mode,
    context: &Context,
) -> Option<(Weekday, usize)> {
    let word = tokens.word(at);
    let follows_alone = tokens.get(at + 1).is_none_or(|_| {
        matches!(
            clock::after_date(tokens, at + 1, Mode::Running),
            clock::Read::Clock(..)
        )
    });
    // "Tisdag 17.11.2026" tells no time of day.
    let is_dated = matches!(
        format::numeric(tokens, at + 1, Mode::Running, context),
        format::Read::Date(_)
    );
    let is_alone = mode == Mode::Whole && at == 0 && word.len() > 4 && follows_alone && !is_dated;
    Some((name::weekday(word).filter(|_| is_alone)?, at + 1))
}

/// The last such weekday before today.
fn last(weekday: Weekday, today: NaiveDate) -> NaiveDate {
    let back = i64::from(today.weekday().days_since(weekday));
    today - TimeDelta::days(if back == 0 { 7 } else { back })
}

/// "förra veckan", "i forrige uke", "i veckan", "last month".
fn period(
    tokens: &Tokens<'_>,
    at: usize,
    today: NaiveDate,
) -> Option<(NaiveDate, Precision, usize)> {
    let (first, second) = (tokens.word(at), tokens.word(at + 1));
    if is_among(first, LAST) && is_among(second, WEEKS) {
        return Some((
            today.checked_sub_days(Days::new(7))?,
            Precision::Day,
            at + 2,
        ));
    }
    if is_among(first, LAST) && is_among(second, MONTHS) {
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
        && is_among(second, WEEKS)
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
