//! Whether a document still belongs to the body it belonged to: domains are sold, and their feeds go on with other news.

use std::collections::HashMap;

use crate::model::{Entry, Language, SourceState};

/// Fewer entries than this say nothing.
const LEAST_ENTRIES: usize = 3;

/// What a document shows of itself at a glance.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sight {
    /// How many entries it has.
    pub entries: usize,
    /// How many of them were known before.
    pub known: usize,
    /// The host that most of them lead to.
    pub link_host: Option<String>,
    /// The language that most of them are in, as far as it is known.
    pub language: Option<Language>,
}

impl Sight {
    /// Looks at entries, each with whether it was known before.
    pub fn of<'a>(entries: impl IntoIterator<Item = (&'a Entry, bool)>) -> Self {
        let mut sight = Self::default();
        let mut hosts: HashMap<&str, usize> = HashMap::new();
        let mut languages: HashMap<&Language, usize> = HashMap::new();
        for (entry, known) in entries {
            sight.entries += 1;
            sight.known += usize::from(known);
            if let Some(host) = entry.link.host_str().filter(|_| entry.link_is_own) {
                *hosts
                    .entry(host.strip_prefix("www.").unwrap_or(host))
                    .or_default() += 1;
            }
            if let Some(language) = &entry.language {
                *languages.entry(language).or_default() += 1;
            }
        }
        sight.link_host = most(hosts).map(str::to_owned);
        sight.language = most(languages).cloned();
        sight
    }
}

/// The commonest, and of equally common ones the first in order, so that the answer is always the same.
fn most<T: Ord + Copy>(counted: HashMap<T, usize>) -> Option<T> {
    let best = counted
        .into_iter()
        .max_by(|(a, n), (b, m)| n.cmp(m).then_with(|| b.cmp(a)));
    best.map(|(value, _)| value)
}

/// Says why a document seems to be somebody else's: nothing in it was known, and its language or the host of its links is another.
pub fn taken_over(
    state: &SourceState,
    language: Option<&Language>,
    sight: &Sight,
) -> Option<String> {
    let had_entries = state.rhythm.last.is_some();
    if !had_entries || sight.known > 0 || sight.entries < LEAST_ENTRIES {
        return None;
    }
    if let (Some(before), Some(now)) = (&state.link_host, &sight.link_host)
        && !is_same_site(before, now)
    {
        return Some(format!(
            "no entry was known, and they lead to `{now}` instead of `{before}`"
        ));
    }
    match (language, &sight.language) {
        (Some(before), Some(now)) if before.primary() != now.primary() => Some(format!(
            "no entry was known, and they are in `{}` instead of `{}`",
            now.as_str(),
            before.as_str()
        )),
        _ => None,
    }
}

/// The same name, or one below the other.
fn is_same_site(one: &str, other: &str) -> bool {
    let below = |inner: &str, outer: &str| {
        inner
            .strip_suffix(outer)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    below(one, other) || below(other, one)
}
