//! Incidents as a feed of their own: a failure never becomes news.

use std::sync::Arc;

use super::cache::Format;
use super::{Error, Ready, Scope, Site, document};
use crate::model::{ClusterId, DateOrigin, Incident, Moment, Person};
use crate::publish::view::{ViewKey, ViewKind};
use crate::publish::{Origin, Place, PublishedEntry};

/// Incidents in the feed.
const SIZE: usize = 100;

impl Site {
    /// `/incidents.atom` and its kin.
    pub async fn incidents(&self, format: Format) -> Result<Arc<Ready>, Error> {
        let incidents = self.store().read(|reader| reader.incidents(SIZE)).await?;
        let scope = self.scope();
        let entries = incidents.iter().map(|i| entry(i, &scope)).collect();
        let key = ViewKey {
            kind: ViewKind::Merged,
            name: "incidents".into(),
        };
        let title = format!("Incidents – {}", scope.settings.site.title);
        let place = Place::Live { prev_archive: None };
        let mut feed = document::document(&scope, &key, &title, (place, entries));
        feed.id = scope.derived_id("incidents");
        feed.stem = scope.address("incidents");
        feed.page = scope.address("status");
        feed.hubs.clear();
        let bytes = format.write(&feed)?;
        Ok(Arc::new(Ready::plain(
            format.media_type(),
            bytes,
            feed.updated(),
        )))
    }
}

fn entry(incident: &Incident, scope: &Scope) -> PublishedEntry {
    let name = incident.source.as_ref().map_or_else(
        || "samflode".to_owned(),
        |id| {
            let info = scope.infos.get(id);
            info.map_or_else(|| id.to_string(), |info| info.title.clone())
        },
    );
    let state = match incident.ended {
        Some(_) => "over",
        None => "open",
    };
    let kind = format!("{:?}", incident.kind).to_lowercase();
    PublishedEntry {
        cluster: ClusterId(0),
        id: scope.derived_id(&format!("incident/{}", incident.id)),
        sequence: incident.id,
        title: crate::publish::plain(&format!("{name}: {kind} ({state})")),
        summary: Some(crate::publish::plain(&incident.detail)),
        content: None,
        link: scope.address("status"),
        language: crate::model::Language::new("en"),
        published: Moment::exact(incident.began),
        date_origin: DateOrigin::FirstSeen,
        updated: incident.ended.unwrap_or(incident.began),
        changed: incident.ended.unwrap_or(incident.began),
        authors: vec![Person {
            name: Some("samflode".into()),
            ..Person::default()
        }],
        categories: Vec::new(),
        enclosures: Vec::new(),
        image: None,
        rights: None,
        origin: Origin {
            id: scope.derived_id("incidents"),
            title: scope.settings.site.title.clone(),
            updated: incident.ended.unwrap_or(incident.began),
            address: None,
            page: Some(scope.address("status")),
            rights: None,
        },
        carriers: Vec::new(),
        withdrawn: None,
        is_taken_down: false,
    }
}
