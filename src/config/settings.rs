//! `samflode.toml`: what the operator decides. Fills [`Settings`]; whatever is left out keeps its default.

use std::path::PathBuf;
use std::time::Duration;

use toml::de::{DeTable, DeValue};

use super::problem::{Complaint, Log};
use super::quantity::{duration, size, spoken};
use super::section::{Section, unknown_tables};
use super::value;
use crate::model::{
    DedupeSettings, FetchSettings, NamedFeed, NotifySettings, PublishSettings, ServeSettings,
    Settings, SiteSettings, SourceId, StoreSettings, WebSubSettings,
};

/// The tables that the file may hold.
const TABLES: [&str; 9] = [
    "site", "fetch", "serve", "store", "dedupe", "publish", "websub", "notify", "feeds",
];

/// Reads the whole file.
pub(super) fn read(root: &DeTable<'_>, log: &mut Log) -> Settings {
    unknown_tables(root, &TABLES, log);
    let mut settings = Settings::default();
    let mut whole = Section::new("this file", root, 0..0, log);
    with(&mut whole, "site", "`[site]`", |section| {
        site(section, &mut settings.site)
    });
    with(&mut whole, "fetch", "`[fetch]`", |section| {
        fetch(section, &mut settings.fetch)
    });
    with(&mut whole, "serve", "`[serve]`", |section| {
        serve(section, &mut settings.serve)
    });
    with(&mut whole, "store", "`[store]`", |section| {
        store(section, &mut settings.store)
    });
    with(&mut whole, "dedupe", "`[dedupe]`", |section| {
        dedupe(section, &mut settings.dedupe)
    });
    with(&mut whole, "publish", "`[publish]`", |section| {
        publish(section, &mut settings.publish)
    });
    with(&mut whole, "websub", "`[websub]`", |section| {
        websub(section, &mut settings.websub)
    });
    with(&mut whole, "notify", "`[notify]`", |section| {
        notify(section, &mut settings.notify)
    });
    settings.feeds = feeds(&mut whole);
    look_over(&mut whole, &mut settings);
    settings
}

/// Reads a table if it is there, then tells its unknown keys.
fn with(
    whole: &mut Section<'_, '_>,
    key: &'static str,
    name: &str,
    read: impl FnOnce(&mut Section<'_, '_>),
) {
    if let Some(mut section) = whole.child(key, name) {
        read(&mut section);
        section.finish();
    }
}

/// Puts a value that was given in the place of the default.
fn set<T>(place: &mut T, given: Option<T>) {
    if let Some(value) = given {
        *place = value;
    }
}

fn site(section: &mut Section<'_, '_>, site: &mut SiteSettings) {
    set(&mut site.title, section.read("title", value::any));
    site.subtitle = section.read("subtitle", value::any);
    set(&mut site.author, section.read("author", value::any));
    set(&mut site.base_url, section.read("base_url", value::base));
    set(
        &mut site.language,
        section.read("language", value::language),
    );
    set(
        &mut site.time_zone,
        section.read("time_zone", value::time_zone),
    );
    site.contact = section.read("contact", value::contact);
    site.tag_authority = section.read("tag_authority", value::tag_authority);
    site.logo = section.read("logo", value::address);
    site.icon = section.read("icon", value::address);
    site.rights = section.read("rights", value::any);
}

fn fetch(section: &mut Section<'_, '_>, fetch: &mut FetchSettings) {
    fetch.contact = section.read("contact", value::contact);
    fetch.from = section.read("from", value::mail);
    set(
        &mut fetch.allow_private,
        section.read_list("allow_private", value::network),
    );
    fetch.proxy = section.read("proxy", value::proxy);
    fetch.ca_file = section.read("ca_file", value::any).map(PathBuf::from);
    set(
        &mut fetch.concurrency,
        section.whole("concurrency", 1..=1024),
    );
    set(&mut fetch.per_host, section.whole("per_host", 1..=16));
    set(&mut fetch.spacing, section.duration("spacing", duration));
    set(&mut fetch.byte_budget, section.size("byte_budget", size));
    set(&mut fetch.max_body, section.size("max_body", size));
    set(&mut fetch.max_page, section.size("max_page", size));
    set(
        &mut fetch.connect_timeout,
        positive(section, "connect_timeout"),
    );
    set(&mut fetch.idle_timeout, positive(section, "idle_timeout"));
    set(&mut fetch.timeout, positive(section, "timeout"));
    set(
        &mut fetch.max_redirects,
        section.whole("max_redirects", 0..=20),
    );
    set(&mut fetch.interval, positive(section, "interval"));
    let greatest = fetch.max_body.max(fetch.max_page);
    if fetch.byte_budget < greatest {
        let complaint = Complaint::new("`byte_budget` is smaller than the greatest single body")
            .hint("raise `byte_budget`, or lower `max_body` and `max_page`");
        section.complain("byte_budget", complaint);
    }
}

fn serve(section: &mut Section<'_, '_>, serve: &mut ServeSettings) {
    let listen = section.read_list("listen", value::listen);
    if listen.as_ref().is_some_and(Vec::is_empty) && section.has("listen") {
        let complaint = Complaint::new("`listen` names no usable address");
        section.complain(
            "listen",
            complaint.hint("leave it out for `127.0.0.1:8080`"),
        );
    }
    set(&mut serve.listen, listen);
    set(
        &mut serve.trusted_proxies,
        section.read_list("trusted_proxies", value::network),
    );
    set(
        &mut serve.searches_per_minute,
        section.whole("searches_per_minute", 1..=100_000),
    );
    set(
        &mut serve.max_connections,
        section.whole("max_connections", 1..=1_000_000),
    );
}

fn store(section: &mut Section<'_, '_>, store: &mut StoreSettings) {
    store.database = section.read("database", value::any).map(PathBuf::from);
    let forever = |text: &str| match text {
        "forever" => Ok(None),
        _ => duration(text)
            .map(Some)
            .map_err(|complaint| complaint.hint("write `forever`, or a time such as `5 years`")),
    };
    store.retention = section.read("retention", forever).flatten();
    let day = Duration::from_secs(86_400);
    if store.retention.is_some_and(|retention| retention < day) {
        section.complain(
            "retention",
            Complaint::new("`retention` must be at least 1 d"),
        );
    }
}

fn dedupe(section: &mut Section<'_, '_>, dedupe: &mut DedupeSettings) {
    let most = Duration::from_secs(72 * 3600);
    let window = section.duration("window", duration);
    if window.is_some_and(|window| window < Duration::from_secs(60) || window > most) {
        let complaint = Complaint::new("`window` must be between 1 min and 72 h");
        section.complain(
            "window",
            complaint.hint("what is told again after three days is other news more often than not"),
        );
    }
    let minutes = window.and_then(|window| i64::try_from(window.as_secs() / 60).ok());
    set(&mut dedupe.window_minutes, minutes);
    set(&mut dedupe.shared, section.whole("shared", 55..=100));
}

fn publish(section: &mut Section<'_, '_>, publish: &mut PublishSettings) {
    set(
        &mut publish.feed_size,
        section.whole("feed_size", 1..=100_000),
    );
    set(
        &mut publish.archive_size,
        section.whole("archive_size", 1..=10_000),
    );
    set(
        &mut publish.summary_length,
        section.whole("summary_length", 20..=10_000),
    );
}

fn websub(section: &mut Section<'_, '_>, websub: &mut WebSubSettings) {
    set(&mut websub.hubs, section.read_list("hubs", value::address));
    set(
        &mut websub.own_hub,
        section.choice("hub", &[("own", true), ("none", false)]),
    );
    set(&mut websub.subscribe, section.flag("subscribe"));
}

fn notify(section: &mut Section<'_, '_>, notify: &mut NotifySettings) {
    notify.webhook = section.read("webhook", value::address);
    notify.mail = section.read("on_incident", value::mail);
}

/// A duration that is not zero.
pub(super) fn positive(section: &mut Section<'_, '_>, key: &'static str) -> Option<Duration> {
    section.duration(key, |text| match duration(text)? {
        Duration::ZERO => Err(Complaint::new(format!("`{key}` must not be 0"))),
        duration => Ok(duration),
    })
}

fn feeds(whole: &mut Section<'_, '_>) -> Vec<NamedFeed> {
    let Some(value) = whole.value("feeds") else {
        return Vec::new();
    };
    let DeValue::Table(table) = value.get_ref() else {
        whole.wrong_type("feeds", value, "tables such as `[feeds.textiles]`");
        return Vec::new();
    };
    let mut feeds = Vec::new();
    for (key, value) in table.iter() {
        let name = key.get_ref().as_ref();
        if let Err(complaint) = value::name(name) {
            whole.log().problem(&key.span(), complaint);
        }
        let DeValue::Table(table) = value.get_ref() else {
            whole.wrong_type(name, value, "a table");
            continue;
        };
        let title = format!("`[feeds.{name}]`");
        let section = Section::new(&title, table, value.span(), whole.log());
        feeds.push(named_feed(name, section));
    }
    feeds
}

fn named_feed(name: &str, mut section: Section<'_, '_>) -> NamedFeed {
    let feed = NamedFeed {
        name: name.to_owned(),
        title: section.read("title", value::any),
        any: section.read_list("any", value::pattern).unwrap_or_default(),
        not: section.read_list("not", value::pattern).unwrap_or_default(),
        sources: section
            .read_list("sources", |text| value::name(text).map(SourceId::new))
            .unwrap_or_default(),
        categories: section
            .read_list("categories", value::any)
            .unwrap_or_default(),
    };
    section.finish();
    feed
}

/// What can only be judged when all is read.
fn look_over(whole: &mut Section<'_, '_>, settings: &mut Settings) {
    if settings.fetch.contact.is_none() {
        settings.fetch.contact.clone_from(&settings.site.contact);
    }
    if settings.fetch.contact.is_none() {
        let complaint =
            Complaint::new("no `contact` is set: webmasters of the polled sites cannot reach you")
                .hint("write `contact = \"mailto:you@example.org\"` under `[site]`");
        whole.warn("site", complaint);
    }
    let interval = settings.fetch.interval;
    if interval < Duration::from_secs(600) {
        let complaint =
            Complaint::new(format!("every source is polled every {}", spoken(interval)))
                .hint("public bodies do not publish that often; `1 h` is the custom");
        whole.warn("fetch", complaint);
    }
    let wants_address = settings.websub.subscribe || settings.websub.own_hub;
    let is_local = settings.site.base_url.host_str() == Some("127.0.0.1")
        && settings.fetch.allow_private.is_empty();
    if wants_address && is_local {
        let complaint = Complaint::new("WebSub needs a public `base_url`")
            .hint("set `base_url` under `[site]` to the address that others reach this service by");
        whole.warn("websub", complaint);
    }
}
