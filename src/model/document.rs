//! What is asked of a server and what it answers, without a trace of HTTP's own spelling.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

/// Sent back in a conditional request, byte for byte as received (RFC 9110 section 8.8).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Validators {
    /// The entity tag, quotes and weakness mark included.
    pub entity_tag: Option<String>,
    /// The modification date, as the string that was received.
    pub last_modified: Option<String>,
}

impl Validators {
    /// Whether there is nothing to send.
    pub fn is_empty(&self) -> bool {
        self.entity_tag.is_none() && self.last_modified.is_none()
    }
}

/// What an answer says of when to come again (RFC 9111 section 5; Retry-After of RFC 9110 section 10.2.3).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Freshness {
    /// Fresh until then.
    pub fresh_until: Option<DateTime<Utc>>,
    /// The server asks not to be bothered before then.
    pub retry_after: Option<DateTime<Utc>>,
}

/// Which Accept header and which limits a request gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestKind {
    /// A feed document.
    Feed,
    /// A listing page.
    Page,
    /// The page of one entry.
    EntryPage,
}

/// One request to be made.
#[derive(Debug, Clone)]
pub struct Request {
    /// Where.
    pub address: Url,
    /// For what.
    pub kind: RequestKind,
    /// What makes it conditional; empty for a plain one.
    pub validators: Validators,
    /// Greatest body in octets, after decoding.
    pub max_body: u64,
    /// Longest whole transfer.
    pub timeout: std::time::Duration,
    /// Whether robots.txt is asked first.
    pub obey_robots: bool,
}

/// A body with what was said about it.
#[derive(Debug, Clone)]
pub struct Document {
    /// Where it came from, after redirects.
    pub address: Url,
    /// Where an unbroken chain of permanent redirects from the asked address ended, if there was one.
    pub moved_to: Option<Url>,
    /// `Content-Location`, absolute.
    pub content_location: Option<Url>,
    /// The media type without parameters, lower case.
    pub media_type: Option<String>,
    /// The `charset` parameter of the media type.
    pub charset: Option<String>,
    /// The decoded body.
    pub bytes: Bytes,
    /// For the next conditional request.
    pub validators: Validators,
    /// When to come again.
    pub freshness: Freshness,
    /// Whether it only holds what is new (226, RFC 3229).
    pub is_delta: bool,
    /// The hub named in the `Link` header, if any (WebSub section 4).
    pub hub: Option<Url>,
    /// When the answer was received: the reference for relative dates.
    pub received: DateTime<Utc>,
}

impl Document {
    /// A document from bytes at hand, with nothing else known.
    pub fn local(address: Url, bytes: impl Into<Bytes>, received: DateTime<Utc>) -> Self {
        Self {
            address,
            moved_to: None,
            content_location: None,
            media_type: None,
            charset: None,
            bytes: bytes.into(),
            validators: Validators::default(),
            freshness: Freshness::default(),
            is_delta: false,
            hub: None,
            received,
        }
    }
}

impl Document {
    /// What relative addresses in it are relative to: never with the user and password that it was asked with, since
    /// what is made of it is published.
    pub fn base(&self) -> Url {
        without_user(self.content_location.as_ref().unwrap_or(&self.address))
    }

    /// Its address, as far as it may be published.
    pub fn own_address(&self) -> Url {
        without_user(&self.address)
    }
}

fn without_user(url: &Url) -> Url {
    let mut url = url.clone();
    // Both fail only for addresses that cannot have a user, which then have none.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}

/// What came back, when it was not a failure.
#[derive(Debug, Clone)]
pub enum Answer {
    /// A body (200 or 226).
    Document(Box<Document>),
    /// Nothing new (304); renewed validators and freshness.
    NotModified {
        /// Validators of the 304 itself, where it had any.
        validators: Validators,
        /// When to come again.
        freshness: Freshness,
        /// Where an unbroken chain of permanent redirects ended, if there was one.
        moved_to: Option<Url>,
    },
}
