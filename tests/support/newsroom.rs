//! A store in which news is published by hand, the site on it, and its server on localhost.

use std::net::SocketAddr;

use chrono::{DateTime, TimeDelta, Utc};
use samflode::model::{
    Category, DateOrigin, Entry, EntryChange, EntryId, Extent, Language, Moment, Outcome, Plan,
    Settings, Source, SourceId, SourceProfile, SourceState,
};
use samflode::server::{App, Metrics, Pulse};
use samflode::site::Site;
use samflode::store::{Saved, Store};
use tokio_util::sync::CancellationToken;

const SOURCES: &str = "[[source]]\nid = \"kommunen\"\ntitle = \"Kommunen\"\naddress = \"https://kommunen.example/feed\"\nlanguage = \"sv\"\ncategories = [\"Hållbar upphandling\"]\n\
    [[source]]\nid = \"etaten\"\ntitle = \"Etaten\"\naddress = \"https://kim:hemligt@etaten.example/feed?token=abc\"\nlanguage = \"nb\"\n\
    [[source]]\nid = \"bolaget\"\ntitle = \"Bolaget\"\naddress = \"https://bolaget.example/feed\"\n";

/// The newsroom.
pub struct Newsroom {
    pub store: Store,
    pub site: Site,
    pub now: DateTime<Utc>,
    folder: tempfile::TempDir,
}

impl Newsroom {
    /// One with three bodies and small archive documents.
    pub async fn open() -> Self {
        Self::with(|_| {}).await
    }

    /// The same with other settings.
    pub async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("news.db")).unwrap();
        let now = "2026-03-02T09:00:00Z".parse().unwrap();
        let site = open_site(&store, now, change).await;
        Self {
            store,
            site,
            now,
            folder,
        }
    }

    /// The site again, as after a restart, with other settings.
    pub async fn reopened(&mut self, change: impl FnOnce(&mut Settings)) {
        self.store = Store::open(&self.folder.path().join("news.db")).unwrap();
        self.site = open_site(&self.store, self.now, change).await;
        self.site.refresh(self.now).await.unwrap();
    }

    /// The configuration says anew how much of each source is published.
    pub async fn set_extent(&mut self, extent: Extent) {
        let scope = self.site.scope();
        let mut sources = scope.sources.clone();
        for source in &mut sources {
            source.extent = extent;
        }
        register(&self.store, &sources, self.now).await;
        let configured = self
            .site
            .configure(scope.settings.clone(), sources, self.now);
        configured.await.unwrap();
        self.site.refresh(self.now).await.unwrap();
    }

    /// The database itself, to look at what no page shows.
    pub fn database(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.store.path()).unwrap()
    }

    /// A body tells something, a minute later.
    pub async fn tell(&mut self, source: &str, entry: Entry) -> EntryId {
        self.tell_all(source, vec![entry]).await[0]
    }

    /// A body tells several things at once.
    pub async fn tell_all(&mut self, source: &str, entries: Vec<Entry>) -> Vec<EntryId> {
        let changes = entries
            .into_iter()
            .map(|entry| EntryChange::New {
                entry: Box::new(entry),
                aliases: Vec::new(),
                held: false,
            })
            .collect();
        self.save(source, changes).await
    }

    /// A body corrects what it told.
    pub async fn correct(&mut self, source: &str, id: EntryId, entry: Entry) {
        let entry = Box::new(entry);
        let aliases = Vec::new();
        self.save(source, vec![EntryChange::Changed { id, entry, aliases }])
            .await;
    }

    /// A body takes back what it told.
    pub async fn take_back(&mut self, source: &str, id: EntryId) {
        self.save(source, vec![EntryChange::Withdrawn { id }]).await;
    }

    /// A body tells several things that nobody else told, without a look for who else did.
    pub async fn tell_alone(&mut self, source: &str, entries: Vec<Entry>) {
        let changes = entries.into_iter().map(|entry| EntryChange::New {
            entry: Box::new(entry),
            aliases: Vec::new(),
            held: false,
        });
        let plan = self.plan(source, changes.collect());
        let saved = self.store.write(move |writer| {
            for saved in writer.save_entries(&plan)? {
                if let Saved::New { id, .. } = saved
                    && let Some(stored) = writer.entry(id)?
                {
                    writer.publish_alone(&stored, None, plan.now)?;
                }
            }
            Ok(())
        });
        saved.await.unwrap();
    }

    fn plan(&mut self, source: &str, entries: Vec<EntryChange>) -> Plan {
        self.now += TimeDelta::minutes(1);
        Plan {
            source: SourceId::new(source),
            now: self.now,
            state: SourceState::default(),
            entries,
            outcome: Outcome::Unchanged,
        }
    }

    async fn save(&mut self, source: &str, entries: Vec<EntryChange>) -> Vec<EntryId> {
        let plan = self.plan(source, entries);
        let ids = self.store.write(move |writer| {
            writer
                .save_entries(&plan)?
                .into_iter()
                .map(|saved| match saved {
                    Saved::New { id, .. } => writer.publish(id, None, plan.now).map(|()| id),
                    Saved::Changed(id) | Saved::Withdrawn(id) => {
                        writer.publish_changed(id, plan.now).map(|()| id)
                    }
                    Saved::Quiet(id) => Ok(id),
                })
                .collect()
        });
        let ids = ids.await.unwrap();
        self.site.refresh(self.now).await.unwrap();
        ids
    }

    /// Serves the site on a free port.
    pub async fn serve(&self) -> Served {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        Served::start(listener, self.site.clone())
    }
}

async fn open_site(store: &Store, now: DateTime<Utc>, change: impl FnOnce(&mut Settings)) -> Site {
    let config = samflode::config::parse("", SOURCES).unwrap();
    let mut settings = config.settings;
    settings.publish.feed_size = 10;
    settings.publish.archive_size = 10;
    settings.site.base_url = "https://news.example/".parse().unwrap();
    change(&mut settings);
    register(store, &config.sources, now).await;
    Site::open(settings, config.sources, store.clone(), now)
        .await
        .unwrap()
}

async fn register(store: &Store, sources: &[Source], now: DateTime<Utc>) {
    let profiles: Vec<SourceProfile> = sources.iter().map(SourceProfile::from).collect();
    let registered = store.write(move |writer| {
        profiles
            .iter()
            .try_for_each(|profile| writer.register(profile, now))
    });
    registered.await.unwrap();
}

/// An entry with a title; its address follows from it.
pub fn entry(title: &str) -> Entry {
    let mut link: url::Url = "https://kommunen.example/nyheter/".parse().unwrap();
    link.set_query(Some(title));
    Entry {
        guid: None,
        guid_is_iri: false,
        link,
        link_is_own: true,
        title: title.to_owned(),
        summary: Some(format!("<p>Om {title} &amp; mer.</p>")),
        content: None,
        published: Moment::exact("2026-03-02T08:00:00Z".parse().unwrap()),
        updated: None,
        date_origin: DateOrigin::Feed,
        authors: Vec::new(),
        categories: vec![Category {
            term: "Klimat".into(),
            scheme: None,
            label: None,
        }],
        enclosures: Vec::new(),
        image: None,
        language: Language::new("sv"),
        rights: None,
        first_source: None,
    }
}

/// The server; it stops when dropped.
pub struct Served {
    pub address: SocketAddr,
    stop: CancellationToken,
    client: reqwest::Client,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Served {
    /// Serves a site on a socket.
    pub fn start(listener: tokio::net::TcpListener, site: Site) -> Self {
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let app = App::new(site, Pulse::default(), Metrics::default());
        tokio::spawn(samflode::server::serve(vec![listener], app, stop.clone()));
        Self {
            address,
            stop,
            client: reqwest::Client::builder()
                .no_proxy()
                .no_gzip()
                .no_brotli()
                .no_deflate()
                .no_zstd()
                .build()
                .unwrap(),
        }
    }

    /// Asks for a path.
    pub async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[]).await
    }

    /// Sends a form; the status of the answer.
    pub async fn post(&self, path: &str, form: String) -> u16 {
        let request = self.client.post(format!("http://{}{path}", self.address));
        request.body(form).send().await.unwrap().status().as_u16()
    }

    /// Asks in a given way.
    pub async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        let method = method.parse().unwrap();
        let mut request = self
            .client
            .request(method, format!("http://{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.bytes().await.unwrap().to_vec(),
        }
    }
}

/// What came back.
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    /// A header; empty where it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The body as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}
