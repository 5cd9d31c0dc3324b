//! What the store keeps, in what order it gives it back, and what it lets go.

use chrono::TimeDelta;
use rusqlite::Connection;

use samflode::model::{ClusterId, EntryId, IncidentKind, NamedFeed, SourceId};
use samflode::store::{BY_MAIL, Definition};

use crate::support::feeds::{item, rss};
use crate::support::newsroom::entry;
use crate::support::{Newsroom, Site, World};

/// The one number that a query gives.
fn number(database: &Connection, sql: &str) -> i64 {
    database.query_row(sql, [], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn joining_two_of_many_leaves_the_way_to_older_news_open() {
    let mut room = Newsroom::open().await;
    let told = (0..60).map(|at| entry(&format!("Nyhet {at}"))).collect();
    let ids = room.tell_all("kommunen", told).await;
    let (a, b, now) = (ids[57], ids[58], room.now);
    room.store
        .write(move |writer| writer.join(a, b, now))
        .await
        .unwrap();
    let served = room.serve().await;
    let shown = async |path: &str| {
        let page = served.get(path).await;
        let links = page.text().matches("<article").count();
        (links, page.text().contains("rel=\"next\""))
    };
    assert_eq!(shown("/").await, (50, true), "before the index followed");
    room.site.refresh(room.now).await.unwrap();
    assert_eq!(shown("/").await, (50, true));
    assert_eq!(shown("/?q=nyhet").await, (50, true));
    let database = room.database();
    for sql in [
        "SELECT count(DISTINCT cluster) FROM view_member",
        "SELECT members FROM view WHERE kind = 0",
        "SELECT count(*) FROM search WHERE search MATCH 'nyhet'",
    ] {
        assert_eq!(number(&database, sql), 59, "{sql}");
    }
}

#[tokio::test]
async fn the_incidents_of_a_source_that_is_not_polled_any_more_end_and_are_told() {
    let source = |id: &str, more: &str| {
        format!("[[source]]\nid = \"{id}\"\naddress = \"https://{id}.example/\"\n{more}")
    };
    let all = source("kvar", "") + &source("borta", "") + &source("vilar", "");
    let world = World::following(&all).await;
    let (store, now) = (world.bench.store.clone(), world.now);
    let open = async || {
        let incidents = store.read(|reader| reader.incidents(10)).await.unwrap();
        incidents
            .into_iter()
            .filter(|incident| incident.ended.is_none())
            .map(|incident| {
                incident
                    .source
                    .map_or_else(String::new, |id| id.to_string())
            })
            .collect::<Vec<_>>()
    };
    store
        .write(move |writer| {
            for id in ["kvar", "borta", "vilar"] {
                let id = SourceId::new(id);
                writer.open_incident(Some(&id), IncidentKind::Failing, "x", now)?;
            }
            writer.open_incident(None, IncidentKind::OwnNetwork, "x", now)
        })
        .await
        .unwrap();
    let left = source("kvar", "") + &source("vilar", "state = \"retired\"\n");
    let left = samflode::config::parse("", &left).unwrap().sources;
    world.daemon.follow(left, now).await.unwrap();
    assert_eq!(open().await, ["", "kvar"]);
    let told = store.read(move |reader| reader.messages_due(BY_MAIL, now, 9));
    let told: Vec<String> = told.await.unwrap().into_iter().map(|m| m.payload).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told.iter().all(|one| one.contains("not polled any more")),
        "{told:?}"
    );
}

fn everything() -> NamedFeed {
    NamedFeed {
        name: "urval".into(),
        ..Default::default()
    }
}

/// The clusters of the named feed, by position.
fn order(room: &Newsroom) -> Vec<i64> {
    let database = room.database();
    let mut statement = database
        .prepare("SELECT cluster FROM view_publication WHERE view = (SELECT id FROM view WHERE name = 'urval') ORDER BY position")
        .unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

#[tokio::test]
async fn a_named_feed_that_was_not_followed_for_a_while_has_no_gap() {
    let mut room = Newsroom::open().await;
    let with = |settings: &mut samflode::model::Settings| settings.feeds = vec![everything()];
    room.tell("kommunen", entry("Före")).await;
    room.reopened(with).await;
    room.tell("kommunen", entry("Följd")).await;
    assert_eq!(order(&room), [1, 2]);
    room.reopened(|_| {}).await;
    room.tell("kommunen", entry("Under tiden")).await;
    assert_eq!(order(&room), [1, 2]);
    room.reopened(with).await;
    assert_eq!(order(&room), [1, 2, 3]);
    room.reopened(with).await;
    room.tell("kommunen", entry("Efter")).await;
    assert_eq!(order(&room), [1, 2, 3, 4]);
}

#[tokio::test]
async fn a_named_feed_whose_filling_was_cut_short_tells_nothing_twice() {
    let mut room = Newsroom::open().await;
    for title in ["Ett", "Två", "Tre"] {
        room.tell("kommunen", entry(title)).await;
    }
    let now = room.now;
    room.store
        .write(move |writer| {
            writer.define_named(&Definition {
                name: "urval".into(),
                label: "urval".into(),
                text: format!("{:?}", everything()),
            })?;
            writer.fill_named("urval", 1, |_| Some(0))?;
            writer.publish_again(ClusterId(2), now)
        })
        .await
        .unwrap();
    assert_eq!(order(&room), [1]);
    room.reopened(|settings| settings.feeds = vec![everything()])
        .await;
    assert_eq!(order(&room), [1, 3, 2]);
}

#[tokio::test]
async fn a_retention_takes_texts_and_revisions_in_steps_and_leaves_newer_ones() {
    let mut room = Newsroom::open().await;
    let told = (0..30).map(|at| entry(&format!("Nyhet {at}"))).collect();
    let ids = room.tell_all("kommunen", told).await;
    room.correct("kommunen", ids[0], entry("Rättad")).await;
    let before = room.now;
    room.now += TimeDelta::days(1);
    room.tell("kommunen", entry("Ny")).await;
    let forget = async |limit| {
        let step = room
            .store
            .write(move |writer| writer.forget_texts(before, limit));
        step.await.unwrap()
    };
    assert_eq!(
        [forget(20).await, forget(20).await, forget(20).await],
        [20, 10, 0]
    );
    let database = room.database();
    let texts = "SELECT count(*) FROM entry WHERE summary IS NOT NULL";
    assert_eq!(number(&database, texts), 1);
    assert_eq!(number(&database, "SELECT count(*) FROM revision"), 0);
    assert_eq!(
        number(&database, "SELECT count(*) FROM entry WHERE title <> ''"),
        31
    );
    // Where it has been, it finds nothing to look at.
    let plan: String = database
        .query_row(
            "EXPLAIN QUERY PLAN SELECT id FROM entry WHERE first_seen < 1
             AND (summary IS NOT NULL OR content IS NOT NULL OR revisions > 0) ORDER BY first_seen LIMIT 9",
            [],
            |row| row.get(3),
        )
        .unwrap();
    assert!(plan.contains("entry_texts"), "{plan}");
}

#[tokio::test]
async fn what_nobody_needs_any_more_goes_in_time() {
    let world = World::following("").await;
    let (store, now) = (world.bench.store.clone(), world.now);
    let database = Connection::open(store.path()).unwrap();
    let seen = |days: i64| {
        let at = Some(now - TimeDelta::days(days));
        samflode::model::HostState {
            robots_at: at,
            free_at: at,
            ..Default::default()
        }
    };
    let states = [
        ("https://a", seen(61)),
        ("https://b", seen(59)),
        ("https://c", seen(61)),
    ];
    for (origin, mut state) in states {
        if origin == "https://c" {
            state.rests_until = Some(now + TimeDelta::hours(1));
        }
        let sql = "INSERT INTO host (origin, state) VALUES (?1, ?2)";
        let state = serde_json::to_string(&state).unwrap();
        database.execute(sql, [origin, &state]).unwrap();
    }
    store
        .write(move |writer| {
            for (days, ends) in [(400, true), (400, false), (10, true)] {
                let at = now - TimeDelta::days(days);
                let source = SourceId::new(format!("{days}{ends}"));
                let begun = writer.open_incident(Some(&source), IncidentKind::Failing, "x", at)?;
                if let Some(begun) = begun.filter(|_| ends) {
                    writer.conclude_incident(begun, at)?;
                }
            }
            Ok(())
        })
        .await
        .unwrap();
    let count = |sql: &str| number(&database, &format!("SELECT count(*) FROM {sql}"));
    assert_eq!((count("outbox"), count("incident")), (4, 3));
    world.daemon.keep_house(now).await.unwrap();
    assert_eq!((count("outbox"), count("incident")), (0, 2));
    let waits: String = database
        .query_row("SELECT group_concat(origin) FROM host", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(waits, "https://b,https://c");
}

#[tokio::test]
async fn a_takedown_leaves_no_word_anywhere_and_its_source_still_tells_nothing_new() {
    let site = Site::start().await;
    let secret = item(1, "Hemligstämplad uppgift om en person i Kungsör");
    let copy = secret.clone();
    let other = item(2, "Något helt annat hände också i regionen");
    site.publish("/a", rss(&[secret, other]));
    site.publish("/b", rss(&[copy]));
    let source = |id: &str| {
        format!(
            "[[source]]\nid = \"{id}\"\naddress = \"{}\"\n",
            site.at(&format!("/{id}"))
        )
    };
    let mut world = World::following(&(source("a") + &source("b"))).await;
    world.refresh().await;
    let database = Connection::open(world.bench.store.path()).unwrap();
    let secret_entry = number(&database, "SELECT id FROM entry WHERE title LIKE 'Hemlig%'");
    assert_eq!(number(&database, "SELECT count(*) FROM merge_edge"), 1);
    database
        .execute_batch(&format!(
            "UPDATE merge_edge SET evidence = json_set(evidence, '$.title_difference', json_array('hemlig'), '$.address', 'x/hemlig');
             INSERT OR REPLACE INTO veto (entry, other, kind, detail, at) VALUES ({secret_entry}, 1, 'window', 'hemlig', 0);"
        ))
        .unwrap();
    let cluster = number(
        &database,
        &format!("SELECT cluster FROM entry WHERE id = {secret_entry}"),
    );
    let keys = "SELECT group_concat(key) FROM alias WHERE entry IN (SELECT id FROM entry WHERE cluster = ?1)";
    let keys = |of: i64| -> String { database.query_row(keys, [of], |row| row.get(0)).unwrap() };
    assert!(keys(cluster).contains("guid:"), "{}", keys(cluster));
    let published = world.site().await;
    let name = cluster.to_string();
    let taken = published.take_down(&name, "wrong person named", world.now);
    taken.await.unwrap();
    let left = keys(cluster);
    assert!(
        left.split(',').all(|key| key.starts_with("digest:")),
        "{left}"
    );
    for sql in [
        "SELECT group_concat(evidence) FROM merge_edge",
        "SELECT group_concat(detail) FROM veto",
        "SELECT group_concat(title || coalesce(summary, '') || details || link) FROM entry WHERE withdrawn IS NOT NULL",
    ] {
        let text: String = database.query_row(sql, [], |row| row.get(0)).unwrap();
        assert!(!text.to_lowercase().contains("hemlig"), "{sql}: {text}");
        assert!(!text.contains("/1"), "{sql}: {text}");
    }
    world.later(TimeDelta::hours(2));
    let changed = item(1, "Hemligstämplad uppgift om en person i Kungsör, igen");
    site.publish(
        "/a",
        rss(&[
            changed.clone(),
            item(2, "Något helt annat hände också i regionen"),
        ]),
    );
    site.publish("/b", rss(&[changed]));
    world.refresh().await;
    let titles = world.titles().await;
    assert_eq!(titles.len(), 3, "{titles:?}");
    assert!(!titles.concat().contains("Hemlig"), "{titles:?}");
    assert_eq!(
        world
            .bench
            .store
            .read(move |reader| reader.why(EntryId(secret_entry)))
            .await
            .unwrap()
            .merges
            .len(),
        1
    );
}
