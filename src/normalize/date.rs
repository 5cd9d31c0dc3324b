//! The dates of an entry, made sane.

use chrono::{DateTime, Datelike, TimeZone, Utc};
use url::Url;

use super::Frame;
use crate::date::{Context, in_address};
use crate::model::{DateOrigin, Moment, ParsedEntry, Precision};

/// The web is no older; what claims to be has a date of nought (1 January 1970, year 1).
const FIRST_YEAR: i32 = 1990;

/// The dates of an entry and where they come from.
pub(super) struct Dates {
    pub(super) published: Moment,
    pub(super) updated: Option<Moment>,
    pub(super) origin: DateOrigin,
}

/// When an entry was published: what it says, else when it was updated, else what its address says, else now.
/// Nothing is in the future.
pub(super) fn dates(parsed: &ParsedEntry, link: &Url, frame: &Frame<'_>) -> Dates {
    let sane = |moment: Option<Moment>| {
        moment
            .filter(|moment| moment.at.year() >= FIRST_YEAR)
            .map(|moment| capped(moment, frame.now))
    };
    let updated = sane(parsed.updated);
    let said = sane(parsed.published).or(updated);
    let (published, origin) = match said {
        Some(published) => (published, parsed.date_origin.unwrap_or(DateOrigin::Feed)),
        None => of_address(link, frame),
    };
    Dates {
        published,
        updated: updated.filter(|updated| updated.utc() >= published.utc()),
        origin,
    }
}

/// A moment, or now where it has not come yet.
fn capped(moment: Moment, now: DateTime<Utc>) -> Moment {
    if moment.utc() <= now {
        return moment;
    }
    let offset = *moment.at.offset();
    Moment {
        at: now.with_timezone(&offset),
        precision: Precision::Second,
    }
}

fn of_address(link: &Url, frame: &Frame<'_>) -> (Moment, DateOrigin) {
    let context = Context {
        time_zone: frame.source.time_zone,
        language: None,
        now: Some(frame.now),
    };
    let zone = frame.source.time_zone;
    let today = frame.now.with_timezone(&zone);
    // "This year" says less than "first seen today"; "2019" says more.
    let says_more = |moment: &Moment| match moment.precision {
        Precision::Year => moment.at.year() < today.year(),
        Precision::Month => (moment.at.year(), moment.at.month()) < (today.year(), today.month()),
        _ => moment.utc() <= frame.now,
    };
    match in_address(link, &context).filter(says_more) {
        Some(moment) => (moment, DateOrigin::Address),
        None => {
            let at = zone
                .from_utc_datetime(&frame.now.naive_utc())
                .fixed_offset();
            (
                Moment {
                    at,
                    precision: Precision::Second,
                },
                DateOrigin::FirstSeen,
            )
        }
    }
}
