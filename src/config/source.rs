//! `sources.toml`: the bodies that are followed, one `[[source]]` each.

use std::collections::HashMap;
use std::ops::Range;

use toml::de::{DeTable, DeValue};
use url::Url;

use super::problem::{Complaint, Log};
use super::quantity::size;
use super::schedule;
use super::section::{Section, members, unknown_tables};
use super::settings::positive;
use super::value;
use crate::model::{
    Activity, Category, Extent, Kind, Limits, Relearn, Robots, Role, Rules, Settings, Source,
    SourceId,
};
use crate::scrape;

/// A source with where its name and address were written, for problems that involve two of them.
pub(super) struct Placed {
    pub source: Source,
    id_span: Range<usize>,
    address_span: Range<usize>,
}

/// Reads the whole file.
pub(super) fn read(root: &DeTable<'_>, settings: &Settings, log: &mut Log) -> Vec<Source> {
    unknown_tables(root, &["source"], log);
    let mut placed = Vec::new();
    let mut whole = Section::new("this file", root, 0..0, log);
    if let Some(value) = whole.value("source") {
        for member in members(value) {
            let DeValue::Table(table) = member.get_ref() else {
                whole.wrong_type("source", member, "tables such as `[[source]]`");
                continue;
            };
            let section = Section::new("`[[source]]`", table, member.span(), whole.log());
            placed.extend(source(section, settings));
        }
    }
    tell_doubles(&placed, log);
    placed.into_iter().map(|placed| placed.source).collect()
}

fn source(mut section: Section<'_, '_>, settings: &Settings) -> Option<Placed> {
    let id = required(&mut section, "id", value::name);
    let addresses = addresses(&mut section);
    let kind = kind(&mut section);
    let time_zone = section.read("time_zone", value::time_zone);
    let title = section.read("title", value::any);
    let (address, former) = match addresses.split_first() {
        Some((address, former)) => (Some(address.clone()), former.to_vec()),
        None => (None, Vec::new()),
    };
    let source = Source {
        id: SourceId::new(id.clone().unwrap_or_default()),
        title: title.unwrap_or_else(|| host_name(address.as_ref())),
        limits: limits(&mut section, &kind, settings),
        address: address
            .clone()
            .unwrap_or_else(|| settings.site.base_url.clone()),
        former,
        home: section.read("home", value::address),
        kind,
        language: section.read("language", value::language),
        time_zone: time_zone.unwrap_or(settings.site.time_zone),
        categories: categories(&mut section),
        role: section.choice("role", &ROLES).unwrap_or_default(),
        schedule: schedule::read(&mut section, address.as_ref(), settings),
        only: section
            .read_list("only", value::pattern)
            .unwrap_or_default(),
        not: section.read_list("not", value::pattern).unwrap_or_default(),
        extent: section.choice("publish", &EXTENTS).unwrap_or_default(),
        activity: section.choice("state", &STATES).unwrap_or_default(),
        robots: section.choice("robots", &ROBOTS).unwrap_or_default(),
        relearn: section.choice("relearn", &RELEARN).unwrap_or_default(),
    };
    let id_span = section.span_of("id");
    let address_span = section.span_of("address");
    section.finish();
    let is_whole = id.is_some() && address.is_some();
    is_whole.then_some(Placed {
        source,
        id_span,
        address_span,
    })
}

const ROLES: [(&str, Role); 3] = [
    ("issuer", Role::Issuer),
    ("wire", Role::Wire),
    ("press", Role::Press),
];

const EXTENTS: [(&str, Extent); 3] = [
    ("title", Extent::Title),
    ("summary", Extent::Summary),
    ("full", Extent::Full),
];

const STATES: [(&str, Activity); 3] = [
    ("active", Activity::Active),
    ("off", Activity::Off),
    ("retired", Activity::Retired),
];

const ROBOTS: [(&str, Robots); 2] = [
    ("obey", Robots::Obey),
    ("feed-is-invitation", Robots::FeedIsInvitation),
];

const RELEARN: [(&str, Relearn); 2] = [("propose", Relearn::Propose), ("auto", Relearn::Auto)];

fn required<T>(
    section: &mut Section<'_, '_>,
    key: &'static str,
    read: impl FnOnce(&str) -> Result<T, Complaint>,
) -> Option<T> {
    let value = section.read(key, read);
    if !section.has(key) {
        section.complain(key, Complaint::new(format!("a source without `{key}`")));
    }
    value
}

fn addresses(section: &mut Section<'_, '_>) -> Vec<Url> {
    let addresses = section.read_list("address", value::address);
    if !section.has("address") {
        section.complain("address", Complaint::new("a source without `address`"));
    } else if section
        .value("address")
        .is_some_and(|value| members(value).next().is_none())
    {
        section.complain("address", Complaint::new("`address` is an empty list"));
    }
    addresses.unwrap_or_default()
}

fn host_name(address: Option<&Url>) -> String {
    let host = address.and_then(Url::host_str).unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host).to_owned()
}

fn kind(section: &mut Section<'_, '_>) -> Kind {
    let kinds = [("feed", false), ("page", true)];
    let said = section.choice("kind", &kinds);
    let rules = rules(section);
    match (said, section.has("rules")) {
        (Some(true), _) => Kind::Page(rules),
        (None, true) if !section.has("kind") => Kind::Page(rules),
        (Some(false), true) => {
            let complaint = Complaint::new("`rules` are for pages, and this source is a feed");
            section.complain(
                "rules",
                complaint.hint("write `kind = \"page\"`, or leave the rules out"),
            );
            Kind::Feed
        }
        _ => Kind::Feed,
    }
}

fn rules(section: &mut Section<'_, '_>) -> Option<Rules> {
    let mut table = section.child("rules", "`rules`")?;
    let entry = table.read("entry", value::any);
    if !table.has("entry") {
        let complaint = Complaint::new("rules without `entry`").hint(
            "`entry` selects each entry of the list; leave the rules out to have the list detected",
        );
        table.complain("entry", complaint);
    }
    let rules = Rules {
        entry: entry.unwrap_or_default(),
        link: table.read("link", value::any),
        title: table.read("title", value::any),
        date: table.read("date", value::any),
        summary: table.read("summary", value::any),
        image: table.read("image", value::any),
    };
    let wrong = scrape::check_rules(&rules);
    for error in wrong.iter().filter(|_| !rules.entry.is_empty()) {
        let written = table.text(error.which).unwrap_or_default();
        let message = format!("`{written}` is not a CSS selector: {}", error.reason);
        table.complain(error.which, Complaint::new(message).hint(SELECTORS));
    }
    table.finish();
    (!rules.entry.is_empty()).then_some(rules)
}

const SELECTORS: &str = "such as `main article` or `.news-list > li`; \
                         `samflode discover` proposes some";

fn categories(section: &mut Section<'_, '_>) -> Vec<Category> {
    let Some(value) = section.value("categories") else {
        return Vec::new();
    };
    let mut categories = Vec::new();
    for member in members(value) {
        match member.get_ref() {
            DeValue::Table(table) => {
                let name = "a category";
                let table = Section::new(name, table, member.span(), section.log());
                categories.extend(detailed_category(table));
            }
            DeValue::String(term) if !term.trim().is_empty() => categories.push(Category {
                term: term.trim().to_owned(),
                scheme: None,
                label: None,
            }),
            _ => section.wrong_type("categories", member, "a list of words"),
        }
    }
    categories
}

fn detailed_category(mut table: Section<'_, '_>) -> Option<Category> {
    let term = required(&mut table, "term", value::any);
    let scheme = table.read("scheme", value::address).map(String::from);
    let label = table.read("label", value::any);
    table.finish();
    Some(Category {
        term: term?,
        scheme,
        label,
    })
}

fn limits(section: &mut Section<'_, '_>, kind: &Kind, settings: &Settings) -> Limits {
    let usual = Limits::default();
    let fetch = &settings.fetch;
    let usual_body = match kind {
        Kind::Feed => fetch.max_body,
        Kind::Page(_) => fetch.max_page,
    };
    let limits = Limits {
        max_body: section.size("max_body", size).unwrap_or(usual_body),
        timeout: positive(section, "timeout").unwrap_or(fetch.timeout),
        entry_pages: section
            .whole("entry_pages", 0..=100)
            .unwrap_or(usual.entry_pages),
        flood: section
            .whole("flood_limit", 0..=100_000)
            .unwrap_or(usual.flood),
        history: section.whole("history", 1..=1000).unwrap_or(usual.history),
    };
    if limits.max_body > fetch.byte_budget {
        let complaint = Complaint::new("`max_body` is greater than `byte_budget` of `[fetch]`");
        section.complain("max_body", complaint);
    }
    limits
}

/// Two sources of one name are an error; two of one address are worth a warning.
fn tell_doubles(placed: &[Placed], log: &mut Log) {
    let mut by_id = HashMap::new();
    let mut by_address = HashMap::new();
    for one in placed {
        let id = one.source.id.as_str();
        if let Some(first) = by_id.get(id) {
            let line = log.line(*first);
            let complaint = Complaint::new(format!("a second source is named `{id}`"))
                .hint(format!("the first is on line {line}; names are unique"));
            log.problem(&one.id_span, complaint);
        } else {
            by_id.insert(id, one.id_span.start);
        }
        for address in std::iter::once(&one.source.address).chain(&one.source.former) {
            let key = same_address(address);
            let first = *by_address.entry(key).or_insert(id);
            if first != id {
                let message = format!("`{id}` and `{first}` have the address {address}");
                let complaint = Complaint::new(message).hint(ONE_ADDRESS);
                log.warning(&one.address_span, complaint);
            }
        }
    }
}

const ONE_ADDRESS: &str = "one source can have several addresses; two sources of one address \
                           tell everything twice";

/// What two spellings of one address share: no scheme, no `www.`, no final slash.
fn same_address(address: &Url) -> String {
    let host = address.host_str().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    let port = address
        .port()
        .map(|port| format!(":{port}"))
        .unwrap_or_default();
    let path = address.path().trim_end_matches('/');
    format!("{host}{port}{path}?{}", address.query().unwrap_or_default())
}
