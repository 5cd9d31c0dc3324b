//! The language of an entry.

use whatlang::{Detector, Lang};

use super::Frame;
use crate::html;
use crate::model::{Language, ParsedEntry};

/// Shorter texts tell no language from another.
const SHORTEST_TEXT: usize = 40;

/// More text than this makes a guess no better.
const LONGEST_TEXT: usize = 1_000;

/// The language that the entry, its texts, its feed or its source names; a guess only where none of them does.
pub(super) fn language(
    parsed: &ParsedEntry,
    frame: &Frame<'_>,
    title: &str,
    summary: Option<&str>,
) -> Option<Language> {
    let of_text = |text: Option<&crate::model::Text>| text.and_then(|text| text.language.clone());
    parsed
        .language
        .clone()
        .or_else(|| of_text(parsed.title.as_ref()))
        .or_else(|| of_text(parsed.content.as_ref()))
        .or_else(|| frame.feed.language.clone())
        .or_else(|| frame.source.language.clone())
        .or_else(|| guess(title, summary))
}

/// A guess among the languages that the bodies write.
fn guess(title: &str, summary: Option<&str>) -> Option<Language> {
    let summary = summary.map(html::to_text).unwrap_or_default();
    let text = html::excerpt(&format!("{title}. {summary}"), LONGEST_TEXT);
    if text.chars().count() < SHORTEST_TEXT {
        return None;
    }
    let detector = Detector::with_allowlist(vec![Lang::Swe, Lang::Nob, Lang::Dan, Lang::Eng]);
    let found = detector.detect(&text).filter(|found| found.is_reliable())?;
    Language::new(match found.lang() {
        Lang::Swe => "sv",
        // Nynorsk is taken for bokmål: the library knows only the one.
        Lang::Nob => "nb",
        Lang::Dan => "da",
        _ => "en",
    })
}
