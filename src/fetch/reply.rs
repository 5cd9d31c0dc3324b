//! One answer of one hop, read to its end, whether it came from the network or from a recording.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::HeaderMap;
use http::header::LOCATION;

use super::conditional::from_value;

/// An answer as it came, decoded.
#[derive(Debug, Clone)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) received: DateTime<Utc>,
}

impl Reply {
    /// Where a redirect leads, as written; `Some(None)` where it does not say.
    pub(super) fn redirect(&self) -> Option<Option<String>> {
        match self.status {
            301 | 302 | 303 | 307 | 308 => Some(self.headers.get(LOCATION).map(location)),
            _ => None,
        }
    }

    pub(super) fn is_permanent(&self) -> bool {
        matches!(self.status, 301 | 308)
    }
}

/// Whether the body of an answer with this status is of any use; others are not read.
pub(super) fn has_useful_body(status: u16) -> bool {
    matches!(status, 200 | 203 | 226)
}

/// Old servers write UTF-8 into the header.
fn location(value: &http::HeaderValue) -> String {
    match std::str::from_utf8(value.as_bytes()) {
        Ok(text) => text.trim().to_owned(),
        Err(_) => from_value(value).trim().to_owned(),
    }
}
