//! What a record tells: link, title, date, summary, image, and the elements that say so.

use std::ops::Range;

use url::Url;

use super::group::Record;
use super::title;
use crate::date;
use crate::model::{DateOrigin, Moment, ParsedEntry, Precision, Text};
use crate::scrape::dates::{self, Dated};
use crate::scrape::page::Page;
use crate::scrape::text;
use crate::scrape::tree::{Id, Tree};
use crate::scrape::words;

/// A text of this length is a lead and not a note beside one.
const FULL_LEAD: usize = 60;

/// What may stand beside a date without being told: a mark, "kl.", a kind.
const BESIDE_DATE: usize = 16;

/// The fields of one record.
#[derive(Debug, Clone, Default)]
pub(in crate::scrape) struct Fields {
    pub(in crate::scrape) link: Option<(Id, Url)>,
    pub(in crate::scrape) title: String,
    /// The element whose text is the title; `None` where it is part of a longer text.
    pub(in crate::scrape) title_element: Option<Id>,
    pub(in crate::scrape) has_heading: bool,
    pub(in crate::scrape) published: Option<Moment>,
    pub(in crate::scrape) updated: Option<Moment>,
    pub(in crate::scrape) date_element: Option<Id>,
    pub(in crate::scrape) date_origin: Option<DateOrigin>,
    /// Whether the date leaves its year out.
    pub(in crate::scrape) is_yearless: bool,
    pub(in crate::scrape) summary: Option<String>,
    pub(in crate::scrape) summary_element: Option<Id>,
    pub(in crate::scrape) image: Option<(Id, Url)>,
    /// Different pages that the record links to.
    pub(in crate::scrape) targets: usize,
    /// Different pages it links to by what reads like a title.
    pub(in crate::scrape) titles: usize,
}

/// Reads a record.
pub(in crate::scrape) fn read(page: &Page, record: &Record) -> Fields {
    let heading = title::heading(page, &record.span);
    read_titled(page, record, heading)
}

/// Reads a record whose heading is known.
pub(in crate::scrape) fn read_titled(page: &Page, record: &Record, heading: Option<Id>) -> Fields {
    let span = &record.span;
    let links = links(page, span);
    let link = main_link(page, &links, heading);
    let title = title::find(page, span, heading, link.as_ref().map(|(id, _)| *id));
    let mut fields = Fields {
        targets: targets(links.iter()),
        titles: targets(links.iter().filter(|(id, _)| is_titled(page, *id))),
        link,
        title_element: title.element,
        has_heading: title.is_heading,
        ..Fields::default()
    };
    let dated = dates::of_span(page, span);
    let dated = match title.element {
        Some(element) if tells_of_a_date(page, element, dated.as_ref(), &title.text) => {
            let title = page.tree.subtree(element);
            dates::of_span(page, &(span.start..title.start.max(span.start)))
                .or_else(|| dates::of_span(page, &(title.end.min(span.end)..span.end)))
        }
        _ => dated,
    };
    set_date(page, dated, &mut fields);
    fields.title = text::without_date(&title.text, &page.context);
    set_summary(page, span, &mut fields);
    fields.image = span
        .clone()
        .filter(|id| page.tree.name(*id) == "img")
        .find_map(|id| Some((id, image(page, id)?)));
    fields
}

/// Whether a date is one that the title speaks of: "Ansök senast 1 december", not "2021-02-05 Nya krav på tyg".
fn tells_of_a_date(page: &Page, title: Id, dated: Option<&Dated>, text: &str) -> bool {
    dated
        .and_then(|dated| dated.element)
        .is_some_and(|element| {
            page.tree.subtree(title).contains(&element)
                && page.tree.name(element) != "time"
                && page.tree.text(element) == text
                && text::without_date(text, &page.context) == text
        })
}

/// The date that the record shows; else the one in its address.
fn set_date(page: &Page, dated: Option<Dated>, fields: &mut Fields) {
    if let Some(dated) = dated {
        fields.published = dated.published.or(dated.updated);
        fields.updated = dated.updated.filter(|_| dated.published.is_some());
        fields.date_element = dated
            .element
            .filter(|id| dated.is_own && page.tree.text(*id).chars().count() <= dates::MAX_RUN);
        fields.date_origin = Some(DateOrigin::Page);
        fields.is_yearless = dated.is_yearless;
        let told = fields
            .link
            .as_ref()
            .and_then(|(_, link)| date::in_address(link, &page.context));
        if let (Some(shown), Some(told)) = (fields.published, told)
            && dates::is_swapped(shown, told)
        {
            fields.published = Some(told);
        }
    } else if let Some((_, link)) = &fields.link
        && let Some(moment) = date::in_address(link, &page.context)
    {
        fields.published = Some(moment);
        fields.date_origin = Some(DateOrigin::Address);
    }
}

/// The links of a stretch, and the one it stands in.
fn links(page: &Page, span: &Range<Id>) -> Vec<(Id, Url)> {
    let tree = &page.tree;
    let around = tree
        .ancestors(span.start)
        .take(6)
        .find(|id| tree.name(*id) == "a")
        .filter(|id| tree.node(*id).end >= span.end);
    around
        .into_iter()
        .chain(span.clone().filter(|id| tree.name(*id) == "a"))
        .filter_map(|id| Some((id, page.link(id)?)))
        .collect()
}

/// Whether a link's text reads like a title, not like a category or a name.
fn is_titled(page: &Page, id: Id) -> bool {
    let text = page.tree.text(id);
    text.split(' ').count() >= 4 && text.chars().count() >= 20 && !words::is_decoration(&text)
}

fn targets<'l>(links: impl Iterator<Item = &'l (Id, Url)>) -> usize {
    let mut addresses: Vec<&str> = links.map(|(_, url)| url.as_str()).collect();
    addresses.sort_unstable();
    addresses.dedup();
    addresses.len()
}

/// The link of the heading; else one that asks to read on; else that with the longest text; else the first.
fn main_link(page: &Page, links: &[(Id, Url)], heading: Option<Id>) -> Option<(Id, Url)> {
    let tree = &page.tree;
    if let Some(heading) = heading {
        let of_heading = links.iter().find(|(id, _)| {
            tree.subtree(heading).contains(id) || tree.subtree(*id).contains(&heading)
        });
        let more = || links.iter().find(|(id, _)| words::is_more(&tree.text(*id)));
        if let Some(found) = of_heading.or_else(more) {
            return Some(found.clone());
        }
    }
    let weight = |id: Id| match tree.text(id) {
        text if words::is_decoration(&text) => 0,
        text => text.chars().count().min(200),
    };
    let mut best: Option<(usize, &(Id, Url))> = None;
    for link in links.iter().take(40) {
        let weight = weight(link.0);
        if best.is_none_or(|(known, _)| weight > known) {
            best = Some((weight, link));
        }
    }
    best.map(|(_, link)| link.clone())
}

fn set_summary(page: &Page, span: &Range<Id>, fields: &mut Fields) {
    let told: Vec<(Option<Id>, String)> = text::blocks(&page.tree, span)
        .into_iter()
        .filter(|block| !is_taken(&page.tree, block, fields))
        .filter_map(|block| {
            let text = text::lead(&block.text, &fields.title, &page.context)?;
            Some((block.element, text))
        })
        .take(12)
        .collect();
    // A line about who tells it is shorter than what is told.
    let full = told
        .iter()
        .find(|(_, text)| text.chars().count() >= FULL_LEAD);
    if let Some((element, text)) = full.or_else(|| told.first()).cloned() {
        fields.summary_element = element;
        fields.summary = Some(text);
    }
}

/// Whether a block is the title, the date, decoration, or text that belongs to a picture.
fn is_taken(tree: &Tree, block: &text::Block, fields: &Fields) -> bool {
    let inside = |id: Option<Id>| id.is_some_and(|id| tree.subtree(id).contains(&block.first));
    // A link may hold title and lead alike, with only a line break between them.
    inside(fields.title_element) && block.text.starts_with(&fields.title)
        || inside(fields.date_element) && is_all_of(tree, block, fields.date_element)
        || words::is_decoration(&block.text)
        || block.element.is_some_and(|element| {
            std::iter::once(element)
                .chain(tree.ancestors(element).take(2))
                .any(|id| tree.name(id) == "figcaption" || is_credit(tree, id))
        })
}

/// Whether a block holds no more than the element it begins in: `<em>20 okt</em>` may lead a text.
fn is_all_of(tree: &Tree, block: &text::Block, element: Option<Id>) -> bool {
    let length = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
    block.text.chars().count() <= dates::MAX_RUN
        && element.is_some_and(|id| length(&block.text) <= length(&tree.text(id)) + BESIDE_DATE)
}

fn is_credit(tree: &Tree, id: Id) -> bool {
    const CREDITS: [&str; 8] = [
        "caption",
        "credit",
        "credits",
        "photographer",
        "fotograf",
        "bildtext",
        "byline",
        "author",
    ];
    words::marks(tree, id).any(|mark| {
        words::class_words(mark)
            .iter()
            .any(|word| CREDITS.contains(&word.as_str()))
    })
}

/// The address of a picture, lazily loaded ones included.
pub(in crate::scrape) fn image(page: &Page, id: Id) -> Option<Url> {
    ["data-src", "data-lazy-src", "src"]
        .iter()
        .filter_map(|name| page.tree.attribute(id, name))
        .find(|src| !src.starts_with("data:") && !src.is_empty())
        .and_then(|src| page.resolve(src))
}

impl Fields {
    /// Whether the day is known.
    pub(in crate::scrape) fn is_dated(&self) -> bool {
        self.published
            .is_some_and(|moment| moment.precision >= Precision::Day)
    }

    /// The entry these fields make; one without a link of its own leads to the list.
    pub(in crate::scrape) fn entry(&self, page: &Page) -> ParsedEntry {
        let link = self.link.as_ref().map_or(&page.address, |(_, url)| url);
        ParsedEntry {
            link: Some(link.clone()),
            title: Some(Text::plain(self.title.clone())),
            summary: self.summary.clone().map(Text::plain),
            published: self.published,
            updated: self.updated,
            date_origin: self.date_origin,
            image: self.image.as_ref().map(|(_, url)| url.clone()),
            ..ParsedEntry::default()
        }
    }
}
