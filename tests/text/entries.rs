//! Entries made of what documents say.

use chrono::{DateTime, TimeZone, Utc};
use proptest::prelude::*;
use samflode::model::{
    Activity, Category, DateOrigin, Enclosure, Entry, Extent, Kind, Language, Limits, Moment,
    ParsedEntry, ParsedFeed, Person, Precision, Relearn, Robots, Role, Schedule, Source, SourceId,
    Text, TextKind,
};
use samflode::normalize::{admits, normalize};
use url::Url;

fn url(text: &str) -> Url {
    Url::parse(text).expect("an address")
}

fn now() -> DateTime<Utc> {
    "2026-11-22T19:00:00Z".parse().expect("a moment")
}

fn source() -> Source {
    Source {
        id: SourceId::new("kommunen"),
        title: "Kommunen".to_owned(),
        address: url("https://example.org/nyheter/rss"),
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

/// An entry with title and link.
fn parsed() -> ParsedEntry {
    ParsedEntry {
        title: Some(Text::new(TextKind::Unknown, "Ny väg &amp; ny bro")),
        link: Some(url("https://example.org/nyheter/ny-vag?utm_source=rss")),
        ..ParsedEntry::default()
    }
}

fn feed(entry: ParsedEntry) -> ParsedFeed {
    ParsedFeed {
        link: Some(url("https://example.org/nyheter/")),
        entries: vec![entry],
        ..ParsedFeed::default()
    }
}

fn entry_of(parsed: ParsedEntry) -> Entry {
    let source = source();
    normalize(&feed(parsed), &source.address, &source, now())
        .pop()
        .expect("an entry")
}

fn moment(text: &str) -> Moment {
    Moment {
        at: text.parse().expect("a moment"),
        precision: Precision::Second,
    }
}

#[test]
fn links_are_the_entrys_own_or_said_not_to_be() {
    let entry = entry_of(parsed());
    assert_eq!(
        (entry.link.as_str(), entry.link_is_own),
        ("https://example.org/nyheter/ny-vag", true)
    );
    let by_id = entry_of(ParsedEntry {
        link: None,
        id: Some("https://example.org/?p=12".to_owned()),
        ..parsed()
    });
    assert_eq!(
        (by_id.link.as_str(), by_id.link_is_own),
        ("https://example.org/?p=12", true)
    );
    let without = entry_of(ParsedEntry {
        link: None,
        id: Some("12 at example.org".to_owned()),
        ..parsed()
    });
    assert_eq!(
        (without.link.as_str(), without.link_is_own),
        ("https://example.org/nyheter/", false)
    );
    let to_list = entry_of(ParsedEntry {
        link: Some(url("http://www.example.org/nyheter#12")),
        ..parsed()
    });
    assert!(!to_list.link_is_own);
    let to_mail = entry_of(ParsedEntry {
        link: Some(url("mailto:a@example.org")),
        ..parsed()
    });
    assert_eq!(
        (to_mail.link.as_str(), to_mail.link_is_own),
        ("https://example.org/nyheter/", false)
    );
    let joomla = entry_of(ParsedEntry {
        link: Some(url("https://example.org/12-vag?format=feed&type=atom")),
        ..parsed()
    });
    assert_eq!(joomla.link.as_str(), "https://example.org/12-vag");
}

#[test]
fn a_title_is_always_there() {
    assert_eq!(entry_of(parsed()).title, "Ny väg & ny bro");
    let summary = Some(Text::html(
        "<p>Kommunen bygger en ny väg. Den blir klar i maj.</p>",
    ));
    let derived = entry_of(ParsedEntry {
        title: Some(Text::plain(" \u{200b} ")),
        summary,
        ..parsed()
    });
    assert_eq!(derived.title, "Kommunen bygger en ny väg");
    let of_link = entry_of(ParsedEntry {
        title: None,
        link: Some(url("https://example.org/nyheter/en-ny-vag.html")),
        ..parsed()
    });
    assert_eq!(of_link.title, "En ny vag");
    let long = entry_of(ParsedEntry {
        title: Some(Text::plain("ord ".repeat(100_000))),
        ..parsed()
    });
    assert!(long.title.chars().count() <= 1_000 && long.title.ends_with('…'));
    let empty = normalize(
        &feed(ParsedEntry::default()),
        &source().address,
        &source(),
        now(),
    );
    assert!(empty.is_empty());
}

#[test]
fn dates_are_sane() {
    let origin = |entry: ParsedEntry| {
        let entry = entry_of(entry);
        (entry.published.at.to_rfc3339(), entry.date_origin)
    };
    let seen = (
        "2026-11-22T20:00:00+01:00".to_owned(),
        DateOrigin::FirstSeen,
    );
    let dated = |published: &str| ParsedEntry {
        published: Some(moment(published)),
        ..parsed()
    };
    assert_eq!(
        origin(dated("2026-11-20T08:00:00+01:00")),
        ("2026-11-20T08:00:00+01:00".to_owned(), DateOrigin::Feed)
    );
    assert_eq!(
        origin(dated("2031-01-01T00:00:00+02:00")),
        ("2026-11-22T21:00:00+02:00".to_owned(), DateOrigin::Feed)
    );
    assert_eq!(origin(dated("1970-01-01T00:00:00Z")), seen);
    assert_eq!(origin(dated("0001-01-01T00:00:00Z")), seen);
    assert_eq!(origin(parsed()), seen);
    let updated = ParsedEntry {
        updated: Some(moment("2026-11-20T08:00:00Z")),
        ..parsed()
    };
    assert_eq!(origin(updated).0, "2026-11-20T08:00:00+00:00");
    let by_address = |path: &str| ParsedEntry {
        link: Some(url(&format!("https://example.org/{path}"))),
        ..parsed()
    };
    assert_eq!(
        origin(by_address("2019-09-21-ny-vag")),
        ("2019-09-21T00:00:00+02:00".to_owned(), DateOrigin::Address)
    );
    assert_eq!(
        origin(by_address("2019/10/ny-vag")),
        ("2019-10-01T00:00:00+02:00".to_owned(), DateOrigin::Address)
    );
    assert_eq!(origin(by_address("2026/11/ny-vag")), seen);
    let early = entry_of(ParsedEntry {
        updated: Some(moment("2020-01-01T00:00:00Z")),
        ..dated("2026-11-20T08:00:00Z")
    });
    assert_eq!(early.updated, None);
}

#[test]
fn only_absolute_iris_may_be_published_as_ids() {
    let rows = [
        ("https://example.org/12", false, true),
        ("urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a", false, true),
        ("tag:example.org,2021:12", false, true),
        ("12 at https://example.org", false, false),
        ("nyhet:12", false, false),
        ("nyhet:12", true, true),
        ("12", true, false),
        ("/nyheter/12", true, false),
        ("https://", true, false),
        ("https://example.org/a b", true, false),
    ];
    for (id, is_declared, expected) in rows {
        let entry = entry_of(ParsedEntry {
            id: Some(format!(" {id}\n")),
            id_is_iri: is_declared,
            ..parsed()
        });
        assert_eq!(
            (entry.guid.as_deref(), entry.guid_is_iri),
            (Some(id), expected),
            "{id}"
        );
    }
    assert_eq!(
        entry_of(ParsedEntry {
            id: Some("x".repeat(10_000)),
            ..parsed()
        })
        .guid,
        None
    );
}

#[test]
fn texts_are_clean_and_bounded() {
    let body = |value: &str| {
        entry_of(ParsedEntry {
            content: Some(Text::new(TextKind::Unknown, value)),
            ..parsed()
        })
        .content
    };
    assert_eq!(
        body("<p onclick=x>Se <a href=\"karta\">kartan</a></p>").as_deref(),
        Some(
            "<p>Se <a href=\"https://example.org/nyheter/karta\" rel=\"noopener noreferrer\">kartan</a></p>"
        )
    );
    assert_eq!(body("<p>&nbsp;</p>"), None);
    assert_eq!(body("<script>x</script>"), None);
    assert_eq!(
        body("<p>Ord</p>\n<p>Inlägget <a href=\"https://example.org/a\">Ny väg</a> dök först upp på <a href=\"https://example.org/\">Kommunen</a>.</p>").as_deref(),
        Some("<p>Ord</p>")
    );
    assert_eq!(
        body("<p>Skriv till Den här e-postadressen skyddas mot spambots. Du måste tillåta JavaScript för att se den.</p><p>Ord</p>").as_deref(),
        Some("<p>Skriv till </p><p>Ord</p>")
    );
    let long = body(&"<p>ord <a href=\"https://example.org/\">ord</a></p>".repeat(50_000))
        .expect("a text");
    assert!(long.len() < 1_200_000 && long.contains('…'));
}

#[test]
fn people_categories_and_enclosures_are_cleaned() {
    let person = |name: &str, email: &str| Person {
        name: Some(name.to_owned()),
        email: Some(email.to_owned()),
        url: None,
    };
    let category = |term: &str| Category {
        term: term.to_owned(),
        scheme: None,
        label: None,
    };
    let enclosure = |url: &str| Enclosure {
        url: url.to_owned(),
        media_type: Some("audio/mpeg".to_owned()),
        length: None,
    };
    let entry = entry_of(ParsedEntry {
        authors: vec![
            person(" Anna  Andersson ", "anna@example.org"),
            person("none", "none"),
            person("Anna Andersson", "anna@example.org"),
        ],
        categories: vec![
            category(" Vägar\n"),
            category("vägar"),
            category(""),
            category("Uncategorized"),
        ],
        enclosures: vec![
            enclosure("/a.mp3"),
            enclosure("javascript:x"),
            enclosure(""),
        ],
        ..parsed()
    });
    assert_eq!(
        entry.authors,
        [person("Anna Andersson", "anna@example.org")]
    );
    assert_eq!(entry.categories, [category("Vägar")]);
    assert_eq!(entry.enclosures, [enclosure("https://example.org/a.mp3")]);
}

#[test]
fn the_language_is_told_or_guessed_only_where_nobody_tells() {
    let sv = Language::new("sv");
    let text =
        "Kommunen och regionen har tillsammans beslutat om en ny väg genom skogen till stationen";
    let guessed = entry_of(ParsedEntry {
        title: Some(Text::plain(text)),
        ..parsed()
    });
    assert_eq!(guessed.language, sv);
    assert_eq!(entry_of(parsed()).language, None);
    let told = entry_of(ParsedEntry {
        title: Some(Text::plain(text)),
        language: Language::new("nb"),
        ..parsed()
    });
    assert_eq!(told.language, Language::new("nb"));
}

#[test]
fn patterns_decide_what_is_admitted() {
    let entry = entry_of(ParsedEntry {
        summary: Some(Text::html("<p>Om <b>upphandling</b> av asfalt</p>")),
        categories: vec![Category {
            term: "trafik".to_owned(),
            scheme: None,
            label: Some("Trafik och resor".to_owned()),
        }],
        ..parsed()
    });
    let with = |only: &[&str], not: &[&str]| Source {
        only: only.iter().map(|&pattern| pattern.to_owned()).collect(),
        not: not.iter().map(|&pattern| pattern.to_owned()).collect(),
        ..source()
    };
    for (only, not, expected) in [
        (vec![], vec![], true),
        (vec!["UPPHANDLING*"], vec![], true),
        (vec!["resor"], vec![], true),
        (vec!["skola"], vec![], false),
        (vec![], vec!["bro"], false),
        (vec!["väg"], vec!["asfalt*"], false),
        (vec!["skola", "ny bro"], vec!["park"], true),
    ] {
        assert_eq!(
            admits(&with(&only, &not), &entry),
            expected,
            "{only:?} {not:?}"
        );
    }
}

proptest! {
    #[test]
    fn whatever_is_parsed_becomes_a_sane_entry(title in ".{0,40}", body in ".{0,80}", id in ".{0,20}", seconds in -62_000_000_000_i64..250_000_000_000) {
        let at = Utc.timestamp_opt(seconds, 0).single().expect("a moment");
        let parsed = ParsedEntry {
            id: Some(id),
            title: Some(Text::new(TextKind::Unknown, title)),
            summary: Some(Text::new(TextKind::Unknown, body)),
            published: Some(Moment::exact(at)),
            link: Some(url("https://example.org/a")),
            ..ParsedEntry::default()
        };
        let entry = entry_of(parsed);
        prop_assert!(!entry.title.is_empty() && !entry.title.contains('\n'));
        prop_assert!(entry.published.utc() <= now());
        prop_assert!(entry.updated.is_none_or(|updated| updated.utc() <= now()));
    }
}
