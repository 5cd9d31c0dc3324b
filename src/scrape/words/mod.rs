//! The vocabulary of news pages: what is decoration, what class names and headings promise.
//!
//! Swedish, Norwegian, Danish and English, and the commonest German, French and Finnish. Words are compared in lower
//! case; class names are cut into their words first. Lists are written as one text with bars between the words.

mod decoration;
mod region;

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::tree::{Id, Tree};

pub(super) use decoration::{is_decoration, is_label, is_more, without_more};
pub(super) use region::{heading_weight, names_news, region_weight};

/// A list of words, made on first use.
type Words = LazyLock<HashSet<&'static str>>;

fn set(words: &'static str) -> HashSet<&'static str> {
    words.split('|').collect()
}

/// What a class name or a heading promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hint {
    Title,
    Date,
    Summary,
    Label,
    Photo,
}

/// Each hint's words; the first list that holds a word decides.
const HINTS: [(Hint, &str); 5] = [
    (
        Hint::Date,
        "date|datum|dato|time|timestamp|pubdate|published|publicerad|publisert|tid|postdate|datetime|day",
    ),
    (
        Hint::Photo,
        "caption|credit|credits|photo|photographer|fotograf|foto|bildtext|byline|image|img|media|figure|bild|\
         bilde|picture|thumb|thumbnail|icon|ikon",
    ),
    (
        Hint::Label,
        "label|tag|tags|category|categories|kategori|kategorier|badge|type|etikett|kicker|eyebrow|topic|\
         topics|meta|author|user|writer|views|share|readmore|more|cta|button|btn|comments|footer|subject|\
         pill|chip|amne|tema",
    ),
    (
        Hint::Title,
        "title|rubrik|heading|headline|tittel|overskrift|titel|hdl",
    ),
    (
        Hint::Summary,
        "summary|lead|ingress|excerpt|intro|preamble|description|abstract|desc|manchet|teaser|text|body|\
         content|dek|puff",
    ),
];

static BY_WORD: LazyLock<HashMap<&'static str, Hint>> = LazyLock::new(|| {
    let pairs = HINTS.iter().rev();
    pairs
        .flat_map(|(hint, words)| words.split('|').map(|word| (word, *hint)))
        .collect()
});

/// The hint that a class gives by its words; the last word says most.
pub(super) fn hint(class: &str) -> Option<Hint> {
    let words = class_words(class);
    words
        .iter()
        .rev()
        .find_map(|word| BY_WORD.get(word.as_str()).copied())
}

/// The marks of an element that people write for their own use: classes, test hooks, properties.
pub(super) fn marks(tree: &Tree, id: Id) -> impl Iterator<Item = &str> {
    ["data-hook", "data-testid", "data-qa", "itemprop"]
        .iter()
        .filter_map(move |name| tree.attribute(id, name))
        .flat_map(str::split_ascii_whitespace)
        .chain(tree.classes(id))
}

/// Whether a mark of the element gives one of the hints.
pub(super) fn is_marked(tree: &Tree, id: Id, hints: &[Hint]) -> bool {
    let wanted = hints.iter().fold(0, |bits, hint| bits | 1 << *hint as u8);
    tree.hints(id, all_hints) & wanted != 0
}

/// The hints of every element; equal marks are cut into words once.
fn all_hints(tree: &Tree) -> Vec<u8> {
    let mut known: HashMap<&str, u8> = HashMap::new();
    (0..tree.len())
        .map(|id| {
            marks(tree, id).fold(0, |bits, mark| {
                bits | *known
                    .entry(mark)
                    .or_insert_with(|| hint(mark).map_or(0, |hint| 1 << hint as u8))
            })
        })
        .collect()
}

/// The words of a class name: `newsItem__title--big` is `news item title big`.
pub(super) fn class_words(class: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for c in class.chars().take(80) {
        let starts_word = !c.is_alphabetic() || (c.is_uppercase() && was_lower);
        if starts_word && words.last().is_some_and(|w| !w.is_empty()) {
            words.push(String::new());
        }
        if c.is_alphabetic()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        was_lower = c.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::{Hint, class_words, hint, is_decoration, is_more};

    #[test]
    fn class_names_are_cut_into_words() {
        assert_eq!(
            class_words("newsItem__title--big2"),
            ["news", "item", "title", "big"]
        );
        assert_eq!(hint("news-item__title"), Some(Hint::Title));
        assert_eq!(hint("update"), None);
    }

    #[test]
    fn decoration_is_known_and_news_is_not_taken_for_it() {
        for text in [
            "Press",
            "Läs mer",
            "news-icon",
            "Läs mer om avtalet »",
            "Les mer",
            "",
        ] {
            assert!(is_decoration(text), "{text}");
        }
        for text in ["Press mot hållbara krav ökar", "Ny rapport om hållbarhet"] {
            assert!(!is_decoration(text), "{text}");
        }
        assert!(is_more("Read more about our new standard"));
    }
}
