//! robots.txt (RFC 9309): asked once a day for each host, remembered in the host's state, read by the product token.
//!
//! An answer of 4xx allows everything; 5xx forbids everything for now, unless an older copy is at hand, and after 30 days counts as 4xx
//! (sections 2.3.1.3 and 2.3.1.4). This file decides; the asking itself is in [`super::Fetcher`].

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use robotxt::Robots;
use url::Url;

use crate::model::{Failure, HostState, Skip};

use super::reply::Reply;

/// Whose rules we obey.
const PRODUCT: &str = "samflode";
/// RFC 9309 section 2.4: no longer than a day.
const FRESH_FOR: TimeDelta = TimeDelta::hours(24);
/// While it cannot be had, it is asked again after this.
const ASK_AGAIN: TimeDelta = TimeDelta::hours(1);
/// RFC 9309 section 2.3.1.4 suggests 30 days.
const GIVEN_UP_AFTER: TimeDelta = TimeDelta::days(30);
/// RFC 9309 section 2.5 wants at least 500 KiB read.
pub(super) const MAX_LENGTH: u64 = 512 * 1024;
/// A longer pause would mean no polling at all.
const MAX_CRAWL_DELAY: Duration = Duration::from_secs(60);

/// What became of asking for it.
pub(super) enum Told {
    /// A file.
    File(String),
    /// 4xx, or nothing of the kind: everything is allowed.
    Nothing,
    /// 5xx or no answer, and what went wrong.
    Unreachable(String),
}

/// What the host's memory says of an address.
pub(super) enum Ruling {
    Unknown,
    Allowed(Duration),
    Forbidden(Skip),
}

/// Where a host keeps it.
pub(super) fn address(of: &Url) -> Option<Url> {
    let mut address = of.join("/robots.txt").ok()?;
    address.set_query(None);
    address.set_fragment(None);
    Some(address)
}

/// Rules as read, with the moment at which they were asked.
pub(super) struct Parsed {
    asked: DateTime<Utc>,
    robots: Robots,
}

/// Judges an address by what is remembered; `Unknown` where that is too old.
pub(super) fn rule(
    state: &HostState,
    rules: &mut Option<Parsed>,
    address: &Url,
    now: DateTime<Utc>,
) -> Ruling {
    let Some(asked) = state.robots_at.filter(|asked| *asked <= now) else {
        return Ruling::Unknown;
    };
    let unreachable = state.robots_unreachable_since;
    if now - asked >= unreachable.map_or(FRESH_FOR, |_| ASK_AGAIN) {
        return Ruling::Unknown;
    }
    match (&state.robots, unreachable) {
        (Some(text), _) if text.is_empty() => Ruling::Allowed(Duration::ZERO),
        (Some(text), _) => judge(parsed(rules, text, asked), address),
        (None, Some(since)) if now - since < GIVEN_UP_AFTER => {
            Ruling::Forbidden(Skip::RobotsUnreachable {
                reason: state
                    .robots_trouble
                    .clone()
                    .unwrap_or_else(|| "it did not come when last asked".to_owned()),
            })
        }
        (None, _) => Ruling::Allowed(Duration::ZERO),
    }
}

fn parsed<'a>(rules: &'a mut Option<Parsed>, text: &str, asked: DateTime<Utc>) -> &'a Robots {
    if rules.as_ref().is_some_and(|rules| rules.asked != asked) {
        *rules = None;
    }
    let rules = rules.get_or_insert_with(|| Parsed {
        asked,
        robots: Robots::parse(text.as_bytes(), PRODUCT),
    });
    &rules.robots
}

fn judge(robots: &Robots, address: &Url) -> Ruling {
    if robots.is_url_allowed(address) {
        let delay = robots.crawl_delay().unwrap_or_default();
        return Ruling::Allowed(delay.min(MAX_CRAWL_DELAY));
    }
    Ruling::Forbidden(Skip::RobotsForbid {
        address: super::address::shown(address),
    })
}

/// Keeps in mind what was told.
pub(super) fn remember(state: &mut HostState, told: Told, now: DateTime<Utc>) {
    state.robots_at = Some(now);
    match told {
        Told::File(text) => {
            state.robots = Some(text);
            state.robots_unreachable_since = None;
        }
        Told::Nothing => {
            state.robots = Some(String::new());
            state.robots_unreachable_since = None;
        }
        Told::Unreachable(trouble) => {
            state.robots_trouble = Some(trouble);
            let since = *state.robots_unreachable_since.get_or_insert(now);
            if now - since >= GIVEN_UP_AFTER {
                state.robots = None;
            }
        }
    }
}

/// The text of a file, without what cannot matter: comments, pages sent in its place, anything past the limit.
pub(super) fn text(bytes: &[u8]) -> String {
    let bytes = &bytes[..bytes.len().min(MAX_LENGTH as usize)];
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_start().starts_with('<') {
        return String::new();
    }
    let lines = text
        .split(['\n', '\r'])
        .map(|line| line.split('#').next().unwrap_or_default().trim());
    let mut kept = String::new();
    for line in lines.filter(|line| !line.is_empty()) {
        match product(line) {
            Some(token) => {
                kept.push_str("User-agent: ");
                kept.push_str(token);
            }
            None => kept.push_str(line),
        }
        kept.push('\n');
    }
    kept
}

/// The product token that a line begins a group for. What follows it, a version or a whole agent name, is no part of it
/// (RFC 9309 section 2.2.1).
fn product(line: &str) -> Option<&str> {
    let (key, value) = line.split_once(':')?;
    let is_agent = ["user-agent", "useragent", "user agent"]
        .iter()
        .any(|name| key.trim().eq_ignore_ascii_case(name));
    let value = value.trim();
    let end = value.find(|c: char| !c.is_ascii_alphabetic() && !matches!(c, '-' | '_' | '*'));
    is_agent.then(|| &value[..end.unwrap_or(value.len())])
}

/// What an answer to the question for it tells.
pub(super) fn told(reply: &Reply) -> Told {
    match reply.status {
        200 | 203 => Told::File(text(&reply.body)),
        code @ 500..=599 => Told::Unreachable(Failure::Status { code }.to_string()),
        _ => Told::Nothing,
    }
}

/// What no answer tells. Where the host itself cannot be reached, that is the failure to report; the document would meet it
/// too. Where a redirect had led elsewhere, the document is not to blame.
pub(super) fn without_answer(failure: Failure, is_elsewhere: bool) -> Result<Told, Failure> {
    match failure {
        Failure::Timeout { .. } | Failure::BrokenResponse { .. } => {
            Ok(Told::Unreachable(failure.to_string()))
        }
        _ if is_elsewhere => Ok(Told::Unreachable(failure.to_string())),
        other => Err(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forbids(file: &str, path: &str) -> bool {
        let state = HostState {
            robots: Some(text(file.as_bytes())),
            robots_at: Some(DateTime::UNIX_EPOCH),
            ..HostState::default()
        };
        let address = Url::parse("https://a.example").and_then(|base| base.join(path));
        let address = address.expect("an address");
        let ruling = rule(&state, &mut None, &address, DateTime::UNIX_EPOCH);
        matches!(ruling, Ruling::Forbidden(_))
    }

    #[test]
    fn groups_are_found_by_the_product_token_alone() {
        for ours in [
            "samflode",
            "SAMFLODE",
            "samflode/1.0",
            "Samflode (news)",
            "*",
        ] {
            assert!(
                forbids(&format!("User-agent: {ours}\nDisallow: /"), "/feed"),
                "{ours}"
            );
        }
        for other in ["sam", "samflodebot", "samflode-news", "other"] {
            assert!(
                !forbids(&format!("User-agent: {other}\nDisallow: /"), "/feed"),
                "{other}"
            );
        }
    }

    #[test]
    fn groups_for_us_are_merged_and_come_before_those_for_all() {
        let two = "User-agent: samflode\nDisallow: /x\n\nUser-agent: b\nDisallow: /b\n\nUser-agent: a\nUser-agent: samflode\nDisallow: /y";
        assert!(forbids(two, "/x") && forbids(two, "/y") && !forbids(two, "/b"));
        let own = "User-agent: *\nDisallow: /\n\nUser-agent: samflode\nDisallow:";
        assert!(!forbids(own, "/feed"));
    }

    #[test]
    fn the_longest_match_wins_and_allow_wins_a_tie() {
        for (file, path, forbidden) in [
            ("Disallow: /\nAllow: /feed", "/feed", false),
            ("Allow: /\nDisallow: /feed", "/feed", true),
            ("Disallow: /feed\nAllow: /feed", "/feed", false),
            ("Disallow: /*.xml$", "/a/b.xml", true),
            ("Disallow: /*.xml$", "/a/b.xml?c", false),
            ("Disallow: /fee$", "/feed", false),
            ("Disallow: /f%65ed", "/feed", true),
            ("Disallow: /\u{e5}", "/%C3%A5", true),
            ("Disallow: /%c3%a5", "/\u{e5}", true),
            ("Disallow: /FEED", "/feed", false),
            ("Disallow: /*?x=", "/a?x=1", true),
        ] {
            let file = format!("User-agent: *\n{file}");
            assert_eq!(forbids(&file, path), forbidden, "{file} {path}");
        }
    }
}
