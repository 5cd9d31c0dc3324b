//! The stack of open elements: what an end tag closes, and what was never closed.

use super::draft::EntryDraft;
use super::name::Field;
use super::{Ends, MOST_ENTRIES, Place, Reader};
use crate::model::ParsedEntry;

/// Links, categories, enclosures and authors of all entries together: each takes many times its octets in memory.
const MOST_PARTS: usize = 200_000;

/// How many of each an entry keeps after that.
const FEW_PARTS: usize = 2;

/// How far down the stack an end tag looks for its start.
const END_TAG_REACH: usize = 64;

impl Reader<'_> {
    /// Whether a start tag shows that the text being collected was never closed.
    pub(super) fn ends_text(&self, field: Field) -> bool {
        let is_bare = self
            .collecting
            .as_ref()
            .is_some_and(|text| text.is_bare() && text.depth() == 0);
        let is_title = matches!(self.collected, Field::Title(_));
        match field {
            Field::Entry => true,
            Field::Other | Field::Name | Field::Email | Field::Uri | Field::Image => false,
            Field::Link | Field::Guid | Field::Id | Field::Published(_) | Field::Updated(_) => {
                is_bare || is_title
            }
            Field::Description(_)
            | Field::Encoded(_)
            | Field::Category
            | Field::Author
            | Field::Enclosure => is_bare || is_title,
            _ => is_bare,
        }
    }

    /// Closes the text being collected, and what is open in it.
    pub(super) fn close_text(&mut self) {
        self.repairs.insert("unclosed-tags");
        while let Some(open) = self.open.last().copied() {
            self.pop();
            if matches!(open.ends, Ends::Text(_)) {
                break;
            }
        }
    }

    pub(super) fn end(&mut self, name: &str) {
        let reach = self.open.len().saturating_sub(END_TAG_REACH);
        let found = self.open[reach..]
            .iter()
            .rposition(|open| open.name == name);
        let found = found.map(|at| at + reach).or_else(|| {
            let mark = *self.marks.last()?;
            (self.open[mark].name == name).then_some(mark)
        });
        let Some(at) = found else {
            self.repairs.insert("unmatched-end-tags");
            return;
        };
        if at + 1 < self.open.len() {
            self.repairs.insert("unclosed-tags");
        }
        while self.open.len() > at {
            self.pop();
        }
    }

    /// Ends the innermost open element.
    pub(super) fn pop(&mut self) {
        let Some(open) = self.open.pop() else { return };
        self.marks.pop_if(|mark| *mark == self.open.len());
        match open.ends {
            Ends::Nothing => {}
            Ends::Markup => {
                let local = open.name.rsplit(':').next().unwrap_or(open.name);
                if let Some(construct) = &mut self.collecting {
                    construct.close(local);
                }
            }
            Ends::Text(field) => {
                if let Some(construct) = self.collecting.take() {
                    self.end_text(field, construct);
                }
            }
            Ends::Person => self.end_person(),
            Ends::Source => self.end_source(),
            Ends::Entry => self.end_entry(),
        }
        if open.place == Place::FeedImage || open.place == Place::EntryImage {
            self.end_image(open.place);
        }
        self.scope.leave(self.open.len());
    }

    pub(super) fn end_entry(&mut self) {
        let Some(entry) = self.entry.take().map(EntryDraft::finish) else {
            return;
        };
        if self.feed.entries.len() < MOST_ENTRIES {
            let entry = self.within_limits(entry);
            self.feed.entries.push(entry);
        } else {
            self.repairs.insert("too-many-entries");
        }
    }

    /// An entry with no more parts than what is left for a document.
    fn within_limits(&mut self, mut entry: ParsedEntry) -> ParsedEntry {
        self.parts += entry.links.len()
            + entry.categories.len()
            + entry.enclosures.len()
            + entry.authors.len();
        if self.parts > MOST_PARTS {
            self.repairs.insert("too-many-parts");
            entry.links.truncate(FEW_PARTS);
            entry.links.shrink_to_fit();
            entry.categories.truncate(FEW_PARTS);
            entry.categories.shrink_to_fit();
            entry.enclosures.truncate(FEW_PARTS);
            entry.enclosures.shrink_to_fit();
            entry.authors.truncate(FEW_PARTS);
            entry.authors.shrink_to_fit();
        }
        entry
    }

    /// Ends what is still open: a whole document has closed everything.
    pub(super) fn end_document(&mut self) {
        if !self.open.is_empty() {
            self.repairs.insert("truncated");
            self.drop_what_was_cut();
        }
        while !self.open.is_empty() {
            self.pop();
        }
        if self.entities.met_undeclared {
            self.repairs.insert("undeclared-entities");
        }
    }

    /// Half an address or date is worse than none, and so is an entry with half a text that nothing tells from others.
    pub(super) fn drop_what_was_cut(&mut self) {
        if self.collecting.is_some() {
            self.collecting.take_if(|construct| construct.is_bare());
            self.entry.take_if(|entry| !entry.is_identified());
        }
    }
}
