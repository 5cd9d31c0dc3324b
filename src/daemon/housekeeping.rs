//! What is forgotten in time, so that the database grows with the news alone: by the service every hour, by `samflode fetch`
//! at its end. Each step is bounded, or found by an index: refreshes wait for none of them for long.

use chrono::{DateTime, Duration, Utc};

use crate::model::Settings;
use crate::store::{Error, Store};

/// Incidents that have ended, and what kept entries apart.
const REASONS_LAST: Duration = Duration::days(365);
/// A message that is due for so long has nobody to tell it: there is no service, or it does not run.
const MESSAGES_LAST: Duration = Duration::days(3);
/// A host that was not asked for so long is met as a new one.
const HOSTS_LAST: Duration = Duration::days(60);
/// Entries whose texts go in one turn of the writer.
const STEP: usize = 500;

/// Forgets what is of no use any more and, where a retention is set, old texts; ends claims of processes that died.
pub async fn keep_house(
    store: &Store,
    settings: &Settings,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let hosts = store
        .read(move |reader| reader.hosts_unasked_since(now - HOSTS_LAST))
        .await?;
    store
        .write(move |writer| {
            writer.end_dead_claims()?;
            writer.forget_incidents(now - REASONS_LAST)?;
            writer.forget_vetoes(now - REASONS_LAST)?;
            writer.forget_messages(now - MESSAGES_LAST)?;
            writer.forget_hosts(&hosts)?;
            writer.forget_old_keys(now)
        })
        .await?;
    let kept = settings.store.retention;
    match kept.and_then(|kept| now.checked_sub_signed(Duration::from_std(kept).ok()?)) {
        Some(before) => forget_texts(store, before).await,
        None => Ok(()),
    }
}

async fn forget_texts(store: &Store, before: DateTime<Utc>) -> Result<(), Error> {
    loop {
        let step = store.write(move |writer| writer.forget_texts(before, STEP));
        if step.await? < STEP {
            return Ok(());
        }
    }
}
