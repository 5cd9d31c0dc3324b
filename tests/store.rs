//! What the store keeps, in what order it gives it back, and what it lets go.

use rusqlite::Connection;

use crate::support::Newsroom;
use crate::support::newsroom::entry;

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
