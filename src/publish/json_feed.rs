//! Writes a [`FeedDocument`] as JSON Feed 1.1, with the extension `_samflode`: carriers, precision of dates, withdrawals.

use chrono::{DateTime, SecondsFormat, SubsecRound, Utc};
use serde::Serialize;

use super::{Carrier, Error, FeedDocument, PublishedEntry};
use crate::model::{DateOrigin, Precision};

/// The whole document, UTF-8.
pub fn write(document: &FeedDocument) -> Result<Vec<u8>, Error> {
    let feed = Feed {
        version: "https://jsonfeed.org/version/1.1",
        title: &document.title,
        home_page_url: &document.page,
        feed_url: document.address("json"),
        description: document.subtitle.as_deref(),
        icon: document.logo.as_deref(),
        favicon: document.icon.as_deref(),
        language: document.language.as_str(),
        authors: vec![Author {
            name: Some(&document.author),
            url: None,
        }],
        hubs: document
            .hubs
            .iter()
            .map(|url| Hub {
                kind: "WebSub",
                url,
            })
            .collect(),
        items: document.entries.iter().map(item).collect(),
    };
    serde_json::to_vec(&feed).map_err(|error| Error::Json(error.to_string()))
}

#[derive(Serialize)]
struct Feed<'a> {
    version: &'static str,
    title: &'a str,
    home_page_url: &'a str,
    feed_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    icon: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    favicon: Option<&'a str>,
    language: &'a str,
    authors: Vec<Author<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hubs: Vec<Hub<'a>>,
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Hub<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    url: &'a str,
}

#[derive(Serialize)]
struct Author<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct Item<'a> {
    id: &'a str,
    url: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_html: Option<&'a str>,
    /// JSON Feed wants one of the two; the title stands in where nothing else may be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    content_text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a str>,
    date_published: String,
    date_modified: String,
    authors: Vec<Author<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<Attachment<'a>>,
    #[serde(rename = "_samflode")]
    extension: Extension<'a>,
}

#[derive(Serialize)]
struct Attachment<'a> {
    url: &'a str,
    mime_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    size_in_bytes: Option<u64>,
}

#[derive(Serialize)]
struct Extension<'a> {
    source: Source<'a>,
    carriers: Vec<Told<'a>>,
    date_precision: Precision,
    date_origin: DateOrigin,
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawn: Option<String>,
}

#[derive(Serialize)]
struct Source<'a> {
    id: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct Told<'a> {
    source: &'a str,
    name: &'a str,
    url: &'a str,
    title: &'a str,
    date_published: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawn: Option<String>,
}

fn item(entry: &PublishedEntry) -> Item<'_> {
    let text = entry.summary.as_deref().unwrap_or(&entry.title);
    Item {
        id: &entry.id,
        url: &entry.link,
        title: &entry.title,
        content_html: entry.content.as_deref(),
        content_text: entry.content.is_none().then_some(text),
        summary: entry.summary.as_deref(),
        image: entry.image.as_deref(),
        date_published: entry.published.at.trunc_subsecs(0).to_rfc3339(),
        date_modified: spell(entry.updated),
        authors: entry
            .authors
            .iter()
            .map(|person| Author {
                name: person.name.as_deref(),
                url: person.url.as_deref(),
            })
            .collect(),
        tags: entry.categories.iter().map(|c| c.term.as_str()).collect(),
        language: entry.language.as_ref().map(|l| l.as_str()),
        attachments: attachments(entry),
        extension: extension(entry),
    }
}

fn attachments(entry: &PublishedEntry) -> Vec<Attachment<'_>> {
    entry
        .enclosures
        .iter()
        .map(|enclosure| Attachment {
            url: &enclosure.url,
            mime_type: enclosure
                .media_type
                .as_deref()
                .unwrap_or("application/octet-stream"),
            size_in_bytes: enclosure.length,
        })
        .collect()
}

fn extension(entry: &PublishedEntry) -> Extension<'_> {
    Extension {
        source: Source {
            id: &entry.origin.id,
            title: &entry.origin.title,
            url: entry.origin.page.as_deref(),
        },
        carriers: entry.carriers.iter().map(told).collect(),
        date_precision: entry.published.precision,
        date_origin: entry.date_origin,
        withdrawn: entry.withdrawn.map(spell),
    }
}

fn told(carrier: &Carrier) -> Told<'_> {
    Told {
        source: carrier.source.as_str(),
        name: &carrier.name,
        url: &carrier.link,
        title: &carrier.title,
        date_published: carrier.published.at.trunc_subsecs(0).to_rfc3339(),
        withdrawn: carrier.withdrawn.map(spell),
    }
}

fn spell(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
