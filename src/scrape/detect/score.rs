//! How much a group looks like news: titles that are sentences, dates, leads, addresses of their own.

use chrono::TimeDelta;

use super::fields::Fields;
use crate::link;
use crate::scrape::page::Page;
use crate::scrape::text;
use crate::scrape::words;

/// What a group's fields say, before its surroundings are weighed in.
pub(super) fn of_fields(page: &Page, fields: &[Fields]) -> f32 {
    if fields.is_empty() {
        return 0.0;
    }
    let share =
        |test: &dyn Fn(&Fields) -> f32| fields.iter().map(test).sum::<f32>() / fields.len() as f32;
    let title = share(&|f| match text::is_date(&f.title, &page.context) {
        true => 0.0,
        false => title_quality(&f.title),
    });
    let slug = share(&|f| slug_quality(page, f));
    let date = share(&|f| f32::from(u8::from(f.published.is_some())));
    let summary = share(&|f| summary_quality(f));
    let heading = share(&|f| f32::from(u8::from(f.has_heading)));
    let image = share(&|f| f32::from(u8::from(f.image.is_some())));
    let future = share(&|f| f32::from(u8::from(is_future(page, f))));
    let plural = share(&|f| f32::from(u8::from(f.titles >= 2)));
    let crowded = share(&|f| if f.targets > 5 { 1.0 } else { 0.0 });
    let linked = share(&|f| f32::from(u8::from(f.link.is_some())));
    let told = 0.4 * title + 0.3 * slug + 0.9 * date + 0.5 * summary + 0.3 * heading + 0.1 * image;
    let size = (1.0 + fields.len().min(30) as f32).ln() / 11f32.ln();
    told * size
        * distinct(fields)
        * (0.3 + 0.7 * title)
        * (1.0 - if future > 0.5 { 0.97 } else { 0.75 * future })
        * (1.0 - 0.7 * crowded)
        * (1.0 - 0.6 * plural)
        * (0.3 + 0.7 * linked)
}

/// A news title is a sentence or nearly so; a menu's word is not.
pub(super) fn title_quality(title: &str) -> f32 {
    if words::is_decoration(title) {
        return 0.0;
    }
    let characters = title.chars().count();
    let words = title.split(' ').count();
    let is_name = words <= 3
        && title
            .split(' ')
            .all(|word| word.starts_with(|c: char| c.is_uppercase() || c.is_numeric()));
    match (characters, words) {
        _ if is_name => 0.2,
        (300.., _) => 0.3,
        (18.., 3..) => 1.0,
        (12.., 2..) => 0.6,
        (8.., _) => 0.25,
        _ => 0.0,
    }
}

fn summary_quality(fields: &Fields) -> f32 {
    match fields.summary.as_ref().map(|text| text.chars().count()) {
        Some(60..) => 1.0,
        Some(30..) => 0.6,
        _ => 0.0,
    }
}

/// An address of an entry tells its title or its number; a section's does not.
fn slug_quality(page: &Page, fields: &Fields) -> f32 {
    let Some((_, url)) = &fields.link else {
        return 0.0;
    };
    let last = url
        .path()
        .rsplit('/')
        .find(|segment| !segment.is_empty())
        .unwrap_or_default();
    let hyphens = last.matches(['-', '_']).count();
    let digits = last.bytes().filter(u8::is_ascii_digit).count();
    let query_digits = url
        .query()
        .map_or(0, |query| query.bytes().filter(u8::is_ascii_digit).count());
    if is_elsewhere(url) {
        return 0.0;
    }
    let tells = hyphens >= 2 || digits >= 3 || query_digits >= 2;
    let is_same = link::origin(url)
        .trim_start_matches("https://")
        .trim_start_matches("http://")
        == link::origin(&page.address)
            .trim_start_matches("https://")
            .trim_start_matches("http://");
    match (tells, is_same) {
        (true, true) => 1.0,
        (true, false) => 0.7,
        (false, true) => 0.3,
        (false, false) => 0.1,
    }
}

fn is_future(page: &Page, fields: &Fields) -> bool {
    match (fields.published, page.context.now) {
        (Some(moment), Some(now)) => moment.utc() > now + TimeDelta::hours(36),
        _ => false,
    }
}

/// Whether a row tells of what is to come, or leads where events and people are.
pub(super) fn is_event(page: &Page, fields: &Fields) -> bool {
    let link = fields.link.as_ref();
    is_future(page, fields) || link.is_some_and(|(_, url)| is_elsewhere(url))
}

/// The share of different addresses (or of titles, where none has a link), and of different titles: rows that are all
/// called alike are no news.
fn distinct(fields: &[Fields]) -> f32 {
    let mut titles: Vec<&str> = fields.iter().map(|f| f.title.as_str()).collect();
    titles.sort_unstable();
    titles.dedup();
    let mut keys: Vec<&str> = fields
        .iter()
        .map(|f| {
            f.link
                .as_ref()
                .map_or(f.title.as_str(), |(_, url)| url.as_str())
        })
        .collect();
    keys.sort_unstable();
    keys.dedup();
    let total = fields.len() as f32;
    keys.len() as f32 / total * (titles.len() as f32 / total)
}

/// Whether an address stands among events, courses, tags and the like, or is that of a script that shows them.
fn is_elsewhere(url: &url::Url) -> bool {
    let (folders, file) = url.path().rsplit_once('/').unwrap_or(("", url.path()));
    let script = url.query().and_then(|_| file.split_once('.'));
    folders
        .split('/')
        .chain(script.map(|(name, _)| name))
        .any(|folder| OTHER_PATHS.contains(&folder.to_lowercase().as_str()))
}

/// Paths of what is no news.
const OTHER_PATHS: [&str; 24] = [
    "personer",
    "medarbetare",
    "staff",
    "people",
    "personal",
    "team",
    "kontakt",
    "contact",
    "users",
    "user",
    "author",
    "ansatte",
    "kalender",
    "calendar",
    "kalendarium",
    "event",
    "events",
    "evenemang",
    "arrangementer",
    "kurser",
    "courses",
    "jobb",
    "tag",
    "category",
];
