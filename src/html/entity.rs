//! Character references decoded (HTML standard, section 13.2.5.72).

use std::borrow::Cow;

use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};

/// The longest name is `CounterClockwiseContourIntegral;`.
const LONGEST_NAME: usize = 33;

/// What a named reference stands for, its name given without `&` and `;`.
pub fn entity(name: &str) -> Option<String> {
    known(&format!("{name};"))
}

/// Text with its character references decoded, once.
pub(crate) fn decode(text: &str) -> Cow<'_, str> {
    decode_if(text, |_| true)
}

/// Text with those references decoded that a second escaping must have made: numeric ones, and names of letters and
/// signs that nobody writes for a reader to see. What would become markup stays.
pub(super) fn decode_left_over(text: &str) -> Cow<'_, str> {
    decode_if(text, |decoded| {
        !decoded.contains(['<', '>', '&', '"', '\''])
    })
}

fn decode_if(text: &str, is_wanted: impl Fn(&str) -> bool) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        decoded.push_str(&rest[..at]);
        rest = &rest[at..];
        match reference(rest) {
            Some((characters, length)) if is_wanted(&characters) => {
                decoded.push_str(&characters);
                rest = &rest[length..];
            }
            _ => {
                decoded.push('&');
                rest = &rest[1..];
            }
        }
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

/// The reference that a text begins with: what it stands for, and its length.
fn reference(text: &str) -> Option<(String, usize)> {
    match text.as_bytes().get(1)? {
        b'#' => numeric(text),
        byte if byte.is_ascii_alphanumeric() => named(text),
        _ => None,
    }
}

fn numeric(text: &str) -> Option<(String, usize)> {
    let hexadecimal = matches!(text.as_bytes().get(2), Some(b'x' | b'X'));
    let (start, radix) = if hexadecimal { (3, 16) } else { (2, 10) };
    let digits = text[start..]
        .bytes()
        .take_while(|byte| char::from(*byte).is_digit(radix))
        .count();
    if digits == 0 {
        return None;
    }
    let code = u32::from_str_radix(&text[start..start + digits], radix).unwrap_or(u32::MAX);
    let end = start + digits;
    let length = if text.as_bytes().get(end) == Some(&b';') {
        end + 1
    } else {
        end
    };
    Some((character(code).to_string(), length))
}

/// The character of a code; those of windows-1252 are what was meant by 0x80 to 0x9F.
fn character(code: u32) -> char {
    let replaced = (0x80..0xA0)
        .contains(&code)
        .then(|| C1_REPLACEMENTS.get(code as usize - 0x80).copied().flatten())
        .flatten();
    replaced
        .or_else(|| char::from_u32(code).filter(|_| code != 0))
        .unwrap_or(char::REPLACEMENT_CHARACTER)
}

fn named(text: &str) -> Option<(String, usize)> {
    let name = &text.as_bytes()[1..];
    let letters = name
        .iter()
        .take(LONGEST_NAME)
        .take_while(|byte| byte.is_ascii_alphanumeric())
        .count();
    let look_up = |length: usize| Some((known(text.get(1..=length)?)?, length + 1));
    let whole = (name.get(letters) == Some(&b';'))
        .then(|| look_up(letters + 1))
        .flatten();
    // Before an equals sign it is the next parameter of an address: `?a=1&copy=2`.
    let is_parameter = name.get(letters) == Some(&b'=');
    // Without the semicolon only the names of old are known: `&copy`, `&aring`.
    whole.or_else(|| {
        let lengths = if is_parameter {
            0..=0
        } else {
            2..=letters.min(6)
        };
        lengths.rev().find_map(look_up)
    })
}

/// The characters of a name as the standard's table spells it, its semicolon included.
fn known(name: &str) -> Option<String> {
    let (first, second) = *NAMED_ENTITIES.get(name)?;
    let first = char::from_u32(first).filter(|_| first != 0)?;
    let mut characters = String::from(first);
    characters.extend(char::from_u32(second).filter(|_| second != 0));
    Some(characters)
}

#[cfg(test)]
mod tests {
    use super::{decode, decode_left_over};

    #[test]
    fn references_are_decoded_once() {
        assert_eq!(
            decode("&aring;&#228;&#xF6; &amp;amp; &nbsp;"),
            "åäö &amp; \u{a0}"
        );
        assert_eq!(
            decode("R&D &unknown; &#x80;&#0; &copy 2021 &"),
            "R&D &unknown; €\u{fffd} © 2021 &"
        );
        assert_eq!(decode("&notit; &ampx"), "¬it; &x");
        assert_eq!(decode("?a=1&copy=2&amp;b=3"), "?a=1&copy=2&b=3");
        assert_eq!(
            decode("&#150; &#x110000; &#; &c; &"),
            "– \u{fffd} &#; &c; &"
        );
    }

    #[test]
    fn left_over_references_never_make_markup() {
        assert_eq!(
            decode_left_over("It&#8217;s &lt;b&gt; &#60; &amp; &eacute;"),
            "It’s &lt;b&gt; &#60; &amp; é"
        );
    }
}
