//! The date that an address carries in its path.

use chrono::{Datelike, NaiveDate};
use url::Url;

use super::calendar::{self, day};
use super::zone::Zone;
use super::{Context, Mode};
use crate::model::{Moment, Precision};

/// News on the web is younger than this, and numbers below it are not years.
const FIRST_YEAR: i32 = 1993;

/// The date that an address carries in its path, as in `/2019-09-21-slug` or `/2023/03/`.
///
/// A year or a month alone is told with that precision. Dates to come are not believed.
pub fn in_address(url: &Url, context: &Context) -> Option<Moment> {
    let segments: Vec<&str> = url
        .path_segments()?
        .filter(|segment| !segment.is_empty())
        .collect();
    let (date, precision) = segments
        .iter()
        .find_map(|segment| in_segment(segment))
        .map(|date| (date, Precision::Day))
        .or_else(|| in_folders(&segments))?;
    let is_credible =
        date.year() >= FIRST_YEAR && !calendar::is_ahead(date, context) && date.year() <= 2100;
    if !is_credible {
        return None;
    }
    calendar::at(date, None, Zone::Place(context.time_zone), precision)
}

/// Folders of their own for year, month and day: `/2019/10/04/`, `/2019/10/`, `/2019/`.
fn in_folders(segments: &[&str]) -> Option<(NaiveDate, Precision)> {
    let place = segments
        .iter()
        .position(|segment| folder_year(segment).is_some())?;
    let year = folder_year(segments[place])?;
    let number = |offset: usize| {
        let segment = segments.get(place + offset)?;
        let fits =
            (1..=2).contains(&segment.len()) && segment.bytes().all(|byte| byte.is_ascii_digit());
        segment.parse::<u32>().ok().filter(|_| fits)
    };
    let Some(month) = number(1).filter(|month| (1..=12).contains(month)) else {
        return Some((day(year, 1, 1, Mode::Running)?, Precision::Year));
    };
    let full = number(2).and_then(|number| day(year, month, number, Mode::Running));
    match full {
        Some(date) => Some((date, Precision::Day)),
        None => Some((day(year, month, 1, Mode::Running)?, Precision::Month)),
    }
}

/// A folder named for a year: `2019`, or `nyheter-2023` as some sites have it.
fn folder_year(segment: &str) -> Option<i32> {
    let digits = segment.rsplit('-').next()?;
    let stem = segment.strip_suffix(digits)?;
    let is_name = stem.is_empty()
        || matches!(
            stem,
            "nyheter-" | "nyheder-" | "news-" | "aktuellt-" | "aktuelt-" | "arkiv-"
        );
    let fits = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let year = digits.parse::<i32>().ok().filter(|_| fits && is_name)?;
    (FIRST_YEAR..=2100).contains(&year).then_some(year)
}

/// A whole date inside one segment: `2019-09-21-slug`, `slug-20190921.html`, `26-06-2017`.
fn in_segment(segment: &str) -> Option<NaiveDate> {
    let pieces: Vec<&str> = segment.split(['-', '_', '.']).collect();
    let number = |piece: &&str| {
        let fits = piece.len() <= 8 && piece.bytes().all(|byte| byte.is_ascii_digit());
        piece.parse::<u32>().ok().filter(|_| fits)
    };
    let parted = pieces.windows(3).find_map(|window| {
        let (first, second, third) = (
            number(&window[0])?,
            number(&window[1])?,
            number(&window[2])?,
        );
        match (window[0].len(), window[1].len(), window[2].len()) {
            (4, 2, 2) => day(i32::try_from(first).ok()?, second, third, Mode::Running),
            (1 | 2, 1 | 2, 4) => day(i32::try_from(third).ok()?, second, first, Mode::Running),
            _ => None,
        }
    });
    parted.or_else(|| {
        pieces
            .iter()
            .filter(|piece| piece.len() == 8)
            .find_map(|piece| {
                let value = number(piece)?;
                day(
                    i32::try_from(value / 10_000).ok()?,
                    value / 100 % 100,
                    value % 100,
                    Mode::Running,
                )
            })
    })
}
