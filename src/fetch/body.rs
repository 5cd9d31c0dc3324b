//! Reading a body within bounds: its own limit, counted after decoding while reading, and one budget for all bodies.
//!
//! Why a finisher: with a plain budget, many half-read bodies could hold it all and wait for each other for ever. So one body at a
//! time may read on to its own limit outside of the shared part; the budget is divided to leave room for that one.
//! Nothing is reserved for what a server claims, only for what has come.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use tokio::io::AsyncReadExt;
use tokio::sync::{Mutex, MutexGuard, OwnedSemaphorePermit, Semaphore};

use tokio_util::io::StreamReader;

use crate::model::Failure;

use super::coding::{self, Unpacked};
use super::failure;

const UNIT: u64 = 1024;
/// Bodies take their part of the budget in steps of this many units.
const STEP: u32 = 32;
/// The first memory given to a body, whatever length it claims, and what it gets from then on.
const FIRST: usize = 16 * 1024;
const BLOCK: usize = 64 * 1024;
/// The window of a Brotli stream at its packers' default, 22 bits.
const WIDE: usize = 4 << 20;

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

/// Reads the rest of an answer and takes off the codings that it is labeled with.
pub(super) async fn read(
    response: reqwest::Response,
    labels: &[String],
    bounds: Bounds,
    budget: &Budget,
) -> Result<Bytes, Failure> {
    let limit = usize::try_from(bounds.limit).unwrap_or(usize::MAX);
    let told = |error: io::Error| told(&error);
    let unpacked = coding::unpacked(incoming(response, bounds), labels).await;
    let Unpacked {
        mut body,
        window,
        weight,
    } = unpacked.map_err(told)?;
    let mut share = Share::new(budget);
    // Decoders take their window at the first octet; one that is wider than any common packer asks for waits for the others.
    if window > WIDE {
        share.finisher = Some(budget.finisher.lock().await);
    }
    share.cover(window).await;
    let mut blocks = Blocks::default();
    loop {
        let came = body.read_buf(blocks.room()).await.map_err(told)?;
        if came == 0 {
            break;
        }
        blocks.octets += came;
        if blocks.octets > limit {
            if bounds.excess == Excess::Refused {
                return Err(Failure::TooLarge {
                    limit: bounds.limit,
                });
            }
            break;
        }
        share.cover(window + blocks.octets * weight).await;
    }
    drop(body);
    let octets = blocks.joined(limit);
    Ok(Bytes::from_owner(Held {
        octets,
        _share: share.held.take(),
    }))
}

/// A body as it grows: in blocks of one size, since one that is doubled again and again leaves holes in memory that no other fits.
#[derive(Default)]
struct Blocks {
    full: Vec<Vec<u8>>,
    last: Vec<u8>,
    octets: usize,
}

impl Blocks {
    /// Where the next octets go.
    fn room(&mut self) -> &mut Vec<u8> {
        if self.last.len() == self.last.capacity() {
            let size = match self.octets {
                0 => FIRST,
                _ => BLOCK,
            };
            let full = std::mem::replace(&mut self.last, Vec::with_capacity(size));
            if !full.is_empty() {
                self.full.push(full);
            }
        }
        &mut self.last
    }

    /// All of it in one piece, up to a limit.
    fn joined(mut self, limit: usize) -> Vec<u8> {
        if self.full.is_empty() {
            self.last.shrink_to_fit();
            self.last.truncate(limit);
            return self.last;
        }
        let mut octets = Vec::with_capacity(self.octets.min(limit));
        for block in self.full.drain(..).chain([self.last]) {
            let fits = block.len().min(limit - octets.len());
            octets.extend_from_slice(&block[..fits]);
        }
        octets
    }
}

/// The body as it comes over the wire, without long silences. Packed octets count as well: a coding can hold any number of
/// them and mean nothing.
fn incoming(response: reqwest::Response, bounds: Bounds) -> coding::Stream {
    let most = bounds.limit.saturating_add(bounds.limit / 8 + 64 * 1024);
    let chunks = stream::try_unfold((response, 0), move |(mut response, before)| async move {
        let chunk = match tokio::time::timeout(bounds.silence, response.chunk()).await {
            Ok(Ok(chunk)) => chunk,
            Ok(Err(error)) => {
                let failure = failure::translate(&error, response.url());
                return Err(broken(lost(failure)));
            }
            Err(_) => return Err(broken(silent(bounds.silence))),
        };
        let Some(chunk) = chunk else {
            return Ok(None);
        };
        let came = before + chunk.len() as u64;
        if came > most && bounds.excess == Excess::Refused {
            let limit = bounds.limit;
            return Err(broken(Failure::TooLarge { limit }));
        }
        Ok(Some((chunk, (response, came))))
    });
    Box::new(StreamReader::new(Box::pin(chunks)))
}

/// A failure on its way through the decoders.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Broken(Failure);

fn broken(failure: Failure) -> io::Error {
    io::Error::other(Broken(failure))
}

/// What a decoder's error means: what came over the wire, or else the coding itself.
fn told(error: &io::Error) -> Failure {
    match error.get_ref().and_then(|inner| inner.downcast_ref()) {
        Some(Broken(failure)) => failure.clone(),
        None => Failure::BrokenResponse {
            reason: format!("its content coding is broken or cut short ({error})"),
        },
    }
}

fn silent(silence: Duration) -> Failure {
    Failure::Timeout {
        stage: "a silence in the middle of the body".to_owned(),
        seconds: silence.as_secs(),
    }
}

/// A connection lost in the middle of a body is a broken answer, not a host that cannot be reached.
fn lost(failure: Failure) -> Failure {
    match failure {
        Failure::NoConnection { reason } => Failure::BrokenResponse {
            reason: format!("the connection was lost in the middle of the body: {reason}"),
        },
        other => other,
    }
}
