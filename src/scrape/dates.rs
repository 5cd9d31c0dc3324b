//! The dates of a stretch of a page: `time` elements before text, published before modified.

use std::ops::Range;

use chrono::Datelike;

use super::page::Page;
use super::text::has_digit;
use super::tree::{Id, fold};
use super::words::{self, Hint};
use crate::date::{self, Label};
use crate::model::{Moment, Precision};

/// A date with the node it was read from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Dated {
    pub(super) published: Option<Moment>,
    pub(super) updated: Option<Moment>,
    /// The element that says it.
    pub(super) element: Option<Id>,
    /// Whether an element holds the date and little else: not a date told in passing.
    pub(super) is_own: bool,
    /// Whether the year is not said, but only the last that fits.
    pub(super) is_yearless: bool,
}

/// A label and a date, with a kind or a place beside it, are no longer than this.
pub(super) const MAX_RUN: usize = 90;

/// A relative date and its label are no longer than this.
const MAX_RELATIVE: usize = 60;

/// The date a stretch of the page gives itself.
pub(super) fn of_span(page: &Page, span: &Range<Id>) -> Option<Dated> {
    of_time_elements(page, span)
        .or_else(|| of_marked_elements(page, span))
        .or_else(|| of_parts(page, span))
        .or_else(|| of_short_runs(page, span))
}

/// The date that one element gives, whatever it is.
pub(super) fn of_element(page: &Page, id: Id) -> Option<Dated> {
    let span = page.tree.subtree(id);
    of_time_elements(page, &span).or_else(|| {
        from_text(page, &page.tree.text(id)).map(|dated| Dated {
            element: Some(id),
            ..dated
        })
    })
}

/// A date with a label of its own in running text: "Publicerad 12 november".
pub(super) fn of_labeled(page: &Page, span: &Range<Id>) -> Option<Dated> {
    let text = page.tree.text_of(span.clone());
    let found = date::find(&text, &page.context)?;
    let (published, updated) = match found.label {
        Label::Published => (Some(found.moment), None),
        Label::Modified => (None, Some(found.moment)),
        Label::None | Label::Event => return None,
    };
    Some(Dated {
        published,
        updated,
        element: None,
        is_own: false,
        is_yearless: found.yearless,
    })
}

/// `time`, and `meta itemprop`: said for machines.
fn of_time_elements(page: &Page, span: &Range<Id>) -> Option<Dated> {
    let tree = &page.tree;
    let mut best = Dated {
        published: None,
        updated: None,
        element: None,
        is_own: true,
        is_yearless: false,
    };
    for id in span.clone() {
        let property = tree.attribute(id, "itemprop").unwrap_or_default();
        let is_time = tree.name(id) == "time" || tree.attribute(id, "datetime").is_some();
        if !is_time && !matches!(property, "datePublished" | "dateModified" | "dateCreated") {
            continue;
        }
        let said = tree
            .attribute(id, "datetime")
            .or_else(|| tree.attribute(id, "content"));
        let text = tree.text(id);
        let Some((moment, is_yearless)) = said
            .and_then(|said| date::parse(said, &page.context))
            .map(|moment| (moment, false))
            .or_else(|| {
                let found = date::read(&text, &page.context)
                    .or_else(|| date::find(&text, &page.context))?;
                Some((found.moment, found.yearless))
            })
        else {
            continue;
        };
        if property == "dateModified" || is_modified(page, id) {
            best.updated = best.updated.or(Some(moment));
        } else if !is_event(page, id) && best.published.is_none() {
            best.published = Some(moment);
            best.element = Some(id);
            best.is_yearless = is_yearless;
        }
    }
    (best.published.is_some() || best.updated.is_some()).then_some(best)
}

/// Whether the words around a `time` element say that it is the time of a change.
fn is_modified(page: &Page, id: Id) -> bool {
    let tree = &page.tree;
    let class = tree.attribute(id, "class").unwrap_or_default();
    let words = words::class_words(class);
    if words.iter().any(|w| {
        matches!(
            w.as_str(),
            "updated" | "modified" | "changed" | "uppdaterad"
        )
    }) {
        return !words.iter().any(|w| w == "published");
    }
    label_before(page, id).is_some_and(|label| {
        let label = label.to_lowercase();
        [
            "uppdaterad",
            "ändrad",
            "oppdatert",
            "endret",
            "endra",
            "opdateret",
            "ændret",
            "updated",
            "modified",
            "reviderad",
        ]
        .iter()
        .any(|word| label.contains(word))
    })
}

fn is_event(page: &Page, id: Id) -> bool {
    page.tree.ancestors(id).take(3).any(|above| {
        words::class_words(page.tree.attribute(above, "class").unwrap_or_default())
            .iter()
            .any(|w| matches!(w.as_str(), "event" | "calendar" | "kalender"))
    })
}

/// The text right before an element, in the same parent.
fn label_before(page: &Page, id: Id) -> Option<&str> {
    let parent = page.tree.parent(id)?;
    let text = (parent + 1..id)
        .rev()
        .take(4)
        .find_map(|before| page.tree.own_text(before))?;
    (text.len() < 60).then_some(text)
}

/// Elements whose class says that they hold a date.
fn of_marked_elements(page: &Page, span: &Range<Id>) -> Option<Dated> {
    let tree = &page.tree;
    span.clone()
        .filter(|id| words::is_marked(tree, *id, &[Hint::Date]))
        .find_map(|id| {
            let text = tree.text(id);
            if text.len() > MAX_RUN {
                return None;
            }
            from_text(page, &text).map(|dated| Dated {
                element: Some(id),
                ..dated
            })
        })
}

/// A day and a month set in elements of their own: `<b>13</b><i>nov</i>`.
fn of_parts(page: &Page, span: &Range<Id>) -> Option<Dated> {
    const MAX_NODES: usize = 10;
    const MAX_LENGTH: usize = 24;
    let tree = &page.tree;
    span.clone()
        .filter(|id| tree.is_element(*id) && tree.node(*id).end - id <= MAX_NODES)
        .find_map(|id| {
            let text = tree
                .subtree(id)
                .filter_map(|inner| tree.own_text(inner))
                .collect::<Vec<_>>()
                .join(" ");
            let text = fold(&text);
            if text.len() > MAX_LENGTH || !text.bytes().any(|b| b.is_ascii_digit()) {
                return None;
            }
            let found = date::read(&text, &page.context)?;
            Some(Dated {
                published: Some(found.moment),
                updated: None,
                element: Some(id),
                is_own: true,
                is_yearless: found.yearless,
            })
        })
}

/// Whether two dates are the same but for the order of day and month: "10/11/26" beside `/2026/11/10/`.
pub(super) fn is_swapped(shown: Moment, told: Moment) -> bool {
    let (shown, other) = (shown.at.date_naive(), told.at.date_naive());
    told.precision >= Precision::Day
        && shown != other
        && shown.year() == other.year()
        && shown.day() == other.month()
        && shown.month() == other.day()
}

/// The beginning of a very long text: a date further in is told in passing.
fn edges(text: &str) -> &str {
    const LENGTH: usize = 2_000;
    let end = (0..=LENGTH.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at));
    &text[..end.unwrap_or(0)]
}

/// Runs of text that are a date and little else.
fn of_short_runs(page: &Page, span: &Range<Id>) -> Option<Dated> {
    let tree = &page.tree;
    let mut weak = None;
    for id in span.clone() {
        let Some(text) = tree.own_text(id) else {
            continue;
        };
        let text = fold(edges(text));
        if text.len() < 3 || text.len() > MAX_RELATIVE && !has_digit(&text) {
            continue;
        }
        if tree
            .ancestors(id)
            .take(3)
            .any(|above| tree.is_unseen(above))
        {
            continue;
        }
        let found = date::find(&text, &page.context);
        let in_figures =
            || date::bare(&text, &page.context).or_else(|| date::leading(&text, &page.context));
        let Some(found) = found.or_else(in_figures) else {
            continue;
        };
        if found.label == Label::Event {
            continue;
        }
        let rest = text.len() - (found.span.end - found.span.start);
        let is_own = text.len() <= MAX_RUN && rest <= 40;
        let at_edge = found.span.start <= 14 || found.span.end + 2 >= text.len();
        let element = tree.parent(id).filter(|parent| tree.is_element(*parent));
        let (published, updated) = match found.label {
            Label::Modified => (None, Some(found.moment)),
            _ => (Some(found.moment), None),
        };
        let dated = Dated {
            published,
            updated,
            element,
            is_own,
            is_yearless: found.yearless,
        };
        // A day in figures alone waits for one with a month's name or a year.
        let is_sure = !(found.yearless && date::find(&text, &page.context).is_none());
        if is_own && published.is_some() && is_sure {
            return Some(dated);
        }
        // A relative word in running text ("i veckan") is told in passing, a date at its edge is not.
        if (at_edge && !found.relative) || is_own {
            weak = weak.or(Some(dated));
        }
    }
    weak
}

fn from_text(page: &Page, text: &str) -> Option<Dated> {
    let found = date::find(text, &page.context)?;
    let (published, updated) = match found.label {
        Label::Modified => (None, Some(found.moment)),
        Label::Event => return None,
        _ => (Some(found.moment), None),
    };
    Some(Dated {
        published,
        updated,
        element: None,
        is_own: true,
        is_yearless: found.yearless,
    })
}
