//! Any date that a feed or a page writes, to a moment with its precision, or to nothing.
//!
//! Reads RFC 822, 850 and 2822, ISO 8601 with W3C's profile of it, `asctime`, epoch counts, and what people write in
//! the languages of `name`; relative phrases and days without a year only where the present is known. Does not judge
//! whether a date is sane: `normalize` does.
//!
//! # Why
//!
//! No library reads these (none knows `CEST`, `des` or `17.11.2026 08:15`), and a list of patterns tried one by one
//! would be slow on running text. So text is cut into tokens once, and each reader looks a bounded number of tokens
//! ahead: linear in the text, whatever it holds.
//!
//! A time without a zone is in the source's own zone, in feeds too: bodies that forget the zone write what their clock
//! shows. Fractions of a second are dropped.

mod address;
mod ago;
mod bare;
mod calendar;
mod clock;
mod compact;
mod format;
mod label;
mod name;
mod named;
mod phrase;
mod scan;
mod token;
mod zone;

use std::ops::Range;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

pub use address::in_address;
pub use bare::{bare, leading};

use crate::model::{Language, Moment, Precision};

/// What a date string does not say itself.
#[derive(Debug, Clone)]
pub struct Context {
    /// The zone of dates that name none.
    pub time_zone: Tz,
    /// The language of the text around it, where known.
    pub language: Option<Language>,
    /// The moment that relative and yearless dates count from; they mean nothing without it.
    pub now: Option<DateTime<Utc>>,
}

impl Default for Context {
    fn default() -> Self {
        Self {
            time_zone: chrono_tz::Europe::Stockholm,
            language: None,
            now: None,
        }
    }
}

/// What a date in running text is said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// Nothing is said.
    None,
    /// When it was published or created.
    Published,
    /// When it was last changed.
    Modified,
    /// When something takes place or ends: not a date of the text itself.
    Event,
}

/// A date found in running text.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// When.
    pub moment: Moment,
    /// The bytes it stands at, its label not included.
    pub span: Range<usize>,
    /// What it is said to be.
    pub label: Label,
    /// Whether it counts from [`Context::now`]; a day without its year does not.
    pub relative: bool,
    /// Whether it leaves its year out.
    pub yearless: bool,
}

/// Whether a text is a date, or has dates in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// The string is a date: short and odd forms count.
    Whole,
    /// Running text: only what is plainly a date counts.
    Running,
}

/// No date is longer, labels and weekdays included; what comes after is not looked at.
const LONGEST_DATE: usize = 200;

/// Reads a string that is a date as a whole; a label, a weekday or other words around it are passed over.
pub fn parse(text: &str, context: &Context) -> Option<Moment> {
    let text = text.trim();
    let text = &text[..text.floor_char_boundary(LONGEST_DATE)];
    compact::epoch(text)
        .or_else(|| compact::rfc_3339(text))
        .or_else(|| read(text, context).map(|found| found.moment))
}

/// Reads a string that is a date as a whole, and tells what it leaves out; counts of seconds are none here.
pub fn read(text: &str, context: &Context) -> Option<Found> {
    let text = text.trim();
    let text = &text[..text.floor_char_boundary(LONGEST_DATE)];
    best(scan::whole(text, context))
}

/// The best date in a run of text: a published one before an unlabeled, that before a modified one, an event's last.
pub fn find(text: &str, context: &Context) -> Option<Found> {
    best(find_all(text, context))
}

/// All dates in a run of text, in its order.
pub fn find_all(text: &str, context: &Context) -> Vec<Found> {
    scan::running(text, context)
}

fn best(found: Vec<Found>) -> Option<Found> {
    found.into_iter().min_by_key(|found| {
        let rank = match found.label {
            Label::Published => 0,
            Label::None => 1,
            Label::Modified => 2,
            Label::Event => 3,
        };
        (
            found.moment.precision < Precision::Day,
            rank,
            found.relative,
        )
    })
}
