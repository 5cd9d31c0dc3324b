//! Dates: tables of strings with the moment each means, and what must hold for any string.

use std::path::Path;

use chrono::{DateTime, Datelike, FixedOffset, SecondsFormat, Utc};
use proptest::prelude::*;
use samflode::date::{self, Context};
use samflode::model::{Language, Precision};

/// One line of a table.
struct Row {
    place: String,
    text: String,
    context: Context,
    expected: Vec<String>,
}

/// The rows of one table: text, language, zone, present, then what is expected.
fn rows(table: &str) -> Vec<Row> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/dates")
        .join(table);
    let content = std::fs::read_to_string(&path).expect("the table is there");
    let told = |field: &str| (field != "-").then(|| field.to_owned());
    let read = |(number, line): (usize, &str)| {
        let fields: Vec<&str> = line.split('\t').collect();
        let zone = told(fields[2]).map_or(chrono_tz::Europe::Stockholm, |zone| {
            zone.parse().expect("a zone")
        });
        let now = told(fields[3]).map(|now| now.parse::<DateTime<Utc>>().expect("a moment"));
        Row {
            place: format!("{table}:{}", number + 1),
            text: fields[0].to_owned(),
            context: Context {
                time_zone: zone,
                language: told(fields[1]).and_then(|tag| Language::new(&tag)),
                now,
            },
            expected: fields[4..].iter().map(|&field| field.to_owned()).collect(),
        }
    };
    content
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.starts_with('#'))
        .map(read)
        .collect()
}

fn precision(precision: Precision) -> String {
    format!("{precision:?}").to_lowercase()
}

#[test]
fn what_is_read_the_short_way_is_read_alike_the_long_way() {
    let context = Context::default();
    for number in 0..20_000_i64 {
        let at = DateTime::from_timestamp(number * 86_407 * 7, 0).unwrap();
        let offset = FixedOffset::east_opt((number % 57 - 28) as i32 * 1800).unwrap();
        let text = at
            .with_timezone(&offset)
            .to_rfc3339_opts(SecondsFormat::Secs, number % 2 == 0);
        let short = date::parse(&text, &context);
        assert!(
            short.is_some() || at.with_timezone(&offset).year() >= 2100,
            "{text}"
        );
        // A word in front sends it through the walk.
        assert_eq!(
            short,
            date::parse(&format!("Publicerad: {text}"), &context),
            "{text}"
        );
    }
}

#[test]
fn every_date_of_the_tables_is_read() {
    let tables = [
        "feeds.tsv",
        "pages.tsv",
        "names.tsv",
        "phrases.tsv",
        "nothing.tsv",
    ];
    let rows: Vec<Row> = tables.into_iter().flat_map(rows).collect();
    assert!(rows.len() >= 400);
    let wrong: Vec<String> = rows.iter().filter_map(misread).collect();
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

fn misread(row: &Row) -> Option<String> {
    let read = match date::parse(&row.text, &row.context) {
        Some(moment) => vec![moment.at.to_rfc3339(), precision(moment.precision)],
        None => vec!["-".to_owned(), "-".to_owned()],
    };
    (read != row.expected).then(|| {
        format!(
            "{}: `{}` gave {read:?}, not {:?}",
            row.place, row.text, row.expected
        )
    })
}

#[test]
fn the_best_date_of_running_text_is_found() {
    let wrong: Vec<String> = rows("running.tsv").iter().filter_map(misfound).collect();
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

fn misfound(row: &Row) -> Option<String> {
    let found = date::find(&row.text, &row.context);
    let read = match &found {
        Some(found) => vec![
            found.moment.at.to_rfc3339(),
            precision(found.moment.precision),
            format!("{:?}", found.label).to_lowercase(),
            row.text[found.span.clone()].to_owned(),
        ],
        None => vec!["-".to_owned(); 4],
    };
    (read != row.expected).then(|| {
        format!(
            "{}: `{}` gave {read:?}, not {:?}",
            row.place, row.text, row.expected
        )
    })
}

#[test]
fn the_date_of_an_address_is_read() {
    let wrong: Vec<String> = rows("addresses.tsv")
        .iter()
        .filter_map(|row| {
            let url = row.text.parse().expect("an address");
            let read = match date::in_address(&url, &row.context) {
                Some(moment) => vec![moment.at.to_rfc3339(), precision(moment.precision)],
                None => vec!["-".to_owned(), "-".to_owned()],
            };
            (read != row.expected).then(|| {
                format!(
                    "{}: `{}` gave {read:?}, not {:?}",
                    row.place, row.text, row.expected
                )
            })
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn all_dates_of_a_long_text_are_found_across_its_pieces() {
    let line = "Ett beslut fattades och skrevs ned. Publicerad 13 september 2021. ";
    let text = line.repeat(5_000);
    let found = date::find_all(&text, &Context::default());
    assert_eq!(found.len(), 5_000);
    assert!(
        found
            .iter()
            .all(|found| &text[found.span.clone()] == "13 september 2021")
    );
}

/// Quadratic work on any of these would take minutes; the bound allows for a slow machine and no optimizing.
#[test]
fn hostile_texts_are_walked_in_linear_time() {
    let context = Context {
        now: Some(Utc::now()),
        ..Context::default()
    };
    for piece in [
        "1", "1.", "1 ", "20-", "maj ", "13:", "2021-", "för ", "Ω", "1 maj ", "(", "i ", "+0",
        "T0",
    ] {
        let text = piece.repeat(60_000 / piece.len());
        let started = std::time::Instant::now();
        let _ = date::find(&text, &context);
        let _ = date::parse(&text, &context);
        assert!(started.elapsed().as_secs() < 30, "{piece}");
    }
}

/// Strings made of what dates are made of: they get further into the readers than any characters do.
fn date_like() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "13",
        "2021",
        "09",
        "99",
        "0",
        "24",
        "60",
        "000",
        "99999",
        "-",
        "/",
        ".",
        ":",
        "T",
        "Z",
        " ",
        ",",
        "+",
        "sep",
        "maj",
        "May",
        "th",
        "CET",
        "GMT",
        "(",
        ")",
        "kl",
        "i",
        "dag",
        "för",
        "timmar",
        "sedan",
        "W",
        "년",
        "월",
        "일",
        "오후",
        "pm",
        "a.m.",
        "Publicerad",
        "ago",
        "last",
        "week",
        "\u{a0}",
        "é",
    ]);
    prop::collection::vec(pieces, 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_string_makes_the_readers_panic(text in ".{0,300}", likely in date_like(), now in prop::option::of(-62_000_000_000_i64..250_000_000_000)) {
        let now = now.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        let context = Context { now, ..Context::default() };
        for text in [text, likely] {
            let _ = date::parse(&text, &context);
            for found in date::find_all(&text, &context) {
                prop_assert!(text.get(found.span.clone()).is_some_and(|span| !span.is_empty()));
            }
        }
    }

    #[test]
    fn what_is_written_by_the_standards_is_read_back(seconds in 0_i64..4_000_000_000, zone in prop::sample::select(vec![0, 60, 120, -300, 330, -690])) {
        let zone = chrono::FixedOffset::east_opt(zone * 60).expect("a zone");
        let at = DateTime::from_timestamp(seconds, 0).expect("a moment").with_timezone(&zone);
        let context = Context::default();
        for written in [at.to_rfc3339(), at.to_rfc2822(), at.format("%Y%m%dT%H%M%S%z").to_string(), at.format("%a %b %e %H:%M:%S %z %Y").to_string(), at.format("%G-W%V-%uT%H:%M:%S%:z").to_string()] {
            prop_assert_eq!(date::parse(&written, &context).map(|moment| moment.at), Some(at), "{}", written);
        }
    }
}
