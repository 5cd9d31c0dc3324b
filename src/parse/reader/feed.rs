//! What the elements of a feed itself fill: RSS and CDF channels, Atom feeds.

use super::name::Field;
use super::{Ends, Place, Reader};
use crate::model::TextKind;
use crate::parse::attribute::Attributes;
use crate::parse::hint;

/// `skipHours` and `skipDays` hold at most this many in any sense.
const MOST_SKIPPED: usize = 24;

impl Reader<'_> {
    /// What a channel says in its attributes: CDF's address and date, RDF's name.
    pub(super) fn channel_attributes(&mut self, attributes: &Attributes<'_>) {
        if let Some(href) = self.attribute(attributes, "href") {
            let url = self.resolve(&href);
            let link = &mut self.feed.common.text_link;
            *link = link.take().or(url);
        }
        let modified = self.attribute(attributes, "lastmod");
        let modified = modified.and_then(|date| self.moment(&date));
        self.feed.common.updated.offer(0, modified);
        let about = attributes
            .local("about")
            .map(|about| about.trim().to_owned());
        let about = about.filter(|about| !about.is_empty());
        self.feed.common.id.offer(50, about);
    }

    /// The start of an element inside a feed.
    pub(super) fn feed_field(
        &mut self,
        place: Place,
        field: Field,
        attributes: &Attributes<'_>,
    ) -> (Place, Ends) {
        let stays = |ends| (place, ends);
        match field {
            Field::Root | Field::Feed => {
                self.start_feed(attributes);
                stays(Ends::Nothing)
            }
            Field::Wrapper => stays(Ends::Nothing),
            Field::Title(_) | Field::Rights(_) | Field::Subtitle(_) => {
                stays(self.text(field, TextKind::Unknown, attributes))
            }
            Field::Summary(_) => {
                stays(self.text(Field::Subtitle(2), TextKind::Unknown, attributes))
            }
            Field::Description(_) => stays(self.text(field, TextKind::Html, attributes)),
            Field::Deleted => self.deleted(attributes),
            _ if place == Place::UnknownInFeed => (place, Ends::Nothing),
            _ => self.feed_part(field, attributes),
        }
    }

    /// The start of an element that adds something to a feed.
    fn feed_part(&mut self, field: Field, attributes: &Attributes<'_>) -> (Place, Ends) {
        let stays = |ends| (Place::Feed, ends);
        match field {
            Field::Link => stays(self.feed_link(attributes)),
            Field::Author => self.start_person(),
            Field::OtherPerson | Field::TextInput | Field::Guid => (Place::Ignored, Ends::Nothing),
            Field::Category | Field::CategoryByText => {
                stays(self.start_category(field, attributes))
            }
            Field::ImageByHref | Field::Thumbnail => stays(self.image_attribute(attributes)),
            Field::Image => {
                self.loose.clear();
                (Place::FeedImage, Ends::Nothing)
            }
            Field::SkipHours => (Place::SkipHours, Ends::Nothing),
            Field::SkipDays => (Place::SkipDays, Ends::Nothing),
            Field::Published(_)
            | Field::Updated(_)
            | Field::Date
            | Field::Id
            | Field::Language(_)
            | Field::Creator
            | Field::Keywords
            | Field::Words
            | Field::Logo(_)
            | Field::Generator
            | Field::Ttl
            | Field::UpdatePeriod
            | Field::UpdateFrequency => stays(self.collect_bare(field)),
            _ => (Place::UnknownInFeed, Ends::Nothing),
        }
    }

    fn feed_link(&mut self, attributes: &Attributes<'_>) -> Ends {
        if let Some(link) = self.link(attributes) {
            self.common().add_link(link);
            return Ends::Nothing;
        }
        if attributes.get("href").is_some() {
            return Ends::Nothing;
        }
        self.collect_bare(Field::Link)
    }

    /// The end of a value that is a hint or the like.
    pub(super) fn end_hint(&mut self, field: Field, text: &str) {
        let hints = &mut self.feed.hints;
        match field {
            Field::Generator => self.feed.generator = Some(text.to_owned()),
            Field::Ttl => hints.ttl_minutes = text.parse().ok(),
            Field::Hour if hints.skip_hours.len() < MOST_SKIPPED => {
                hints.skip_hours.extend(hint::hour(text));
            }
            Field::Day if hints.skip_days.len() < MOST_SKIPPED => {
                hints.skip_days.extend(hint::day(text));
            }
            Field::UpdatePeriod => self.feed.period = hint::period(text),
            Field::UpdateFrequency => self.feed.frequency = text.parse().ok(),
            _ => {}
        }
    }
}
