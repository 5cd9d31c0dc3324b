//! What time does to a source: an unreachable robots.txt over a month, a clock that jumps, a move over days.

use chrono::{Duration, TimeDelta};
use samflode::model::{Outcome, Skip};

use crate::support::command::Command;
use crate::support::feeds::{item, rss};
use crate::support::site::Page;
use crate::support::{Site, World};

fn hourly(site: &Site) -> String {
    format!(
        "[[source]]\nid = \"a\"\nkind = \"feed\"\ninterval = \"1h\"\naddress = \"{}\"\n",
        site.at("/rss")
    )
}

/// RFC 9309 section 2.3.1.4: everything is forbidden for now, and after 30 days it counts as not there.
#[tokio::test]
async fn robots_that_cannot_be_had_for_a_month_forbid_no_longer() {
    let site = Site::start().await;
    site.publish("/rss", rss(&[item(1, "Första")]));
    site.serve("/robots.txt", Page::status(500));
    let mut world = World::following(&hourly(&site)).await;
    for day in 0..30 {
        let ended = world.refresh().await;
        assert!(
            matches!(
                ended[..],
                [Outcome::Skipped(Skip::RobotsUnreachable { .. })]
            ),
            "day {day}: {ended:?}"
        );
        world.daemon.keep_house(world.now).await.unwrap();
        world.later(Duration::days(1));
    }
    assert!(site.seen("/rss").is_empty());
    assert!(matches!(
        world.refresh().await[..],
        [Outcome::Updated { .. }]
    ));
    site.publish("/robots.txt", "User-agent: *\nDisallow: /rss\n");
    world.later(Duration::hours(2));
    assert!(matches!(
        world.refresh().await[..],
        [Outcome::Skipped(Skip::RobotsForbid { .. })]
    ));
}

#[tokio::test]
async fn a_clock_that_jumps_by_days_costs_one_poll_and_keeps_none_away() {
    let site = Site::start().await;
    site.publish("/rss", rss(&[item(1, "Första")]));
    let mut world = World::following(&hourly(&site)).await;
    world.later(Duration::minutes(2));
    assert_eq!(world.tick().await.len(), 1);
    for jump in [Duration::days(9), Duration::days(-9), Duration::days(-400)] {
        world.later(jump);
        let before = site.seen("/rss").len();
        // What a service does: a beat each second, errands each minute.
        for minute in 0..150 {
            world.later(Duration::minutes(1));
            world.daemon.run_errands(world.now).await.unwrap();
            world.tick().await;
            let asked = site.seen("/rss").len() - before;
            assert!(asked <= 3, "{jump}: asked {asked} times by minute {minute}");
        }
        let asked = site.seen("/rss").len() - before;
        assert!(asked >= 2, "{jump}: asked {asked} times in 150 minutes");
        let due = world.source("a").await.state.due.unwrap();
        assert!(due <= world.now + TimeDelta::hours(2), "{jump}: due {due}");
    }
}

/// Three polls through an unbroken permanent chain, over two days; then the old address is asked no more.
#[tokio::test]
async fn a_permanent_move_is_followed_to_its_new_address_and_written_down() {
    let site = Site::start().await;
    site.publish("/new", rss(&[item(1, "Första")]));
    let redirect = |status, to: &str| Page::status(status).header("location", to);
    site.serve("/rss", redirect(301, "/between"));
    site.serve("/between", redirect(308, "/new"));
    let mut world = World::following(&hourly(&site)).await;
    for (hours, is_confirmed) in [(0, false), (30, false), (30, true)] {
        world.later(Duration::hours(hours));
        world.refresh().await;
        let moved = world.source("a").await.state.moved.unwrap();
        assert_eq!(
            (moved.to, moved.confirmed),
            (site.at("/new"), is_confirmed),
            "after {hours} more hours"
        );
    }
    let asked = site.seen("/rss").len();
    world.later(Duration::hours(2));
    world.refresh().await;
    assert_eq!((asked, site.seen("/rss").len()), (3, 3));
    let command = Command::with("", &format!("# Kommunen\n{}", hourly(&site)));
    let database = world.bench.store.path().display().to_string();
    let written = command.run(&["sources", "--accept-moves", "--database", &database]);
    assert_eq!(written.code, 0, "{written:?}");
    let file = command.folder().join("config/sources.toml");
    let text = std::fs::read_to_string(file).unwrap();
    assert!(
        text.starts_with("# Kommunen\n") && text.contains(&site.at("/new")),
        "{text}"
    );
}

#[tokio::test]
async fn a_chain_with_one_temporary_step_is_no_move() {
    let site = Site::start().await;
    site.publish("/new", rss(&[item(1, "Första")]));
    let redirect = |status, to: &str| Page::status(status).header("location", to);
    site.serve("/rss", redirect(301, "/between"));
    site.serve("/between", redirect(302, "/new"));
    let mut world = World::following(&hourly(&site)).await;
    for _ in 0..4 {
        world.refresh().await;
        world.later(Duration::days(1));
    }
    let moved = world.source("a").await.state.moved;
    assert!(moved.is_none_or(|moved| moved.to == site.at("/between")));
}
