//! Tables of when and why.

use chrono_tz::Europe::Stockholm;
use url::Url;

use super::*;
use crate::model::{Kind, Limits, Moment, SourceId};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("a moment")
}

fn source(schedule: Schedule) -> Source {
    Source {
        id: SourceId::new("kungsor"),
        title: "Kungsör".into(),
        address: Url::parse("https://www.kungsor.example/rss").expect("an address"),
        former: Vec::new(),
        home: None,
        kind: Kind::Feed,
        language: None,
        time_zone: Stockholm,
        categories: Vec::new(),
        role: Default::default(),
        schedule,
        only: Vec::new(),
        not: Vec::new(),
        extent: Default::default(),
        activity: Default::default(),
        robots: Default::default(),
        relearn: Default::default(),
        limits: Limits::default(),
    }
}

fn hourly() -> Source {
    source(Schedule::Every(Duration::from_secs(3600)))
}

const UPDATED: Outcome = Outcome::Updated {
    new: 1,
    changed: 0,
    unchanged: 9,
    held: 0,
    repairs: Vec::new(),
};

fn minutes(
    source: &Source,
    state: &SourceState,
    outcome: &Outcome,
    freshness: &Freshness,
    hints: &Hints,
) -> i64 {
    let now = at("2026-11-02T08:00:00Z");
    (next_due(source, state, outcome, freshness, hints, now).at - now).num_minutes()
}

#[test]
fn an_interval_is_kept_with_a_little_jitter() {
    let found = minutes(
        &hourly(),
        &SourceState::default(),
        &UPDATED,
        &Freshness::default(),
        &Hints::default(),
    );
    assert!((60..=67).contains(&found), "{found}");
}

#[test]
fn what_the_server_says_pushes_later_but_a_day_at_most() {
    let now = at("2026-11-02T08:00:00Z");
    let push = |hours| {
        let freshness = Freshness {
            fresh_until: Some(now + TimeDelta::hours(hours)),
            retry_after: None,
        };
        minutes(
            &hourly(),
            &SourceState::default(),
            &Outcome::Unchanged,
            &freshness,
            &Hints::default(),
        )
    };
    assert_eq!(push(5), 300);
    assert!((1500..=1507).contains(&push(900)), "{}", push(900));
    assert!((60..=67).contains(&push(0)));
}

#[test]
fn a_fraction_of_a_second_is_not_taken_off_what_is_fresh() {
    let now = at("2026-11-02T08:00:00Z");
    let until = now + TimeDelta::hours(15) + TimeDelta::milliseconds(40);
    let freshness = Freshness {
        fresh_until: Some(until),
        retry_after: None,
    };
    let (state, hints) = (SourceState::default(), Hints::default());
    let due = next_due(
        &hourly(),
        &state,
        &Outcome::Unchanged,
        &freshness,
        &hints,
        now,
    );
    assert_eq!(due.at, at("2026-11-02T23:00:01Z"));
}

#[test]
fn ttl_and_period_hold_for_unchanged_polls_too() {
    let hints = Hints {
        ttl_minutes: Some(240),
        ..Hints::default()
    };
    let mut state = SourceState::default();
    assert_eq!(
        minutes(&hourly(), &state, &UPDATED, &Freshness::default(), &hints),
        240
    );
    keep_pace(&mut state, &hints);
    assert_eq!(
        minutes(
            &hourly(),
            &state,
            &Outcome::Unchanged,
            &Freshness::default(),
            &Hints::default()
        ),
        240
    );
}

#[test]
fn closed_hours_and_days_are_waited_out() {
    let hints = Hints {
        skip_hours: vec![9, 10, 11],
        ..Hints::default()
    };
    assert_eq!(
        minutes(
            &hourly(),
            &SourceState::default(),
            &UPDATED,
            &Freshness::default(),
            &hints
        ),
        240
    );
    let weekend = Hints {
        skip_days: vec![0],
        ..Hints::default()
    };
    assert_eq!(
        minutes(
            &hourly(),
            &SourceState::default(),
            &UPDATED,
            &Freshness::default(),
            &weekend
        ),
        16 * 60
    );
    let always = Hints {
        skip_hours: (0..24).collect(),
        ..Hints::default()
    };
    let found = minutes(
        &hourly(),
        &SourceState::default(),
        &UPDATED,
        &Freshness::default(),
        &always,
    );
    assert!(found <= 60 * 25 + 7, "{found}");
}

#[test]
fn failures_stretch_and_are_told() {
    let state = SourceState {
        failures: 3,
        ..SourceState::default()
    };
    let outcome = Outcome::Failed(Failure::EmptyBody);
    let found = next_due(
        &hourly(),
        &state,
        &outcome,
        &Freshness::default(),
        &Hints::default(),
        at("2026-11-02T08:00:00Z"),
    );
    let hours = (found.at - at("2026-11-02T08:00:00Z")).num_minutes();
    assert!((216..=240).contains(&hours), "{hours}");
    assert!(
        found.reason.ends_with("after 3 failures in a row"),
        "{}",
        found.reason
    );
}

#[test]
fn our_own_network_punishes_nobody() {
    let state = SourceState {
        failures: 9,
        ..SourceState::default()
    };
    let outcome = Outcome::Failed(Failure::OwnNetwork {
        reason: "all failed".into(),
    });
    assert_eq!(
        minutes(
            &hourly(),
            &state,
            &outcome,
            &Freshness::default(),
            &Hints::default()
        ),
        5
    );
}

#[test]
fn a_cron_expression_is_its_own_interval() {
    let daily = source(Schedule::Cron("0 6 * * *".into()));
    let found = next_due(
        &daily,
        &SourceState::default(),
        &UPDATED,
        &Freshness::default(),
        &Hints::default(),
        at("2026-11-02T08:00:00Z"),
    );
    assert_eq!(found.at, at("2026-11-03T05:00:00Z"));
    assert_eq!(found.reason, "Tuesday 06:00: cron `0 6 * * *`");
    let failed = SourceState {
        failures: 1,
        ..SourceState::default()
    };
    let found = next_due(
        &daily,
        &failed,
        &Outcome::Failed(Failure::EmptyBody),
        &Freshness::default(),
        &Hints::default(),
        at("2026-11-02T08:00:00Z"),
    );
    assert_eq!(found.at, at("2026-11-03T05:00:00Z"));
}

#[test]
fn a_learned_rhythm_polls_when_news_is_expected() {
    let adaptive = source(Schedule::Adaptive {
        floor: Duration::from_secs(1800),
        ceiling: Duration::from_secs(12 * 3600),
    });
    let mut state = SourceState::default();
    let mut published = Vec::new();
    for day in 0..28 {
        let morning = at("2026-10-05T07:10:00Z") + TimeDelta::days(day);
        if day % 7 < 5 {
            published.push(Moment::exact(morning));
        }
    }
    learn(&mut state.rhythm, &published, Stockholm);
    let due = |now: &str| {
        next_due(
            &adaptive,
            &state,
            &UPDATED,
            &Freshness::default(),
            &Hints::default(),
            at(now),
        )
    };
    let thursday = due("2026-11-05T07:00:00Z");
    assert!(
        thursday.at - at("2026-11-05T07:00:00Z") <= TimeDelta::hours(2),
        "{thursday:?}"
    );
    let sunday = due("2026-11-08T10:00:00Z");
    assert!(
        sunday.at - at("2026-11-08T10:00:00Z") >= TimeDelta::hours(11),
        "{sunday:?}"
    );
    assert!(
        thursday
            .reason
            .contains("usually publishes on weekday mornings"),
        "{}",
        thursday.reason
    );
}

#[test]
fn learning_twice_teaches_nothing_new() {
    let published: Vec<Moment> = (0..9)
        .map(|day| Moment::exact(at("2026-10-05T07:10:00Z") + TimeDelta::days(day)))
        .collect();
    let mut once = crate::model::Rhythm::default();
    learn(&mut once, &published, Stockholm);
    let mut twice = once.clone();
    learn(&mut twice, &published, Stockholm);
    assert_eq!(once, twice);
    assert_eq!(
        (once.median_gap, once.longest_gap),
        (Some(86_400), Some(86_400))
    );
}

#[test]
fn a_clock_that_jumped_is_mended() {
    let mut state = SourceState {
        due: Some(at("2031-01-01T00:00:00Z")),
        ..SourceState::default()
    };
    assert!(mend(&hourly(), &state, at("2026-11-02T08:00:00Z")).is_some());
    state.due = Some(at("2026-11-03T08:00:00Z"));
    assert_eq!(mend(&hourly(), &state, at("2026-11-02T08:00:00Z")), None);
}

#[test]
fn first_polls_are_spread_over_a_minute() {
    let now = at("2026-11-02T08:00:00Z");
    let wait = first_due(&hourly(), now).at - now;
    assert!((0..60).contains(&wait.num_seconds()));
}

#[test]
fn closed_hours_hold_after_failures_and_rests_too() {
    let (source, now) = (hourly(), at("2026-11-02T08:05:00Z"));
    let mut state = SourceState {
        failures: 1,
        ..SourceState::default()
    };
    state.pace.skip_hours = vec![8, 9, 10];
    let rests = Skip::HostRests {
        until: at("2026-11-02T09:00:00Z"),
    };
    for outcome in [Outcome::Failed(Failure::EmptyBody), Outcome::Skipped(rests)] {
        let due = next_due(
            &source,
            &state,
            &outcome,
            &Freshness::default(),
            &Hints::default(),
            now,
        );
        assert_eq!(due.at, at("2026-11-02T11:00:00Z"), "{}", due.reason);
    }
}
