//! One document that tells one entry twice: listings repeat their teasers, feeds their pinned news.
//!
//! Folded is only what agrees in title and in guid or address and contradicts itself in nothing; "one guid for all" and
//! "one address for all" lose nothing.

use std::collections::HashMap;

use chrono::TimeDelta;

use super::resemblance::Face;
use crate::dedupe::alignment::containment;
use crate::dedupe::words::{Words, combine, hash, hash_words};
use crate::model::{DateOrigin, Entry};

/// Entries of one title and address that a further one is compared with: a page of one title stays linear.
const MAX_COMPARED: usize = 8;

/// The entries of a document with doubles folded into their first place, the richer text kept.
pub fn fold(entries: Vec<Entry>) -> Vec<Entry> {
    let faces: Vec<Face> = entries.iter().map(Face::of).collect();
    let mut places: HashMap<u64, Vec<usize>> = HashMap::new();
    let mut double_of: Vec<Option<usize>> = vec![None; faces.len()];
    for (index, face) in faces.iter().enumerate() {
        let keys = keys(face);
        double_of[index] = keys
            .iter()
            .filter_map(|key| places.get(key))
            .flatten()
            .copied()
            .find(|place| is_double(&faces[*place], face));
        if double_of[index].is_none() {
            for key in keys {
                let group = places.entry(key).or_default();
                if group.len() < MAX_COMPARED {
                    group.push(index);
                }
            }
        }
    }
    gather(entries, &double_of)
}

fn gather(entries: Vec<Entry>, double_of: &[Option<usize>]) -> Vec<Entry> {
    let mut kept: Vec<Entry> = Vec::with_capacity(entries.len());
    let mut places: HashMap<usize, usize> = HashMap::with_capacity(entries.len());
    for (index, (entry, double)) in entries.into_iter().zip(double_of).enumerate() {
        match double.and_then(|first| places.get(&first)) {
            Some(place) => merge(&mut kept[*place], entry),
            None => {
                places.insert(index, kept.len());
                kept.push(entry);
            }
        }
    }
    kept
}

/// Title with address, title with guid, and the address with the text, so that exact doubles are met among thousands.
fn keys(face: &Face) -> Vec<u64> {
    let title = hash_words(&face.title.words);
    let address = combine(title, hash(face.link.as_bytes()));
    let mut keys = vec![combine(address, hash_words(&face.text.words)), address];
    if let Some(guid) = &face.entry.guid {
        keys.push(combine(combine(title, 1), hash(guid.as_bytes())));
    }
    keys
}

fn is_double(first: &Face, second: &Face) -> bool {
    let (guid_a, guid_b) = (&first.entry.guid, &second.entry.guid);
    let same_guid = guid_a.is_some() && guid_a == guid_b;
    let other_guid = guid_a.is_some() && guid_b.is_some() && !same_guid;
    let same_link = first.link == second.link;
    let own = first.entry.link_is_own && second.entry.link_is_own;
    let apart = other_time(first.entry, second.entry);
    let agree = agree(&first.text, &second.text);
    match (same_link, same_guid) {
        (true, true) => agree,
        (true, false) if own && !other_guid => agree && !apart,
        (true, false) | (false, true) => !apart && same_words(&first.text, &second.text),
        (false, false) => false,
    }
}

fn agree(a: &Words, b: &Words) -> bool {
    a.words.is_empty() || b.words.is_empty() || containment(&a.words, &b.words) >= 0.8
}

fn same_words(a: &Words, b: &Words) -> bool {
    hash_words(&a.words) == hash_words(&b.words)
}

fn other_time(first: &Entry, second: &Entry) -> bool {
    let told =
        first.date_origin != DateOrigin::FirstSeen && second.date_origin != DateOrigin::FirstSeen;
    told && (first.published.utc() - second.published.utc()).abs() >= TimeDelta::minutes(1)
}

fn merge(first: &mut Entry, second: Entry) {
    let longer = |a: &Option<String>, b: &Option<String>| {
        b.as_ref().map_or(0, String::len) > a.as_ref().map_or(0, String::len)
    };
    if longer(&first.summary, &second.summary) {
        first.summary = second.summary;
    }
    if longer(&first.content, &second.content) {
        first.content = second.content;
    }
    if first.date_origin == DateOrigin::FirstSeen && second.date_origin != DateOrigin::FirstSeen {
        first.published = second.published;
        first.date_origin = second.date_origin;
    }
    first.image = first.image.take().or(second.image);
    for category in second.categories {
        if !first.categories.contains(&category) {
            first.categories.push(category);
        }
    }
}
