//! Whether a client already has what it asks for (RFC 9110 section 13): weak comparison, lists, `*`, dates.

use std::time::{Duration, UNIX_EPOCH};

use axum::http::HeaderMap;
use axum::http::header::{IF_MODIFIED_SINCE, IF_NONE_MATCH};
use chrono::{DateTime, Utc};

/// Whether the condition says "not modified". `If-Modified-Since` only counts without `If-None-Match`.
pub(super) fn is_current(headers: &HeaderMap, tag: &str, modified: DateTime<Utc>) -> bool {
    let mut tags = headers.get_all(IF_NONE_MATCH).iter().peekable();
    if tags.peek().is_some() {
        return tags.any(|value| value.to_str().is_ok_and(|list| lists(list, tag)));
    }
    headers
        .get(IF_MODIFIED_SINCE)
        .and_then(|value| value.to_str().ok())
        .and_then(|date| httpdate::parse_http_date(date).ok())
        .is_some_and(|since| UNIX_EPOCH + whole_seconds(modified) <= since)
}

/// The newest publication that a client with this tag has, where the tag is one of ours.
pub(super) fn known_sequence(headers: &HeaderMap) -> Option<i64> {
    let list = headers.get(IF_NONE_MATCH)?.to_str().ok()?;
    let tag = list.trim().trim_start_matches("W/").trim_matches('"');
    let (_, rest) = tag.split_once('.')?;
    let digits = rest.split('-').next()?;
    digits.parse().ok().filter(|sequence| *sequence > 0)
}

fn lists(list: &str, tag: &str) -> bool {
    if list.trim() == "*" {
        return true;
    }
    // Our tags hold no comma, so that a list may be cut at each.
    list.split(',').any(|item| {
        let item = item.trim();
        item.strip_prefix("W/").unwrap_or(item) == tag
    })
}

fn whole_seconds(at: DateTime<Utc>) -> Duration {
    Duration::from_secs(u64::try_from(at.timestamp()).unwrap_or(0))
}

/// A moment as HTTP spells it.
pub(super) fn http_date(at: DateTime<Utc>) -> String {
    httpdate::fmt_http_date(UNIX_EPOCH + whole_seconds(at))
}

#[cfg(test)]
mod tests {
    use super::{http_date, is_current, known_sequence};
    use axum::http::{HeaderMap, HeaderName, HeaderValue};
    use chrono::{DateTime, Utc};

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect()
    }

    fn modified() -> DateTime<Utc> {
        "2026-03-04T05:06:07Z".parse().expect("a date")
    }

    #[test]
    fn tags_are_compared_weakly_in_lists_and_star_matches() {
        let asks = |list: &'static str| {
            is_current(&headers(&[("if-none-match", list)]), "\"a\"", modified())
        };
        for yes in ["\"a\"", "W/\"a\"", "\"b\", W/\"a\"", "*", " \"a\" "] {
            assert!(asks(yes), "{yes}");
        }
        for no in ["\"b\"", "a", "", "\"a", "\"a-gz\""] {
            assert!(!asks(no), "{no}");
        }
    }

    #[test]
    fn a_date_counts_only_without_a_tag_and_in_all_three_forms() {
        let asks = |date: &'static str| {
            is_current(
                &headers(&[("if-modified-since", date)]),
                "\"a\"",
                modified(),
            )
        };
        for yes in [
            "Wed, 04 Mar 2026 05:06:07 GMT",
            "Wednesday, 04-Mar-26 05:06:08 GMT",
            "Wed Mar  4 05:06:07 2026",
        ] {
            assert!(asks(yes), "{yes}");
        }
        for no in ["Wed, 04 Mar 2026 05:06:06 GMT", "soon", ""] {
            assert!(!asks(no), "{no}");
        }
        let both = [
            ("if-none-match", "\"b\""),
            ("if-modified-since", "Wed, 04 Mar 2026 05:06:07 GMT"),
        ];
        assert!(!is_current(&headers(&both), "\"a\"", modified()));
        assert_eq!(http_date(modified()), "Wed, 04 Mar 2026 05:06:07 GMT");
    }

    #[test]
    fn our_tags_tell_what_a_client_has() {
        let known = |tag: &'static str| known_sequence(&headers(&[("if-none-match", tag)]));
        assert_eq!(known("\"0123abcd.17-gz\""), Some(17));
        assert_eq!(known("W/\"0123abcd.17\""), Some(17));
        for other in ["*", "\"x\"", "\"x.-1\"", "\"x.99999999999999999999\""] {
            assert_eq!(known(other), None, "{other}");
        }
    }
}
