//! Seals archive documents when enough was published (RFC 5005 section 4).

use std::io::Read;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use flate2::read::GzDecoder;

use super::cache::Format;
use super::check::check;
use super::ready::gzip;
use super::{Error, Scope, Site, document};
use crate::publish::archive::{Run, next_run};
use crate::store::{self, Reader, Sealed, Store, View};

/// Views sealed in one turn.
const STEP: usize = 20;

impl Site {
    pub(super) async fn seal(&self, scope: &Arc<Scope>, now: DateTime<Utc>) -> Result<(), Error> {
        let size = scope.settings.publish.archive_size.max(1);
        loop {
            let scope = scope.clone();
            let sealed = self
                .store()
                .read(move |reader| Ok(seal_step(reader, &scope, size, now)))
                .await??;
            let is_last = sealed.is_empty();
            self.store()
                .write(move |writer| {
                    sealed
                        .iter()
                        .try_for_each(|(view, sealed)| writer.seal(*view, sealed))
                })
                .await?;
            if is_last {
                return Ok(());
            }
        }
    }
}

fn seal_step(
    reader: &Reader<'_>,
    scope: &Scope,
    size: usize,
    now: DateTime<Utc>,
) -> Result<Vec<(i64, Sealed)>, Error> {
    let mut sealed = Vec::new();
    for view in reader.views_to_seal(size, STEP)? {
        let Some(view) = reader.view_by_id(view)? else {
            continue;
        };
        let last = reader.last_sealed(view.id)?;
        if let Some(run) = next_run(last, view.newest, size) {
            sealed.push((view.id, make(reader, scope, &view, run, now)?));
        }
    }
    Ok(sealed)
}

/// The sealed documents whose bytes are not what their digest says.
pub async fn altered_documents(store: &Store) -> Result<Vec<String>, store::Error> {
    let (mut altered, mut after) = (Vec::new(), (0, 0));
    loop {
        let from = after;
        let step = store
            .read(move |reader| reader.sealed_after(from, STEP))
            .await?;
        for (view, sealed) in &step {
            after = (*view, sealed.run.number);
            let mut bytes = Vec::new();
            let is_read = GzDecoder::new(&sealed.body[..])
                .read_to_end(&mut bytes)
                .is_ok();
            if !is_read || *blake3::hash(&bytes).as_bytes() != sealed.digest {
                altered.push(format!("{} of view {view}", sealed.run.number));
            }
        }
        if step.len() < STEP {
            return Ok(altered);
        }
    }
}

/// Makes the sealed document of a run.
pub(super) fn make(
    reader: &Reader<'_>,
    scope: &Scope,
    view: &View,
    run: Run,
    now: DateTime<Utc>,
) -> Result<Sealed, Error> {
    let feed = document::archive(reader, scope, view, run)?;
    let bytes = Format::Atom.write(&feed)?;
    if let Err(fault) = check(Format::Atom, &bytes, &feed) {
        // An archive that waited for its repair would hold up all later ones; readers repair more than we check.
        tracing::error!(view = %view.key.path(), run = run.number, %fault, "an archive document is sealed with a fault");
    }
    Ok(Sealed {
        run,
        at: now,
        digest: *blake3::hash(&bytes).as_bytes(),
        body: gzip(&bytes)?,
    })
}
