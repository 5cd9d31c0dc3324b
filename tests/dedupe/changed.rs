//! Entries that change after they were placed: found by their new words, told with those that now tell the same, under
//! ids that stay.

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use samflode::model::EntryId;
use samflode::store::Store;

use super::arrival::{store, take};
use super::entries::entry;
use super::stream::Told;

const TITLE: &str = "Badhuset i Lindvika stänger för ombyggnad";
const TEXT: &str = "Badhuset i Lindvika stänger den 14 juni och öppnar igen i mars. Under tiden byggs bassängen om och taket läggs \
     om. Ombyggnaden kostar 54 miljoner kronor.";

/// What a source tells under one address of its own, some minutes after the start.
fn told(source: usize, minutes: i64, title: &str, text: &str) -> Told {
    let start: DateTime<Utc> = Utc.with_ymd_and_hms(2026, 9, 1, 6, 0, 0).unwrap();
    let at = start + TimeDelta::minutes(minutes);
    Told {
        source,
        news: 0,
        class: "made".to_owned(),
        entry: entry(
            &format!("https://s{source}.example/nyheter/sida"),
            title,
            text,
            at,
        ),
        seen: at,
    }
}

/// Number, cluster and published id after an entry was taken in.
async fn tell(store: &Store, told: Told) -> (EntryId, i64, String) {
    let id = store
        .write(move |writer| take(writer, &told))
        .await
        .unwrap();
    let (cluster, published_id) = standing(store, id).await;
    (id, cluster, published_id)
}

async fn standing(store: &Store, id: EntryId) -> (i64, String) {
    let stands = store.read(move |reader| {
        let cluster = reader.entry(id)?.unwrap().cluster.unwrap();
        Ok((cluster.0, reader.carriers(cluster)?.0.unwrap()))
    });
    stands.await.unwrap()
}

#[tokio::test]
async fn a_text_that_comes_later_finds_its_copies_and_the_older_id_stays() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path()).await;
    let (first, _, id) = tell(&store, told(0, 0, "Badhuset stänger", "")).await;
    let (second, _, other) = tell(&store, told(50, 60, TITLE, TEXT)).await;
    assert_ne!(id, other);
    let (again, ..) = tell(&store, told(0, 120, TITLE, TEXT)).await;
    assert_eq!(again, first);
    assert_eq!(
        standing(&store, first).await,
        standing(&store, second).await
    );
    assert_eq!(standing(&store, second).await.1, id);
    let why = store.read(move |reader| reader.why(second)).await.unwrap();
    assert_eq!(
        (why.merges[0].entry, why.merges[0].edge.with),
        (second, first)
    );
    assert_eq!(why.merges[0].changed, Some(first), "found when it changed");
}

#[tokio::test]
async fn a_corrected_title_is_what_later_copies_find() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path()).await;
    let (first, ..) = tell(
        &store,
        told(0, 0, "Nyhet utan rubrik", "Mer information kommer."),
    )
    .await;
    tell(&store, told(0, 30, TITLE, "Mer information kommer.")).await;
    let (copy, ..) = tell(&store, told(51, 90, TITLE, "")).await;
    assert_eq!(standing(&store, copy).await, standing(&store, first).await);
}

#[tokio::test]
async fn a_copy_of_what_was_corrected_since_is_a_copy() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path()).await;
    let (first, ..) = tell(&store, told(0, 0, TITLE, TEXT)).await;
    tell(&store, told(0, 30, TITLE, &TEXT.replace("54", "57"))).await;
    let (copy, ..) = tell(&store, told(51, 90, TITLE, TEXT)).await;
    assert_eq!(standing(&store, copy).await, standing(&store, first).await);
    let why = store.read(move |reader| reader.why(copy)).await.unwrap();
    assert!(why.merges[0].edge.evidence.earlier, "{why:?}");
    let (other, ..) = tell(&store, told(52, 95, TITLE, &TEXT.replace("54", "61"))).await;
    assert_ne!(standing(&store, other).await, standing(&store, first).await);
}

#[tokio::test]
async fn what_was_told_as_one_stays_one_when_a_carrier_corrects_a_figure() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path()).await;
    let (first, _, id) = tell(&store, told(0, 0, TITLE, TEXT)).await;
    let (copy, ..) = tell(&store, told(51, 30, TITLE, TEXT)).await;
    tell(&store, told(51, 60, TITLE, &TEXT.replace("54", "57"))).await;
    assert_eq!(standing(&store, first).await.1, id);
    assert_eq!(standing(&store, copy).await.1, id);
}

#[tokio::test]
async fn what_the_operator_parted_stays_apart_however_it_changes() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path()).await;
    let (first, ..) = tell(&store, told(0, 0, TITLE, TEXT)).await;
    let (copy, ..) = tell(&store, told(51, 30, TITLE, TEXT)).await;
    let now = Utc.with_ymd_and_hms(2026, 9, 1, 7, 0, 0).unwrap();
    store
        .write(move |writer| writer.split(copy, None, now))
        .await
        .unwrap();
    let parted = standing(&store, copy).await;
    for (minutes, more) in [(60, " Simskolan flyttar."), (90, " Kaféet är öppet.")] {
        tell(&store, told(51, minutes, TITLE, &format!("{TEXT}{more}"))).await;
        assert_eq!(standing(&store, copy).await, parted);
    }
    assert_ne!(standing(&store, first).await, parted);
}

#[tokio::test]
async fn who_hung_on_a_split_entry_gets_another_reason_or_an_id_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path()).await;
    let short = "Badhuset i Lindvika stänger den 14 juni och öppnar igen i mars.";
    let (first, _, id) = tell(&store, told(0, 0, TITLE, short)).await;
    let (middle, ..) = tell(&store, told(51, 30, TITLE, TEXT)).await;
    let (last, ..) = tell(&store, told(52, 60, TITLE, TEXT)).await;
    assert_eq!(standing(&store, last).await.1, id);
    let now = Utc.with_ymd_and_hms(2026, 9, 1, 9, 0, 0).unwrap();
    store
        .write(move |writer| writer.split(middle, None, now))
        .await
        .unwrap();
    assert_eq!(standing(&store, last).await, standing(&store, first).await);
    let why = store.read(move |reader| reader.why(last)).await.unwrap();
    let holds: Vec<EntryId> = why
        .merges
        .iter()
        .filter(|merge| merge.undone.is_none())
        .map(|merge| merge.edge.with)
        .collect();
    assert_eq!(holds, [first]);
}

#[tokio::test]
async fn what_many_carry_keeps_its_text_and_what_resembles_it_stays_apart() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path()).await;
    let title = "Vargar inventerade i hela Bergslagen";
    let text = |town: &str| {
        format!(
            "Spårning i snö visar fler familjer än någonsin. Rapporten lämnas i vår till {town} och läses av alla."
        )
    };
    let (_, cluster, _) = tell(&store, told(0, 0, title, &text("Karlsborg"))).await;
    for source in 1..=12 {
        let minutes = i64::try_from(source).unwrap();
        let copy = told(source, minutes, title, &text("Karlsborg"));
        assert_eq!(tell(&store, copy).await.1, cluster);
    }
    let other = told(40, 90, title, &text("Ludvika"));
    assert_ne!(tell(&store, other).await.1, cluster);
    let retold = told(
        0,
        200,
        "Rättelse: Vargar inventerade i hela Bergslagen",
        &text("Karlsborg"),
    );
    tell(&store, retold).await;
    let other = told(41, 290, title, &text("Malung"));
    assert_ne!(tell(&store, other).await.1, cluster);
}
