//! Markup to tokens, the way the HTML Standard (section 13.2.5) reads it, without its error reports.
//!
//! Every byte is looked at a fixed number of times: a quote, comment or script that never ends takes the rest.

use super::entity::decode;

/// More attributes on one element are dropped: nobody needs them, and looking for doubles costs their square.
const MAX_ATTRIBUTES: usize = 48;
/// Longer attribute values (pictures as `data:` addresses) are kept as nothing.
const MAX_VALUE: usize = 8 * 1024;

/// An attribute's name in lower case and its value with references decoded.
pub(crate) type Attribute = (Box<str>, Box<str>);

/// One token.
#[derive(Debug, PartialEq)]
pub(super) enum Token<'a> {
    Start {
        name: String,
        attributes: Vec<Attribute>,
        closes_itself: bool,
    },
    End(String),
    Text(&'a str),
    /// Text of `script`, `style` and the like: nothing in it is markup.
    Raw(&'a str),
}

/// Reads tokens off the front of a text.
pub(super) struct Tokens<'a> {
    rest: &'a str,
    raw_until: Option<&'static str>,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            rest: text,
            raw_until: None,
        }
    }

    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.rest = rest;
        taken
    }

    fn raw(&mut self, name: &str) -> &'a str {
        let bytes = self.rest.as_bytes();
        let end = memchr::memmem::find_iter(bytes, b"</")
            .find(|at| {
                let after = at + 2 + name.len();
                bytes
                    .get(at + 2..after)
                    .is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
                    && !bytes.get(after).is_some_and(u8::is_ascii_alphanumeric)
            })
            .unwrap_or(bytes.len());
        self.take(end)
    }

    fn text(&mut self) -> &'a str {
        let bytes = self.rest.as_bytes();
        let end = memchr::memchr_iter(b'<', bytes)
            .find(|at| {
                bytes.get(at + 1).is_some_and(|next| {
                    next.is_ascii_alphabetic() || matches!(next, b'/' | b'!' | b'?')
                })
            })
            .unwrap_or(bytes.len());
        self.take(end)
    }

    fn skip_comment(&mut self) {
        let end = if let Some(body) = self.rest.strip_prefix("<!--") {
            if body.starts_with('>') {
                5
            } else {
                memchr::memmem::find(body.as_bytes(), b"-->").map_or(self.rest.len(), |at| at + 7)
            }
        } else {
            memchr::memchr(b'>', self.rest.as_bytes()).map_or(self.rest.len(), |at| at + 1)
        };
        self.take(end);
    }

    fn name(&mut self) -> String {
        let end = self
            .rest
            .bytes()
            .position(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>'))
            .unwrap_or(self.rest.len());
        self.take(end).to_ascii_lowercase()
    }

    fn start(&mut self) -> Option<Token<'a>> {
        self.take(1);
        let name = self.name();
        let mut attributes: Vec<Attribute> = Vec::new();
        let mut closes_itself = false;
        loop {
            self.rest = self.rest.trim_ascii_start();
            match self.rest.bytes().next()? {
                b'>' => break,
                b'/' => {
                    self.take(1);
                    closes_itself = self.rest.starts_with('>');
                }
                _ => {
                    let attribute = self.attribute();
                    let is_new = attributes.iter().all(|(known, _)| *known != attribute.0);
                    if attributes.len() < MAX_ATTRIBUTES && is_new {
                        attributes.push(attribute);
                    }
                }
            }
        }
        self.take(1);
        self.raw_until = RAW.iter().copied().find(|raw| *raw == name);
        Some(Token::Start {
            name,
            attributes,
            closes_itself,
        })
    }

    fn attribute(&mut self) -> Attribute {
        let end = self
            .rest
            .bytes()
            .enumerate()
            .position(|(at, b)| {
                b.is_ascii_whitespace() || matches!(b, b'/' | b'>') || (b == b'=' && at > 0)
            })
            .unwrap_or(self.rest.len());
        let name = self.take(end).to_ascii_lowercase();
        let after = self.rest.trim_ascii_start();
        let Some(value) = after.strip_prefix('=') else {
            return (name.into(), "".into());
        };
        self.rest = value.trim_ascii_start();
        let value = self.value();
        let value = if value.len() > MAX_VALUE { "" } else { value };
        (name.into(), decode(value).into())
    }

    fn value(&mut self) -> &'a str {
        let quote = match self.rest.bytes().next() {
            Some(quote @ (b'"' | b'\'')) => quote,
            _ => {
                let end = self
                    .rest
                    .bytes()
                    .position(|b| b.is_ascii_whitespace() || b == b'>')
                    .unwrap_or(self.rest.len());
                return self.take(end);
            }
        };
        self.take(1);
        let end = memchr::memchr(quote, self.rest.as_bytes()).unwrap_or(self.rest.len());
        let value = self.take(end);
        if !self.rest.is_empty() {
            self.take(1);
        }
        value
    }

    fn end(&mut self) -> Option<Token<'a>> {
        self.take(2);
        let name = self.name();
        let end = memchr::memchr(b'>', self.rest.as_bytes())?;
        self.take(end + 1);
        Some(Token::End(name))
    }
}

const RAW: [&str; 7] = [
    "script", "style", "textarea", "title", "iframe", "noembed", "xmp",
];

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            if let Some(name) = self.raw_until.take() {
                let raw = self.raw(name);
                if !raw.is_empty() {
                    return Some(Token::Raw(raw));
                }
            }
            let mut front = self.rest.bytes();
            match (front.next()?, front.next()) {
                (b'<', Some(b'!' | b'?')) => self.skip_comment(),
                (b'<', Some(b'/')) => match front.next() {
                    Some(next) if next.is_ascii_alphabetic() => return self.end(),
                    _ => self.skip_comment(),
                },
                (b'<', Some(next)) if next.is_ascii_alphabetic() => return self.start(),
                (b'<', _) => {
                    // A less-than sign that opens nothing is text, together with what follows it.
                    let text = self.rest;
                    self.take(1);
                    let after = self.text();
                    return Some(Token::Text(&text[..1 + after.len()]));
                }
                _ => return Some(Token::Text(self.text())),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Token, Tokens};

    fn names(markup: &str) -> Vec<String> {
        Tokens::new(markup)
            .map(|token| match token {
                Token::Start {
                    name, attributes, ..
                } => {
                    let attributes: Vec<_> = attributes
                        .iter()
                        .map(|(n, v)| format!(" {n}={v}"))
                        .collect();
                    format!("<{name}{}>", attributes.concat())
                }
                Token::End(name) => format!("</{name}>"),
                Token::Text(text) | Token::Raw(text) => text.to_owned(),
            })
            .collect()
    }

    #[test]
    fn tags_text_comments_and_scripts_are_told_apart() {
        let markup = "<!doctype html><A HREF='x?a=1&amp;b=2' id=y>1 < 2</a><!-- <b> --><script>if (a</b>/) </ScRiPt>";
        assert_eq!(
            names(markup),
            [
                "<a href=x?a=1&b=2 id=y>",
                "1 < 2",
                "</a>",
                "<script>",
                "if (a</b>/) ",
                "</script>"
            ]
            .map(str::to_owned)
        );
    }

    #[test]
    fn what_never_ends_takes_the_rest() {
        for markup in [
            "<a href=\"x",
            "<!-- x",
            "<script>x",
            "</a",
            "<",
            "<a b",
            "a<",
        ] {
            assert!(names(markup).len() <= 2, "{markup}");
        }
    }
}
