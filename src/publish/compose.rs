//! From a cluster of stored entries to the one entry that is published: who speaks, what is said, who else carried it.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};

use super::entry::{Carrier, Origin, PublishedEntry};
use super::source::{SourceInfo, absolute_iri};
use super::text::{MAX_TITLE, address, markup, person, plain, spelled};
use crate::html;
use crate::model::{
    Category, ClusterId, Enclosure, Entry, EntryId, Extent, Person, SourceId, StoredEntry,
};

/// Categories and enclosures beyond this are a stranger's joke.
const MAX_LIST: usize = 30;

/// A cluster as the store holds it, with its members.
#[derive(Debug, Clone, PartialEq)]
pub struct ClusterFacts {
    /// Its number.
    pub id: ClusterId,
    /// Its frozen `atom:id`.
    pub published_id: String,
    /// The latest publication of it.
    pub sequence: i64,
    /// The last material change: by its source's word at first, by ours from then on.
    pub updated: DateTime<Utc>,
    /// When it took its place in the sequence.
    pub changed: DateTime<Utc>,
    /// The entry that speaks for it.
    pub representative: EntryId,
    /// All entries of it, by arrival.
    pub members: Vec<StoredEntry>,
    /// When the operator took it down, if that is so.
    pub taken_down: Option<DateTime<Utc>>,
}

impl PublishedEntry {
    /// What is published of a cluster; `None` for one without members.
    pub fn compose(
        facts: &ClusterFacts,
        sources: &HashMap<SourceId, SourceInfo>,
        summary_length: usize,
    ) -> Option<Self> {
        let stored = speaker(facts)?;
        let entry = &stored.entry;
        let source = info(sources, stored);
        Some(Self {
            cluster: facts.id,
            id: facts.published_id.clone(),
            sequence: facts.sequence,
            title: title(&entry.title),
            summary: summary(entry, source.extent, summary_length),
            content: content(entry, source.extent),
            link: spelled(entry.link.clone()),
            language: entry.language.clone().or_else(|| source.language.clone()),
            published: entry.published,
            date_origin: entry.date_origin,
            updated: facts.updated,
            changed: facts.changed,
            authors: authors(entry, &source),
            categories: categories(entry, &source),
            enclosures: enclosures(entry),
            image: entry.image.as_deref().and_then(address),
            rights: rights(entry, &source),
            origin: origin(entry, &source, facts),
            carriers: carriers(facts, stored, sources),
            withdrawn: facts.taken_down.or_else(|| all_withdrawn(&facts.members)),
            is_taken_down: facts.taken_down.is_some(),
        })
    }
}

/// The representative, or the first carrier that still stands where the representative's body took it back.
fn speaker(facts: &ClusterFacts) -> Option<&StoredEntry> {
    let stands = |member: &&StoredEntry| member.withdrawn.is_none();
    let named = facts
        .members
        .iter()
        .find(|member| member.id == facts.representative);
    named
        .filter(stands)
        .or_else(|| facts.members.iter().find(stands))
        .or(named)
        .or_else(|| facts.members.first())
}

fn info(sources: &HashMap<SourceId, SourceInfo>, stored: &StoredEntry) -> SourceInfo {
    sources
        .get(&stored.source)
        .cloned()
        .unwrap_or_else(|| SourceInfo::forgotten(&stored.source, &stored.entry.link))
}

fn all_withdrawn(members: &[StoredEntry]) -> Option<DateTime<Utc>> {
    let last = members.iter().filter_map(|member| member.withdrawn).max()?;
    members
        .iter()
        .all(|member| member.withdrawn.is_some())
        .then_some(last)
}

fn title(text: &str) -> String {
    let text = html::excerpt(&plain(text), MAX_TITLE);
    if text.is_empty() { "–".into() } else { text }
}

fn summary(entry: &Entry, extent: Extent, length: usize) -> Option<String> {
    if extent == Extent::Title {
        return None;
    }
    let body = entry.summary.as_deref().or(entry.content.as_deref())?;
    let text = html::excerpt(&plain(&html::to_text(body)), length);
    (!text.is_empty()).then_some(text)
}

fn content(entry: &Entry, extent: Extent) -> Option<String> {
    if extent != Extent::Full {
        return None;
    }
    let body = markup(entry.content.as_deref().or(entry.summary.as_deref())?);
    (!body.trim().is_empty()).then_some(body)
}

fn authors(entry: &Entry, source: &SourceInfo) -> Vec<Person> {
    let named: Vec<Person> = entry
        .authors
        .iter()
        .take(MAX_LIST)
        .filter_map(person)
        .collect();
    if !named.is_empty() {
        return named;
    }
    vec![Person {
        name: Some(source.title.clone()),
        email: None,
        url: None,
    }]
}

fn categories(entry: &Entry, source: &SourceInfo) -> Vec<Category> {
    let mut seen = HashSet::new();
    source
        .categories
        .iter()
        .chain(&entry.categories)
        .filter_map(|category| {
            let term = html::excerpt(&plain(&category.term), 200);
            let is_new = !term.is_empty() && seen.insert(term.to_lowercase());
            is_new.then(|| Category {
                term,
                scheme: category.scheme.as_deref().and_then(scheme),
                label: category
                    .label
                    .as_deref()
                    .map(plain)
                    .filter(|label| !label.is_empty()),
            })
        })
        .take(MAX_LIST)
        .collect()
}

/// A scheme is an address, or an id of another kind.
fn scheme(text: &str) -> Option<String> {
    address(text).or_else(|| absolute_iri(text))
}

fn enclosures(entry: &Entry) -> Vec<Enclosure> {
    let mut seen = HashSet::new();
    entry
        .enclosures
        .iter()
        .filter_map(|enclosure| {
            let url = address(&enclosure.url)?;
            seen.insert(url.clone()).then(|| Enclosure {
                url,
                media_type: enclosure.media_type.clone().filter(|kind| is_media(kind)),
                length: enclosure.length,
            })
        })
        .take(MAX_LIST)
        .collect()
}

fn is_media(kind: &str) -> bool {
    let fit = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    kind.split_once('/')
        .is_some_and(|(main, sub)| fit(main) && fit(sub))
}

fn rights(entry: &Entry, source: &SourceInfo) -> Option<String> {
    let text = plain(entry.rights.as_deref().or(source.rights.as_deref())?);
    (!text.is_empty()).then(|| html::excerpt(&text, MAX_TITLE))
}

fn origin(entry: &Entry, source: &SourceInfo, facts: &ClusterFacts) -> Origin {
    let own = Origin {
        id: source.feed_id.clone(),
        title: source.title.clone(),
        updated: source.updated.unwrap_or(facts.updated),
        address: source.feed.clone(),
        page: Some(source.page.clone()),
        rights: source.rights.clone(),
    };
    let Some(first) = &entry.first_source else {
        return own;
    };
    let Some(id) = [&first.id, &first.url]
        .into_iter()
        .flatten()
        .find_map(|id| absolute_iri(id))
    else {
        return own;
    };
    Origin {
        id,
        title: first
            .title
            .as_deref()
            .map_or_else(|| own.title.clone(), plain),
        // Nobody knew of it before it was.
        updated: first
            .updated
            .filter(|updated| *updated <= facts.changed)
            .unwrap_or(facts.updated),
        address: None,
        page: first.url.as_deref().and_then(address),
        rights: None,
    }
}

fn carriers(
    facts: &ClusterFacts,
    speaker: &StoredEntry,
    sources: &HashMap<SourceId, SourceInfo>,
) -> Vec<Carrier> {
    let mut members: Vec<&StoredEntry> = facts.members.iter().collect();
    members.sort_by_key(|member| member.id != speaker.id);
    members
        .into_iter()
        .map(|member| Carrier {
            source: member.source.clone(),
            name: info(sources, member).title,
            link: spelled(member.entry.link.clone()),
            title: title(&member.entry.title),
            published: member.entry.published,
            withdrawn: member.withdrawn,
        })
        .collect()
}
