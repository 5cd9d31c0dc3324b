//! Sanitized markup to text with line ends where blocks end. Linear, and no parser: what comes in was sanitized before.

use std::borrow::Cow;

/// Elements that end a sentence where they start or end.
const BLOCKS: [&str; 22] = [
    "p",
    "div",
    "br",
    "li",
    "ul",
    "ol",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "tr",
    "td",
    "th",
    "table",
    "blockquote",
    "pre",
    "hr",
    "dt",
    "dd",
    "figcaption",
];

/// The text of markup; stops once it has `limit` octets.
pub fn strip(html: &str, limit: usize) -> Cow<'_, str> {
    if html.len() <= limit && !html.contains(['<', '&']) {
        return Cow::Borrowed(html);
    }
    let mut out = String::with_capacity(html.len().min(limit));
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        if out.len() >= limit {
            return Cow::Owned(entities(out));
        }
        let Some(end) = rest[at..].find('>') else {
            out.push_str(&rest[at..]);
            return Cow::Owned(entities(out));
        };
        if is_block(&rest[at + 1..at + end]) {
            out.push('\n');
        }
        rest = &rest[at + end + 1..];
    }
    out.push_str(rest);
    Cow::Owned(entities(out))
}

fn is_block(tag: &str) -> bool {
    let name = tag.trim_start_matches('/');
    let end = name
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(name.len());
    BLOCKS
        .iter()
        .any(|block| name[..end].eq_ignore_ascii_case(block))
}

/// Entities twice, since feeds escape twice.
fn entities(text: String) -> String {
    let mut text = text;
    for _ in 0..2 {
        if !text.contains('&') {
            break;
        }
        text = decode(&text);
    }
    text
}

fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(12).position(|b| b == b';');
        match end.and_then(|end| character(&rest[1..end]).map(|c| (c, end))) {
            Some((c, end)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn character(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code);
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" | "rsquo" | "lsquo" => '\'',
        "nbsp" => ' ',
        "shy" => '\u{ad}',
        "aring" => 'å',
        "auml" => 'ä',
        "ouml" => 'ö',
        "Aring" => 'Å',
        "Auml" => 'Ä',
        "Ouml" => 'Ö',
        "oslash" => 'ø',
        "Oslash" => 'Ø',
        "aelig" => 'æ',
        "AElig" => 'Æ',
        "eacute" => 'é',
        "hellip" => '…',
        "ndash" => '–',
        "mdash" => '—',
        "rdquo" | "ldquo" | "laquo" | "raquo" => '"',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::strip;

    #[test]
    fn blocks_end_lines_and_entities_are_read_twice() {
        assert_eq!(
            strip("<p>A &amp;amp; b</p><P>c<b>d</b></p>", 99),
            "\nA & b\n\ncd\n"
        );
        assert_eq!(strip("5 < 6 &broken; & x", 99), "5 < 6 &broken; & x");
    }
}
