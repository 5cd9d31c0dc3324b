//! When everything fails at once, it is we who are offline: one incident, and no source is punished.

use crate::model::{Failure, Outcome};

/// With fewer sources than this, all failing at once may be chance.
const LEAST_SOURCES: usize = 3;

/// Whether a failure is of the kind that our own network makes.
pub fn is_own(failure: &Failure) -> bool {
    matches!(
        failure,
        Failure::NameNotFound { .. } | Failure::NoConnection { .. } | Failure::Timeout { .. }
    )
}

/// Whether the endings of a round say that our own network is down: none went well, all that were tried failed on the way out,
/// and more than one host was tried. The hosts are those of the outcomes, in the same order.
pub fn own_network<'a>(
    endings: impl IntoIterator<Item = (&'a str, &'a Outcome)>,
) -> Option<Failure> {
    let mut tried = 0;
    let mut first = None;
    let mut hosts: Vec<&str> = Vec::new();
    for (host, outcome) in endings {
        match outcome {
            Outcome::Skipped(_) => {}
            Outcome::Failed(failure) if is_own(failure) => {
                tried += 1;
                first.get_or_insert(failure);
                // More than a few need not be told apart.
                if hosts.len() < LEAST_SOURCES && !hosts.contains(&host) {
                    hosts.push(host);
                }
            }
            Outcome::Failed(Failure::OwnNetwork { .. }) => {}
            _ => return None,
        }
    }
    let first = first.filter(|_| tried >= LEAST_SOURCES && hosts.len() >= LEAST_SOURCES)?;
    Some(Failure::OwnNetwork {
        reason: format!("all {tried} sources failed at once, the first because of: {first}"),
    })
}
