//! `samflode parse FILE`: any feed or page as a refresh would read it, as JSON.
//!
//! The shape of the object is the one of the README: what is not known is absent, titles are plain text, `summary` and
//! `content` are sanitized HTML with absolute addresses, dates are RFC 3339.

use std::io::Read;
use std::path::Path;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value, json};
use url::Url;

use super::report::{Exit, Report};
use super::{Global, terminal};
use crate::model::{
    Category, Document, Language, Moment, ParsedEntry, ParsedFeed, Person, Repair, Text,
};
use crate::{date, html, parse, scrape};

/// Options of `parse`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The document; `-` for standard input
    #[arg(value_name = "FILE")]
    file: String,
    /// The media type it was served with, `charset` included
    #[arg(long, value_name = "TYPE")]
    content_type: Option<String>,
    /// The address it came from, which relative addresses resolve against
    #[arg(long, value_name = "ADDRESS")]
    base_url: Option<Url>,
    /// The language of its dates, where it does not say
    #[arg(long, value_name = "TAG")]
    language: Option<String>,
    /// What relative dates count from [default: the present]
    #[arg(long, value_name = "TIME")]
    now: Option<DateTime<Utc>>,
}

pub(super) async fn run(args: Args, global: &Global) -> Result<Exit, Report> {
    let now = args.now.unwrap_or_else(global.clock);
    let document = document(&args, now)?;
    let language = match args.language.as_deref() {
        Some(tag) => Some(Language::new(tag).ok_or_else(|| wrong_language(tag))?),
        None => None,
    };
    let context = date::Context {
        language,
        now: Some(now),
        ..date::Context::default()
    };
    let mut feed = read(&document, &context)?;
    // As in a refresh: the source's language holds where the document names none.
    feed.language = feed.language.or_else(|| context.language.clone());
    for entry in &mut feed.entries {
        entry.language = entry.language.take().or_else(|| feed.language.clone());
    }
    // A document and what is read of it are each as large as the other; only one is still needed.
    let address = document.address.clone();
    drop(document);
    terminal::print_json(&Shown {
        feed: &feed,
        base: &address,
    });
    Ok(Exit::Well)
}

fn wrong_language(tag: &str) -> Report {
    Report::new(format!("`{tag}` is not a language tag"))
        .hint("write it as in `sv` or `nb-NO`")
        .usage()
}

fn document(args: &Args, now: DateTime<Utc>) -> Result<Document, Report> {
    let bytes = bytes(&args.file)?;
    let address = args
        .base_url
        .clone()
        .unwrap_or_else(|| local_address(&args.file));
    let mut document = Document::local(address, bytes, now);
    if let Some(content_type) = &args.content_type {
        let (media_type, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
        document.media_type = Some(media_type.trim().to_ascii_lowercase());
        document.charset = parameters.split(';').find_map(charset);
    }
    Ok(document)
}

fn charset(parameter: &str) -> Option<String> {
    let (name, value) = parameter.split_once('=')?;
    let is_charset = name.trim().eq_ignore_ascii_case("charset");
    is_charset.then(|| value.trim().trim_matches(['"', '\'']).to_owned())
}

fn bytes(file: &str) -> Result<Vec<u8>, Report> {
    let mut bytes = Vec::new();
    let read = match file {
        "-" => std::io::stdin()
            .lock()
            .read_to_end(&mut bytes)
            .map(|_| bytes),
        path => std::fs::read(path),
    };
    read.map_err(|error| Report::caused(format!("cannot read `{file}`"), &error))
}

/// A document without an address of its own: nothing relative in it can be made absolute.
fn local_address(file: &str) -> Url {
    let path = std::path::absolute(Path::new(file)).ok();
    let address = path.and_then(|path| Url::from_file_path(path).ok());
    address.unwrap_or_else(|| Url::parse("file:///").expect("a constant address"))
}

/// Reads a feed, or else a page: a list of entries, or one entry, by the same reading as in a refresh.
pub fn read(document: &Document, context: &date::Context) -> Result<ParsedFeed, Report> {
    let not_a_feed = match parse::feed(document, context) {
        Ok(feed) => return Ok(feed),
        Err(error) => error,
    };
    if let Some(reading) = scrape::machine_list(document, context) {
        return Ok(reading.feed);
    }
    let is_page = document
        .media_type
        .as_deref()
        .is_some_and(|media_type| media_type.contains("html"))
        || matches!(&not_a_feed, parse::Error::NotAFeed { looks_like } if looks_like.contains("HTML"));
    if !is_page {
        return Err(Report::new(not_a_feed.to_string()));
    }
    let reading = scrape::page(document, None, context).map_err(|error| {
        Report::caused(
            format!("{not_a_feed}, and no entries are found on it"),
            &error,
        )
    })?;
    Ok(reading.feed)
}

/// What a document says, in the shape that is printed.
pub fn to_json(feed: &ParsedFeed, base: &Url) -> Value {
    json!(Shown { feed, base })
}

/// What is printed of a document, made entry by entry: the whole of it need not be in memory a second time.
struct Shown<'a> {
    feed: &'a ParsedFeed,
    base: &'a Url,
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { feed, base } = self;
        let repairs = feed.repairs.iter().map(|Repair(name)| name.as_str());
        let mut object = serializer.serialize_map(Some(3))?;
        object.serialize_entry("entries", &ShownEntries(self))?;
        object.serialize_entry("feed", &feed_json(feed, base))?;
        object.serialize_entry("repairs", &repairs.collect::<Vec<_>>())?;
        object.end()
    }
}

struct ShownEntries<'a>(&'a Shown<'a>);

impl Serialize for ShownEntries<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Shown { feed, base } = self.0;
        serializer.collect_seq(feed.entries.iter().map(|entry| entry_json(entry, base)))
    }
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
    let clean = text.map(|text| html::clean(text, Some(base)))?;
    let clean = clean.trim();
    (!clean.is_empty()).then(|| clean.to_owned())
}

fn rfc_3339(moment: &Moment) -> String {
    moment.at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
