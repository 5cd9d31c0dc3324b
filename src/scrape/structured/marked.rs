//! Articles marked in the markup itself: microdata (`itemscope`) and microformats (`h-entry`, `hentry`).

use super::Told;
use crate::date;
use crate::model::{DateOrigin, ParsedEntry};
use crate::scrape::detect;
use crate::scrape::page::Page;
use crate::scrape::tree::{Id, Tree};
use crate::scrape::{Way, text};

/// Articles by `itemtype` of schema.org.
pub(crate) fn microdata(page: &Page) -> Told {
    let tree = &page.tree;
    let is_article = |id: &Id| {
        tree.attribute(*id, "itemscope").is_some()
            && tree.attribute(*id, "itemtype").is_some_and(|kind| {
                let name = kind.rsplit('/').next().unwrap_or(kind);
                name.ends_with("Article") || matches!(name, "BlogPosting" | "Report")
            })
    };
    let entries = roots(tree, is_article)
        .into_iter()
        .filter_map(|root| entry(page, root, &|id, wanted| property(tree, id, wanted)))
        .collect();
    Told {
        way: Way::Microdata,
        entries,
    }
}

/// Articles by class names of microformats2 and of the older hAtom.
pub(crate) fn microformats(page: &Page) -> Told {
    let tree = &page.tree;
    let is_entry = |id: &Id| {
        tree.classes(*id)
            .any(|class| matches!(class, "h-entry" | "hentry"))
    };
    let entries = roots(tree, is_entry)
        .into_iter()
        .filter_map(|root| entry(page, root, &|id, wanted| class(tree, id, wanted)))
        .collect();
    Told {
        way: Way::Microformats,
        entries,
    }
}

/// Elements that hold no other of the kind, in document order.
fn roots(tree: &Tree, is_root: impl Fn(&Id) -> bool) -> Vec<Id> {
    let mut out: Vec<Id> = Vec::new();
    let mut id = 0;
    while id < tree.len() {
        if is_root(&id) && !tree.is_unseen(id) {
            out.push(id);
            id = tree.node(id).end;
        } else {
            id += 1;
        }
    }
    out
}

#[derive(Clone, Copy, PartialEq)]
enum Wanted {
    Title,
    Link,
    Published,
    Updated,
    Summary,
}

fn property(tree: &Tree, id: Id, wanted: Wanted) -> bool {
    let names = tree.attribute(id, "itemprop").unwrap_or_default();
    names.split_ascii_whitespace().any(|name| match wanted {
        Wanted::Title => matches!(name, "headline" | "name"),
        Wanted::Link => matches!(name, "url" | "mainEntityOfPage"),
        Wanted::Published => matches!(name, "datePublished" | "dateCreated"),
        Wanted::Updated => name == "dateModified",
        Wanted::Summary => matches!(name, "description" | "abstract"),
    })
}

fn class(tree: &Tree, id: Id, wanted: Wanted) -> bool {
    tree.classes(id).any(|name| match wanted {
        Wanted::Title => matches!(name, "p-name" | "entry-title"),
        Wanted::Link => matches!(name, "u-url" | "bookmark"),
        Wanted::Published => matches!(name, "dt-published" | "published"),
        Wanted::Updated => matches!(name, "dt-updated" | "updated"),
        Wanted::Summary => matches!(name, "p-summary" | "entry-summary"),
    })
}

fn entry(page: &Page, root: Id, is: &dyn Fn(Id, Wanted) -> bool) -> Option<ParsedEntry> {
    let tree = &page.tree;
    let find = |wanted| tree.subtree(root).find(|id| is(*id, wanted));
    let title = find(Wanted::Title)?;
    let mut fields = detect::read_titled(page, &detect::record(tree, root), Some(title));
    fields.title = text::without_date(&detect::title_text(page, title), &page.context);
    let marked = find(Wanted::Link)
        .into_iter()
        .chain(tree.subtree(title))
        .chain(tree.ancestors(title).take(3))
        .find_map(|id| Some((id, page.link(id)?)));
    fields.link = marked.or(fields.link);
    let moment = |wanted| {
        let id = find(wanted)?;
        ["datetime", "content", "title"]
            .iter()
            .filter_map(|name| tree.attribute(id, name))
            .find_map(|said| date::parse(said, &page.context))
            .or_else(|| date::find(&tree.text(id), &page.context).map(|found| found.moment))
    };
    if let Some(published) = moment(Wanted::Published) {
        fields.published = Some(published);
        fields.date_origin = Some(DateOrigin::Page);
        fields.updated = moment(Wanted::Updated).or(fields.updated);
    }
    if let Some(summary) = find(Wanted::Summary) {
        fields.summary =
            text::lead(&tree.text(summary), &fields.title, &page.context).or(fields.summary);
    }
    (!fields.title.is_empty() && fields.link.is_some()).then(|| fields.entry(page))
}
