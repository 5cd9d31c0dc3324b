//! Our own network: when everything fails on the way out, that is one incident, and no source is blamed for it.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use tracing::{info, warn};

use crate::model::{Failure, IncidentKind, Outcome, SourceId};
use crate::store::{Error, Store};
use crate::watch;

/// Endings since the last one that showed that the network works.
#[derive(Default)]
pub(super) struct Streak {
    failed: HashMap<SourceId, (String, Outcome)>,
    is_down: bool,
}

/// What an ending says of our network.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// Nothing new.
    None,
    /// Everything fails.
    Down(String),
    /// It works again; these sources failed because of it.
    Up(Vec<SourceId>),
}

impl Streak {
    /// Takes note of how one refresh ended.
    pub(super) fn observe(&mut self, source: &SourceId, origin: &str, outcome: &Outcome) -> Sign {
        match outcome {
            Outcome::Skipped(_) => Sign::None,
            Outcome::Failed(failure) if watch::is_own(failure) => {
                self.failed
                    .insert(source.clone(), (origin.to_owned(), outcome.clone()));
                self.judge()
            }
            _ => self.works(),
        }
    }

    fn judge(&mut self) -> Sign {
        if self.is_down {
            return Sign::None;
        }
        let endings = self
            .failed
            .values()
            .map(|(origin, outcome)| (origin.as_str(), outcome));
        match watch::own_network(endings) {
            Some(Failure::OwnNetwork { reason }) => {
                self.is_down = true;
                Sign::Down(reason)
            }
            _ => Sign::None,
        }
    }

    fn works(&mut self) -> Sign {
        let failed = std::mem::take(&mut self.failed);
        match std::mem::take(&mut self.is_down) {
            true => Sign::Up(failed.into_keys().collect()),
            false => Sign::None,
        }
    }
}

/// Keeps what an ending says of our network.
pub(super) async fn keep(store: &Store, sign: Sign, now: DateTime<Utc>) -> Result<(), Error> {
    match sign {
        Sign::None => Ok(()),
        Sign::Down(reason) => {
            warn!("our own network seems to be down: {reason}");
            store.write(move |writer| begin(writer, &reason, now)).await
        }
        Sign::Up(sources) => {
            info!("our own network works again");
            store.write(move |writer| end(writer, &sources, now)).await
        }
    }
}

fn begin(writer: &crate::store::Writer<'_>, reason: &str, now: DateTime<Utc>) -> Result<(), Error> {
    if let Some(begun) = writer.open_incident(None, IncidentKind::OwnNetwork, reason, now)? {
        writer.tell_incident(&begun, now)?;
    }
    Ok(())
}

/// Ends the incident, and takes from the sources the blame and the wait that were not theirs.
fn end(
    writer: &crate::store::Writer<'_>,
    sources: &[SourceId],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    for incident in writer.open_incidents(None)? {
        if incident.kind == IncidentKind::OwnNetwork {
            writer.conclude_incident(incident, now)?;
        }
    }
    for id in sources {
        let Some(mut row) = writer.source(id)? else {
            continue;
        };
        row.state.failures = 0;
        row.state.failing_since = None;
        row.state.due = Some(now);
        row.state.due_reason = "our own network works again".into();
        writer.put_state(id, &row.state)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unreachable() -> Outcome {
        Outcome::Failed(Failure::NoConnection {
            reason: "unreachable".into(),
        })
    }

    #[test]
    fn everything_failing_on_several_hosts_is_our_own_network_until_something_works() {
        let mut streak = Streak::default();
        let ids = ["a", "b", "c", "d"].map(SourceId::new);
        assert_eq!(
            streak.observe(&ids[0], "https://a", &unreachable()),
            Sign::None
        );
        assert_eq!(
            streak.observe(&ids[1], "https://b", &unreachable()),
            Sign::None
        );
        assert!(matches!(
            streak.observe(&ids[2], "https://c", &unreachable()),
            Sign::Down(_)
        ));
        let Sign::Up(mut forgiven) = streak.observe(&ids[3], "https://d", &Outcome::Unchanged)
        else {
            panic!("nothing noticed")
        };
        forgiven.sort();
        assert_eq!(forgiven, ids[..3]);
    }

    #[test]
    fn one_dead_host_is_not_our_network() {
        let mut streak = Streak::default();
        for name in ["a", "b", "c", "d"] {
            let sign = streak.observe(&SourceId::new(name), "https://one", &unreachable());
            assert_eq!(sign, Sign::None);
        }
    }
}
