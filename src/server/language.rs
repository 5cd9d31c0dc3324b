//! Which of the two languages of the pages a reader gets, and how it tells days and times.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::model::{Language, Moment, Precision};

const SWEDISH_DAYS: [&str; 7] = [
    "måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag",
];
const ENGLISH_DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];
const SWEDISH_MONTHS: [&str; 12] = [
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
];
const ENGLISH_MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A language the pages speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tongue {
    /// Svenska.
    Swedish,
    /// English.
    English,
}

impl Tongue {
    /// What the reader asks for: `?lang=`, then `Accept-Language`, then the site's own language.
    pub(super) fn choose(asked: Option<&str>, headers: &HeaderMap, site: &Language) -> Self {
        let accepted = headers.get(ACCEPT_LANGUAGE);
        let accepted = accepted.and_then(|value| value.to_str().ok());
        asked
            .and_then(Self::from_tag)
            .or_else(|| accepted.and_then(best))
            .unwrap_or_else(|| Self::of(site))
    }

    /// The language nearest to the site's own.
    pub fn of(site: &Language) -> Self {
        Self::from_tag(site.as_str()).unwrap_or(Self::English)
    }

    /// Scandinavians read Swedish sooner than English.
    fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split('-').next()?.to_ascii_lowercase();
        match primary.as_str() {
            "sv" | "nb" | "nn" | "no" | "da" => Some(Self::Swedish),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    /// Its tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Swedish => "sv",
            Self::English => "en",
        }
    }

    /// The day that a moment belongs under: `lördag 7 mars 2026`, or a month or year where no more is known.
    pub(super) fn heading(self, moment: &Moment, zone: Tz) -> String {
        let day = moment.at.with_timezone(&zone).date_naive();
        match moment.precision {
            Precision::Year => day.year().to_string(),
            Precision::Month => format!("{} {}", self.month(day), day.year()),
            _ => self.day(day),
        }
    }

    /// A day in words.
    pub(super) fn day(self, day: NaiveDate) -> String {
        let weekday = day.weekday().num_days_from_monday() as usize;
        let name = match self {
            Self::Swedish => SWEDISH_DAYS[weekday],
            Self::English => ENGLISH_DAYS[weekday],
        };
        format!("{name} {} {} {}", day.day(), self.month(day), day.year())
    }

    /// A moment in words, to the minute.
    pub(super) fn moment(self, at: DateTime<Utc>, zone: Tz) -> String {
        let local = at.with_timezone(&zone);
        let day = local.date_naive();
        let (month, time) = (self.month(day), local.format("%H:%M"));
        format!("{} {month} {} {time}", day.day(), day.year())
    }

    /// The name of a day's month.
    pub(super) fn month(self, day: NaiveDate) -> &'static str {
        match self {
            Self::Swedish => SWEDISH_MONTHS[day.month0() as usize],
            Self::English => ENGLISH_MONTHS[day.month0() as usize],
        }
    }
}

/// The accepted language with the greatest weight of those the pages speak.
fn best(accepted: &str) -> Option<Tongue> {
    let mut best: Option<(f32, Tongue)> = None;
    for part in accepted.split(',').take(30) {
        let mut pieces = part.split(';');
        let tongue = pieces.next().and_then(Tongue::from_tag);
        let weight = pieces
            .find_map(|piece| piece.trim().strip_prefix("q=")?.parse().ok())
            .unwrap_or(1.0);
        if let Some(tongue) = tongue.filter(|_| weight > best.map_or(0.0, |(weight, _)| weight)) {
            best = Some((weight, tongue));
        }
    }
    best.map(|(_, tongue)| tongue)
}

#[cfg(test)]
mod tests {
    use super::Tongue;
    use crate::model::{Language, Moment, Precision};
    use axum::http::{HeaderMap, HeaderValue};

    #[test]
    fn a_reader_gets_the_language_they_ask_for() {
        let site = Language::new("sv").expect("a tag");
        let chosen = |asked, accepted: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert("accept-language", HeaderValue::from_static(accepted));
            Tongue::choose(asked, &headers, &site)
        };
        assert_eq!(chosen(None, "en-GB,en;q=0.9,sv;q=0.8"), Tongue::English);
        assert_eq!(chosen(None, "nb-NO,en;q=0.4"), Tongue::Swedish);
        assert_eq!(chosen(Some("sv"), "en"), Tongue::Swedish);
        assert_eq!(chosen(Some("xx"), "de"), Tongue::Swedish);
        assert_eq!(chosen(None, ";;,q=1"), Tongue::Swedish);
    }

    #[test]
    fn days_are_told_no_better_than_known() {
        let moment = |precision| Moment {
            at: "2026-03-06T23:30:00Z".parse().expect("a date"),
            precision,
        };
        let zone = chrono_tz::Europe::Stockholm;
        let told = |precision| Tongue::Swedish.heading(&moment(precision), zone);
        assert_eq!(told(Precision::Minute), "lördag 7 mars 2026");
        assert_eq!(told(Precision::Month), "mars 2026");
        assert_eq!(told(Precision::Year), "2026");
        assert_eq!(
            Tongue::English.heading(&moment(Precision::Day), zone),
            "Saturday 7 March 2026"
        );
    }
}
