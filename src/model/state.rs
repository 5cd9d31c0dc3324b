//! What the store remembers of a source between refreshes.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{EntryId, Failure, Outcome, Rules, Validators};

/// When a source usually publishes, learned from its entries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rhythm {
    /// Entries seen per hour of the week, Monday 00 first, in the source's zone, decayed. 168 numbers.
    pub hours: Vec<f32>,
    /// Median time between two entries, in seconds.
    pub median_gap: Option<u64>,
    /// Longest silence seen between two entries, in seconds.
    pub longest_gap: Option<u64>,
    /// Usual number of entries in its document.
    pub usual_yield: Option<f32>,
    /// The newest publication that has been learned from.
    #[serde(default)]
    pub last: Option<DateTime<Utc>>,
    /// The newest publication that a document has told, moments of first sight left out.
    #[serde(default)]
    pub last_told: Option<DateTime<Utc>>,
    /// Number of entries in the document last read.
    #[serde(default)]
    pub last_yield: Option<u32>,
}

impl Default for Rhythm {
    fn default() -> Self {
        Self {
            hours: vec![0.0; 168],
            median_gap: None,
            longest_gap: None,
            usual_yield: None,
            last: None,
            last_told: None,
            last_yield: None,
        }
    }
}

/// What the document last read said of when to come again; it holds for the polls that find it unchanged, too.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Pace {
    /// RSS `ttl` in minutes.
    pub ttl_minutes: Option<u32>,
    /// RSS `skipHours`, 0 to 23, in UTC.
    pub skip_hours: Vec<u8>,
    /// RSS `skipDays`, 0 for Monday.
    pub skip_days: Vec<u8>,
    /// `sy:updatePeriod` in seconds.
    pub update_seconds: Option<u64>,
    /// JSON Feed's `expired`: nothing more will come.
    pub expired: bool,
}

/// A permanent redirect under observation (RFC 9110 sections 15.4.2 and 15.4.9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// Where the unbroken chain of permanent redirects ends.
    pub to: String,
    /// Good refreshes through it so far.
    pub polls: u32,
    /// The first of them.
    pub since: DateTime<Utc>,
    /// Whether it has held long enough to be written to the configuration.
    pub confirmed: bool,
}

/// The memory of one source.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SourceState {
    /// How it was configured to be read when it was last refreshed; another configuration forgets what was learned.
    pub reading: Option<String>,
    /// When it was configured to be asked for.
    pub timing: Option<String>,
    /// What to send in the next conditional request.
    pub validators: Validators,
    /// When a whole answer last gave validators.
    pub validators_since: Option<DateTime<Utc>>,
    /// blake3 of the last body that was parsed and saved.
    pub body_digest: Option<[u8; 32]>,
    /// The moment from which it may be refreshed; `None` for at once.
    pub due: Option<DateTime<Utc>>,
    /// Why it is due then, in words for people.
    pub due_reason: String,
    /// The last refresh that was tried.
    pub last_tried: Option<DateTime<Utc>>,
    /// The last refresh that went well.
    pub last_good: Option<DateTime<Utc>>,
    /// Failures in a row.
    pub failures: u32,
    /// The first refresh of the present run of failures.
    pub failing_since: Option<DateTime<Utc>>,
    /// The last of them; a refresh that was left out meanwhile says nothing of it.
    pub last_failure: Option<Failure>,
    /// Since when its host or its robots.txt has kept it from being read.
    pub kept_away_since: Option<DateTime<Utc>>,
    /// How the last refresh ended.
    pub last_outcome: Option<Outcome>,
    /// Answered 410 Gone: rests until revived by hand.
    pub gone: bool,
    /// A permanent redirect under observation.
    pub moved: Option<Move>,
    /// When it usually publishes.
    pub rhythm: Rhythm,
    /// What the document last read said of when to come again.
    pub pace: Pace,
    /// The feed's own title, id and modification as last parsed, for `atom:source`.
    pub feed_title: Option<String>,
    /// The feed's own `atom:id`.
    pub feed_id: Option<String>,
    /// The feed's own subtitle.
    pub feed_subtitle: Option<String>,
    /// The feed's own rights statement.
    pub feed_rights: Option<String>,
    /// The newest moment any of its entries tells.
    pub feed_updated: Option<DateTime<Utc>>,
    /// The host that most of its entries lead to.
    pub link_host: Option<String>,
    /// The hub that the feed names (WebSub).
    pub hub: Option<String>,
    /// The feed's own address as it names it, for its hub.
    pub topic: Option<String>,
    /// A hub has promised until then to tell of news: polls become rarer.
    pub told_until: Option<DateTime<Utc>>,
    /// Rules learned after a redesign, waiting for approval.
    pub proposed_rules: Option<Rules>,
    /// Some of what those rules found: day and title.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub proposed_titles: Vec<String>,
    /// Rules in force instead of the configured ones (`relearn = "auto"`).
    pub learned_rules: Option<Rules>,
    /// Entries that were gone from the document and from their own address, and at how many polls.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<(EntryId, u32)>,
    /// Entries that were gone from the document, but not from their own address.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alive: Vec<EntryId>,
    /// Keys of entries whose pages are still to be asked for what the list does not say.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unasked: Vec<String>,
    /// Bodies of its entries change at every fetch: content changes no longer count as material.
    pub restless: bool,
    /// Its guids change at every fetch: they no longer identify anything.
    pub rotating_guids: bool,
    /// Fetches in a row in which most guids had changed.
    pub guid_changes: u32,
    /// Fetches in a row in which most bodies had changed; negative for fetches in which they had not.
    pub body_changes: i32,
}
