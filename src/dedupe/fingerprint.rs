//! An entry as it is compared with entries of other sources: title, texts, address and time, read once.

use chrono::{DateTime, Utc};
use url::Url;

use super::words::{MAX_WORDS, Sentence, Word, Words, read};
use crate::link;
use crate::model::{DateOrigin, Entry, EntryId, Precision};

/// Most words of a title.
const MAX_TITLE: usize = 60;

/// Fewest letters of a site's name.
const LEAST_SITE: usize = 3;

/// Most sentences of one text that are counted and looked up; a text is known by its beginning.
pub const MAX_SENTENCES: usize = 40;

/// An entry as it is compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Fingerprint {
    /// Its number in the store; 0 for one that is not stored yet.
    pub id: EntryId,
    /// The number of its source.
    pub source: i64,
    /// Its title, without the site's name behind it.
    pub title: Words,
    /// The characters of its title.
    pub title_length: usize,
    /// Its summary and its body, each where there is one, furniture gone.
    pub texts: Vec<Words>,
    /// What those were that had furniture in them, such as the one sentence of a weekly letter.
    pub furniture: Vec<Words>,
    /// Its address key; `None` where the address is nobody's own.
    pub address: Option<String>,
    /// The last part of its address without the numbers around it.
    pub slug: String,
    /// The earlier of published and first seen.
    pub at: DateTime<Utc>,
    /// Hours by which `at` may be off: a date without a time is somewhere in its day.
    pub slack_hours: i64,
}

impl Fingerprint {
    /// Reads an entry; furniture is still in its texts.
    pub fn of(entry: &Entry, source: i64, first_seen: DateTime<Utc>) -> Self {
        let title = without_site(&entry.title, &entry.link);
        let is_day = tells_time(entry) && entry.published.precision == Precision::Day;
        Self {
            id: EntryId(0),
            source,
            title: read(title, MAX_TITLE),
            title_length: title.chars().count(),
            texts: texts(entry),
            furniture: Vec::new(),
            address: address(entry),
            slug: slug(&entry.link),
            at: Self::time(entry, first_seen),
            slack_hours: if is_day { 24 } else { 0 },
        }
    }

    /// The earlier of when an entry was published and when it was first seen.
    pub fn time(entry: &Entry, first_seen: DateTime<Utc>) -> DateTime<Utc> {
        if tells_time(entry) {
            entry.published.utc().min(first_seen)
        } else {
            first_seen
        }
    }

    /// The same with its number.
    pub fn stored(mut self, id: EntryId) -> Self {
        self.id = id;
        self
    }

    /// Whether it has no text at all.
    pub fn is_textless(&self) -> bool {
        self.texts.iter().all(|text| text.words.is_empty())
    }

    /// The text that says most, for keys and counters.
    pub fn longest(&self) -> Option<&Words> {
        self.texts.iter().max_by_key(|text| text.words.len())
    }

    /// Sentences that may be furniture: those without digits, of each text, bounded.
    pub fn plain_sentences(&self) -> impl Iterator<Item = &Sentence> {
        self.texts.iter().flat_map(|text| {
            text.sentences
                .iter()
                .take(MAX_SENTENCES)
                .filter(|sentence| !text.of(sentence).iter().any(Word::has_digit))
        })
    }

    /// Takes out the sentences that `is_furniture` knows.
    pub fn clear(&mut self, is_furniture: impl Fn(u64) -> bool) {
        for text in &mut self.texts {
            if text
                .sentences
                .iter()
                .any(|sentence| is_furniture(sentence.hash))
            {
                let rest = text.without(|sentence| is_furniture(sentence.hash));
                self.furniture.push(std::mem::replace(text, rest));
            }
        }
        self.texts.retain(|text| !text.words.is_empty());
    }
}

/// A title without the name of the site behind it, as in `Ny handbok | Exempelbladet`, which the host tells.
fn without_site<'a>(title: &'a str, link: &Url) -> &'a str {
    let Some((at, mark)) = title.char_indices().rev().find(|&(at, character)| {
        matches!(character, '|' | '-' | '–' | '—' | '·' | '•')
            && title[..at].ends_with(char::is_whitespace)
            && title[at + character.len_utf8()..].starts_with(char::is_whitespace)
    }) else {
        return title;
    };
    let letters = |text: &str| link::fold_slug(text).replace('-', "");
    let head = title[..at].trim_end();
    let name = letters(&title[at + mark.len_utf8()..]);
    let is_site = name.chars().count() >= LEAST_SITE
        && name.contains(char::is_alphabetic)
        && head.split_whitespace().nth(1).is_some()
        && letters(link.host_str().unwrap_or_default()).contains(&name);
    if is_site { head } else { title }
}

/// Whether its date was told, to the day at least.
fn tells_time(entry: &Entry) -> bool {
    entry.date_origin != DateOrigin::FirstSeen && entry.published.precision >= Precision::Day
}

fn texts(entry: &Entry) -> Vec<Words> {
    let mut texts: Vec<Words> = [&entry.summary, &entry.content]
        .into_iter()
        .flatten()
        .map(|text| read(text, MAX_WORDS))
        .filter(|text| !text.words.is_empty())
        .collect();
    texts.dedup_by(|a, b| a.words == b.words);
    texts
}

fn address(entry: &Entry) -> Option<String> {
    let is_bare = entry.link.path().trim_matches('/').is_empty() && entry.link.query().is_none();
    (entry.link_is_own && !is_bare).then(|| link::key(&entry.link))
}

fn slug(link: &Url) -> String {
    let last = link
        .path()
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default();
    let folded = link::fold_slug(last.split('.').next().unwrap_or(last));
    let trimmed = folded.trim_matches(|c: char| c.is_ascii_digit() || matches!(c, '-' | '_' | ','));
    trimmed.chars().take(120).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_the_site_is_no_part_of_a_title() {
        for (title, address, expected) in [
            (
                "Ny handbok om inköp | Exempelbladet",
                "https://www.exempelbladet.se/1",
                "Ny handbok om inköp",
            ),
            (
                "Ny handbok om inköp – Nordic Update",
                "https://nordicupdate.example/1",
                "Ny handbok om inköp",
            ),
            (
                "Ny handbok - del 1 - Östra bladet",
                "https://ostra-bladet.example/1",
                "Ny handbok - del 1",
            ),
            (
                "Ny handbok om inköp – uppdatering",
                "https://exempelbladet.se/1",
                "Ny handbok om inköp – uppdatering",
            ),
            (
                "Ny handbok om inköp hos Adda",
                "https://adda.example/1",
                "Ny handbok om inköp hos Adda",
            ),
            ("Nyheter | Adda", "https://adda.example/1", "Nyheter | Adda"),
            (
                "Ny handbok om inköp - 24",
                "https://tv24.example/1",
                "Ny handbok om inköp - 24",
            ),
            (
                "Ny handbok om inköp |",
                "https://adda.example/1",
                "Ny handbok om inköp |",
            ),
            ("| Adda", "https://adda.example/1", "| Adda"),
            ("", "https://adda.example/1", ""),
        ] {
            let link = Url::parse(address).unwrap();
            assert_eq!(without_site(title, &link), expected);
        }
    }
}
