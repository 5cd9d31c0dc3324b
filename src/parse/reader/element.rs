//! What the start of an element means where it stands, and the ends of people, sources and images.

use url::Url;

use super::draft::{Common, EntryDraft};
use super::name::Field;
use super::{Ends, Place, Reader};
use crate::model::{Category, DeletedEntry, Link, Person, SourceRef, TextKind};
use crate::parse::attribute::Attributes;
use crate::parse::choice::{self, MOST_OF_A_KIND};
use crate::parse::person;

/// The versions of RSS with a root of that name.
const VERSIONS: [&str; 5] = ["0.91", "0.92", "0.93", "0.94", "2.0"];

impl Reader<'_> {
    /// Takes a start tag outside of any text: where its children are read, and what its end does.
    pub(super) fn element(&mut self, field: Field, attributes: &Attributes<'_>) -> (Place, Ends) {
        let place = self.place();
        match (place, field) {
            (Place::Ignored, Field::Entry) if self.entry.is_none() => self.start_entry(attributes),
            (Place::Ignored, _) => (Place::Ignored, Ends::Nothing),
            (Place::Outside, _) => self.outside(field, attributes),
            (Place::Person, _) => (place, self.person_field(field)),
            (Place::Source, _) => (place, self.source_field(field, attributes)),
            (Place::FeedImage | Place::EntryImage, _) => (place, self.image_field(field)),
            (Place::SkipHours | Place::SkipDays, Field::Hour | Field::Day) => {
                (place, self.collect_bare(field))
            }
            (_, Field::Entry) => {
                self.close_entry();
                self.start_entry(attributes)
            }
            (Place::Entry | Place::UnknownInEntry, _) => self.entry_field(place, field, attributes),
            _ => self.feed_field(place, field, attributes),
        }
    }

    fn outside(&mut self, field: Field, attributes: &Attributes<'_>) -> (Place, Ends) {
        match field {
            Field::Root | Field::Feed => self.start_feed(attributes),
            Field::Entry if self.open.is_empty() || self.is_feed => self.start_entry(attributes),
            _ => (Place::Outside, Ends::Nothing),
        }
    }

    pub(super) fn start_feed(&mut self, attributes: &Attributes<'_>) -> (Place, Ends) {
        self.is_feed = true;
        let root = self.root.as_deref().unwrap_or_default();
        let local = root.rsplit(':').next().unwrap_or_default();
        self.is_atom = local.eq_ignore_ascii_case("feed");
        if self.open.is_empty() {
            self.note_version(attributes);
        }
        if self.feed.scope_language.is_none() {
            self.feed.scope_language = self.scope.language().cloned();
        }
        self.channel_attributes(attributes);
        (Place::Feed, Ends::Nothing)
    }

    /// Dialects that are told apart by their version alone, and versions that there are none of.
    fn note_version(&mut self, attributes: &Attributes<'_>) {
        let version = attributes.get("version").unwrap_or_default();
        let is_early = attributes
            .iter()
            .any(|(_, value)| value.to_ascii_lowercase().contains("purl.org/atom/ns"));
        if self.is_atom && (is_early || version.starts_with("0.")) {
            self.repairs.insert("atom-0.3");
        }
        let is_rss = self
            .root
            .as_deref()
            .is_some_and(|root| root.eq_ignore_ascii_case("rss"));
        if is_rss && !VERSIONS.contains(&version) {
            self.repairs.insert("rss-version");
        }
    }

    fn start_entry(&mut self, attributes: &Attributes<'_>) -> (Place, Ends) {
        self.is_feed = true;
        let local = self.root.as_deref().unwrap_or_default();
        self.is_atom |= local.rsplit(':').next() == Some("entry");
        let mut draft = EntryDraft {
            scope_language: self.scope.language().cloned(),
            ..EntryDraft::default()
        };
        let about = attributes.local("about").map(str::trim);
        draft.about = about
            .filter(|about| !about.is_empty())
            .map(|about| self.entities.decode(about).into_owned());
        // CDF writes the address and the date of an item as attributes.
        if let Some(href) = self.attribute(attributes, "href") {
            draft.common.text_link = self.resolve(&href);
        }
        let modified = self.attribute(attributes, "lastmod");
        draft
            .common
            .updated
            .offer(0, modified.and_then(|date| self.moment(&date)));
        self.entry = Some(draft);
        (Place::Entry, Ends::Entry)
    }

    /// An entry that begins inside another one: that one was never closed.
    fn close_entry(&mut self) {
        while self.entry.is_some() && !self.open.is_empty() {
            self.repairs.insert("unclosed-tags");
            self.pop();
        }
    }

    /// The kind of a text whose element does not say it.
    pub(super) fn default_kind(&self, in_rss: TextKind) -> TextKind {
        if self.is_atom {
            TextKind::Plain
        } else {
            in_rss
        }
    }

    /// An address made absolute by the base in force.
    pub(super) fn resolve(&self, href: &str) -> Option<Url> {
        crate::link::resolve(self.scope.base(), href)
    }

    pub(super) fn moment(&self, text: &str) -> Option<crate::model::Moment> {
        crate::date::parse(text, &self.context)
    }

    pub(super) fn link(&mut self, attributes: &Attributes<'_>) -> Option<Link> {
        let href = self.attribute(attributes, "href").or_else(|| {
            let resource = attributes.local("resource")?;
            Some(self.entities.decode(resource).trim().to_owned())
        })?;
        let rel = self.attribute(attributes, "rel");
        Some(Link {
            href: self.resolve(&href)?.into(),
            rel: rel.map_or_else(|| "alternate".to_owned(), choice::relation),
            media_type: self.attribute(attributes, "type"),
            hreflang: self.attribute(attributes, "hreflang"),
            title: self.attribute(attributes, "title"),
        })
    }

    pub(super) fn category(&mut self, attributes: &Attributes<'_>) -> Option<Category> {
        let term = self.attribute(attributes, "term");
        let scheme = self
            .attribute(attributes, "scheme")
            .or_else(|| self.attribute(attributes, "domain"));
        let label = self.attribute(attributes, "label");
        Some(Category {
            term: term.or_else(|| label.clone())?,
            scheme,
            label,
        })
    }

    pub(super) fn start_person(&mut self) -> (Place, Ends) {
        self.person = Some(Person::default());
        self.loose.clear();
        (Place::Person, Ends::Person)
    }

    fn person_field(&mut self, field: Field) -> Ends {
        match field {
            Field::Name | Field::Email | Field::Uri => self.collect_bare(field),
            _ => Ends::Nothing,
        }
    }

    pub(super) fn end_person(&mut self) {
        let line = std::mem::take(&mut self.loose);
        let Some(person) = self.person.take() else {
            return;
        };
        let person = if person == Person::default() {
            person::read(&line)
        } else {
            person::completed(person)
        };
        let common = self.common();
        let has_room = common.authors.len() < MOST_OF_A_KIND;
        let is_new = |person: &Person| has_room && !common.authors.contains(person);
        if let Some(person) = person.filter(is_new) {
            common.authors.push(person);
        }
    }

    /// What the entry, if one is open, or else the feed has in common; the source inside an entry goes first.
    pub(super) fn common(&mut self) -> &mut Common {
        match (&mut self.source, &mut self.entry) {
            (Some(source), _) => source,
            (None, Some(entry)) => &mut entry.common,
            (None, None) => &mut self.feed.common,
        }
    }

    pub(super) fn start_source(&mut self, attributes: &Attributes<'_>) -> (Place, Ends) {
        let url = self
            .attribute(attributes, "url")
            .or_else(|| self.attribute(attributes, "href"));
        self.source_url = url.and_then(|url| self.resolve(&url));
        self.source = Some(Common::default());
        self.loose.clear();
        (Place::Source, Ends::Source)
    }

    fn source_field(&mut self, field: Field, attributes: &Attributes<'_>) -> Ends {
        match field {
            Field::Title(_) => {
                self.collect(field, self.default_kind(TextKind::Unknown), attributes)
            }
            Field::Id | Field::Updated(_) => self.collect_bare(field),
            Field::Link => {
                if let Some(link) = self.link(attributes) {
                    self.common().add_link(link);
                    return Ends::Nothing;
                }
                self.collect_bare(field)
            }
            // The source's own people and texts must not become the entry's.
            _ => self.collect_bare(Field::Other),
        }
    }

    pub(super) fn end_source(&mut self) {
        let name = std::mem::take(&mut self.loose);
        let Some(common) = self.source.take() else {
            return;
        };
        let mut source = SourceRef::from(common);
        let name = name.trim();
        if source.title.is_none() && !name.is_empty() {
            source.title = Some(name.to_owned());
        }
        source.url = self.source_url.take().map(String::from).or(source.url);
        if let Some(entry) = &mut self.entry {
            // An entry that was aggregated twice keeps its first source.
            if source != SourceRef::default() && entry.source.is_none() {
                entry.source = Some(source);
            }
        }
    }

    fn image_field(&mut self, field: Field) -> Ends {
        match field {
            Field::Uri => self.collect_bare(Field::Uri),
            _ => self.collect_bare(Field::Other),
        }
    }

    /// An image without elements inside is an address.
    pub(super) fn end_image(&mut self, place: Place) {
        let address = std::mem::take(&mut self.loose);
        if self.place() != place && !address.trim().is_empty() {
            let url = self.resolve(&address);
            self.common().image.offer(1, url);
        }
    }

    pub(super) fn deleted(&mut self, attributes: &Attributes<'_>) -> (Place, Ends) {
        if let Some(reference) = self.attribute(attributes, "ref") {
            let when = self.attribute(attributes, "when");
            let when = when
                .and_then(|when| self.moment(&when))
                .map(|moment| moment.utc());
            self.feed.deleted.push(DeletedEntry { reference, when });
        }
        (Place::Ignored, Ends::Nothing)
    }
}
