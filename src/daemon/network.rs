//! Our own network: when everything fails on the way out, that is one incident, and no source is blamed for it.
//!
//! # Why
//!
//! Dead hosts are always among many, and they end late or all at once, so three failures in a row say little. A failure is a
//! sign only where the source did well before, and where nothing else ended well while it was under way. A source that was
//! forgiven and fails again is no new sign, or five dead hosts would be asked over and over.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use tracing::{info, warn};

use crate::model::{Failure, IncidentKind, Outcome, SourceId};
use crate::store::{Error, Reader, Store};
use crate::watch;

/// Sources that failed so long before the incident was seen are forgiven too: they were its first signs.
const FIRST_SIGNS: TimeDelta = TimeDelta::hours(1);

/// Endings since the last one that showed that the network works.
#[derive(Default)]
pub(super) struct Streak {
    /// Sources whose last ending was a good one.
    well: HashSet<SourceId>,
    /// How many there are in all, while none of them was ever read: then all of them must fail.
    unread: Option<usize>,
    failed: HashMap<SourceId, (String, Outcome)>,
    good_endings: u64,
    is_down: bool,
}

/// The moment in a streak at which a refresh began.
#[derive(Clone, Copy)]
pub(super) struct Mark(u64);

/// What an ending says of our network.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// Nothing new.
    None,
    /// Everything fails.
    Down(String),
    /// It works again.
    Up,
}

impl Streak {
    /// Goes on from what the store remembers.
    pub(super) fn recall(reader: &Reader<'_>) -> Result<Self, Error> {
        let read = reader.read_before()?;
        let unread = match read.is_empty() {
            true => Some(reader.count_sources()?),
            false => None,
        };
        let incidents = reader.open_incidents(None)?;
        Ok(Self {
            well: read
                .into_iter()
                .filter_map(|(id, is_well)| is_well.then_some(id))
                .collect(),
            unread,
            is_down: incidents
                .iter()
                .any(|incident| incident.kind == IncidentKind::OwnNetwork),
            ..Self::default()
        })
    }

    /// Takes note that a refresh begins.
    pub(super) fn begin(&self) -> Mark {
        Mark(self.good_endings)
    }

    /// Takes note of how one refresh ended.
    pub(super) fn observe(
        &mut self,
        source: &SourceId,
        origin: &str,
        begun: Mark,
        outcome: &Outcome,
    ) -> Sign {
        match outcome {
            // What went wrong in here says nothing of what is out there.
            Outcome::Skipped(_)
            | Outcome::Failed(
                Failure::OwnNetwork { .. } | Failure::Storage { .. } | Failure::Panicked { .. },
            ) => Sign::None,
            Outcome::Failed(failure) if watch::is_own(failure) => {
                let was_well = self.well.remove(source) || self.unread.is_some();
                if was_well && begun.0 == self.good_endings {
                    self.failed
                        .insert(source.clone(), (origin.to_owned(), outcome.clone()));
                }
                self.judge()
            }
            // Whatever a server answered, it was reached.
            Outcome::Failed(_) => {
                self.well.remove(source);
                self.works()
            }
            Outcome::Updated { .. } | Outcome::Unchanged => {
                self.well.insert(source.clone());
                self.unread = None;
                self.works()
            }
        }
    }

    fn judge(&mut self) -> Sign {
        if self.is_down || self.failed.len() < self.telling() {
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

    /// How many failures in a row are more than chance.
    fn telling(&self) -> usize {
        let well = self.well.len() + self.failed.len();
        self.unread.unwrap_or(well / 10).min(10)
    }

    fn works(&mut self) -> Sign {
        self.good_endings += 1;
        self.failed.clear();
        match std::mem::take(&mut self.is_down) {
            true => Sign::Up,
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
        Sign::Up => {
            info!("our own network works again");
            store.write(move |writer| end(writer, now)).await
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
fn end(writer: &crate::store::Writer<'_>, now: DateTime<Utc>) -> Result<(), Error> {
    let mut since = None;
    for incident in writer.open_incidents(None)? {
        if incident.kind == IncidentKind::OwnNetwork {
            since = Some(incident.began - FIRST_SIGNS);
            writer.conclude_incident(incident, now)?;
        }
    }
    for mut row in writer.sources()? {
        let is_first_sign = since.is_some() && row.state.failing_since >= since;
        let is_forgiven = match &row.state.last_outcome {
            Some(Outcome::Failed(Failure::OwnNetwork { .. })) => true,
            Some(Outcome::Failed(failure)) => watch::is_own(failure) && is_first_sign,
            _ => false,
        };
        if is_forgiven {
            if is_first_sign {
                row.state.failures = 0;
                row.state.failing_since = None;
                row.state.last_failure = None;
            }
            row.state.due = Some(now);
            row.state.due_reason = "our own network works again".into();
            writer.put_state(&row.profile.id, &row.state)?;
        }
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

    fn ids() -> [SourceId; 5] {
        ["a", "b", "c", "d", "e"].map(SourceId::new)
    }

    fn all_well() -> Streak {
        Streak {
            well: ids().into(),
            ..Streak::default()
        }
    }

    fn fails(streak: &mut Streak, id: &SourceId, begun: Mark) -> Sign {
        streak.observe(
            id,
            &format!("https://{}", id.as_str()),
            begun,
            &unreachable(),
        )
    }

    #[test]
    fn everything_failing_on_several_hosts_is_our_own_network_until_something_works() {
        let mut streak = all_well();
        let begun = streak.begin();
        assert_eq!(fails(&mut streak, &ids()[0], begun), Sign::None);
        assert_eq!(fails(&mut streak, &ids()[1], begun), Sign::None);
        assert!(matches!(
            fails(&mut streak, &ids()[2], begun),
            Sign::Down(_)
        ));
        assert_eq!(fails(&mut streak, &ids()[3], begun), Sign::None);
        let up = streak.observe(&ids()[4], "https://e", begun, &Outcome::Unchanged);
        assert_eq!(up, Sign::Up);
    }

    #[test]
    fn dead_sources_are_not_our_network_however_often_they_fail() {
        let mut streak = all_well();
        let begun = streak.begin();
        let good = |streak: &mut Streak| {
            let begun = streak.begin();
            streak.observe(&ids()[4], "https://e", begun, &Outcome::Unchanged)
        };
        good(&mut streak);
        for id in &ids()[..4] {
            let sign = fails(&mut streak, id, begun);
            assert_eq!(
                sign,
                Sign::None,
                "others went well while they were under way"
            );
        }
        for _ in 0..3 {
            let begun = streak.begin();
            for id in &ids()[..4] {
                assert_eq!(
                    fails(&mut streak, id, begun),
                    Sign::None,
                    "they were not well before"
                );
            }
            assert_eq!(good(&mut streak), Sign::None);
        }
    }

    #[test]
    fn at_the_very_first_start_all_must_fail() {
        let mut streak = Streak {
            unread: Some(5),
            ..Streak::default()
        };
        let begun = streak.begin();
        for id in &ids()[..4] {
            assert_eq!(fails(&mut streak, id, begun), Sign::None);
        }
        assert!(matches!(
            fails(&mut streak, &ids()[4], begun),
            Sign::Down(_)
        ));
    }

    #[test]
    fn one_dead_host_is_not_our_network() {
        let mut streak = all_well();
        let begun = streak.begin();
        for id in ids() {
            let sign = streak.observe(&id, "https://one", begun, &unreachable());
            assert_eq!(sign, Sign::None);
        }
    }
}
