//! Stores how a pass ended that brought nothing to store.

use tracing::{debug, info, warn};
use url::Url;

use super::ask::storage;
use super::{Pass, save, verdict};
use crate::model::{Document, Failure, IncidentKind, Outcome, Skip, Validators};
use crate::schedule;
use crate::watch;

impl Pass<'_> {
    /// Keeps the ending in the source's memory and in the log, and says it again.
    pub(super) async fn settle(&mut self, outcome: Outcome) -> Outcome {
        let outcome = self.without_blame(outcome).await;
        match &outcome {
            Outcome::Unchanged => verdict::well(&mut self.memory, self.now),
            other => verdict::bad(&mut self.memory, other, self.now),
        }
        let due = schedule::next_due(
            self.source,
            &self.memory,
            &outcome,
            &self.heard.freshness,
            &self.heard.hints,
            self.now,
        );
        self.memory.due = Some(due.at);
        self.memory.due_reason = due.reason;
        if outcome != Outcome::Skipped(Skip::Stopping) {
            self.memory.last_outcome = Some(outcome.clone());
        }
        let (id, state, now) = (self.source.id.clone(), self.memory.clone(), self.now);
        let stored = self
            .keep(move |writer, before| save::ending(writer, &id, before, &state, now))
            .await;
        self.tell(&outcome);
        match stored {
            Ok(Some(())) => outcome,
            Ok(None) => Outcome::Skipped(Skip::Claimed),
            Err(error) => {
                warn!(%error, "how the refresh ended could not be stored");
                self.let_go().await;
                storage(error)
            }
        }
    }

    /// Gives the source back with nothing kept: what the store refused once may go well in a while.
    async fn let_go(&self) {
        let id = self.source.id.clone();
        let given_back = self.bench.store.write(move |writer| writer.end_claim(&id));
        if let Err(error) = given_back.await {
            debug!(%error, "its lease has to run out");
        }
    }

    /// While our own network is down, what fails on the way out is no failure of the source.
    async fn without_blame(&self, outcome: Outcome) -> Outcome {
        let Outcome::Failed(failure) = &outcome else {
            return outcome;
        };
        if !watch::is_own(failure) {
            return outcome;
        }
        let incidents = self
            .bench
            .store
            .read(|reader| reader.open_incidents(None))
            .await;
        // A store that does not answer is told when the ending is stored.
        let is_down = incidents
            .unwrap_or_default()
            .iter()
            .any(|incident| incident.kind == IncidentKind::OwnNetwork);
        match is_down {
            true => Outcome::Failed(Failure::OwnNetwork {
                reason: failure.to_string(),
            }),
            false => outcome,
        }
    }

    /// Takes over the validators of a 304, where it has any.
    pub(super) fn renew(&mut self, validators: Validators, moved_to: Option<&Url>) {
        let kept = &mut self.memory.validators;
        kept.entity_tag = validators.entity_tag.or(kept.entity_tag.take());
        kept.last_modified = validators.last_modified.or(kept.last_modified.take());
        self.observe_move(moved_to);
    }

    /// Takes over the validators of a whole answer that was the same as before: they count from now.
    pub(super) fn replace(&mut self, document: &Document) {
        self.memory.validators = document.validators.clone();
        self.memory.validators_since = Some(document.received);
        self.observe_move(document.moved_to.as_ref());
    }

    fn observe_move(&mut self, moved_to: Option<&Url>) {
        self.memory.moved = verdict::observe_move(self.memory.moved.take(), moved_to, self.now);
    }

    pub(super) fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// One line a refresh.
    pub(super) fn tell(&self, outcome: &Outcome) {
        let duration_ms = self.elapsed_ms();
        match outcome {
            Outcome::Failed(failure) => {
                warn!(
                    duration_ms,
                    failure = failure.name(),
                    "{}: {outcome}",
                    self.source.id
                );
            }
            Outcome::Skipped(_) => debug!(duration_ms, "{}: {outcome}", self.source.id),
            _ => info!(duration_ms, "{}: {outcome}", self.source.id),
        }
    }
}
