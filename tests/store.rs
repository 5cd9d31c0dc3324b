//! What the store keeps, in what order it gives it back, and what it lets go.

use rusqlite::Connection;

use samflode::model::{ClusterId, IncidentKind, NamedFeed, SourceId};
use samflode::store::{BY_MAIL, Definition};

use crate::support::newsroom::entry;
use crate::support::{Newsroom, World};

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
