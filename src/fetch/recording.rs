//! A recording of a small web, played instead of the network. The other half, writing one, is [`super::recorder`].
//!
//! A recording is a folder with `index.toml` and the bodies it names; it reads well and can be written by hand:
//!
//! ```toml
//! recorded = 2026-11-02T08:00:00Z          # time of every exchange that has none of its own
//!
//! [[exchange]]                             # in the order they happened
//! url = "https://www.exempel.se/nyheter"   # absolute, its fragment ignored
//! file = "bodies/exempel-nyheter.html"     # the decoded body; left out for none
//! status = 200                             # the default; a redirect is an exchange of its own
//! time = 2026-11-02T08:00:07Z              # when it was received
//! headers = { content-type = "text/html", etag = '"a1"' }
//! ```
//!
//! `failure = { failure = "name-not-found", host = "…" }` stands for a network that failed. Without a content type the file's
//! extension tells. Several exchanges of one address are a sequence, whose last member repeats; a conditional request
//! that matches is answered 304 and takes no step. Bodies are read when asked for.

use std::collections::HashMap;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;
use url::Url;

use crate::model::{Failure, Validators};

use super::reply::Reply;
use super::{Error, conditional};

/// The name of the index in a recording's folder.
pub(super) const INDEX: &str = "index.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Index {
    #[serde(default)]
    recorded: Option<toml::value::Datetime>,
    #[serde(default)]
    exchange: Vec<WrittenExchange>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenExchange {
    url: Url,
    file: Option<PathBuf>,
    #[serde(default = "ok")]
    status: u16,
    time: Option<toml::value::Datetime>,
    #[serde(default)]
    headers: HashMap<String, String>,
    failure: Option<Failure>,
}

fn ok() -> u16 {
    200
}

struct Exchange {
    file: Option<PathBuf>,
    status: u16,
    headers: HeaderMap,
    failure: Option<Failure>,
    received: Option<DateTime<Utc>>,
}

/// What was recorded of one address, and how far it has been played.
#[derive(Default)]
struct Sequence {
    exchanges: Vec<Exchange>,
    next: usize,
}

/// A recording being played.
pub(super) struct Recording {
    dir: PathBuf,
    sequences: Mutex<HashMap<String, Sequence>>,
}

impl Recording {
    pub(super) fn open(dir: &Path) -> Result<Self, Error> {
        let path = dir.join(INDEX);
        let broken = |reason: String| Error::Recording {
            path: path.clone(),
            reason,
        };
        let text = fs::read_to_string(&path).map_err(|error| broken(error.to_string()))?;
        let index: Index = toml::from_str(&text).map_err(|error| broken(error.to_string()))?;
        let recorded = index.recorded.as_ref().and_then(moment);
        let mut sequences: HashMap<String, Sequence> = HashMap::new();
        for written in index.exchange {
            let key = key(&written.url);
            let exchange = written
                .check(dir, recorded)
                .map_err(|reason| broken(format!("{key}: {reason}")))?;
            sequences.entry(key).or_default().exchanges.push(exchange);
        }
        Ok(Self {
            dir: dir.to_owned(),
            sequences: Mutex::new(sequences),
        })
    }

    /// Plays the next exchange of an address; `None` where it was never recorded.
    pub(super) fn play(
        &self,
        address: &Url,
        asked: &Validators,
        now: DateTime<Utc>,
    ) -> Option<Result<Reply, Failure>> {
        let mut sequences = self
            .sequences
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let sequence = sequences.get_mut(&key(address))?;
        let exchange = sequence.exchanges.get(sequence.next)?;
        let unchanged = !asked.is_empty() && conditional::matches(&exchange.headers, asked);
        let played = exchange.reply(&self.dir, unchanged, now);
        if sequence.next + 1 < sequence.exchanges.len() && !unchanged {
            sequence.next += 1;
        }
        Some(played)
    }
}

impl WrittenExchange {
    fn check(self, dir: &Path, recorded: Option<DateTime<Utc>>) -> Result<Exchange, String> {
        let mut headers = HeaderMap::new();
        if let Some(kind) = self.file.as_deref().and_then(type_of) {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        }
        for (name, value) in &self.headers {
            let name: HeaderName = name
                .parse()
                .map_err(|_| format!("`{name}` is not a header name"))?;
            headers.insert(
                name,
                value
                    .parse()
                    .map_err(|_| format!("`{value}` is not a header value"))?,
            );
        }
        if let Some(file) = &self.file {
            if file
                .components()
                .any(|part| !matches!(part, Component::Normal(_) | Component::CurDir))
            {
                return Err(format!("`{}` leads out of the recording", file.display()));
            }
            if !dir.join(file).is_file() {
                return Err(format!("there is no file `{}`", file.display()));
            }
        }
        Ok(Exchange {
            file: self.file,
            status: self.status,
            headers,
            failure: self.failure,
            received: self.time.as_ref().and_then(moment).or(recorded),
        })
    }
}

impl Exchange {
    fn reply(&self, dir: &Path, unchanged: bool, now: DateTime<Utc>) -> Result<Reply, Failure> {
        if let Some(failure) = &self.failure {
            return Err(failure.clone());
        }
        let body = match &self.file {
            Some(file) if !unchanged => {
                fs::read(dir.join(file)).map_err(|error| Failure::NoConnection {
                    reason: format!(
                        "the recording's `{}` cannot be read ({error})",
                        file.display()
                    ),
                })?
            }
            _ => Vec::new(),
        };
        Ok(Reply {
            status: if unchanged { 304 } else { self.status },
            headers: self.headers.clone(),
            body: Bytes::from(body),
            received: self.received.unwrap_or(now),
        })
    }
}

fn key(address: &Url) -> String {
    let mut address = address.clone();
    address.set_fragment(None);
    address.into()
}

fn moment(written: &toml::value::Datetime) -> Option<DateTime<Utc>> {
    let text = written.to_string();
    let told = DateTime::parse_from_rfc3339(&text).map(|at| at.to_utc());
    // A date or a time without an offset is taken as UTC.
    told.or_else(|_| DateTime::parse_from_rfc3339(&format!("{text}Z")).map(|at| at.to_utc()))
        .or_else(|_| {
            DateTime::parse_from_rfc3339(&format!("{text}T00:00:00Z")).map(|at| at.to_utc())
        })
        .ok()
}

fn type_of(file: &Path) -> Option<&'static str> {
    Some(
        match file.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "xml" | "rss" | "atom" | "rdf" => "application/xml",
            "html" | "htm" => "text/html; charset=utf-8",
            "json" => "application/json",
            "txt" => "text/plain; charset=utf-8",
            _ => return None,
        },
    )
}
