//! `/metrics` for machines (OpenMetrics): answers, refreshes, entries. Owner of prometheus-client.

use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, Response, StatusCode};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

use super::App;
use crate::model::{Event, Outcome};

type Labels = [(&'static str, &'static str); 1];

/// Classes of status; 304 is one of its own, since it is what polling should mostly get.
const CLASSES: [&str; 5] = ["304", "2xx", "3xx", "4xx", "5xx"];

/// What is counted. Cheap to clone; one for the whole process.
#[derive(Clone)]
pub struct Metrics {
    registry: Arc<Mutex<Registry>>,
    answers: Family<Labels, Counter>,
    /// The counters of `answers` in the order of [`CLASSES`], so that counting looks nothing up.
    by_class: [Counter; 5],
    refreshes: Family<Labels, Counter>,
    entries: Family<Labels, Counter>,
    seconds: Histogram,
    running: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        let answers = Family::<Labels, Counter>::default();
        let metrics = Self {
            registry: Arc::default(),
            by_class: CLASSES.map(|class| answers.get_or_create(&[("status", class)]).clone()),
            answers,
            refreshes: Family::default(),
            entries: Family::default(),
            seconds: Histogram::new(exponential_buckets(0.05, 2.0, 12)),
            running: Gauge::default(),
        };
        metrics.register();
        metrics
    }
}

impl Metrics {
    fn register(&self) {
        let mut registry = self.registry.lock().unwrap_or_else(|e| e.into_inner());
        let registry = registry.sub_registry_with_prefix("samflode");
        registry.register(
            "http_answers",
            "Answers by class of status",
            self.answers.clone(),
        );
        registry.register("refreshes", "Refreshes by outcome", self.refreshes.clone());
        registry.register(
            "entries",
            "Entries by what became of them",
            self.entries.clone(),
        );
        registry.register(
            "refresh_seconds",
            "How long refreshes take",
            self.seconds.clone(),
        );
        registry.register(
            "refreshes_running",
            "Refreshes under way",
            self.running.clone(),
        );
    }

    /// Takes note of a step of a refresh.
    pub fn observe(&self, event: &Event) {
        match event {
            Event::Started { .. } => {
                self.running.inc();
            }
            Event::Ended {
                outcome,
                duration_ms,
                ..
            } => {
                self.running.dec();
                self.seconds.observe(*duration_ms as f64 / 1000.0);
                self.count_outcome(outcome);
            }
        }
    }

    fn count_outcome(&self, outcome: &Outcome) {
        let name = match outcome {
            Outcome::Updated {
                new, changed, held, ..
            } => {
                for (what, count) in [("new", new), ("changed", changed), ("held", held)] {
                    let entries = self.entries.get_or_create(&[("what", what)]);
                    entries.inc_by(u64::try_from(*count).unwrap_or(0));
                }
                "updated"
            }
            Outcome::Unchanged => "unchanged",
            Outcome::Skipped(_) => "skipped",
            Outcome::Failed(failure) => failure.name(),
        };
        self.refreshes.get_or_create(&[("outcome", name)]).inc();
    }

    pub(super) fn count(&self, status: StatusCode) {
        let class = match status.as_u16() {
            304 => 0,
            200..=299 => 1,
            300..=399 => 2,
            400..=499 => 3,
            _ => 4,
        };
        self.by_class[class].inc();
    }

    fn text(&self) -> Result<String, std::fmt::Error> {
        let registry = self.registry.lock().unwrap_or_else(|e| e.into_inner());
        let mut text = String::new();
        encode(&mut text, &registry)?;
        Ok(text)
    }
}

pub(super) async fn answer(State(app): State<App>) -> Response<Body> {
    let Ok(text) = app.inner.metrics.text() else {
        return super::respond::plain(StatusCode::INTERNAL_SERVER_ERROR, "not available\n");
    };
    let mut answer = Response::new(Body::from(text));
    let headers = answer.headers_mut();
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}
