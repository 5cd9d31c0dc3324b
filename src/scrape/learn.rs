//! Rules from a detected list: the plainest selectors that find the same entries again.

use std::collections::HashSet;
use std::ops::Range;

use super::detect::{self, Fields, List};
use super::page::Page;
use super::pattern::Pattern;
use super::select;
use super::tree::Id;
use crate::model::Rules;

/// Candidates tried for one selector; each costs a walk over the page.
const MAX_TRIED: usize = 24;

/// Rules that find what the list holds; `None` where no plain selector does.
pub(super) fn rules(page: &Page, list: &List) -> Option<Rules> {
    entry_patterns(page, list).into_iter().find_map(|entry| {
        let rules = with_fields(page, list, &entry);
        let fallback = Rules {
            entry: entry.to_string(),
            ..Rules::default()
        };
        [rules, fallback]
            .into_iter()
            .find(|rules| finds_the_same(page, rules, list))
    })
}

/// Selectors that begin where the records begin, exact ones first.
fn entry_patterns(page: &Page, list: &List) -> Vec<Pattern> {
    let tree = &page.tree;
    let wanted: HashSet<Id> = list.spans.iter().map(|span| span.start).collect();
    let sample = list.spans.get(list.spans.len() / 2).map(|span| span.start);
    let mut judged: Vec<(f32, Pattern)> = sample
        .into_iter()
        .flat_map(|id| Pattern::candidates(tree, id))
        .take(MAX_TRIED)
        .map(|pattern| {
            let found = pattern.all(tree);
            let common = found.iter().filter(|id| wanted.contains(id)).count() as f32;
            let recall = common / wanted.len().max(1) as f32;
            let precision = common / found.len().max(1) as f32;
            (recall.min(precision) * 10.0, pattern)
        })
        .filter(|(fit, _)| *fit >= 6.0)
        .collect();
    judged.sort_by(|a, b| b.0.floor().total_cmp(&a.0.floor()));
    judged.truncate(6);
    judged.into_iter().map(|(_, pattern)| pattern).collect()
}

fn with_fields(page: &Page, list: &List, entry: &Pattern) -> Rules {
    let starts = entry.all(&page.tree);
    let records = detect::records_from(&page.tree, &starts);
    let spans: Vec<Range<Id>> = records.into_iter().map(|record| record.span).collect();
    let field = |element: &dyn Fn(&Fields) -> Option<Id>| {
        let wanted: Vec<Id> = list.entries.iter().filter_map(element).collect();
        selector(page, &spans, &wanted, list.entries.len())
    };
    let title = field(&|f| f.title_element);
    let link = field(&|f| f.link.as_ref().map(|(id, _)| *id));
    Rules {
        entry: entry.to_string(),
        link,
        title,
        date: field(&|f| f.date_element),
        summary: field(&|f| f.summary_element),
        image: None,
    }
}

/// The plainest selector whose first match in each record is the wanted element.
fn selector(page: &Page, spans: &[Range<Id>], wanted: &[Id], total: usize) -> Option<String> {
    let tree = &page.tree;
    if wanted.len() * 2 < total {
        return None;
    }
    let sample = *wanted.get(wanted.len() / 2)?;
    let root = spans.iter().find(|span| span.contains(&sample))?.start;
    let wanted: HashSet<Id> = wanted.iter().copied().collect();
    let mut best: Option<(usize, Pattern)> = None;
    for pattern in Pattern::inner_candidates(tree, sample, root)
        .into_iter()
        .take(MAX_TRIED)
    {
        let right = spans
            .iter()
            .filter_map(|span| span.clone().find(|id| pattern.matches(tree, *id)))
            .filter(|id| wanted.contains(id))
            .count();
        if best.as_ref().is_none_or(|(known, _)| right > *known) {
            best = Some((right, pattern));
        }
    }
    best.filter(|(right, _)| right * 10 >= wanted.len() * 9)
        .map(|(_, pattern)| pattern.to_string())
}

/// Whether the rules find the list's entries and no others, each with its title.
fn finds_the_same(page: &Page, rules: &Rules, list: &List) -> bool {
    let Ok(found) = select::read(page, rules) else {
        return false;
    };
    let key = |fields: &Fields| {
        let address = fields.link.as_ref().map(|(_, url)| url.to_string());
        (address, fields.title.clone())
    };
    let known: HashSet<_> = list.entries.iter().map(key).collect();
    let common = found
        .iter()
        .filter(|fields| known.contains(&key(fields)))
        .count();
    common * 100 >= known.len() * 95 && common * 100 >= found.len() * 95
}
