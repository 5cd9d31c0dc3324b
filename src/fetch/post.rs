//! Sending something: a ping to a hub, a distribution to a subscriber, an incident to a webhook. Through the same guard as all
//! else, since whoever names an address to send to may name our own network (advisory CVE-2026-21885 against a peer).

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, LINK};
use http::{HeaderMap, HeaderName, HeaderValue};
use reqwest::Method;
use url::Url;

use crate::model::Failure;

use super::body::{self, Bounds, Excess};
use super::{Fetcher, Trouble, Way};

const X_HUB_SIGNATURE: HeaderName = HeaderName::from_static("x-hub-signature");
/// What is read of the answer to a POST.
const MAX_REPLY: u64 = 64 * 1024;

/// Something to be sent.
#[derive(Debug, Clone)]
pub struct Post {
    /// Where to.
    pub address: Url,
    /// The media type of the body.
    pub content_type: String,
    /// The body.
    pub body: Bytes,
    /// Links to be named with it, as relation and target (WebSub section 7).
    pub links: Vec<(String, Url)>,
    /// The body's signature, as `method=hex` (WebSub section 7.1).
    pub signature: Option<String>,
    /// Longest whole exchange.
    pub timeout: Duration,
}

/// How it was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostReply {
    /// The status; every status is an answer here.
    pub status: u16,
    /// The beginning of the body.
    pub body: Bytes,
}

impl Fetcher {
    /// Sends something, without redirects and without waiting for a turn. A replay sends nothing and says so.
    pub async fn post(&self, post: &Post) -> Result<PostReply, Trouble> {
        self.guard.check(&post.address)?;
        let Way::Network(network) = &self.way else {
            return Err(Failure::NoConnection {
                reason: "a replay sends nothing".to_owned(),
            }
            .into());
        };
        let sent = async {
            let response = network
                .send(
                    Method::POST,
                    &post.address,
                    headers(post)?,
                    Some(post.body.clone()),
                )
                .await?;
            let bounds = Bounds {
                limit: MAX_REPLY,
                excess: Excess::CutOff,
                silence: self.settings.idle_timeout,
            };
            let status = response.status().as_u16();
            let body = body::read(response, &[], bounds, &self.budget).await?;
            Ok(PostReply { status, body })
        };
        let done = tokio::time::timeout(post.timeout, sent).await;
        done.unwrap_or_else(|_| {
            Err(Failure::Timeout {
                stage: "the whole exchange".to_owned(),
                seconds: post.timeout.as_secs(),
            })
        })
        .map_err(Trouble::Failed)
    }

    /// Asks an address without conditions, robots or turn, and takes any status: for the verification of intent (WebSub section 5.3).
    pub async fn verify(&self, address: &Url, timeout: Duration) -> Result<PostReply, Trouble> {
        self.guard.check(address)?;
        let Way::Network(network) = &self.way else {
            return Err(Failure::NoConnection {
                reason: "a replay sends nothing".to_owned(),
            }
            .into());
        };
        let sent = async {
            let response = network
                .send(Method::GET, address, HeaderMap::new(), None)
                .await?;
            let bounds = Bounds {
                limit: MAX_REPLY,
                excess: Excess::CutOff,
                silence: self.settings.idle_timeout,
            };
            let status = response.status().as_u16();
            Ok(PostReply {
                status,
                body: body::read(response, &[], bounds, &self.budget).await?,
            })
        };
        let done = tokio::time::timeout(timeout, sent).await;
        done.unwrap_or_else(|_| {
            Err(Failure::Timeout {
                stage: "the whole exchange".to_owned(),
                seconds: timeout.as_secs(),
            })
        })
        .map_err(Trouble::Failed)
    }
}

fn headers(post: &Post) -> Result<HeaderMap, Failure> {
    let unfit = |what: &str| Failure::BrokenResponse {
        reason: format!("our own {what} cannot stand in a header"),
    };
    let mut headers = HeaderMap::new();
    let kind = HeaderValue::from_str(&post.content_type).map_err(|_| unfit("media type"))?;
    headers.insert(CONTENT_TYPE, kind);
    for (relation, target) in &post.links {
        let link = HeaderValue::from_str(&format!("<{target}>; rel=\"{relation}\""));
        headers.append(LINK, link.map_err(|_| unfit("link"))?);
    }
    if let Some(signature) = &post.signature {
        let signature = HeaderValue::from_str(signature).map_err(|_| unfit("signature"))?;
        headers.insert(X_HUB_SIGNATURE, signature);
    }
    Ok(headers)
}
