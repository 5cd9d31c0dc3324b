//! An entry and a feed while they are being read, and the choices made when they end.

use url::Url;

use crate::model::{
    Category, DeletedEntry, Enclosure, Hints, Language, Link, Moment, ParsedEntry, ParsedFeed,
    Person, SourceRef, Text,
};
use crate::parse::choice::{self, MOST_OF_A_KIND};
use crate::parse::hint;

/// One value of which the best-ranked is kept, the first of equals.
#[derive(Debug)]
pub(super) struct Slot<T> {
    value: Option<T>,
    rank: u8,
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self {
            value: None,
            rank: u8::MAX,
        }
    }
}

impl<T> Slot<T> {
    /// Keeps a value unless there is one as good; 0 is the best rank.
    pub fn offer(&mut self, rank: u8, value: Option<T>) {
        if value.is_some() && (rank < self.rank || self.value.is_none()) {
            self.value = value;
            self.rank = rank;
        }
    }

    /// The same, and gives back what was not kept, with its rank.
    pub fn exchange(&mut self, rank: u8, value: Option<T>) -> Option<(u8, T)> {
        let value = value?;
        if self.value.is_some() && rank >= self.rank {
            return Some((rank, value));
        }
        let beaten = self.value.replace(value);
        let beaten_rank = std::mem::replace(&mut self.rank, rank);
        Some((beaten_rank, beaten?))
    }

    fn take(self) -> Option<T> {
        self.value
    }

    fn value(&self) -> Option<&T> {
        self.value.as_ref()
    }
}

/// What entries, feeds and sources have in common.
#[derive(Debug, Default)]
pub(super) struct Common {
    pub id: Slot<String>,
    pub title: Slot<Text>,
    pub summary: Slot<Text>,
    pub published: Slot<Moment>,
    pub updated: Slot<Moment>,
    pub date: Slot<Moment>,
    pub language: Slot<Language>,
    pub rights: Slot<Text>,
    pub image: Slot<Url>,
    pub links: Vec<Link>,
    pub text_link: Option<Url>,
    pub authors: Vec<Person>,
    pub creators: Vec<Person>,
    pub categories: Vec<Category>,
}

impl Common {
    /// Adds a category, once.
    pub fn add_category(&mut self, category: Category) {
        let is_new = self.categories.len() < MOST_OF_A_KIND && !self.categories.contains(&category);
        if is_new && !category.term.is_empty() {
            self.categories.push(category);
        }
    }

    /// Adds a link.
    pub fn add_link(&mut self, link: Link) {
        if self.links.len() < MOST_OF_A_KIND {
            self.links.push(link);
        }
    }

    /// The page for people among the links.
    fn page(&self) -> Option<Url> {
        self.text_link.clone().or_else(|| choice::page(&self.links))
    }

    fn people(&mut self) -> Vec<Person> {
        let mut people = std::mem::take(&mut self.authors);
        for creator in std::mem::take(&mut self.creators) {
            let is_known = people
                .iter()
                .any(|p| p.name == creator.name || p.email.is_some() && p.email == creator.name);
            if !is_known && people.len() < MOST_OF_A_KIND {
                people.push(creator);
            }
        }
        people
    }
}

/// An entry while it is being read.
#[derive(Debug, Default)]
pub(super) struct EntryDraft {
    pub common: Common,
    pub content: Slot<Text>,
    pub id_is_iri: bool,
    pub about: Option<String>,
    pub permalink: Option<Url>,
    pub original: Option<Url>,
    pub enclosures: Vec<Enclosure>,
    pub media: Vec<Enclosure>,
    pub source: Option<SourceRef>,
    pub scope_language: Option<Language>,
}

impl EntryDraft {
    /// Whether it has an id or a link.
    pub fn is_identified(&self) -> bool {
        let has_link = self.common.text_link.is_some() || !self.common.links.is_empty();
        has_link || self.common.id.value().is_some() || self.about.is_some()
    }

    /// The entry, all choices made.
    pub fn finish(mut self) -> ParsedEntry {
        let has_own_id = self.common.id.value().is_some();
        let link = self.original.take().or_else(|| self.common.page());
        let link = link.or_else(|| self.permalink.take());
        let link = link.or_else(|| choice::address(self.about.as_deref()?));
        let link = link.or_else(|| {
            let id = self.common.id.value().filter(|_| self.id_is_iri)?;
            choice::address(id)
        });
        if self.enclosures.is_empty() {
            self.enclosures = std::mem::take(&mut self.media);
        }
        let authors = self.common.people();
        let language = self.own_language();
        let common = self.common;
        let (date, published) = (common.date.take(), common.published.take());
        ParsedEntry {
            id_is_iri: self.id_is_iri || (!has_own_id && self.about.is_some()),
            id: common.id.take().or(self.about),
            link,
            links: common.links,
            title: common.title.take(),
            summary: common.summary.take(),
            content: self.content.take(),
            published: published.or(date),
            updated: common.updated.take().or(date),
            date_origin: None,
            authors,
            categories: common.categories,
            enclosures: self.enclosures,
            image: common.image.take(),
            language: common.language.take().or(language),
            rights: common.rights.take(),
            source: self.source,
        }
    }

    /// The language of its longest text that says one, which may be another than that of the entry's element.
    fn own_language(&mut self) -> Option<Language> {
        let texts = [&self.content, &self.common.summary, &self.common.title];
        let said = texts.iter().find_map(|text| text.value()?.language.clone());
        said.or_else(|| self.scope_language.take())
    }
}

/// A feed while it is being read.
#[derive(Debug, Default)]
pub(super) struct FeedDraft {
    pub common: Common,
    pub generator: Option<String>,
    pub hints: Hints,
    pub period: Option<u64>,
    pub frequency: Option<u64>,
    pub entries: Vec<ParsedEntry>,
    pub deleted: Vec<DeletedEntry>,
    pub scope_language: Option<Language>,
}

impl FeedDraft {
    /// The feed, all choices made.
    pub fn finish(mut self) -> ParsedFeed {
        self.hints.update_period = hint::update_period(self.period, self.frequency);
        let id_alone = || {
            let id = self.common.id.value()?;
            choice::address(id).filter(|_| self.common.links.is_empty())
        };
        let link = self.common.page().or_else(id_alone);
        let authors = self.common.people();
        let common = self.common;
        let (date, published) = (common.date.take(), common.published.take());
        let mut feed = ParsedFeed {
            id: common.id.take(),
            title: common.title.take(),
            subtitle: common.summary.take(),
            link,
            links: common.links,
            language: common.language.take().or(self.scope_language),
            updated: common.updated.take().or(date).or(published),
            rights: common.rights.take(),
            authors,
            categories: common.categories,
            image: common.image.take(),
            generator: self.generator,
            entries: self.entries,
            deleted: self.deleted,
            hints: self.hints,
            repairs: Vec::new(),
        };
        hint::links(&mut feed.hints, &feed.links);
        choice::inherit_language(&mut feed);
        feed
    }
}

impl From<Common> for SourceRef {
    fn from(common: Common) -> Self {
        let url = common.page().map(String::from).or_else(|| {
            let own = common.links.iter().find(|link| link.rel == "self");
            own.map(|link| link.href.clone())
        });
        Self {
            id: common.id.take(),
            title: common.title.take().map(|title| crate::html::title(&title)),
            url,
            updated: common.updated.take().map(|moment| moment.utc()),
        }
    }
}
