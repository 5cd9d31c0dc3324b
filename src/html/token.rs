//! HTML cut into tags and text, as the HTML standard's tokenizer would (section 13.2.5), without building a tree.
//!
//! Linear in its input. What comes out is never trusted: [`super::sanitize`] hands it to a real parser, which can be made
//! to work for ever by very deep nesting or very many attributes, so this goes first. Pages are read from these tokens
//! too (`scrape/tree`).

/// More attributes than this on one tag are no author's work.
pub(super) const MOST_ATTRIBUTES: usize = 64;

/// Longer attribute values than this hold pictures or attacks, not addresses.
pub(super) const LONGEST_VALUE: usize = 16 * 1024;

/// A start or an end tag.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tag<'a> {
    /// The name as written; compare without case.
    pub(crate) name: &'a str,
    /// All of it, from `<` to `>`.
    pub(crate) raw: &'a str,
    /// Whether it ends in `/>`.
    pub(crate) closes_itself: bool,
}

/// A piece of a document.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Token<'a> {
    /// Characters, character references still in them.
    Text(&'a str),
    /// A start tag.
    Start(Tag<'a>),
    /// An end tag.
    End(Tag<'a>),
    /// The content of an element that holds no markup: `script`, `style` and their like.
    Raw(&'a str),
    /// A tag that the document breaks off in.
    Cut(&'a str),
}

/// Elements whose content is not markup.
///
/// What stands in a frame for those who have no frames is markup here: our readers have none.
const RAW_ELEMENTS: [&str; 5] = ["script", "style", "xmp", "title", "textarea"];

/// Walks a document's tokens; comments, declarations and processing instructions are passed over.
pub(crate) struct Tokens<'a> {
    rest: &'a str,
    raw_until: Option<&'a str>,
    /// Whether no `>` is left; it is then not looked for again.
    is_endless: bool,
}

impl<'a> Tokens<'a> {
    pub(crate) fn new(html: &'a str) -> Self {
        Self {
            rest: html,
            raw_until: None,
            is_endless: false,
        }
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (head, tail) = self.rest.split_at(length);
        self.rest = tail;
        head
    }

    /// The content of a raw element, up to its end tag.
    fn raw(&mut self, name: &str) -> &'a str {
        let bytes = self.rest.as_bytes();
        let is_end = |at: &usize| {
            let after = &bytes[at + 1..];
            let matches = after.first() == Some(&b'/')
                && after.len() > name.len()
                && after[1..=name.len()].eq_ignore_ascii_case(name.as_bytes());
            matches
                && after
                    .get(name.len() + 1)
                    .is_none_or(|&byte| !byte.is_ascii_alphanumeric())
        };
        let end = memchr::memchr_iter(b'<', bytes)
            .find(is_end)
            .unwrap_or(bytes.len());
        self.take(end)
    }

    fn markup(&mut self) -> Option<Token<'a>> {
        let bytes = self.rest.as_bytes();
        match bytes.get(1) {
            Some(b'!') if self.rest.starts_with("<!--") => {
                let end = comment_end(self.rest);
                self.take(end);
                None
            }
            // CDATA sections show their text in XHTML, and are seen in HTML that was XHTML.
            Some(b'!') if self.rest.starts_with("<![CDATA[") => {
                self.take("<![CDATA[".len());
                None
            }
            Some(b'!' | b'?') => {
                // A parser would drop the rest of the text up to any `>`; but nothing was declared here.
                let is_declaration = bytes
                    .get(2)
                    .is_some_and(|byte| byte.is_ascii_alphabetic() || b"[->".contains(byte));
                if !is_declaration || self.is_endless {
                    return Some(Token::Text(self.take(1)));
                }
                let end = memchr::memchr(b'>', bytes);
                self.is_endless = end.is_none();
                match end {
                    Some(end) => {
                        self.take(end + 1);
                        None
                    }
                    None => Some(Token::Text(self.take(1))),
                }
            }
            Some(b'/') if bytes.get(2).is_some_and(u8::is_ascii_alphabetic) => Some(self.tag(2)),
            Some(byte) if byte.is_ascii_alphabetic() => Some(self.tag(1)),
            _ => Some(Token::Text(self.take(1))),
        }
    }

    fn tag(&mut self, name_at: usize) -> Token<'a> {
        let Some(end) = tag_end(self.rest, name_at) else {
            let all = self.rest.len();
            return Token::Cut(self.take(all));
        };
        let raw = self.take(end);
        let tag = Tag {
            name: name_of(&raw[name_at..]),
            raw,
            closes_itself: raw.ends_with("/>") && !ends_in_value(raw),
        };
        if name_at == 2 {
            return Token::End(tag);
        }
        let is_raw = RAW_ELEMENTS
            .iter()
            .any(|name| tag.name.eq_ignore_ascii_case(name));
        self.raw_until = (is_raw && !tag.closes_itself).then_some(tag.name);
        Token::Start(tag)
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if let Some(name) = self.raw_until.take() {
            return Some(Token::Raw(self.raw(name)));
        }
        loop {
            if self.rest.is_empty() {
                return None;
            }
            match memchr::memchr(b'<', self.rest.as_bytes()) {
                Some(0) => {
                    if let Some(token) = self.markup() {
                        return Some(token);
                    }
                }
                Some(at) => return Some(Token::Text(self.take(at))),
                None => {
                    let all = self.rest.len();
                    return Some(Token::Text(self.take(all)));
                }
            }
        }
    }
}

fn name_of(text: &str) -> &str {
    let end = text
        .bytes()
        .position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>'))
        .unwrap_or(text.len());
    &text[..end]
}

/// The place after a comment that begins here; a comment that never ends takes all.
fn comment_end(text: &str) -> usize {
    if text.starts_with("<!-->") {
        return "<!-->".len();
    }
    let body = &text["<!--".len()..];
    let end = memchr::memmem::find(body.as_bytes(), b"-->");
    end.map_or(text.len(), |at| "<!--".len() + at + "-->".len())
}

/// The place after the `>` of a tag, those inside quoted values not counted.
fn tag_end(text: &str, name_at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = name_at + name_of(&text[name_at..]).len();
    loop {
        let (_, value) = attribute(text, at)?;
        match value {
            Piece::End(end) => return Some(end),
            Piece::Attribute { next, .. } => at = next,
        }
        if at >= bytes.len() {
            return None;
        }
    }
}

/// Whether the slash before `>` belongs to an unquoted value, as in `<a href=/a/>`.
fn ends_in_value(raw: &str) -> bool {
    let before = &raw[..raw.len() - "/>".len()];
    let word = before
        .rfind(|character: char| character.is_ascii_whitespace())
        .map_or("", |at| &before[at..]);
    word.contains('=') && !before.ends_with(['"', '\''])
}

/// What comes next inside a tag.
enum Piece<'a> {
    /// An attribute, its value as written without quotes, and the place after it.
    Attribute { value: Option<&'a str>, next: usize },
    /// The place after the tag.
    End(usize),
}

/// Reads what comes at a place inside a tag; `None` where the text ends first.
fn attribute(text: &str, at: usize) -> Option<(&str, Piece<'_>)> {
    let bytes = text.as_bytes();
    let skip = |mut at: usize, blank: fn(u8) -> bool| {
        while bytes.get(at).is_some_and(|&byte| blank(byte)) {
            at += 1;
        }
        at
    };
    let start = skip(at, |byte| byte.is_ascii_whitespace() || byte == b'/');
    if *bytes.get(start)? == b'>' {
        return Some(("", Piece::End(start + 1)));
    }
    let name_end = skip(start + 1, |byte| {
        !byte.is_ascii_whitespace() && !matches!(byte, b'/' | b'>' | b'=')
    });
    let name = text.get(start..name_end)?;
    let equals = skip(name_end, |byte| byte.is_ascii_whitespace());
    if *bytes.get(equals)? != b'=' {
        return Some((
            name,
            Piece::Attribute {
                value: None,
                next: name_end,
            },
        ));
    }
    let from = skip(equals + 1, |byte| byte.is_ascii_whitespace());
    let quote = *bytes.get(from)?;
    if !matches!(quote, b'"' | b'\'') {
        let next = skip(from, |byte| !byte.is_ascii_whitespace() && byte != b'>');
        return Some((
            name,
            Piece::Attribute {
                value: text.get(from..next),
                next,
            },
        ));
    }
    let length = memchr::memchr(quote, &bytes[from + 1..])?;
    let value = text.get(from + 1..from + 1 + length);
    let next = from + length + 2;
    Some((name, Piece::Attribute { value, next }))
}

impl<'a> Tag<'a> {
    /// Its attributes as written, character references still in the values.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let raw = self.raw;
        let mut at = 1 + self.name.len();
        std::iter::from_fn(move || match attribute(raw, at)? {
            (_, Piece::End(_)) => None,
            (name, Piece::Attribute { value, next }) => {
                at = next;
                Some((name, value.unwrap_or("")))
            }
        })
    }

    /// The value of an attribute as written.
    pub(super) fn attribute(&self, wanted: &str) -> Option<&'a str> {
        self.attributes()
            .take(MOST_ATTRIBUTES)
            .find_map(|(name, value)| name.eq_ignore_ascii_case(wanted).then_some(value))
    }

    /// Whether a parser can take it as it is in a bounded time.
    pub(super) fn is_tame(&self) -> bool {
        self.raw.len() <= 256
            || self.attributes().nth(MOST_ATTRIBUTES).is_none()
                && self
                    .attributes()
                    .all(|(_, value)| value.len() <= LONGEST_VALUE)
    }
}

#[cfg(test)]
mod tests {
    use super::{Token, Tokens};

    fn told(markup: &str) -> Vec<String> {
        Tokens::new(markup)
            .map(|token| match token {
                Token::Start(tag) => {
                    let attributes = tag
                        .attributes()
                        .map(|(name, value)| format!(" {name}={value}"));
                    format!("<{}{}>", tag.name, attributes.collect::<String>())
                }
                Token::End(tag) => format!("</{}>", tag.name),
                Token::Text(text) | Token::Raw(text) | Token::Cut(text) => text.to_owned(),
            })
            .collect()
    }

    #[test]
    fn tags_text_comments_and_scripts_are_told_apart() {
        let markup = "<!doctype html><A HREF='x?a=1&amp;b=>' id=y>1 < 2</a><!-- <b> --><script>if (a</b>/) </ScRiPt>";
        assert_eq!(
            told(markup),
            [
                "<A HREF=x?a=1&amp;b=> id=y>",
                "1 ",
                "<",
                " 2",
                "</a>",
                "<script>",
                "if (a</b>/) ",
                "</ScRiPt>"
            ]
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
            assert!(told(markup).len() <= 2, "{markup}");
        }
    }
}
