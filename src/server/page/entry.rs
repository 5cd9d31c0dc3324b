//! `/entries/NUMBER`: one piece of news with all its carriers and its earlier versions.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::Response;
use chrono::NaiveDate;

use super::news::foreign;
use super::{Asking, Shell, answer, ready};
use crate::model::{ClusterId, DateOrigin, Revision};
use crate::publish::{PublishedEntry, plain};
use crate::server::feed::failed;
use crate::server::language::Tongue;
use crate::server::{App, not_found};
use crate::site::{Error, Ready, Scope, Site};
use crate::store::{self, Reader};

const MAX_REVISIONS: usize = 20;

#[derive(Template)]
#[template(path = "entry.html")]
struct EntryPage {
    shell: Shell,
    lang: Option<String>,
    entry: PublishedEntry,
    day: String,
    updated: String,
    is_first_seen: bool,
    carriers: Vec<CarrierLine>,
    earlier: Vec<(String, String, String)>,
}

struct CarrierLine {
    name: String,
    page: String,
    link: String,
    title: String,
    day: String,
    is_withdrawn: bool,
}

pub(in crate::server) async fn entry(
    State(app): State<App>,
    Path(number): Path<String>,
    request: Request,
) -> Response<Body> {
    let headers = request.headers();
    let Ok(number) = number.trim_end_matches(".html").parse().map(ClusterId) else {
        return not_found::page(&app, headers);
    };
    let asking = Asking::read(request.uri().query());
    let found = match find(app.site(), number).await {
        Ok(Some(found)) => found,
        Ok(None) => return not_found::page(&app, headers),
        Err(error) => return failed(&error),
    };
    let shell = Shell::new(&app, headers, &asking, &here(number));
    let page = page(&app.site().scope(), shell, found);
    answer(&app, (request.method(), headers), &page)
}

async fn find(
    site: &Site,
    cluster: ClusterId,
) -> Result<Option<(PublishedEntry, Vec<Revision>)>, Error> {
    let scope = site.scope();
    let found = site
        .store()
        .read(move |reader| read(reader, &scope, cluster));
    Ok(found.await?)
}

fn read(
    reader: &Reader<'_>,
    scope: &Scope,
    cluster: ClusterId,
) -> Result<Option<(PublishedEntry, Vec<Revision>)>, store::Error> {
    let Some(facts) = reader.cluster_facts(cluster)? else {
        return Ok(None);
    };
    let revisions = reader.revisions(facts.representative, MAX_REVISIONS)?;
    let length = scope.settings.publish.summary_length;
    let entry = PublishedEntry::compose(&facts, &scope.infos, length);
    Ok(entry.map(|entry| (entry, revisions)))
}

/// The page as it is served in the site's own language, for an export, and the day it belongs to.
pub(in crate::server) fn entry_file(
    reader: &Reader<'_>,
    scope: &Scope,
    cluster: ClusterId,
) -> Result<Option<(Ready, NaiveDate)>, store::Error> {
    let Some(found) = read(reader, scope, cluster)? else {
        return Ok(None);
    };
    let zone = scope.settings.site.time_zone;
    let day = found.0.published.at.with_timezone(&zone).date_naive();
    let tongue = Tongue::of(&scope.settings.site.language);
    let shell = Shell::in_tongue(scope, tongue, &here(cluster));
    let page = ready(&page(scope, shell, found), scope.born).ok();
    Ok(page.map(|page| (page, day)))
}

fn here(cluster: ClusterId) -> String {
    format!("entries/{}", cluster.0)
}

fn page(
    scope: &Scope,
    shell: Shell,
    (entry, revisions): (PublishedEntry, Vec<Revision>),
) -> EntryPage {
    let zone = scope.settings.site.time_zone;
    let tongue = shell.tongue;
    let carriers = entry
        .carriers
        .iter()
        .map(|carrier| CarrierLine {
            name: carrier.name.clone(),
            page: shell.to(&format!("?source={}", carrier.source)),
            link: carrier.link.clone(),
            title: carrier.title.clone(),
            day: tongue.heading(&carrier.published, zone),
            is_withdrawn: carrier.withdrawn.is_some(),
        })
        .collect();
    let earlier = revisions
        .iter()
        .map(|revision| {
            let until = tongue.moment(revision.until, zone);
            (until, revision.until.to_rfc3339(), plain(&revision.title))
        })
        .collect();
    EntryPage {
        lang: foreign(&entry, &shell),
        day: tongue.heading(&entry.published, zone),
        updated: tongue.moment(entry.updated, zone),
        is_first_seen: entry.date_origin == DateOrigin::FirstSeen,
        carriers,
        earlier,
        shell: shell.titled(entry.title.clone()),
        entry,
    }
}
