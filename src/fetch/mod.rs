//! Asks servers for documents: politely, within bounds, and telling what happened. The only place that speaks HTTP outwards.
//!
//! [`Fetcher::fetch`] follows one request over its redirects. Each hop passes the same five waits and checks, in this order: the
//! address guard, robots.txt, the host's turn, a free place among all, and the deadlines. What comes back is an [`Answer`], a
//! failure, or the reason why nothing was asked. HTTP of RFC 9110, caching of RFC 9111, robots of RFC 9309, deltas of RFC 3229.
//!
//! Invariant: the time is what was last handed to [`Fetcher::tick`]; call it once before the first request and then often. The
//! only timers here are deadlines.
//!
//! Why replaying is a way of fetching and not a test double: a bug report is a folder, and the daemon, the commands and the
//! tests run on it unchanged. In a replay there is no network, so there are no pauses either.

mod address;
mod answer;
mod body;
mod client;
mod coding;
mod conditional;
mod failure;
mod freshness;
mod host;
mod post;
mod recorder;
mod recording;
mod redirect;
mod reply;
mod resolver;
mod robots;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use http::HeaderMap;
use reqwest::Method;
use tokio::sync::Semaphore;
use url::Url;

use crate::model::{Answer, Failure, FetchSettings, HostState, Request, Skip, Validators};

pub use post::{Post, PostReply};

use address::Guard;
use body::{Bounds, Budget, Excess};
use client::Network;
use host::{Turn, Turnstile, origin};
use recorder::Recorder;
use recording::Recording;
use redirect::Trail;
use reply::{Reply, has_useful_body};
use robots::{Ruling, Told};

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// It was tried and did not work.
    Failed(Failure),
    /// It was not tried, or the host asked us to come later.
    Skipped(Skip),
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// Why a fetcher cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The contact cannot stand in a header.
    #[error(
        "the contact `{contact}` cannot be sent in a header; use an address or a link in plain ASCII"
    )]
    Contact { contact: String },
    /// The proxy's address is of no use.
    #[error("the proxy's address cannot be used: {reason}")]
    Proxy { reason: String },
    /// The certificate file cannot be read.
    #[error("cannot read the certificates in `{path}`")]
    CaFile {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    /// The certificate file holds no certificate.
    #[error("no certificate found in `{path}`: {reason}")]
    NoCertificate { path: PathBuf, reason: String },
    /// The recording cannot be played.
    #[error("cannot play the recording `{path}`: {reason}")]
    Recording { path: PathBuf, reason: String },
    /// The recording cannot be written.
    #[error("cannot write the recording `{path}`")]
    Record {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

/// Fetches documents; shared by all refreshes.
pub struct Fetcher {
    way: Way,
    guard: Guard,
    turnstile: Arc<Turnstile>,
    places: Semaphore,
    budget: Budget,
    recorder: Option<Recorder>,
    settings: FetchSettings,
}

/// Where answers come from.
enum Way {
    Network(Box<Network>),
    Recording(Recording),
}

/// One hop to be made.
struct Hop<'a> {
    address: &'a Url,
    headers: HeaderMap,
    asked: &'a Validators,
    limit: u64,
    excess: Excess,
    timeout: Duration,
}

impl Fetcher {
    /// Makes a fetcher that asks the network.
    pub fn live(settings: &FetchSettings) -> Result<Self, Error> {
        let guard = Guard::new(&settings.allow_private);
        let network = Network::new(settings, guard.clone())?;
        Ok(Self::new(
            Way::Network(Box::new(network)),
            guard,
            settings.clone(),
        ))
    }

    /// Makes a fetcher that plays a recording.
    pub fn replay(dir: &Path) -> Result<Self, Error> {
        let recording = Recording::open(dir)?;
        let settings = FetchSettings {
            spacing: Duration::ZERO,
            ..FetchSettings::default()
        };
        Ok(Self::new(
            Way::Recording(recording),
            Guard::open(),
            settings,
        ))
    }

    /// Whether answers come from a recording.
    pub fn is_replay(&self) -> bool {
        matches!(self.way, Way::Recording(_))
    }

    /// Records all that is asked and answered from here on. Requests are then made without conditions, so that the recording is whole.
    pub fn recording_to(mut self, dir: &Path) -> Result<Self, Error> {
        self.recorder = Some(Recorder::create(dir)?);
        Ok(self)
    }

    fn new(way: Way, guard: Guard, settings: FetchSettings) -> Self {
        let turnstile = match way {
            Way::Recording(_) => Turnstile::without_pauses(),
            Way::Network(_) => Turnstile::new(settings.spacing, settings.per_host),
        };
        Self {
            way,
            guard,
            turnstile: Arc::new(turnstile),
            places: Semaphore::new(settings.concurrency.clamp(1, Semaphore::MAX_PERMITS)),
            budget: Budget::new(
                settings.byte_budget,
                settings.max_body.max(settings.max_page),
            ),
            recorder: None,
            settings,
        }
    }

    /// Hands in the time and lets the next waiting request of each free host go.
    pub fn tick(&self, now: DateTime<Utc>) {
        self.turnstile.tick(now);
    }

    /// The moment last handed in.
    pub fn now(&self) -> DateTime<Utc> {
        self.turnstile.now()
    }

    /// The earliest moment at which a waiting request could go.
    pub fn next_turn(&self) -> Option<DateTime<Utc>> {
        self.turnstile.next_turn()
    }

    /// Returns when a request came to wait for its host's turn, or a turn ended, since this was last called.
    pub async fn stirred(&self) {
        self.turnstile.stirred().await;
    }

    /// How many requests wait for their host's turn.
    pub fn waiting(&self) -> usize {
        self.turnstile.waiting()
    }

    /// Forgets hosts that nothing has asked for in days; what was kept of them by [`Fetcher::take_changed`] is the caller's.
    pub fn forget_idle_hosts(&self, now: DateTime<Utc>) {
        self.turnstile.forget_idle(now);
    }

    /// Gives a host its memory back.
    pub fn restore(&self, origin: &str, state: HostState) {
        self.turnstile.restore(origin, state);
    }

    /// Leaves a host alone as long as another process was asked to.
    pub fn heed_other(&self, origin: &str, state: &HostState) {
        self.turnstile.heed_other(origin, state);
    }

    /// The memory of the hosts that changed since the last call.
    pub fn take_changed(&self) -> Vec<(String, HostState)> {
        self.turnstile.take_changed()
    }

    /// Asks for a document, over redirects.
    pub async fn fetch(&self, request: &Request) -> Result<Answer, Trouble> {
        let none = Validators::default();
        let asked = if self.recorder.is_some() {
            &none
        } else {
            &request.validators
        };
        let mut trail = Trail::new(&request.address, self.settings.max_redirects);
        loop {
            self.admit(trail.here(), request.obey_robots).await?;
            let hop = Hop {
                address: trail.here(),
                headers: conditional::ask(request.kind, asked),
                asked,
                limit: request.max_body,
                excess: Excess::Refused,
                timeout: request.timeout,
            };
            let reply = self.hop(hop).await?;
            match reply.redirect() {
                Some(location) => trail.follow(&reply, location.as_deref())?,
                None => return answer::read(reply, &trail, asked).map_err(Trouble::Failed),
            }
        }
    }

    /// The checks before a hop: the address, then robots.txt.
    async fn admit(&self, address: &Url, obey_robots: bool) -> Result<(), Trouble> {
        self.guard.check(address)?;
        if !obey_robots {
            return Ok(());
        }
        let host = origin(address);
        let mut ruling = self.turnstile.ruling(&host, address);
        if let Ruling::Unknown = ruling {
            ruling = self.learn_robots(&host, address).await?;
        }
        match ruling {
            Ruling::Forbidden(skip) => Err(Trouble::Skipped(skip)),
            Ruling::Allowed(_) | Ruling::Unknown => Ok(()),
        }
    }

    /// Asks for robots.txt, once for all who wait for it.
    async fn learn_robots(&self, host: &str, address: &Url) -> Result<Ruling, Trouble> {
        let gate = self.turnstile.gate(host);
        let _only = gate.lock().await;
        let ruling = self.turnstile.ruling(host, address);
        if !matches!(ruling, Ruling::Unknown) {
            return Ok(ruling);
        }
        let told = self.ask_robots(address).await?;
        let now = self.turnstile.now();
        self.turnstile
            .note(host, |state| robots::remember(state, told, now));
        Ok(self.turnstile.ruling(host, address))
    }

    /// Asks for robots.txt, over at most five redirects as RFC 9309 section 2.3.1.2 has it.
    async fn ask_robots(&self, of: &Url) -> Result<Told, Trouble> {
        let Some(start) = robots::address(of) else {
            return Ok(Told::Nothing);
        };
        let mut trail = Trail::new(&start, 5);
        loop {
            let is_elsewhere = trail.is_redirected();
            if let Err(failure) = self.guard.check(trail.here()) {
                return robots::without_answer(failure, is_elsewhere).map_err(Trouble::Failed);
            }
            let hop = Hop {
                address: trail.here(),
                headers: HeaderMap::new(),
                asked: &Validators::default(),
                limit: robots::MAX_LENGTH,
                excess: Excess::CutOff,
                timeout: self.settings.timeout,
            };
            let reply = match self.hop(hop).await {
                Ok(reply) => reply,
                Err(Trouble::Failed(failure)) => {
                    return robots::without_answer(failure, is_elsewhere).map_err(Trouble::Failed);
                }
                Err(skipped) => return Err(skipped),
            };
            let Some(location) = reply.redirect() else {
                return Ok(robots::told(&reply));
            };
            if trail.follow(&reply, location.as_deref()).is_err() {
                return Ok(Told::Nothing);
            }
        }
    }

    /// Makes one hop in the host's turn, and notes a host that asks for rest.
    async fn hop(&self, hop: Hop<'_>) -> Result<Reply, Trouble> {
        let host = origin(hop.address);
        let _turn = self.turn(&host).await?;
        let told = match &self.way {
            Way::Network(network) => self.ask_network(network, &hop).await,
            Way::Recording(recording) => play(recording, &hop, self.turnstile.now()),
        };
        if let Some(recorder) = &self.recorder
            && let Err(error) = recorder.write(hop.address, told.as_ref(), self.turnstile.now())
        {
            tracing::warn!(error = %error, "the recording cannot be written");
        }
        let reply = told?;
        self.heed(&host, &reply)?;
        Ok(reply)
    }

    /// The host's turn, then a place among all.
    async fn turn(
        &self,
        host: &str,
    ) -> Result<(Turn, Option<tokio::sync::SemaphorePermit<'_>>), Trouble> {
        let rests = |until| Trouble::Skipped(Skip::HostRests { until });
        let turn = self.turnstile.turn(host).await.map_err(rests)?;
        // The semaphore is never closed; without a permit the bound is the callers' own.
        let place = self.places.acquire().await.ok();
        Ok((turn, place))
    }

    async fn ask_network(&self, network: &Network, hop: &Hop<'_>) -> Result<Reply, Failure> {
        let whole = tokio::time::timeout(hop.timeout, async {
            let mut headers = hop.headers.clone();
            headers.insert(http::header::ACCEPT_ENCODING, coding::ACCEPTED);
            if let Some(from) = self
                .settings
                .from
                .as_deref()
                .and_then(|from| from.parse().ok())
            {
                headers.insert(http::header::FROM, from);
            }
            let mut response = network
                .send(Method::GET, hop.address, headers, None)
                .await?;
            let status = response.status().as_u16();
            let mut headers = std::mem::take(response.headers_mut());
            let labels = coding::labels(&mut headers);
            let bounds = Bounds {
                limit: hop.limit,
                excess: hop.excess,
                silence: self.settings.idle_timeout,
            };
            let body = match has_useful_body(status) {
                true => body::read(response, &labels, bounds, &self.budget).await?,
                false => bytes::Bytes::new(),
            };
            let received = self.turnstile.now();
            Ok(Reply {
                status,
                headers,
                body,
                received,
            })
        });
        whole.await.unwrap_or_else(|_| {
            Err(Failure::Timeout {
                stage: "the whole transfer".to_owned(),
                seconds: hop.timeout.as_secs(),
            })
        })
    }

    /// Lays the host to rest where it asks for that; long rest is a failure after all.
    fn heed(&self, host: &str, reply: &Reply) -> Result<(), Trouble> {
        let now = self.turnstile.now();
        let since = self.turnstile.resting_since(host);
        let Some(until) = host::rest_asked(reply, since, now) else {
            self.turnstile.answered(host);
            return Ok(());
        };
        self.turnstile.rest(host, until);
        match since {
            Some(since) if now - since > host::MAX_REST => {
                Err(Failure::Status { code: reply.status }.into())
            }
            _ => Err(Trouble::Skipped(Skip::HostRests { until })),
        }
    }
}

fn play(recording: &Recording, hop: &Hop<'_>, now: DateTime<Utc>) -> Result<Reply, Failure> {
    let reply = match recording.play(hop.address, hop.asked, now) {
        Some(played) => played?,
        None if hop.address.path() == "/robots.txt" => Reply {
            status: 404,
            headers: HeaderMap::new(),
            body: bytes::Bytes::new(),
            received: now,
        },
        None => {
            return Err(Failure::NoConnection {
                reason: format!("`{}` is not in the recording", address::shown(hop.address)),
            });
        }
    };
    match reply.body.len() as u64 > hop.limit && hop.excess == Excess::Refused {
        true => Err(Failure::TooLarge { limit: hop.limit }),
        false => Ok(reply),
    }
}

#[cfg(test)]
mod tests;
