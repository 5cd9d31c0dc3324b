//! Claims: which process refreshes which source, so that a command works beside a running daemon.
//!
//! # Why
//!
//! A claim is a lease, but a killed process must not cost its sources a quarter of an hour. An owner's name therefore
//! tells the process and when it began; where the system shows that (`/proc`), a dead owner's claims end at once.

use chrono::{DateTime, Duration, Utc};
use rusqlite::params;

use super::{Error, Writer, to_ms};
use crate::model::{SourceId, SourceState};

/// Where the owner's name of the last daemon is kept.
const DAEMON: &str = "daemon";

/// The name of this process as an owner of claims.
pub fn owner() -> String {
    let pid = std::process::id();
    format!("{pid}/{}", began(pid).unwrap_or_default())
}

/// When a process began, in the system's own ticks; `None` where there is no such process or no `/proc`.
fn began(pid: u32) -> Option<String> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The command's name is in parentheses and may hold anything; the 22nd field is the 20th after it.
    stat.rsplit_once(')')?
        .1
        .split_whitespace()
        .nth(19)
        .map(str::to_owned)
}

/// Where processes of other users are hidden (`ProtectProc=invisible`), one that is not seen may be alive all the same: its
/// lease runs out.
fn is_dead(owner: &str) -> bool {
    let Some((pid, since)) = owner.split_once('/') else {
        return false;
    };
    match pid.parse().ok().and_then(began) {
        Some(now) => now != since,
        None => began(1).is_some(),
    }
}

impl Writer<'_> {
    /// Takes a source for one refresh; `false` where another process has it.
    pub fn claim(
        &self,
        id: &SourceId,
        owner: &str,
        now: DateTime<Utc>,
        lease: Duration,
    ) -> Result<bool, Error> {
        let taken = self
            .connection
            .prepare_cached(
                "INSERT INTO claim (source, owner, until) SELECT id, ?2, ?4 FROM source WHERE id = ?1
                 ON CONFLICT (source) DO UPDATE SET owner = excluded.owner, until = excluded.until
                 WHERE owner = excluded.owner OR until <= ?3",
            )?
            .execute(params![id.as_str(), owner, to_ms(now), to_ms(now + lease)])?;
        Ok(taken == 1)
    }

    /// Whether a source is still `owner`'s to write of: its lease may have run out, or it may have left the configuration.
    pub fn holds(&self, id: &SourceId, owner: &str) -> Result<bool, Error> {
        Ok(self
            .connection
            .prepare_cached("SELECT 1 FROM claim WHERE source = ?1 AND owner = ?2")?
            .exists([id.as_str(), owner])?)
    }

    /// Stores a source's memory after a refresh and gives the source back. What others kept of it meanwhile stays: until when
    /// its hub has promised to tell, and that it was made due, which shows in another moment than it was due `before`.
    pub fn give_back(
        &self,
        id: &SourceId,
        before: &SourceState,
        state: &SourceState,
    ) -> Result<(), Error> {
        let Some(kept) = self.latest(id)? else {
            return Ok(());
        };
        let mut state = SourceState {
            told_until: kept.told_until,
            ..state.clone()
        };
        if kept.due != before.due && kept.due < state.due {
            state.due = kept.due;
            state.due_reason = kept.due_reason;
        }
        self.put_changed(id, before, state)?;
        self.end_claim(id)
    }

    /// Gives one source back.
    pub fn end_claim(&self, id: &SourceId) -> Result<(), Error> {
        self.connection
            .prepare_cached("DELETE FROM claim WHERE source = ?1")?
            .execute([id.as_str()])?;
        Ok(())
    }

    /// Gives back what processes claimed that no longer run.
    pub fn end_dead_claims(&self) -> Result<(), Error> {
        let owners: Vec<String> = self
            .connection
            .prepare_cached("SELECT DISTINCT owner FROM claim")?
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        owners
            .iter()
            .filter(|owner| is_dead(owner))
            .try_for_each(|owner| self.end_claims(owner))
    }

    /// Takes the place of the daemon before, whose claims end with it, seen or not: there is one daemon at a time
    /// ([`super::Store::lock_daemon`]).
    pub fn succeed(&self, owner: &str) -> Result<(), Error> {
        if let Some(before) = self.meta(DAEMON)? {
            self.end_claims(&before)?;
        }
        self.put_meta(DAEMON, owner)
    }

    /// Gives back all that `owner` claimed.
    pub fn end_claims(&self, owner: &str) -> Result<(), Error> {
        self.connection
            .execute("DELETE FROM claim WHERE owner = ?1", [owner])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_lives_and_an_earlier_one_of_its_number_does_not() {
        assert!(!is_dead(&owner()));
        if began(std::process::id()).is_some() {
            assert!(is_dead(&format!("{}/1", std::process::id())));
        }
    }
}
