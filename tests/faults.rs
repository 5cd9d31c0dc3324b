//! Every fault of a server ends as a named failure or a good document: never a hang, a crash, or a half-read body taken as whole.

#[path = "faults/answers.rs"]
mod answers;
#[path = "faults/catalog.rs"]
mod catalog;
#[path = "faults/coding.rs"]
mod coding;
#[path = "faults/manners.rs"]
mod manners;
#[path = "faults/memory.rs"]
mod memory;

use std::time::Duration;

use chrono::{DateTime, Utc};
use samflode::fetch::{Fetcher, Trouble};
use samflode::model::{Answer, Document, FetchSettings, Request, RequestKind, Validators};
use url::Url;

/// The feed of all good answers.
pub const FEED: &[u8] = b"<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Vattenverket</title></channel></rss>";

/// Settings for localhost with short deadlines.
pub fn settings() -> FetchSettings {
    FetchSettings {
        allow_private: vec!["127.0.0.0/8".parse().unwrap()],
        spacing: Duration::ZERO,
        per_host: 64,
        concurrency: 128,
        connect_timeout: Duration::from_secs(1),
        idle_timeout: Duration::from_secs(1),
        timeout: Duration::from_secs(4),
        ..FetchSettings::default()
    }
}

fn now() -> DateTime<Utc> {
    "2026-11-02T08:00:00Z".parse().unwrap()
}

fn fetcher() -> Fetcher {
    fetcher_with(settings())
}

fn fetcher_with(settings: FetchSettings) -> Fetcher {
    let fetcher = Fetcher::live(&settings).unwrap();
    fetcher.tick(now());
    fetcher
}

fn request(address: &str) -> Request {
    Request {
        address: Url::parse(address).unwrap(),
        kind: RequestKind::Feed,
        validators: Validators::default(),
        max_body: 256 * 1024,
        timeout: settings().timeout,
        obey_robots: false,
    }
}

fn document(answer: Result<Answer, Trouble>) -> Document {
    match answer {
        Ok(Answer::Document(document)) => *document,
        other => panic!("no document: {other:?}"),
    }
}

/// How it ended, in one word and a sentence.
pub fn ending(answer: &Result<Answer, Trouble>) -> (&'static str, String) {
    match answer {
        Ok(Answer::Document(_)) => ("document", String::new()),
        Ok(Answer::NotModified { .. }) => ("not-modified", String::new()),
        Err(Trouble::Failed(failure)) => (failure.name(), failure.to_string()),
        Err(Trouble::Skipped(skip)) => ("skipped", skip.to_string()),
    }
}
