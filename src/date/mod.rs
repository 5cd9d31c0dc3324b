//! Any date that a feed or a page writes, to a moment with its precision, or to nothing.

use std::ops::Range;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use url::Url;

use crate::model::{Language, Moment, Precision};

/// What a date string does not say itself.
#[derive(Debug, Clone)]
pub struct Context {
    /// The zone of dates that name none.
    pub time_zone: Tz,
    /// The language of the text around it, where known.
    pub language: Option<Language>,
    /// The moment that relative and yearless dates count from; relative ones mean nothing without it.
    pub now: Option<DateTime<Utc>>,
}

impl Default for Context {
    fn default() -> Self {
        Self {
            time_zone: chrono_tz::Europe::Stockholm,
            language: None,
            now: None,
        }
    }
}

/// What a date in running text is said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// Nothing is said.
    None,
    /// When it was published or created.
    Published,
    /// When it was last changed.
    Modified,
    /// When something takes place: not a date of the text itself.
    Event,
}

/// A date found in running text.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// When.
    pub moment: Moment,
    /// The bytes it stands at, its label not included.
    pub span: Range<usize>,
    /// What it is said to be.
    pub label: Label,
    /// Whether it counts from [`Context::now`].
    pub relative: bool,
}

/// Reads a string that is a date as a whole.
pub fn parse(text: &str, context: &Context) -> Option<Moment> {
    let text = text.trim();
    if let Ok(at) =
        DateTime::parse_from_rfc3339(text).or_else(|_| DateTime::parse_from_rfc2822(text))
    {
        return Some(Moment {
            at,
            precision: Precision::Second,
        });
    }
    if let Ok(at) = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S") {
        return local(at, context, Precision::Second);
    }
    let day = NaiveDate::parse_from_str(text.get(..10)?, "%Y-%m-%d").ok()?;
    local(day.and_time(NaiveTime::MIN), context, Precision::Day)
}

fn local(at: NaiveDateTime, context: &Context, precision: Precision) -> Option<Moment> {
    let at: DateTime<FixedOffset> = context
        .time_zone
        .from_local_datetime(&at)
        .earliest()?
        .fixed_offset();
    Some(Moment { at, precision })
}

/// The best date in a run of text: a published one before an unlabeled, that before a modified one.
pub fn find(text: &str, context: &Context) -> Option<Found> {
    find_all(text, context).into_iter().next()
}

/// All dates in a run of text, in its order.
pub fn find_all(text: &str, context: &Context) -> Vec<Found> {
    let mut found = Vec::new();
    for (start, _) in text.match_indices("20") {
        let Some(candidate) = text.get(start..start + 10) else {
            continue;
        };
        if let Some(moment) = parse(candidate, context) {
            found.push(Found {
                moment,
                span: start..start + 10,
                label: Label::None,
                relative: false,
            });
        }
    }
    found
}

/// The date that an address carries in its path, as in `/2019-09-21-slug` or `/2023/03/`.
pub fn in_address(url: &Url, context: &Context) -> Option<Moment> {
    find(url.path(), context).map(|found| found.moment)
}
