//! The readable part of an address, in one spelling.

use percent_encoding::percent_decode_str;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A slug in one spelling: å, aa and a are one, so are ä, æ, ae and a, and ö, ø, oe and o; one site writes its own
/// addresses in all these ways. What is neither letter nor digit becomes one hyphen. Idempotent.
pub fn fold_slug(text: &str) -> String {
    let text = percent_decode_str(text).decode_utf8_lossy();
    let letters = text
        .nfd()
        .filter(|&character| !is_combining_mark(character))
        .flat_map(char::to_lowercase)
        .map(|character| match character {
            'æ' => 'a',
            'ø' | 'œ' => 'o',
            _ if character.is_alphanumeric() => character,
            _ => '-',
        });
    let mut folded = String::with_capacity(text.len());
    for letter in letters {
        let is_repeat = matches!(
            (folded.chars().next_back(), letter),
            (Some('a'), 'a' | 'e') | (Some('o'), 'e') | (Some('-') | None, '-')
        );
        if !is_repeat {
            folded.push(letter);
        }
    }
    folded.truncate(folded.trim_end_matches('-').len());
    folded
}
