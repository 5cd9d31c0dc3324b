//! Dates told once for several records: "Måndag 16 november 2026" over a day's news, "April 2023" over those of a month
//! that each show their day, "2023" over those that leave the year out.

use std::ops::Range;

use chrono::{Datelike, NaiveDate};

use super::fields::Fields;
use super::group::Record;
use crate::date;
use crate::model::{DateOrigin, Moment, Precision};
use crate::scrape::page::Page;
use crate::scrape::text;
use crate::scrape::tree::Id;

/// Longer text is no date heading.
const MAX_HEADING: usize = 48;
/// Levels between a date heading, or a record, and what holds both.
const MAX_ABOVE: usize = 3;
/// Nodes before the first record in which a heading over it begins.
const BEFORE_FIRST: usize = 16;
/// A number of a day, a weekday beside it.
const MAX_DAY: usize = 14;
/// News on the web is younger.
const FIRST_YEAR: i32 = 1993;
/// A number beyond is no year of news.
const LAST_YEAR: i32 = 2100;
/// Words of a heading that says a year.
const MAX_WORDS: usize = 5;

/// Gives records without a date the one that stands over them; all records are given, in document order.
pub(super) fn dates(page: &Page, records: &[Record], mut fields: Vec<&mut Fields>) {
    if fields.len() != records.len() {
        return;
    }
    let vague = fields.iter().filter(|fields| !fields.is_dated()).count();
    let is_vague = vague * 10 >= records.len() * 8;
    let mut over = Over {
        year: page_year(page),
        ..Over::default()
    };
    let mut before = records
        .first()
        .map_or(0, |first| first.span.start.saturating_sub(BEFORE_FIRST));
    for (record, fields) in records.iter().zip(&mut fields) {
        if before < record.span.start {
            over.read(page, before..record.span.start, record);
        }
        before = record.span.end;
        let told = match fields.is_dated() {
            false if is_vague => over.moment(page, record),
            true => over.in_its_year(page, fields),
            false => None,
        };
        if let Some(moment) = told {
            fields.published = Some(moment);
            fields.date_origin = Some(DateOrigin::Page);
        }
    }
}

/// What the headings so far say.
#[derive(Debug, Default, Clone, Copy)]
struct Over {
    day: Option<Moment>,
    month: Option<NaiveDate>,
    year: Option<i32>,
}

impl Over {
    /// Takes in the headings that stand before a record.
    fn read(&mut self, page: &Page, span: Range<Id>, record: &Record) {
        let tree = &page.tree;
        let around: Vec<Id> = tree.ancestors(record.root).take(MAX_ABOVE).collect();
        for block in text::blocks(tree, &span) {
            let stands_over = block.element.is_some_and(|element| {
                let mut above = tree.ancestors(element).take(MAX_ABOVE);
                above.any(|id| around.contains(&id))
            });
            if stands_over && is_heading(page, &block.text) {
                self.take(page, &block.text);
            }
        }
    }

    fn take(&mut self, page: &Page, text: &str) {
        let moment = date::parse(text, &page.context).or_else(|| {
            let is_word = text.split_whitespace().count() == 1;
            let year = self.year.filter(|_| is_word && !text::has_digit(text))?;
            date::parse(&format!("{text} {year}"), &page.context)
        });
        let Some(moment) = moment else {
            self.year = year_in(text).or(self.year);
            return;
        };
        let date = moment.at.date_naive();
        match moment.precision {
            Precision::Year => *self = Self::default(),
            Precision::Month => {
                self.day = None;
                self.month = Some(date);
            }
            _ => self.day = Some(moment),
        }
        self.year = Some(date.year());
    }

    /// The day over a record; else the day it shows, in the month over it; else that month.
    fn moment(&self, page: &Page, record: &Record) -> Option<Moment> {
        if let Some(day) = self.day {
            return Some(at_shown_time(page, record, day).unwrap_or(day));
        }
        let month = self.month?;
        let day = record
            .span
            .clone()
            .filter_map(|id| page.tree.own_text(id))
            .find_map(day_number)
            .and_then(|day| month.with_day(day));
        match day {
            Some(date) => date::parse(&date.to_string(), &page.context),
            None => date::parse(&month.format("%Y-%m").to_string(), &page.context),
        }
    }

    /// The date of a record that leaves its year out, in the year over it.
    fn in_its_year(&self, page: &Page, fields: &Fields) -> Option<Moment> {
        let shown = fields.published.filter(|_| fields.is_yearless)?;
        let date = shown.at.date_naive();
        let year = self.year.filter(|year| *year != date.year())?;
        let date = date.with_year(year)?;
        let told = match shown.precision {
            Precision::Minute | Precision::Second => format!("{date} {}", shown.at.format("%H:%M")),
            _ => date.to_string(),
        };
        date::parse(&told, &page.context)
    }
}

/// Whether a text can be a date set over records: little else beside the date, and no sentence with "i dag" in it.
fn is_heading(page: &Page, text: &str) -> bool {
    text.chars().count() <= MAX_HEADING
        && (text::is_date(text, &page.context)
            || text.split(' ').count() <= 2
            || year_in(text).is_some())
}

/// The year in "Nyheter 2024", "År: 2024", "2024 (12)": one year, few words, no other number but a count.
fn year_in(text: &str) -> Option<i32> {
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let mut numbers = words.iter().filter(|word| text::has_digit(word));
    let year = numbers
        .next()
        .filter(|word| word.len() == 4)?
        .parse()
        .ok()?;
    let is_told_alone = numbers.all(|word| word.len() < 4) && words.len() <= MAX_WORDS;
    (is_told_alone && (FIRST_YEAR..LAST_YEAR).contains(&year)).then_some(year)
}

/// The day over a record with the time of day that the record shows.
fn at_shown_time(page: &Page, record: &Record, day: Moment) -> Option<Moment> {
    let date = day.at.date_naive();
    let texts = record.span.clone().filter_map(|id| page.tree.own_text(id));
    let time = texts.map(str::trim).find(|text| is_time(text))?;
    let moment = date::parse(&format!("{date} {}", time.replace('.', ":")), &page.context)?;
    (moment.at.date_naive() == date).then_some(moment)
}

/// "15:30", "15.30".
fn is_time(text: &str) -> bool {
    let mut parts = text.split([':', '.']);
    let is_number = |part: Option<&str>| {
        part.is_some_and(|part| part.len() <= 2 && part.parse::<u32>().is_ok_and(|n| n < 60))
    };
    text.len() <= 5 && is_number(parts.next()) && is_number(parts.next()) && parts.next().is_none()
}

/// The day in "2", "2.", "tor 2", "Thu 2nd" and the like.
fn day_number(text: &str) -> Option<u32> {
    let text = text.trim();
    if text.is_empty() || text.len() > MAX_DAY || !text::has_digit(text) {
        return None;
    }
    let mut numbers = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| text::has_digit(word));
    let word = numbers.next()?;
    let ordinal = word.trim_start_matches(|c: char| c.is_ascii_digit());
    if !matches!(ordinal, "" | "st" | "nd" | "rd" | "th" | "er" | "e") {
        return None;
    }
    let day = word[..word.len() - ordinal.len()].parse().ok()?;
    (numbers.next().is_none() && (1..=31).contains(&day)).then_some(day)
}

/// The year that the page is the archive of: "Nyheter 2023", `/nyheter/2023/`.
fn page_year(page: &Page) -> Option<i32> {
    let now = page.context.now?.year();
    let is_past = |year: &i32| (FIRST_YEAR..now).contains(year);
    let year_of = |word: &str| match word.len() {
        4 => word.parse().ok().filter(is_past),
        _ => None,
    };
    let heading = page.tree.all("h1").next().map(|id| page.tree.text(id));
    let said = heading
        .iter()
        .flat_map(|text| text.split_whitespace())
        .find_map(year_of);
    said.or_else(|| page.address.path().split('/').find_map(year_of))
}
