//! Every setting of `samflode.toml`, checked and complete. `config` fills it; the defaults here are the defaults.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use chrono_tz::Tz;
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Language, SourceId};

/// All settings.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Settings {
    /// `[site]`: what the merged feed says of itself.
    pub site: SiteSettings,
    /// `[fetch]`: manners and bounds towards the polled sites.
    pub fetch: FetchSettings,
    /// `[serve]`: the HTTP server.
    pub serve: ServeSettings,
    /// `[store]`: the database.
    pub store: StoreSettings,
    /// `[dedupe]`: when entries of two sources tell the same news.
    pub dedupe: DedupeSettings,
    /// `[publish]`: sizes of what is published.
    pub publish: PublishSettings,
    /// `[websub]`: hubs.
    pub websub: WebSubSettings,
    /// `[notify]`: who is told of incidents.
    pub notify: NotifySettings,
    /// `[feeds.NAME]`: feeds that the configuration defines.
    pub feeds: Vec<NamedFeed>,
}

/// What the merged feed says of itself.
#[derive(Debug, Clone, PartialEq)]
pub struct SiteSettings {
    /// Its title.
    pub title: String,
    /// Its subtitle.
    pub subtitle: Option<String>,
    /// The author that entries without one inherit (RFC 4287 section 4.1.1).
    pub author: String,
    /// The public address that all published links start with; ends with `/`.
    pub base_url: Url,
    /// The language of the pages and of the feed's own texts.
    pub language: Language,
    /// The zone that days are told in on the pages.
    pub time_zone: Tz,
    /// Where people write to: an address that starts with `mailto:` or `https:`.
    pub contact: Option<String>,
    /// `authority,date` of minted `tag:` URIs (RFC 4151); `urn:uuid:` is minted without one.
    pub tag_authority: Option<String>,
    /// `atom:logo`, absolute.
    pub logo: Option<Url>,
    /// `atom:icon`, absolute.
    pub icon: Option<Url>,
    /// `atom:rights` of the merged feed.
    pub rights: Option<String>,
}

impl Default for SiteSettings {
    fn default() -> Self {
        Self {
            title: "Hållbar upphandling: samlade nyheter".into(),
            subtitle: None,
            author: "samflode".into(),
            base_url: Url::parse("http://127.0.0.1:8080/").expect("a constant address"),
            language: Language::new("sv").expect("a constant tag"),
            time_zone: chrono_tz::Europe::Stockholm,
            contact: None,
            tag_authority: None,
            logo: None,
            icon: None,
            rights: None,
        }
    }
}

/// Manners and bounds towards the polled sites.
#[derive(Debug, Clone, PartialEq)]
pub struct FetchSettings {
    /// Contact put into `User-Agent: samflode/VERSION (+contact)`; `None` names the project.
    pub contact: Option<String>,
    /// The `From` header.
    pub from: Option<String>,
    /// Private networks that may be reached after all.
    pub allow_private: Vec<IpNet>,
    /// An outgoing proxy; never taken from the environment.
    pub proxy: Option<Url>,
    /// A further certificate authority (PEM file).
    pub ca_file: Option<PathBuf>,
    /// Refreshes under way at once.
    pub concurrency: usize,
    /// Requests to one host at once.
    pub per_host: usize,
    /// Shortest time between two requests to one host.
    pub spacing: Duration,
    /// All bodies in flight together, in octets.
    pub byte_budget: u64,
    /// Greatest feed body, in octets after decoding.
    pub max_body: u64,
    /// Greatest page body, in octets after decoding.
    pub max_page: u64,
    /// Time to connect.
    pub connect_timeout: Duration,
    /// Longest silence while reading.
    pub idle_timeout: Duration,
    /// Longest whole transfer.
    pub timeout: Duration,
    /// Redirects followed.
    pub max_redirects: usize,
    /// Interval of sources that do not say.
    pub interval: Duration,
}

impl Default for FetchSettings {
    fn default() -> Self {
        Self {
            contact: None,
            from: None,
            allow_private: Vec::new(),
            proxy: None,
            ca_file: None,
            concurrency: 64,
            per_host: 1,
            spacing: Duration::from_secs(2),
            byte_budget: 32 * 1024 * 1024,
            max_body: 8 * 1024 * 1024,
            max_page: 4 * 1024 * 1024,
            connect_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(20),
            timeout: Duration::from_secs(45),
            max_redirects: 5,
            interval: Duration::from_secs(3600),
        }
    }
}

/// The HTTP server.
#[derive(Debug, Clone, PartialEq)]
pub struct ServeSettings {
    /// Where it listens.
    pub listen: Vec<SocketAddr>,
    /// Networks whose `X-Forwarded-For` counts.
    pub trusted_proxies: Vec<IpNet>,
    /// Searches a client may make in a minute.
    pub searches_per_minute: u32,
    /// Connections at once.
    pub max_connections: usize,
}

impl Default for ServeSettings {
    fn default() -> Self {
        Self {
            listen: vec![SocketAddr::from(([127, 0, 0, 1], 8080))],
            trusted_proxies: Vec::new(),
            searches_per_minute: 30,
            max_connections: 4096,
        }
    }
}

/// The database.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StoreSettings {
    /// The database file; `None` for the place that the system or the configuration folder gives.
    pub database: Option<PathBuf>,
    /// Texts of entries older than this are dropped, titles and links stay; `None` keeps them for ever.
    pub retention: Option<Duration>,
}

/// When entries of two sources tell the same news. Either can be made stricter than its default, neither looser: the defaults
/// are as loose as no wrong merge allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DedupeSettings {
    /// Minutes within which copies appear.
    pub window_minutes: i64,
    /// Per cent of the shorter text's word pairs that the longer one holds.
    pub shared: u32,
}

impl Default for DedupeSettings {
    fn default() -> Self {
        Self {
            window_minutes: 72 * 60,
            shared: 55,
        }
    }
}

/// Sizes of what is published.
#[derive(Debug, Clone, PartialEq)]
pub struct PublishSettings {
    /// Entries of a live feed.
    pub feed_size: usize,
    /// Entries of a sealed archive document.
    pub archive_size: usize,
    /// Characters of a summary.
    pub summary_length: usize,
}

impl Default for PublishSettings {
    fn default() -> Self {
        Self {
            feed_size: 100,
            archive_size: 100,
            summary_length: 280,
        }
    }
}

/// Hubs (WebSub).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WebSubSettings {
    /// Hubs that are told of changes.
    pub hubs: Vec<Url>,
    /// Whether a hub of our own runs at `/hub`.
    pub own_hub: bool,
    /// Whether we subscribe to the hubs of the feeds we read; needs a public `base_url`.
    pub subscribe: bool,
}

/// Who is told of incidents.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NotifySettings {
    /// A JSON POST goes here.
    pub webhook: Option<Url>,
    /// Mail goes here, by the system's `sendmail`.
    pub mail: Option<String>,
}

/// A feed that the configuration defines: all its conditions must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NamedFeed {
    /// Its name in `/feeds/NAME.atom`.
    pub name: String,
    /// Its title.
    pub title: Option<String>,
    /// Patterns of which one must match; empty for all.
    pub any: Vec<String>,
    /// Patterns of which none may match.
    pub not: Vec<String>,
    /// Sources of which one must carry it; empty for all.
    pub sources: Vec<SourceId>,
    /// Categories of which one must be there; empty for all.
    pub categories: Vec<String>,
}
