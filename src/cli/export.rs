//! `samflode export`: the whole published site as files, written atomically; what did not change is not touched.
//!
//! Pages are exported in the site's own language; filter and search need a running service.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::report::{Exit, Report};
use super::{Global, terminal};
use crate::publish::view::{ViewKey, ViewKind};
use crate::server::{App, Metrics, Offline, Pulse};
use crate::site::{Format, Ready, Site};
use crate::store::{self, Store, View};

/// What was exported last time; beside the site, not part of it.
const MARK: &str = ".samflode-export.json";
/// Entries read at once.
const STEP: usize = 500;

/// Options of `export`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where to; made if there is none
    dir: PathBuf,
}

#[derive(Default, Serialize, Deserialize)]
struct Mark {
    /// Up to which publication the pages of entries are written.
    sequence: i64,
    /// When: sealed documents from before are there already.
    at: i64,
}

struct Export {
    served: Offline,
    store: Store,
    dir: PathBuf,
    written: usize,
    unchanged: usize,
}

pub(super) async fn run(args: Args, global: &Global) -> Result<Exit, Report> {
    let (config, store) = global.open_store()?;
    let now = (global.clock)();
    let unreadable = |error| Report::caused("cannot read what is published", &error);
    let site = Site::open(config.settings, config.sources, store.clone(), now)
        .await
        .map_err(unreadable)?;
    site.refresh(now).await.map_err(unreadable)?;
    let app = App::new(site, Pulse::default(), Metrics::default());
    let mut export = Export {
        served: Offline::new(app),
        store,
        dir: args.dir,
        written: 0,
        unchanged: 0,
    };
    let before = export.mark();
    export.standing().await?;
    export.views(before.at).await?;
    let sequence = export.entries(before.sequence).await?;
    export.put_mark(&Mark {
        sequence,
        at: now.timestamp_millis(),
    })?;
    if global.json {
        terminal::print_json(&json!({"written": export.written, "unchanged": export.unchanged}));
    } else {
        let written = terminal::counted(export.written, "file", "files");
        terminal::print_line(&format!(
            "{written} written, {} unchanged",
            export.unchanged
        ));
    }
    Ok(Exit::Well)
}

impl Export {
    async fn standing(&mut self) -> Result<(), Report> {
        for (path, file) in [
            ("/", "index.html"),
            ("/sources/", "sources/index.html"),
            ("/archive/", "archive/index.html"),
            ("/status", "status/index.html"),
            ("/accessibility", "accessibility/index.html"),
        ] {
            self.put(path, file).await?;
        }
        for name in ["style.css", "robots.txt", "sources.opml"] {
            self.put(&format!("/{name}"), name).await?;
        }
        for format in Format::ALL {
            for name in ["feed", "incidents"] {
                let file = format!("{name}.{}", format.ending());
                self.put(&format!("/{file}"), &file).await?;
            }
        }
        Ok(())
    }

    /// Every view in every format, and its sealed documents.
    async fn views(&mut self, since: i64) -> Result<(), Report> {
        for kind in [
            ViewKind::Merged,
            ViewKind::Source,
            ViewKind::Category,
            ViewKind::Language,
            ViewKind::Named,
        ] {
            let views = self
                .store
                .read(move |reader| reader.views(kind, usize::from(u16::MAX)));
            for view in views.await? {
                if kind != ViewKind::Merged {
                    for format in Format::ALL {
                        let file = format!("{}.{}", view.key.path(), format.ending());
                        self.put(&address(&file), &file).await?;
                    }
                }
                self.sealed(&view, since).await?;
            }
        }
        Ok(())
    }

    async fn sealed(&mut self, view: &View, since: i64) -> Result<(), Report> {
        let id = view.id;
        let last = self
            .store
            .read(move |reader| reader.last_sealed(id))
            .await?;
        for number in 1..=last.map_or(0, |run| run.number) {
            let file = format!("{}/{number}.atom", view.key.archive_path());
            let is_old =
                self.dir.join(&file).exists() && !self.resealed(&view.key, number, since).await?;
            if is_old {
                self.unchanged += 1;
            } else {
                self.put(&address(&file), &file).await?;
            }
        }
        Ok(())
    }

    async fn resealed(&self, key: &ViewKey, number: i64, since: i64) -> Result<bool, store::Error> {
        let key = key.clone();
        let at = self.store.read(move |reader| match reader.view(&key)? {
            Some(view) => reader.sealed_at(view.id, number),
            None => Ok(None),
        });
        Ok(at.await?.is_some_and(|at| at.timestamp_millis() >= since))
    }

    /// The pages of entries published since; up to which.
    async fn entries(&mut self, since: i64) -> Result<i64, Report> {
        let mut sequence = since;
        loop {
            let from = sequence;
            let next = self
                .store
                .read(move |reader| reader.published_after(from, STEP));
            let next = next.await?;
            for (_, cluster) in &next {
                let path = format!("/entries/{}", cluster.0);
                let file = format!("entries/{}/index.html", cluster.0);
                self.put(&path, &file).await?;
            }
            match next.last() {
                Some((last, _)) => sequence = *last,
                None => return Ok(sequence),
            }
        }
    }

    /// Writes what is served at a path, with its compressed siblings.
    async fn put(&mut self, path: &str, file: &str) -> Result<(), Report> {
        let Some(body) = self.served.body_at(path).await else {
            return Ok(());
        };
        let target = self.dir.join(file);
        if std::fs::read(&target).is_ok_and(|before| before == body) {
            self.unchanged += 1;
            return Ok(());
        }
        let cannot = |error: std::io::Error| {
            Report::caused(format!("cannot write `{}`", target.display()), &error)
        };
        let ready = Ready::new("", body.to_vec(), chrono::DateTime::UNIX_EPOCH).map_err(cannot)?;
        for (ending, bytes) in [("gz", &ready.gzip), ("br", &ready.brotli)] {
            if let Some(bytes) = bytes {
                write(&beside(&target, ending), bytes).map_err(cannot)?;
            }
        }
        write(&target, &body).map_err(cannot)?;
        self.written += 1;
        Ok(())
    }

    fn mark(&self) -> Mark {
        let text = std::fs::read_to_string(self.dir.join(MARK)).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }

    fn put_mark(&self, mark: &Mark) -> Result<(), Report> {
        let path = self.dir.join(MARK);
        let cannot = |error: &dyn std::error::Error| {
            Report::caused(format!("cannot write `{}`", path.display()), error)
        };
        let text = serde_json::to_vec(mark).map_err(|error| cannot(&error))?;
        write(&path, &text).map_err(|error| cannot(&error))
    }
}

/// The address of a file whose name may hold letters beyond ASCII.
fn address(file: &str) -> String {
    let base = url::Url::parse("http://localhost/").ok();
    let joined = base.and_then(|base| base.join(file).ok());
    joined.map_or_else(|| format!("/{file}"), |url| url.path().to_owned())
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

/// Writes a file whole or not at all: a reader sees the old one or the new one.
fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let temporary = beside(path, "new");
    std::fs::write(&temporary, bytes)?;
    std::fs::rename(&temporary, path)
}
