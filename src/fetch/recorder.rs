//! Writing a recording: what was really asked and answered, in the form that [`super::recording`] describes.
//!
//! A body is written before the line of the index that names it, so a recording cut short is still whole. Headers that belong to
//! one transfer (lengths, codings) or to a person (cookies) are left out.

use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, SecondsFormat, Utc};
use http::HeaderMap;
use url::Url;

use crate::model::Failure;

use super::Error;
use super::address::shown;
use super::conditional::from_value;
use super::recording::INDEX;
use super::reply::Reply;

/// The headers that are of use when it is played.
const KEPT: [&str; 13] = [
    "content-type",
    "etag",
    "last-modified",
    "cache-control",
    "expires",
    "age",
    "date",
    "location",
    "retry-after",
    "content-location",
    "link",
    "im",
    "vary",
];

/// A recording being written.
pub(super) struct Recorder {
    dir: PathBuf,
    count: Mutex<usize>,
}

impl Recorder {
    pub(super) fn create(dir: &Path) -> Result<Self, Error> {
        let index = dir.join(INDEX);
        let failed = |source| Error::Record {
            path: index.clone(),
            source,
        };
        fs::create_dir_all(dir).map_err(failed)?;
        let exists = index.exists();
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&index)
            .map_err(failed)?;
        if !exists {
            file.write_all(b"# What was asked and answered, in this order. `--replay` plays it.\n")
                .map_err(failed)?;
        }
        let written = fs::read_to_string(&index).map_err(failed)?;
        let count = written
            .lines()
            .filter(|line| *line == "[[exchange]]")
            .count();
        Ok(Self {
            dir: dir.to_owned(),
            count: Mutex::new(count),
        })
    }

    /// Adds one exchange.
    pub(super) fn write(
        &self,
        address: &Url,
        told: Result<&Reply, &Failure>,
        now: DateTime<Utc>,
    ) -> io::Result<()> {
        let mut count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        *count += 1;
        let mut text = format!("\n[[exchange]]\nurl = {}\n", quoted(&shown_whole(address)));
        match told {
            Ok(reply) => {
                let file = file_name(*count, address, reply);
                if !reply.body.is_empty() {
                    fs::write(self.dir.join(&file), &reply.body)?;
                    let _ = writeln!(text, "file = {}", quoted(&file));
                }
                let _ = writeln!(text, "status = {}", reply.status);
                let _ = writeln!(
                    text,
                    "time = {}",
                    reply.received.to_rfc3339_opts(SecondsFormat::Secs, true)
                );
                let _ = writeln!(text, "headers = {{ {} }}", headers(&reply.headers));
            }
            Err(failure) => {
                let value = serde_json::to_value(failure).unwrap_or_default();
                let _ = writeln!(
                    text,
                    "time = {}",
                    now.to_rfc3339_opts(SecondsFormat::Secs, true)
                );
                let _ = writeln!(text, "failure = {{ {} }}", inline(&value));
            }
        }
        OpenOptions::new()
            .append(true)
            .open(self.dir.join(INDEX))?
            .write_all(text.as_bytes())
    }
}

/// Credentials do not go into a recording, which is made to be passed on.
fn shown_whole(address: &Url) -> String {
    if address.username().is_empty() && address.password().is_none() {
        return address.as_str().to_owned();
    }
    shown(address)
}

fn file_name(number: usize, address: &Url, reply: &Reply) -> String {
    let place = format!(
        "{}{}",
        address.host_str().unwrap_or_default(),
        address.path()
    );
    let mut slug = String::new();
    for character in place.chars().take(60) {
        let kept = character.is_ascii_alphanumeric() || character == '.';
        if kept {
            slug.push(character.to_ascii_lowercase());
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let (kind, _) = super::conditional::media_type(&reply.headers);
    let extension = match kind.as_deref().unwrap_or_default() {
        kind if kind.ends_with("html") || kind.ends_with("xhtml+xml") => "html",
        kind if kind.ends_with("xml") => "xml",
        kind if kind.ends_with("json") => "json",
        kind if kind.starts_with("text/plain") => "txt",
        _ => "body",
    };
    let slug = slug.trim_matches(['-', '.']);
    let slug = slug.strip_suffix(&format!(".{extension}")).unwrap_or(slug);
    format!("{number:03}-{slug}.{extension}")
}

fn headers(headers: &HeaderMap) -> String {
    let kept = KEPT.iter().filter_map(|name| {
        let value = headers.get(*name)?;
        Some(format!("{name} = {}", quoted(&from_value(value))))
    });
    kept.collect::<Vec<_>>().join(", ")
}

fn inline(value: &serde_json::Value) -> String {
    let Some(object) = value.as_object() else {
        return String::new();
    };
    let pairs = object.iter().map(|(key, value)| match value.as_str() {
        Some(text) => format!("{key} = {}", quoted(text)),
        None => format!("{key} = {value}"),
    });
    pairs.collect::<Vec<_>>().join(", ")
}

/// A TOML basic string.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(character);
            }
            control if control.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(control));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
