//! What the elements of an entry fill: RSS items, Atom entries, CDF items.

use super::name::Field;
use super::{Ends, Place, Reader};
use crate::model::{Category, Enclosure, Link, TextKind};
use crate::parse::attribute::Attributes;
use crate::parse::choice;

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
            Field::Language(_) | Field::Creator | Field::Keywords | Field::Words => {
                stays(self.collect_bare(field))
            }
            Field::Guid => {
                self.note = self.attribute(attributes, "ispermalink");
                stays(self.collect_bare(field))
            }
            Field::Wrapper | Field::MediaGroup | Field::Root | Field::Feed => stays(Ends::Nothing),
            // A wrapper around them (`categories`) is nothing that we know.
            Field::Category => stays(self.start_category(field, attributes)),
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
            Field::CategoryByText => stays(self.start_category(field, attributes)),
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
}
