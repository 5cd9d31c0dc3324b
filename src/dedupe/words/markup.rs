//! Sanitized markup to text with line ends where blocks end. Linear, and no parser: what comes in was sanitized before.

use std::borrow::Cow;

use crate::html::decode;
use crate::html::token::{Token, Tokens};

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

/// The text of markup, references decoded twice, since feeds escape twice; stops once it has `limit` octets.
pub fn strip(html: &str, limit: usize) -> Cow<'_, str> {
    if html.len() <= limit && !html.contains(['<', '&']) {
        return Cow::Borrowed(html);
    }
    let mut out = String::with_capacity(html.len().min(limit));
    for token in Tokens::new(html) {
        match token {
            Token::Text(text) | Token::Cut(text) => out.push_str(text),
            Token::Start(tag) | Token::End(tag) if is_block(tag.name) => out.push('\n'),
            Token::Start(_) | Token::End(_) | Token::Raw(_) => {}
        }
        if out.len() >= limit {
            break;
        }
    }
    Cow::Owned(decode(&decode(&out)).into_owned())
}

fn is_block(name: &str) -> bool {
    BLOCKS.iter().any(|block| name.eq_ignore_ascii_case(block))
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
