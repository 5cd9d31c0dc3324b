//! What belongs to a list without standing like its rows: the big news above it, the same news in another dress.
//!
//! A page that shows its newest news large and the rest small has two layouts and one list. Kin is told by the address:
//! it leads where the rows lead, stands in the main part of the page, and tells as much as the rows do.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use url::Url;

use super::fields::{self, Fields};
use super::group::Record;
use super::region::{self, Mass};
use super::{List, score};
use crate::link;
use crate::scrape::page::Page;
use crate::scrape::tree::{Id, Tree};

/// News that stand alone beside a list; more of them are a list of their own.
const MAX_SINGLE: usize = 4;
/// Headings looked at for news that stand alone.
const MAX_HEADINGS: usize = 40;
/// A title that reads like one of news.
const MIN_TITLE: f32 = 0.6;

/// The best list together with its kin, in the order of the page.
pub(super) fn adopt(page: &Page, mass: &Mass, lists: &[List]) -> Option<List> {
    let best = lists.first()?;
    let mut whole = best.clone();
    let family = Family::of(best);
    for other in &lists[1..] {
        if family.takes_list(page, mass, best, other) {
            join(&mut whole, other);
        }
    }
    let singles = singles(page, mass, &whole, &family);
    if singles.entries.len() <= MAX_SINGLE {
        join(&mut whole, &singles);
    }
    Some(whole)
}

/// Adds to a list what it does not have; of two rows with one address the better dated one stays.
fn join(list: &mut List, other: &List) {
    let mut places: HashMap<String, usize> = HashMap::new();
    for (at, fields) in list.entries.iter().enumerate() {
        places.insert(key(fields), at);
    }
    for (at, fields) in other.entries.iter().enumerate() {
        match places.get(&key(fields)) {
            Some(known) if !list.entries[*known].is_dated() && fields.is_dated() => {
                list.entries[*known] = fields.clone();
                list.roots[*known] = other.roots[at];
                list.spans[*known] = other.spans[at].clone();
            }
            Some(_) => {}
            None => {
                list.entries.push(fields.clone());
                list.roots.push(other.roots[at]);
                list.spans.push(other.spans[at].clone());
            }
        }
    }
    let mut order: Vec<usize> = (0..list.spans.len()).collect();
    order.sort_by_key(|at| list.spans[*at].start);
    list.entries = order.iter().map(|at| list.entries[*at].clone()).collect();
    list.roots = order.iter().map(|at| list.roots[*at]).collect();
    list.spans = order.iter().map(|at| list.spans[*at].clone()).collect();
}

fn key(fields: &Fields) -> String {
    fields
        .link
        .as_ref()
        .map_or_else(|| fields.title.clone(), |(_, url)| link::key(url))
}

/// Where the rows of a list lead, and what they tell.
struct Family {
    places: HashSet<String>,
    is_dated: bool,
}

impl Family {
    fn of(list: &List) -> Self {
        let mut counts: HashMap<String, usize> = HashMap::new();
        for (_, url) in list.entries.iter().filter_map(|f| f.link.as_ref()) {
            *counts.entry(place(url)).or_default() += 1;
        }
        let total = list.entries.len();
        counts.retain(|_, count| *count * 5 >= total);
        Self {
            places: counts.into_keys().collect(),
            is_dated: share(list, |f| f.published.is_some()) >= 0.8,
        }
    }

    fn takes(&self, fields: &Fields) -> bool {
        fields
            .link
            .as_ref()
            .is_some_and(|(_, url)| self.places.contains(&place(url)))
            && score::title_quality(&fields.title) >= MIN_TITLE
    }

    /// Whether another list is of the family: not one of what is most read, nor of what is to come.
    fn takes_list(&self, page: &Page, mass: &Mass, best: &List, other: &List) -> bool {
        let (Some(root), Some(span)) = (other.roots.first(), other.spans.first()) else {
            return false;
        };
        // What has no dates is told from "most read" by its place alone: above the list, or between its rows.
        let end = best.spans.last().map_or(0, |last| last.end);
        let stands_close = other.spans.iter().all(|span| span.start < end);
        let record = Record {
            anchor: *root,
            root: *root,
            span: span.clone(),
        };
        let overlaps = other.spans.iter().any(|span| best.meets(span));
        other.entries.len() >= 2
            && !overlaps
            && other.is_main(page)
            && share(other, |f| self.takes(f)) >= 0.8
            && (!self.is_dated || share(other, |f| f.published.is_some()) >= 0.8)
            && region::weight(page, mass, &record) >= 0.9
            && (self.is_dated || stands_close)
            && share(other, |f| score::is_event(page, f)) < 0.5
    }
}

fn share(list: &List, test: impl Fn(&Fields) -> bool) -> f32 {
    let count = list.entries.iter().filter(|fields| test(fields)).count();
    count as f32 / list.entries.len().max(1) as f32
}

/// The folder an address stands in; numbers that count or date are all alike.
fn place(url: &Url) -> String {
    let path = url.path().trim_end_matches('/');
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    // `/nya-krav-pa-tyg/27305` stands where `/ny-rapport/79016` does.
    let is_number = file.len() >= 3 && file.bytes().all(|byte| byte.is_ascii_digit());
    let folder = match folder.rsplit_once('/') {
        Some((above, name)) if is_number && name.contains('-') => above,
        _ => folder,
    };
    // One script shows the news, another the events: `visa.asp?id=1`, `kalender.asp?id=1`.
    let is_script = file.contains('.') && url.query().is_some();
    let folder = if is_script { path } else { folder };
    let mut out = url
        .host_str()
        .unwrap_or_default()
        .trim_start_matches("www.")
        .to_owned();
    let mut was_digit = false;
    for c in folder.chars() {
        match c.is_ascii_digit() {
            false => out.push(c),
            true if !was_digit => out.push('#'),
            true => {}
        }
        was_digit = c.is_ascii_digit();
    }
    out
}

/// News that stand alone around the list: each with a heading, and all that the heading's part of the page says.
fn singles(page: &Page, mass: &Mass, list: &List, family: &Family) -> List {
    let tree = &page.tree;
    let mut out = List {
        entries: Vec::new(),
        spans: Vec::new(),
        roots: Vec::new(),
        score: 0.0,
    };
    let (Some(zone), Some(first)) = (zone(tree, list), list.spans.first()) else {
        return out;
    };
    let end = list.spans.last().map_or(first.end, |last| last.end);
    let headings: Vec<Id> = (zone.start..end.min(zone.end))
        .filter(|id| is_heading(tree, *id) && !list.holds(*id))
        .take(MAX_HEADINGS)
        .collect();
    for (at, heading) in headings.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| headings[before]);
        let record = around(tree, list, *heading, before, headings.get(at + 1).copied());
        let fields = fields::read(page, &record);
        let is_linked = fields.link.as_ref().is_some_and(|(id, _)| {
            tree.subtree(*heading).contains(id) || tree.subtree(*id).contains(heading)
        });
        let tells = if family.is_dated {
            fields.published.is_some()
        } else {
            is_linked && (fields.summary.is_some() || fields.image.is_some())
        };
        if family.takes(&fields)
            && tells
            && !score::is_event(page, &fields)
            && region::weight(page, mass, &record) >= 0.9
        {
            out.entries.push(fields);
            out.roots.push(record.root);
            out.spans.push(record.span);
        }
    }
    out
}

fn is_heading(tree: &Tree, id: Id) -> bool {
    super::title::is_heading(tree, id) && tree.name(id) != "dt"
}

/// The part of the page that the list is the matter of.
fn zone(tree: &Tree, list: &List) -> Option<Range<Id>> {
    let first = list.roots.first()?;
    let around = tree.ancestors(*first).find(|above| {
        tree.name(*above) == "main" || tree.attribute(*above, "role") == Some("main")
    });
    Some(around.map_or(0..tree.len(), |around| tree.subtree(around)))
}

/// The part of the page around a heading that holds neither another heading nor a row of the list.
fn around(tree: &Tree, list: &List, heading: Id, before: Option<Id>, after: Option<Id>) -> Record {
    let mut root = heading;
    for above in tree.ancestors(heading) {
        let span = tree.subtree(above);
        let holds_other = [before, after]
            .into_iter()
            .flatten()
            .any(|id| span.contains(&id));
        if holds_other || list.meets(&span) || matches!(tree.name(above), "body" | "html" | "main")
        {
            break;
        }
        root = above;
    }
    Record {
        anchor: heading,
        root,
        span: tree.subtree(root),
    }
}
