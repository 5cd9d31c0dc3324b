//! Markup made plain.

use crate::model::{Text, TextKind};

/// The plain text of markup, white space folded.
pub fn to_text(html: &str) -> String {
    let clean = ammonia::Builder::empty().clean(html).to_string();
    let plain = clean
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&nbsp;", " ")
        .replace("&amp;", "&");
    visible(&plain)
}

/// The title as one line of plain text.
pub fn title(text: &Text) -> String {
    match text.kind {
        TextKind::Plain => visible(&text.value),
        _ => to_text(&text.value),
    }
}

/// Plain text cut at a word.
pub fn excerpt(text: &str, max_chars: usize) -> String {
    if text.chars().count() <= max_chars {
        return text.to_owned();
    }
    let cut: String = text.chars().take(max_chars).collect();
    let cut = cut.rsplit_once(' ').map_or(cut.as_str(), |(head, _)| head);
    format!("{cut}…")
}

/// Text without characters that XML forbids or nobody sees, white space folded.
pub fn visible(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
