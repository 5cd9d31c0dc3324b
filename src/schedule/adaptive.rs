//! A source's own rhythm: learned from its entries' dates, turned into the time to the next poll.
//!
//! A poll is due when half an entry is expected, by the mean rate spread over the hours of the week as learned. So a source that
//! publishes on weekday mornings is polled often then and rarely on a Sunday night, between its floor and its ceiling.

use std::time::Duration;

use chrono::{DateTime, Datelike, TimeDelta, Timelike};
use chrono_tz::Tz;

use crate::model::{Moment, Precision, Rhythm};

use super::phrase;

/// Hours of a week.
const HOURS: usize = 168;
/// Each learned entry makes the older ones count this much: about the last fifty shape the rhythm.
const DECAY: f32 = 0.98;
/// Entries closer together than this are one act of publishing.
const ONE_ACT: TimeDelta = TimeDelta::hours(1);
/// Half an entry expected is reason enough to look.
const ENOUGH: f64 = 0.5;
/// What every hour weighs before anything is learned, against fifty learned entries at most.
const PRIOR: f64 = 0.02;

/// Learns from when entries were published; moments learned before are passed over, so whole documents may be handed in.
pub fn learn(rhythm: &mut Rhythm, published: &[Moment], zone: Tz) {
    rhythm.hours.resize(HOURS, 0.0);
    let mut moments: Vec<&Moment> = published
        .iter()
        .filter(|moment| moment.precision >= Precision::Day)
        .collect();
    moments.sort_by_key(|moment| moment.at);
    moments.dedup_by_key(|moment| moment.at);
    let mut gaps = Vec::new();
    for moment in moments {
        let at = moment.utc();
        if rhythm.last.is_some_and(|last| at <= last) {
            continue;
        }
        if let Some(last) = rhythm.last
            && at - last >= ONE_ACT
        {
            gaps.push((at - last).num_seconds().unsigned_abs());
        }
        rhythm.last = Some(at);
        weigh(rhythm, moment, zone);
    }
    learn_gaps(rhythm, gaps);
}

/// Adds one entry to the hours; one known by its day alone counts for all of that day's working hours.
fn weigh(rhythm: &mut Rhythm, moment: &Moment, zone: Tz) {
    for weight in &mut rhythm.hours {
        *weight *= DECAY;
    }
    if moment.precision >= Precision::Minute {
        rhythm.hours[hour_of_week(&moment.at.with_timezone(&zone))] += 1.0;
        return;
    }
    let midnight = 24 * moment.at.weekday().num_days_from_monday() as usize;
    for weight in &mut rhythm.hours[midnight + 8..midnight + 18] {
        *weight += 0.1;
    }
}

fn learn_gaps(rhythm: &mut Rhythm, mut gaps: Vec<u64>) {
    rhythm.longest_gap = rhythm.longest_gap.max(gaps.iter().max().copied());
    match rhythm.median_gap {
        None if !gaps.is_empty() => {
            gaps.sort_unstable();
            rhythm.median_gap = Some(gaps[gaps.len() / 2]);
        }
        None => {}
        // A median that walks: each gap pulls it a tenth of its size towards itself.
        Some(mut median) => {
            for gap in gaps {
                let step = (median / 10).max(1);
                median = if gap > median {
                    median + step.min(gap - median)
                } else {
                    median - step.min(median - gap)
                };
            }
            rhythm.median_gap = Some(median);
        }
    }
}

/// The time to the next poll.
pub fn interval(
    rhythm: &Rhythm,
    floor: Duration,
    ceiling: Duration,
    now: DateTime<Tz>,
) -> Duration {
    let ceiling = ceiling.max(floor);
    let Some(gap) = rhythm.median_gap.filter(|gap| *gap > 0) else {
        return Duration::from_secs(3600).clamp(floor, ceiling);
    };
    let weekly = (HOURS as f64 * 3600.0) / gap as f64;
    let total: f64 = rhythm
        .hours
        .iter()
        .map(|weight| f64::from(*weight) + PRIOR)
        .sum();
    let start = hour_of_week(&now);
    let mut expected = 0.0;
    let mut seconds = 0.0;
    let mut left_of_hour = f64::from(3600 - (now.minute() * 60 + now.second()).min(3599));
    for step in 0..=HOURS {
        let weight = rhythm
            .hours
            .get((start + step) % HOURS)
            .copied()
            .unwrap_or(0.0);
        let rate = weekly * (f64::from(weight) + PRIOR) / total / 3600.0;
        if expected + rate * left_of_hour >= ENOUGH {
            seconds += (ENOUGH - expected) / rate;
            break;
        }
        expected += rate * left_of_hour;
        seconds += left_of_hour;
        left_of_hour = 3600.0;
    }
    Duration::from_secs_f64(seconds).clamp(floor, ceiling)
}

/// The rhythm in words: "usually publishes on weekday mornings".
pub fn describe(rhythm: &Rhythm) -> String {
    let total: f32 = rhythm.hours.iter().sum();
    let Some(gap) = rhythm.median_gap else {
        return "its rhythm is not known yet".to_owned();
    };
    if total < 3.0 {
        return format!(
            "publishes about every {}",
            phrase::duration(Duration::from_secs(gap))
        );
    }
    let share = |matches: &dyn Fn(usize, usize) -> bool| {
        let weights = rhythm.hours.iter().enumerate();
        let matching = weights.filter(|(hour, _)| matches(hour / 24, hour % 24));
        matching.map(|(_, weight)| weight).sum::<f32>() / total
    };
    let days = if share(&|day, _| day < 5) >= 0.9 {
        "weekday"
    } else {
        "all days'"
    };
    let parts = [
        ("nights", 0..6),
        ("mornings", 6..12),
        ("afternoons", 12..18),
        ("evenings", 18..24),
    ];
    let part = parts
        .into_iter()
        .find(|(_, hours)| share(&|_, hour| hours.contains(&hour)) >= 0.6);
    match (days, part) {
        ("weekday", Some((part, _))) => format!("usually publishes on weekday {part}"),
        ("weekday", None) => "usually publishes on weekdays".to_owned(),
        (_, Some((part, _))) => format!("usually publishes in the {part}"),
        (_, None) => format!(
            "publishes about every {}",
            phrase::duration(Duration::from_secs(gap))
        ),
    }
}

fn hour_of_week(at: &DateTime<Tz>) -> usize {
    24 * at.weekday().num_days_from_monday() as usize + at.hour() as usize
}
