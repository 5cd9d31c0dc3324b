//! Lists without an element for each record: headings, dates and paragraphs that only follow each other.

use std::collections::HashSet;

use super::group::Record;
use crate::scrape::tree::{Id, Tree};

/// Siblings that one record may take.
const MAX_TAKEN: usize = 12;

/// Records that take in the siblings between them; `None` where there is nothing to take.
pub(super) fn segmented(tree: &Tree, records: &[Record]) -> Option<Vec<Record>> {
    let parents: HashSet<Option<Id>> = records.iter().map(|r| tree.parent(r.root)).collect();
    if parents.len() * 2 > records.len() {
        return None;
    }
    let layout = Layout::of(tree, records);
    if layout.gap_nodes == 0 {
        return None;
    }
    let mut out = Vec::with_capacity(records.len());
    let mut floor = 0;
    for (at, record) in records.iter().enumerate() {
        let next = records
            .get(at + 1)
            .filter(|next| tree.parent(next.root) == tree.parent(record.root));
        let before = match layout.leads_in {
            true => before(tree, record.root, floor, &layout),
            false => record.root,
        };
        let after = after(tree, record.root, next.map(|n| n.root), &layout);
        floor = after;
        out.push(Record {
            span: before..after,
            ..record.clone()
        });
    }
    Some(out)
}

/// What stands between the records of a flat list.
struct Layout {
    gap_nodes: usize,
    /// Whether siblings right before a record's root belong to it: a date over its title, a heading over its link.
    leads_in: bool,
    /// What stands at the start of a record, when something leads in.
    lead_ins: HashSet<String>,
    /// What may follow a root inside its record.
    followers: HashSet<String>,
}

impl Layout {
    fn of(tree: &Tree, records: &[Record]) -> Self {
        let gaps: Vec<Vec<Id>> = records
            .windows(2)
            .filter(|pair| tree.parent(pair[0].root) == tree.parent(pair[1].root))
            .map(|pair| between(tree, pair[0].root, pair[1].root))
            .collect();
        let gap_nodes = gaps.iter().map(Vec::len).sum();
        let lead_ins = lead_ins(tree, records, &gaps);
        let followers = gaps
            .iter()
            .flat_map(|gap| gap.iter().map(|id| kind(tree, *id)))
            .filter(|kind| !lead_ins.contains(kind))
            .collect();
        Self {
            gap_nodes,
            leads_in: !lead_ins.is_empty(),
            lead_ins,
            followers,
        }
    }
}

/// The kinds of siblings that stand right before the first root and before most others.
fn lead_ins(tree: &Tree, records: &[Record], gaps: &[Vec<Id>]) -> HashSet<String> {
    let mut out = HashSet::new();
    let (Some(first), Some(last)) = (records.first(), records.last()) else {
        return out;
    };
    let usual_gap = gaps.iter().map(Vec::len).min().unwrap_or(0);
    let tail: Vec<String> = following(tree, last.root, usual_gap);
    for (distance, id) in previous(tree, first.root, 0)
        .into_iter()
        .take(3)
        .enumerate()
    {
        let wanted = kind(tree, id);
        let same = gaps
            .iter()
            .filter(|gap| {
                gap.len() > distance && kind(tree, gap[gap.len() - 1 - distance]) == wanted
            })
            .count();
        let is_usual = !gaps.is_empty() && same * 10 >= gaps.len() * 6;
        // What also follows the last record in full number belongs behind a root, not before it.
        let per_gap = gaps.first().map_or(0, |gap| {
            gap.iter().filter(|id| kind(tree, **id) == wanted).count()
        });
        let in_tail = tail.iter().filter(|kind| **kind == wanted).count();
        if !is_usual || in_tail >= per_gap {
            break;
        }
        out.insert(wanted);
    }
    out
}

fn following(tree: &Tree, id: Id, count: usize) -> Vec<String> {
    let limit = tree
        .parent(id)
        .map_or(tree.len(), |parent| tree.node(parent).end);
    between(tree, id, limit)
        .into_iter()
        .take(count)
        .map(|id| kind(tree, id))
        .collect()
}

/// The siblings before an element, nearest first, none from before `floor`.
fn previous(tree: &Tree, id: Id, floor: Id) -> Vec<Id> {
    let start = tree.parent(id).map_or(0, |parent| parent + 1).max(floor);
    let mut all = siblings(tree, start, id);
    all.reverse();
    all
}

fn between(tree: &Tree, from: Id, to: Id) -> Vec<Id> {
    siblings(tree, tree.node(from).end, to)
}

fn siblings(tree: &Tree, from: Id, to: Id) -> Vec<Id> {
    let mut out = Vec::new();
    let mut at = from;
    while at < to {
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

fn kind(tree: &Tree, id: Id) -> String {
    let class: Vec<&str> = super::path::stable_classes(tree, id).collect();
    format!("{}.{}", tree.name(id), class.join("."))
}

fn before(tree: &Tree, root: Id, floor: Id, layout: &Layout) -> Id {
    let mut start = root;
    for id in previous(tree, root, floor).into_iter().take(3) {
        if !layout.lead_ins.contains(&kind(tree, id)) {
            break;
        }
        start = id;
    }
    start
}

fn after(tree: &Tree, root: Id, next: Option<Id>, layout: &Layout) -> Id {
    let mut end = tree.node(root).end;
    let limit = next.unwrap_or_else(|| {
        tree.parent(root)
            .map_or(tree.len(), |parent| tree.node(parent).end)
    });
    let mut at = end;
    let mut taken = 0;
    while at < limit && taken < MAX_TAKEN {
        if !is_blank(tree, at) {
            if !layout.followers.contains(&kind(tree, at)) {
                break;
            }
            taken += 1;
            end = tree.node(at).end;
        }
        at = tree.node(at).end;
    }
    end
}
