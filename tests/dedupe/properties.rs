//! What must hold whatever comes: the operator's word, reasons, repetition, and input that means harm.

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use samflode::model::{DedupeSettings, EntryId};
use samflode::store::Store;

use super::arrival::{run, store};
use super::entries::entry;
use super::stream::{HOSTILE, Told, hostile, stream};

const TITLE: &str = "Kommunen bygger ny gångbro över ån i Lindvika";
const TEXT: &str = "Arbetet med en ny gångbro över ån i Lindvika börjar i maj och beräknas ta åtta månader. Bron får belysning.";

fn start() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 9, 1, 6, 0, 0).unwrap()
}

fn told(source: usize, number: usize, title: &str, text: &str) -> Told {
    let at = start() + TimeDelta::minutes(number as i64);
    let link = format!("https://s{source}.example/{number}/sida");
    Told {
        source,
        news: number,
        class: "made".to_owned(),
        entry: entry(&link, title, text, at),
        seen: at,
    }
}

async fn clusters(store: &Store, entries: Vec<Told>) -> Vec<i64> {
    run(store, entries)
        .await
        .into_iter()
        .map(|(_, cluster, _)| cluster)
        .collect()
}

#[tokio::test]
async fn a_split_holds_through_a_new_run_and_a_join_outranks_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path()).await;
    // The press is first: the issuing body speaks once it is there, under the id that is published already.
    let found = clusters(
        &store,
        vec![told(50, 0, TITLE, TEXT), told(0, 9, TITLE, TEXT)],
    )
    .await;
    assert_eq!(found[0], found[1]);
    let (why, id) = store
        .read(|reader| {
            Ok((
                reader.why(EntryId(2))?,
                reader.cluster_facts(reader.entry(EntryId(1))?.unwrap().cluster.unwrap())?,
            ))
        })
        .await
        .unwrap();
    assert_eq!(why.merges.len(), 1);
    assert_eq!(id.unwrap().representative, EntryId(2));
    let published = why.published_id.unwrap();
    let now = start() + TimeDelta::hours(1);
    store
        .write(move |writer| writer.split(EntryId(2), None, now))
        .await
        .unwrap();
    let (first, second, again) = store
        .read(|reader| {
            Ok((
                reader.why(EntryId(1))?,
                reader.why(EntryId(2))?,
                reader.proposal(EntryId(2), DedupeSettings::default())?,
            ))
        })
        .await
        .unwrap();
    assert_eq!(first.published_id.as_deref(), Some(published.as_str()));
    assert_ne!(second.published_id, first.published_id);
    assert_eq!(second.parted, [EntryId(1)]);
    assert!(second.merges.iter().all(|merge| merge.undone.is_some()));
    assert_eq!(again, None);
    store
        .write(move |writer| writer.join(EntryId(2), EntryId(1), now))
        .await
        .unwrap();
    let why = store.read(|reader| reader.why(EntryId(2))).await.unwrap();
    assert_eq!(why.published_id, Some(published));
    assert_eq!(why.members.len(), 2);
    assert!(why.parted.is_empty());
    store
        .write(move |writer| writer.split(EntryId(1), None, now))
        .await
        .unwrap();
    let why = store.read(|reader| reader.why(EntryId(1))).await.unwrap();
    assert_eq!(why.members.len(), 1);
}

#[tokio::test]
async fn the_same_stream_gives_the_same_clusters_and_every_merge_has_a_reason() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path()).await;
        let placed = run(&store, stream(11, 60)).await;
        for (at, (_, cluster, id)) in placed.iter().enumerate() {
            let joined = placed[..at].iter().any(|(_, other, _)| other == cluster);
            let id = *id;
            let why = store.read(move |reader| reader.why(id)).await.unwrap();
            assert_eq!(why.merges.iter().any(|merge| merge.entry == id), joined);
        }
        runs.push(
            placed
                .into_iter()
                .map(|(_, cluster, _)| cluster)
                .collect::<Vec<_>>(),
        );
    }
    assert_eq!(runs[0], runs[1]);
}

#[tokio::test]
async fn nothing_is_lost_to_input_that_says_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path()).await;
    let long = "ord på ord ".repeat(450_000);
    let mut entries = Vec::new();
    for (number, (title, text)) in [
        ("Nyhet", ""),
        ("Nyheter", "Hej"),
        ("2026", "1 2 3 4 5"),
        ("Ett långt dokument", long.as_str()),
        ("?", "!"),
        ("Nyhet", "Något"),
    ]
    .into_iter()
    .enumerate()
    {
        entries.push(told(number, number, title, text));
    }
    let found = clusters(&store, entries).await;
    let mut distinct = found.clone();
    distinct.dedup();
    assert_eq!(distinct.len(), found.len());
    let titles = (0..300).map(|number| {
        told(
            number % 9,
            10 + number,
            "Driftstörning",
            &format!("Ärende {number} i nätet."),
        )
    });
    let found = clusters(&store, titles.collect()).await;
    let distinct: std::collections::HashSet<i64> = found.iter().copied().collect();
    assert_eq!(distinct.len(), found.len());
}

#[tokio::test]
async fn feeds_that_mean_harm_lose_nothing_and_merge_nothing() {
    for (name, make) in HOSTILE {
        if matches!(name, "one address" | "the same") {
            continue; // one entry that changes, or is told again
        }
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path()).await;
        let found = clusters(&store, hostile(make, 150)).await;
        let distinct: std::collections::HashSet<i64> = found.iter().copied().collect();
        assert_eq!(distinct.len(), found.len(), "{name}");
    }
}
