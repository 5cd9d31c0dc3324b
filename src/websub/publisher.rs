//! Tells the configured hubs that our feeds changed (WebSub section 6; the form that hubs agree on is PubSubHubbub's).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Sent, TIMEOUT};
use crate::fetch::{Fetcher, Post};
use crate::site::{Format, Site};
use crate::store::{Error, Message};

pub(super) const KIND: &str = "hub";

/// A hub to be told of a feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Ping {
    hub: Url,
    topics: Vec<String>,
}

/// The feeds that hubs tell of: the merged one in each format.
pub fn topics(site: &Site) -> Vec<String> {
    let standing = site.standing();
    Format::ALL
        .iter()
        .map(|format| standing.document.address(format.ending()))
        .collect()
}

pub(super) async fn announce(site: &Site, now: DateTime<Utc>) -> Result<(), Error> {
    let topics = topics(site);
    let hubs = site.scope().settings.websub.hubs.clone();
    if hubs.is_empty() {
        return Ok(());
    }
    site.store()
        .write(move |writer| {
            for hub in hubs {
                let ping = Ping {
                    hub,
                    topics: topics.clone(),
                };
                writer.post(KIND, &serde_json::to_string(&ping)?, now)?;
            }
            Ok(())
        })
        .await
}

pub(super) async fn send(fetcher: &Fetcher, message: Message) -> Result<Sent, Error> {
    let Ok(ping) = serde_json::from_str::<Ping>(&message.payload) else {
        return Ok(Sent::Done);
    };
    let reply = fetcher.post(&post(&ping)).await;
    let taken = reply
        .as_ref()
        .is_ok_and(|reply| (200..300).contains(&reply.status));
    tracing::debug!(hub = %ping.hub, taken, "told a hub");
    Ok(if taken { Sent::Done } else { Sent::Later })
}

fn post(ping: &Ping) -> Post {
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    body.append_pair("hub.mode", "publish");
    for topic in &ping.topics {
        // The Recommendation leaves the form open; old hubs read `hub.url`, new ones `hub.topic`.
        body.append_pair("hub.url", topic);
        body.append_pair("hub.topic", topic);
    }
    Post {
        address: ping.hub.clone(),
        content_type: "application/x-www-form-urlencoded".into(),
        body: body.finish().into(),
        links: Vec::new(),
        signature: None,
        timeout: TIMEOUT,
    }
}

#[cfg(test)]
mod tests {
    use super::{Ping, post};

    #[test]
    fn a_ping_names_every_feed_in_both_spellings() {
        let ping = Ping {
            hub: "https://hub.example/".parse().expect("an address"),
            topics: vec!["https://news.example/feed.atom".into()],
        };
        assert_eq!(
            post(&ping).body,
            "hub.mode=publish&hub.url=https%3A%2F%2Fnews.example%2Ffeed.atom&hub.topic=https%3A%2F%2Fnews.example%2Ffeed.atom"
        );
    }
}
