//! What two entries of one source say for and against being one: the judge of every key.

use chrono::TimeDelta;

use super::aliases::{slug, text};
use crate::dedupe::alignment::containment;
use crate::dedupe::titles::{Likeness, Titles, compare};
use crate::dedupe::words::{Words, read};
use crate::link;
use crate::model::{DateOrigin, Entry, Precision};

/// Words of a text that identity looks at.
const TEXT_WORDS: usize = 200;

/// An entry as identity looks at it, read once.
pub struct Face<'a> {
    /// The entry.
    pub entry: &'a Entry,
    /// Its title.
    pub title: Words,
    /// The start of its text.
    pub text: Words,
    /// Its address key.
    pub link: String,
    slug: String,
}

impl<'a> Face<'a> {
    /// Reads an entry.
    pub fn of(entry: &'a Entry) -> Self {
        Self {
            entry,
            title: read(&entry.title, 60),
            text: text(entry, TEXT_WORDS),
            link: link::key(&entry.link),
            slug: slug(&entry.link),
        }
    }
}

/// How two entries of one source resemble each other.
pub struct Resemblance {
    /// How the titles stand.
    pub titles: Titles,
    /// Share of the shorter text found in the longer; `None` where one has no text.
    pub text: Option<f64>,
    /// Words of the shorter text.
    pub words: usize,
    /// Both tell a date, and it is the same (to the coarser precision of the two).
    pub same_date: bool,
    /// Both tell a date, and it is another.
    pub other_date: bool,
    /// Both addresses are the same.
    pub same_link: bool,
    /// The figures in both addresses are the same, in order.
    pub same_figures: bool,
    /// Both addresses end in the same slug.
    pub same_slug: bool,
}

impl Resemblance {
    /// Compares two entries.
    pub fn of(left: &Face, right: &Face) -> Self {
        let told = left.entry.date_origin != DateOrigin::FirstSeen
            && right.entry.date_origin != DateOrigin::FirstSeen;
        let same = same_time(left.entry, right.entry);
        Self {
            titles: compare(&left.title, &right.title),
            text: share(&left.text, &right.text),
            words: left.text.words.len().min(right.text.words.len()),
            same_date: told && same,
            other_date: told && !same,
            same_link: left.link == right.link,
            same_figures: figures(left.entry).eq(figures(right.entry)),
            same_slug: left.slug == right.slug,
        }
    }

    /// Titles equal, or equal but for small words and slips.
    pub fn same_title(&self) -> bool {
        self.titles.likeness <= Likeness::Soft
    }

    /// Titles that one editor could have made of each other.
    pub fn related_title(&self) -> bool {
        let content = |words: &[_]| {
            words
                .iter()
                .filter(|word: &&crate::dedupe::words::Word| word.is_content())
                .count()
        };
        let shared = content(&self.titles.shared);
        let other = content(&self.titles.only_left).min(content(&self.titles.only_right));
        self.titles.likeness <= Likeness::Part || shared >= 1 && shared * 2 >= other
    }

    /// Texts that are one text, edited.
    pub fn same_text(&self, share: f64, words: usize) -> bool {
        self.text.is_some_and(|found| found >= share) && self.words >= words
    }

    /// Both have text, and it is another text.
    pub fn other_text(&self) -> bool {
        self.text.is_some_and(|found| found < 0.3)
    }
}

fn share(a: &Words, b: &Words) -> Option<f64> {
    (!a.words.is_empty() && !b.words.is_empty()).then(|| containment(&a.words, &b.words))
}

/// To the coarser precision of the two.
fn same_time(left: &Entry, right: &Entry) -> bool {
    let precision = left.published.precision.min(right.published.precision);
    let apart = (left.published.utc() - right.published.utc()).abs();
    match precision {
        Precision::Year | Precision::Month => apart < TimeDelta::days(31),
        Precision::Day => apart < TimeDelta::days(1),
        Precision::Minute | Precision::Second => apart < TimeDelta::minutes(1),
    }
}

/// The numbers of an address, hexadecimal ones whole.
fn figures(entry: &Entry) -> impl Iterator<Item = &str> {
    let address = &entry.link[url::Position::BeforePath..];
    address
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| part.contains(|c: char| c.is_ascii_digit()))
}
