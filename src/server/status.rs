//! `/status`: how each source is doing, and the troubles of late.

use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::App;
use super::feed::failed;
use super::language::Tongue;
use super::page::{Asking, Shell, answer};
use super::words::Words;
use crate::model::{Incident, Outcome, Source, SourceState};
use crate::site::Scope;
use crate::store::SourceRow;

const MAX_INCIDENTS: usize = 30;

#[derive(Template)]
#[template(path = "status.html")]
struct StatusPage {
    shell: Shell,
    lines: Vec<Line>,
    incidents: Vec<Trouble>,
}

struct Line {
    id: String,
    name: String,
    state: &'static str,
    class: &'static str,
    last: String,
    next: String,
    outcome: String,
}

struct Trouble {
    name: String,
    detail: String,
    began: String,
    began_at: String,
    ended: Option<String>,
}

pub(super) async fn page(State(app): State<App>, request: Request) -> Response<Body> {
    let read = app
        .site()
        .store()
        .read(|reader| Ok((reader.sources()?, reader.incidents(MAX_INCIDENTS)?)))
        .await;
    let (rows, incidents) = match read {
        Ok(read) => read,
        Err(error) => return failed(&error.into()),
    };
    let asking = Asking::read(request.uri().query());
    let shell = Shell::new(&app, request.headers(), &asking, "status");
    let scope = app.site().scope();
    let zone = scope.settings.site.time_zone;
    let title = shell.words.status;
    let page = StatusPage {
        lines: scope
            .sources
            .iter()
            .map(|source| line(source, &rows, &shell, zone))
            .collect(),
        incidents: incidents
            .iter()
            .map(|incident| trouble(incident, &scope, &shell, zone))
            .collect(),
        shell: shell.titled(title),
    };
    answer(&app, (request.method(), request.headers()), &page)
}

fn line(source: &Source, rows: &[SourceRow], shell: &Shell, zone: Tz) -> Line {
    let state = rows
        .iter()
        .find(|row| row.profile.id == source.id)
        .map(|row| &row.state);
    let (word, class) = condition(source, state, shell.words);
    let told = |at: Option<DateTime<Utc>>| moment(at, shell.tongue, zone);
    Line {
        id: source.id.to_string(),
        name: source.title.clone(),
        state: word,
        class,
        last: told(state.and_then(|state| state.last_good)),
        next: match source.is_polled() {
            true => told(state.and_then(|state| state.due)),
            false => "–".into(),
        },
        outcome: outcome(state),
    }
}

fn condition(
    source: &Source,
    state: Option<&SourceState>,
    words: &Words,
) -> (&'static str, &'static str) {
    if !source.is_polled() || state.is_some_and(|state| state.gone) {
        return (words.resting, "resting");
    }
    match state {
        Some(state) if state.failures > 0 => (words.failing, "failing"),
        Some(state) if state.last_good.is_some() => (words.working, "working"),
        _ => (words.waiting, "waiting"),
    }
}

/// How the last refresh ended, as the operator reads it; addresses in it are not for strangers.
fn outcome(state: Option<&SourceState>) -> String {
    let Some(outcome) = state.and_then(|state| state.last_outcome.as_ref()) else {
        return "–".into();
    };
    match outcome {
        Outcome::Failed(failure) => failure.name().into(),
        Outcome::Skipped(_) => "skipped".into(),
        other => crate::publish::plain(&other.to_string()),
    }
}

fn trouble(incident: &Incident, scope: &Scope, shell: &Shell, zone: Tz) -> Trouble {
    let name = incident.source.as_ref().map(|id| {
        let info = scope.infos.get(id);
        info.map_or_else(|| id.to_string(), |info| info.title.clone())
    });
    Trouble {
        name: name.unwrap_or_else(|| shell.words.service.to_owned()),
        detail: crate::publish::plain(&incident.detail),
        began: shell.tongue.moment(incident.began, zone),
        began_at: incident.began.to_rfc3339(),
        ended: incident.ended.map(|at| shell.tongue.moment(at, zone)),
    }
}

fn moment(at: Option<DateTime<Utc>>, tongue: Tongue, zone: Tz) -> String {
    at.map_or_else(|| "–".into(), |at| tongue.moment(at, zone))
}
