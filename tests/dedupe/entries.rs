//! Entries made by hand.

use chrono::{DateTime, Utc};
use samflode::dedupe::identity::{Known, recognize};
use samflode::model::{
    Activity, DateOrigin, Entry, EntryId, Extent, Kind, Limits, Moment, Relearn, Robots, Role,
    Schedule, Source, SourceId, SourceState, StoredEntry,
};
use url::Url;

/// An entry with an address of its own and a told date.
pub fn entry(link: &str, title: &str, text: &str, published: DateTime<Utc>) -> Entry {
    Entry {
        guid: None,
        guid_is_iri: false,
        link: Url::parse(link).unwrap(),
        link_is_own: true,
        title: title.to_owned(),
        summary: (!text.is_empty()).then(|| text.to_owned()),
        content: None,
        published: Moment::exact(published),
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

/// A number for a source's name.
pub fn number(source: &str) -> i64 {
    source.bytes().fold(7, |number: i64, byte| {
        number.wrapping_mul(31).wrapping_add(i64::from(byte))
    })
}

/// A source of its own address, everything else at its default.
pub fn source() -> Source {
    Source {
        id: SourceId::new("body"),
        title: "Body".to_owned(),
        address: Url::parse("https://body.example/feed").unwrap(),
        former: Vec::new(),
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

/// Whether the second entry is recognized as the first again.
pub fn is_known(first: Entry, second: Entry) -> bool {
    let state = SourceState::default();
    let found = recognize(vec![first], &source(), &Known::default(), &state);
    let seen = found[0].entry.published.utc();
    let stored = StoredEntry {
        id: EntryId(1),
        source: SourceId::new("body"),
        cluster: None,
        first_seen: seen,
        changed: seen,
        withdrawn: None,
        revisions: 0,
        entry: found[0].entry.clone(),
    };
    let known = Known {
        by_alias: found[0]
            .aliases
            .iter()
            .map(|key| (key.clone(), EntryId(1)))
            .collect(),
        entries: [(EntryId(1), stored)].into(),
    };
    recognize(vec![second], &source(), &known, &state)[0]
        .known
        .is_some()
}
