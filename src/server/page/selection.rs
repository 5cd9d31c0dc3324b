//! Which news a page shows: a view, a search, or both; read from the store.

use super::Asking;
use crate::publish::view::{ViewKey, ViewKind};
use crate::publish::{ClusterFacts, PublishedEntry};
use crate::site::{Error, Scope, Site};
use crate::store::{Before, Reader, View};

const SIZE: usize = 50;
/// Categories offered in the filter: the largest ones.
const MAX_CATEGORIES: usize = 200;

/// What a page shows.
pub(super) struct Selection {
    /// The entries with their places, in the order shown.
    pub(super) entries: Vec<(Before, PublishedEntry)>,
    /// From where older ones go on.
    pub(super) older: Option<Before>,
    /// What is shown, in words.
    pub(super) label: String,
    /// All bodies.
    pub(super) sources: Vec<View>,
    /// The largest categories.
    pub(super) categories: Vec<View>,
}

pub(super) async fn select(site: &Site, asking: &Asking) -> Result<Selection, Error> {
    let (scope, asking) = (site.scope(), asking.clone());
    let selected = site.store().read(move |reader| {
        let views = wanted(&asking)
            .iter()
            .map(|key| Ok((key.clone(), reader.view(key)?)))
            .collect::<Result<Vec<_>, crate::store::Error>>()?;
        let found = find(reader, &asking, &views)?.unwrap_or_default();
        let label = label(&asking, &views);
        let sources = reader.views(ViewKind::Source, usize::from(u16::MAX))?;
        let categories = reader.views(ViewKind::Category, MAX_CATEGORIES)?;
        Ok((found, label, sources, categories))
    });
    let (found, label, mut sources, mut categories) = selected.await?;
    let older = (found.len() == SIZE)
        .then(|| found.last().map(|(place, _)| *place))
        .flatten();
    sources.sort_by_key(|view| view.label.to_lowercase());
    categories.sort_by_key(|view| view.label.to_lowercase());
    Ok(Selection {
        entries: published(&scope, found),
        older,
        label,
        sources,
        categories,
    })
}

fn wanted(asking: &Asking) -> Vec<ViewKey> {
    [
        (ViewKind::Source, &asking.source),
        (ViewKind::Category, &asking.category),
        (ViewKind::Language, &asking.language),
        (ViewKind::Named, &asking.feed),
    ]
    .into_iter()
    .filter(|(_, name)| !name.is_empty())
    .map(|(kind, name)| ViewKey::new(kind, name))
    .collect()
}

type Found = Vec<(Before, ClusterFacts)>;

/// `None` where a view is asked for that is not there, or words that are none.
fn find(
    reader: &Reader<'_>,
    asking: &Asking,
    views: &[(ViewKey, Option<View>)],
) -> Result<Option<Found>, crate::store::Error> {
    let Some(ids) = views
        .iter()
        .map(|(_, view)| view.as_ref().map(|view| view.id))
        .collect::<Option<Vec<_>>>()
    else {
        return Ok(None);
    };
    if asking.words.is_empty() && ids.len() < 2 {
        let id = match ids.first() {
            Some(id) => *id,
            None => match reader.view(&ViewKey::merged())? {
                Some(view) => view.id,
                None => return Ok(None),
            },
        };
        return Ok(Some(reader.page(id, asking.before, SIZE)?));
    }
    if !asking.words.is_empty() && !asking.words.contains(char::is_alphanumeric) {
        return Ok(None);
    }
    let found = reader.search(&asking.words, &ids, asking.before_cluster(), SIZE)?;
    Ok(found.map(|found| {
        let place = |facts: &ClusterFacts| Before {
            published: facts.changed.timestamp_millis(),
            cluster: facts.id.0,
        };
        found
            .into_iter()
            .map(|facts| (place(&facts), facts))
            .collect()
    }))
}

fn published(scope: &Scope, found: Found) -> Vec<(Before, PublishedEntry)> {
    let length = scope.settings.publish.summary_length;
    found
        .into_iter()
        .filter_map(|(place, facts)| {
            let entry = PublishedEntry::compose(&facts, &scope.infos, length)?;
            Some((place, entry))
        })
        .collect()
}

fn label(asking: &Asking, views: &[(ViewKey, Option<View>)]) -> String {
    let mut parts: Vec<String> = views
        .iter()
        .map(|(key, view)| {
            let label = view.as_ref().map(|view| view.label.clone());
            label
                .filter(|label| !label.is_empty())
                .unwrap_or_else(|| key.name.clone())
        })
        .collect();
    if !asking.words.is_empty() {
        parts.push(format!("”{}”", asking.words));
    }
    crate::publish::plain(&parts.join(" · "))
}
