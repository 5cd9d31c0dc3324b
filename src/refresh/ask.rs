//! The first step: the conditional request. Not modified and unchanged bodies end the pass here.

use std::time::Instant;

use chrono::{DateTime, Duration, Utc};
use url::Url;

use super::{Bench, Heard, Pass, configured};
use crate::fetch::Trouble;
use crate::model::{
    Answer, Document, Failure, Kind, Outcome, Request, RequestKind, Robots, Skip, Source,
    SourceState, Validators,
};

/// A refresh that died without a word gives its source back after this long.
const LEASE: Duration = Duration::minutes(15);

/// Validators are dropped after this long, so that a server that always says 304 is found out.
const VALIDATORS_LAST: Duration = Duration::days(8);

impl<'a> Pass<'a> {
    /// Claims the source and recalls what is known of it.
    pub(super) async fn begin(
        bench: &'a Bench,
        source: &'a Source,
        now: DateTime<Utc>,
        started: Instant,
    ) -> Result<Self, Outcome> {
        let (id, owner) = (source.id.clone(), bench.owner.clone());
        let claimed = bench
            .store
            .write(move |writer| {
                if !writer.claim(&id, &owner, now, LEASE)? {
                    return Ok(None);
                }
                writer.memory(&id)
            })
            .await
            .map_err(storage)?;
        let before = claimed.ok_or(Outcome::Skipped(Skip::Claimed))?;
        let memory = configured::recall(before.clone(), source);
        Ok(Self {
            bench,
            source,
            before,
            memory,
            now,
            started,
            waiting: false,
            heard: Heard::default(),
        })
    }

    /// Asks for the source's document; ends the pass where there is nothing to read.
    pub(super) async fn ask(&mut self) -> Result<Document, Outcome> {
        if self.memory.gone {
            return Err(Outcome::Skipped(Skip::Gone));
        }
        let request = request(self.source, &self.memory, self.now);
        let answer = self.bench.fetcher.fetch(&request).await.map_err(ending)?;
        match answer {
            Answer::NotModified {
                validators,
                freshness,
                moved_to,
            } => {
                self.heard.freshness = freshness;
                self.renew(validators, moved_to.as_ref());
                Err(Outcome::Unchanged)
            }
            Answer::Document(document) => {
                self.heard.freshness = document.freshness.clone();
                let digest = *blake3::hash(&document.bytes).as_bytes();
                if self.memory.body_digest == Some(digest) && !is_unfinished(&self.memory) {
                    self.replace(&document);
                    return Err(Outcome::Unchanged);
                }
                Ok(*document)
            }
        }
    }
}

impl Pass<'_> {
    /// A request beside the source's own: without conditions, and never without asking robots.txt.
    pub(super) fn plain_request(&self, address: Url, kind: RequestKind) -> Request {
        Request {
            address,
            kind,
            validators: Validators::default(),
            max_body: self.source.limits.max_body,
            timeout: self.source.limits.timeout,
            obey_robots: true,
        }
    }
}

/// Whether a document that did not change is still to be read: entries wait for their own pages to be asked.
fn is_unfinished(memory: &SourceState) -> bool {
    !memory.missing.is_empty() || !memory.unasked.is_empty()
}

/// What is asked of the source now.
fn request(source: &Source, memory: &SourceState, now: DateTime<Utc>) -> Request {
    let address = memory
        .moved
        .as_ref()
        .filter(|moved| moved.confirmed)
        .and_then(|moved| moved.to.parse().ok())
        .unwrap_or_else(|| source.address.clone());
    let is_stale = memory
        .validators_since
        .is_some_and(|since| now - since > VALIDATORS_LAST);
    let kind = match source.kind {
        Kind::Feed => RequestKind::Feed,
        Kind::Page(_) => RequestKind::Page,
    };
    Request {
        address,
        kind,
        validators: if is_stale || is_unfinished(memory) {
            Validators::default()
        } else {
            memory.validators.clone()
        },
        max_body: source.limits.max_body,
        timeout: source.limits.timeout,
        obey_robots: kind != RequestKind::Feed || source.robots == Robots::Obey,
    }
}

fn ending(trouble: Trouble) -> Outcome {
    match trouble {
        Trouble::Failed(failure) => Outcome::Failed(failure),
        Trouble::Skipped(skip) => Outcome::Skipped(skip),
    }
}

/// The ending of a pass that the store did not take.
pub(super) fn storage(error: crate::store::Error) -> Outcome {
    let mut reason = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(next) = cause {
        reason.push_str(": ");
        reason.push_str(&next.to_string());
        cause = next.source();
    }
    Outcome::Failed(Failure::Storage { reason })
}
