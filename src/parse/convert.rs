//! feed-rs's feed to ours. feed-rs's types do not leave this file.
//!
//! Only what [`super::survey`] let through comes here, so that nothing is lost on the way. feed-rs's own ids for entries
//! without one, and its copy of `published` in `updated`, are dropped again; dates are read by [`crate::date`], as
//! feed-rs knows fewer of them and not how precise they are.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use feed_rs::model as theirs;
use url::Url;

use super::survey::{Dialect, Survey};
use super::{choice, hint};
use crate::date::{self, Context};
use crate::link;
use crate::model::{
    Category, Enclosure, Language, Link, Moment, ParsedEntry, ParsedFeed, Person, Text, TextKind,
};

/// What was read of the dates. feed-rs keeps instants, so it is given the place in here as one: it only carries them.
type Moments = Arc<Mutex<Vec<Moment>>>;

/// Reads a document by feed-rs; `None` where it refuses, panics or returns too little.
pub(super) fn read(
    text: &str,
    survey: Survey,
    base: &Url,
    context: &Context,
) -> Option<ParsedFeed> {
    let moments = Moments::default();
    let parser = parser(&moments, context);
    let body = without_declaration(text);
    let parsed = catch_unwind(AssertUnwindSafe(|| parser.parse(body.as_bytes())));
    let feed = parsed.ok()?.ok()?;
    if feed.entries.len() < survey.entries || (feed.entries.is_empty() && feed.title.is_none()) {
        return None;
    }
    let moments = std::mem::take(&mut *moments.lock().unwrap_or_else(PoisonError::into_inner));
    let language = survey.language.as_deref().and_then(Language::new);
    let converter = Converter {
        base,
        shared_base: Arc::new(base.clone()),
        moments,
        language,
        dialect: survey.dialect,
    };
    Some(converter.feed(feed, survey))
}

fn parser(moments: &Moments, context: &Context) -> feed_rs::parser::Parser {
    let (moments, context) = (Arc::clone(moments), context.clone());
    feed_rs::parser::Builder::new()
        .sanitize_content(false)
        .id_generator(|_, _, _| String::new())
        .timestamp_parser(move |text| {
            let moment = date::parse(text, &context)?;
            let mut moments = moments.lock().unwrap_or_else(PoisonError::into_inner);
            let place = i64::try_from(moments.len()).ok()?;
            moments.push(moment);
            DateTime::from_timestamp(place, 0)
        })
        .build()
}

/// feed-rs decodes by the declaration; the text is decoded already.
fn without_declaration(text: &str) -> &str {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let after = start
        .strip_prefix("<?xml ")
        .and_then(|rest| rest.split_once("?>"));
    after.map_or(start, |(_, rest)| rest)
}

struct Converter<'a> {
    base: &'a Url,
    shared_base: Arc<Url>,
    moments: Vec<Moment>,
    language: Option<Language>,
    dialect: Dialect,
}

impl Converter<'_> {
    fn feed(&self, theirs: theirs::Feed, survey: Survey) -> ParsedFeed {
        let links = self.links(theirs.links);
        let editors = theirs
            .contributors
            .into_iter()
            .filter(|person| person.role.as_deref() == Some("managingEditor"));
        let people = theirs.authors.into_iter().chain(editors);
        let language = theirs.language.as_deref().and_then(Language::new);
        let image = theirs.logo.or(theirs.icon);
        let id = text(theirs.id);
        let id_alone = || choice::address(id.as_deref()?).filter(|_| links.is_empty());
        let mut feed = ParsedFeed {
            title: self.text(theirs.title),
            subtitle: self.markup(theirs.description),
            link: choice::page(&links).or_else(id_alone),
            id,
            links,
            language: language.or_else(|| self.language.clone()),
            updated: self
                .moment(theirs.updated)
                .or_else(|| self.moment(theirs.published)),
            rights: self.text(theirs.rights),
            authors: people.filter_map(|person| self.person(person)).collect(),
            categories: categories(theirs.categories),
            image: image.and_then(|image| link::resolve(self.base, &image.uri)),
            generator: theirs
                .generator
                .and_then(|generator| text(generator.content)),
            ..ParsedFeed::default()
        };
        let entries = theirs.entries.into_iter().enumerate();
        let entries = entries.map(|(at, entry)| {
            self.entry(entry, survey.is_opaque.get(at).copied().unwrap_or(false))
        });
        feed.entries = entries.collect();
        feed.hints.ttl_minutes = theirs.ttl;
        let period = survey.update_period.as_deref().and_then(hint::period);
        let frequency = survey
            .update_frequency
            .and_then(|text| text.trim().parse().ok());
        feed.hints.update_period = hint::update_period(period, frequency);
        hint::links(&mut feed.hints, &feed.links);
        choice::inherit_language(&mut feed);
        feed
    }

    fn entry(&self, theirs: theirs::Entry, is_opaque: bool) -> ParsedEntry {
        let enclosures = self.enclosures(theirs.media, &theirs.links);
        let links = self.links(theirs.links);
        let id = text(theirs.id).map(|id| match is_opaque {
            true => id,
            false => choice::absolute_id(id, self.base),
        });
        let permalink = || match self.dialect {
            _ if is_opaque => None,
            Dialect::Rss => choice::permalink(self.base, id.as_deref()?),
            Dialect::Atom => choice::address(id.as_deref()?),
        };
        let is_copy = self.dialect == Dialect::Rss && theirs.published == theirs.updated;
        ParsedEntry {
            link: choice::page(&links).or_else(permalink),
            links,
            title: self.text(theirs.title),
            summary: self.markup(theirs.summary),
            content: theirs.content.and_then(|content| self.content(content)),
            published: self.moment(theirs.published),
            updated: self.moment(theirs.updated).filter(|_| !is_copy),
            authors: theirs
                .authors
                .into_iter()
                .filter_map(|person| self.person(person))
                .collect(),
            categories: categories(theirs.categories),
            enclosures,
            language: self.language.clone(),
            rights: self.text(theirs.rights),
            id_is_iri: id.is_some() && !is_opaque,
            id,
            ..ParsedEntry::default()
        }
    }

    fn text(&self, theirs: Option<theirs::Text>) -> Option<Text> {
        let theirs = theirs?;
        let kind = match (theirs.content_type.subty().as_str(), self.dialect) {
            ("html", _) => TextKind::Html,
            (_, Dialect::Atom) => TextKind::Plain,
            (_, Dialect::Rss) => TextKind::Unknown,
        };
        self.made(kind, theirs.content)
    }

    /// A text that RSS takes to be markup.
    fn markup(&self, theirs: Option<theirs::Text>) -> Option<Text> {
        match self.dialect {
            Dialect::Atom => self.text(theirs),
            Dialect::Rss => self.made(TextKind::Html, theirs?.content),
        }
    }

    fn content(&self, theirs: theirs::Content) -> Option<Text> {
        let kind = match theirs.content_type.subty().as_str() {
            "html" => TextKind::Html,
            _ => TextKind::Plain,
        };
        self.made(kind, theirs.body?)
    }

    fn made(&self, kind: TextKind, value: String) -> Option<Text> {
        Some(Text {
            kind,
            value: text(value)?,
            base: Some(Arc::clone(&self.shared_base)),
            language: self.language.clone(),
        })
    }

    fn moment(&self, at: Option<DateTime<Utc>>) -> Option<Moment> {
        let place = usize::try_from(at?.timestamp()).ok()?;
        self.moments.get(place).copied()
    }

    fn links(&self, theirs: Vec<theirs::Link>) -> Vec<Link> {
        theirs
            .into_iter()
            .filter_map(|link| self.link(link))
            .collect()
    }

    fn link(&self, theirs: theirs::Link) -> Option<Link> {
        let href = theirs.href.trim();
        let href = link::resolve(self.base, href).filter(|_| !href.is_empty())?;
        Some(Link {
            href: href.into(),
            rel: match &theirs.target {
                Some(_) => "replies".to_owned(),
                None => theirs
                    .rel
                    .map_or_else(|| "alternate".to_owned(), choice::relation),
            },
            media_type: match theirs.target {
                Some(theirs::LinkTarget::Comments) => Some("text/html".to_owned()),
                Some(theirs::LinkTarget::CommentsFeed) => Some("application/rss+xml".to_owned()),
                None => theirs.media_type,
            },
            hreflang: theirs.href_lang,
            title: theirs.title,
        })
    }

    fn person(&self, theirs: theirs::Person) -> Option<Person> {
        let url = theirs
            .uri
            .and_then(|uri| Some(link::resolve(self.base, &uri)?.into()));
        super::person::completed(Person {
            name: theirs.name.and_then(text),
            email: theirs.email.and_then(text),
            url,
        })
    }

    fn enclosures(
        &self,
        media: Vec<theirs::MediaObject>,
        links: &[theirs::Link],
    ) -> Vec<Enclosure> {
        let media = media
            .into_iter()
            .flat_map(|object| object.content)
            .filter_map(|content| {
                Some(Enclosure {
                    url: link::resolve(self.base, content.url?.as_str())?.into(),
                    media_type: content
                        .content_type
                        .map(|media_type| media_type.to_string()),
                    length: content.size,
                })
            });
        let links = links
            .iter()
            .filter(|link| link.rel.as_deref() == Some("enclosure"));
        let links = links.filter_map(|link| {
            Some(Enclosure {
                url: link::resolve(self.base, &link.href)?.into(),
                media_type: link.media_type.clone(),
                length: link.length,
            })
        });
        media.chain(links).collect()
    }
}

fn categories(theirs: Vec<theirs::Category>) -> Vec<Category> {
    let mut all: Vec<Category> = Vec::new();
    for theirs in theirs {
        let Some(term) = text(theirs.term) else {
            continue;
        };
        let category = Category {
            term,
            scheme: theirs.scheme,
            label: theirs.label,
        };
        if all.len() < choice::MOST_OF_A_KIND && !all.contains(&category) {
            all.push(category);
        }
    }
    all
}

/// The characters without white space around them, where there are any.
fn text(value: String) -> Option<String> {
    let trimmed = value.trim();
    match trimmed.len() {
        0 => None,
        length if length == value.len() => Some(value),
        _ => Some(trimmed.to_owned()),
    }
}
