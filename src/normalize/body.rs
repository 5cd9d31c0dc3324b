//! Summary and body: clean markup within a stated limit.

use std::borrow::Cow;

use url::Url;

use super::furniture;
use crate::html;
use crate::model::Text;

/// More text than this is cut, with "…" at the cut.
const LONGEST_BODY: usize = 512 * 1024;

/// A construct as clean markup; nothing where it shows nothing.
pub(super) fn body(text: &Text, base: &Url) -> Option<String> {
    let value = cut(&text.value);
    let clean = match value {
        Cow::Borrowed(_) => html::clean(text, Some(base)),
        Cow::Owned(value) => html::clean(
            &Text {
                value,
                ..text.clone()
            },
            Some(base),
        ),
    };
    let clean = furniture::without(clean.trim());
    let shows = clean.contains("<img") || !html::to_text(&clean).is_empty();
    shows.then_some(clean)
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
