//! Lists of leads alone: paragraphs that each tell a piece of news, with neither title nor link.
//!
//! The office's old category page is of this kind. Articles are made of paragraphs too, so a page must say that it is a
//! news page, and must not have a headline of its own.

use std::collections::HashMap;

use super::fields::{self, Fields};
use super::path::Paths;
use crate::scrape::page::Page;
use crate::scrape::text;
use crate::scrape::tree::{Id, Tree};
use crate::scrape::words;

/// Shorter paragraphs are captions and labels.
const MIN_LEAD: usize = 45;

/// The leads of a page; nothing where it is no page of leads.
pub(in crate::scrape) fn leads(page: &Page) -> Vec<Fields> {
    let tree = &page.tree;
    let paths = Paths::of(tree);
    let mut sets: HashMap<u64, Vec<(Id, String)>> = HashMap::new();
    for id in 0..tree.len() {
        if !matches!(tree.name(id), "p" | "li" | "div" | "td" | "blockquote") || !is_leaf(tree, id)
        {
            continue;
        }
        let text = tree.text(id);
        if text.chars().count() >= MIN_LEAD && text.split(' ').count() >= 6 && !is_apart(tree, id) {
            sets.entry(paths.names[id]).or_default().push((id, text));
        }
    }
    let best = sets
        .into_values()
        .filter(|set| set.len() >= 3)
        .max_by_key(|set| {
            (
                set.iter().map(|(_, text)| text.len()).sum::<usize>(),
                set[0].0,
            )
        });
    let best = best.filter(|set| is_news(page, set)).unwrap_or_default();
    best.into_iter()
        .map(|(id, text)| lead(page, id, text))
        .collect()
}

/// Whether only text runs in it.
fn is_leaf(tree: &Tree, id: Id) -> bool {
    tree.subtree(id).skip(1).all(|inner| {
        !tree.is_element(inner)
            || crate::scrape::tree::is_phrasing(tree.name(inner))
            || tree.name(inner) == "br"
    })
}

fn is_apart(tree: &Tree, id: Id) -> bool {
    tree.ancestors(id).any(|above| {
        tree.is_unseen(above)
            || matches!(
                tree.name(above),
                "nav" | "footer" | "header" | "aside" | "form" | "dialog"
            )
            || tree
                .classes(above)
                .chain(tree.attribute(above, "id"))
                .filter(|_| !matches!(tree.name(above), "body" | "html"))
                .any(|class| words::region_weight(&words::class_words(class)) < 0.5)
    })
}

fn is_news(page: &Page, set: &[(Id, String)]) -> bool {
    let relative = set
        .iter()
        .filter(|(_, text)| begins_with_time(text))
        .count();
    let has_own_headline = page
        .tree
        .all("h1")
        .any(|id| page.tree.text(id).split(' ').count() >= 4);
    if has_own_headline {
        return false;
    }
    let named = page
        .tree
        .all("h1")
        .map(|id| page.tree.text(id))
        .chain(page.title())
        .chain([page.address.path().replace(['/', '-'], " ")])
        .any(|said| words::heading_weight(&said) > 1.0);
    relative * 10 >= set.len() * 3 || named && set.len() >= 4
}

/// "I veckan", "I tisdags", "Idag", "This week": how leads of such pages begin.
fn begins_with_time(text: &str) -> bool {
    const STARTS: &[&str] = &[
        "i veckan",
        "i måndags",
        "i tisdags",
        "i onsdags",
        "i torsdags",
        "i fredags",
        "i lördags",
        "i söndags",
        "i tisdag",
        "idag",
        "i dag",
        "igår",
        "i går",
        "under ",
        "i morse",
        "i helgen",
        "förra veckan",
        "denna vecka",
        "den här veckan",
        "denne uken",
        "denne veka",
        "i forrige uke",
        "på mandag",
        "på tirsdag",
        "på onsdag",
        "på torsdag",
        "på fredag",
        "i uka",
        "denne uge",
        "i sidste uge",
        "this week",
        "last week",
        "today",
        "yesterday",
        "on monday",
        "on tuesday",
        "on wednesday",
        "on thursday",
        "on friday",
        "nu ",
        "nyligen",
    ];
    let start: String = text.chars().take(24).collect::<String>().to_lowercase();
    STARTS.iter().any(|word| start.starts_with(word))
}

fn lead(page: &Page, id: Id, whole: String) -> Fields {
    let mut fields = fields::read(page, &super::record(&page.tree, id));
    fields.title = text::first_sentence(&text::without_date(&whole, &page.context));
    fields.title_element = None;
    fields.link = None;
    fields.summary = Some(whole);
    fields.summary_element = Some(id);
    fields
}
