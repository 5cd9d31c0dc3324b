//! Fills a store with a million entries and reports what one decision costs and what the index weighs.
//!
//! `SAMFLODE_BENCH_ENTRIES` sets another number. Not a criterion bench: what counts is the tail, not the mean.

#[allow(
    dead_code,
    unused_imports,
    reason = "shared with the tests, which use all of it"
)]
#[path = "../tests/dedupe/arrival.rs"]
mod arrival;
#[allow(
    dead_code,
    unused_imports,
    reason = "shared with the tests, which use all of it"
)]
#[path = "../tests/dedupe/entries.rs"]
mod entries;
#[allow(
    dead_code,
    unused_imports,
    reason = "shared with the tests, which use all of it"
)]
#[path = "../tests/dedupe/stream/mod.rs"]
mod stream;

use std::time::{Duration, Instant};

use samflode::model::EntryId;

/// Decisions that are measured.
const MEASURED: usize = 5_000;
/// Pieces of news made at a time.
const STEP: usize = 2_000;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let wanted: usize = std::env::var("SAMFLODE_BENCH_ENTRIES")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(1_000_000);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = arrival::store(folder.path()).await;
    let start = Instant::now();
    let (mut count, mut seed) = (0, 1);
    while count < wanted {
        let placed = arrival::run(&store, stream::stream(seed, STEP)).await;
        count += placed.len();
        seed += 1;
    }
    let filled = start.elapsed();
    let (times, size) = store
        .read(move |reader| {
            let first = count.saturating_sub(MEASURED) as i64;
            let mut times = Vec::new();
            for id in first + 1..=count as i64 {
                if let Some(stored) = reader.entry(EntryId(id))? {
                    let start = Instant::now();
                    reader.placement(&stored)?;
                    times.push(start.elapsed());
                }
            }
            Ok((times, reader.index_size()?))
        })
        .await
        .expect("the store reads");
    report(count, filled, times, size);
}

fn report(count: usize, filled: Duration, mut times: Vec<Duration>, size: u64) {
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    println!(
        "{count} entries stored and placed in {filled:.0?}, {:.0?} each",
        filled / count.max(1) as u32
    );
    println!(
        "look-up and comparison: p50 {:?}, p99 {:?}, worst {:?}",
        at(0.5),
        at(0.99),
        at(1.0)
    );
    println!(
        "index on disk: {:.0} MB, {} octets an entry",
        size as f64 / 1e6,
        size / count.max(1) as u64
    );
}
