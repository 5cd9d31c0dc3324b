//! What publishing costs: rendering the merged feed after one new entry, searching, answering for a standing document.
//!
//! The store grows tenfold between two groups; none of the figures may grow with it.

use std::hint::black_box;
use std::time::Duration;

use chrono::{DateTime, Utc};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use samflode::model::{
    Category, DateOrigin, Entry, EntryChange, Language, Moment, Outcome, Plan, SourceId,
    SourceProfile, SourceState,
};
use samflode::server::{App, Metrics, Offline, Pulse};
use samflode::site::{Format, Site};
use samflode::store::{Saved, Store};

const SOURCES: &str =
    "[[source]]\nid = \"a\"\naddress = \"https://a.example/feed\"\nlanguage = \"sv\"\n";
const WORDS: [&str; 12] = [
    "upphandling",
    "textil",
    "livsmedel",
    "möbler",
    "klimatkrav",
    "ramavtal",
    "kemikalier",
    "region",
    "kommun",
    "vägledning",
    "arbetsvillkor",
    "återbruk",
];

fn now() -> DateTime<Utc> {
    "2026-03-02T09:00:00Z".parse().unwrap()
}

fn entry(number: usize) -> Entry {
    let word = |n: usize| WORDS[(number / 7 + n * (1 + number % 5)) % WORDS.len()];
    Entry {
        guid: None,
        guid_is_iri: false,
        link: format!("https://a.example/{number}").parse().unwrap(),
        link_is_own: true,
        title: format!("Nytt om {} och {}: beslut {number}", word(0), word(1)),
        summary: Some(
            format!(
                "<p>Nämnden har beslutat om {} inför nästa {}.</p>",
                word(2),
                word(3)
            )
            .repeat(3),
        ),
        content: None,
        published: Moment::exact(now()),
        updated: None,
        date_origin: DateOrigin::Feed,
        authors: Vec::new(),
        categories: vec![Category {
            term: word(4).into(),
            scheme: None,
            label: None,
        }],
        enclosures: Vec::new(),
        image: None,
        language: Language::new("sv"),
        rights: None,
        first_source: None,
    }
}

async fn tell(store: &Store, numbers: std::ops::Range<usize>) {
    let entries = numbers
        .map(|number| EntryChange::New {
            entry: Box::new(entry(number)),
            aliases: Vec::new(),
            held: false,
        })
        .collect();
    let plan = Plan {
        source: SourceId::new("a"),
        now: now(),
        state: SourceState::default(),
        entries,
        outcome: Outcome::Unchanged,
    };
    let saved = store.write(move |writer| {
        for saved in writer.save_entries(&plan)? {
            // Alone: what is measured is publishing, not the search for what tells the same.
            if let Saved::New { id, .. } = saved
                && let Some(stored) = writer.entry(id)?
            {
                writer.publish_alone(&stored, None, plan.now)?;
            }
        }
        Ok(())
    });
    saved.await.unwrap();
}

async fn site_of(folder: &std::path::Path, size: usize) -> (Store, Site) {
    let store = Store::open(&folder.join("bench.db")).unwrap();
    let config = samflode::config::parse("", SOURCES).unwrap();
    let profiles: Vec<_> = config.sources.iter().map(SourceProfile::from).collect();
    let registered = store.write(move |w| profiles.iter().try_for_each(|p| w.register(p, now())));
    registered.await.unwrap();
    for start in (0..size).step_by(1000) {
        tell(&store, start..(start + 1000).min(size)).await;
    }
    let site = Site::open(config.settings, config.sources, store.clone(), now())
        .await
        .unwrap();
    site.refresh(now()).await.unwrap();
    (store, site)
}

fn publishing(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let sizes: Vec<usize> = match std::env::var("SAMFLODE_BENCH_ENTRIES") {
        Ok(size) => vec![size.parse().unwrap()],
        Err(_) => vec![2_000, 20_000],
    };
    for size in sizes {
        let folder = tempfile::tempdir().unwrap();
        let _context = runtime.enter(); // the readers are let go within it
        let (store, site) = runtime.block_on(site_of(folder.path(), size));
        let mut group = criterion.benchmark_group("publishing");
        group
            .sample_size(30)
            .measurement_time(Duration::from_secs(4));
        let mut number = size;
        group.bench_function(
            BenchmarkId::new("render-after-one-new-entry", size),
            |bencher| {
                bencher.iter_custom(|times| {
                    let mut spent = Duration::ZERO;
                    for _ in 0..times {
                        number += 1;
                        runtime.block_on(tell(&store, number..number + 1));
                        let start = std::time::Instant::now();
                        assert!(runtime.block_on(site.refresh(now())).unwrap());
                        spent += start.elapsed();
                    }
                    spent
                });
            },
        );
        for query in ["upphandling", "upphandling textil region", "beslut"] {
            let id = BenchmarkId::new(format!("search: {query}"), size);
            group.bench_function(id, |bencher| {
                bencher.iter(|| runtime.block_on(site.search(query, Format::Atom)).unwrap());
            });
        }
        let app = App::new(site.clone(), Pulse::default(), Metrics::default());
        let offline = Offline::new(app);
        for path in ["/feed.atom", "/", "/categories/textil.atom"] {
            group.bench_function(
                BenchmarkId::new(format!("answer: {path}"), size),
                |bencher| {
                    bencher.iter(|| black_box(runtime.block_on(offline.body_at(path))));
                },
            );
        }
        group.finish();
    }
}

criterion_group!(benches, publishing);
criterion_main!(benches);
