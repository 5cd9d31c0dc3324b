//! `samflode parse FILE`: any feed or page as a refresh would read it, as JSON.
//!
//! The shape of the object is the one of the README: what is not known is absent, titles are plain text, `summary` and
//! `content` are sanitized HTML with absolute addresses, dates are RFC 3339.

use chrono::SecondsFormat;
use serde_json::{Map, Value, json};
use url::Url;

use crate::html;
use crate::model::{Category, Moment, ParsedEntry, ParsedFeed, Person, Repair, Text};

/// What a document says, in the shape that is printed.
pub fn to_json(feed: &ParsedFeed, base: &Url) -> Value {
    let entries: Vec<Value> = feed
        .entries
        .iter()
        .map(|entry| entry_json(entry, base))
        .collect();
    let repairs: Vec<&str> = feed
        .repairs
        .iter()
        .map(|Repair(name)| name.as_str())
        .collect();
    json!({"feed": feed_json(feed, base), "entries": entries, "repairs": repairs})
}

fn feed_json(feed: &ParsedFeed, base: &Url) -> Value {
    let mut object = Map::new();
    put(&mut object, "id", feed.id.clone());
    put(&mut object, "title", plain(feed.title.as_ref()));
    put(&mut object, "url", feed.link.as_ref().map(Url::to_string));
    put(
        &mut object,
        "language",
        feed.language.as_ref().map(ToString::to_string),
    );
    put(&mut object, "updated", feed.updated.as_ref().map(rfc_3339));
    put(
        &mut object,
        "subtitle",
        markup(feed.subtitle.as_ref(), base),
    );
    Value::Object(object)
}

fn entry_json(entry: &ParsedEntry, base: &Url) -> Value {
    let mut object = Map::new();
    put(&mut object, "id", entry.id.clone());
    put(&mut object, "url", entry.link.as_ref().map(Url::to_string));
    put(&mut object, "title", plain(entry.title.as_ref()));
    put(
        &mut object,
        "published",
        entry.published.as_ref().map(rfc_3339),
    );
    put(&mut object, "updated", entry.updated.as_ref().map(rfc_3339));
    put(
        &mut object,
        "date_origin",
        entry.date_origin.map(|origin| json!(origin)),
    );
    put(&mut object, "summary", markup(entry.summary.as_ref(), base));
    put(&mut object, "content", markup(entry.content.as_ref(), base));
    put_list(
        &mut object,
        "authors",
        entry.authors.iter().map(person_json),
    );
    put_list(
        &mut object,
        "categories",
        entry.categories.iter().map(category_json),
    );
    put_list(
        &mut object,
        "enclosures",
        entry.enclosures.iter().map(|enclosure| json!(enclosure)),
    );
    put(
        &mut object,
        "language",
        entry.language.as_ref().map(ToString::to_string),
    );
    Value::Object(object)
}

fn put(object: &mut Map<String, Value>, key: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        object.insert(key.to_owned(), value.into());
    }
}

fn put_list(object: &mut Map<String, Value>, key: &str, values: impl Iterator<Item = Value>) {
    let values: Vec<Value> = values.collect();
    if !values.is_empty() {
        object.insert(key.to_owned(), Value::Array(values));
    }
}

fn person_json(person: &Person) -> Value {
    json!(person)
}

fn category_json(category: &Category) -> Value {
    json!(category)
}

fn plain(text: Option<&Text>) -> Option<String> {
    text.map(html::title).filter(|title| !title.is_empty())
}

fn markup(text: Option<&Text>, base: &Url) -> Option<String> {
    text.map(|text| html::clean(text, Some(base)))
        .filter(|markup| !markup.is_empty())
}

fn rfc_3339(moment: &Moment) -> String {
    moment.at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
