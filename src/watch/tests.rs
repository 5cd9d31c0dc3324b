//! Tables of memories and what they say.

use super::*;
use crate::model::Language;

fn at(day: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000 + day)
}

fn used_to() -> SourceState {
    let mut state = SourceState {
        last_good: Some(at(0)),
        last_outcome: Some(Outcome::Unchanged),
        link_host: Some("bolaget.example".into()),
        ..SourceState::default()
    };
    state.rhythm.last = Some(at(0));
    state.rhythm.last_told = Some(at(0));
    state.rhythm.longest_gap = Some(20 * 86_400);
    state.rhythm.usual_yield = Some(12.0);
    state.rhythm.last_yield = Some(12);
    state
}

fn failed(failure: Failure, failures: u32) -> SourceState {
    SourceState {
        last_outcome: Some(Outcome::Failed(failure.clone())),
        last_failure: Some(failure),
        failures,
        ..used_to()
    }
}

fn kinds(state: &SourceState, now: DateTime<Utc>) -> (Health, Vec<IncidentKind>) {
    let found = assess(state, now);
    (
        found.health,
        found.findings.into_iter().map(|(kind, _)| kind).collect(),
    )
}

#[test]
fn a_source_as_usual_is_healthy() {
    assert_eq!(kinds(&used_to(), at(10)), (Health::Healthy, vec![]));
    assert_eq!(
        kinds(&SourceState::default(), at(10)),
        (Health::Healthy, vec![])
    );
}

#[test]
fn one_lost_connection_is_suspect_and_three_are_an_incident() {
    let refused = || Failure::NoConnection {
        reason: "refused".into(),
    };
    assert_eq!(
        kinds(&failed(refused(), 1), at(1)),
        (Health::Suspect, vec![])
    );
    assert_eq!(
        kinds(&failed(refused(), 3), at(1)),
        (Health::Broken, vec![IncidentKind::Failing])
    );
}

#[test]
fn a_bot_wall_or_a_redesign_is_an_incident_at_once() {
    let wall = Failure::NoContent {
        what: "a bot wall".into(),
    };
    assert_eq!(
        kinds(&failed(wall, 1), at(1)),
        (Health::Broken, vec![IncidentKind::Failing])
    );
    let redesign = Failure::LayoutChanged {
        detail: "no list".into(),
    };
    assert_eq!(
        kinds(&failed(redesign, 1), at(1)),
        (Health::Broken, vec![IncidentKind::LayoutChanged])
    );
}

#[test]
fn a_refresh_that_was_left_out_makes_nothing_well() {
    let redesign = Failure::LayoutChanged {
        detail: "no list".into(),
    };
    let state = SourceState {
        last_outcome: Some(Outcome::Skipped(Skip::HostRests { until: at(2) })),
        ..failed(redesign, 1)
    };
    assert_eq!(
        kinds(&state, at(1)),
        (Health::Broken, vec![IncidentKind::LayoutChanged])
    );
}

#[test]
fn gone_is_told_as_gone() {
    let state = SourceState {
        gone: true,
        ..failed(Failure::Status { code: 410 }, 1)
    };
    assert_eq!(kinds(&state, at(1)).1, [IncidentKind::Gone]);
}

#[test]
fn silence_counts_from_the_longest_there_has_been() {
    assert_eq!(kinds(&used_to(), at(25)), (Health::Healthy, vec![]));
    let found = assess(&used_to(), at(26));
    assert_eq!(found.health, Health::Quiet);
    assert_eq!(
        found.findings[0].1,
        "nothing new for 26 days; its longest silence before was 20 days"
    );
}

#[test]
fn a_list_shrunk_to_a_third_is_suspect() {
    let mut state = used_to();
    state.rhythm.last_yield = Some(5);
    assert_eq!(kinds(&state, at(1)).0, Health::Healthy);
    state.rhythm.last_yield = Some(4);
    assert_eq!(
        kinds(&state, at(1)),
        (Health::Suspect, vec![IncidentKind::Shrunk])
    );
}

#[test]
fn only_old_entries_are_told() {
    let state = SourceState {
        feed_updated: Some(at(-40)),
        ..used_to()
    };
    assert_eq!(
        kinds(&state, at(1)),
        (Health::Suspect, vec![IncidentKind::Shrunk])
    );
}

#[test]
fn when_undated_entries_were_first_seen_makes_no_list_old() {
    let mut state = used_to();
    state.rhythm.last_told = Some(at(-40));
    state.feed_updated = Some(at(-40));
    assert_eq!(kinds(&state, at(1)), (Health::Healthy, vec![]));
}

#[test]
fn being_kept_away_for_days_is_told() {
    let skip = Skip::HostRests { until: at(3) };
    let state = SourceState {
        last_outcome: Some(Outcome::Skipped(skip)),
        kept_away_since: Some(at(0)),
        ..used_to()
    };
    assert_eq!(kinds(&state, at(1)), (Health::Healthy, vec![]));
    assert_eq!(
        kinds(&state, at(3)),
        (Health::Suspect, vec![IncidentKind::Failing])
    );
}

#[test]
fn our_own_network_is_told_from_bad_luck() {
    let down = Outcome::Failed(Failure::NoConnection {
        reason: "unreachable".into(),
    });
    let three = [("a", &down), ("b", &down), ("c", &down)];
    assert!(own_network(three).is_some());
    assert!(
        own_network([("a", &down), ("a", &down), ("a", &down)]).is_none(),
        "one host may be down"
    );
    assert!(own_network([("a", &down), ("b", &down), ("c", &Outcome::Unchanged)]).is_none());
    let status = Outcome::Failed(Failure::Status { code: 500 });
    assert!(own_network([("a", &down), ("b", &down), ("c", &down), ("d", &status)]).is_none());
    assert!(own_network([]).is_none());
}

#[test]
fn a_sold_domain_is_recognized_and_a_busy_week_is_not() {
    let swedish = Language::new("sv").expect("a tag");
    let sight = |known, host: &str, language: &str| Sight {
        entries: 10,
        known,
        link_host: Some(host.into()),
        language: Language::new(language),
    };
    let taken = |sight: &Sight| taken_over(&used_to(), Some(&swedish), sight).is_some();
    assert!(taken(&sight(0, "casino.example", "sv")));
    assert!(taken(&sight(0, "bolaget.example", "en")));
    assert!(
        !taken(&sight(0, "bolaget.example", "sv")),
        "ten new entries at once"
    );
    assert!(!taken(&sight(0, "press.bolaget.example", "sv")));
    assert!(!taken(&sight(1, "casino.example", "en")));
    assert!(
        taken_over(
            &SourceState::default(),
            None,
            &sight(0, "casino.example", "en")
        )
        .is_none(),
        "nothing known before"
    );
}
