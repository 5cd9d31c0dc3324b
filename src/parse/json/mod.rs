//! JSON Feed 1.0 and 1.1, read by hand so that a wrong type costs one field and not the feed.

mod mend;
mod value;

use std::sync::Arc;

use serde_json::{Map, Value};
use url::Url;

use super::reader::MOST_ENTRIES;
use super::{choice, hint};
use crate::date::{self, Context};
use crate::link;
use crate::model::{
    Category, Enclosure, Language, Link, Moment, ParsedEntry, ParsedFeed, Person, Repair, Text,
};

type Object = Map<String, Value>;

/// Reads a JSON Feed; `None` where it is none.
pub(super) fn read(text: &str, base: &Url, context: &Context) -> Option<ParsedFeed> {
    let (value, repair) = value::read(text)?;
    let Value::Object(mut object) = value else {
        return None;
    };
    let items = match object.remove("items") {
        Some(Value::Array(items)) => Some(items),
        _ => None,
    };
    let version = string(&object, "version");
    let has_version = version
        .as_deref()
        .is_some_and(|v| v.contains("jsonfeed.org"));
    let is_alike = items.is_some() && object.contains_key("title");
    if !has_version && !is_alike {
        return None;
    }
    let reader = Reader {
        base,
        shared_base: Arc::new(base.clone()),
        context,
    };
    let mut feed = reader.feed(&object);
    // One after the other, so that what is read already is no longer in memory twice.
    for item in items.into_iter().flatten().take(MOST_ENTRIES) {
        if let Value::Object(item) = item {
            feed.entries.push(reader.entry(&item));
        }
    }
    if !has_version {
        feed.repairs.push(Repair("json-feed-version".into()));
    }
    feed.repairs.extend(repair.map(|name| Repair(name.into())));
    choice::inherit_language(&mut feed);
    Some(feed)
}

struct Reader<'a> {
    base: &'a Url,
    shared_base: Arc<Url>,
    context: &'a Context,
}

impl Reader<'_> {
    fn feed(&self, object: &Object) -> ParsedFeed {
        let mut feed = ParsedFeed {
            id: string(object, "feed_url"),
            title: self.text(object, "title", Text::plain),
            subtitle: self.text(object, "description", Text::plain),
            link: self.address(object, "home_page_url"),
            language: string(object, "language").and_then(|tag| Language::new(&tag)),
            authors: self.authors(object),
            image: self
                .address(object, "icon")
                .or_else(|| self.address(object, "favicon")),
            ..ParsedFeed::default()
        };
        feed.links
            .extend(self.link(object, "home_page_url", "alternate"));
        feed.links.extend(self.link(object, "feed_url", "self"));
        feed.hints.hub = self.hub(object);
        feed.hints.next = self
            .address(object, "next_url")
            .filter(|next| next != self.base);
        feed.hints.expired = object.get("expired").and_then(Value::as_bool) == Some(true);
        hint::links(&mut feed.hints, &feed.links);
        feed
    }

    fn entry(&self, item: &Object) -> ParsedEntry {
        let url = self.address(item, "url");
        let external = self.address(item, "external_url");
        let content = self.text(item, "content_html", Text::html);
        let links = ["url", "external_url"];
        let relations = ["alternate", "related"];
        let links = links
            .iter()
            .zip(relations)
            .filter_map(|(key, rel)| self.link(item, key, rel));
        ParsedEntry {
            id: string(item, "id"),
            id_is_iri: true,
            links: links.collect(),
            link: url.or(external),
            title: self.text(item, "title", Text::plain),
            summary: self.text(item, "summary", Text::plain),
            content: content.or_else(|| self.text(item, "content_text", Text::plain)),
            published: self.moment(item, "date_published"),
            updated: self.moment(item, "date_modified"),
            authors: self.authors(item),
            categories: categories(item),
            enclosures: self.enclosures(item),
            image: self
                .address(item, "image")
                .or_else(|| self.address(item, "banner_image")),
            language: string(item, "language").and_then(|tag| Language::new(&tag)),
            ..ParsedEntry::default()
        }
    }

    fn text(&self, object: &Object, key: &str, make: fn(String) -> Text) -> Option<Text> {
        let mut text = make(string(object, key)?);
        text.base = Some(Arc::clone(&self.shared_base));
        Some(text)
    }

    fn address(&self, object: &Object, key: &str) -> Option<Url> {
        let href = object.get(key)?.as_str()?.trim();
        link::resolve(self.base, href).filter(|_| !href.is_empty())
    }

    fn link(&self, object: &Object, key: &str, rel: &str) -> Option<Link> {
        Some(Link {
            href: self.address(object, key)?.into(),
            rel: rel.to_owned(),
            media_type: None,
            hreflang: None,
            title: None,
        })
    }

    fn moment(&self, object: &Object, key: &str) -> Option<Moment> {
        date::parse(&string(object, key)?, self.context)
    }

    /// 1.1 has `authors`, 1.0 had `author`.
    fn authors(&self, object: &Object) -> Vec<Person> {
        let many = object
            .get("authors")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let all = many.chain(object.get("author"));
        let mut people: Vec<Person> = Vec::new();
        for person in all.filter_map(|value| self.person(value)).take(500) {
            if !people.contains(&person) {
                people.push(person);
            }
        }
        people
    }

    fn person(&self, value: &Value) -> Option<Person> {
        if let Some(line) = value.as_str() {
            return super::person::read(line);
        }
        let object = value.as_object()?;
        super::person::completed(Person {
            name: string(object, "name"),
            email: None,
            url: self.address(object, "url").map(String::from),
        })
    }

    fn enclosures(&self, item: &Object) -> Vec<Enclosure> {
        let attachments = item
            .get("attachments")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let attachments = attachments
            .filter_map(Value::as_object)
            .filter_map(|attachment| {
                Some(Enclosure {
                    url: self.address(attachment, "url")?.into(),
                    media_type: string(attachment, "mime_type"),
                    length: attachment.get("size_in_bytes").and_then(number),
                })
            });
        attachments.collect()
    }

    fn hub(&self, object: &Object) -> Option<Url> {
        let hubs = object.get("hubs")?.as_array()?;
        hubs.iter()
            .filter_map(Value::as_object)
            .find_map(|hub| self.address(hub, "url"))
    }
}

fn categories(item: &Object) -> Vec<Category> {
    let tags = item
        .get("tags")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let tags = tags
        .filter_map(Value::as_str)
        .map(str::trim)
        .filter(|tag| !tag.is_empty());
    let category = |tag: &str| Category {
        term: tag.to_owned(),
        scheme: None,
        label: None,
    };
    tags.map(category).collect()
}

/// A string, or a number or truth value written as one; ids were seen as numbers.
fn string(object: &Object, key: &str) -> Option<String> {
    let text = match object.get(key)? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

fn number(value: &Value) -> Option<u64> {
    let real = || value.as_f64().filter(|n| *n >= 0.0).map(|n| n as u64);
    value
        .as_u64()
        .or_else(real)
        .or_else(|| value.as_str()?.trim().parse().ok())
}
