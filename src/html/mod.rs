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

use url::Url;

use crate::model::{Text, TextKind};

/// Any construct as sanitized HTML; relative addresses resolve against its own base, else the one given.
pub fn clean(text: &Text, base: Option<&Url>) -> String {
    let base = text.base.as_ref().or(base);
    match text.kind {
        TextKind::Plain => sanitize(&text::escape(text.value.trim()), base),
        TextKind::Unknown if !text::looks_like_markup(&text.value) => {
            sanitize(&text::escape(text::decoded(&text.value).trim()), base)
        }
        _ => sanitize(text.value.trim(), base),
    }
}
