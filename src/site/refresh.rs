//! Brings the site up to date with the store: index, seal, render, check, swap.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use chrono::{DateTime, Utc};

use super::{Error, Scope, Site, scope, standing};
use crate::model::{IncidentKind, NamedFeed, Source};
use crate::normalize;
use crate::publish::ClusterFacts;
use crate::publish::view::{Membership, ViewKey, ViewKind, membership, slug};
use crate::store::Definition;

/// Publications indexed in one turn of the writer: refreshes wait no longer than that.
const STEP: usize = 200;

impl Site {
    /// Brings the site up to date; whether a standing document changed. Costs next to nothing where nothing was
    /// published, and so may be called at every tick.
    pub async fn refresh(&self, now: DateTime<Utc>) -> Result<bool, Error> {
        let _turn = self.inner.refreshing.lock().await;
        let (newest, next_due) = self
            .store()
            .read(move |reader| Ok((reader.newest_sequence()?, reader.next_due(now)?)))
            .await?;
        let next_due = next_due.map_or(0, |due| due.timestamp_millis());
        self.inner.next_due.store(next_due, Ordering::Relaxed);
        let is_stale = self.inner.is_stale.load(Ordering::Relaxed);
        if !is_stale && newest == self.standing().sequence {
            return Ok(false);
        }
        self.renew_sources().await?;
        let scope = self.scope();
        self.index(&scope).await?;
        if is_stale {
            self.fill_named(&scope).await?;
        }
        self.seal(&scope, now).await?;
        let changed = self.render(scope, now).await?;
        self.inner.is_stale.store(false, Ordering::Relaxed);
        Ok(changed)
    }

    /// Sources that told something new may also have told something new of themselves.
    async fn renew_sources(&self) -> Result<(), Error> {
        let told = self
            .store()
            .read(|reader| {
                let ids = reader.waiting_sources()?;
                let rows = ids.iter().map(|id| reader.source(id));
                rows.collect::<Result<Vec<_>, _>>()
            })
            .await?;
        let told: Vec<_> = told.iter().flatten().map(scope::info).collect();
        if !told.is_empty() {
            let mut scope = (*self.scope()).clone();
            scope.infos.extend(told);
            self.put_scope(scope);
        }
        Ok(())
    }

    async fn index(&self, scope: &Arc<Scope>) -> Result<(), Error> {
        loop {
            let scope = scope.clone();
            let named = scope.settings.feeds.iter().map(definition);
            let named: Vec<Definition> = named.collect();
            let done = self
                .store()
                .write(move |writer| {
                    writer.index_publications(STEP, &named, |facts| full_membership(facts, &scope))
                })
                .await?;
            if done < STEP {
                return Ok(());
            }
        }
    }

    /// Feeds named in the configuration: one that is new, or has a gap, is filled from the archive at once.
    async fn fill_named(&self, scope: &Arc<Scope>) -> Result<(), Error> {
        for feed in scope.settings.feeds.clone() {
            let definition = definition(&feed);
            self.store()
                .write(move |writer| writer.define_named(&definition))
                .await?;
            loop {
                let (scope, feed) = (scope.clone(), feed.clone());
                let done = self
                    .store()
                    .write(move |writer| {
                        writer.fill_named(&feed.name, STEP, |facts| {
                            let member = membership(facts, &scope.infos);
                            selects(&feed, facts, &member, &scope)
                                .then(|| member.published.timestamp_millis())
                        })
                    })
                    .await?;
                if done == 0 {
                    break;
                }
            }
        }
        Ok(())
    }

    async fn render(&self, scope: Arc<Scope>, now: DateTime<Utc>) -> Result<bool, Error> {
        let before = self.standing();
        let (store, press) = (self.store(), &self.inner.press);
        let standing = standing::make(store, press, scope, Some(before.clone()), now).await?;
        self.tell_faults(&standing.faults, now).await?;
        let changed = standing.atom.digest != before.atom.digest;
        self.put_standing(standing);
        Ok(changed)
    }

    async fn tell_faults(&self, faults: &[super::Fault], now: DateTime<Utc>) -> Result<(), Error> {
        let detail = faults.first().map(ToString::to_string);
        if let Some(detail) = &detail {
            tracing::error!(fault = %detail, "a document did not pass its check and was not published");
        }
        let open = self
            .store()
            .read(|reader| reader.open_incidents(None))
            .await?;
        let open = open
            .into_iter()
            .find(|i| i.kind == IncidentKind::Publication);
        if detail.is_none() && open.is_none() {
            return Ok(());
        }
        self.store()
            .write(move |writer| match (detail, open) {
                (Some(detail), _) => {
                    let new =
                        writer.open_incident(None, IncidentKind::Publication, &detail, now)?;
                    new.map_or(Ok(()), |begun| writer.tell_incident(&begun, now))
                }
                (None, Some(open)) => writer.conclude_incident(open, now),
                (None, None) => Ok(()),
            })
            .await?;
        Ok(())
    }
}

fn definition(feed: &NamedFeed) -> Definition {
    Definition {
        name: feed.name.clone(),
        label: label(feed),
        text: format!("{feed:?}"),
    }
}

fn label(feed: &NamedFeed) -> String {
    feed.title.clone().unwrap_or_else(|| feed.name.clone())
}

/// Where a cluster belongs, feeds named in the configuration included.
fn full_membership(facts: &ClusterFacts, scope: &Scope) -> Membership {
    let mut member = membership(facts, &scope.infos);
    for feed in &scope.settings.feeds {
        if selects(feed, facts, &member, scope) {
            let key = ViewKey::new(ViewKind::Named, &feed.name);
            member.views.push((key, label(feed)));
        }
    }
    member
}

/// Whether a named feed's conditions all hold for a cluster.
fn selects(feed: &NamedFeed, facts: &ClusterFacts, member: &Membership, scope: &Scope) -> bool {
    let carried = feed.sources.is_empty()
        || facts
            .members
            .iter()
            .any(|m| feed.sources.contains(&m.source));
    let in_category = feed.categories.is_empty()
        || feed.categories.iter().any(|term| {
            let slug = slug(term);
            member
                .views
                .iter()
                .any(|(key, _)| key.kind == ViewKind::Category && key.name == slug)
        });
    carried && in_category && admitted(feed, facts, scope)
}

/// The patterns of a named feed are read as those of a source are.
fn admitted(feed: &NamedFeed, facts: &ClusterFacts, scope: &Scope) -> bool {
    if feed.any.is_empty() && feed.not.is_empty() {
        return true;
    }
    facts.members.iter().any(|stored| {
        let configured = scope.sources.iter().find(|s| s.id == stored.source);
        configured.or(scope.sources.first()).is_some_and(|source| {
            let source = Source {
                only: feed.any.clone(),
                not: feed.not.clone(),
                ..source.clone()
            };
            normalize::admits(&source, &stored.entry)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::Fault;
    use crate::store::{BY_MAIL, Store};

    #[tokio::test]
    async fn the_operator_is_told_when_a_document_fails_its_check_and_when_it_passes_again() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("news.db")).unwrap();
        let now = DateTime::UNIX_EPOCH;
        let config = crate::config::parse("", "").unwrap();
        let site = Site::open(config.settings, Vec::new(), store.clone(), now);
        let site = site.await.unwrap();
        let told = async || {
            let waiting = store.read(move |reader| reader.messages_due(BY_MAIL, now, 9));
            waiting.await.unwrap().len()
        };
        let fault = [Fault::Ids {
            format: "Atom",
            id: "urn:x".into(),
        }];
        for (faults, expected) in [(&fault[..], 1), (&fault[..], 1), (&[], 2), (&[], 2)] {
            site.tell_faults(faults, now).await.unwrap();
            assert_eq!(told().await, expected);
        }
    }
}
