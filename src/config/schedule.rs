//! When a source is polled, of the keys `interval`, `cron`, and `schedule` with `floor` and `ceiling`.

use std::time::Duration;

use url::Url;

use super::problem::Complaint;
use super::quantity::spoken;
use super::section::Section;
use super::settings::positive;
use super::value;
use crate::model::{Schedule, Settings};

/// What an adaptive schedule stays between where the source does not say.
const FLOOR: Duration = Duration::from_secs(30 * 60);
const CEILING: Duration = Duration::from_secs(24 * 3600);

/// Below this a public body's webmaster may well complain.
const RUDE: Duration = Duration::from_secs(10 * 60);

/// Reads the schedule of one source.
pub(super) fn read(
    section: &mut Section<'_, '_>,
    address: Option<&Url>,
    settings: &Settings,
) -> Schedule {
    let interval = positive(section, "interval");
    let cron = section.read("cron", value::cron);
    let kinds = [("adaptive", true), ("fixed", false)];
    let is_adaptive = section.choice("schedule", &kinds).unwrap_or(false);
    let bounds = bounds(section);
    tell_contradictions(section, is_adaptive);
    let schedule = match (is_adaptive, cron, interval) {
        (true, _, _) => Schedule::Adaptive {
            floor: bounds.0,
            ceiling: bounds.1,
        },
        (false, Some(cron), _) => Schedule::Cron(cron),
        (false, None, interval) => Schedule::Every(interval.unwrap_or(settings.fetch.interval)),
    };
    tell_rudeness(section, address, &schedule);
    schedule
}

fn bounds(section: &mut Section<'_, '_>) -> (Duration, Duration) {
    let floor = positive(section, "floor");
    let ceiling = positive(section, "ceiling");
    let bounds = (
        floor.unwrap_or(FLOOR.min(ceiling.unwrap_or(FLOOR))),
        ceiling.unwrap_or(CEILING.max(floor.unwrap_or(CEILING))),
    );
    if bounds.0 > bounds.1 {
        section.complain("floor", Complaint::new("`floor` is above `ceiling`"));
    }
    bounds
}

fn tell_contradictions(section: &mut Section<'_, '_>, is_adaptive: bool) {
    let said: Vec<&str> = ["interval", "cron"]
        .into_iter()
        .filter(|key| section.has(key))
        .chain(is_adaptive.then_some("schedule"))
        .collect();
    if let [first, second, ..] = said.as_slice() {
        let complaint = Complaint::new(format!("both `{first}` and `{second}` say when to poll"))
            .hint("keep one of them");
        section.complain(second, complaint);
    }
    for key in ["floor", "ceiling"] {
        if section.has(key) && !is_adaptive {
            let complaint = Complaint::new(format!("`{key}` without `schedule = \"adaptive\"`"));
            section.complain(key, complaint.hint("add it, or write `interval`"));
        }
    }
}

fn tell_rudeness(section: &mut Section<'_, '_>, address: Option<&Url>, schedule: &Schedule) {
    let (key, shortest) = match schedule {
        Schedule::Every(interval) if section.has("interval") => ("interval", *interval),
        Schedule::Adaptive { floor, .. } => ("floor", *floor),
        _ => return,
    };
    let is_own = address
        .and_then(Url::host_str)
        .is_some_and(|host| host == "localhost" || host.starts_with("127.") || host == "[::1]");
    if shortest < RUDE && !is_own {
        let complaint = Complaint::new(format!(
            "this source may be polled every {}",
            spoken(shortest)
        ))
        .hint("public bodies do not publish that often; `1 h` is the custom");
        section.warn(key, complaint);
    }
}
