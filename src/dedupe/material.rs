//! What makes a changed entry news again: its title, a figure, a name, a denial, a sentence added or withdrawn.
//!
//! White space, markup, order of sentences, counters, share bars, time stamps and small edits of wording are not
//! (RFC 4287 section 4.2.15 leaves to the publisher what is significant).

use std::collections::HashMap;

use super::alignment::containment;
use super::words::{Kind, Sentence, Word, Words, hash_words, is_denial, read};
use crate::model::Entry;

/// Words read of a text; far beyond what any feed carries, and the work is linear in them.
const MAX_READ: usize = 200_000;

/// Sentences compared one by one; where more differ, the text is another one.
const MAX_COMPARED: usize = 60;

/// What is different.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Difference {
    /// The title.
    Title,
    /// A figure, a weekday, a month.
    Figure,
    /// A name, or a "not".
    Word,
    /// A sentence more or less.
    Sentence,
}

/// What of the new state is news, strongest first; `None` for nothing.
pub fn difference(old: &Entry, new: &Entry) -> Option<Difference> {
    if old.title != new.title
        && hash_words(&read(&old.title, 200).words) != hash_words(&read(&new.title, 200).words)
    {
        return Some(Difference::Title);
    }
    let both = |a: &Option<String>, b: &Option<String>| a.is_some() && b.is_some();
    let mut compared = false;
    for (a, b) in [(&old.summary, &new.summary), (&old.content, &new.content)] {
        if let (Some(a), Some(b)) = (a, b) {
            compared = true;
            if let Some(found) = (a != b).then(|| texts(a, b)).flatten() {
                return Some(found);
            }
        }
    }
    if compared {
        return None;
    }
    if !both(&any(old), &any(new)) {
        return any(new)
            .is_some_and(|text| says_more(&text, &new.title))
            .then_some(Difference::Sentence);
    }
    moved_text(&any(old)?, &any(new)?)
}

/// A text that came later is news, unless it only says the title again.
fn says_more(text: &str, title: &str) -> bool {
    let (text, title) = (whole(text), read(title, MAX_READ));
    !text.words.is_empty() && !is_resaid(&text.words, &title.words)
}

fn any(entry: &Entry) -> Option<String> {
    entry.content.clone().or_else(|| entry.summary.clone())
}

/// A feed that turned from summaries to bodies: news only if neither holds the other.
fn moved_text(old: &str, new: &str) -> Option<Difference> {
    let (old, new) = (whole(old), whole(new));
    (containment(&old.words, &new.words) < 0.9).then_some(Difference::Sentence)
}

fn texts(old: &str, new: &str) -> Option<Difference> {
    let (old, new) = (whole(old), whole(new));
    let (gone, added) = (beyond(&old, &new), beyond(&new, &old));
    if gone.is_empty() && added.is_empty() {
        return None;
    }
    if gone.len() > MAX_COMPARED || added.len() > MAX_COMPARED {
        return Some(Difference::Sentence);
    }
    edits(&old, &new, gone, added)
}

/// The text without the unfinished sentence before an ellipsis.
fn whole(text: &str) -> Words {
    let mut words = read(text, MAX_READ);
    if words.cut
        && words.sentences.len() > 1
        && let Some(last) = words.sentences.pop()
    {
        words.words.truncate(last.start);
    }
    words
}

/// Sentences of the first that the second has not, as multisets: order is no news.
fn beyond(first: &Words, second: &Words) -> Vec<Sentence> {
    let mut stock: HashMap<u64, usize> = HashMap::new();
    for sentence in &second.sentences {
        *stock.entry(sentence.hash).or_default() += 1;
    }
    first
        .sentences
        .iter()
        .filter(|sentence| match stock.get_mut(&sentence.hash) {
            Some(count) if *count > 0 => {
                *count -= 1;
                false
            }
            _ => true,
        })
        .copied()
        .collect()
}

/// Pairs what is gone with what it became; what finds no pair was added or withdrawn.
fn edits(
    old: &Words,
    new: &Words,
    mut gone: Vec<Sentence>,
    added: Vec<Sentence>,
) -> Option<Difference> {
    let mut found = None;
    for sentence in added {
        let words = new.of(&sentence);
        let best = (0..gone.len())
            .map(|at| (containment(words, old.of(&gone[at])), at))
            .max_by(|a, b| a.0.total_cmp(&b.0));
        match best {
            Some((share, at)) if share >= 0.5 => {
                let before = gone.swap_remove(at);
                found = found.or(edit(old.of(&before), words));
            }
            _ if is_resaid(words, &old.words) => {}
            _ => return Some(Difference::Sentence),
        }
    }
    let withdrawn = gone
        .iter()
        .any(|sentence| !is_resaid(old.of(sentence), &new.words));
    if withdrawn {
        Some(Difference::Sentence)
    } else {
        found
    }
}

/// A sentence cut otherwise, or too short to say anything.
fn is_resaid(sentence: &[Word], text: &[Word]) -> bool {
    let figures_stay = figures(sentence)
        .iter()
        .all(|figure| text.iter().any(|word| word.hash == *figure));
    sentence.len() < 2 || figures_stay && contained(sentence, text) >= 0.9
}

fn contained(sentence: &[Word], text: &[Word]) -> f64 {
    if sentence.len() <= text.len() {
        containment(sentence, text)
    } else {
        0.0
    }
}

/// What an edited sentence says anew.
fn edit(old: &[Word], new: &[Word]) -> Option<Difference> {
    if figures(old) != figures(new) {
        return Some(Difference::Figure);
    }
    if marked(old) != marked(new) {
        return Some(Difference::Word);
    }
    let grown = new.len().abs_diff(old.len());
    (grown > 8 && grown > old.len().min(new.len())).then_some(Difference::Sentence)
}

fn figures(words: &[Word]) -> Vec<u64> {
    sorted(words.iter().filter(|word| word.kind == Kind::Figure))
}

/// Names and denials.
fn marked(words: &[Word]) -> Vec<u64> {
    sorted(
        words
            .iter()
            .filter(|word| word.kind == Kind::Name || is_denial(&word.text)),
    )
}

fn sorted<'a>(words: impl Iterator<Item = &'a Word>) -> Vec<u64> {
    let mut hashes: Vec<u64> = words.map(|word| word.hash).collect();
    hashes.sort_unstable();
    hashes
}
