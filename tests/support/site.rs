//! A web site on localhost whose pages, headers and troubles a test decides, and which counts what it is asked.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Response, StatusCode};

/// One answer.
#[derive(Clone, Debug)]
pub struct Page {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Page {
    pub fn new(body: impl Into<Vec<u8>>) -> Self {
        Self {
            status: 200,
            headers: Vec::new(),
            body: body.into(),
        }
    }

    pub fn status(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: b"an error page".to_vec(),
        }
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// One request as the site saw it.
#[derive(Clone, Debug)]
pub struct Seen {
    pub path: String,
    pub headers: HeaderMap,
}

#[derive(Clone, Default)]
struct Pages {
    pages: Arc<Mutex<HashMap<String, Page>>>,
    seen: Arc<Mutex<Vec<Seen>>>,
}

/// The site. It ends with the test's runtime.
pub struct Site {
    address: String,
    pages: Pages,
}

impl Site {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let pages = Pages::default();
        let app = axum::Router::new()
            .fallback(answer)
            .with_state(pages.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { address, pages }
    }

    /// The absolute address of a path.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// What the path answers from now on. A page with an `etag` answers conditional requests by itself.
    pub fn serve(&self, path: &str, page: Page) {
        self.pages
            .pages
            .lock()
            .unwrap()
            .insert(path.to_owned(), page);
    }

    /// A feed or page with status 200.
    pub fn publish(&self, path: &str, body: impl Into<Vec<u8>>) {
        self.serve(path, Page::new(body));
    }

    /// All requests for a path so far.
    pub fn seen(&self, path: &str) -> Vec<Seen> {
        let seen = self.pages.seen.lock().unwrap();
        seen.iter()
            .filter(|one| one.path == path)
            .cloned()
            .collect()
    }
}

async fn answer(State(pages): State<Pages>, request: Request) -> Response<Body> {
    let path = request
        .uri()
        .path_and_query()
        .map_or("/", |path| path.as_str())
        .to_owned();
    let asked = request.headers().get("if-none-match").cloned();
    pages.seen.lock().unwrap().push(Seen {
        path: path.clone(),
        headers: request.headers().clone(),
    });
    let page = pages
        .pages
        .lock()
        .unwrap()
        .get(&path)
        .cloned()
        .unwrap_or_else(|| Page::status(404));
    let mut response = Response::builder();
    for (name, value) in &page.headers {
        response = response.header(name, value);
    }
    let tag = page
        .headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("etag"))
        .map(|(_, tag)| tag.as_bytes());
    if page.status == 200 && asked.is_some() && asked.as_ref().map(|value| value.as_bytes()) == tag
    {
        return response
            .status(StatusCode::NOT_MODIFIED)
            .body(Body::empty())
            .unwrap();
    }
    response
        .status(page.status)
        .body(Body::from(page.body))
        .unwrap()
}
