//! Entries that hold several pieces of news: other news than any of them.

use super::super::fingerprint::Fingerprint;
use super::super::pair::Pair;
use super::super::words::{is_digest, is_digest_name};
use super::Objection;
use crate::model::VetoKind;

/// Words before the shorter text begins in the longer, beyond which the longer one holds it among others.
const MAX_DEPTH: usize = 15;

/// One holds the other among others, or says in its title that it does; for the text rule.
pub fn round_up(pair: &Pair) -> Option<Objection> {
    let digest = [pair.item, pair.other].into_iter().find_map(digest_name);
    if let Some(name) = digest {
        return Some((VetoKind::RoundUp, name));
    }
    let depth = pair.overlap.as_ref().map_or(0, |overlap| overlap.depth());
    (depth > MAX_DEPTH).then(|| {
        (
            VetoKind::RoundUp,
            format!("begins {depth} words into the other"),
        )
    })
}

/// What in a title says that it is a round-up: `Dagens notiser`, `News in brief`.
pub fn digest_name(item: &Fingerprint) -> Option<String> {
    let words = &item.title.words;
    let pairs = words.windows(2).map(|pair| (&pair[0], &pair[1]));
    let mut named = pairs.filter(|(a, b)| is_digest_name(&a.text, &b.text));
    let named = named.next().map(|(a, b)| format!("{} {}", a.text, b.text));
    named.or_else(|| {
        let at = words.iter().position(|word| is_digest(&word.text))?;
        // `Døgnet rundt` is a time and no round-up.
        let is_clock = words
            .get(at + 1)
            .is_some_and(|next| matches!(&*next.text, "rundt" | "runt"));
        (!is_clock).then(|| words[at].text.to_string())
    })
}
