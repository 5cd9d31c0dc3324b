//! A stream of invented news with known copies and known look-alikes, as many as wanted, the same at every run.

mod edits;
mod language;

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use samflode::model::{Entry, Role};

pub use edits::{COPIES, LOOKALIKES};
pub use language::{Dice, Language};

use super::entries::entry;

/// One entry of the stream.
pub struct Told {
    /// Which source tells it: an index into [`roles`].
    pub source: usize,
    /// The news it tells; equal numbers are the same news.
    pub news: usize,
    /// How it came about.
    pub class: String,
    /// The entry.
    pub entry: Entry,
    /// When it is first seen.
    pub seen: DateTime<Utc>,
}

/// A piece of news before it is told.
#[derive(Clone)]
pub struct Story {
    /// Its title.
    pub title: String,
    /// Its sentences.
    pub sentences: Vec<String>,
}

/// The sources of the stream: issuing bodies, wires, newspapers.
pub fn roles() -> Vec<Role> {
    let mut roles = vec![Role::Issuer; 20];
    roles.extend([Role::Wire; 3]);
    roles.extend([Role::Press; 37]);
    roles
}

/// A stream of `count` pieces of news with their copies and look-alikes, in order of arrival.
pub fn stream(seed: u64, count: usize) -> Vec<Told> {
    let mut dice = Dice::new(seed);
    let language = Language::new(&mut dice);
    let start = Utc.with_ymd_and_hms(2026, 3, 2, 5, 0, 0).unwrap();
    let sources = roles().len();
    let mut told = Vec::new();
    let mut news = 0;
    for number in 0..count {
        let story = language.story(&mut dice);
        let at = start + TimeDelta::minutes(number as i64 * 7);
        let first = dice.below(20);
        let mut others: Vec<usize> = (0..sources).filter(|source| *source != first).collect();
        dice.shuffle(&mut others);
        told.push(tell(&mut dice, first, news, "original", &story, at));
        for source in others.iter().take(dice.below(4)) {
            let (class, edit) = COPIES[dice.below(COPIES.len())];
            let copy = edit(&language, &mut dice, &story);
            let later = at + TimeDelta::minutes(dice.below(40 * 60) as i64);
            told.push(tell(&mut dice, *source, news, class, &copy, later));
        }
        news += 1;
        if dice.below(3) == 0 {
            let (class, edit) = LOOKALIKES[dice.below(LOOKALIKES.len())];
            let other = edit(&language, &mut dice, &story);
            let source = if dice.below(2) == 0 {
                first
            } else {
                others[10]
            };
            let days = if class == "series" { 7 } else { 0 };
            let later =
                at + TimeDelta::minutes(10 + dice.below(30 * 60) as i64) + TimeDelta::days(days);
            told.push(tell(&mut dice, source, news, class, &other, later));
            news += 1;
        }
    }
    told.sort_by_key(|told| told.seen);
    told
}

fn tell(
    dice: &mut Dice,
    source: usize,
    news: usize,
    class: &str,
    story: &Story,
    at: DateTime<Utc>,
) -> Told {
    let slug: String = story
        .title
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .take(60)
        .collect();
    let link = format!(
        "https://s{source}.example/{}/{slug}",
        dice.below(1_000_000_000)
    );
    let mut text = story.sentences.join(" ");
    if source >= 40 && !text.is_empty() {
        text.push_str(&format!(
            " Prenumerera på tidning nummer {} och läs alla våra nyheter varje dag.",
            language::spelled(source)
        ));
    }
    Told {
        source,
        news,
        class: class.to_owned(),
        entry: entry(&link, &story.title, &text, at),
        seen: at + TimeDelta::minutes(dice.below(30) as i64),
    }
}

/// `count` police notices of one feed, hundreds a day from a few templates.
pub fn notices(seed: u64, count: usize) -> Vec<Told> {
    let mut dice = Dice::new(seed);
    let language = Language::new(&mut dice);
    let start = Utc.with_ymd_and_hms(2026, 3, 2, 5, 0, 0).unwrap();
    (0..count)
        .map(|number| {
            let at = start + TimeDelta::minutes(number as i64 * 5);
            let story = language.notice(&mut dice);
            tell(&mut dice, 0, number, "notice", &story, at)
        })
        .collect()
}
