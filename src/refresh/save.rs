//! The writer's turn: entries, clusters, publication, memory and history, in one savepoint.

use chrono::{DateTime, Utc};

use super::Pass;
use super::ask::storage;
use crate::model::{IncidentKind, Outcome, Plan, Skip, SourceId, SourceState};
use crate::store::{Error, Saved, Writer};
use crate::watch;

impl Pass<'_> {
    /// Carries the plan out, whole or not at all.
    pub(super) async fn save(&mut self, plan: Plan) -> Result<Outcome, Outcome> {
        let outcome = plan.outcome.clone();
        let tag_authority = self.bench.settings.site.tag_authority.clone();
        let kept = self
            .keep(move |writer, before| {
                carry_out(writer, &plan, tag_authority.as_deref())?;
                ending(writer, &plan.source, before, &plan.state, plan.now)
            })
            .await
            .map_err(storage)?;
        let outcome = kept.map_or(Outcome::Skipped(Skip::Claimed), |()| outcome);
        self.tell(&outcome);
        Ok(outcome)
    }

    /// Writes what a pass has to write, if the source is still ours; `None` where it was taken over or taken out meanwhile.
    pub(super) async fn keep<F>(&self, work: F) -> Result<Option<()>, Error>
    where
        F: FnOnce(&Writer<'_>, &SourceState) -> Result<(), Error> + Send + 'static,
    {
        let (id, owner) = (self.source.id.clone(), self.bench.owner.clone());
        let before = self.before.clone();
        let write = self.bench.store.write(move |writer| {
            if !writer.holds(&id, &owner)? {
                return Ok(None);
            }
            work(writer, &before).map(Some)
        });
        write.await
    }
}

/// Keeps a source's memory, gives the source back, and looks what its memory says.
pub(super) fn ending(
    writer: &Writer<'_>,
    source: &SourceId,
    before: &SourceState,
    state: &SourceState,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    writer.give_back(source, before, state)?;
    watch(writer, source, state, now)
}

fn carry_out(writer: &Writer<'_>, plan: &Plan, tag_authority: Option<&str>) -> Result<(), Error> {
    for saved in writer.save_entries(plan)? {
        match saved {
            Saved::New { id, held: false } => writer.publish(id, tag_authority, plan.now)?,
            Saved::Changed(id) | Saved::Withdrawn(id) => writer.publish_changed(id, plan.now)?,
            Saved::New { held: true, .. } | Saved::Quiet(_) => {}
        }
    }
    Ok(())
}

/// Opens the incidents that a source's memory shows. Only a refresh that went well ends those it no longer shows: another
/// failure, or a refresh that was left out, does not mean that the source is well again.
fn watch(
    writer: &Writer<'_>,
    source: &SourceId,
    state: &SourceState,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let mut findings = watch::assess(state, now).findings;
    if let Some(Outcome::Updated { held, .. }) = state.last_outcome
        && held > 0
    {
        findings.push((
            IncidentKind::Flood,
            format!("{held} new but old entries are held back"),
        ));
    }
    let went_well = matches!(
        state.last_outcome,
        Some(Outcome::Updated { .. } | Outcome::Unchanged)
    );
    let open = match went_well {
        true => writer.open_incidents(Some(source))?,
        false => Vec::new(),
    };
    for incident in open {
        // What is held back stays an incident until the operator has decided.
        let lasts = findings.iter().any(|(kind, _)| *kind == incident.kind)
            || incident.kind == IncidentKind::Flood && writer.has_held(source)?;
        if !lasts {
            writer.conclude_incident(incident, now)?;
        }
    }
    for (kind, detail) in findings {
        if let Some(begun) = writer.open_incident(Some(source), kind, &detail, now)? {
            writer.tell_incident(&begun, now)?;
        }
    }
    Ok(())
}
