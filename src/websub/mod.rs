//! WebSub (W3C Recommendation): tells hubs of changes, and is a hub for our own feeds where that is wanted.
//!
//! Everything told goes through the store's outbox: a refresh never waits for a hub, and a restart forgets nothing.
//! `publisher` tells the configured hubs, `hub` verifies subscriptions and distributes. `subscriber` follows the hubs that
//! polled feeds name; polling goes on beside it, more rarely, since a hub promises nothing.

pub mod hub;
pub mod publisher;
pub mod subscriber;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{StreamExt, stream};

use crate::fetch::Fetcher;
use crate::site::Site;
use crate::store::{Error, Message};

/// Messages sent in one turn, and how many at once.
const TURN: usize = 64;
const AT_ONCE: usize = 8;
/// One message takes no longer than this.
const TIMEOUT: Duration = Duration::from_secs(15);
/// After so many tries over two days a message is given up; the feed itself tells all that it would have.
const MAX_TRIES: u32 = 10;

/// How the sending of a message ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sent {
    /// It was taken, or is not wanted any more.
    Done,
    /// It should be tried again.
    Later,
}

/// Puts what changed into the outbox, and sends what is due. To be called at every tick; `changed` is what
/// [`Site::refresh`] answered.
pub async fn tell(
    site: &Site,
    fetcher: &Fetcher,
    changed: bool,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    if changed {
        publisher::announce(site, now).await?;
        hub::announce(site, now).await?;
    }
    send_due(site, publisher::KIND, now, |message| {
        publisher::send(fetcher, message)
    })
    .await?;
    if site.scope().settings.websub.own_hub {
        let verify = |message| hub::verify(site, fetcher, message, now);
        send_due(site, hub::VERIFY, now, verify).await?;
        let distribute = |message| hub::distribute(site, fetcher, message, now);
        send_due(site, hub::DELIVER, now, distribute).await?;
    }
    Ok(())
}

async fn send_due<'a, F, W>(
    site: &Site,
    kind: &'static str,
    now: DateTime<Utc>,
    send: F,
) -> Result<(), Error>
where
    F: Fn(Message) -> W,
    W: Future<Output = Result<Sent, Error>> + 'a,
{
    let due = site
        .store()
        .read(move |reader| reader.messages_due(kind, now, TURN))
        .await?;
    let sent: Vec<_> = stream::iter(due)
        .map(|message| {
            let (id, tries) = (message.id, message.tries);
            let sending = send(message);
            async move { (id, tries, sending.await) }
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    if sent.is_empty() {
        return Ok(());
    }
    site.store()
        .write(move |writer| {
            for (id, tries, sent) in sent {
                match sent {
                    Ok(Sent::Later) if tries + 1 < MAX_TRIES => {
                        writer.postpone_message(id, now + pause(tries))?;
                    }
                    Ok(_) => writer.end_message(id)?,
                    Err(error) => return Err(error),
                }
            }
            Ok(())
        })
        .await
}

/// How long until the next try: half a minute, doubled each time, at most half a day.
fn pause(tries: u32) -> TimeDelta {
    TimeDelta::seconds((30_i64 << tries.min(12)).min(43_200))
}

#[cfg(test)]
mod tests {
    use super::pause;

    #[test]
    fn tries_grow_rarer_and_never_overflow() {
        assert_eq!(pause(0).num_seconds(), 30);
        assert_eq!(pause(3).num_seconds(), 240);
        assert_eq!(pause(u32::MAX).num_seconds(), 43_200);
    }
}
