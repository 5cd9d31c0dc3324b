//! Markup made plain.

use super::element;
use super::entity;
use super::token::{Token, Tokens};
use super::visible::visible;
use crate::model::{Text, TextKind};

/// Which tags are taken for markup.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tags {
    /// All: it is HTML.
    All,
    /// Those that HTML knows: it may be plain text that says `List<String>`.
    Known,
}

/// The plain text of markup: character references decoded, white space folded, scripts and their like left out.
pub fn to_text(html: &str) -> String {
    visible(&plain(html, Tags::All))
}

/// The title of any construct as one line of plain text.
///
/// What does not say how it is to be read (RSS) is read as HTML, as readers do: `AT&amp;T` is AT&T, `&lt;b&gt;` is
/// shown as it stands, and `a < b` stays.
pub fn title(text: &Text) -> String {
    let tags = match text.kind {
        TextKind::Plain => return visible(&text.value),
        TextKind::Html | TextKind::Xhtml => Tags::All,
        TextKind::Unknown => Tags::Known,
    };
    let once = plain(&text.value, tags);
    visible(&entity::decode_left_over(&once))
}

/// Plain text as HTML.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            _ => escaped.push(character),
        }
    }
    escaped
}

/// Whether a text holds any tag or comment of HTML.
pub(super) fn looks_like_markup(text: &str) -> bool {
    text.contains("<!--")
        || Tokens::new(text).any(|token| match token {
            Token::Start(tag) | Token::End(tag) => {
                element::is_known(&tag.name.to_ascii_lowercase())
            }
            _ => false,
        })
}

/// Text that has character references but no markup, decoded.
pub(super) fn decoded(text: &str) -> String {
    entity::decode(text).into_owned()
}

fn plain(html: &str, tags: Tags) -> String {
    let mut out = String::with_capacity(html.len());
    let mut raw_shows = false;
    for token in Tokens::new(html) {
        match token {
            Token::Text(text) => out.push_str(&entity::decode(text)),
            Token::Raw(text) if raw_shows => out.push_str(&entity::decode(text)),
            Token::Raw(_) => {}
            Token::Start(tag) | Token::End(tag) => {
                let name = tag.name.to_ascii_lowercase();
                raw_shows = matches!(name.as_str(), "title" | "textarea" | "xmp");
                if tags == Tags::Known && !element::is_known(&name) {
                    out.push_str(&entity::decode(tag.raw));
                } else if !element::is_inline(&name) {
                    out.push(' ');
                }
            }
            Token::Cut(text) if is_text(text, tags) => out.push_str(&entity::decode(text)),
            Token::Cut(_) => {}
        }
    }
    out
}

/// Whether a tag that never ends was not meant as one.
fn is_text(cut: &str, tags: Tags) -> bool {
    let name = cut.trim_start_matches(['<', '/']);
    let end = name
        .find(|character: char| !character.is_ascii_alphanumeric())
        .unwrap_or(name.len());
    let is_known = element::is_known(&name[..end].to_ascii_lowercase());
    !is_known || tags == Tags::Known && !cut.contains('=')
}
