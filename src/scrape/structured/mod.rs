//! What pages say for machines: JSON-LD, microdata, microformats, Open Graph.

pub(super) mod json_ld;
pub(super) mod marked;

use std::collections::HashMap;

use super::page::Page;
use super::{Way, detect};
use crate::link;
use crate::model::{ParsedEntry, Precision};

/// A list said for machines.
pub(super) struct Told {
    pub(super) way: Way,
    pub(super) entries: Vec<ParsedEntry>,
}

/// The best list a page tells for machines, if it tells one.
pub(super) fn list(page: &Page) -> Option<Told> {
    let json_ld = Told {
        way: Way::JsonLd,
        entries: json_ld::members(page),
    };
    [json_ld, marked::microdata(page), marked::microformats(page)]
        .into_iter()
        .filter(|told| told.entries.len() >= 2)
        .max_by_key(|told| told.entries.len())
}

/// Fills from a list for machines what the detected list lacks, matching by address.
pub(super) fn complete(entries: &mut [ParsedEntry], told: &[ParsedEntry]) {
    let by_link: HashMap<String, &ParsedEntry> = told
        .iter()
        .filter_map(|entry| Some((link::key(entry.link.as_ref()?), entry)))
        .collect();
    for entry in entries {
        let Some(known) = entry
            .link
            .as_ref()
            .and_then(|link| by_link.get(&link::key(link)))
        else {
            continue;
        };
        if known.published.is_some() {
            entry.published = known.published;
            entry.date_origin = known.date_origin;
        }
        entry.updated = entry.updated.or(known.updated);
        entry.summary = entry.summary.take().or_else(|| known.summary.clone());
        entry.image = entry.image.take().or_else(|| known.image.clone());
        if entry.authors.is_empty() {
            entry.authors.clone_from(&known.authors);
        }
    }
}

/// Takes from the detected list the days that a list for machines leaves out, matching by address.
pub(super) fn date(told: &mut [ParsedEntry], list: &detect::List) {
    let days: HashMap<String, &detect::Fields> = list
        .entries
        .iter()
        .filter(|fields| fields.is_dated())
        .filter_map(|fields| Some((link::key(&fields.link.as_ref()?.1), fields)))
        .collect();
    for entry in told {
        let is_vague = entry
            .published
            .is_none_or(|moment| moment.precision < Precision::Day);
        let seen = entry
            .link
            .as_ref()
            .and_then(|link| days.get(&link::key(link)));
        if let (true, Some(fields)) = (is_vague, seen) {
            entry.published = fields.published;
            entry.date_origin = fields.date_origin;
        }
    }
}

/// How well a list for machines covers a detected one: the share of the detected links that it names.
pub(super) fn coverage(told: &Told, list: &detect::List) -> f32 {
    let named: std::collections::HashSet<String> = told
        .entries
        .iter()
        .filter_map(|entry| entry.link.as_ref().map(link::key))
        .collect();
    let common = list
        .entries
        .iter()
        .filter_map(|fields| fields.link.as_ref())
        .filter(|(_, url)| named.contains(&link::key(url)))
        .count();
    common as f32 / list.entries.len().max(1) as f32
}
