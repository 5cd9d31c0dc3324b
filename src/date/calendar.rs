//! What a reader has read of a date, and how it becomes a moment.

use chrono::{Datelike, NaiveDate, NaiveTime, TimeDelta};

use super::clock::Clock;
use super::zone::Zone;
use super::{Context, Mode};
use crate::model::{Moment, Precision};

/// The years that running text is believed about; elsewhere any year that four digits hold.
const PLAUSIBLE_YEARS: std::ops::RangeInclusive<i32> = 1970..=2100;

/// How much of a calendar date was written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Calendar {
    /// A day.
    Day(NaiveDate),
    /// A month of a year.
    Month(NaiveDate),
    /// A year.
    Year(NaiveDate),
    /// Month and day: the year is the last in which that day has come.
    Yearless(u32, u32),
}

/// A date as read, before zone and present have had their say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Reading {
    pub(super) calendar: Calendar,
    pub(super) clock: Option<Clock>,
    /// The zone that the way of writing implies, where the clock names none.
    pub(super) implied: Option<Zone>,
    /// The place after it.
    pub(super) next: usize,
}

impl Reading {
    pub(super) fn new(calendar: Calendar, next: usize) -> Self {
        Self {
            calendar,
            clock: None,
            implied: None,
            next,
        }
    }

    /// The moment, if there is such a one.
    pub(super) fn moment(&self, context: &Context) -> Option<Moment> {
        let (day, precision) = match self.calendar {
            Calendar::Day(day) => (day, Precision::Day),
            Calendar::Month(first) => (first, Precision::Month),
            Calendar::Year(first) => (first, Precision::Year),
            Calendar::Yearless(month, day) => (latest(month, day, context)?, Precision::Day),
        };
        let clock = self.clock.filter(|_| precision == Precision::Day);
        let zone = clock
            .and_then(|clock| clock.zone)
            .or(self.implied)
            .unwrap_or(Zone::Place(context.time_zone));
        at(day, clock.as_ref(), zone, precision)
    }
}

/// A moment from its parts.
pub(super) fn at(
    day: NaiveDate,
    clock: Option<&Clock>,
    zone: Zone,
    precision: Precision,
) -> Option<Moment> {
    let (local, precision) = match clock {
        None => (day.and_time(NaiveTime::MIN), precision),
        Some(clock) => {
            let day = if clock.hour == 24 {
                day.succ_opt()?
            } else {
                day
            };
            // A leap second is told as the second before it.
            let second = clock.second.unwrap_or(0).min(59);
            let time = NaiveTime::from_hms_opt(clock.hour % 24, clock.minute, second)?;
            let precision = match clock.second {
                Some(_) => Precision::Second,
                None => Precision::Minute,
            };
            (day.and_time(time), precision)
        }
    };
    let at = zone.instant(local)?;
    // RFC 3339 has four digits for the year.
    let fits = |year: i32| (1..=9999).contains(&year);
    (fits(at.year()) && fits(at.naive_utc().year())).then_some(Moment { at, precision })
}

/// The last such day that is not in the future.
fn latest(month: u32, day: u32, context: &Context) -> Option<NaiveDate> {
    let today = context.now?.with_timezone(&context.time_zone).date_naive();
    // 29 February can be eight years away.
    (0..=8)
        .filter_map(|back| NaiveDate::from_ymd_opt(today.year() - back, month, day))
        .find(|date| *date <= today)
}

/// Makes a day of its numbers, where there is such a day.
pub(super) fn day(year: i32, month: u32, day: u32, mode: Mode) -> Option<NaiveDate> {
    if mode == Mode::Running && !PLAUSIBLE_YEARS.contains(&year) || !(1..=9999).contains(&year) {
        return None;
    }
    NaiveDate::from_ymd_opt(year, month, day)
}

/// A year as written with so many digits (RFC 2822 section 4.3 for one to three).
pub(super) fn year(value: u32, digits: usize) -> Option<i32> {
    let value = i32::try_from(value).ok()?;
    match digits {
        4 => Some(value),
        3 => Some(1900 + value),
        1 | 2 if value < 50 => Some(2000 + value),
        1 | 2 => Some(1900 + value),
        _ => None,
    }
}

/// Whether a day is later than the present allows: a slip of zones is allowed for.
pub(super) fn is_ahead(date: NaiveDate, context: &Context) -> bool {
    context
        .now
        .is_some_and(|now| date > (now + TimeDelta::hours(36)).date_naive())
}
