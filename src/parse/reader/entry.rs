//! What the elements of an entry fill: RSS items, Atom entries, CDF items.

use super::construct::Construct;
use super::name::Field;
use super::{Ends, Place, Reader};
use crate::model::{Category, Enclosure, Language, Link, Text, TextKind};
use crate::parse::attribute::Attributes;
use crate::parse::{choice, person};

/// Added to the rank of what stands inside an unknown element.
const IN_UNKNOWN: u8 = 100;

/// Short texts ranked from here on (descriptions of media, subtitles) are no bodies.
const LEAST_BODY: u8 = 4;

impl Reader<'_> {
    /// The start of an element inside an entry.
    pub(super) fn entry_field(
        &mut self,
        place: Place,
        field: Field,
        attributes: &Attributes<'_>,
    ) -> (Place, Ends) {
        let stays = |ends| (place, ends);
        match field {
            Field::Title(_) | Field::Rights(_) => {
                stays(self.text(field, TextKind::Unknown, attributes))
            }
            Field::Summary(_) => stays(self.text(field, TextKind::Unknown, attributes)),
            Field::Subtitle(_) => (Place::Ignored, Ends::Nothing),
            Field::Description(_) => stays(self.collect(field, TextKind::Html, attributes)),
            Field::Content => stays(self.content(attributes)),
            Field::Encoded(_) => stays(self.collect(field, TextKind::Html, attributes)),
            Field::Body(_) => stays(self.collect(field, TextKind::Xhtml, attributes)),
            Field::Published(_)
            | Field::Updated(_)
            | Field::Date
            | Field::Id
            | Field::OriginalLink => stays(self.collect_bare(field)),
            Field::Language(_) | Field::Creator | Field::Keywords => {
                stays(self.collect_bare(field))
            }
            Field::Guid => {
                self.note = self.attribute(attributes, "ispermalink");
                stays(self.collect_bare(field))
            }
            Field::Wrapper | Field::MediaGroup | Field::Root | Field::Feed => stays(Ends::Nothing),
            _ if place == Place::UnknownInEntry => (place, Ends::Nothing),
            _ => self.entry_part(field, attributes),
        }
    }

    /// The start of an element that adds something to an entry.
    fn entry_part(&mut self, field: Field, attributes: &Attributes<'_>) -> (Place, Ends) {
        let stays = |ends| (Place::Entry, ends);
        match field {
            Field::Link => stays(self.entry_link(attributes)),
            Field::Author => self.start_person(),
            Field::OtherPerson | Field::TextInput => (Place::Ignored, Ends::Nothing),
            Field::Category | Field::CategoryByText => {
                stays(self.start_category(field, attributes))
            }
            Field::Enclosure => stays(self.enclosure(attributes)),
            Field::MediaContent => stays(self.media(attributes)),
            Field::Thumbnail | Field::ImageByHref => stays(self.image_attribute(attributes)),
            Field::Logo(_) => stays(self.collect_bare(field)),
            Field::Source => self.start_source(attributes),
            Field::Comments | Field::CommentFeed => stays(self.collect_bare(field)),
            Field::Image => {
                self.loose.clear();
                (Place::EntryImage, Ends::Nothing)
            }
            Field::Uri => stays(self.collect_bare(Field::Other)),
            _ => (Place::UnknownInEntry, Ends::Nothing),
        }
    }

    /// A text that is plain in Atom unless it says otherwise.
    pub(super) fn text(
        &mut self,
        field: Field,
        in_rss: TextKind,
        attributes: &Attributes<'_>,
    ) -> Ends {
        let kind = self.default_kind(in_rss);
        self.collect(field, kind, attributes)
    }

    fn content(&mut self, attributes: &Attributes<'_>) -> Ends {
        if let Some(src) = self.attribute(attributes, "src") {
            self.content_elsewhere(&src, attributes);
            return Ends::Nothing;
        }
        let said = attributes.get("type").unwrap_or_default();
        if said.trim_start().starts_with("multipart/") {
            // Atom 0.3: the alternatives are elements of the same name inside.
            return Ends::Nothing;
        }
        self.text(Field::Content, TextKind::Html, attributes)
    }

    /// A body that is somewhere else (RFC 4287 section 4.1.3.2) is a link to it.
    fn content_elsewhere(&mut self, src: &str, attributes: &Attributes<'_>) {
        let Some(href) = self.resolve(src) else {
            return;
        };
        let link = Link {
            href: href.into(),
            rel: "content".to_owned(),
            media_type: self.attribute(attributes, "type"),
            hreflang: None,
            title: None,
        };
        self.common().add_link(link);
    }

    fn entry_link(&mut self, attributes: &Attributes<'_>) -> Ends {
        let Some(link) = self.link(attributes) else {
            let has_address = attributes.get("href").is_some();
            return if has_address {
                Ends::Nothing
            } else {
                self.collect_bare(Field::Link)
            };
        };
        if link.rel == "enclosure" {
            let length = self.length(attributes, "length");
            self.add_enclosure(Enclosure {
                url: link.href.clone(),
                media_type: link.media_type.clone(),
                length,
            });
        }
        self.common().add_link(link);
        Ends::Nothing
    }

    fn enclosure(&mut self, attributes: &Attributes<'_>) -> Ends {
        let url = self
            .attribute(attributes, "url")
            .or_else(|| self.attribute(attributes, "href"));
        if let Some(url) = url.and_then(|url| self.resolve(&url)) {
            let enclosure = Enclosure {
                url: url.into(),
                media_type: self.attribute(attributes, "type"),
                length: self.length(attributes, "length"),
            };
            self.add_enclosure(enclosure);
        }
        Ends::Nothing
    }

    fn add_enclosure(&mut self, enclosure: Enclosure) {
        if let Some(entry) = &mut self.entry {
            let is_new = entry
                .enclosures
                .iter()
                .all(|known| known.url != enclosure.url);
            if is_new && entry.enclosures.len() < choice::MOST_OF_A_KIND {
                entry.enclosures.push(enclosure);
            }
        }
    }

    fn media(&mut self, attributes: &Attributes<'_>) -> Ends {
        let url = self.attribute(attributes, "url");
        let Some(url) = url.and_then(|url| self.resolve(&url)) else {
            return Ends::Nothing;
        };
        let media_type = self.attribute(attributes, "type");
        let medium = self.attribute(attributes, "medium").unwrap_or_default();
        let is_image = medium == "image"
            || media_type
                .as_deref()
                .is_some_and(|t| t.starts_with("image/"));
        let length = self.length(attributes, "filesize");
        let Some(entry) = &mut self.entry else {
            return Ends::Nothing;
        };
        if is_image {
            entry.common.image.offer(2, Some(url));
        } else if entry.media.len() < choice::MOST_OF_A_KIND {
            entry.media.push(Enclosure {
                url: url.into(),
                media_type,
                length,
            });
        }
        Ends::Nothing
    }

    pub(super) fn image_attribute(&mut self, attributes: &Attributes<'_>) -> Ends {
        let url = self
            .attribute(attributes, "url")
            .or_else(|| self.attribute(attributes, "href"));
        let url = url.and_then(|url| self.resolve(&url));
        self.common().image.offer(3, url);
        Ends::Nothing
    }

    fn length(&mut self, attributes: &Attributes<'_>, name: &str) -> Option<u64> {
        self.attribute(attributes, name)?.parse().ok()
    }

    pub(super) fn start_category(&mut self, field: Field, attributes: &Attributes<'_>) -> Ends {
        if field == Field::CategoryByText {
            if let Some(term) = self.attribute(attributes, "text") {
                let scheme = Some("http://www.itunes.com/".to_owned());
                self.common().add_category(Category {
                    term,
                    scheme,
                    label: None,
                });
            }
            return Ends::Nothing;
        }
        if let Some(category) = self.category(attributes) {
            self.common().add_category(category);
            return self.collect_bare(Field::Other);
        }
        self.note = self
            .attribute(attributes, "domain")
            .or_else(|| self.attribute(attributes, "scheme"));
        self.collect_bare(Field::Category)
    }

    /// The end of a text, wherever it belongs.
    pub(super) fn end_text(&mut self, field: Field, construct: Construct) {
        let extra = if self.place() == Place::UnknownInEntry || self.place() == Place::UnknownInFeed
        {
            IN_UNKNOWN
        } else {
            0
        };
        match field {
            Field::Title(rank) => self.common().title.offer(rank + extra, construct.finish()),
            Field::Rights(rank) => self.common().rights.offer(rank + extra, construct.finish()),
            Field::Summary(rank) | Field::Subtitle(rank) | Field::Description(rank) => {
                self.end_summary(rank + extra, construct.finish());
            }
            Field::Content => {
                let text = construct.finish();
                let is_plain = text
                    .as_ref()
                    .is_some_and(|text| text.kind == TextKind::Plain);
                self.end_content(extra + u8::from(is_plain), text);
            }
            Field::Encoded(rank) | Field::Body(rank) => {
                self.end_content(rank + extra, construct.finish())
            }
            _ => {
                let base = construct.base().cloned();
                if let Some(text) = construct.into_string() {
                    self.end_value(field, extra, text, base);
                }
            }
        }
    }

    /// Of two short texts the better is the summary, and the other may serve as the body.
    fn end_summary(&mut self, rank: u8, text: Option<Text>) {
        let beaten = self.common().summary.exchange(rank, text);
        if let (Some((rank, text)), Some(entry)) = (beaten, &mut self.entry) {
            if rank < LEAST_BODY && self.source.is_none() {
                entry.content.offer(LEAST_BODY + rank, Some(text));
            }
        }
    }

    fn end_content(&mut self, rank: u8, text: Option<Text>) {
        match &mut self.entry {
            Some(entry) => entry.content.offer(rank, text),
            None => self
                .feed
                .common
                .summary
                .offer(rank.saturating_add(50), text),
        }
    }

    /// The end of a value that is characters alone.
    fn end_value(&mut self, field: Field, extra: u8, text: String, base: Option<url::Url>) {
        let resolved = || {
            base.as_ref()
                .and_then(|base| crate::link::resolve(base, &text))
        };
        match field {
            Field::Published(rank) => {
                let moment = self.moment(&text);
                self.common().published.offer(rank + extra, moment);
            }
            Field::Updated(rank) => {
                let moment = self.moment(&text);
                self.common().updated.offer(rank + extra, moment);
            }
            Field::Date => {
                let moment = self.moment(&text);
                self.common().date.offer(extra, moment);
            }
            Field::Language(rank) => self.common().language.offer(rank, Language::new(&text)),
            Field::Logo(rank) => self.common().image.offer(rank, resolved()),
            Field::Link => self.end_link(resolved()),
            Field::Id => {
                let id = absolute(text, base.as_ref());
                self.common().id.offer(extra, Some(id));
                if let Some(entry) = &mut self.entry {
                    entry.id_is_iri = true;
                }
            }
            Field::Creator => self.end_creator(&text),
            Field::Category | Field::Keywords => self.end_category(field, text),
            Field::Name | Field::Email | Field::Uri => self.end_person_part(field, text, base),
            Field::Guid => self.end_guid(text, base),
            Field::OriginalLink => {
                if let Some(entry) = &mut self.entry {
                    entry.original = entry
                        .original
                        .take()
                        .or_else(|| base.and_then(|base| crate::link::resolve(&base, &text)));
                }
            }
            Field::Comments | Field::CommentFeed => self.end_comments(field, resolved()),
            _ => self.end_hint(field, &text),
        }
    }

    fn end_link(&mut self, url: Option<url::Url>) {
        let Some(url) = url else { return };
        let link = Link {
            href: url.as_str().to_owned(),
            rel: "alternate".to_owned(),
            media_type: None,
            hreflang: None,
            title: None,
        };
        let common = self.common();
        common.add_link(link);
        common.text_link.get_or_insert(url);
    }

    fn end_comments(&mut self, field: Field, url: Option<url::Url>) {
        let Some(url) = url else { return };
        let media_type = match field {
            Field::CommentFeed => "application/rss+xml",
            _ => "text/html",
        };
        self.common().add_link(Link {
            href: url.into(),
            rel: "replies".to_owned(),
            media_type: Some(media_type.to_owned()),
            hreflang: None,
            title: None,
        });
    }

    fn end_creator(&mut self, text: &str) {
        let Some(person) = person::read(text) else {
            return;
        };
        let creators = &mut self.common().creators;
        if creators.len() < choice::MOST_OF_A_KIND {
            creators.push(person);
        }
    }

    fn end_category(&mut self, field: Field, text: String) {
        let scheme = self.note.take();
        let common = self.common();
        if field == Field::Category {
            common.add_category(Category {
                term: text,
                scheme,
                label: None,
            });
            return;
        }
        for word in text.split(',').map(str::trim).take(choice::MOST_OF_A_KIND) {
            let scheme = Some("http://www.itunes.com/".to_owned());
            common.add_category(Category {
                term: word.to_owned(),
                scheme,
                label: None,
            });
        }
    }

    fn end_person_part(&mut self, field: Field, text: String, base: Option<url::Url>) {
        let url = base.and_then(|base| crate::link::resolve(&base, &text));
        match &mut self.person {
            None if field == Field::Uri => self.common().image.offer(0, url),
            None => {}
            Some(person) => match field {
                Field::Name => {
                    person.name = Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
                }
                Field::Email => person.email = Some(text),
                _ => person.url = Some(url.map_or(text, String::from)),
            },
        }
    }

    /// RSS: a guid is an address unless it says that it is not.
    fn end_guid(&mut self, text: String, base: Option<url::Url>) {
        let is_permalink = self
            .note
            .take()
            .is_none_or(|said| !said.eq_ignore_ascii_case("false"));
        let Some(entry) = &mut self.entry else { return };
        let mut id = text;
        if is_permalink {
            entry.permalink = base.as_ref().and_then(|base| choice::permalink(base, &id));
            entry.id_is_iri = true;
            id = absolute(id, base.as_ref());
        }
        entry.common.id.offer(0, Some(id));
    }
}

fn absolute(id: String, base: Option<&url::Url>) -> String {
    match base {
        Some(base) => choice::absolute_id(id, base),
        None => id,
    }
}
