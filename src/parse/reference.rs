//! Character and entity references: XML's five, the document's own harmless ones, HTML's, and numbers.
//!
//! Windows-1252 numbers (128 to 159) mean what HTML takes them to mean. An entity that nobody knows stays as written.
//! Invariant: a document's own entities are never expanded inside each other, and only so often.

use std::borrow::Cow;
use std::collections::HashMap;

use quick_xml::escape::resolve_xml_entity;

use crate::encoding::from_windows_1252;
use crate::html;

/// How many of its own entities a document may declare.
const MOST_ENTITIES: usize = 256;

/// The longest text an entity may stand for.
const LONGEST_ENTITY: usize = 256;

/// How much text all entities of a document may give together.
const MOST_EXPANSION: usize = 256 * 1024;

/// The entities that a document knows, and what was met while resolving them.
#[derive(Debug, Default)]
pub(super) struct Entities {
    own: HashMap<String, String>,
    expanded: usize,
    /// Whether a reference was met that the document had not declared.
    pub met_undeclared: bool,
}

impl Entities {
    /// Reads the plain declarations (`<!ENTITY name "text">`) of a document type.
    pub fn declare(&mut self, doctype: &str) {
        for declaration in doctype.split("<!ENTITY").skip(1).take(MOST_ENTITIES) {
            let Some((name, rest)) = declaration.trim_start().split_once(char::is_whitespace)
            else {
                continue;
            };
            let rest = rest.trim_start();
            let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
                continue;
            };
            let Some(value) = rest[1..].split(quote).next() else {
                continue;
            };
            let text = harmless(value).filter(|_| self.own.len() < MOST_ENTITIES);
            if let Some(text) = text.filter(|_| name.len() <= LONGEST_ENTITY) {
                self.own.entry(name.to_owned()).or_insert(text);
            }
        }
    }

    /// What `&name;` stands for, without its `&` and `;`.
    pub fn resolve(&mut self, name: &str) -> Option<Cow<'static, str>> {
        if let Some(number) = name.strip_prefix('#') {
            return character(number).map(|c| Cow::Owned(c.to_string()));
        }
        if let Some(text) = resolve_xml_entity(name) {
            return Some(Cow::Borrowed(text));
        }
        if let Some(text) = self.own.get(name) {
            self.expanded += text.len();
            return (self.expanded <= MOST_EXPANSION).then(|| Cow::Owned(text.clone()));
        }
        let text = html::entity(name)?;
        self.met_undeclared = true;
        Some(Cow::Owned(text))
    }

    /// The text of an attribute's value.
    pub fn decode<'a>(&mut self, raw: &'a str) -> Cow<'a, str> {
        if !raw.contains('&') {
            return Cow::Borrowed(raw);
        }
        let mut text = String::with_capacity(raw.len());
        let mut rest = raw;
        while let Some(at) = rest.find('&') {
            text.push_str(&rest[..at]);
            rest = &rest[at..];
            match reference(rest).and_then(|name| Some((name, self.resolve(name)?))) {
                Some((name, value)) => {
                    text.push_str(&value);
                    rest = &rest[name.len() + 2..];
                }
                None => {
                    text.push('&');
                    rest = &rest[1..];
                }
            }
        }
        text.push_str(rest);
        Cow::Owned(text)
    }
}

/// The name of the reference that a text begins with.
fn reference(text: &str) -> Option<&str> {
    let reach = text.len().min(40);
    let end = text.as_bytes()[..reach].iter().position(|b| *b == b';')?;
    let name = &text[1..end];
    let is_name = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'#');
    (is_name && !name.is_empty()).then_some(name)
}

/// The text of a declared entity, where it is short and holds no markup or further entity.
fn harmless(value: &str) -> Option<String> {
    if value.len() > LONGEST_ENTITY || value.contains('<') {
        return None;
    }
    match value.strip_prefix("&#") {
        Some(number) => character(number.strip_suffix(';')?).map(String::from),
        None => (!value.contains('&')).then(|| value.to_owned()),
    }
}

/// The character of a number, decimal or, after an `x`, hexadecimal.
pub(super) fn character(number: &str) -> Option<char> {
    let code = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => number.parse().ok()?,
    };
    match code {
        0x80..=0x9f => Some(from_windows_1252(code as u8)),
        0 => Some(char::REPLACEMENT_CHARACTER),
        code => Some(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)),
    }
}

#[cfg(test)]
mod tests {
    use super::Entities;

    #[test]
    fn references_of_all_kinds_are_read_and_what_is_none_stays() {
        let mut entities = Entities::default();
        entities.declare("feed [<!ENTITY org \"Samverkan\"><!ENTITY bad \"&org;&org;\">]");
        let text = entities.decode("&org; &aring;&#229;&#xE5;&#150; a&b &nosuch; &bad; &");
        assert_eq!(text, "Samverkan ååå– a&b &nosuch; &bad; &");
        assert!(entities.met_undeclared);
    }
}
