//! RFC 4287's constructs as read: text, person, category, link, enclosure.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use url::Url;

use super::Language;

/// How the characters of a [`Text`] are to be read (RFC 4287 section 3.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TextKind {
    /// Characters are what they are; `<` is a less-than sign.
    #[default]
    Plain,
    /// HTML markup, already unescaped from the document that carried it.
    Html,
    /// XHTML markup, serialized; read as HTML from here on.
    Xhtml,
    /// RSS and its kin do not say: HTML if it looks like markup, otherwise plain.
    Unknown,
}

/// A text construct with all that is needed to read it later.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text {
    /// How `value` is to be read.
    pub kind: TextKind,
    /// The characters, unescaped once from the carrying document.
    pub value: String,
    /// The base that relative addresses in it resolve against (`xml:base`), if any was in scope.
    ///
    /// Shared: the texts of a document mostly have one base in common.
    pub base: Option<Arc<Url>>,
    /// `xml:lang` in scope.
    pub language: Option<Language>,
}

impl Text {
    /// A text of the given kind with neither base nor language.
    pub fn new(kind: TextKind, value: impl Into<String>) -> Self {
        Self {
            kind,
            value: value.into(),
            base: None,
            language: None,
        }
    }

    /// A plain text.
    pub fn plain(value: impl Into<String>) -> Self {
        Self::new(TextKind::Plain, value)
    }

    /// An HTML text.
    pub fn html(value: impl Into<String>) -> Self {
        Self::new(TextKind::Html, value)
    }
}

/// A person construct (RFC 4287 section 3.2).
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
pub struct Person {
    /// A human-readable name.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub name: Option<String>,
    /// An e-mail address.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub email: Option<String>,
    /// A page about the person.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub url: Option<String>,
}

/// A category (RFC 4287 section 4.2.2).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Category {
    /// Identifies the category; never empty.
    pub term: String,
    /// The categorization scheme, an IRI.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub scheme: Option<String>,
    /// A label for people.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub label: Option<String>,
}

/// A related resource that may be large (RFC 4287 section 4.2.7.2, `rel="enclosure"`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Enclosure {
    /// Where it is, absolute.
    pub url: String,
    /// Its media type.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none", default)]
    pub media_type: Option<String>,
    /// Its size in octets.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub length: Option<u64>,
}

/// A link of a feed or an entry (RFC 4287 section 4.2.7).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Link {
    /// Where it leads, absolute.
    pub href: String,
    /// The relation: `alternate` when the document does not say.
    pub rel: String,
    /// The media type expected there.
    pub media_type: Option<String>,
    /// The language expected there.
    pub hreflang: Option<String>,
    /// A title for people.
    pub title: Option<String>,
}
