//! The ends of texts and values: where what was collected belongs.

use url::Url;

use super::construct::Construct;
use super::name::Field;
use super::{Place, Reader};
use crate::model::{Category, Language, Link, Text, TextKind};
use crate::parse::choice::{self, MOST_OF_A_KIND};
use crate::parse::person;

/// Added to the rank of what stands inside an unknown element.
const IN_UNKNOWN: u8 = 100;

/// Short texts ranked from here on (descriptions of media, subtitles) are no bodies.
const LEAST_BODY: u8 = 4;

impl Reader<'_> {
    /// The end of a text, wherever it belongs.
    pub(super) fn end_text(&mut self, field: Field, mut construct: Construct) {
        if construct.undo_twice() {
            self.repairs.insert("encoded-twice");
        }
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
                if let Some(text) = construct.into_string() {
                    self.end_value(field, extra, text);
                }
                self.note = None;
            }
        }
    }

    /// Of two short texts the better is the summary, and the other may serve as the body.
    fn end_summary(&mut self, rank: u8, text: Option<Text>) {
        let beaten = self.common().summary.exchange(rank, text);
        let beaten = beaten.filter(|(rank, _)| *rank < LEAST_BODY && self.source.is_none());
        if let (Some((rank, text)), Some(entry)) = (beaten, &mut self.entry) {
            entry.content.offer(LEAST_BODY + rank, Some(text));
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
    fn end_value(&mut self, field: Field, extra: u8, text: String) {
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
            Field::Logo(rank) => {
                let url = self.resolve(&text);
                self.common().image.offer(rank, url);
            }
            Field::Link => self.end_link(self.resolve(&text)),
            Field::Id => {
                let id = choice::absolute_id(text, self.scope.base());
                self.common().id.offer(extra, Some(id));
                let is_own = self.source.is_none();
                if let Some(entry) = self.entry.as_mut().filter(|_| is_own) {
                    entry.id_is_iri = true;
                }
            }
            Field::Creator => self.end_creator(&text),
            Field::Category | Field::Keywords | Field::Words => self.end_category(field, text),
            Field::Name | Field::Email | Field::Uri => self.end_person_part(field, text),
            Field::Guid => self.end_guid(text),
            Field::OriginalLink => {
                let url = self.resolve(&text);
                if let Some(entry) = &mut self.entry {
                    entry.original = entry.original.take().or(url);
                }
            }
            Field::Comments | Field::CommentFeed => self.end_comments(field, self.resolve(&text)),
            _ => self.end_hint(field, &text),
        }
    }

    fn end_link(&mut self, url: Option<Url>) {
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

    fn end_comments(&mut self, field: Field, url: Option<Url>) {
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
        if creators.len() < MOST_OF_A_KIND {
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
        for word in text.split(',').map(str::trim).take(MOST_OF_A_KIND) {
            let scheme = (field == Field::Keywords).then(|| "http://www.itunes.com/".to_owned());
            common.add_category(Category {
                term: word.to_owned(),
                scheme,
                label: None,
            });
        }
    }

    fn end_person_part(&mut self, field: Field, text: String) {
        let url = self.resolve(&text);
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
    fn end_guid(&mut self, text: String) {
        let is_permalink = self
            .note
            .take()
            .is_none_or(|said| !said.eq_ignore_ascii_case("false"));
        let Some(entry) = &mut self.entry else { return };
        let mut id = text;
        if is_permalink {
            entry.permalink = choice::permalink(self.scope.base(), &id);
            entry.id_is_iri = true;
            id = choice::absolute_id(id, self.scope.base());
        }
        entry.common.id.offer(0, Some(id));
    }
}
