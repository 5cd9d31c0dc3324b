//! What an answer says of when to come again: Cache-Control, Expires and Age (RFC 9111 sections 4.2 and 5), Retry-After
//! (RFC 9110 section 10.2.3).
//!
//! Only what the server says; what follows from it is for [`crate::schedule`]. We are a private cache: `s-maxage` and
//! `private` do not concern us, and nothing is guessed where nothing is said.

use std::time::SystemTime;

use chrono::{DateTime, TimeDelta, Utc};
use http::HeaderMap;
use http::header::{AGE, CACHE_CONTROL, DATE, EXPIRES, RETRY_AFTER};

use crate::model::Freshness;

/// Nothing is believed to stay fresh longer; the schedule allows far less.
const MAX_FRESHNESS: TimeDelta = TimeDelta::days(31);
/// A server that asks for more than this is confused, not busy.
const ABSURD_RETRY: TimeDelta = TimeDelta::days(366);

/// Reads the freshness of an answer received at `now`.
pub(super) fn read(headers: &HeaderMap, now: DateTime<Utc>) -> Freshness {
    Freshness {
        fresh_until: fresh_until(headers, now),
        retry_after: retry_after(headers, now),
    }
}

/// When a host that asked for rest may be asked again; `None` where it says nothing sensible.
pub(super) fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let at = match text.parse::<i64>() {
        Ok(seconds) => now.checked_add_signed(TimeDelta::try_seconds(seconds)?)?,
        Err(_) => date(text)?,
    };
    (at > now && at <= now + ABSURD_RETRY).then_some(at)
}

fn fresh_until(headers: &HeaderMap, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let control = Control::read(headers);
    if control.forbids {
        return None;
    }
    let lifetime = match control.max_age {
        Some(seconds) => seconds,
        None => expires_in(headers, now)?,
    };
    let left = lifetime
        .saturating_sub(age(headers))
        .min(MAX_FRESHNESS.num_seconds());
    (left > 0).then(|| now + TimeDelta::seconds(left))
}

/// How long after its own date an answer expires; with no date, after now.
fn expires_in(headers: &HeaderMap, now: DateTime<Utc>) -> Option<i64> {
    let expires = date(headers.get(EXPIRES)?.to_str().ok()?)?;
    let sent = headers
        .get(DATE)
        .and_then(|value| date(value.to_str().ok()?))
        .unwrap_or(now);
    Some((expires - sent).num_seconds())
}

fn age(headers: &HeaderMap) -> i64 {
    let text = headers.get(AGE).and_then(|value| value.to_str().ok());
    text.map_or(0, |text| seconds(text).unwrap_or(0))
}

/// The directives of Cache-Control that concern us.
#[derive(Default)]
struct Control {
    max_age: Option<i64>,
    forbids: bool,
}

impl Control {
    fn read(headers: &HeaderMap) -> Self {
        let mut control = Self::default();
        let values = headers.get_all(CACHE_CONTROL).iter();
        let directives = values
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','));
        for directive in directives {
            let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
            match name.trim().to_ascii_lowercase().as_str() {
                "no-store" | "no-cache" => control.forbids = true,
                // The first one counts, as most caches have it (RFC 9111 section 4.2.1).
                "max-age" if control.max_age.is_none() => control.max_age = seconds(value),
                _ => {}
            }
        }
        control
    }
}

/// Seconds; a number too large to hold is a very large one (RFC 9111 section 1.2.2).
fn seconds(text: &str) -> Option<i64> {
    let text = text.trim().trim_matches('"');
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(text.parse().unwrap_or(i64::MAX))
}

/// An HTTP date in any of its three forms (RFC 9110 section 5.6.7).
pub(super) fn date(text: &str) -> Option<DateTime<Utc>> {
    let time: SystemTime = httpdate::parse_http_date(text.trim()).ok()?;
    Some(time.into())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn now() -> DateTime<Utc> {
        date("Mon, 02 Nov 2026 08:00:00 GMT").expect("a date")
    }

    fn minutes(headers: &[(&'static str, &'static str)]) -> Option<i64> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, HeaderValue::from_static(value));
        }
        let freshness = read(&map, now());
        let at = freshness.fresh_until.or(freshness.retry_after)?;
        Some((at - now()).num_minutes())
    }

    #[test]
    fn freshness_is_what_the_server_says() {
        assert_eq!(
            minutes(&[("cache-control", "public, max-age=600")]),
            Some(10)
        );
        assert_eq!(
            minutes(&[("cache-control", "MAX-AGE=\"600\""), ("age", "300")]),
            Some(5)
        );
        assert_eq!(
            minutes(&[("expires", "Mon, 02 Nov 2026 09:00:00 GMT")]),
            Some(60)
        );
        let skewed = [
            ("expires", "Sun Nov  1 09:00:00 2026"),
            ("date", "Sunday, 01-Nov-26 08:30:00 GMT"),
        ];
        assert_eq!(minutes(&skewed), Some(30));
    }

    #[test]
    fn nothing_said_is_nothing_known() {
        assert_eq!(minutes(&[]), None);
        assert_eq!(minutes(&[("cache-control", "no-cache, max-age=600")]), None);
        assert_eq!(minutes(&[("cache-control", "max-age=-5")]), None);
        assert_eq!(
            minutes(&[
                ("cache-control", "max-age=600"),
                ("age", "99999999999999999999999")
            ]),
            None
        );
        assert_eq!(minutes(&[("expires", "0")]), None);
    }

    #[test]
    fn overflowing_numbers_are_large_and_clamped() {
        let days =
            minutes(&[("cache-control", "max-age=99999999999999999999999")]).map(|m| m / 1440);
        assert_eq!(days, Some(31));
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_and_absurd_ones_are_ignored() {
        assert_eq!(minutes(&[("retry-after", "120")]), Some(2));
        assert_eq!(
            minutes(&[("retry-after", "Mon, 02 Nov 2026 10:00:00 GMT")]),
            Some(120)
        );
        for absurd in [
            "-5",
            "0",
            "soon",
            "99999999999999999999",
            "9999999999",
            "Mon, 02 Nov 2020 10:00:00 GMT",
            "",
        ] {
            assert_eq!(minutes(&[("retry-after", absurd)]), None, "{absurd}");
        }
    }
}
