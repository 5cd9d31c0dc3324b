//! Summary and body: clean markup that shows something.

use url::Url;

use super::furniture;
use crate::html;
use crate::model::Text;

/// A construct as clean markup; nothing where it shows nothing.
pub(super) fn body(text: &Text, base: &Url) -> Option<String> {
    let clean = html::clean(text, Some(base));
    let clean = furniture::without(clean.trim());
    let shows = clean.contains("<img") || !html::to_text(&clean).is_empty();
    shows.then_some(clean)
}
