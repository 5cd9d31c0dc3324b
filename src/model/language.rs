//! A language tag (BCP 47), kept as written but for case.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A well-formed BCP 47 language tag in the usual case: `sv`, `nb`, `nn-NO`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Language(Arc<str>);

impl Language {
    /// Reads a tag; `None` where it is not of the form that `xml:lang` allows (RFC 4287's `atomLanguageTag`).
    pub fn new(tag: &str) -> Option<Self> {
        let tag = tag.trim().replace('_', "-");
        let mut parts = tag.split('-');
        let primary = parts.next()?;
        let primary_is_fit =
            (1..=8).contains(&primary.len()) && primary.bytes().all(|b| b.is_ascii_alphabetic());
        if !primary_is_fit || tag.len() > 35 {
            return None;
        }
        let mut out = primary.to_ascii_lowercase();
        for part in parts {
            if !(1..=8).contains(&part.len()) || !part.bytes().all(|b| b.is_ascii_alphanumeric()) {
                return None;
            }
            out.push('-');
            match part.len() {
                2 => out.push_str(&part.to_ascii_uppercase()),
                _ => out.push_str(&part.to_ascii_lowercase()),
            }
        }
        Some(Self(out.into()))
    }

    /// The whole tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The primary language alone: `sv` of `sv-SE`.
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or(&self.0)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Language {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Language {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let tag = String::deserialize(deserializer)?;
        Self::new(&tag).ok_or_else(|| {
            serde::de::Error::custom(format!(
                "`{tag}` is not a language tag such as `sv` or `nb-NO`"
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn tags_are_put_in_the_usual_case_and_nonsense_is_refused() {
        let read = |tag| Language::new(tag).map(|l| l.to_string());
        assert_eq!(read("SV_se").as_deref(), Some("sv-SE"));
        assert_eq!(read(" nb ").as_deref(), Some("nb"));
        for nonsense in ["", "sv SE", "123", "sv-", "å", "abcdefghi"] {
            assert_eq!(read(nonsense), None, "{nonsense}");
        }
    }
}
