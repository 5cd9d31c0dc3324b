//! What a record tells: link, title, date, summary, image, and the elements that say so.

use std::ops::Range;

use url::Url;

use super::group::Record;
use crate::date;
use crate::model::{DateOrigin, Moment, ParsedEntry, Text};
use crate::scrape::dates::{self, Dated};
use crate::scrape::page::Page;
use crate::scrape::text;
use crate::scrape::tree::{Id, Tree};
use crate::scrape::words::{self, Hint};

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
    pub(in crate::scrape) summary: Option<String>,
    pub(in crate::scrape) summary_element: Option<Id>,
    pub(in crate::scrape) image: Option<(Id, Url)>,
    /// Different pages that the record links to.
    pub(in crate::scrape) targets: usize,
}

/// Reads a record.
pub(in crate::scrape) fn read(page: &Page, record: &Record) -> Fields {
    let tree = &page.tree;
    let span = record.span.clone();
    let links = links(page, &span);
    let heading = heading(page, &span);
    let mut fields = Fields {
        targets: targets(&links),
        link: main_link(page, &links, heading),
        ..Fields::default()
    };
    set_title(page, &span, heading, &mut fields);
    if let Some(dated) = dates::of_span(page, &span) {
        set_date(page, dated, &mut fields);
    }
    if fields.published.is_none()
        && let Some((_, link)) = &fields.link
        && let Some(moment) = date::in_address(link, &page.context)
    {
        fields.published = Some(moment);
        fields.date_origin = Some(DateOrigin::Address);
    }
    fields.title = text::without_date(&fields.title, &page.context);
    set_summary(page, &span, &mut fields);
    fields.image = span
        .clone()
        .filter(|id| tree.name(*id) == "img")
        .find_map(|id| Some((id, image(page, id)?)));
    fields
}

fn set_date(page: &Page, dated: Dated, fields: &mut Fields) {
    fields.published = dated.published.or(dated.updated);
    fields.updated = dated.updated.filter(|_| dated.published.is_some());
    fields.date_element = dated.element.filter(|_| dated.is_own);
    fields.date_origin = Some(DateOrigin::Page);
    // Only the month in sight, but the day in the address: the same date, told better.
    let _ = page;
}

fn links(page: &Page, span: &Range<Id>) -> Vec<(Id, Url)> {
    let around = page
        .tree
        .ancestors(span.start)
        .take(6)
        .find(|id| page.tree.name(*id) == "a")
        .filter(|id| page.tree.node(*id).end >= span.end);
    around
        .into_iter()
        .chain(span.clone().filter(|id| page.tree.name(*id) == "a"))
        .filter_map(|id| Some((id, page.link(id)?)))
        .collect()
}

fn targets(links: &[(Id, Url)]) -> usize {
    let mut addresses: Vec<&str> = links.iter().map(|(_, url)| url.as_str()).collect();
    addresses.sort_unstable();
    addresses.dedup();
    addresses.len()
}

/// The first heading that is more than decoration.
fn heading(page: &Page, span: &Range<Id>) -> Option<Id> {
    let tree = &page.tree;
    let is_title = |id: &Id| {
        let text = title_text(page, *id);
        text.chars().count() >= 4
            && !words::is_decoration(&text)
            && date::parse(&text, &page.context).is_none()
    };
    span.clone()
        .find(|id| is_heading(tree, *id) && is_title(id))
        .or_else(|| {
            span.clone().find(|id| {
                tree.classes(*id)
                    .any(|class| words::hint(class) == Some(Hint::Title))
                    && !tree.classes(*id).any(|class| {
                        words::class_words(class)
                            .iter()
                            .any(|w| w == "sub" || w == "header")
                    })
                    && tree.text(*id).len() <= 300
                    && is_title(id)
            })
        })
}

pub(super) fn is_heading(tree: &Tree, id: Id) -> bool {
    matches!(
        tree.name(id),
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "dt"
    ) || tree.attribute(id, "role") == Some("heading")
}

/// The link of the heading; else the longest link text that is no decoration; else the first.
fn main_link(page: &Page, links: &[(Id, Url)], heading: Option<Id>) -> Option<(Id, Url)> {
    let tree = &page.tree;
    if let Some(heading) = heading {
        let of_heading = links.iter().find(|(id, _)| {
            tree.subtree(heading).contains(id) || tree.subtree(*id).contains(&heading)
        });
        if let Some(found) = of_heading {
            return Some(found.clone());
        }
        let more = links.iter().find(|(id, _)| words::is_more(&tree.text(*id)));
        if let Some(found) = more {
            return Some(found.clone());
        }
    }
    let weight = |id: Id| {
        let text = tree.text(id);
        if words::is_decoration(&text) {
            0
        } else {
            text.chars().count().min(200)
        }
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

fn set_title(page: &Page, span: &Range<Id>, heading: Option<Id>, fields: &mut Fields) {
    let tree = &page.tree;
    if let Some(heading) = heading {
        fields.title = title_text(page, heading);
        fields.title_element = Some(heading);
        fields.has_heading = true;
        return;
    }
    if let Some((link, _)) = &fields.link {
        let part = title_part(page, *link);
        let text = title_text(page, part);
        if text.chars().count() >= 3 && !words::is_decoration(&text) {
            fields.title = text;
            fields.title_element = Some(part);
            return;
        }
    }
    let strong = span.clone().find(|id| {
        matches!(tree.name(*id), "strong" | "b")
            && !words::is_decoration(&tree.text(*id))
            && date::parse(&tree.text(*id), &page.context).is_none()
    });
    if let Some(strong) = strong {
        fields.title = title_text(page, strong);
        fields.title_element = Some(strong);
        return;
    }
    let whole = tree.text_of(span.clone());
    fields.title = text::first_sentence(&text::without_date(&whole, &page.context));
}

/// Where a link holds a whole card, the part of it that is the title.
fn title_part(page: &Page, link: Id) -> Id {
    let tree = &page.tree;
    if tree.text(link).chars().count() <= 20 {
        return link;
    }
    let blocks: Vec<Id> = tree
        .children(link)
        .filter(|id| tree.is_element(*id) && !tree.is_unseen(*id))
        .collect();
    let is_title = |id: &&Id| {
        let text = tree.text(**id);
        text.chars().count() >= 8
            && !words::is_decoration(&text)
            && !tree.classes(**id).any(|class| {
                matches!(
                    words::hint(class),
                    Some(Hint::Date | Hint::Label | Hint::Summary)
                )
            })
            && date::parse(&text, &page.context).is_none()
    };
    let own: usize = tree
        .children(link)
        .filter_map(|id| tree.own_text(id))
        .map(|t| t.trim().len())
        .sum();
    if own > 10 {
        return link;
    }
    match blocks.iter().find(is_title) {
        Some(part)
            if blocks.len() > 1
                || tree
                    .children(*part)
                    .filter(|id| tree.is_element(*id))
                    .count()
                    > 1 =>
        {
            if blocks.len() == 1 {
                title_part(page, *part)
            } else {
                *part
            }
        }
        _ => link,
    }
}

/// The text of a title's element without the labels and dates set in it.
pub(in crate::scrape) fn title_text(page: &Page, id: Id) -> String {
    let tree = &page.tree;
    let mut pieces = String::new();
    let mut at = id;
    let end = tree.node(id).end;
    let mut left_out = String::new();
    while at < end {
        let is_aside = at != id
            && tree.is_element(at)
            && (tree.is_unseen(at)
                || tree.name(at) == "time"
                || tree.classes(at).any(|class| {
                    matches!(
                        words::hint(class),
                        Some(Hint::Date | Hint::Label | Hint::Photo)
                    )
                })
                || (tree.name(at) != "a"
                    && words::is_decoration(&tree.text(at))
                    && !tree.text(at).is_empty()));
        if is_aside {
            left_out.push_str(&tree.text(at));
            left_out.push(' ');
            pieces.push(' ');
            at = tree.node(at).end;
            continue;
        }
        match tree.own_text(at) {
            Some(text) => pieces.push_str(text),
            None if !crate::scrape::tree::is_phrasing(tree.name(at)) => pieces.push(' '),
            None => {}
        }
        at += 1;
    }
    let title = crate::scrape::tree::fold(&pieces);
    if title.is_empty() {
        crate::scrape::tree::fold(&left_out)
    } else {
        title
    }
}

fn set_summary(page: &Page, span: &Range<Id>, fields: &mut Fields) {
    let found = text::blocks(&page.tree, span)
        .into_iter()
        .filter(|block| !is_taken(page, block, fields))
        .find_map(|block| {
            let text = text::lead(&block.text, &fields.title, &page.context)?;
            Some((block.element, text))
        });
    if let Some((element, text)) = found {
        fields.summary_element = element;
        fields.summary = Some(text);
    }
}

fn is_taken(page: &Page, block: &text::Block, fields: &Fields) -> bool {
    let tree = &page.tree;
    let inside = |id: Option<Id>| id.is_some_and(|id| tree.subtree(id).contains(&block.first));
    let of_title = inside(fields.title_element);
    of_title
        || inside(fields.date_element)
        || words::is_decoration(&block.text)
        || block.element.is_some_and(|element| {
            std::iter::once(element)
                .chain(tree.ancestors(element).take(2))
                .any(|id| {
                    tree.name(id) == "figcaption"
                        || tree.classes(id).any(|class| {
                            words::class_words(class).iter().any(|w| {
                                matches!(
                                    w.as_str(),
                                    "caption"
                                        | "credit"
                                        | "credits"
                                        | "photographer"
                                        | "fotograf"
                                        | "bildtext"
                                        | "byline"
                                        | "author"
                                )
                            })
                        })
                })
        })
}

pub(in crate::scrape) fn image(page: &Page, id: Id) -> Option<Url> {
    let tree = &page.tree;
    ["data-src", "data-lazy-src", "src"]
        .iter()
        .filter_map(|name| tree.attribute(id, name))
        .find(|src| !src.starts_with("data:") && !src.is_empty())
        .and_then(|src| page.resolve(src))
}

impl Fields {
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
