//! Lists without an element for each record: headings, dates and paragraphs that only follow each other.

use std::collections::{HashMap, HashSet};

use super::group::Record;
use crate::date;
use crate::scrape::page::Page;
use crate::scrape::tree::{Id, Tree};

/// Siblings that one record may take.
const MAX_TAKEN: usize = 12;
/// More siblings than this between two records are no part of either.
const MAX_GAP: usize = 40;

/// Records that take in the siblings between them; `None` where there is nothing to take.
pub(super) fn segmented(page: &Page, records: &[Record]) -> Option<Vec<Record>> {
    let tree = &page.tree;
    let parents: HashSet<Option<Id>> = records.iter().map(|r| tree.parent(r.root)).collect();
    if parents.len() * 2 > records.len() {
        return None;
    }
    let layout = Layout::of(page, records);
    if layout.gap_nodes == 0 {
        return None;
    }
    let starts: Vec<Id> = records
        .iter()
        .enumerate()
        .map(|(at, record)| {
            let floor = at
                .checked_sub(1)
                .map_or(0, |before| tree.node(records[before].root).end);
            start(page, record.root, floor, &layout)
        })
        .collect();
    let segments = records.iter().enumerate().map(|(at, record)| {
        let parent = tree.parent(record.root);
        let next = records
            .get(at + 1)
            .filter(|next| tree.parent(next.root) == parent);
        let limit = match next {
            Some(_) => starts[at + 1],
            None => parent.map_or(tree.len(), |parent| tree.node(parent).end),
        };
        Record {
            span: starts[at]..end(page, record.root, limit, &layout),
            ..record.clone()
        }
    });
    Some(segments.collect())
}

/// What stands between the records of a flat list.
struct Layout {
    gap_nodes: usize,
    /// What stands right before a root and belongs to it, nearest first: a date over its title, a heading over its link.
    lead_ins: Vec<String>,
    /// What may follow a root inside its record.
    followers: HashSet<String>,
}

impl Layout {
    fn of(page: &Page, records: &[Record]) -> Self {
        let tree = &page.tree;
        let gaps: Vec<Vec<Id>> = records
            .windows(2)
            .filter(|pair| tree.parent(pair[0].root) == tree.parent(pair[1].root))
            .map(|pair| between(tree, pair[0].root, pair[1].root))
            .filter(|gap| gap.len() <= MAX_GAP)
            .collect();
        let gap_nodes = gaps.iter().map(Vec::len).sum();
        let lead_ins = lead_ins(page, records, &gaps);
        let mut counts: HashMap<String, (usize, bool)> = HashMap::new();
        for gap in &gaps {
            let kinds: HashMap<String, Id> = gap.iter().map(|id| (kind(page, *id), *id)).collect();
            for (kind, id) in kinds {
                let stands_over = is_date(page, id) || is_heading(tree, id);
                counts.entry(kind).or_insert((0, stands_over)).0 += 1;
            }
        }
        // A day or a heading between a few records only stands over the next ones.
        counts.retain(|_, (count, stands_over)| !*stands_over || *count * 2 >= gaps.len());
        let followers = counts.into_keys().collect();
        Self {
            gap_nodes,
            lead_ins,
            followers,
        }
    }
}

/// The kinds of siblings that stand right before the first root and before most others.
fn lead_ins(page: &Page, records: &[Record], gaps: &[Vec<Id>]) -> Vec<String> {
    let tree = &page.tree;
    let mut out = Vec::new();
    let (Some(first), Some(last)) = (records.first(), records.last()) else {
        return out;
    };
    let usual_gap = gaps.iter().map(Vec::len).min().unwrap_or(0);
    let tail: Vec<String> = following(page, last.root, usual_gap);
    for (distance, id) in previous(tree, first.root, 0)
        .into_iter()
        .take(3)
        .enumerate()
    {
        let wanted = kind(page, id);
        let same = gaps
            .iter()
            .filter(|gap| {
                gap.len() > distance && kind(page, gap[gap.len() - 1 - distance]) == wanted
            })
            .count();
        let is_usual = !gaps.is_empty() && same * 10 >= gaps.len() * 6;
        // What also follows the last record in full number belongs behind a root, not before it.
        let per_gap = gaps.first().map_or(0, |gap| {
            gap.iter().filter(|id| kind(page, **id) == wanted).count()
        });
        let in_tail = tail.iter().filter(|kind| **kind == wanted).count();
        if !is_usual || in_tail >= per_gap {
            break;
        }
        out.push(wanted);
    }
    out
}

fn following(page: &Page, id: Id, count: usize) -> Vec<String> {
    let tree = &page.tree;
    let limit = tree
        .parent(id)
        .map_or(tree.len(), |parent| tree.node(parent).end);
    between(tree, id, limit)
        .into_iter()
        .take(count)
        .map(|id| kind(page, id))
        .collect()
}

/// The siblings before an element, nearest first, none from before `floor`, no more than a record may take.
fn previous(tree: &Tree, id: Id, floor: Id) -> Vec<Id> {
    let parent = tree.parent(id);
    let start = parent.map_or(0, |parent| parent + 1).max(floor);
    let before = |at: Id| {
        let last = at.checked_sub(1).filter(|last| *last >= start)?;
        let mut up = std::iter::once(last).chain(tree.ancestors(last));
        up.find(|above| tree.parent(*above) == parent)
    };
    std::iter::successors(before(id), |at| before(*at))
        .take_while(|at| *at >= start)
        .filter(|at| !is_blank(tree, *at))
        .take(MAX_TAKEN)
        .collect()
}

fn between(tree: &Tree, from: Id, to: Id) -> Vec<Id> {
    siblings(tree, tree.node(from).end, to)
}

fn siblings(tree: &Tree, from: Id, to: Id) -> Vec<Id> {
    let mut out = Vec::new();
    let mut at = from;
    while at < to && out.len() <= MAX_GAP {
        if !is_blank(tree, at) {
            out.push(at);
        }
        at = tree.node(at).end;
    }
    out
}

fn is_blank(tree: &Tree, id: Id) -> bool {
    match tree.own_text(id) {
        Some(text) => text.trim().is_empty(),
        None => matches!(
            tree.name(id),
            "br" | "hr" | "wbr" | "script" | "style" | "template"
        ),
    }
}

/// What a sibling is alike to: its name, its classes, and whether it is a date and nothing else.
fn kind(page: &Page, id: Id) -> String {
    let tree = &page.tree;
    let class: Vec<&str> = super::path::stable_classes(tree, id).collect();
    let mark = if is_date(page, id) { "@" } else { "" };
    format!("{}.{}{mark}", tree.name(id), class.join("."))
}

/// Where a record begins: at what leads in to its root.
fn start(page: &Page, root: Id, floor: Id, layout: &Layout) -> Id {
    let tree = &page.tree;
    let before = previous(tree, root, floor);
    let led = before
        .iter()
        .zip(&layout.lead_ins)
        .take_while(|(id, wanted)| kind(page, **id) == **wanted)
        .last();
    led.map_or(root, |(id, _)| *id)
}

/// Where a record ends: after the siblings that may follow a root, before the next record.
fn end(page: &Page, root: Id, limit: Id, layout: &Layout) -> Id {
    let tree = &page.tree;
    let mut end = tree.node(root).end;
    let mut at = end;
    let mut taken = 0;
    while at < limit && taken < MAX_TAKEN {
        if !is_blank(tree, at) {
            if !layout.followers.contains(&kind(page, at)) {
                break;
            }
            taken += 1;
            end = tree.node(at).end;
        }
        at = tree.node(at).end;
    }
    end
}

fn is_heading(tree: &Tree, id: Id) -> bool {
    matches!(tree.name(id), "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

fn is_date(page: &Page, id: Id) -> bool {
    let text = page.tree.text(id);
    text.len() <= 60
        && date::find(&text, &page.context)
            .is_some_and(|found| text.len() - (found.span.end - found.span.start) <= 20)
}
