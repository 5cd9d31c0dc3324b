//! What the editor writes outranks what is remembered: where a source is configured otherwise than at its last refresh, what
//! was learned under the old configuration is forgotten, and its document is read again even if it is the same.

use serde_json::json;

use crate::model::{Kind, Schedule, Source, SourceState, Validators};

/// What the memory of a source belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Configured {
    /// How its document is asked for and read, cut to what tells two configurations apart.
    pub reading: String,
    /// When it is asked for.
    pub timing: String,
}

impl From<&Source> for Configured {
    fn from(source: &Source) -> Self {
        let kind = match &source.kind {
            Kind::Feed => json!("feed"),
            Kind::Page(rules) => json!({ "page": rules }),
        };
        let reading = json!([
            source.address,
            source.former,
            kind,
            source.only,
            source.not,
            source.relearn,
            source.robots,
        ]);
        let timing = match &source.schedule {
            Schedule::Every(interval) => json!({ "every": interval.as_secs_f64() }),
            Schedule::Adaptive { floor, ceiling } => {
                json!({ "adaptive": [floor.as_secs_f64(), ceiling.as_secs_f64()] })
            }
            Schedule::Cron(expression) => {
                json!({ "cron": expression, "zone": source.time_zone.name() })
            }
        };
        Self {
            reading: blake3::hash(reading.to_string().as_bytes()).to_hex()[..20].to_owned(),
            timing: timing.to_string(),
        }
    }
}

/// Forgets what was learned under another configuration.
pub(super) fn recall(mut memory: SourceState, source: &Source) -> SourceState {
    let Configured { reading, timing } = source.into();
    let before = memory.reading.replace(reading);
    memory.timing = Some(timing);
    if before.is_none() || before == memory.reading {
        return memory;
    }
    // Its rhythm stays: the body publishes as it did. What one document usually looks like does not.
    memory.rhythm.usual_yield = None;
    memory.rhythm.last_yield = None;
    memory.rhythm.last_told = None;
    SourceState {
        validators: Validators::default(),
        validators_since: None,
        body_digest: None,
        moved: None,
        learned_rules: None,
        proposed_rules: None,
        proposed_titles: Vec::new(),
        link_host: None,
        feed_updated: None,
        missing: Vec::new(),
        alive: Vec::new(),
        gone: false,
        failures: 0,
        failing_since: None,
        last_failure: None,
        kept_away_since: None,
        ..memory
    }
}
