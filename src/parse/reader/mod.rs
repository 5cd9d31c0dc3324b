//! The tolerant reader: any XML dialect of feeds, well-formed or not, in one pass over quick-xml's events.
//!
//! It never fails: what it has read when the document ends, or ends to make sense, is what there is. It keeps a stack of
//! open elements of its own, so that crossed and unclosed tags are closed where they must have been meant to be.
//! Names are in `name.rs`, what an element does in `feed.rs` and `entry.rs`, texts in `construct.rs`.
//!
//! Invariant: each event costs a bounded amount of work; nothing recurses.

mod base64;
mod construct;
mod draft;
mod element;
mod entry;
mod feed;
mod name;
mod scope;
mod stack;
mod value;

use std::collections::BTreeSet;

use quick_xml::events::{BytesStart, Event};
use url::Url;

use self::construct::Construct;
use self::draft::{Common, EntryDraft, FeedDraft};
use self::name::Field;
use self::scope::Scope;
use crate::date::Context;
use crate::model::{ParsedFeed, Person, TextKind};
use crate::parse::attribute::Attributes;
use crate::parse::reference::Entities;

/// Longer names are cut where they are told.
const LONGEST_NAME: usize = 100;

/// No feed has more entries; what a few bytes in a document cost in memory is bounded by this.
pub(super) const MOST_ENTRIES: usize = 50_000;

/// Elements that are open at once; what begins deeper is not read.
const MOST_OPEN: usize = 100_000;

/// No address, date or name is longer; what is, is not read.
const LONGEST_VALUE: usize = 64 * 1024;

/// What a document turned out to be.
#[derive(Debug)]
pub(super) struct Reading {
    /// The feed; empty where `is_feed` is false.
    pub feed: ParsedFeed,
    /// Whether an element of a feed was met at all.
    pub is_feed: bool,
    /// The name of the outermost element.
    pub root: Option<String>,
    /// Whether the syntax broke before the end.
    pub is_broken: bool,
    /// Names of what was put right on the way.
    pub repairs: BTreeSet<&'static str>,
}

/// What the elements inside of an element are read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Outside,
    Feed,
    Entry,
    Source,
    Person,
    FeedImage,
    EntryImage,
    SkipHours,
    SkipDays,
    /// Inside an element we do not know: what is there counts only where nothing better does.
    UnknownInFeed,
    UnknownInEntry,
    Ignored,
}

/// What is done when an element ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ends {
    Nothing,
    Entry,
    Source,
    Person,
    Text(Field),
    /// An element of markup inside a text.
    Markup,
}

/// An open element.
#[derive(Debug, Clone, Copy)]
struct Open<'a> {
    name: &'a str,
    place: Place,
    ends: Ends,
}

/// The state of a reading.
struct Reader<'a> {
    text: &'a str,
    context: Context,
    scope: Scope,
    entities: Entities,
    open: Vec<Open<'a>>,
    /// Indices in `open` of elements that end something.
    marks: Vec<usize>,
    collecting: Option<Construct>,
    /// What `collecting` fills.
    collected: Field,
    /// Characters directly in a person, a source or an image.
    loose: String,
    person: Option<Person>,
    source: Option<Common>,
    source_url: Option<Url>,
    entry: Option<EntryDraft>,
    feed: FeedDraft,
    /// Links, categories, enclosures and authors of the entries so far.
    parts: usize,
    is_feed: bool,
    is_atom: bool,
    /// An attribute of the element being collected that is needed when it ends.
    note: Option<String>,
    root: Option<String>,
    repairs: BTreeSet<&'static str>,
}

/// Reads a document; `base` is what its relative addresses resolve against.
pub(super) fn read(text: &str, base: &Url, context: &Context) -> Reading {
    let mut reader = Reader::new(text, base, context);
    let is_broken = reader.run();
    reader.end_document();
    Reading {
        feed: reader.feed.finish(),
        is_feed: reader.is_feed,
        root: reader.root,
        is_broken,
        repairs: reader.repairs,
    }
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, base: &Url, context: &Context) -> Self {
        Self {
            text,
            context: context.clone(),
            scope: Scope::new(base.clone()),
            entities: Entities::default(),
            open: Vec::new(),
            marks: Vec::new(),
            collecting: None,
            collected: Field::Other,
            loose: String::new(),
            person: None,
            source: None,
            source_url: None,
            entry: None,
            feed: FeedDraft::default(),
            parts: 0,
            is_feed: false,
            is_atom: false,
            note: None,
            root: None,
            repairs: BTreeSet::new(),
        }
    }

    /// Takes all events; returns whether the syntax broke.
    fn run(&mut self) -> bool {
        let mut xml = quick_xml::Reader::from_str(self.text);
        let config = xml.config_mut();
        config.allow_dangling_amp = true;
        config.allow_unmatched_ends = true;
        config.check_end_names = false;
        loop {
            match xml.read_event() {
                Ok(Event::Start(tag)) => self.start(&tag),
                Ok(Event::Empty(tag)) => {
                    self.start(&tag);
                    self.end(tag.name().as_ref());
                }
                Ok(Event::End(tag)) => self.end(tag.name().as_ref()),
                Ok(Event::Text(text)) => self.plain(&text),
                Ok(Event::CData(text)) => self.characters(&text),
                Ok(Event::GeneralRef(name)) => self.reference(&name),
                Ok(Event::DocType(doctype)) => self.entities.declare(&doctype),
                Ok(Event::Eof) => return false,
                Ok(_) => {}
                Err(_) => return true,
            }
        }
    }

    /// Characters between tags, bare ampersands among them.
    fn plain(&mut self, text: &str) {
        if text.starts_with('&') {
            self.repairs.insert("bare-ampersand");
        }
        self.characters(text);
    }

    fn characters(&mut self, text: &str) {
        if let Some(construct) = &mut self.collecting {
            construct.push(text);
        } else if self.person.is_some() || self.source.is_some() || self.is_in_image() {
            self.loose.push_str(text);
        } else if self.open.is_empty()
            && !text
                .trim_matches(['\u{feff}', ' ', '\n', '\r', '\t'])
                .is_empty()
        {
            let is_before = self.root.is_none();
            self.repairs.insert(if is_before {
                "junk-before-start"
            } else {
                "junk-after-end"
            });
        }
    }

    fn is_in_image(&self) -> bool {
        matches!(self.place(), Place::FeedImage | Place::EntryImage)
    }

    fn reference(&mut self, name: &str) {
        match self.entities.resolve(name) {
            Some(text) => self.characters(&text),
            None => {
                self.repairs.insert("undeclared-entities");
                self.characters(&format!("&{name};"));
            }
        }
    }

    fn place(&self) -> Place {
        self.open.last().map_or(Place::Outside, |open| open.place)
    }

    fn start(&mut self, tag: &BytesStart<'a>) {
        let qualified = tag.name();
        let name = self.in_document(qualified.as_ref());
        let attributes = Attributes::of(tag);
        if self.root.is_none() {
            self.root = Some(name[..name.floor_char_boundary(LONGEST_NAME)].to_owned());
        }
        if self.open.len() >= MOST_OPEN {
            return;
        }
        self.scope
            .enter(self.open.len(), &attributes, &mut self.entities);
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let field = name::field(self.scope.vocabulary(prefix), local);
        if self.collecting.is_some() {
            if !self.ends_text(field) {
                self.markup(name, local, &attributes);
                return;
            }
            self.close_text();
        }
        let (place, ends) = self.element(field, &attributes);
        if ends != Ends::Nothing {
            self.marks.push(self.open.len());
        }
        self.open.push(Open { name, place, ends });
    }

    /// An element inside a text.
    fn markup(&mut self, name: &'a str, local: &'a str, attributes: &Attributes<'_>) {
        if let Some(construct) = &mut self.collecting {
            construct.open(local, attributes, &self.scope, &mut self.entities);
        }
        self.open.push(Open {
            name,
            place: Place::Ignored,
            ends: Ends::Markup,
        });
    }

    /// A part of an event as a part of the document, which outlives it.
    fn in_document(&self, part: &str) -> &'a str {
        let start = (part.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        let text = self.text;
        text.get(start..start.wrapping_add(part.len()))
            .unwrap_or_default()
    }

    /// Begins to collect a text that may hold markup.
    fn collect(&mut self, field: Field, kind: TextKind, attributes: &Attributes<'_>) -> Ends {
        self.collecting = Some(Construct::new(kind, attributes, &self.scope));
        self.collected = field;
        Ends::Text(field)
    }

    /// Begins to collect characters alone.
    fn collect_bare(&mut self, field: Field) -> Ends {
        self.collecting = Some(Construct::bare());
        self.collected = field;
        Ends::Text(field)
    }

    fn attribute(&mut self, attributes: &Attributes<'_>, name: &str) -> Option<String> {
        let raw = attributes
            .get(name)
            .filter(|raw| raw.len() <= LONGEST_VALUE)?;
        let value = self.entities.decode(raw);
        let value = value.trim();
        (!value.is_empty()).then(|| value.to_owned())
    }
}
