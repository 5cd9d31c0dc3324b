//! Our subscriptions at the hubs of the feeds we read (WebSub).

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, params};

use super::{Error, Reader, Writer, from_ms, to_ms};
use crate::model::SourceId;

/// One subscription, asked for or confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// The source it serves.
    pub source: SourceId,
    /// Where it was asked for.
    pub hub: String,
    /// What it is about.
    pub topic: String,
    /// What the callback is found by.
    pub key: String,
    /// What deliveries are signed with.
    pub secret: String,
    /// When it was last asked for.
    pub asked: DateTime<Utc>,
    /// Until when it holds; `None` while the hub has not confirmed it.
    pub expires: Option<DateTime<Utc>>,
}

const COLUMNS: &str = "SELECT source, hub, topic, key, secret, asked, expires FROM subscription";

fn subscription_row(row: &Row<'_>) -> rusqlite::Result<Subscription> {
    Ok(Subscription {
        source: SourceId::new(row.get::<_, String>(0)?),
        hub: row.get(1)?,
        topic: row.get(2)?,
        key: row.get(3)?,
        secret: row.get(4)?,
        asked: from_ms(row.get(5)?),
        expires: row.get::<_, Option<i64>>(6)?.map(from_ms),
    })
}

impl Reader<'_> {
    /// The subscription that a callback belongs to.
    pub fn subscription(&self, key: &str) -> Result<Option<Subscription>, Error> {
        Ok(self
            .connection
            .prepare_cached(&format!("{COLUMNS} WHERE key = ?1"))?
            .query_row([key], subscription_row)
            .optional()?)
    }

    /// All subscriptions.
    pub fn subscriptions(&self) -> Result<Vec<Subscription>, Error> {
        Ok(self
            .connection
            .prepare_cached(COLUMNS)?
            .query_map([], subscription_row)?
            .collect::<Result<_, _>>()?)
    }
}

impl Writer<'_> {
    /// Stores a source's subscription in place of the one before.
    pub fn put_subscription(&self, subscription: &Subscription) -> Result<(), Error> {
        self.connection
            .prepare_cached(
                "INSERT OR REPLACE INTO subscription (source, hub, topic, key, secret, asked, expires)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                subscription.source.as_str(),
                subscription.hub,
                subscription.topic,
                subscription.key,
                subscription.secret,
                to_ms(subscription.asked),
                subscription.expires.map(to_ms)
            ])?;
        Ok(())
    }

    /// Keeps in a source's memory that its hub has promised to tell of news.
    pub fn promise(&self, source: &SourceId, until: DateTime<Utc>) -> Result<(), Error> {
        self.connection
            .prepare_cached(
                "UPDATE queue SET latest = json_set(latest, '$.told_until', ?2) WHERE source = ?1",
            )?
            .execute(params![source.as_str(), until.to_rfc3339()])?;
        Ok(())
    }
}
