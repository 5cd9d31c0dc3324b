//! `samflode export`: the whole published site as files, written atomically; what did not change is not touched.
//!
//! Pages are exported in the site's own language; filter and search need a running service.
//!
//! # Why
//!
//! A page an entry is what an export consists of, so pages are made in batches, each read, rendered and written on one
//! thread; a mark in the folder tells the next export where to go on, also after one that was broken off.

mod folder;
mod mark;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;
use indicatif::ProgressBar;
use serde_json::json;
use tokio::task::JoinSet;

use self::folder::{Folder, Unwritten};
use self::mark::Mark;
use super::report::{Exit, Report};
use super::{Global, progress, terminal};
use crate::publish::view::ViewKind;
use crate::server::{App, Metrics, Offline, Pulse};
use crate::site::{self, Format, Ready, Site};
use crate::store::{self, Store, View};

/// Pages made in one go.
const BATCH: usize = 250;
/// Kinds of views, the merged feed first.
const KINDS: [ViewKind; 5] = [
    ViewKind::Merged,
    ViewKind::Source,
    ViewKind::Category,
    ViewKind::Language,
    ViewKind::Named,
];

/// Options of `export`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where to; made if there is none
    dir: PathBuf,
    /// Compare every file, also those that nothing new is known of
    #[arg(long)]
    all: bool,
}

/// Why an export ended early.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error(transparent)]
    Unwritten(#[from] Unwritten),
    #[error("cannot read what is published")]
    Site(#[from] site::Error),
    #[error("cannot read what is published")]
    Store(#[from] store::Error),
    #[error("a thread that makes pages broke down")]
    Thread(#[from] tokio::task::JoinError),
}

struct Export {
    served: Arc<Offline>,
    site: Site,
    store: Store,
    folder: Arc<Folder>,
    mark: Mark,
    bar: ProgressBar,
}

pub(super) async fn run(args: Args, global: &Global) -> Result<Exit, Report> {
    let (config, store) = global.open_store()?;
    let now = (global.clock)();
    let unreadable = |error| Report::caused("cannot read what is published", &error);
    let site = Site::open(config.settings, config.sources, store.clone(), now)
        .await
        .map_err(unreadable)?;
    site.refresh(now).await.map_err(unreadable)?;
    let mark = args.dir.join(mark::FILE);
    let mark = match args.all {
        true => Mark::fresh(&site.scope()),
        false => Mark::read(&mark, &site.scope()),
    };
    let app = App::new(site.clone(), Pulse::default(), Metrics::default());
    let folder = Arc::new(Folder::new(args.dir));
    let mut export = Export {
        served: Arc::new(Offline::new(app)),
        site,
        store,
        folder: Arc::clone(&folder),
        mark,
        bar: progress::counting(),
    };
    let done = export.all(now.timestamp_millis()).await;
    export.bar.finish_and_clear();
    done.map_err(|error| told(&error))?;
    let (written, unchanged) = folder.counts();
    if global.json {
        terminal::print_json(&json!({"written": written, "unchanged": unchanged}));
    } else {
        let written = terminal::counted(written, "file", "files");
        terminal::print_line(&format!("{written} written, {unchanged} unchanged"));
    }
    Ok(Exit::Well)
}

/// An error is a chain that begins with what the person asked for.
fn told(error: &Error) -> Report {
    match std::error::Error::source(error) {
        Some(cause) => Report::caused(error.to_string(), cause),
        None => Report::new(error.to_string()),
    }
}

impl Export {
    async fn all(&mut self, now: i64) -> Result<(), Error> {
        self.standing().await?;
        self.views().await?;
        let days = self.entries().await?;
        self.calendar(days).await?;
        self.mark.at = now;
        self.mark.days.clear();
        self.keep_mark()
    }

    async fn standing(&self) -> Result<(), Error> {
        for (path, file) in [
            ("/", "index.html"),
            ("/sources/", "sources/index.html"),
            ("/archive/", "archive/index.html"),
            ("/status", "status/index.html"),
            ("/accessibility", "accessibility/index.html"),
            ("/style.css", "style.css"),
            ("/robots.txt", "robots.txt"),
            ("/sources.opml", "sources.opml"),
        ] {
            self.page(path, file).await?;
        }
        for format in Format::ALL {
            let file = |name: &str| format!("{name}.{}", format.ending());
            let standing = self.site.standing();
            self.folder.put(&file("feed"), standing.feed(format))?;
            let incidents = self.site.incidents(format).await?;
            self.folder.put(&file("incidents"), &incidents)?;
        }
        Ok(())
    }

    async fn page(&self, path: &str, file: &str) -> Result<(), Error> {
        if let Some(body) = self.served.body_at(path).await {
            let ready = Ready::new("", body, chrono::DateTime::UNIX_EPOCH);
            self.folder.put(file, &ready.map_err(site::Error::from)?)?;
        }
        Ok(())
    }

    /// The pages of months, and of the days that hold something else than before.
    async fn calendar(&mut self, days: BTreeSet<NaiveDate>) -> Result<(), Error> {
        let before = std::mem::take(&mut self.mark.counts);
        let calendar = self.served.calendar(days, before).await?;
        progress::begin(&self.bar, "days", calendar.made.len());
        for path in calendar.made {
            self.page(&format!("/{path}"), &format!("{path}index.html"))
                .await?;
            self.bar.inc(1);
        }
        for path in calendar.gone {
            self.folder.remove(&format!("{path}index.html"))?;
        }
        self.mark.counts = calendar.counts;
        Ok(())
    }

    /// Every view that something was published in, in every format, and its sealed documents.
    async fn views(&mut self) -> Result<(), Error> {
        let views = self.store.read(|reader| {
            let views = KINDS.map(|kind| reader.views(kind, usize::from(u16::MAX)));
            let views: Result<Vec<_>, _> = views.into_iter().collect();
            Ok(views?.into_iter().flatten().collect::<Vec<_>>())
        });
        let views = views.await?;
        progress::begin(&self.bar, "views", views.len());
        for view in views {
            let path = view.key.path();
            if self.mark.views.get(&path) != Some(&view.newest) {
                self.live(&view).await?;
            }
            self.sealed(&view).await?;
            self.mark.views.insert(path, view.newest);
            self.bar.inc(1);
        }
        self.keep_mark()
    }

    async fn live(&self, view: &View) -> Result<(), Error> {
        if view.key.kind == ViewKind::Merged {
            return Ok(()); // with the standing ones
        }
        for format in Format::ALL {
            if let Some(ready) = self.site.view(&view.key, format).await? {
                let file = format!("{}.{}", view.key.path(), format.ending());
                self.folder.put(&file, &ready)?;
            }
        }
        Ok(())
    }

    async fn sealed(&self, view: &View) -> Result<(), Error> {
        let (id, since) = (view.id, self.mark.at);
        let sealed = self.store.read(move |reader| reader.sealed_moments(id));
        for (number, at) in sealed.await? {
            let file = format!("{}/{number}.atom", view.key.archive_path());
            if at.timestamp_millis() < since && self.folder.path(&file).exists() {
                self.folder.leave();
            } else if let Some(ready) = self.site.sealed(&view.key, number).await? {
                self.folder.put(&file, &ready)?;
            }
        }
        Ok(())
    }

    /// The pages of entries published since the mark; the days they belong to.
    async fn entries(&mut self) -> Result<BTreeSet<NaiveDate>, Error> {
        let mut days = std::mem::take(&mut self.mark.days);
        let from = self.mark.sequence;
        let waiting = self
            .store
            .read(move |reader| reader.count_published_after(from));
        progress::begin(&self.bar, "entries", waiting.await?);
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        loop {
            let from = self.mark.sequence;
            let next = self
                .store
                .read(move |reader| reader.published_after(from, BATCH * threads));
            let next = next.await?;
            let Some((last, _)) = next.last().copied() else {
                return Ok(days);
            };
            let mut batches = JoinSet::new();
            for batch in next.chunks(BATCH) {
                let clusters = batch.iter().map(|(_, cluster)| *cluster).collect();
                let (served, folder) = (Arc::clone(&self.served), Arc::clone(&self.folder));
                batches.spawn(async move {
                    let put = move |cluster: i64, ready: Ready| {
                        folder.put(&format!("entries/{cluster}/index.html"), &ready)
                    };
                    served.entry_pages(clusters, put).await
                });
            }
            while let Some(batch) = batches.join_next().await {
                days.extend(batch???);
            }
            self.bar.inc(next.len() as u64);
            self.mark.sequence = last;
            self.mark.days.clone_from(&days);
            self.keep_mark()?;
        }
    }

    fn keep_mark(&self) -> Result<(), Error> {
        Ok(self.mark.keep(&self.folder.path(mark::FILE))?)
    }
}
