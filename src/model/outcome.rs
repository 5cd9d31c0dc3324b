//! How a refresh ended, as a value with a reason. What happens every day is not an error.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;

use super::Repair;

/// How one refresh ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "outcome")]
pub enum Outcome {
    /// Something was read; perhaps something is new.
    Updated {
        /// Entries never seen before.
        new: usize,
        /// Entries that changed materially.
        changed: usize,
        /// Entries as they were.
        unchanged: usize,
        /// New entries held back by the flood guard.
        held: usize,
        /// Repairs the document needed.
        repairs: Vec<Repair>,
    },
    /// The server said so, or the body was the same.
    Unchanged,
    /// Nothing was asked.
    Skipped(Skip),
    /// It did not work.
    Failed(Failure),
}

/// Why nothing was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "skip")]
pub enum Skip {
    /// Another process is at it.
    Claimed,
    /// The host asked for rest (429, 503).
    HostRests {
        /// Until then.
        until: DateTime<Utc>,
    },
    /// robots.txt forbids it.
    RobotsForbid {
        /// The address it forbids.
        address: String,
    },
    /// robots.txt cannot be had, which forbids everything for now.
    RobotsUnreachable {
        /// What went wrong.
        reason: String,
    },
    /// It answered 410 Gone and rests until revived.
    Gone,
    /// The configuration says so.
    NotPolled,
    /// The daemon is stopping.
    Stopping,
}

/// What went wrong, as a person and a metric both need it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "failure")]
pub enum Failure {
    /// The host's name has no address.
    NameNotFound { host: String },
    /// No connection: refused, reset, unreachable.
    NoConnection { reason: String },
    /// The certificate or the handshake is bad.
    Tls { reason: String },
    /// Not done in time.
    Timeout { stage: String, seconds: u64 },
    /// A status other than success.
    Status { code: u16 },
    /// The body is larger than allowed.
    TooLarge { limit: u64 },
    /// Redirects that loop, or are too many.
    Redirects { reason: String },
    /// An address we never go to: private, or not http.
    ForbiddenAddress { address: String, reason: String },
    /// Broken HTTP, broken coding, or a body that ended early.
    BrokenResponse { reason: String },
    /// A body of nothing.
    EmptyBody,
    /// A 304 with nothing stored.
    UnaskedNotModified,
    /// A body that is not a feed.
    NotAFeed { looks_like: String },
    /// A page with no news on it: bot wall, login, consent, script shell, soft 404.
    NoContent { what: String },
    /// The page's list cannot be found where it used to be.
    LayoutChanged { detail: String },
    /// No entries found where some were expected.
    NoEntries { detail: String },
    /// Everything in it is foreign: the domain may have been taken over.
    TakenOver { detail: String },
    /// All sources fail at once: our own network.
    OwnNetwork { reason: String },
    /// The store did not take it.
    Storage { reason: String },
    /// Reading it panicked; contained.
    Panicked { stage: String },
}

impl Failure {
    /// The name a metric uses.
    pub fn name(&self) -> &'static str {
        match self {
            Self::NameNotFound { .. } => "name-not-found",
            Self::NoConnection { .. } => "no-connection",
            Self::Tls { .. } => "tls",
            Self::Timeout { .. } => "timeout",
            Self::Status { .. } => "status",
            Self::TooLarge { .. } => "too-large",
            Self::Redirects { .. } => "redirects",
            Self::ForbiddenAddress { .. } => "forbidden-address",
            Self::BrokenResponse { .. } => "broken-response",
            Self::EmptyBody => "empty-body",
            Self::UnaskedNotModified => "unasked-not-modified",
            Self::NotAFeed { .. } => "not-a-feed",
            Self::NoContent { .. } => "no-content",
            Self::LayoutChanged { .. } => "layout-changed",
            Self::NoEntries { .. } => "no-entries",
            Self::TakenOver { .. } => "taken-over",
            Self::OwnNetwork { .. } => "own-network",
            Self::Storage { .. } => "storage",
            Self::Panicked { .. } => "panicked",
        }
    }

    /// What the operator can do about it, where there is something.
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::NameNotFound { .. } => {
                "check the address for spelling; the body may have moved to another domain"
            }
            Self::Tls { .. } => {
                "the site's certificate is at fault, or the system's certificates are missing (package `ca-certificates`)"
            }
            Self::Status { code: 401 | 403 } => {
                "the site does not let us in; write to its webmaster"
            }
            Self::Status { code: 404 } => {
                "look for the feed's new address with `samflode discover`"
            }
            Self::Status { code: 410 } => {
                "the body has removed it for good; retire the source, or look for its successor"
            }
            Self::TooLarge { .. } => "raise `max_body` for this source if it really is that large",
            Self::NotAFeed { .. } => {
                "look for the feed with `samflode discover`, or follow the page with `kind = \"page\"`"
            }
            Self::LayoutChanged { .. } => {
                "see the proposed rules with `samflode check SOURCE --live`, take them with `samflode add --accept SOURCE`"
            }
            Self::ForbiddenAddress { .. } => "open a network of your own with `allow_private`",
            Self::TakenOver { .. } => {
                "look at the site; retire the source, or let the entries go with `samflode release SOURCE`"
            }
            _ => return None,
        })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NameNotFound { host } => write!(f, "no address found for the name `{host}`"),
            Self::NoConnection { reason } => write!(f, "no connection: {reason}"),
            Self::Tls { reason } => write!(f, "no safe connection: {reason}"),
            Self::Timeout { stage, seconds } => write!(f, "{stage} took longer than {seconds} s"),
            Self::Status { code } => write!(f, "the server answered {code}{}", meaning(*code)),
            Self::TooLarge { limit } => write!(
                f,
                "the body is larger than the limit of {} KiB",
                limit / 1024
            ),
            Self::Redirects { reason } => write!(f, "redirects lead nowhere: {reason}"),
            Self::ForbiddenAddress { address, reason } => {
                write!(f, "never goes to `{address}`: {reason}")
            }
            Self::BrokenResponse { reason } => write!(f, "the answer is broken: {reason}"),
            Self::EmptyBody => f.write_str("the body is empty"),
            Self::UnaskedNotModified => {
                f.write_str("the server says not modified, but nothing was stored")
            }
            Self::NotAFeed { looks_like } => write!(f, "not a feed: it looks like {looks_like}"),
            Self::NoContent { what } => write!(f, "no news on the page: it is {what}"),
            Self::LayoutChanged { detail } => write!(f, "layout changed: {detail}"),
            Self::NoEntries { detail } => write!(f, "no entries found: {detail}"),
            Self::TakenOver { detail } => write!(f, "may have been taken over: {detail}"),
            Self::OwnNetwork { reason } => write!(f, "our own network: {reason}"),
            Self::Storage { reason } => write!(f, "could not be stored: {reason}"),
            Self::Panicked { stage } => {
                write!(f, "{stage} panicked; please report it with a recording")
            }
        }
    }
}

fn meaning(code: u16) -> &'static str {
    match code {
        401 | 403 => " (not let in)",
        404 => " (not found)",
        410 => " (gone for good)",
        429 => " (too many requests)",
        451 => " (withheld for legal reasons)",
        500..=599 => " (an error of its own)",
        _ => "",
    }
}

impl fmt::Display for Skip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Claimed => f.write_str("another samflode is refreshing it"),
            Self::HostRests { until } => {
                write!(
                    f,
                    "its host asked for rest until {}",
                    until.format("%Y-%m-%d %H:%M UTC")
                )
            }
            Self::RobotsForbid { address } => write!(f, "robots.txt forbids {address}"),
            Self::RobotsUnreachable { reason } => {
                write!(
                    f,
                    "robots.txt cannot be had ({reason}), which forbids everything for now"
                )
            }
            Self::Gone => f.write_str("it answered 410 Gone and rests until it is fetched by name"),
            Self::NotPolled => f.write_str("switched off or retired"),
            Self::Stopping => f.write_str("samflode is stopping"),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Updated {
                new, changed, held, ..
            } => {
                write!(f, "{new} new, {changed} changed")?;
                if *held > 0 {
                    write!(f, ", {held} held back")?;
                }
                Ok(())
            }
            Self::Unchanged => f.write_str("unchanged"),
            Self::Skipped(skip) => write!(f, "skipped: {skip}"),
            Self::Failed(failure) => write!(f, "failed: {failure}"),
        }
    }
}
