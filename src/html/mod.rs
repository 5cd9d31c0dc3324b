//! Markup of strangers made safe, and made plain.

mod sanitize;
mod text;

pub use sanitize::sanitize;
pub use text::{excerpt, title, to_text, visible};

use url::Url;

use crate::model::{Text, TextKind};

/// Any construct as sanitized HTML.
pub fn clean(text: &Text, base: Option<&Url>) -> String {
    let base = text.base.as_ref().or(base);
    match text.kind {
        TextKind::Plain => sanitize(&text.value.replace('&', "&amp;").replace('<', "&lt;"), base),
        _ => sanitize(&text.value, base),
    }
}
