//! Spans of time before the present: "3 timmar sedan", "for to dager siden", "an hour ago".

use chrono::{DateTime, Days, Months, TimeDelta, Utc};

use super::Context;
use super::calendar;
use super::name::{self, is_among};
use super::token::Tokens;
use super::zone::Zone;
use crate::model::{Moment, Precision};

/// A unit of "two … ago".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

/// Words for each unit.
const UNITS: [(Unit, &str); 7] = [
    (
        Unit::Second,
        "sekund sekunder sek second seconds sec secs sekunde sekunden seconde secondes sekuntia",
    ),
    (
        Unit::Minute,
        "minut minuter minutt minutter min mins minute minutes minuten minuutti minuuttia m",
    ),
    (
        Unit::Hour,
        "timme timmar tim time timer timar hour hours hr hrs h stunde stunden std heure heures \
         tunti tuntia",
    ),
    (
        Unit::Day,
        "dag dagar dager dage dagur dygn dogn day days d tag tage tagen jour jours paiva paivaa",
    ),
    (
        Unit::Week,
        "vecka veckor v uke uker veke veker uge uger week weeks w woche wochen semaine semaines \
         viikko viikkoa",
    ),
    (
        Unit::Month,
        "manad manader maned maneder mnd manadar month months monat monate monaten mois kuukausi \
         kuukautta",
    ),
    (
        Unit::Year,
        "ar year years jahr jahre jahren an ans vuosi vuotta",
    ),
];

/// Words after the unit that say it is past.
const AGO: &str = "sedan sen siden sidan ago sitten geleden tilbake earlier";

/// "3 timmar sedan", "for to dager siden", "an hour ago", "vor 3 Stunden", "il y a 2 heures".
pub(super) fn ago(tokens: &Tokens<'_>, at: usize) -> Option<(i64, Unit, usize)> {
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
    let (unit, _) = UNITS.iter().find(|(_, words)| is_among(unit_word, words))?;
    let tail = if tokens.is_mark(start + 2, &['.']) {
        start + 3
    } else {
        start + 2
    };
    if is_among(tokens.word(tail), AGO) {
        return Some((count, *unit, tail + 1));
    }
    is_past.then_some((count, *unit, start + 2))
}

/// The moment so long before the present.
pub(super) fn before(
    now: DateTime<Utc>,
    count: i64,
    unit: Unit,
    context: &Context,
) -> Option<Moment> {
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

/// A moment known to the minute.
pub(super) fn minute(at: DateTime<Utc>, context: &Context) -> Moment {
    let whole = at - TimeDelta::seconds(at.timestamp().rem_euclid(60));
    let whole = DateTime::from_timestamp(whole.timestamp(), 0).unwrap_or(whole);
    Moment {
        at: whole.with_timezone(&context.time_zone).fixed_offset(),
        precision: Precision::Minute,
    }
}
