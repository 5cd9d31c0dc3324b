//! Writes a [`FeedDocument`] as Atom 1.0 (RFC 4287) with RFC 5005's and RFC 6721's elements. Owner of atom_syndication.
//!
//! Markup is written as `type="html"` only: the library passes XHTML through unchecked. Times go without fractions.
//!
//! Why: the grammar of RFC 4287 puts entries last, and the library writes extensions after them. So the head is
//! written with extensions and no entries, the entries are written without, and the two are joined at the seam.

use std::collections::BTreeMap;

use atom_syndication as syndication;
use chrono::SubsecRound;
use syndication::extension::{Extension, ExtensionMap};
use syndication::{Feed, Generator, Link, Person, Text};

use super::{Error, FeedDocument, Place};

mod entry;

/// The namespace of `samflode:carrier`, which names the sources that told an entry by their ids.
const CARRIERS: &str = "urn:uuid:5d0b9c62-3f0e-4b7e-9a55-27e6f1c04a11";
const HISTORY: &str = "http://purl.org/syndication/history/1.0";
const TOMBSTONES: &str = "http://purl.org/atompub/tombstones/1.0";

/// The whole document, UTF-8.
pub fn write(document: &FeedDocument) -> Result<Vec<u8>, Error> {
    let mut head = head(document);
    let extended = without_end(bytes(&head)?);
    head.extensions = ExtensionMap::new();
    let seam = without_end(bytes(&head)?).len();
    head.entries = document
        .standing()
        .map(|published| entry::entry(published, document))
        .collect();
    let mut out = bytes(&head)?;
    out.splice(..seam.min(out.len()), extended);
    Ok(out)
}

fn bytes(feed: &Feed) -> Result<Vec<u8>, Error> {
    feed.write_to(Vec::new())
        .map_err(|error| Error::Atom(error.to_string()))
}

fn without_end(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.truncate(bytes.len().saturating_sub(b"</feed>".len()));
    bytes
}

fn head(document: &FeedDocument) -> Feed {
    Feed {
        title: text(&document.title, None),
        id: document.id.clone(),
        updated: document.updated().fixed_offset(),
        authors: vec![Person {
            name: document.author.clone(),
            ..Person::default()
        }],
        generator: Some(Generator {
            value: "samflode".into(),
            uri: None,
            version: Some(env!("CARGO_PKG_VERSION").into()),
        }),
        icon: document.icon.clone(),
        logo: document.logo.clone(),
        links: links(document),
        rights: document.rights.as_deref().map(|t| text(t, None)),
        subtitle: document.subtitle.as_deref().map(|t| text(t, None)),
        lang: Some(document.language.to_string()),
        namespaces: namespaces(document),
        extensions: extensions(document),
        ..Feed::default()
    }
}

fn links(document: &FeedDocument) -> Vec<Link> {
    let mut links = vec![link("alternate", &document.page, Some("text/html"))];
    for (ending, kind) in [
        ("rss", "application/rss+xml"),
        ("json", "application/feed+json"),
    ] {
        if !matches!(document.place, Place::Archive { .. }) {
            links.push(link("alternate", &document.address(ending), Some(kind)));
        }
    }
    let own = Some("application/atom+xml");
    links.push(link("self", &document.address("atom"), own));
    for hub in &document.hubs {
        links.push(link("hub", hub, None));
    }
    let (current, previous) = match &document.place {
        Place::Live { prev_archive } => (None, prev_archive.as_ref()),
        Place::Archive {
            current,
            prev_archive,
        } => (Some(current), prev_archive.as_ref()),
        Place::Delta => (None, None),
    };
    links.extend(current.map(|href| link("current", href, own)));
    links.extend(previous.map(|href| link("prev-archive", href, own)));
    links
}

fn namespaces(document: &FeedDocument) -> BTreeMap<String, String> {
    let mut spaces = BTreeMap::from([("samflode".to_owned(), CARRIERS.to_owned())]);
    if matches!(document.place, Place::Archive { .. }) {
        spaces.insert("fh".into(), HISTORY.into());
    }
    if document.entries.iter().any(|e| e.withdrawn.is_some()) {
        spaces.insert("at".into(), TOMBSTONES.into());
    }
    spaces
}

fn extensions(document: &FeedDocument) -> ExtensionMap {
    let mut map = ExtensionMap::new();
    let mut add = |prefix: &str, name: &str, extension: Extension| {
        map.entry(prefix.to_owned())
            .or_default()
            .entry(name.to_owned())
            .or_default()
            .push(extension);
    };
    if matches!(document.place, Place::Archive { .. }) {
        add("fh", "archive", element("fh:archive"));
    }
    for entry in &document.entries {
        let Some(when) = entry.withdrawn else {
            continue;
        };
        let mut deleted = element("at:deleted-entry");
        deleted.attrs.insert("ref".into(), entry.id.clone());
        let when = when.trunc_subsecs(0).to_rfc3339();
        deleted.attrs.insert("when".into(), when);
        add("at", "deleted-entry", deleted);
    }
    map
}

pub(super) fn element(name: &str) -> Extension {
    Extension {
        name: name.into(),
        ..Extension::default()
    }
}

fn link(rel: &str, href: &str, media_type: Option<&str>) -> Link {
    Link {
        href: href.into(),
        rel: rel.into(),
        mime_type: media_type.map(Into::into),
        ..Link::default()
    }
}

fn text(value: &str, language: Option<&str>) -> Text {
    Text {
        value: value.into(),
        lang: language.map(Into::into),
        ..Text::default()
    }
}
