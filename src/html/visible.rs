//! Characters that are allowed, and text as a reader sees it.

use std::borrow::Cow;

/// Text without the characters that XML 1.0 forbids (section 2.2), without noncharacters, and without byte order marks,
/// which a parser drops at the start of a text and keeps elsewhere.
pub(super) fn without_forbidden(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_forbidden) {
        Cow::Owned(
            text.chars()
                .filter(|&character| !is_forbidden(character))
                .collect(),
        )
    } else {
        Cow::Borrowed(text)
    }
}

fn is_forbidden(character: char) -> bool {
    match character {
        '\t' | '\n' | '\r' => false,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fdd0}'..='\u{fdef}' | '\u{feff}' => true,
        _ => u32::from(character) & 0xfffe == 0xfffe,
    }
}

/// Whether a character changes how others are shown without being seen itself.
fn is_hidden(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0001}'
    )
}

/// Joiners shape Arabic, Indic and emoji; between other letters they only hide that two words differ.
fn is_idle_joiner(character: char, before: char) -> bool {
    let has_use = matches!(before, '\u{600}'..='\u{dff}' | '\u{2190}'..='\u{2bff}' | '\u{fe0f}' | '\u{1f000}'..='\u{1faff}');
    matches!(character, '\u{200c}' | '\u{200d}') && !has_use
}

/// Text as a reader sees it: characters that XML forbids, overrides of direction and zero-width ones gone, white space
/// of any kind folded to single spaces. Idempotent.
pub fn visible(text: &str) -> String {
    let mut seen = String::with_capacity(text.len());
    let mut before = ' ';
    for character in text.chars() {
        if character.is_whitespace() {
            if before != ' ' {
                seen.push(' ');
                before = ' ';
            }
        } else if !is_forbidden(character)
            && !is_hidden(character)
            && !is_idle_joiner(character, before)
        {
            seen.push(character);
            before = character;
        }
    }
    seen.truncate(seen.trim_end().len());
    seen
}

/// Plain text cut at a word, with "…" where something is left out.
pub fn excerpt(text: &str, max_chars: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(max_chars) else {
        return text.to_owned();
    };
    let room = text
        .char_indices()
        .nth(max_chars.saturating_sub(1))
        .map_or(0, |(at, _)| at);
    let head = &text[..room];
    let is_whole_word = text[room..end].starts_with(char::is_whitespace);
    // A text without spaces is cut where it must be.
    let cut = match head.rfind(char::is_whitespace) {
        Some(space) if !is_whole_word && space > room / 2 => &head[..space],
        _ => head,
    };
    let cut = cut.trim_end_matches(|character: char| {
        character.is_whitespace() || matches!(character, ',' | ';' | ':' | '-' | '–' | '(' | '…')
    });
    format!("{cut}…")
}

#[cfg(test)]
mod tests {
    use super::{excerpt, visible};

    #[test]
    fn what_nobody_sees_is_gone() {
        assert_eq!(
            visible(" Ny\u{ad}het\u{200b} \u{202e}om\u{202c}\r\n\tmat\u{a0}och\u{0}\u{b} jord "),
            "Nyhet om mat och jord"
        );
        assert_eq!(visible("👩\u{200d}🌾 a\u{200d}b"), "👩\u{200d}🌾 ab");
    }

    #[test]
    fn excerpts_end_at_a_word() {
        assert_eq!(excerpt("Kort text", 9), "Kort text");
        assert_eq!(excerpt("Kommunen, staten och regionen", 12), "Kommunen…");
        assert_eq!(
            excerpt("Kommunen, staten och regionen", 17),
            "Kommunen, staten…"
        );
        assert_eq!(excerpt("Ordutanslutsomintetar", 6), "Ordut…");
        assert_eq!(excerpt("a b", 0), "…");
    }
}
