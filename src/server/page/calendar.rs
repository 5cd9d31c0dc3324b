//! `/archive/`, its months and its days: all news by date, on addresses that last, so that an export has them too.
//!
//! Nothing here counts more than a month: what a page asks of the store is a look at the index for each month or day.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::Response;
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;

use super::fixed::shell;
use super::news::{Card, capitalized, card};
use super::{Asking, Shell, answer};
use crate::publish::PublishedEntry;
use crate::publish::view::ViewKey;
use crate::server::feed::failed;
use crate::server::{App, not_found};
use crate::site::Error;
use crate::store::{self, Before, Reader};

/// Archive documents listed; older ones are reached from these.
const MAX_LISTED: i64 = 500;
/// News of one day on one page.
const MAX_OF_A_DAY: usize = 300;
/// Beyond this a count says no more than that it is many.
const MAX_COUNTED: usize = 10_000;
/// Years that are listed: what claims to be older is a date gone wrong.
const YEARS: i32 = 60;

/// A page within the site, and its name.
type Place = (String, String);

#[derive(Template)]
#[template(path = "archive.html")]
struct ArchivePage {
    shell: Shell,
    years: Vec<(i32, Vec<Place>)>,
    numbers: Vec<i64>,
}

#[derive(Template)]
#[template(path = "month.html")]
struct MonthPage {
    shell: Shell,
    days: Vec<(String, String, String)>,
    earlier: Option<Place>,
    later: Option<Place>,
}

#[derive(Template)]
#[template(path = "day.html")]
struct DayPage {
    shell: Shell,
    month: String,
    month_name: String,
    cards: Vec<Card>,
    older: Option<String>,
    earlier: Option<Place>,
    later: Option<Place>,
}

/// A month or a day: its first day, and the first day after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Period {
    first: NaiveDate,
    next: NaiveDate,
    is_day: bool,
}

impl Period {
    fn month(day: NaiveDate) -> Option<Self> {
        let first = day.with_day(1)?;
        let next = first.checked_add_months(Months::new(1))?;
        Some(Self {
            first,
            next,
            is_day: false,
        })
    }

    fn day(first: NaiveDate) -> Option<Self> {
        let next = first.checked_add_days(Days::new(1))?;
        Some(Self {
            first,
            next,
            is_day: true,
        })
    }

    /// `2026-11` or `2026-11-16`, and nothing else.
    fn read(text: &str) -> Option<Self> {
        let period = match text.len() {
            7 => Self::month(format!("{text}-01").parse().ok()?)?,
            10 => Self::day(text.parse().ok()?)?,
            _ => return None,
        };
        (period.name() == text).then_some(period)
    }

    fn name(self) -> String {
        self.first
            .format(if self.is_day { "%Y-%m-%d" } else { "%Y-%m" })
            .to_string()
    }

    fn path(self) -> String {
        format!("archive/{}/", self.name())
    }

    fn title(self, shell: &Shell) -> String {
        capitalized(&match self.is_day {
            true => shell.tongue.day(self.first),
            false => format!("{} {}", shell.tongue.month(self.first), self.first.year()),
        })
    }

    fn place(self, shell: &Shell) -> Place {
        (self.path(), self.title(shell))
    }

    /// From when until when, in the site's zone.
    fn span(self, zone: Tz) -> (DateTime<Utc>, DateTime<Utc>) {
        (midnight(self.first, zone), midnight(self.next, zone))
    }

    /// The period of the same kind that a moment belongs to.
    fn around(self, moment: DateTime<Utc>, zone: Tz) -> Option<Self> {
        let day = moment.with_timezone(&zone).date_naive();
        if self.is_day {
            Self::day(day)
        } else {
            Self::month(day)
        }
    }
}

fn midnight(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let start = day.and_time(NaiveTime::MIN);
    let local = start.and_local_timezone(zone).earliest();
    local.map_or_else(|| start.and_utc(), |local| local.to_utc())
}

pub(in crate::server) async fn archive(State(app): State<App>, request: Request) -> Response<Body> {
    let zone = app.site().scope().settings.site.time_zone;
    let found = app.site().store().read(move |reader| {
        let Some(view) = reader.view(&ViewKey::merged())? else {
            return Ok((Vec::new(), 0));
        };
        let last = reader.last_sealed(view.id)?.map_or(0, |run| run.number);
        Ok((months(reader, view.id, zone)?, last))
    });
    let (months, last) = match found.await {
        Ok(found) => found,
        Err(error) => return failed(&error.into()),
    };
    let shell = shell(&app, &request, "archive/");
    let mut years: Vec<(i32, Vec<Place>)> = Vec::new();
    for month in months {
        let year = month.first.year();
        if years.last().is_none_or(|(last, _)| *last != year) {
            years.push((year, Vec::new()));
        }
        if let Some((_, places)) = years.last_mut() {
            let name = capitalized(shell.tongue.month(month.first));
            places.push((month.path(), name));
        }
    }
    let title = shell.words.archive;
    let page = ArchivePage {
        shell: shell.titled(title),
        years,
        numbers: ((last - MAX_LISTED).max(0) + 1..=last).rev().collect(),
    };
    answer(&app, (request.method(), request.headers()), &page)
}

/// The months that hold news, newest first: each found from the one after it.
fn months(reader: &Reader<'_>, view: i64, zone: Tz) -> Result<Vec<Period>, store::Error> {
    let mut months: Vec<Period> = Vec::new();
    let mut before = DateTime::<Utc>::MAX_UTC;
    while let Some(moment) = reader.latest_before(view, before)? {
        let day = moment.with_timezone(&zone).date_naive();
        let newest = months
            .first()
            .map_or(day.year(), |first| first.first.year());
        let Some(month) = Period::month(day).filter(|_| day.year() > newest - YEARS) else {
            break;
        };
        before = month.span(zone).0;
        months.push(month);
    }
    Ok(months)
}

/// How much news each day holds.
pub type DayCounts = BTreeMap<NaiveDate, usize>;

/// The pages of the calendar that an export has to do with, by path.
#[derive(Debug, Default)]
pub struct Calendar {
    /// To be made anew: every month, and the days of the months around a day that was touched, since days name their
    /// neighbours.
    pub made: Vec<String>,
    /// No longer there.
    pub gone: Vec<String>,
    /// How much each day holds now.
    pub counts: DayCounts,
}

/// What there is to do where something new belongs to days, and where days held something before.
pub(in crate::server) fn calendar(
    reader: &Reader<'_>,
    zone: Tz,
    mut touched: BTreeSet<NaiveDate>,
    before: &DayCounts,
) -> Result<Calendar, store::Error> {
    let Some(view) = reader.view(&ViewKey::merged())? else {
        return Ok(Calendar::default());
    };
    let months = months(reader, view.id, zone)?;
    let mut held = DayCounts::new();
    for month in &months {
        held.extend(counts(reader, view.id, *month, zone)?);
    }
    // What was dated anew or taken down has left its day.
    let is_other = |day: &&NaiveDate| before.get(day) != held.get(day);
    touched.extend(before.keys().chain(held.keys()).filter(is_other));
    let path = |day: &NaiveDate| Period::day(*day).map(Period::path);
    let empty = before.keys().filter(|day| !held.contains_key(day));
    let mut gone: Vec<String> = empty.clone().filter_map(path).collect();
    let mut ended: Vec<Period> = empty.filter_map(|day| Period::month(*day)).collect();
    ended.dedup();
    gone.extend(
        ended
            .into_iter()
            .filter(|month| !months.contains(month))
            .map(Period::path),
    );
    let mut made: Vec<String> = months.iter().map(|month| month.path()).collect();
    for (place, month) in months.iter().enumerate() {
        let around = &months[place.saturating_sub(1)..months.len().min(place + 2)];
        let is_near = |month: &Period| touched.range(month.first..month.next).next().is_some();
        if around.iter().any(is_near) {
            let days = held.range(month.first..month.next);
            made.extend(days.filter_map(|(day, _)| path(day)));
        }
    }
    Ok(Calendar {
        made,
        gone,
        counts: held,
    })
}

/// The days of a month that hold news, and how much.
fn counts(
    reader: &Reader<'_>,
    view: i64,
    month: Period,
    zone: Tz,
) -> Result<Vec<(NaiveDate, usize)>, store::Error> {
    let mut days = Vec::new();
    for day in month.first.iter_days().take_while(|day| *day < month.next) {
        let (from, to) = (midnight(day, zone), midnight(day + Days::new(1), zone));
        let count = reader.count_between(view, from, to, MAX_COUNTED)?;
        days.extend((count > 0).then_some((day, count)));
    }
    Ok(days)
}

/// `/archive/2026-11/` and `/archive/2026-11-16/`.
pub(in crate::server) async fn period(
    State(app): State<App>,
    Path(name): Path<String>,
    request: Request,
) -> Response<Body> {
    let headers = request.headers();
    let Some(period) = Period::read(&name) else {
        return not_found::page(&app, headers);
    };
    let asking = Asking::read(request.uri().query());
    let found = match find(&app, period, asking.before).await {
        Ok(Some(found)) => found,
        Ok(None) => return not_found::page(&app, headers),
        Err(error) => return failed(&error),
    };
    let shell = shell(&app, &request, &period.path());
    let asked = (request.method(), headers);
    match period.is_day {
        true => answer(&app, asked, &day_page(&app, shell, period, found)),
        false => answer(&app, asked, &month_page(shell, period, found)),
    }
}

/// What there is of a period.
struct Found {
    entries: Vec<(Before, PublishedEntry)>,
    days: Vec<(NaiveDate, usize)>,
    earlier: Option<Period>,
    later: Option<Period>,
}

/// `None` where a period holds nothing.
async fn find(app: &App, period: Period, before: Option<Before>) -> Result<Option<Found>, Error> {
    let scope = app.site().scope();
    let found = app.site().store().read(move |reader| {
        let Some(view) = reader.view(&ViewKey::merged())? else {
            return Ok(None);
        };
        let zone = scope.settings.site.time_zone;
        let (from, to) = period.span(zone);
        let (mut entries, mut days) = (Vec::new(), Vec::new());
        if period.is_day {
            let before = before.map_or(Before::moment(to), |before| before.min(Before::moment(to)));
            let length = scope.settings.publish.summary_length;
            for (place, facts) in reader.page_since(view.id, from, Some(before), MAX_OF_A_DAY)? {
                let entry = PublishedEntry::compose(&facts, &scope.infos, length);
                entries.extend(entry.map(|entry| (place, entry)));
            }
        } else {
            days = counts(reader, view.id, period, zone)?;
        }
        if entries.is_empty() && days.is_empty() {
            return Ok(None);
        }
        let around = |moment: Option<DateTime<Utc>>| moment.and_then(|m| period.around(m, zone));
        Ok(Some(Found {
            entries,
            days,
            earlier: around(reader.latest_before(view.id, from)?),
            later: around(reader.earliest_from(view.id, to)?),
        }))
    });
    Ok(found.await?)
}

fn month_page(shell: Shell, period: Period, found: Found) -> MonthPage {
    let days = found.days.iter().rev().filter_map(|(day, count)| {
        let (path, name) = Period::day(*day)?.place(&shell);
        let word = if *count == 1 {
            shell.words.one_entry
        } else {
            shell.words.many_entries
        };
        Some((path, name, format!("{count} {word}")))
    });
    MonthPage {
        days: days.collect(),
        earlier: found.earlier.map(|month| month.place(&shell)),
        later: found.later.map(|month| month.place(&shell)),
        shell: titled(shell, period),
    }
}

fn day_page(app: &App, shell: Shell, period: Period, found: Found) -> DayPage {
    let zone = app.site().scope().settings.site.time_zone;
    let (month, month_name) =
        Period::month(period.first).map_or_else(Default::default, |month| month.place(&shell));
    let last = found.entries.last().map(|(place, _)| *place);
    let older = last
        .filter(|_| found.entries.len() == MAX_OF_A_DAY)
        .map(|place| {
            let query = Asking::default().query(Some(place));
            format!("{}?{query}", shell.file(&period.path()))
        });
    DayPage {
        month,
        month_name,
        cards: found
            .entries
            .iter()
            .map(|(_, entry)| card(entry, &shell, zone))
            .collect(),
        older,
        earlier: found.earlier.map(|day| day.place(&shell)),
        later: found.later.map(|day| day.place(&shell)),
        shell: titled(shell, period),
    }
}

fn titled(shell: Shell, period: Period) -> Shell {
    let title = period.title(&shell);
    shell.titled(title)
}

#[cfg(test)]
mod tests {
    use super::Period;

    #[test]
    fn a_period_is_a_month_or_a_day_as_it_is_written() {
        let next = |text: &str| Period::read(text).map(|period| period.next.to_string());
        assert_eq!(next("2026-12").as_deref(), Some("2027-01-01"));
        assert_eq!(next("2028-02-28").as_deref(), Some("2028-02-29"));
        for other in [
            "2026",
            "2026-13",
            "2026-02-30",
            "2026-1-1",
            "+026-01",
            "x",
            "2026-11-16x",
        ] {
            assert_eq!(next(other), None, "{other}");
        }
    }
}
