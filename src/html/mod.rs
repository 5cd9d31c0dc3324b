//! Markup of strangers made safe, and made plain.
//!
//! Holds what reads HTML inside entries: fragments, not pages (`scrape` reads those). The library that decides what is
//! safe is ammonia; what goes before it only makes its work bounded (see `tame`).

mod element;
mod entity;
mod pixel;
mod sanitize;
mod tame;
mod text;
pub(crate) mod token;
mod visible;

pub(crate) use entity::decode;
pub use entity::entity;
pub use sanitize::sanitize;
pub use text::{title, to_text};
pub use visible::{excerpt, visible};

use std::borrow::Cow;

use url::Url;

use crate::model::{Text, TextKind};

/// More text than this is cut, with "…" at the cut.
const LONGEST_BODY: usize = 512 * 1024;

/// Any construct as sanitized HTML, a very long one cut; relative addresses resolve against its own base, else the one given.
pub fn clean(text: &Text, base: Option<&Url>) -> String {
    let base = text.base.as_deref().or(base);
    let value = cut(text.value.trim());
    let value = value.as_ref();
    match text.kind {
        TextKind::Plain => sanitize(&text::escape(value), base),
        TextKind::Unknown if !text::looks_like_markup(value) => {
            sanitize(&text::escape(text::decoded(value).trim()), base)
        }
        _ => sanitize(value, base),
    }
}

/// The text up to the limit, never ending inside a tag.
fn cut(value: &str) -> Cow<'_, str> {
    if value.len() <= LONGEST_BODY {
        return Cow::Borrowed(value);
    }
    let head = &value[..value.floor_char_boundary(LONGEST_BODY)];
    let opened = head.rfind('<').filter(|&at| !head[at..].contains('>'));
    Cow::Owned(format!("{}…", &head[..opened.unwrap_or(head.len())]))
}
