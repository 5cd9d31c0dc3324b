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

/// A number to an entry: address, title and text.
type Make = fn(usize) -> (String, String, String);

/// Feeds that mean harm.
pub const HOSTILE: [(&str, Make); 7] = [
    ("one title", |n| {
        let text = format!("Ärende {n} gäller nätet i kvarter {}.", n * 7);
        (address(n), "Driftstörning".to_owned(), text)
    }),
    ("one template", |n| {
        let title = format!("Avbrott i vattenleveransen på Storgatan {n}");
        let text = format!(
            "Vattnet är avstängt på Storgatan {n} mellan klockan {} och 16. Vi beklagar olägenheten.",
            n % 12
        );
        (address(n), title, text)
    }),
    ("one address", |n| {
        let text = format!("Notis {n} handlar om sak {}.", n * 3);
        (
            "https://s0.example/aktuellt".to_owned(),
            format!("Notis {n}"),
            text,
        )
    }),
    ("no text", |n| {
        (address(n), format!("Rubrik {n}"), String::new())
    }),
    ("one word", |n| {
        (address(n), "Nyhet".to_owned(), format!("Ord{n}"))
    }),
    ("only digits", |n| {
        (address(n), n.to_string(), format!("{} {}", n * 2, n * 3))
    }),
    ("the same", |n| {
        (
            address(n),
            "Samma nyhet igen".to_owned(),
            "Det här är samma text som alltid, varje gång.".to_owned(),
        )
    }),
];

fn address(n: usize) -> String {
    format!("https://s0.example/{n}/sida")
}

/// A hostile feed of one source, an entry a minute.
pub fn hostile(make: Make, count: usize) -> Vec<Told> {
    let start = Utc.with_ymd_and_hms(2026, 3, 2, 5, 0, 0).unwrap();
    let one = |n: usize| {
        let at = start + TimeDelta::minutes(n as i64);
        let (link, title, text) = make(n);
        Told {
            source: 0,
            news: n,
            class: "hostile".to_owned(),
            entry: entry(&link, &title, &text, at),
            seen: at,
        }
    };
    (0..count).map(one).collect()
}
