//! After a redesign: noticing it, and new rules from entries that are known.
//!
//! A page whose rules still match something can have changed all the same: the old class now marks events, the "most
//! read" box, or another date. So what was read is held against what is known of the source. Nothing here publishes
//! anything: a [`Proposal`] waits for approval.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::detect::{self, Fields, List};
use super::page::Page;
use super::{Reading, learn};
use crate::date;
use crate::html;
use crate::link;
use crate::model::{Document, ParsedEntry, ParsedFeed, Rules};

/// An entry of the source that is stored already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its title.
    pub title: String,
    /// Its address.
    pub link: url::Url,
    /// The day it was published, where its page told one.
    pub day: Option<NaiveDate>,
}

/// What a source's list usually looks like.
#[derive(Debug, Clone, Default)]
pub struct Expectation {
    /// Its newest stored entries, newest first; a dozen or two are enough.
    pub known: Vec<Known>,
    /// Entries that its list usually has.
    pub usual: Option<f32>,
}

/// New rules for a page, and what they would give.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// The rules.
    pub rules: Rules,
    /// The entries they find.
    pub entries: Vec<ParsedEntry>,
    /// Known entries among them.
    pub recognized: usize,
    /// The change, line by line: `- entry = "…"`, `+ entry = "…"`.
    pub diff: String,
}

/// A list with fewer than this share of its usual entries has lost its layout.
const FAR_FEWER: f32 = 1.0 / 3.0;

/// What speaks for a change of layout in a reading that gave something; `None` where all is well.
pub fn suspect(reading: &Reading, expected: &Expectation, now: DateTime<Utc>) -> Option<String> {
    let entries = &reading.feed.entries;
    if let Some(usual) = expected.usual
        && usual >= 4.0
        && (entries.len() as f32) < usual * FAR_FEWER
    {
        return Some(format!(
            "{} entries where there usually are {usual:.0}",
            entries.len()
        ));
    }
    let future = entries
        .iter()
        .filter_map(|entry| entry.published)
        .filter(|moment| moment.utc() > now + TimeDelta::hours(36))
        .count();
    if future * 2 > entries.len() {
        return Some(format!(
            "{future} of {} entries are dated in the future, as events are",
            entries.len()
        ));
    }
    against_known(entries, expected)
}

fn against_known(entries: &[ParsedEntry], expected: &Expectation) -> Option<String> {
    if expected.known.len() < 3 || entries.is_empty() {
        return None;
    }
    let index = Index::of(&expected.known);
    let again: Vec<(&ParsedEntry, &Known)> = entries
        .iter()
        .filter_map(|entry| Some((entry, index.find(entry, &expected.known)?)))
        .collect();
    let newest_known = expected.known.iter().filter_map(|known| known.day).max();
    let newest = entries.iter().filter_map(day).max();
    if again.is_empty() {
        let all_newer = entries.iter().all(|entry| {
            day(entry)
                .zip(newest_known)
                .is_some_and(|(day, known)| day >= known)
        });
        return (!all_newer).then(|| {
            "none of the entries it lists is known, and they are not newer than those known".into()
        });
    }
    let dated = again
        .iter()
        .filter(|(_, known)| known.day.is_some())
        .count();
    let redated = again
        .iter()
        .filter(|(entry, known)| known.day.is_some() && day(entry) != known.day)
        .count();
    if dated >= 3 && redated * 2 > dated {
        return Some(format!(
            "{redated} of {dated} known entries have another date or none"
        ));
    }
    let recent: HashSet<String> = expected
        .known
        .iter()
        .take(3)
        .map(|known| link::key(&known.link))
        .collect();
    let has_recent = again
        .iter()
        .any(|(_, known)| recent.contains(&link::key(&known.link)));
    let is_older = newest
        .zip(newest_known)
        .is_none_or(|(newest, known)| newest < known);
    if !has_recent && is_older && again.len() * 2 < expected.known.len().min(entries.len()) {
        return Some("it lists only old entries".into());
    }
    None
}

fn day(entry: &ParsedEntry) -> Option<NaiveDate> {
    entry.published.map(|moment| moment.at.date_naive())
}

/// Known entries by address and by title.
struct Index {
    links: std::collections::HashMap<String, usize>,
    titles: std::collections::HashMap<String, usize>,
}

impl Index {
    fn of(known: &[Known]) -> Self {
        let number = |(at, known): (usize, &Known)| (link::key(&known.link), at);
        Self {
            links: known.iter().enumerate().map(number).collect(),
            titles: known
                .iter()
                .enumerate()
                .map(|(at, known)| (fold(&known.title), at))
                .collect(),
        }
    }

    fn find<'k>(&self, entry: &ParsedEntry, known: &'k [Known]) -> Option<&'k Known> {
        let by_link = entry
            .link
            .as_ref()
            .and_then(|link| self.links.get(&link::key(link)));
        let by_title = || {
            let title = entry.title.as_ref().map(html::title)?;
            self.titles
                .get(&fold(&title))
                .filter(|_| title.chars().count() >= 12)
        };
        known.get(*by_link.or_else(by_title)?)
    }

    fn knows(&self, fields: &Fields) -> bool {
        let by_link = fields
            .link
            .as_ref()
            .is_some_and(|(_, url)| self.links.contains_key(&link::key(url)));
        by_link
            || (fields.title.chars().count() >= 12
                && self.titles.contains_key(&fold(&fields.title)))
    }
}

fn fold(title: &str) -> String {
    title
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Looks for known entries in a page and derives rules from the list that holds most of them.
pub fn propose(
    document: &Document,
    old: Option<&Rules>,
    known: &[Known],
    context: &date::Context,
) -> Option<Proposal> {
    let page = Page::read(document, context);
    let index = Index::of(known);
    let recognized = |list: &List| {
        list.entries
            .iter()
            .filter(|fields| index.knows(fields))
            .count()
    };
    let mut lists: Vec<(f32, usize, List)> = detect::lists(&page)
        .into_iter()
        .map(|list| {
            let count = recognized(&list);
            let share = count as f32 / list.entries.len().max(1) as f32;
            (list.score * (0.2 + share), count, list)
        })
        .filter(|(_, count, list)| {
            *count >= 2 || (known.is_empty() && list.confidence() >= super::MIN_CONFIDENCE)
        })
        .collect();
    lists.sort_by(|a, b| b.0.total_cmp(&a.0));
    lists.into_iter().find_map(|(_, recognized, list)| {
        let rules = learn::rules(&page, &list)?;
        let entries = super::by_rules(&page, &rules).ok()?.feed;
        Some(Proposal {
            diff: diff(old, &rules),
            entries: entries.entries,
            recognized,
            rules,
        })
    })
}

/// Old rules and new, line by line.
pub fn diff(old: Option<&Rules>, new: &Rules) -> String {
    let mut out = String::new();
    let before = old.map(Rules::selectors);
    for (at, (name, new)) in new.selectors().into_iter().enumerate() {
        let old = before.and_then(|before| before[at].1);
        if old == new {
            continue;
        }
        for (sign, value) in [('-', old), ('+', new)] {
            if let Some(value) = value {
                out.push_str(&format!("{sign} {name} = \"{value}\"\n"));
            }
        }
    }
    out
}

/// The newest entries of a feed as they are known later on.
pub fn known(feed: &ParsedFeed) -> Vec<Known> {
    feed.entries
        .iter()
        .filter_map(|entry| {
            Some(Known {
                title: html::title(entry.title.as_ref()?),
                link: entry.link.clone()?,
                day: day(entry),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::diff;
    use crate::model::Rules;

    #[test]
    fn a_diff_names_every_selector_that_is_another() {
        let old = Rules {
            entry: "li".into(),
            image: Some("img".into()),
            ..Rules::default()
        };
        let new = Rules {
            title: Some("h2".into()),
            image: None,
            ..old.clone()
        };
        let expected = "+ title = \"h2\"\n- image = \"img\"\n";
        assert_eq!(diff(Some(&old), &new), expected);
        assert_eq!(diff(None, &old), "+ entry = \"li\"\n+ image = \"img\"\n");
    }
}
