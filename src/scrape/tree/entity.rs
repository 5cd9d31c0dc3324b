//! Character references of HTML text and attributes (HTML Standard, section 13.2.5.72 and on).

use html5ever::data::NAMED_ENTITIES;

/// The longest name of the standard's table is 32 characters.
const MAX_NAME: usize = 32;

/// Decodes `&amp;`, `&#228;`, `&#xE4;` and the like; what is no reference stays as it is.
pub(crate) fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (decoded, used) = reference(rest);
        match decoded {
            Some((first, second)) => {
                out.push(first);
                out.extend(second);
            }
            None => out.push_str(&rest[..used]),
        }
        rest = &rest[used..];
    }
    out.push_str(rest);
    out
}

type Characters = (char, Option<char>);

/// The reference that `text` begins with, and the bytes it takes; at least the ampersand.
fn reference(text: &str) -> (Option<Characters>, usize) {
    if text.as_bytes().get(1) == Some(&b'#') {
        return numeric(text);
    }
    let length = text.as_bytes()[1..]
        .iter()
        .take(MAX_NAME)
        .take_while(|b| b.is_ascii_alphanumeric())
        .count();
    let name = &text[1..=length];
    if text.as_bytes().get(length + 1) == Some(&b';')
        && let Some(found) = named(&text[1..length + 2])
    {
        return (Some(found), length + 2);
    }
    // A few old names also count without their semicolon: `&nbsp`, `&auml`.
    // Before an equals sign they are the next parameter of an address: `?a=1&copy=2`.
    let is_parameter = text.as_bytes().get(length + 1) == Some(&b'=');
    match named(name) {
        Some(found) if !name.is_empty() && !is_parameter => (Some(found), length + 1),
        _ => (None, 1),
    }
}

fn named(name: &str) -> Option<Characters> {
    let (first, second) = *NAMED_ENTITIES.get(name)?;
    let first = char::from_u32(first).filter(|c| *c != '\0')?;
    Some((first, char::from_u32(second).filter(|c| *c != '\0')))
}

fn numeric(text: &str) -> (Option<Characters>, usize) {
    let bytes = text.as_bytes();
    let is_hex = matches!(bytes.get(2), Some(b'x' | b'X'));
    let start = if is_hex { 3 } else { 2 };
    let digits = bytes[start.min(bytes.len())..]
        .iter()
        .take(8)
        .take_while(|b| {
            if is_hex {
                b.is_ascii_hexdigit()
            } else {
                b.is_ascii_digit()
            }
        })
        .count();
    if digits == 0 {
        return (None, 1);
    }
    let radix = if is_hex { 16 } else { 10 };
    let value = u32::from_str_radix(&text[start..start + digits], radix).unwrap_or(0xFFFD);
    let character = match value {
        0x80..=0x9F => windows_1252(value),
        0 => '\u{FFFD}',
        _ => char::from_u32(value).unwrap_or('\u{FFFD}'),
    };
    let end = start + digits;
    let semicolon = usize::from(bytes.get(end) == Some(&b';'));
    (Some((character, None)), end + semicolon)
}

/// References to C1 controls mean windows-1252 (HTML Standard, section 13.2.5.80).
fn windows_1252(value: u32) -> char {
    let index = (value - 0x80) as usize;
    html5ever::data::C1_REPLACEMENTS
        .get(index)
        .copied()
        .flatten()
        .unwrap_or('\u{FFFD}')
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn references_are_decoded_and_stray_ampersands_kept() {
        for (from, to) in [
            ("Jord &amp; skog", "Jord & skog"),
            ("&Ouml;l &auml r d&aring", "Öl ä r då"),
            ("?a=1&copy=2&section=3", "?a=1&copy=2&section=3"),
            ("&#228;&#xE5;&#246", "äåö"),
            ("A & B &c; &#; &", "A & B &c; &#; &"),
            ("&#150;", "–"),
            ("&#0;&#x110000;", "\u{FFFD}\u{FFFD}"),
        ] {
            assert_eq!(decode(from), to);
        }
    }
}
