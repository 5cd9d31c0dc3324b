//! Writes a [`FeedDocument`] as RSS 2.0 by the Best Practices Profile: `guid`, `atom:link`, `dc:creator`, `source`,
//! `content:encoded` where a source may be republished in full. Owner of the rss crate.
//!
//! RSS has no word for a withdrawn entry: it is left out.

use rss::extension::atom::{AtomExtension, Link};
use rss::extension::dublincore::DublinCoreExtension;
use rss::{Category, Channel, Enclosure, Guid, Item, Source};

use super::{Error, FeedDocument, PublishedEntry};

/// The whole document, UTF-8.
pub fn write(document: &FeedDocument) -> Result<Vec<u8>, Error> {
    let channel = Channel {
        title: document.title.clone(),
        link: document.page.clone(),
        description: document
            .subtitle
            .clone()
            .unwrap_or_else(|| document.title.clone()),
        language: Some(document.language.to_string()),
        copyright: document.rights.clone(),
        last_build_date: Some(document.updated().to_rfc2822()),
        generator: Some(format!("samflode {}", env!("CARGO_PKG_VERSION"))),
        docs: Some("https://www.rssboard.org/rss-specification".into()),
        atom_ext: Some(AtomExtension {
            links: links(document),
        }),
        items: document.standing().map(item).collect(),
        ..Channel::default()
    };
    channel
        .write_to(Vec::new())
        .map_err(|error| Error::Rss(error.to_string()))
}

fn links(document: &FeedDocument) -> Vec<Link> {
    let own = Link {
        href: document.address("rss"),
        rel: "self".into(),
        mime_type: Some("application/rss+xml".into()),
        ..Link::default()
    };
    let hubs = document.hubs.iter().map(|hub| Link {
        href: hub.clone(),
        rel: "hub".into(),
        ..Link::default()
    });
    std::iter::once(own).chain(hubs).collect()
}

fn item(entry: &PublishedEntry) -> Item {
    Item {
        title: Some(entry.title.clone()),
        link: Some(entry.link.clone()),
        description: entry.summary.as_deref().map(escape),
        content: entry.content.clone(),
        guid: Some(Guid {
            value: entry.id.clone(),
            permalink: false,
        }),
        pub_date: Some(entry.published.utc().to_rfc2822()),
        categories: entry.categories.iter().map(category).collect(),
        enclosure: entry.enclosures.first().map(enclosure),
        source: entry
            .origin
            .address
            .as_ref()
            .or(entry.origin.page.as_ref())
            .map(|url| Source {
                url: url.clone(),
                title: Some(entry.origin.title.clone()),
            }),
        dublin_core_ext: Some(DublinCoreExtension {
            creators: entry
                .authors
                .iter()
                .filter_map(|p| p.name.clone())
                .collect(),
            ..DublinCoreExtension::default()
        }),
        ..Item::default()
    }
}

/// RSS descriptions are HTML: a summary's `<` must stay a less-than sign there.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

fn category(category: &crate::model::Category) -> Category {
    Category {
        name: category.term.clone(),
        domain: category.scheme.clone(),
    }
}

/// All three attributes are required; a length that nobody told is 0 by the profile.
fn enclosure(enclosure: &crate::model::Enclosure) -> Enclosure {
    Enclosure {
        url: enclosure.url.clone(),
        length: enclosure.length.unwrap_or(0).to_string(),
        mime_type: enclosure
            .media_type
            .clone()
            .unwrap_or_else(|| "application/octet-stream".into()),
    }
}
