//! One table of a TOML file, read key by key: each getter says what it wanted, and what was never asked for is unknown.
//!
//! # Why
//! Deserializing by serde ends at the first error. A person who mends a file wants all of them, so the tables are
//! walked by hand, with the spans that the parser kept. The keys that were asked for *are* the list of known keys.

use std::ops::{Range, RangeInclusive};
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::{Complaint, Log, suggestion};

/// A table under way.
pub(super) struct Section<'a, 'i> {
    name: String,
    span: Range<usize>,
    table: &'a DeTable<'i>,
    log: &'a mut Log,
    asked: Vec<&'static str>,
}

impl<'a, 'i> Section<'a, 'i> {
    pub fn new(name: &str, table: &'a DeTable<'i>, span: Range<usize>, log: &'a mut Log) -> Self {
        Self {
            name: name.to_owned(),
            span,
            table,
            log,
            asked: Vec::new(),
        }
    }

    /// The log, for problems that are no getter's.
    pub fn log(&mut self) -> &mut Log {
        self.log
    }

    /// Where a key's value stands, or else the table itself.
    pub fn span_of(&self, key: &str) -> Range<usize> {
        match self.table.get(key) {
            Some(value) => value.span(),
            None => self.span.clone(),
        }
    }

    /// Whether a key is there at all, right or wrong.
    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Complains about a key's value, or about the table where the key is absent.
    pub fn complain(&mut self, key: &str, complaint: Complaint) {
        let span = self.span_of(key);
        self.log.problem(&span, complaint);
    }

    /// Warns about a key's value, or about the table where the key is absent.
    pub fn warn(&mut self, key: &str, complaint: Complaint) {
        let span = self.span_of(key);
        self.log.warning(&span, complaint);
    }

    /// A key's value, whatever it is.
    pub fn value(&mut self, key: &'static str) -> Option<&'a Spanned<DeValue<'i>>> {
        self.asked.push(key);
        self.table.get(key)
    }

    /// A string that is not empty.
    pub fn text(&mut self, key: &'static str) -> Option<&'a str> {
        let value = self.value(key)?;
        self.text_of(key, value)
    }

    /// A string that `read` understands.
    pub fn read<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&str) -> Result<T, Complaint>,
    ) -> Option<T> {
        let text = self.text(key)?;
        match read(text) {
            Ok(value) => Some(value),
            Err(complaint) => {
                self.complain(key, complaint);
                None
            }
        }
    }

    /// A string, or a list of strings, each of which `read` understands; the bad ones are told and left out.
    pub fn read_list<T>(
        &mut self,
        key: &'static str,
        read: impl Fn(&str) -> Result<T, Complaint>,
    ) -> Option<Vec<T>> {
        let value = self.value(key)?;
        let mut out = Vec::new();
        for member in members(value) {
            let Some(text) = self.text_of(key, member) else {
                continue;
            };
            match read(text) {
                Ok(value) => out.push(value),
                Err(complaint) => self.log.problem(&member.span(), complaint),
            }
        }
        Some(out)
    }

    /// A duration; a bare number is told to want its unit.
    pub fn duration(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&str) -> Result<Duration, Complaint>,
    ) -> Option<Duration> {
        let Some(DeValue::Integer(digits)) = self.table.get(key).map(Spanned::get_ref) else {
            return self.read(key, read);
        };
        self.asked.push(key);
        let number = digits.as_str();
        let message = format!("`{key}` must be a string, found an integer");
        let hint = format!("write the unit as well: `{number} s`, `{number} min`");
        self.complain(key, Complaint::new(message).hint(hint));
        None
    }

    /// A size in octets, with a unit or as a bare number.
    pub fn size(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&str) -> Result<u64, Complaint>,
    ) -> Option<u64> {
        match self.table.get(key).map(Spanned::get_ref) {
            Some(DeValue::Integer(_)) => self.whole(key, 1..=u64::MAX >> 1),
            _ => self.read(key, read).filter(|size| {
                let fits = *size > 0;
                if !fits {
                    self.complain(key, Complaint::new(format!("`{key}` must not be 0")));
                }
                fits
            }),
        }
    }

    /// A whole number within bounds.
    pub fn whole<T>(&mut self, key: &'static str, bounds: RangeInclusive<T>) -> Option<T>
    where
        T: TryFrom<i64> + PartialOrd + std::fmt::Display + Copy,
    {
        let value = self.value(key)?;
        let DeValue::Integer(digits) = value.get_ref() else {
            self.wrong_type(key, value, "a whole number");
            return None;
        };
        let number = i64::from_str_radix(digits.as_str(), digits.radix()).ok();
        let fitting = number
            .and_then(|number| T::try_from(number).ok())
            .filter(|number| bounds.contains(number));
        if fitting.is_none() {
            let (least, most) = bounds.into_inner();
            let message = format!("`{key}` must be between {least} and {most}");
            self.complain(key, Complaint::new(message));
        }
        fitting
    }

    /// `true` or `false`.
    pub fn flag(&mut self, key: &'static str) -> Option<bool> {
        let value = self.value(key)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.wrong_type(key, value, "`true` or `false`");
        }
        flag
    }

    /// One of a few words.
    pub fn choice<T: Copy>(&mut self, key: &'static str, words: &[(&str, T)]) -> Option<T> {
        self.read(key, |text| {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            words
                .iter()
                .find(|(word, _)| *word == text)
                .map(|(_, value)| *value)
                .ok_or_else(|| {
                    Complaint::new(format!("`{key}` cannot be `{text}`")).hint(suggestion(
                        text,
                        &known,
                        "the choices are",
                    ))
                })
        })
    }

    /// A table inside this one.
    pub fn child(&mut self, key: &'static str, name: &str) -> Option<Section<'_, 'i>> {
        let value = self.value(key)?;
        let DeValue::Table(table) = value.get_ref() else {
            self.wrong_type(key, value, "a table");
            return None;
        };
        Some(Section::new(name, table, value.span(), self.log))
    }

    /// Tells what was there but never asked for.
    pub fn finish(self) {
        let mut known = self.asked;
        known.sort_unstable();
        known.dedup();
        for key in self.table.keys() {
            let word = key.get_ref().as_ref();
            if !known.contains(&word) {
                let what = format!("the keys of {} are", self.name);
                let complaint = Complaint::new(format!("unknown key `{word}`"))
                    .hint(suggestion(word, &known, &what));
                self.log.problem(&key.span(), complaint);
            }
        }
    }

    /// Says that something else was wanted.
    pub fn wrong_type(&mut self, key: &str, value: &Spanned<DeValue<'i>>, wanted: &str) {
        let found = article(value.get_ref().type_str());
        let complaint = Complaint::new(format!("`{key}` must be {wanted}, found {found}"));
        self.log.problem(&value.span(), complaint);
    }

    fn text_of(&mut self, key: &str, value: &'a Spanned<DeValue<'i>>) -> Option<&'a str> {
        let Some(text) = value.get_ref().as_str() else {
            self.wrong_type(key, value, "a string");
            return None;
        };
        if text.trim().is_empty() {
            let complaint = Complaint::new(format!("`{key}` is empty"))
                .hint("leave the key out where there is nothing to say");
            self.log.problem(&value.span(), complaint);
            return None;
        }
        Some(text.trim())
    }
}

/// The members of a list, or the value itself as a list of one.
pub(super) fn members<'a, 'i>(
    value: &'a Spanned<DeValue<'i>>,
) -> Box<dyn Iterator<Item = &'a Spanned<DeValue<'i>>> + 'a> {
    match value.get_ref() {
        DeValue::Array(list) => Box::new(list.iter()),
        _ => Box::new(std::iter::once(value)),
    }
}

/// Reads one of the tables that a file may have at its top, and tells the others.
pub(super) fn unknown_tables(root: &DeTable<'_>, known: &[&str], log: &mut Log) {
    for (key, _) in root.iter() {
        let word = key.get_ref().as_ref();
        if !known.contains(&word) {
            let complaint = Complaint::new(format!("unknown key `{word}`")).hint(suggestion(
                word,
                known,
                "this file has",
            ));
            log.problem(&key.span(), complaint);
        }
    }
}

fn article(noun: &str) -> String {
    match noun.chars().next() {
        Some('a' | 'e' | 'i' | 'o' | 'u') => format!("an {noun}"),
        _ => format!("a {noun}"),
    }
}
