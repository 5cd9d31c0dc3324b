//! What the surroundings of a group say: menus and footers against, news sections and headings for.

use super::group::Record;
use crate::scrape::page::Page;
use crate::scrape::tree::Id;
use crate::scrape::words;

/// An element with more of the page's text than this says nothing of one list in it.
const MAX_SHARE: f32 = 0.7;

/// What is known of a page as a whole.
pub(super) struct Mass {
    /// How much text stands before each node; differences give the text of any stretch.
    sums: Vec<usize>,
    /// Whether the page calls itself one of news: in its title, its headline or its address.
    pub(super) says_news: bool,
}

impl Mass {
    pub(super) fn of(page: &Page) -> Self {
        let tree = &page.tree;
        let mut sums = Vec::with_capacity(tree.len() + 1);
        let mut sum = 0;
        sums.push(0);
        for id in 0..tree.len() {
            if let Some(text) = tree.own_text(id)
                && tree.parent(id).is_none_or(|parent| !tree.is_unseen(parent))
            {
                sum += text.trim().len();
            }
            sums.push(sum);
        }
        Self {
            sums,
            says_news: says_news(page),
        }
    }

    pub(super) fn share(&self, page: &Page, id: Id) -> f32 {
        let total = self.sums.last().copied().unwrap_or(0).max(1);
        let span = page.tree.subtree(id);
        (self.sums[span.end] - self.sums[span.start]) as f32 / total as f32
    }
}

/// The weight of the surroundings of a group, told by its first record.
pub(super) fn weight(page: &Page, mass: &Mass, first: &Record) -> f32 {
    let mut lowest: f32 = 1.0;
    let mut highest: f32 = 1.0;
    let own = own_weight(page, first.root);
    lowest = lowest.min(own);
    highest = highest.max(own);
    for above in page.tree.ancestors(first.root) {
        if matches!(page.tree.name(above), "main" | "body") {
            break;
        }
        let weight = match mass.share(page, above) > MAX_SHARE {
            true => named_weight(page, above),
            false => words::region_weight(&names(page, above)).min(named_weight(page, above)),
        };
        lowest = lowest.min(weight);
        highest = highest.max(weight);
    }
    lowest * highest * heading(page, first)
}

fn own_weight(page: &Page, root: Id) -> f32 {
    words::region_weight(&names(page, root))
}

/// What the element itself says of what it is for, however much of the page it holds.
fn named_weight(page: &Page, id: Id) -> f32 {
    let by_name: f32 = match page.tree.name(id) {
        "nav" | "footer" => 0.3,
        "header" => 0.4,
        "aside" => 0.55,
        _ => 1.0,
    };
    let role = match page.tree.attribute(id, "role") {
        Some(
            "navigation" | "contentinfo" | "search" | "menu" | "menubar" | "dialog" | "alertdialog",
        ) => 0.3,
        Some("complementary") => 0.55,
        _ => 1.0,
    };
    by_name.min(role)
}

fn names(page: &Page, id: Id) -> Vec<String> {
    let tree = &page.tree;
    let mut out: Vec<String> = tree.classes(id).flat_map(words::class_words).collect();
    if let Some(own) = tree.attribute(id, "id") {
        out.extend(words::class_words(own));
    }
    out
}

/// The heading that stands over a group, where one does.
pub(super) fn heading_over(page: &Page, first: &Record) -> Option<Id> {
    let tree = &page.tree;
    (0..first.span.start)
        .rev()
        .take(400)
        .filter(|id| {
            matches!(
                tree.name(*id),
                "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "caption"
            )
        })
        .find(|id| {
            tree.ancestors(*id)
                .take(3)
                .take_while(|above| {
                    !is_apart(page, *above) || tree.subtree(*above).contains(&first.root)
                })
                .any(|above| tree.subtree(above).contains(&first.root))
        })
}

/// Whether an element's headings are its own: a dialog about cookies stands over no list after it.
fn is_apart(page: &Page, id: Id) -> bool {
    let tree = &page.tree;
    matches!(
        tree.name(id),
        "nav" | "aside" | "footer" | "form" | "dialog"
    ) || matches!(
        tree.attribute(id, "role"),
        Some("dialog" | "alertdialog" | "navigation" | "search" | "complementary")
    )
}

fn says_news(page: &Page) -> bool {
    let headline = page.tree.all("h1").next().map(|id| page.tree.text(id));
    let address = page.address.path().to_owned();
    page.title()
        .into_iter()
        .chain(headline)
        .chain([address])
        .any(|said| words::names_news(&said))
}

fn heading(page: &Page, first: &Record) -> f32 {
    match heading_over(page, first) {
        Some(id) => words::heading_weight(&page.tree.text(id)),
        None => 1.0,
    }
}
