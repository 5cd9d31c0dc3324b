//! Reading a body within bounds: its own limit, counted after decoding while reading, and one budget for all bodies.
//!
//! Why a finisher: with a plain budget, many half-read bodies could hold it all and wait for each other for ever. So one body at a
//! time may read on to its own limit outside of the shared part; the budget is divided to leave room for that one.
//! Nothing is reserved for what a server claims, only for what has come.

use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{Mutex, MutexGuard, OwnedSemaphorePermit, Semaphore};

use crate::model::Failure;

use super::failure;

const UNIT: u64 = 1024;
/// Bodies take their part of the budget in steps of this many units.
const STEP: u32 = 32;
/// The first memory given to a body, whatever length it claims.
const FIRST: usize = 16 * 1024;

/// The octets that all bodies in flight may take together.
pub(super) struct Budget {
    shared: Arc<Semaphore>,
    finisher: Mutex<()>,
}

impl Budget {
    /// A budget of so many octets, of which one body of the largest size is kept free for the finisher.
    pub(super) fn new(octets: u64, largest: u64) -> Self {
        let units = octets.saturating_sub(largest).max(octets / 4) / UNIT;
        let units = usize::try_from(units).unwrap_or(usize::MAX);
        Self {
            shared: Arc::new(Semaphore::new(units.min(Semaphore::MAX_PERMITS))),
            finisher: Mutex::new(()),
        }
    }
}

/// One body's part of the budget.
struct Share<'a> {
    budget: &'a Budget,
    held: Option<OwnedSemaphorePermit>,
    finisher: Option<MutexGuard<'a, ()>>,
    units: u64,
}

impl<'a> Share<'a> {
    fn new(budget: &'a Budget) -> Self {
        Self {
            budget,
            held: None,
            finisher: None,
            units: 0,
        }
    }

    async fn cover(&mut self, octets: usize) {
        while self.units * UNIT < octets as u64 {
            if self.finisher.is_none() {
                self.take_step().await;
            }
            self.units += u64::from(STEP);
        }
    }

    async fn take_step(&mut self) {
        let shared = Arc::clone(&self.budget.shared);
        tokio::select! {
            biased;
            Ok(step) = shared.acquire_many_owned(STEP) => match &mut self.held {
                Some(held) => held.merge(step),
                None => self.held = Some(step),
            },
            finisher = self.budget.finisher.lock() => self.finisher = Some(finisher),
        }
    }
}

/// Bytes that give their part of the budget back when the last user lets go of them.
struct Held {
    octets: Vec<u8>,
    _share: Option<OwnedSemaphorePermit>,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.octets
    }
}

/// What happens to a body over the limit.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Excess {
    Refused,
    CutOff,
}

/// How much may be read, and how long a silence may be.
#[derive(Clone, Copy)]
pub(super) struct Bounds {
    pub(super) limit: u64,
    pub(super) excess: Excess,
    pub(super) silence: Duration,
}

/// Reads the rest of an answer.
pub(super) async fn read(
    mut response: reqwest::Response,
    bounds: Bounds,
    budget: &Budget,
) -> Result<Bytes, Failure> {
    let address = response.url().clone();
    let limit = usize::try_from(bounds.limit).unwrap_or(usize::MAX);
    let mut share = Share::new(budget);
    let mut octets = Vec::new();
    loop {
        let chunk = tokio::time::timeout(bounds.silence, response.chunk()).await;
        let chunk = chunk.map_err(|_| silent(bounds.silence))?;
        let Some(chunk) = chunk.map_err(|error| broken(&error, &address))? else {
            break;
        };
        if octets.len() + chunk.len() > limit {
            if bounds.excess == Excess::Refused {
                return Err(Failure::TooLarge {
                    limit: bounds.limit,
                });
            }
            octets.extend_from_slice(&chunk[..limit - octets.len()]);
            break;
        }
        share.cover(octets.len() + chunk.len()).await;
        if octets.capacity() == 0 {
            octets.reserve(chunk.len().max(FIRST).min(limit));
        }
        octets.extend_from_slice(&chunk);
    }
    if octets.starts_with(&[0x1f, 0x8b]) {
        octets = unlabeled_gzip(octets, bounds.limit)?;
        share.cover(octets.len()).await;
    }
    if octets.capacity() - octets.len() > octets.len() / 4 {
        octets.shrink_to_fit();
    }
    Ok(Bytes::from_owner(Held {
        octets,
        _share: share.held.take(),
    }))
}

/// Some servers pack the body and forget to say so.
fn unlabeled_gzip(octets: Vec<u8>, limit: u64) -> Result<Vec<u8>, Failure> {
    let mut unpacked = Vec::new();
    flate2::read::MultiGzDecoder::new(octets.as_slice())
        .take(limit + 1)
        .read_to_end(&mut unpacked)
        .map_err(|error| Failure::BrokenResponse {
            reason: format!("it looks like gzip but cannot be unpacked ({error})"),
        })?;
    if unpacked.len() as u64 > limit {
        return Err(Failure::TooLarge { limit });
    }
    Ok(unpacked)
}

fn silent(silence: Duration) -> Failure {
    Failure::Timeout {
        stage: "a silence in the middle of the body".to_owned(),
        seconds: silence.as_secs(),
    }
}

fn broken(error: &reqwest::Error, address: &url::Url) -> Failure {
    match failure::translate(error, address) {
        // A connection lost in the middle of a body is a broken answer, not a host that cannot be reached.
        Failure::NoConnection { reason } => Failure::BrokenResponse {
            reason: format!("the connection was lost in the middle of the body: {reason}"),
        },
        Failure::BrokenResponse { .. } if error.is_decode() => Failure::BrokenResponse {
            reason: format!(
                "its content coding is broken or cut short ({})",
                root(error)
            ),
        },
        other => other,
    }
}

fn root(error: &reqwest::Error) -> String {
    let mut deepest: &dyn std::error::Error = error;
    while let Some(next) = deepest.source() {
        deepest = next;
    }
    deepest.to_string()
}
