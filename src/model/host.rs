//! What is remembered of a host between requests: manners are per host, not per source.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The memory of one host (scheme, name and port as in an origin).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct HostState {
    /// The next request may start from then.
    pub free_at: Option<DateTime<Utc>>,
    /// It asked for rest (429 or 503 with Retry-After) until then.
    pub rests_until: Option<DateTime<Utc>>,
    /// Since when it has been asking for rest without a break.
    pub resting_since: Option<DateTime<Utc>>,
    /// Its robots.txt: the text; empty when everything is allowed.
    pub robots: Option<String>,
    /// When robots.txt was asked.
    pub robots_at: Option<DateTime<Utc>>,
    /// robots.txt could not be had (5xx or no connection): everything is forbidden for now (RFC 9309 section 2.3.1.4).
    pub robots_unreachable_since: Option<DateTime<Utc>>,
    /// What went wrong when it was last asked.
    #[serde(default)]
    pub robots_trouble: Option<String>,
}
