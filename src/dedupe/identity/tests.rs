//! An entry through everything that sites do to theirs.

use chrono::{TimeDelta, TimeZone, Utc};
use url::Url;

use super::{Change, Known, Recognized, aliases, recognize};
use crate::model::{
    Activity, DateOrigin, Entry, EntryId, Extent, Kind, Limits, Moment, Relearn, Robots, Role,
    Schedule, Source, SourceId, SourceState, StoredEntry,
};

fn source() -> Source {
    Source {
        id: SourceId::new("kommunen"),
        title: "Kommunen".into(),
        address: Url::parse("https://kommunen.example/feed").unwrap(),
        former: vec![Url::parse("http://gamla.example/rss").unwrap()],
        home: None,
        kind: Kind::Feed,
        language: None,
        time_zone: chrono_tz::Europe::Stockholm,
        categories: Vec::new(),
        role: Role::Issuer,
        schedule: Schedule::Every(std::time::Duration::from_secs(3600)),
        only: Vec::new(),
        not: Vec::new(),
        extent: Extent::Summary,
        activity: Activity::Active,
        robots: Robots::Obey,
        relearn: Relearn::Propose,
        limits: Limits::default(),
    }
}

fn entry(link: &str, title: &str, text: &str) -> Entry {
    Entry {
        guid: Some(link.to_owned()),
        guid_is_iri: true,
        link: Url::parse(link).unwrap(),
        link_is_own: true,
        title: title.into(),
        summary: (!text.is_empty()).then(|| format!("<p>{text}</p>")),
        content: None,
        published: Moment::exact(Utc.with_ymd_and_hms(2026, 11, 17, 8, 0, 0).unwrap()),
        updated: None,
        date_origin: DateOrigin::Feed,
        authors: Vec::new(),
        categories: Vec::new(),
        enclosures: Vec::new(),
        image: None,
        language: None,
        rights: None,
        first_source: None,
    }
}

const TITLE: &str = "Kommunen köper in nya elbussar till landsbygden";
const TEXT: &str = "Tolv elbussar ska trafikera linjerna norr om sjön från och med hösten. Avtalet gäller i åtta år och omfattar laddning.";

fn bus() -> Entry {
    entry(
        "https://kommunen.example/nyheter/413-nya-elbussar-till-landsbygden",
        TITLE,
        TEXT,
    )
}

/// Stores what was recognized, as the store does.
fn store(known: &mut Known, found: &[Recognized]) {
    for found in found {
        let id = match found.known {
            Some((id, _)) => id,
            None => EntryId(known.entries.len() as i64 + 1),
        };
        for alias in &found.aliases {
            known.by_alias.entry(alias.clone()).or_insert(id);
        }
        known.entries.insert(id, stored(id, found.entry.clone()));
    }
}

fn stored(id: EntryId, entry: Entry) -> StoredEntry {
    let seen = entry.published.utc();
    StoredEntry {
        id,
        source: SourceId::new("kommunen"),
        cluster: None,
        first_seen: seen,
        changed: seen,
        withdrawn: None,
        revisions: 0,
        entry,
    }
}

fn after(first: Vec<Entry>, second: Vec<Entry>) -> Vec<Recognized> {
    let mut known = Known::default();
    store(
        &mut known,
        &recognize(first, &source(), &Known::default(), &SourceState::default()),
    );
    recognize(second, &source(), &known, &SourceState::default())
}

/// What becomes of the bus entry when its source changes it so.
fn change(edit: impl FnOnce(&mut Entry)) -> Option<Change> {
    let mut edited = bus();
    edit(&mut edited);
    let found = after(vec![bus()], vec![edited]);
    assert_eq!(found.len(), 1);
    found[0].known.map(|(_, change)| change)
}

fn move_to(entry: &mut Entry, link: &str) {
    entry.link = Url::parse(link).unwrap();
    entry.guid = Some(link.into());
}

#[test]
fn an_entry_stays_the_same_through_every_change_of_guid_address_and_date() {
    let at = |link: &'static str| change(move |entry| move_to(entry, link));
    assert_eq!(change(|_| {}), Some(Change::None));
    assert_eq!(
        change(|entry| entry.guid = Some("9f2c-new".into())),
        Some(Change::Touched)
    );
    assert!(at("http://kommunen.example/nyheter/413-nya-elbussar-till-landsbygden").is_some());
    assert!(
        at("https://www.kommunen.example/nyheter/413-nya-elbussar-till-landsbygden/").is_some()
    );
    assert!(at("https://annan.example/nyheter/413-nya-elbussar-till-landsbygden").is_some());
    assert!(at("http://gamla.example/nyheter/413-nya-elbussar-till-landsbygden").is_some());
    assert!(at("https://kommunen.example/aktuellt/nya-elbussar-till-landsbygden").is_some());
    let dated = change(|entry| {
        entry.published = Moment::exact(entry.published.utc() + TimeDelta::days(30))
    });
    assert_eq!(dated, Some(Change::None));
}

#[test]
fn edits_are_material_when_they_are_news() {
    let text = |text: &str| {
        let text = format!("<p>{text}</p>");
        change(|entry| entry.summary = Some(text))
    };
    assert_eq!(
        change(|entry| entry.title = "Kommunen köper in tretton elbussar".into()),
        Some(Change::Material)
    );
    assert_eq!(text(&TEXT.replace("åtta", "nio")), Some(Change::Material));
    assert_eq!(
        text(&format!("{TEXT} Första turen går i mars.")),
        Some(Change::Material)
    );
    assert_eq!(
        text(&format!("Nu är det klart med bussarna. {TEXT}")),
        Some(Change::Material)
    );
    assert_eq!(
        text(&TEXT.replace(" och omfattar laddning", "")),
        Some(Change::None)
    );
    assert_eq!(
        text(&format!(
            "{TEXT}</p><p>Dela på Facebook</p><p>Läst 812 gånger"
        )),
        Some(Change::None)
    );
    assert_eq!(text(&TEXT.replace(' ', "  ")), Some(Change::None));
    let (a, b) = TEXT.split_once(". ").unwrap();
    assert_eq!(text(&format!("{b}</p><p>{a}.")), Some(Change::None));
}

#[test]
fn different_entries_stay_different() {
    let news = |day: u32, text: &str| {
        let mut entry = entry(
            &format!("https://kommunen.example/2026/11/{day}/nyheter-i-korthet"),
            "Nyheter i korthet",
            text,
        );
        entry.published = Moment::exact(Utc.with_ymd_and_hms(2026, 11, day, 8, 0, 0).unwrap());
        entry
    };
    for text in [
        "",
        "Här är dagens nyheter i korthet från kommunen till dig.",
    ] {
        let found = after(vec![news(16, text)], vec![news(17, text)]);
        assert!(found[0].known.is_none(), "{text}");
        assert_eq!(after(vec![], vec![news(16, text), news(17, text)]).len(), 2);
    }
}

#[test]
fn one_guid_or_one_address_for_all_loses_nothing() {
    let texts = [
        "Bron stängs för underhåll",
        "Badhuset öppnar igen",
        "Ny förskola i Vik",
        "Sophämtningen flyttas",
    ];
    let all = |edit: fn(&mut Entry, usize)| -> Vec<Entry> {
        let mut entries = Vec::new();
        for (at, title) in texts.iter().enumerate() {
            let mut entry = entry(&format!("https://kommunen.example/n/{at}"), title, "");
            entry.published = Moment::exact(entry.published.utc() - TimeDelta::hours(at as i64));
            edit(&mut entry, at);
            entries.push(entry);
        }
        entries
    };
    let guid: fn(&mut Entry, usize) = |entry, _| entry.guid = Some("1".into());
    let link: fn(&mut Entry, usize) = |entry, at| {
        move_to(entry, "https://kommunen.example/nyheter/lista");
        entry.guid = Some(format!("rotating-{at}"));
    };
    for edit in [guid, link] {
        let (mut first, second) = (all(edit), all(edit));
        let last = first.split_off(3);
        assert_eq!(first.len() + last.len(), 4);
        let found = after(first.clone(), second);
        assert_eq!(found.len(), 4);
        assert_eq!(
            found.iter().filter(|found| found.known.is_some()).count(),
            3
        );
        let one_by_one = after(first[..1].to_vec(), all(edit)[1..2].to_vec());
        assert!(one_by_one[0].known.is_none());
    }
}

#[test]
fn doubles_in_one_document_are_folded() {
    let mut teaser = bus();
    teaser.summary = None;
    teaser.guid = None;
    assert_eq!(after(vec![], vec![teaser.clone(), teaser, bus()]).len(), 1);
}

#[test]
fn ten_thousand_of_one_title_are_all_kept_and_known_again() {
    let many = || -> Vec<Entry> {
        (0..10_000)
            .map(|at| {
                let mut entry = entry(
                    "https://kommunen.example/lista",
                    "Driftstörning",
                    &format!("Störning nummer {at} i nätet är åtgärdad."),
                );
                entry.guid = None;
                entry
            })
            .collect()
    };
    let found = after(many(), many());
    assert_eq!(found.len(), 10_000);
    assert!(found.iter().all(|found| {
        found
            .known
            .is_some_and(|(_, change)| change == Change::None)
    }));
}

#[test]
fn keys_are_bounded() {
    let mut long = bus();
    long.guid = Some("g".repeat(5_000_000));
    long.summary = Some("ord ".repeat(1_000_000));
    assert!(aliases(&long, &source()).iter().all(|key| key.len() < 300));
}
