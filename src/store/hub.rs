//! Who subscribed at our own hub.

use chrono::{DateTime, Utc};
use rusqlite::params;

use super::{Error, Reader, Writer, from_ms, to_ms};

/// A subscription at our own hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubSubscription {
    /// Where it is told.
    pub callback: String,
    /// The feed.
    pub topic: String,
    /// What its content is signed with.
    pub secret: Option<String>,
    /// When its lease ends.
    pub expires: DateTime<Utc>,
}

impl Reader<'_> {
    /// The subscriptions of a feed whose lease runs.
    pub fn hub_subscriptions(
        &self,
        topic: &str,
        now: DateTime<Utc>,
    ) -> Result<Vec<HubSubscription>, Error> {
        let mut statement = self.connection.prepare_cached(
            "SELECT callback, topic, secret, expires FROM hub_subscription WHERE topic = ?1 AND expires > ?2",
        )?;
        let rows = statement.query_map(params![topic, to_ms(now)], |row| {
            Ok(HubSubscription {
                callback: row.get(0)?,
                topic: row.get(1)?,
                secret: row.get(2)?,
                expires: from_ms(row.get(3)?),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many subscriptions there are.
    pub fn count_hub_subscriptions(&self) -> Result<usize, Error> {
        Ok(self
            .connection
            .query_row("SELECT count(*) FROM hub_subscription", [], |row| {
                row.get(0)
            })?)
    }
}

impl Writer<'_> {
    /// Begins a subscription, or renews it.
    pub fn put_hub_subscription(&self, subscription: &HubSubscription) -> Result<(), Error> {
        self.connection
            .prepare_cached(
                "INSERT INTO hub_subscription (callback, topic, secret, expires) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (topic, callback) DO UPDATE SET secret = excluded.secret, expires = excluded.expires",
            )?
            .execute(params![
                subscription.callback,
                subscription.topic,
                subscription.secret,
                to_ms(subscription.expires)
            ])?;
        Ok(())
    }

    /// Ends a subscription.
    pub fn end_hub_subscription(&self, topic: &str, callback: &str) -> Result<(), Error> {
        self.connection
            .prepare_cached("DELETE FROM hub_subscription WHERE topic = ?1 AND callback = ?2")?
            .execute([topic, callback])?;
        Ok(())
    }

    /// Ends the subscriptions whose lease is over.
    pub fn end_hub_leases(&self, now: DateTime<Utc>) -> Result<(), Error> {
        self.connection
            .prepare_cached("DELETE FROM hub_subscription WHERE expires <= ?1")?
            .execute([to_ms(now)])?;
        Ok(())
    }
}
