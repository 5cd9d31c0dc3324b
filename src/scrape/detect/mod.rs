//! Finds the news list of a page without being told where it is.
//!
//! Links and headings that stand alike are grouped (`group`), each grown to the record around it; a record's fields are
//! read (`fields`); a group is judged by what its records tell (`score`) and where it stands (`region`). Lists of leads
//! without any link are found by themselves (`leads`). Every step is linear in the size of the page.

mod advert;
mod fields;
mod flat;
mod group;
mod inherit;
mod kin;
pub(super) mod leads;
mod path;
mod region;
mod score;
mod title;

pub(super) use fields::{Fields, image, read as read_fields, read_titled};
use std::collections::HashSet;
use std::ops::Range;

use group::Group;
pub(super) use group::Record;
use path::Paths;
pub(super) use path::stable_classes;
use region::Mass;
pub(super) use title::title_text;

use super::page::Page;
use super::tree::{Id, Tree};
use super::words;

/// Groups read in full, best first by a quick look.
const MAX_READ: usize = 16;
/// What is left of a list without dates on a page that does not call itself one of news: services are listed so, too.
const UNNAMED: f32 = 0.6;
/// Records read to judge a group.
const SAMPLE: usize = 40;

/// A list as found.
#[derive(Debug, Clone)]
pub(super) struct List {
    pub(super) entries: Vec<Fields>,
    /// The part of the page each record takes.
    pub(super) spans: Vec<Range<Id>>,
    pub(super) roots: Vec<Id>,
    pub(super) score: f32,
}

impl List {
    /// Whether it stands in the main part of the page, not after an article's text.
    pub(super) fn is_main(&self, page: &Page) -> bool {
        let Some(first) = self.roots.first() else {
            return false;
        };
        let tree = &page.tree;
        !tree
            .ancestors(*first)
            .any(|above| matches!(tree.name(above), "aside" | "footer" | "nav"))
    }

    /// Whether a node stands in one of its records.
    pub(super) fn holds(&self, id: Id) -> bool {
        let at = self.spans.partition_point(|span| span.end <= id);
        self.spans.get(at).is_some_and(|span| span.contains(&id))
    }

    /// Whether one of its records shares a part of the page with a stretch of it.
    fn meets(&self, span: &Range<Id>) -> bool {
        let at = self.spans.partition_point(|row| row.end <= span.start);
        self.spans.get(at).is_some_and(|row| row.start < span.end)
    }

    /// From 0 to 1.
    pub(super) fn confidence(&self) -> f32 {
        (self.score / (self.score + 0.5)).clamp(0.0, 1.0)
    }
}

/// The lists of a page, best first, and the best one as people see it: with its kin.
pub(super) fn lists_and_best(page: &Page) -> (Vec<List>, Option<List>) {
    let mass = Mass::of(page);
    let lists = ranked(page, &mass);
    let best = kin::adopt(page, &mass, &lists);
    (lists, best)
}

/// The lists of a page, best first; none shares a part of the page with a better one.
pub(super) fn lists(page: &Page) -> Vec<List> {
    ranked(page, &Mass::of(page))
}

fn ranked(page: &Page, mass: &Mass) -> Vec<List> {
    let paths = Paths::of(&page.tree);
    let mut groups: Vec<(f32, Group)> = group::groups(page, &paths)
        .into_iter()
        .map(|group| (quick(page, mass, &group), group))
        .collect();
    groups.sort_by(|a, b| b.0.total_cmp(&a.0));
    groups.truncate(MAX_READ);
    let mut judged: Vec<(f32, Group)> = groups
        .into_iter()
        .map(|(_, group)| (judge(page, mass, &group), group))
        .collect();
    judged.sort_by(|a, b| b.0.total_cmp(&a.0));
    whole_first(page, mass, &mut judged);
    let mut taken: Vec<bool> = vec![false; page.tree.len() + 1];
    let mut lists = Vec::new();
    for (score, group) in judged {
        if group.records.iter().any(|record| taken[record.anchor]) {
            continue;
        }
        for record in &group.records {
            taken[record.span.clone()].fill(true);
        }
        lists.push(list(page, score, &group));
    }
    lists
}

/// Puts before the best group a larger one of which it is a part, where the rest of that is as good: the years of an
/// archive are one list.
fn whole_first(page: &Page, mass: &Mass, judged: &mut [(f32, Group)]) {
    let Some((score, best)) = judged.first() else {
        return;
    };
    let anchors: HashSet<Id> = best.records.iter().map(|record| record.anchor).collect();
    let whole = judged.iter().skip(1).position(|(other, group)| {
        let (own, rest): (Vec<Record>, Vec<Record>) = group
            .records
            .iter()
            .cloned()
            .partition(|record| anchors.contains(&record.anchor));
        let mean = |score: f32, count: usize| score / size(count);
        own.len() == anchors.len()
            && !rest.is_empty()
            && *other >= 0.8 * score
            && mean(
                judge(
                    page,
                    mass,
                    &Group {
                        records: rest.clone(),
                    },
                ),
                rest.len(),
            ) >= 0.75 * mean(*score, anchors.len())
    });
    if let Some(at) = whole {
        judged[..=at + 1].rotate_right(1);
    }
}

/// What the number of its records adds to a group.
fn size(records: usize) -> f32 {
    (1.0 + records.min(30) as f32).ln()
}

/// A first look at a group: how long its anchors' texts are, how many they are, where they stand.
fn quick(page: &Page, mass: &Mass, group: &Group) -> f32 {
    let sample: Vec<&Record> = group.records.iter().take(12).collect();
    let length: usize = sample
        .iter()
        .map(|record| {
            page.tree
                .text_of(record.span.start..record.span.end.min(record.span.start + 60))
                .len()
                .min(300)
        })
        .sum();
    let mean = length as f32 / sample.len().max(1) as f32;
    mean.sqrt() * size(group.records.len()) * weight(page, mass, group)
}

fn judge(page: &Page, mass: &Mass, group: &Group) -> f32 {
    let step = group.records.len().div_ceil(SAMPLE);
    let mut fields: Vec<Fields> = group
        .records
        .iter()
        .step_by(step.max(1))
        .map(|record| fields::read(page, record))
        .collect();
    if step <= 1 {
        inherit::dates(page, &group.records, fields.iter_mut().collect());
    }
    let grown = size(group.records.len()) / size(fields.len()).max(0.1);
    let dated = fields.iter().filter(|f| f.published.is_some()).count();
    let is_doubtful = dated * 5 < fields.len() && !mass.says_news;
    let trust = if is_doubtful { UNNAMED } else { 1.0 };
    score::of_fields(page, &fields) * weight(page, mass, group) * grown * trust
}

fn weight(page: &Page, mass: &Mass, group: &Group) -> f32 {
    let first = group.records.first();
    first.map_or(0.0, |first| region::weight(page, mass, first))
}

fn list(page: &Page, score: f32, group: &Group) -> List {
    let mut entries: Vec<((Id, Range<Id>), Fields)> = group
        .records
        .iter()
        .map(|record| {
            (
                (record.root, record.span.clone()),
                fields::read(page, record),
            )
        })
        .collect();
    inherit::dates(
        page,
        &group.records,
        entries.iter_mut().map(|(_, fields)| fields).collect(),
    );
    drop_foreign(page, &mut entries);
    let (places, entries): (Vec<_>, Vec<Fields>) = entries.into_iter().unzip();
    let (roots, spans) = places.into_iter().unzip();
    List {
        entries,
        roots,
        spans,
        score,
    }
}

/// Drops what stands in the list without being of it: "Visa fler", a banner, a row told twice.
fn drop_foreign(page: &Page, entries: &mut Vec<((Id, Range<Id>), Fields)>) {
    drop_events(page, entries);
    drop_adverts(page, entries);
    let total = entries.len();
    let dated = entries
        .iter()
        .filter(|(_, f)| f.published.is_some())
        .count();
    let led = entries.iter().filter(|(_, f)| f.summary.is_some()).count();
    let mut seen = std::collections::HashSet::new();
    entries.retain(|(_, fields)| {
        let key = fields
            .link
            .as_ref()
            .map_or(fields.title.clone(), |(_, url)| url.to_string());
        if fields.title.is_empty() || words::is_decoration(&fields.title) || !seen.insert(key) {
            return false;
        }
        let link = fields.link.as_ref();
        if fields.published.is_none() && link.is_some_and(|(_, link)| advert::is_appeal(link)) {
            return false;
        }
        let lacks_date = dated * 10 >= total * 8 && fields.published.is_none();
        let lacks_lead = led * 10 >= total * 8 && fields.summary.is_none();
        let is_short = fields.title.split(' ').count() <= 3;
        !(is_short
            && (lacks_date || dated * 10 < total * 8)
            && (lacks_lead || led * 10 < total * 8)
            && (lacks_date || lacks_lead))
    });
}

/// An element as a record.
pub(super) fn record(tree: &Tree, root: Id) -> Record {
    Record {
        anchor: root,
        root,
        span: tree.subtree(root),
    }
}

/// Records that begin at given elements; one without an own element takes in the siblings up to the next.
pub(super) fn records_from(tree: &Tree, starts: &[Id]) -> Vec<Record> {
    let mut out: Vec<Record> = Vec::with_capacity(starts.len());
    for (at, start) in starts.iter().enumerate() {
        if out.last().is_some_and(|last| last.span.contains(start)) {
            continue;
        }
        let mut record = record(tree, *start);
        let parent_end = tree
            .parent(*start)
            .map_or(tree.len(), |parent| tree.node(parent).end);
        let next = starts[at + 1..]
            .iter()
            .find(|next| **next >= record.span.end);
        let is_flat = next.is_some_and(|next| tree.parent(*next) == tree.parent(*start));
        let has_link = tree.subtree(*start).any(|id| tree.name(id) == "a");
        let is_small = matches!(
            tree.name(*start),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "dt" | "time" | "a" | "span"
        ) || !has_link;
        if is_small && (is_flat || next.is_none()) {
            let limit = next.copied().unwrap_or(parent_end).min(parent_end);
            record.span.end = take_siblings(tree, record.span.end, limit);
        }
        out.push(record);
    }
    out
}

/// The end of at most a handful of siblings.
fn take_siblings(tree: &Tree, from: Id, limit: Id) -> Id {
    let mut end = from;
    for _ in 0..8 {
        if end >= limit {
            break;
        }
        end = tree.node(end).end;
    }
    end.min(limit)
}

/// Rows doubled on the page are one entry.
pub(super) fn without_doubles(entries: &mut Vec<Fields>) {
    let mut seen = std::collections::HashSet::new();
    entries.retain(|fields| {
        let address = fields.link.as_ref().map(|(_, url)| url.as_str());
        seen.insert((
            address.map(str::to_owned),
            address.is_none().then(|| fields.title.clone()),
        ))
    });
}

/// Drops advertisements among the news; a label that most rows carry, seen or unseen, tells nothing.
fn drop_adverts(page: &Page, entries: &mut Vec<((Id, Range<Id>), Fields)>) {
    let is_advert: Vec<bool> = entries
        .iter()
        .map(|((root, _), _)| advert::is_advert(&page.tree, *root))
        .collect();
    let adverts = is_advert.iter().filter(|is| **is).count();
    if adverts * 5 <= entries.len() * 2 {
        let mut is_advert = is_advert.into_iter();
        entries.retain(|_| !is_advert.next().unwrap_or(false));
    }
}

/// Drops events that share the markup of the news around them.
fn drop_events<P>(page: &Page, entries: &mut Vec<(P, Fields)>) {
    let is_event = |fields: &Fields| score::is_event(page, fields);
    let events = entries
        .iter()
        .filter(|(_, fields)| is_event(fields))
        .count();
    if entries.len() - events >= 2 && events * 10 <= entries.len() * 7 {
        entries.retain(|(_, fields)| !is_event(fields));
    }
}
