//! Which entries of a source are wanted: its patterns `only` and `not`.

use crate::html;
use crate::model::{Entry, Source};

/// Whether a source's own patterns let an entry through.
///
/// A pattern is one or more words, `*` for any letters, without regard to case; it holds where its words follow each
/// other in the title, the summary or a category.
pub fn admits(source: &Source, entry: &Entry) -> bool {
    if source.only.is_empty() && source.not.is_empty() {
        return true;
    }
    let texts = texts(entry);
    let any_holds = |patterns: &[String]| patterns.iter().any(|pattern| holds(pattern, &texts));
    (source.only.is_empty() || any_holds(&source.only)) && !any_holds(&source.not)
}

/// The words of each text of an entry.
fn texts(entry: &Entry) -> Vec<Vec<String>> {
    let mut texts = vec![words(&entry.title)];
    texts.extend(
        entry
            .summary
            .as_deref()
            .map(|summary| words(&html::to_text(summary))),
    );
    for category in &entry.categories {
        texts.push(words(&category.term));
        texts.extend(category.label.as_deref().map(words));
    }
    texts
}

fn words(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|character: char| !character.is_alphanumeric() && character != '*')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

fn holds(pattern: &str, texts: &[Vec<String>]) -> bool {
    let pattern = words(pattern);
    if pattern.is_empty() {
        return false;
    }
    let follows = |window: &[String]| {
        window
            .iter()
            .zip(&pattern)
            .all(|(word, pattern)| matches(pattern, word))
    };
    texts
        .iter()
        .any(|text| text.windows(pattern.len()).any(follows))
}

/// Whether a word is of a pattern with stars: the parts between them, one after the other.
fn matches(pattern: &str, word: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or("");
    let Some(mut rest) = word.strip_prefix(first) else {
        return false;
    };
    let Some(last) = parts.next_back() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::{holds, words};

    #[test]
    fn patterns_hold_for_words_in_any_case() {
        let texts = [words("Ny UPPHANDLING av e-tjänster i Malmö")];
        for (pattern, expected) in [
            ("upphandling", true),
            ("upphand*", true),
            ("*handling", true),
            ("u*h*ing", true),
            ("handling", false),
            ("ny upphandling", true),
            ("ny malmö", false),
            ("e-tjänst*", true),
            ("*", true),
            ("", false),
            ("malm*o", false),
        ] {
            assert_eq!(holds(pattern, &texts), expected, "{pattern}");
        }
    }
}
