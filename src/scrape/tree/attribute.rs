//! The attributes of a page's elements, as many and as long as anybody needs.

use crate::html::decode;
use crate::html::token::Tag;

/// More attributes on one element are dropped: nobody needs them, and looking for doubles costs their square.
const MAX_ATTRIBUTES: usize = 48;
/// Longer attribute values (pictures as `data:` addresses) are kept as nothing.
const MAX_VALUE: usize = 8 * 1024;

/// An attribute's name in lower case and its value with references decoded.
pub(crate) type Attribute = (Box<str>, Box<str>);

/// A tag's attributes; the first of a name counts (HTML Standard, section 13.2.5.33).
pub(super) fn attributes(tag: &Tag<'_>) -> Vec<Attribute> {
    let mut attributes: Vec<Attribute> = Vec::new();
    for (name, value) in tag.attributes() {
        if attributes.len() == MAX_ATTRIBUTES {
            break;
        }
        let name: Box<str> = name.to_ascii_lowercase().into();
        if attributes.iter().all(|(known, _)| *known != name) {
            let value = if value.len() > MAX_VALUE { "" } else { value };
            attributes.push((name, decode(value).into()));
        }
    }
    attributes
}
