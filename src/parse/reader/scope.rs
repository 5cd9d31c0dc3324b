//! What holds for an element and all that is in it: `xml:base`, `xml:lang` and namespace prefixes.
//!
//! Invariant: nothing here grows with depth squared. Bases nest at most [`DEEPEST_BASE`] times, prefixes are at most
//! [`MOST_PREFIXES`]; what goes beyond is not looked at.

use std::sync::Arc;

use url::Url;

use super::name::{LONGEST_PREFIX, Vocabulary};
use crate::model::Language;
use crate::parse::attribute::Attributes;
use crate::parse::reference::Entities;

const DEEPEST_BASE: usize = 16;
const LONGEST_BASE: usize = 2048;
const MOST_PREFIXES: usize = 64;

/// How much of each stack was there before an element.
#[derive(Debug)]
struct Mark {
    depth: usize,
    bases: usize,
    languages: usize,
    prefixes: usize,
}

/// The stacks of what is in scope.
#[derive(Debug)]
pub(super) struct Scope {
    bases: Vec<Arc<Url>>,
    languages: Vec<Option<Language>>,
    prefixes: Vec<(String, Vocabulary)>,
    marks: Vec<Mark>,
}

impl Scope {
    /// The scope outside of the root element.
    pub fn new(base: Url) -> Self {
        Self {
            bases: vec![Arc::new(base)],
            languages: Vec::new(),
            prefixes: Vec::new(),
            marks: Vec::new(),
        }
    }

    /// Takes in what an element at `depth` declares.
    pub fn enter(&mut self, depth: usize, attributes: &Attributes<'_>, entities: &mut Entities) {
        let mark = Mark {
            depth,
            bases: self.bases.len(),
            languages: self.languages.len(),
            prefixes: self.prefixes.len(),
        };
        let mut has_changed = false;
        for (key, value) in attributes.iter() {
            let Some(rest) = key
                .strip_prefix("xml")
                .filter(|_| value.len() <= LONGEST_BASE)
            else {
                continue;
            };
            has_changed |= match rest {
                ":base" => self.push_base(&entities.decode(value)),
                ":lang" => self.push_language(&entities.decode(value)),
                "ns" => self.push_prefix("", value),
                _ => rest
                    .strip_prefix("ns:")
                    .is_some_and(|prefix| self.push_prefix(prefix, value)),
            };
        }
        if has_changed {
            self.marks.push(mark);
        }
    }

    /// Forgets what the element at `depth` declared.
    pub fn leave(&mut self, depth: usize) {
        if let Some(mark) = self.marks.pop_if(|mark| mark.depth == depth) {
            self.bases.truncate(mark.bases);
            self.languages.truncate(mark.languages);
            self.prefixes.truncate(mark.prefixes);
        }
    }

    /// The base that relative addresses resolve against.
    pub fn base(&self) -> &Url {
        // The first base is never popped: marks hold lengths from after it was put there.
        &self.bases[self.bases.len() - 1]
    }

    /// The same, for a text to keep.
    pub fn shared_base(&self) -> Arc<Url> {
        Arc::clone(&self.bases[self.bases.len() - 1])
    }

    /// How many bases are in force, to tell whether one came since.
    pub fn base_depth(&self) -> usize {
        self.bases.len()
    }

    /// The language in force.
    pub fn language(&self) -> Option<&Language> {
        self.languages.last()?.as_ref()
    }

    /// The vocabulary of a prefix (empty for the default namespace).
    pub fn vocabulary(&self, prefix: &str) -> Vocabulary {
        let declared = self.prefixes.iter().rev().find(|(own, _)| own == prefix);
        match declared {
            Some((_, vocabulary)) => *vocabulary,
            None => Vocabulary::of_prefix(prefix),
        }
    }

    fn push_base(&mut self, value: &str) -> bool {
        let value = value.trim();
        if self.bases.len() > DEEPEST_BASE || value.len() > LONGEST_BASE {
            return false;
        }
        let Ok(base) = self.base().join(value) else {
            return false;
        };
        let is_fit = matches!(base.scheme(), "http" | "https" | "ftp" | "file");
        if is_fit && !base.cannot_be_a_base() {
            self.bases.push(Arc::new(base));
            return true;
        }
        false
    }

    fn push_language(&mut self, value: &str) -> bool {
        self.languages.push(Language::new(value));
        true
    }

    fn push_prefix(&mut self, prefix: &str, namespace: &str) -> bool {
        if self.prefixes.len() >= MOST_PREFIXES || prefix.len() > LONGEST_PREFIX {
            return false;
        }
        let vocabulary =
            Vocabulary::of_namespace(namespace).unwrap_or_else(|| Vocabulary::of_prefix(prefix));
        self.prefixes.push((prefix.to_owned(), vocabulary));
        true
    }
}
