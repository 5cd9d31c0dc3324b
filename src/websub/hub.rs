//! A hub for our own feeds: takes subscriptions, verifies their intent, distributes, ends leases (WebSub sections 5 and 7).
//!
//! Only our own feeds can be subscribed to, so that nobody can use it to reach others; callbacks pass the same guard as
//! every fetch. Bounded: subscriptions, waiting verifications, leases, tries.

use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use url::Url;
use uuid::Uuid;

use super::publisher::topics;
use super::{Sent, TIMEOUT};
use crate::fetch::{Fetcher, Post};
use crate::site::{Format, Ready, Site};
use crate::store::{Error, HubSubscription, Message};

pub(super) const VERIFY: &str = "hub-verify";
pub(super) const DELIVER: &str = "hub-deliver";

const MAX_SUBSCRIPTIONS: usize = 10_000;
const MAX_WAITING: usize = 200;
/// WebSub section 5.1: a secret is shorter than 200 bytes.
const MAX_SECRET: usize = 199;
const MAX_CALLBACK: usize = 2000;
const SHORTEST_LEASE: i64 = 300;
const LONGEST_LEASE: i64 = 10 * 24 * 3600;

/// Why a request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not a mode of the Recommendation.
    #[error("`hub.mode` must be `subscribe` or `unsubscribe`")]
    Mode,
    /// Not one of our feeds.
    #[error("`hub.topic` must be a feed of this site")]
    Topic,
    /// Not an address to call.
    #[error("`hub.callback` must be an http or https address")]
    Callback,
    /// Too long to be a secret.
    #[error("`hub.secret` must be shorter than 200 bytes")]
    Secret,
    /// There are as many subscriptions as there may be.
    #[error("no further subscriptions are taken right now")]
    Full,
}

/// What a subscriber asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// `subscribe` or `unsubscribe`.
    mode: String,
    callback: Url,
    topic: String,
    secret: Option<String>,
    lease: i64,
}

/// A feed to be sent to a subscriber.
#[derive(Serialize, Deserialize)]
struct Delivery {
    callback: Url,
    topic: String,
}

impl Wish {
    /// Reads a request's form.
    pub fn read(form: &[u8], topics: &[String]) -> Result<Self, Refusal> {
        let (mut mode, mut callback, mut topic) = (String::new(), String::new(), String::new());
        let (mut secret, mut lease) = (None, None);
        for (name, value) in url::form_urlencoded::parse(form) {
            match name.as_ref() {
                "hub.mode" => mode = value.into_owned(),
                "hub.callback" => callback = value.into_owned(),
                "hub.topic" => topic = value.into_owned(),
                "hub.secret" => secret = Some(value.into_owned()),
                "hub.lease_seconds" => lease = value.parse::<i64>().ok(),
                _ => {}
            }
        }
        if mode != "subscribe" && mode != "unsubscribe" {
            return Err(Refusal::Mode);
        }
        if !topics.contains(&topic) {
            return Err(Refusal::Topic);
        }
        if secret
            .as_ref()
            .is_some_and(|secret| secret.len() > MAX_SECRET)
        {
            return Err(Refusal::Secret);
        }
        let callback = Url::parse(&callback)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https"))
            .filter(|url| url.as_str().len() <= MAX_CALLBACK)
            .ok_or(Refusal::Callback)?;
        Ok(Self {
            mode,
            callback,
            topic,
            secret: secret.filter(|secret| !secret.is_empty()),
            lease: lease
                .unwrap_or(LONGEST_LEASE)
                .clamp(SHORTEST_LEASE, LONGEST_LEASE),
        })
    }

    fn question(&self, challenge: &str) -> Url {
        let mut url = self.callback.clone();
        url.query_pairs_mut()
            .append_pair("hub.mode", &self.mode)
            .append_pair("hub.topic", &self.topic)
            .append_pair("hub.challenge", challenge)
            .append_pair("hub.lease_seconds", &self.lease.to_string());
        url
    }
}

/// Takes a wish for verification.
pub async fn take(
    site: &Site,
    wish: Wish,
    now: DateTime<Utc>,
) -> Result<Result<(), Refusal>, Error> {
    site.store()
        .write(move |writer| {
            let is_full = writer.count_hub_subscriptions()? >= MAX_SUBSCRIPTIONS
                || writer.count_messages(VERIFY)? >= MAX_WAITING;
            if is_full {
                return Ok(Err(Refusal::Full));
            }
            writer.post(VERIFY, &serde_json::to_string(&wish)?, now)?;
            Ok(Ok(()))
        })
        .await
}

/// Asks the subscriber whether it meant it (section 5.3), and does what was wished.
pub(super) async fn verify(
    site: &Site,
    fetcher: &Fetcher,
    message: Message,
    now: DateTime<Utc>,
) -> Result<Sent, Error> {
    let Ok(wish) = serde_json::from_str::<Wish>(&message.payload) else {
        return Ok(Sent::Done);
    };
    let challenge = Uuid::new_v4().simple().to_string();
    let reply = fetcher.verify(&wish.question(&challenge), TIMEOUT).await;
    let is_meant = reply.is_ok_and(|reply| {
        (200..300).contains(&reply.status) && reply.body.as_ref() == challenge.as_bytes()
    });
    if is_meant {
        site.store()
            .write(move |writer| {
                if wish.mode == "unsubscribe" {
                    return writer.end_hub_subscription(&wish.topic, wish.callback.as_str());
                }
                writer.put_hub_subscription(&HubSubscription {
                    callback: wish.callback.into(),
                    topic: wish.topic,
                    secret: wish.secret,
                    expires: now + TimeDelta::seconds(wish.lease),
                })
            })
            .await?;
    }
    Ok(Sent::Done)
}

/// Puts a delivery to every subscriber into the outbox; leases that are over end.
pub(super) async fn announce(site: &Site, now: DateTime<Utc>) -> Result<(), Error> {
    if !site.scope().settings.websub.own_hub {
        return Ok(());
    }
    let topics = topics(site);
    site.store()
        .write(move |writer| {
            writer.end_hub_leases(now)?;
            for topic in topics {
                for subscription in writer.hub_subscriptions(&topic, now)? {
                    let Ok(callback) = Url::parse(&subscription.callback) else {
                        continue;
                    };
                    let delivery = Delivery {
                        callback,
                        topic: topic.clone(),
                    };
                    writer.post(DELIVER, &serde_json::to_string(&delivery)?, now)?;
                }
            }
            Ok(())
        })
        .await
}

/// Sends the feed as it is now, signed where a secret was agreed (section 7).
pub(super) async fn distribute(
    site: &Site,
    fetcher: &Fetcher,
    message: Message,
    now: DateTime<Utc>,
) -> Result<Sent, Error> {
    let Ok(delivery) = serde_json::from_str::<Delivery>(&message.payload) else {
        return Ok(Sent::Done);
    };
    let topic = delivery.topic.clone();
    let subscriptions = site
        .store()
        .read(move |reader| reader.hub_subscriptions(&topic, now))
        .await?;
    let callback = delivery.callback.as_str();
    let subscription = subscriptions.iter().find(|s| s.callback == callback);
    let (Some(subscription), Some(ready)) = (subscription, document(site, &delivery.topic)) else {
        return Ok(Sent::Done);
    };
    let reply = fetcher
        .post(&post(site, &delivery, subscription, &ready))
        .await;
    match reply {
        Ok(reply) if (200..300).contains(&reply.status) => Ok(Sent::Done),
        // Gone is the subscriber's way to end a subscription without a request (section 7).
        Ok(reply) if reply.status == 410 => {
            site.store()
                .write(move |writer| {
                    writer.end_hub_subscription(&delivery.topic, delivery.callback.as_str())
                })
                .await?;
            Ok(Sent::Done)
        }
        _ => Ok(Sent::Later),
    }
}

fn document(site: &Site, topic: &str) -> Option<std::sync::Arc<Ready>> {
    let standing = site.standing();
    let format = Format::ALL
        .into_iter()
        .find(|format| standing.document.address(format.ending()) == topic)?;
    Some(standing.feed(format).clone())
}

fn post(site: &Site, delivery: &Delivery, subscription: &HubSubscription, ready: &Ready) -> Post {
    let links = [
        ("hub", site.scope().address("hub")),
        ("self", delivery.topic.clone()),
    ];
    Post {
        address: delivery.callback.clone(),
        content_type: ready.media_type.into(),
        body: ready.identity.clone(),
        links: links
            .into_iter()
            .filter_map(|(rel, address)| Some((rel.to_owned(), Url::parse(&address).ok()?)))
            .collect(),
        signature: subscription
            .secret
            .as_deref()
            .and_then(|secret| signature(secret, &ready.identity)),
        timeout: TIMEOUT,
    }
}

fn signature(secret: &str, body: &[u8]) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(body);
    let hex: String = mac
        .finalize()
        .into_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Some(format!("sha256={hex}"))
}

#[cfg(test)]
mod tests {
    use super::{Refusal, Wish, signature};

    const TOPIC: &str = "https://news.example/feed.atom";

    fn read(form: &str) -> Result<Wish, Refusal> {
        Wish::read(form.as_bytes(), &[TOPIC.to_owned()])
    }

    #[test]
    fn only_our_feeds_can_be_subscribed_to_and_only_by_a_web_address() {
        let wish = |mode: &str, topic: &str, callback: &str| {
            read(&format!(
                "hub.mode={mode}&hub.topic={topic}&hub.callback={callback}"
            ))
        };
        assert!(wish("subscribe", TOPIC, "https://reader.example/push").is_ok());
        assert_eq!(
            wish("publish", TOPIC, "https://r.example/"),
            Err(Refusal::Mode)
        );
        assert_eq!(
            wish("subscribe", "https://x.example/", "https://r.example/"),
            Err(Refusal::Topic)
        );
        assert_eq!(
            wish("subscribe", TOPIC, "file:///etc/passwd"),
            Err(Refusal::Callback)
        );
        assert_eq!(read(""), Err(Refusal::Mode));
    }

    #[test]
    fn a_lease_is_kept_within_bounds() {
        let lease = |seconds: &str| {
            read(&format!(
                "hub.mode=subscribe&hub.topic={TOPIC}&hub.callback=https://r.example/&hub.lease_seconds={seconds}"
            ))
            .map(|wish| wish.lease)
        };
        assert_eq!(lease("1"), Ok(300));
        assert_eq!(lease("86400"), Ok(86_400));
        assert_eq!(lease("99999999999999999999"), Ok(864_000));
    }

    #[test]
    fn content_is_signed_as_rfc_2104_says() {
        assert_eq!(
            signature("key", b"The quick brown fox jumps over the lazy dog").as_deref(),
            Some("sha256=f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8")
        );
    }
}
