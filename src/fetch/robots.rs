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
    /// 5xx or no answer.
    Unreachable,
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
                reason: "the server did not give it out when last asked".to_owned(),
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
        Told::Unreachable => {
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
        kept.push_str(line);
        kept.push('\n');
    }
    kept
}

/// What an answer to the question for it tells.
pub(super) fn told(reply: &Reply) -> Told {
    match reply.status {
        200 | 203 => Told::File(text(&reply.body)),
        500..=599 => Told::Unreachable,
        _ => Told::Nothing,
    }
}

/// What no answer tells. Where the host cannot be reached at all, that is the failure to report; the document would meet it too.
pub(super) fn without_answer(failure: Failure) -> Result<Told, Failure> {
    match failure {
        Failure::Timeout { .. } | Failure::BrokenResponse { .. } => Ok(Told::Unreachable),
        other => Err(other),
    }
}
