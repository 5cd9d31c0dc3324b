//! Dates told once for several records: "Måndag 16 november 2026" over a day's news.

use super::fields::Fields;
use super::group::Record;
use crate::date;
use crate::model::{DateOrigin, Moment, Precision};
use crate::scrape::page::Page;
use crate::scrape::text;

/// Longer text is no date heading.
const MAX_HEADING: usize = 48;

/// Gives records without a date the one that stands over them; all records are given, in document order.
pub(super) fn dates(page: &Page, records: &[Record], mut fields: Vec<&mut Fields>) {
    let undated = fields
        .iter()
        .filter(|fields| fields.published.is_none())
        .count();
    if undated * 10 < records.len() * 8 || fields.len() != records.len() {
        return;
    }
    let mut told: Option<Moment> = None;
    let mut before = records
        .first()
        .map_or(0, |first| first.span.start.saturating_sub(12));
    for (record, fields) in records.iter().zip(&mut fields) {
        if before < record.span.start {
            told = heading(page, before..record.span.start, record).or(told);
        }
        before = record.span.end;
        if let (None, Some(moment)) = (fields.published, told) {
            fields.published = Some(moment);
            fields.date_origin = Some(DateOrigin::Page);
        }
    }
}

/// The last block in a stretch that is a day and nothing else.
fn heading(page: &Page, span: std::ops::Range<usize>, record: &Record) -> Option<Moment> {
    let tree = &page.tree;
    let around: Vec<Option<usize>> = tree.ancestors(record.root).take(2).map(Some).collect();
    text::blocks(&page.tree, &span)
        .into_iter()
        .rev()
        .filter(|block| {
            block
                .element
                .is_some_and(|element| around.contains(&tree.parent(element)))
        })
        .filter(|block| block.text.chars().count() <= MAX_HEADING)
        .find_map(|block| date::parse(&block.text, &page.context))
        .filter(|moment| moment.precision >= Precision::Day)
}
