//! What telling news once costs: a decision and the index with a million entries, and feeds that mean harm.
//!
//! Not a criterion bench: what counts is the tail, not the mean. Other work on the machine does not count: long times are
//! of the processor, short ones are taken again when the thread was made to wait. `SAMFLODE_BENCH_ENTRIES` sets another number than a million; `cargo bench --bench dedupe --
//! notices` and `-- hostile` run the other two parts.

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
#[path = "../tests/dedupe/score.rs"]
mod score;
#[allow(
    dead_code,
    unused_imports,
    reason = "shared with the tests, which use all of it"
)]
#[path = "../tests/dedupe/stream/mod.rs"]
mod stream;

use std::time::{Duration, Instant};

use samflode::model::{EntryChange, EntryId, Outcome, Plan, SourceId, SourceState};
use samflode::store::{Saved, Store};

use stream::Told;

/// Decisions that are measured.
const MEASURED: i64 = 5_000;
/// Pieces of news made at a time.
const STEP: usize = 2_000;
/// Police notices of one feed.
const NOTICES: usize = 26_000;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = arrival::store(folder.path()).await;
    match std::env::args().find(|argument| !argument.starts_with("--") && !argument.contains('/')) {
        Some(part) if part == "notices" => notices(&store).await,
        Some(part) if part == "hostile" => hostile(&store).await,
        _ => million(&store).await,
    }
}

/// Times that a piece of work is tried before a disturbed time is taken.
const TRIES: usize = 20;

/// How long a short piece of work takes when this thread is not made to wait for a processor meanwhile.
fn undisturbed<E>(work: impl Fn() -> Result<(), E>) -> Result<Duration, E> {
    let mut took = Duration::ZERO;
    for _ in 0..TRIES {
        let before = switches();
        let start = Instant::now();
        work()?;
        took = start.elapsed();
        if switches() == before {
            break;
        }
    }
    Ok(took)
}

/// How often this thread has been made to wait.
fn switches() -> String {
    let status = std::fs::read_to_string("/proc/thread-self/status").unwrap_or_default();
    let lines = status.lines();
    lines
        .filter(|line| line.starts_with("nonvoluntary_ctxt"))
        .collect()
}

/// Time that this thread has spent on a processor, to some milliseconds; nothing where the system does not tell.
fn spent() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = told.split(' ').next().and_then(|first| first.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or(0))
}

async fn million(store: &Store) {
    let wanted: usize = std::env::var("SAMFLODE_BENCH_ENTRIES")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(1_000_000);
    let (mut count, mut seed, mut filling) = (0, 1, Duration::ZERO);
    while count < wanted {
        let news = stream::stream(seed, STEP);
        count += news.len();
        filling += fill(store, news).await;
        seed += 1;
    }
    println!(
        "{count} entries stored and placed in {filling:.0?} of CPU, {:.0?} each",
        filling / count as u32
    );
    let last = count as i64;
    // On the writer's turn, where a refresh decides too.
    let (times, size) = store
        .write(move |writer| {
            let mut times = Vec::new();
            for id in (last - MEASURED).max(0) + 1..=last {
                if let Some(stored) = writer.entry(EntryId(id))? {
                    times.push(undisturbed(|| writer.placement(&stored).map(|_| ()))?);
                }
            }
            Ok((times, writer.index_size()?))
        })
        .await
        .expect("the store reads");
    show("look-up and comparison", times);
    println!(
        "index on disk: {:.0} MB, {} octets an entry",
        size as f64 / 1e6,
        size / count as u64
    );
}

/// Stores and places entries that are known to be new: identity is not what is measured here.
async fn fill(store: &Store, news: Vec<Told>) -> Duration {
    store
        .write(move |writer| {
            let before = spent();
            for told in news {
                let plan = Plan {
                    source: SourceId::new(format!("s{}", told.source)),
                    now: told.seen,
                    state: SourceState::default(),
                    entries: vec![EntryChange::New {
                        entry: Box::new(told.entry),
                        aliases: Vec::new(),
                        held: false,
                    }],
                    outcome: Outcome::Unchanged,
                };
                for saved in writer.save_entries(&plan)? {
                    if let Saved::New { id, .. } = saved {
                        writer.publish(id, None, plan.now)?;
                    }
                }
            }
            Ok(spent() - before)
        })
        .await
        .expect("the store writes")
}

/// Recognizes, stores and places entries; the time of the writer's thread.
async fn take_in(store: &Store, news: Vec<Told>) -> Duration {
    store
        .write(move |writer| {
            let before = spent();
            for told in &news {
                arrival::take(writer, told)?;
            }
            Ok(spent() - before)
        })
        .await
        .expect("the store writes")
}

fn show(what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    println!(
        "{what}: p50 {:.0?}, p99 {:.0?}, worst {:.0?}",
        at(0.5),
        at(0.99),
        at(1.0)
    );
}

/// Notices that differ in town, street, figure and hour alone.
async fn notices(store: &Store) {
    let placed = arrival::run(store, stream::notices(3, NOTICES)).await;
    let score = score::score(&placed);
    println!(
        "{NOTICES} notices: {} merged that are not the same",
        score.wrong
    );
    score.print();
}

/// Feeds of ten thousand that say nearly nothing, each in quarters, so that what is not linear shows.
async fn hostile(store: &Store) {
    for (name, make) in stream::HOSTILE {
        let all = stream::hostile(make, 10_000);
        let mut quarters = Vec::new();
        let mut left = all.into_iter().peekable();
        while left.peek().is_some() {
            quarters.push(take_in(store, left.by_ref().take(2_500).collect()).await);
        }
        println!("{name}: {quarters:.2?}");
    }
}
