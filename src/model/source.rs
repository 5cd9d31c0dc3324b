//! A configured place that we poll, as the rest of the program sees it: checked, complete, plain.

use std::fmt;
use std::time::Duration;

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Category, Language};

/// The short name of a source: `[a-z0-9-]`, 1 to 64 characters, unique in the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SourceId(String);

impl SourceId {
    /// Takes a name as it is; the configuration has checked it.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is polled, and how it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A feed document: RSS, Atom, JSON Feed, CDF.
    Feed,
    /// A page that lists news; with rules, or by automatic detection at each poll.
    Page(Option<Rules>),
}

/// CSS selectors that read a listing page. All but `entry` are looked up inside an entry.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Selects each entry of the list.
    pub entry: String,
    /// The element whose `href` is the entry's address; the entry's first link where absent.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub link: Option<String>,
    /// The element whose text is the title; the link's text where absent.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub title: Option<String>,
    /// The element that holds the date.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub date: Option<String>,
    /// The element that holds the lead.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub summary: Option<String>,
    /// The element whose `src` is the entry's image.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub image: Option<String>,
}

impl Rules {
    /// Each selector under its name, in the order in which they are written.
    pub fn selectors(&self) -> [(&'static str, Option<&str>); 6] {
        [
            ("entry", Some(&self.entry)),
            ("link", self.link.as_deref()),
            ("title", self.title.as_deref()),
            ("date", self.date.as_deref()),
            ("summary", self.summary.as_deref()),
            ("image", self.image.as_deref()),
        ]
    }
}

/// Whose word it is when several carry the same news; earlier ones represent later ones.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The body that issues the news itself.
    #[default]
    Issuer,
    /// A wire service that distributes it.
    Wire,
    /// The press, or anyone who reports it.
    Press,
}

/// When a source is polled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Schedule {
    /// Every so often.
    Every(Duration),
    /// By the source's own rhythm, between a floor and a ceiling.
    Adaptive {
        /// The shortest time between two polls.
        floor: Duration,
        /// The longest.
        ceiling: Duration,
    },
    /// By a cron expression (five fields) in the source's time zone.
    Cron(String),
}

/// How much of an entry is republished (Directive (EU) 2019/790, article 15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Extent {
    /// Title and link alone.
    Title,
    /// Title, link and a short summary.
    #[default]
    Summary,
    /// All that the source gives.
    Full,
}

/// Whether the source takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Activity {
    /// Polled and published.
    #[default]
    Active,
    /// Configured, not polled, its stored entries stay published.
    Off,
    /// Gone from the web: never polled, its history kept and published.
    Retired,
}

/// How robots.txt (RFC 9309) binds a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Robots {
    /// Obeyed for every request.
    #[default]
    Obey,
    /// A published feed is taken as an invitation: obeyed for pages only.
    FeedIsInvitation,
}

/// What is done with rules learned anew after a redesign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Relearn {
    /// They are proposed; nothing is published by them until they are accepted.
    #[default]
    Propose,
    /// They hold at once, kept in the store.
    Auto,
}

/// Bounds on what one source may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Greatest body in octets, after decoding.
    pub max_body: u64,
    /// Longest whole transfer.
    pub timeout: Duration,
    /// Most entry pages asked in one refresh.
    pub entry_pages: usize,
    /// Most new entries let through in one refresh, the first refresh exempt.
    pub flood: usize,
    /// List pages read on the first refresh.
    pub history: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_body: 8 * 1024 * 1024,
            timeout: Duration::from_secs(60),
            entry_pages: 10,
            flood: 10,
            history: 1,
        }
    }
}

/// A source as configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its short name.
    pub id: SourceId,
    /// Its name for people.
    pub title: String,
    /// What is polled.
    pub address: Url,
    /// Addresses under which the same source was known before; they share its identity.
    pub former: Vec<Url>,
    /// The body's page for people, where it is not `address`.
    pub home: Option<Url>,
    /// Feed or page.
    pub kind: Kind,
    /// The language of its entries where they do not say.
    pub language: Option<Language>,
    /// The zone its dates are told in.
    pub time_zone: Tz,
    /// Categories added to each of its entries.
    pub categories: Vec<Category>,
    /// Whose word it is.
    pub role: Role,
    /// When it is polled.
    pub schedule: Schedule,
    /// Patterns of which one must match title, summary or a category; empty for all.
    pub only: Vec<String>,
    /// Patterns of which none may match.
    pub not: Vec<String>,
    /// How much is republished.
    pub extent: Extent,
    /// Whether it takes part.
    pub activity: Activity,
    /// How robots.txt binds it.
    pub robots: Robots,
    /// What is done with rules learned anew.
    pub relearn: Relearn,
    /// Bounds.
    pub limits: Limits,
}

impl Source {
    /// Whether this source is polled at all.
    pub fn is_polled(&self) -> bool {
        self.activity == Activity::Active
    }

    /// The page for people: `home`, else the polled page, else the root of the feed's host.
    pub fn alternate(&self) -> Url {
        if let Some(home) = &self.home {
            return home.clone();
        }
        match self.kind {
            Kind::Page(_) => self.address.clone(),
            Kind::Feed => self
                .address
                .join("/")
                .unwrap_or_else(|_| self.address.clone()),
        }
    }
}

/// What is published of a source, also long after it was taken out of the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceProfile {
    /// Its short name.
    pub id: SourceId,
    /// Its name for people.
    pub title: String,
    /// What is polled.
    pub address: Url,
    /// The page for people.
    pub alternate: Url,
    /// Whether `address` is a feed.
    pub is_feed: bool,
    /// The language of its entries where they do not say.
    pub language: Option<Language>,
    /// The zone its dates are told in.
    pub time_zone: Tz,
    /// Whose word it is.
    pub role: Role,
    /// How much is republished.
    pub extent: Extent,
    /// Categories added to each of its entries.
    pub categories: Vec<Category>,
}

impl From<&Source> for SourceProfile {
    fn from(source: &Source) -> Self {
        Self {
            id: source.id.clone(),
            title: source.title.clone(),
            address: source.address.clone(),
            alternate: source.alternate(),
            is_feed: source.kind == Kind::Feed,
            language: source.language.clone(),
            time_zone: source.time_zone,
            role: source.role,
            extent: source.extent,
            categories: source.categories.clone(),
        }
    }
}
