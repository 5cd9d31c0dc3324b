//! Elements that stand alike, each grown to the record around it: the part of the page that tells of it alone.
//!
//! Two layouts are understood by one rule. Where each record has an element of its own, growing from an anchor until the
//! next anchor would come in gives that element. Where records only follow each other, it gives a child of the
//! common parent, and what stands between two such children is dealt out among them (`flat.rs`).

use std::collections::HashMap;
use std::ops::Range;

use super::flat;
use super::path::Paths;
use crate::scrape::page::Page;
use crate::scrape::tree::{Id, Tree};

/// More anchors than this are no news list; keeps hostile pages cheap.
const MAX_ANCHORS: usize = 20_000;
/// Groups looked at closely, largest first.
const MAX_GROUPS: usize = 60;
/// Parents that part a group.
const MAX_PARTS: usize = 8;
/// Members of a group looked at closely.
const MAX_RECORDS: usize = 1_000;

/// One supposed entry of a list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::scrape) struct Record {
    /// The link or heading it grew from.
    pub(in crate::scrape) anchor: Id,
    /// The element it grew to.
    pub(in crate::scrape) root: Id,
    /// All its nodes: the root and, in a flat list, siblings around it.
    pub(in crate::scrape) span: Range<Id>,
}

/// Records that stand alike.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub(super) records: Vec<Record>,
}

/// All groups of a page that could be lists.
pub(super) fn groups(page: &Page, paths: &Paths) -> Vec<Group> {
    let anchors = anchors(page);
    let mut by_path: HashMap<(u8, u64), Vec<Id>> = HashMap::new();
    for anchor in &anchors {
        by_path
            .entry((0, paths.names[*anchor]))
            .or_default()
            .push(*anchor);
        by_path
            .entry((1, paths.classes[*anchor]))
            .or_default()
            .push(*anchor);
    }
    let mut sets: Vec<Vec<Id>> = by_path
        .into_values()
        .map(|set| without_repeats(page, set))
        .filter(|set| set.len() >= 2)
        .collect();
    sets.sort_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
    sets.dedup();
    sets.truncate(MAX_GROUPS);
    let mut groups: Vec<Group> = sets
        .iter()
        .flat_map(|set| grow(page, paths, &set[..set.len().min(MAX_RECORDS)]))
        .collect();
    let mut seen = std::collections::HashSet::new();
    groups.retain(|group| {
        let spans: Vec<_> = group
            .records
            .iter()
            .map(|record| record.span.clone())
            .collect();
        group.records.len() >= 2 && seen.insert(spans)
    });
    groups
}

/// Links that lead somewhere, and headings.
fn anchors(page: &Page) -> Vec<Id> {
    let tree = &page.tree;
    let mut out = Vec::new();
    let mut id = 0;
    while id < tree.len() && out.len() < MAX_ANCHORS {
        if tree.is_element(id) && tree.is_unseen(id) {
            id = tree.node(id).end;
            continue;
        }
        let is_anchor = match tree.name(id) {
            "a" => tree.attribute(id, "href").is_some_and(|href| {
                !href.is_empty() && !href.starts_with('#') && !href.contains("mailto:")
            }),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "dt" => true,
            _ => false,
        };
        if is_anchor {
            out.push(id);
        }
        id += 1;
    }
    out
}

/// A picture and a title that link to the same page are one anchor.
fn without_repeats(page: &Page, set: Vec<Id>) -> Vec<Id> {
    let mut last: Option<&str> = None;
    set.into_iter()
        .filter(|id| {
            let href = page.tree.attribute(*id, "href");
            let repeats = href.is_some() && href == last;
            last = href;
            !repeats
        })
        .collect()
}

/// Grows each anchor to its record and parts the records by layout.
fn grow(page: &Page, paths: &Paths, anchors: &[Id]) -> Vec<Group> {
    let tree = &page.tree;
    let roots: Vec<Id> = anchors
        .iter()
        .enumerate()
        .map(|(at, anchor)| {
            let before = at.checked_sub(1).map(|before| anchors[before]);
            root_of(tree, *anchor, before, anchors.get(at + 1).copied())
        })
        .collect();
    let roots = level(tree, paths, anchors, roots);
    let records: Vec<Record> = roots
        .into_iter()
        .map(|(anchor, root)| Record {
            anchor,
            root,
            span: tree.subtree(root),
        })
        .collect();
    by_parent(tree, records)
        .into_iter()
        .flat_map(|records| {
            let segmented = flat::segmented(page, &records);
            [Some(records), segmented].into_iter().flatten()
        })
        .map(|records| Group { records })
        .collect()
}

/// The records together, and by parent where a few parents hold several each: a menu and a list in cells of one table.
fn by_parent(tree: &Tree, records: Vec<Record>) -> Vec<Vec<Record>> {
    let mut parts: Vec<Vec<Record>> = Vec::new();
    for record in &records {
        let parent = tree.parent(record.root);
        match parts.last_mut() {
            Some(part) if tree.parent(part[0].root) == parent => part.push(record.clone()),
            _ => parts.push(vec![record.clone()]),
        }
    }
    let is_telling = (2..=MAX_PARTS).contains(&parts.len());
    parts.retain(|part| is_telling && part.len() >= 3);
    parts.insert(0, records);
    parts
}

/// The highest element around an anchor that holds neither of its neighbors.
fn root_of(tree: &Tree, anchor: Id, before: Option<Id>, after: Option<Id>) -> Id {
    let mut root = anchor;
    for above in tree.ancestors(anchor) {
        let holds_neighbor = before.is_some_and(|before| above <= before)
            || after.is_some_and(|after| after < tree.node(above).end);
        if holds_neighbor || matches!(tree.name(above), "body" | "html" | "main") {
            break;
        }
        root = above;
    }
    root
}

/// Brings roots to the depth that most of them have: a list's only member would grow to the whole section, a record with
/// two anchors would be cut in two.
fn level(tree: &Tree, paths: &Paths, anchors: &[Id], roots: Vec<Id>) -> Vec<(Id, Id)> {
    let mut counts: HashMap<(usize, u64), usize> = HashMap::new();
    for root in &roots {
        *counts
            .entry((tree.node(*root).depth, paths.names[*root]))
            .or_default() += 1;
    }
    let usual = counts
        .into_iter()
        .max_by_key(|((depth, path), count)| (*count, std::cmp::Reverse(*depth), *path))
        .map(|(key, _)| key);
    let Some((depth, path)) = usual else {
        return Vec::new();
    };
    let mut out: Vec<(Id, Id)> = Vec::with_capacity(roots.len());
    for (anchor, root) in anchors.iter().zip(roots) {
        let leveled = std::iter::once(*anchor)
            .chain(tree.ancestors(*anchor))
            .find(|id| tree.node(*id).depth == depth && paths.names[*id] == path)
            .unwrap_or(root);
        if out.last().is_none_or(|(_, last)| *last != leveled) {
            out.push((*anchor, leveled));
        }
    }
    out
}
