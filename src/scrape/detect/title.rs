//! The title of a record: its heading, its link, what its link is called, or the first sentence of its text.

use std::ops::Range;

use crate::scrape::page::Page;
use crate::scrape::text;
use crate::scrape::tree::{Id, Tree, fold, is_phrasing};
use crate::scrape::words::{self, Hint};

/// Nor does a block without any mark hold a headline that is longer.
const MAX_HEADLINE: usize = 160;
/// Longer text is no heading, whatever its class says.
const MAX_HEADING: usize = 300;

/// The heading of a record: real headings before marked ones, linked ones before others.
pub(super) fn heading(page: &Page, span: &Range<Id>) -> Option<Id> {
    let tree = &page.tree;
    let is_real = |id: &Id| is_heading(tree, *id) && is_title(page, *id);
    let real: Vec<Id> = span.clone().filter(is_real).take(6).collect();
    let linked = real.iter().copied().find(|id| {
        tree.subtree(*id).any(|inner| tree.name(inner) == "a")
            || tree
                .ancestors(*id)
                .take(5)
                .any(|above| tree.name(above) == "a")
    });
    let first = || real.iter().copied().find(|id| tree.name(*id) != "dt");
    linked
        .or_else(first)
        .or_else(|| real.first().copied())
        .map(|real| match holds_paragraph(tree, real) {
            true => only_link(page, real).unwrap_or(real),
            false => real,
        })
        .or_else(|| {
            let marked = span.clone().find(|id| {
                is_marked_title(tree, *id)
                    && tree.text(*id).len() <= MAX_HEADING
                    && is_title(page, *id)
            })?;
            Some(only_link(page, marked).unwrap_or(marked))
        })
}

/// Whether a heading that was never closed has taken in what follows it.
fn holds_paragraph(tree: &Tree, heading: Id) -> bool {
    tree.name(heading) != "dt" && tree.subtree(heading).any(|id| tree.name(id) == "p")
}

/// The link that is the title in an element marked as one that holds a lead as well.
fn only_link(page: &Page, marked: Id) -> Option<Id> {
    let tree = &page.tree;
    let mut links = tree
        .subtree(marked)
        .skip(1)
        .filter(|id| tree.name(*id) == "a");
    let link = links.next().filter(|_| links.next().is_none())?;
    let text = tree.text(link);
    let is_whole = text.len() == tree.text(marked).len();
    (!is_whole && text.split(' ').count() >= 3 && !words::is_more(&text)).then_some(link)
}

fn is_title(page: &Page, id: Id) -> bool {
    let text = title_text(page, id);
    text.chars().count() >= 4
        && !words::is_decoration(&text)
        && !text::is_date(&text, &page.context)
}

pub(super) fn is_heading(tree: &Tree, id: Id) -> bool {
    matches!(
        tree.name(id),
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "dt"
    ) || tree.attribute(id, "role") == Some("heading")
}

fn is_marked_title(tree: &Tree, id: Id) -> bool {
    words::is_marked(tree, id, &[Hint::Title])
        && !words::marks(tree, id).any(|mark| {
            words::class_words(mark)
                .iter()
                .any(|word| word == "sub" || word == "subtitle")
        })
}

/// A title and the element that holds it, where one does.
pub(super) struct Title {
    pub(super) text: String,
    pub(super) element: Option<Id>,
    pub(super) is_heading: bool,
}

/// Finds the title of a record whose heading and main link are known.
pub(super) fn find(page: &Page, span: &Range<Id>, heading: Option<Id>, link: Option<Id>) -> Title {
    let tree = &page.tree;
    let of = |id: Id, is_heading: bool| Title {
        text: title_text(page, id),
        element: Some(id),
        is_heading,
    };
    if let Some(heading) = heading {
        return of(heading, true);
    }
    if let Some(link) = link {
        let part = part(page, link);
        if is_long_enough(&title_text(page, part)) {
            return of(part, false);
        }
        if let Some(called) = called(tree, link) {
            return Title {
                text: called,
                element: None,
                is_heading: false,
            };
        }
    }
    let strong = span.clone().find(|id| {
        matches!(tree.name(*id), "strong" | "b")
            && is_long_enough(&tree.text(*id))
            && is_title(page, *id)
    });
    if let Some(strong) = strong {
        return of(strong, false);
    }
    let told: Vec<text::Block> = text::blocks(tree, span)
        .into_iter()
        .filter(|block| {
            !words::is_decoration(&block.text) && !text::is_date(&block.text, &page.context)
        })
        .collect();
    if let [first, _, ..] = told.as_slice()
        && is_headline(&first.text)
        && first.element.is_some_and(|id| tree.text(id) == first.text)
    {
        return Title {
            text: text::without_date(&first.text, &page.context),
            element: first.element,
            is_heading: false,
        };
    }
    let told: Vec<&str> = told.iter().map(|block| block.text.as_str()).collect();
    let whole = text::without_date(&told.join(" "), &page.context);
    Title {
        text: text::first_sentence(&whole),
        element: None,
        is_heading: false,
    }
}

/// Whether a block stands as a headline does: short, of several words, and not a sentence that ends.
fn is_headline(text: &str) -> bool {
    (15..=MAX_HEADLINE).contains(&text.chars().count())
        && text.split(' ').count() >= 3
        && !text.ends_with(['.', ':', ','])
}

fn is_long_enough(text: &str) -> bool {
    text.chars().count() >= 3 && !words::is_decoration(text)
}

/// What a "read more" link is called for those who cannot see it: "Läs mer: Nya krav på tyg".
fn called(tree: &Tree, link: Id) -> Option<String> {
    ["aria-label", "title"].iter().find_map(|name| {
        let said = fold(tree.attribute(link, name)?);
        let rest = words::without_more(&said);
        (rest.split(' ').count() >= 3 && is_long_enough(&rest)).then_some(rest)
    })
}

/// Where a link holds a whole card, the part of it that is the title.
fn part(page: &Page, link: Id) -> Id {
    let tree = &page.tree;
    let mut holder = link;
    for _ in 0..8 {
        let own: usize = tree
            .children(holder)
            .filter_map(|id| tree.own_text(id))
            .map(|text| text.trim().len())
            .sum();
        let parts: Vec<Id> = tree
            .children(holder)
            .filter(|id| tree.is_element(*id) && !tree.is_unseen(*id) && !tree.text(*id).is_empty())
            .collect();
        if own > 10 || parts.is_empty() {
            return holder;
        }
        let titles: Vec<Id> = parts
            .iter()
            .copied()
            .filter(|id| is_part(page, *id))
            .collect();
        match (titles.as_slice(), parts.len()) {
            ([], _) => match unmarked(page, &parts) {
                Some(part) => holder = part,
                None => return holder,
            },
            ([only], _) => holder = *only,
            ([first, ..], _) if is_phrasing(tree.name(*first)) && runs_on(tree, *first) => {
                return holder;
            }
            ([first, ..], _) => holder = *first,
        }
    }
    holder
}

/// The first of parts that are all marked as text, as builders of pages mark them (`text-block-9`): that tells nothing.
fn unmarked(page: &Page, parts: &[Id]) -> Option<Id> {
    let tree = &page.tree;
    let told: Vec<Id> = parts
        .iter()
        .copied()
        .filter(|id| is_told(page, *id))
        .collect();
    match told.as_slice() {
        [only] if parts.len() > 1 => Some(*only),
        [first, _, ..] => Some(*first).filter(|id| is_headline(&tree.text(*id))),
        _ => None,
    }
}

/// Whether an inline part goes on in the next one, as emphasized words in a title do.
fn runs_on(tree: &Tree, id: Id) -> bool {
    tree.classes(id).next().is_none()
        && matches!(tree.name(id), "em" | "i" | "b" | "span" | "mark" | "u")
        && tree.text(id).chars().count() < 40
}

fn is_part(page: &Page, id: Id) -> bool {
    is_told(page, id) && !words::is_marked(&page.tree, id, &[Hint::Summary])
}

/// Whether a part tells something: it is no label, no date, no text of a picture.
fn is_told(page: &Page, id: Id) -> bool {
    let tree = &page.tree;
    let text = tree.text(id);
    text.chars().count() >= 8
        && !words::is_decoration(&text)
        && !words::is_marked(tree, id, &[Hint::Date, Hint::Label, Hint::Photo])
        && !text::is_date(&text, &page.context)
}

/// The text of a title's element without the labels and dates set in it.
pub(in crate::scrape) fn title_text(page: &Page, id: Id) -> String {
    let tree = &page.tree;
    let (mut pieces, mut left_out) = (String::new(), String::new());
    let end = tree.node(id).end;
    let mut at = id;
    while at < end {
        if at != id && is_aside(tree, at) {
            left_out.push_str(&tree.text(at));
            left_out.push(' ');
            pieces.push(' ');
            at = tree.node(at).end;
            continue;
        }
        match tree.own_text(at) {
            Some(text) => pieces.push_str(text),
            None if !is_phrasing(tree.name(at)) => pieces.push(' '),
            None => {}
        }
        at += 1;
    }
    let title = fold(&pieces);
    if title.is_empty() {
        fold(&left_out)
    } else {
        title
    }
}

fn is_aside(tree: &Tree, id: Id) -> bool {
    if !tree.is_element(id) {
        return false;
    }
    let text = || tree.text(id);
    tree.is_unseen(id)
        || tree.name(id) == "time"
        || (words::is_marked(tree, id, &[Hint::Date, Hint::Label, Hint::Photo])
            && text().chars().count() <= 60)
        || (!matches!(tree.name(id), "a" | "img" | "br") && words::is_label(&text()))
}
