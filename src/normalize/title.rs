//! The title of an entry, one line of plain text that is never empty.

use percent_encoding::percent_decode_str;
use url::Url;

use crate::html;
use crate::model::ParsedEntry;

/// Longer titles are texts.
const LONGEST_TITLE: usize = 1_000;

/// A title made of a text is about as long as titles are.
const DERIVED_TITLE: usize = 120;

/// The entry's own title, if it has one.
pub(super) fn own(parsed: &ParsedEntry) -> Option<String> {
    let title = html::title(parsed.title.as_ref()?);
    (!title.is_empty()).then(|| html::excerpt(&title, LONGEST_TITLE))
}

/// A title for an entry without one: the first sentence of its text, else what its address says.
pub(super) fn derived(summary: Option<&str>, content: Option<&str>, link: &Url) -> String {
    let texts = [summary, content].into_iter().flatten();
    let sentence = texts.map(html::to_text).find(|text| !text.is_empty());
    match sentence {
        Some(text) => html::excerpt(first_sentence(&text), DERIVED_TITLE),
        None => of_address(link),
    }
}

/// Words that a full stop shortens rather than a sentence ends with.
const SHORTENED: [&str; 12] = [
    "kl", "nr", "ca", "st", "dr", "prof", "avd", "resp", "inkl", "exkl", "mr", "mrs",
];

/// The first sentence of a text, its full stop left out.
fn first_sentence(text: &str) -> &str {
    let end = text
        .match_indices(['.', '!', '?'])
        .find(|(at, mark)| ends_sentence(&text[..*at], mark, &text[at + 1..]));
    match end {
        Some((at, ".")) => &text[..at],
        Some((at, mark)) => &text[..at + mark.len()],
        None => text
            .strip_suffix('.')
            .filter(|text| !text.ends_with('.'))
            .unwrap_or(text),
    }
}

/// Whether a mark ends a sentence: "t.ex. ", "kl. 8", "A. Andersson" do not.
fn ends_sentence(before: &str, mark: &str, after: &str) -> bool {
    let begins_next = after.strip_prefix(' ').is_some_and(|after| {
        after.starts_with(|next: char| next.is_uppercase() || matches!(next, '"' | '”' | '–'))
    });
    let word = before.rsplit(' ').next().unwrap_or("");
    let is_whole = word.chars().count() > 1
        && !word.contains('.')
        && !SHORTENED.contains(&word.to_lowercase().as_str());
    begins_next && (mark != "." || is_whole)
}

/// The readable part of an address, else the address.
fn of_address(link: &Url) -> String {
    let segment = link
        .path_segments()
        .and_then(|mut segments| segments.rfind(|segment| !segment.is_empty()))
        .unwrap_or("");
    let name = segment.split_once('.').map_or(segment, |(name, _)| name);
    let name = percent_decode_str(name)
        .decode_utf8_lossy()
        .replace(['-', '_', '+'], " ");
    let name = html::visible(&name);
    let is_readable = name.contains(' ')
        && name
            .chars()
            .filter(|character| character.is_alphabetic())
            .count()
            > 5;
    if !is_readable {
        return html::excerpt(link.as_str(), LONGEST_TITLE);
    }
    let mut letters = name.chars();
    let first = letters
        .next()
        .map(|first| first.to_uppercase().to_string())
        .unwrap_or_default();
    html::excerpt(&format!("{first}{}", letters.as_str()), LONGEST_TITLE)
}

/// The statement of rights, as one line.
pub(super) fn rights(parsed: &ParsedEntry) -> Option<String> {
    let rights = html::title(parsed.rights.as_ref()?);
    (!rights.is_empty()).then(|| html::excerpt(&rights, LONGEST_TITLE))
}

#[cfg(test)]
mod tests {
    use super::{first_sentence, of_address};

    #[test]
    fn the_first_sentence_ends_where_a_reader_would_end_it() {
        for (text, expected) in [
            (
                "Kommunen köper närodlat. Det gäller t.ex. morötter.",
                "Kommunen köper närodlat",
            ),
            (
                "Hör t.ex. Anna tala. Sedan blir det fika.",
                "Hör t.ex. Anna tala",
            ),
            ("Vad händer nu? Ingen vet.", "Vad händer nu?"),
            ("Utan punkt", "Utan punkt"),
            ("Bara en.", "Bara en"),
            ("Fortsätter...", "Fortsätter..."),
        ] {
            assert_eq!(first_sentence(text), expected);
        }
    }

    #[test]
    fn an_address_with_words_in_it_is_read() {
        let title = |address: &str| of_address(&address.parse().expect("an address"));
        assert_eq!(
            title("https://example.org/nyheter/ny-v%C3%A4g-oppnas.html"),
            "Ny väg oppnas"
        );
        assert_eq!(title("https://example.org/123"), "https://example.org/123");
    }
}
