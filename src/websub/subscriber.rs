//! The subscriber's part of WebSub (sections 5 and 7): subscribe, confirm, renew, and take a ping as a reason to look.
//!
//! What a hub delivers is never read as news: it only makes the source due, and the source itself is asked. So a forged delivery
//! could at most cause a poll, and one with a wrong signature causes nothing at all (section 7.1.2).
//!
//! Why sha1 signatures count as wrong: the specification allows to refuse weak methods, and such feeds are still polled.

use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, Mac};
use sha2::{Sha256, Sha384, Sha512};
use url::Url;
use url::form_urlencoded::Serializer;
use uuid::Uuid;

use crate::fetch::{Fetcher, Post, Trouble};
use crate::model::{Settings, SourceId};
use crate::store::{Error, Store, Subscription};

/// What we ask for; hubs grant what they like.
const LEASE: TimeDelta = TimeDelta::days(10);
/// No lease is believed to be longer.
const MAX_LEASE: TimeDelta = TimeDelta::days(31);
/// A subscription is renewed when less than this is left, and a short one when half of it is over.
const RENEW_BEFORE: TimeDelta = TimeDelta::days(2);
/// A hub that did not confirm, or refused, is asked again after this; sooner where a lease would end meanwhile.
const ASK_AGAIN: TimeDelta = TimeDelta::hours(24);
/// No hub is asked more often.
const ASK_AT_MOST: TimeDelta = TimeDelta::minutes(2);
/// A hub may take this long to take the request.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a hub asks when it confirms (section 5.3), as the query of the callback says it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Question {
    /// `hub.mode`.
    pub mode: String,
    /// `hub.topic`.
    pub topic: String,
    /// `hub.challenge`.
    pub challenge: String,
    /// `hub.lease_seconds`.
    pub lease_seconds: Option<u64>,
}

/// Asks the hubs of all sources that have one and no living subscription. Does nothing unless the service subscribes and has a
/// public address.
pub async fn tend(
    store: &Store,
    fetcher: &Fetcher,
    settings: &Settings,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let is_reachable =
        is_public(&settings.site.base_url) || !settings.fetch.allow_private.is_empty();
    if !settings.websub.subscribe || !is_reachable {
        return Ok(());
    }
    for subscription in wanted(store, now).await? {
        ask(store, fetcher, &settings.site.base_url, subscription, now).await?;
    }
    Ok(())
}

/// Answers a hub's question: the challenge to be echoed, if it is about a subscription that we asked for.
pub async fn confirm(
    store: &Store,
    key: &str,
    question: &Question,
    now: DateTime<Utc>,
) -> Result<Option<String>, Error> {
    let Some(mut subscription) = find(store, key).await? else {
        return Ok(None);
    };
    let Some(expires) = answer(&subscription, question, now) else {
        return Ok(None);
    };
    subscription.expires = Some(expires);
    store
        .write(move |writer| {
            writer.put_subscription(&subscription)?;
            writer.promise(&subscription.source, expires)
        })
        .await?;
    Ok(Some(question.challenge.clone()))
}

/// Takes a delivery: makes the source due where the signature is right. The answer to the hub is the same either way.
pub async fn receive(
    store: &Store,
    key: &str,
    signature: Option<&str>,
    body: &[u8],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let Some(subscription) = find(store, key).await? else {
        return Ok(());
    };
    if is_signed(&subscription.secret, signature, body) {
        store
            .write(move |writer| writer.make_due(&subscription.source, now, "its hub told of news"))
            .await?;
    }
    Ok(())
}

async fn find(store: &Store, key: &str) -> Result<Option<Subscription>, Error> {
    let key = key.to_owned();
    store.read(move |reader| reader.subscription(&key)).await
}

/// The subscriptions to be asked for now: new ones, those that end soon, and those whose feed names another hub or address.
async fn wanted(store: &Store, now: DateTime<Utc>) -> Result<Vec<Subscription>, Error> {
    let (sources, known) = store
        .read(|reader| Ok((reader.sources()?, reader.subscriptions()?)))
        .await?;
    let wanted = sources.into_iter().filter_map(|row| {
        let hub = Url::parse(row.state.hub.as_deref()?).ok()?;
        let topic = row
            .state
            .topic
            .unwrap_or_else(|| row.profile.address.into());
        let before = known.iter().find(|known| known.source == row.profile.id);
        renewed(before, row.profile.id, hub, topic, now)
    });
    Ok(wanted.collect())
}

/// The subscription to ask for, if one is to be asked for now.
fn renewed(
    before: Option<&Subscription>,
    source: SourceId,
    hub: Url,
    topic: String,
    now: DateTime<Utc>,
) -> Option<Subscription> {
    if let Some(before) =
        before.filter(|before| before.hub == hub.as_str() && before.topic == topic)
    {
        // Half of what was left when it was last asked: with each try that fails the next comes sooner.
        let half = before
            .expires
            .filter(|expires| *expires > now)
            .map(|expires| (expires - before.asked) / 2);
        let is_living = before
            .expires
            .zip(half)
            .is_some_and(|(expires, half)| expires > now + half.min(RENEW_BEFORE));
        let pause = half.unwrap_or(ASK_AGAIN).clamp(ASK_AT_MOST, ASK_AGAIN);
        let was_asked = before.asked <= now && now - before.asked < pause;
        return (!is_living && !was_asked).then(|| Subscription {
            asked: now,
            ..before.clone()
        });
    }
    Some(Subscription {
        source,
        hub: hub.into(),
        topic,
        key: secret(),
        secret: secret(),
        asked: now,
        expires: None,
    })
}

/// 122 random bits: what a callback is found by must be hard to guess (section 5.1).
fn secret() -> String {
    Uuid::new_v4().simple().to_string()
}

async fn ask(
    store: &Store,
    fetcher: &Fetcher,
    base: &Url,
    subscription: Subscription,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let Some(post) = request(&subscription, base) else {
        return Ok(());
    };
    // Kept before it is asked: the hub may confirm before it answers.
    let kept = subscription.clone();
    store
        .write(move |writer| writer.put_subscription(&kept))
        .await?;
    match fetcher.post(&post).await {
        Ok(reply) if (200..300).contains(&reply.status) => {}
        Ok(reply) => {
            tracing::info!(source.id = %subscription.source, http.status = reply.status, "the hub does not take the subscription")
        }
        Err(Trouble::Failed(failure)) => {
            tracing::info!(source.id = %subscription.source, %failure, "the hub cannot be asked")
        }
        Err(Trouble::Skipped(skip)) => {
            tracing::debug!(source.id = %subscription.source, %skip, at = %now, "the hub was not asked")
        }
    }
    Ok(())
}

/// The subscription request (section 5.1).
fn request(subscription: &Subscription, base: &Url) -> Option<Post> {
    let callback = base.join(&format!("websub/{}", subscription.key)).ok()?;
    let body = Serializer::new(String::new())
        .append_pair("hub.mode", "subscribe")
        .append_pair("hub.topic", &subscription.topic)
        .append_pair("hub.callback", callback.as_str())
        .append_pair("hub.lease_seconds", &LEASE.num_seconds().to_string())
        .append_pair("hub.secret", &subscription.secret)
        .finish();
    Some(Post {
        address: Url::parse(&subscription.hub).ok()?,
        content_type: "application/x-www-form-urlencoded".to_owned(),
        body: Bytes::from(body),
        links: Vec::new(),
        signature: None,
        timeout: PATIENCE,
    })
}

/// Until when the subscription holds, if the question is one that we want to say yes to (section 5.3.1).
fn answer(
    subscription: &Subscription,
    question: &Question,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let fits = question.mode == "subscribe"
        && question.topic == subscription.topic
        && !question.challenge.is_empty();
    let seconds = i64::try_from(question.lease_seconds.unwrap_or(0)).unwrap_or(i64::MAX);
    let lease = match seconds {
        0 => LEASE,
        seconds => TimeDelta::seconds(seconds.min(MAX_LEASE.num_seconds())),
    };
    fits.then(|| now + lease)
}

/// Whether the signature (`method=hex`) is that of the body; compared in constant time.
fn is_signed(secret: &str, signature: Option<&str>, body: &[u8]) -> bool {
    let Some((method, hex)) = signature.and_then(|signature| signature.split_once('=')) else {
        return false;
    };
    let Some(told) = octets(hex) else {
        return false;
    };
    match method {
        "sha256" => is_code::<Hmac<Sha256>>(secret, body, &told),
        "sha384" => is_code::<Hmac<Sha384>>(secret, body, &told),
        "sha512" => is_code::<Hmac<Sha512>>(secret, body, &told),
        _ => false,
    }
}

fn is_code<M: Mac + hmac::digest::KeyInit>(secret: &str, body: &[u8], told: &[u8]) -> bool {
    let Ok(code) = <M as Mac>::new_from_slice(secret.as_bytes()) else {
        return false;
    };
    code.chain_update(body).verify_slice(told).is_ok()
}

fn octets(hex: &str) -> Option<Vec<u8>> {
    if !hex.len().is_multiple_of(2)
        || hex.len() > 128
        || !hex.bytes().all(|digit| digit.is_ascii_hexdigit())
    {
        return None;
    }
    (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).ok())
        .collect()
}

/// A hub must be able to reach us: no bare number, no local name, unless private networks are our field.
fn is_public(base: &Url) -> bool {
    match base.host() {
        Some(url::Host::Domain(name)) => {
            name.contains('.') && !name.ends_with(".local") && name != "localhost"
        }
        Some(url::Host::Ipv4(ip)) => !ip.is_private() && !ip.is_loopback() && !ip.is_link_local(),
        Some(url::Host::Ipv6(ip)) => !ip.is_loopback() && !ip.is_unique_local(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-02T08:00:00Z".parse().expect("a moment")
    }

    fn subscription(expires_in: Option<i64>, asked_before: i64) -> Subscription {
        Subscription {
            source: SourceId::new("ieh"),
            hub: "https://hub.example/".into(),
            topic: "https://ieh.example/feed".into(),
            key: "k".into(),
            secret: "s".into(),
            asked: now() - TimeDelta::hours(asked_before),
            expires: expires_in.map(|days| now() + TimeDelta::days(days)),
        }
    }

    fn is_asked(before: Option<&Subscription>, topic: &str) -> bool {
        let hub = Url::parse("https://hub.example/").expect("an address");
        renewed(before, SourceId::new("ieh"), hub, topic.into(), now()).is_some()
    }

    #[test]
    fn subscriptions_are_asked_for_and_renewed_before_they_end() {
        let topic = "https://ieh.example/feed";
        assert!(is_asked(None, topic));
        assert!(!is_asked(Some(&subscription(Some(5), 48)), topic));
        assert!(is_asked(Some(&subscription(Some(1), 48)), topic));
        assert!(
            !is_asked(Some(&subscription(None, 1)), topic),
            "it was asked an hour ago"
        );
        assert!(is_asked(Some(&subscription(None, 25)), topic));
        let short = |asked_before| Subscription {
            expires: Some(now() + TimeDelta::hours(12 - asked_before)),
            ..subscription(None, asked_before)
        };
        assert!(
            !is_asked(Some(&short(5)), topic),
            "half a lease of 12 hours is left"
        );
        assert!(
            is_asked(Some(&short(7)), topic),
            "less than half of it is left"
        );
        assert!(is_asked(
            Some(&subscription(Some(5), 1)),
            "https://ieh.example/moved"
        ));
    }

    #[test]
    fn only_what_was_asked_for_is_confirmed() {
        let asked = subscription(None, 0);
        let question = Question {
            mode: "subscribe".into(),
            topic: asked.topic.clone(),
            challenge: "c".into(),
            lease_seconds: Some(u64::MAX),
        };
        assert_eq!(answer(&asked, &question, now()), Some(now() + MAX_LEASE));
        for wrong in [
            Question {
                mode: "unsubscribe".into(),
                ..question.clone()
            },
            Question {
                topic: "https://other.example/".into(),
                ..question.clone()
            },
            Question {
                challenge: String::new(),
                ..question.clone()
            },
        ] {
            assert_eq!(answer(&asked, &wrong, now()), None);
        }
    }

    #[test]
    fn a_delivery_counts_only_with_the_right_signature() {
        let right = "sha256=dc46983557fea127b43af721467eb9b3fde2338fe3e14f51952aa8478c13d355";
        assert!(is_signed("secret", Some(right), b"body"));
        for wrong in [
            None,
            Some("sha256="),
            Some("sha256=zz"),
            Some("sha1=00"),
            Some(""),
            Some("=="),
            Some("sha512=dc46"),
        ] {
            assert!(!is_signed("secret", wrong, b"body"), "{wrong:?}");
        }
        assert!(!is_signed("other", Some(right), b"body"));
    }

    #[test]
    fn the_request_names_the_callback() {
        let base = Url::parse("https://nyheter.example/flode/").expect("an address");
        let post = request(&subscription(None, 0), &base).expect("a request");
        let body = String::from_utf8(post.body.to_vec()).expect("text");
        assert!(
            body.contains("hub.callback=https%3A%2F%2Fnyheter.example%2Fflode%2Fwebsub%2Fk"),
            "{body}"
        );
        assert!(
            body.contains("hub.secret=s") && body.contains("hub.mode=subscribe"),
            "{body}"
        );
    }

    #[test]
    fn a_local_address_subscribes_to_nothing() {
        for (base, public) in [
            ("http://127.0.0.1:8080/", false),
            ("http://server/", false),
            ("https://nyheter.example/", true),
        ] {
            assert_eq!(
                is_public(&Url::parse(base).expect("an address")),
                public,
                "{base}"
            );
        }
    }
}
