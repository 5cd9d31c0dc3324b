//! `/healthz`: whether the service does its work, not only whether its port is open.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};
use chrono::{DateTime, Utc};

use super::{App, respond::plain};

/// The scheduler ticks every few seconds; silent for this long, it is dead.
const LONGEST_SILENCE_MS: i64 = 120_000;

/// When the scheduler last showed that it lives. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Pulse(Arc<AtomicI64>);

impl Pulse {
    /// The scheduler lives.
    pub fn beat(&self, now: DateTime<Utc>) {
        self.0.store(now.timestamp_millis(), Ordering::Relaxed);
    }

    /// Whether it has shown so lately; one that never began does not count as dead.
    pub fn is_alive(&self, now: DateTime<Utc>) -> bool {
        let last = self.0.load(Ordering::Relaxed);
        last == 0 || now.timestamp_millis() - last < LONGEST_SILENCE_MS
    }
}

pub(super) async fn answer(State(app): State<App>) -> Response<Body> {
    if !app.inner.pulse.is_alive(Utc::now()) {
        return plain(StatusCode::SERVICE_UNAVAILABLE, "the scheduler is silent\n");
    }
    let read = app
        .site()
        .store()
        .read(|reader| reader.newest_sequence())
        .await;
    if read.is_err() {
        return plain(
            StatusCode::SERVICE_UNAVAILABLE,
            "the store cannot be read\n",
        );
    }
    plain(StatusCode::OK, "ok\n")
}

#[cfg(test)]
mod tests {
    use super::Pulse;
    use chrono::{Duration, Utc};

    #[test]
    fn a_scheduler_that_falls_silent_is_dead_and_one_that_never_began_is_not() {
        let (pulse, now) = (Pulse::default(), Utc::now());
        assert!(pulse.is_alive(now));
        pulse.beat(now);
        assert!(pulse.is_alive(now + Duration::seconds(60)));
        assert!(!pulse.is_alive(now + Duration::seconds(121)));
    }
}
