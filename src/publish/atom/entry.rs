//! One entry in Atom: its texts with their language, its carriers as `via` links, its first feed as `atom:source`.

use std::collections::BTreeMap;

use atom_syndication::extension::ExtensionMap;
use atom_syndication::{Category, Content, Entry, FixedDateTime, Link, Person, Source, Text};
use chrono::{DateTime, SubsecRound, Utc};

use super::{element, link, text};
use crate::model;
use crate::publish::{FeedDocument, Origin, PublishedEntry};

pub(super) fn entry(published: &PublishedEntry, document: &FeedDocument) -> Entry {
    let language = published
        .language
        .as_ref()
        .unwrap_or(&document.language)
        .as_str();
    Entry {
        title: text(&published.title, Some(language)),
        id: published.id.clone(),
        updated: moment(published.updated),
        authors: published.authors.iter().map(person).collect(),
        categories: published.categories.iter().map(category).collect(),
        links: links(published, language),
        published: Some(published.published.at.trunc_subsecs(0)),
        rights: published.rights.as_deref().map(|t| text(t, None)),
        source: Some(source(&published.origin)),
        summary: published
            .summary
            .as_deref()
            .map(|t| text(t, Some(language))),
        content: published
            .content
            .as_deref()
            .map(|t| content(t, published, language)),
        extensions: carriers(published),
        ..Entry::default()
    }
}

/// `samflode:carrier` for each body that told it, the representative's first.
fn carriers(published: &PublishedEntry) -> ExtensionMap {
    let carriers = published.carriers.iter().map(|carrier| {
        let mut named = element("samflode:carrier");
        named
            .attrs
            .insert("source".into(), carrier.source.to_string());
        named
    });
    let named = BTreeMap::from([("carrier".to_owned(), carriers.collect())]);
    ExtensionMap::from([("samflode".to_owned(), named)])
}

fn links(published: &PublishedEntry, language: &str) -> Vec<Link> {
    let mut links = vec![Link {
        hreflang: Some(language.to_owned()),
        ..link("alternate", &published.link, None)
    }];
    // The first is the representative, whose link is the alternate one.
    let others = published.carriers.iter().skip(1);
    for carrier in others.filter(|c| c.withdrawn.is_none()) {
        links.push(Link {
            title: Some(carrier.name.clone()),
            ..link("via", &carrier.link, None)
        });
    }
    for enclosure in &published.enclosures {
        links.push(Link {
            length: enclosure.length.map(|length| length.to_string()),
            ..link("enclosure", &enclosure.url, enclosure.media_type.as_deref())
        });
    }
    if let Some(image) = published
        .image
        .as_deref()
        .filter(|i| !is_enclosed(published, i))
    {
        links.push(link("enclosure", image, Some(image_type(image))));
    }
    links
}

fn is_enclosed(published: &PublishedEntry, image: &str) -> bool {
    published.enclosures.iter().any(|e| e.url == image)
}

/// The media type that an image's address tells; readers show an enclosure as a picture by it.
fn image_type(address: &str) -> &'static str {
    let path = address.split(['?', '#']).next().unwrap_or(address);
    match path
        .rsplit('.')
        .next()
        .map(str::to_ascii_lowercase)
        .as_deref()
    {
        Some("png") => "image/png",
        Some("gif") => "image/gif",
        Some("webp") => "image/webp",
        Some("svg") => "image/svg+xml",
        Some("avif") => "image/avif",
        _ => "image/jpeg",
    }
}

fn content(html: &str, published: &PublishedEntry, language: &str) -> Content {
    Content {
        base: Some(published.link.clone()),
        lang: Some(language.to_owned()),
        value: Some(html.to_owned()),
        src: None,
        content_type: Some("html".into()),
    }
}

fn source(origin: &Origin) -> Source {
    let mut links = Vec::new();
    links.extend(
        origin
            .page
            .as_deref()
            .map(|href| link("alternate", href, None)),
    );
    links.extend(
        origin
            .address
            .as_deref()
            .map(|href| link("self", href, None)),
    );
    Source {
        title: Text::plain(origin.title.clone()),
        id: origin.id.clone(),
        updated: moment(origin.updated),
        authors: vec![Person {
            name: origin.title.clone(),
            ..Person::default()
        }],
        links,
        rights: origin.rights.as_deref().map(|t| text(t, None)),
        ..Source::default()
    }
}

fn person(person: &model::Person) -> Person {
    Person {
        name: person.name.clone().unwrap_or_default(),
        email: person.email.clone(),
        uri: person.url.clone(),
        ..Person::default()
    }
}

fn category(category: &model::Category) -> Category {
    Category {
        term: category.term.clone(),
        scheme: category.scheme.clone(),
        label: category.label.clone(),
    }
}

fn moment(at: DateTime<Utc>) -> FixedDateTime {
    at.trunc_subsecs(0).fixed_offset()
}
