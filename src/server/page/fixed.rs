//! Pages and files that hold little of the news: publishers, accessibility statement, style.

use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use chrono::{DateTime, Utc};

use super::{Asking, Shell, answer};
use crate::publish::view::ViewKind;
use crate::server::App;
use crate::server::feed::failed;
use crate::server::language::Tongue;
use crate::server::respond::{Asked, Caching, document};
use crate::site::Ready;
use crate::store::View;

const STYLE: &str = include_str!("../templates/style.css");
const ROBOTS: &str = "User-agent: *\nDisallow: /*?\n";

#[derive(Template)]
#[template(path = "sources.html")]
struct SourcesPage {
    shell: Shell,
    sources: Vec<(View, String)>,
}

#[derive(Template)]
#[template(path = "accessibility.html")]
struct AccessibilityPage {
    shell: Shell,
}

pub(in crate::server) async fn sources(State(app): State<App>, request: Request) -> Response<Body> {
    let found = app
        .site()
        .store()
        .read(|reader| reader.views(ViewKind::Source, usize::from(u16::MAX)))
        .await;
    let views = match found {
        Ok(views) => views,
        Err(error) => return failed(&error.into()),
    };
    let scope = app.site().scope();
    let mut sources: Vec<(View, String)> = views
        .into_iter()
        .map(|view| {
            let id = crate::model::SourceId::new(view.key.name.clone());
            let page = scope.infos.get(&id).map(|info| info.page.clone());
            (view, page.unwrap_or_default())
        })
        .collect();
    sources.sort_by_key(|(view, _)| view.label.to_lowercase());
    let shell = shell(&app, &request, "sources/");
    let title = shell.words.bodies;
    let page = SourcesPage {
        shell: shell.titled(title),
        sources,
    };
    answer(&app, (request.method(), request.headers()), &page)
}

pub(in crate::server) async fn accessibility(
    State(app): State<App>,
    request: Request,
) -> Response<Body> {
    let shell = shell(&app, &request, "accessibility");
    let title = shell.words.accessibility;
    let page = AccessibilityPage {
        shell: shell.titled(title),
    };
    answer(&app, (request.method(), request.headers()), &page)
}

pub(in crate::server) async fn style(State(app): State<App>, request: Request) -> Response<Body> {
    let modified = app.site().scope().born;
    file(&request, "text/css; charset=utf-8", STYLE, modified)
}

pub(in crate::server) async fn robots(State(app): State<App>, request: Request) -> Response<Body> {
    let modified = app.site().scope().born;
    file(&request, "text/plain; charset=utf-8", ROBOTS, modified)
}

pub(super) fn shell(app: &App, request: &Request, here: &str) -> Shell {
    let asking = Asking::read(request.uri().query());
    Shell::new(app, request.headers(), &asking, here)
}

fn file(
    request: &Request,
    media_type: &'static str,
    text: &'static str,
    modified: DateTime<Utc>,
) -> Response<Body> {
    let ready = Ready::plain(media_type, text, modified);
    let asked = Asked {
        method: request.method(),
        headers: request.headers(),
    };
    document(asked, &ready, Caching::Fresh { seconds: 3600 })
}
