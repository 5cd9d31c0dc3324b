//! Streams through the store, in order of arrival, from an empty one: what was merged and what was not.

use std::collections::HashMap;
use std::path::Path;

use chrono::Utc;
use samflode::dedupe::identity::{Change, Known, aliases, recognize};
use samflode::model::{
    EntryChange, EntryId, Outcome, Plan, Role, Source, SourceId, SourceProfile, SourceState,
};
use samflode::store::{Error, Saved, Store, Writer};
use url::Url;

use super::entries;
use super::score::score;
use super::stream::{Told, notices, roles, stream};

fn source(number: usize, role: Role) -> Source {
    Source {
        id: SourceId::new(format!("s{number}")),
        title: format!("Source {number}"),
        address: Url::parse(&format!("https://s{number}.example/feed")).unwrap(),
        role,
        ..entries::source()
    }
}

/// A store that knows the sources of the stream.
pub async fn store(folder: &Path) -> Store {
    store_of(folder, roles()).await
}

/// A store that knows sources of these roles.
pub async fn store_of(folder: &Path, roles: Vec<Role>) -> Store {
    let store = Store::open(&folder.join("test.db")).unwrap();
    store
        .write(move |writer| {
            for (number, role) in roles.into_iter().enumerate() {
                let profile = SourceProfile::from(&source(number, role));
                writer.register(&profile, Utc::now())?;
            }
            Ok(())
        })
        .await
        .unwrap();
    store
}

/// Recognizes, stores and places one entry as a refresh does.
pub fn take(writer: &Writer<'_>, told: &Told) -> Result<EntryId, Error> {
    let source = source(told.source, Role::Press);
    let by_alias = writer.recognized(&source.id, &aliases(&told.entry, &source))?;
    let mut known = Known::default();
    for id in by_alias.values() {
        known
            .entries
            .extend(writer.entry(*id)?.map(|stored| (*id, stored)));
    }
    known.by_alias = by_alias;
    let state = SourceState::default();
    let found = recognize(vec![told.entry.clone()], &source, &known, &state);
    let entries = found.into_iter().map(|found| {
        let (entry, aliases) = (Box::new(found.entry), found.aliases);
        match found.known {
            None => EntryChange::New {
                entry,
                aliases,
                held: false,
            },
            Some((id, Change::Material)) => EntryChange::Changed { id, entry, aliases },
            Some((id, Change::Touched)) => EntryChange::Touched { id, entry, aliases },
            Some((id, Change::None)) => EntryChange::Seen { id, aliases },
        }
    });
    let plan = Plan {
        source: source.id.clone(),
        now: told.seen,
        state,
        entries: entries.collect(),
        outcome: Outcome::Unchanged,
    };
    let mut taken = EntryId(0);
    for saved in writer.save_entries(&plan)? {
        match saved {
            Saved::New { id, .. } => {
                writer.publish(id, None, told.seen)?;
                taken = id;
            }
            Saved::Changed(id) => {
                writer.publish_changed(id, told.seen)?;
                taken = id;
            }
            Saved::Quiet(id) | Saved::Withdrawn(id) => taken = id,
        }
    }
    Ok(taken)
}

/// Takes a stream in; the cluster of each of its entries.
pub async fn run(store: &Store, stream: Vec<Told>) -> Vec<(Told, i64, EntryId)> {
    store
        .write(move |writer| {
            let mut placed = Vec::new();
            for told in stream {
                let id = take(writer, &told)?;
                placed.push((told, id));
            }
            // An entry may have moved since: what counts is where it is in the end.
            let mut clusters = HashMap::new();
            for (_, id) in &placed {
                let cluster = writer.entry(*id)?.and_then(|entry| entry.cluster);
                clusters.insert(*id, cluster.map_or(0, |cluster| cluster.0));
            }
            let place = |(told, id): (Told, EntryId)| (told, clusters[&id], id);
            Ok(placed.into_iter().map(place).collect())
        })
        .await
        .unwrap()
}

#[tokio::test]
async fn a_stream_of_copies_and_look_alikes_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path()).await;
    let count = std::env::var("STREAM")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(300);
    let placed = run(&store, stream(7, count)).await;
    let score = score(&placed);
    score.print();
    assert!(score.wrong <= 2, "{} pairs wrongly together", score.wrong);
    assert!(score.recall() >= 0.97, "recall {}", score.recall());
}

#[tokio::test]
async fn police_notices_of_one_feed_stay_apart() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path()).await;
    let count = std::env::var("NOTICES")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(300);
    let start = std::time::Instant::now();
    let placed = run(&store, notices(3, count)).await;
    println!("{count} notices in {:?}", start.elapsed());
    let score = score(&placed);
    score.print();
    assert!(score.wrong <= 5);
}
