//! The folder that the site is exported to: files that are whole or not there, touched only where they change.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::site::Ready;

/// Where files go, and how many of them were written. Shared by the threads that write.
#[derive(Debug)]
pub(super) struct Folder {
    root: PathBuf,
    written: AtomicUsize,
    unchanged: AtomicUsize,
}

/// A file that could not be written, or not be taken away.
#[derive(Debug, thiserror::Error)]
#[error("cannot write `{}`", path.display())]
pub(super) struct Unwritten {
    path: PathBuf,
    source: io::Error,
}

impl Folder {
    pub(super) fn new(root: PathBuf) -> Self {
        Self {
            root,
            written: AtomicUsize::default(),
            unchanged: AtomicUsize::default(),
        }
    }

    pub(super) fn path(&self, file: &str) -> PathBuf {
        self.root.join(file)
    }

    /// Files written, and files that were looked at and left alone.
    pub(super) fn counts(&self) -> (usize, usize) {
        let count = |number: &AtomicUsize| number.load(Ordering::Relaxed);
        (count(&self.written), count(&self.unchanged))
    }

    /// Takes note of a file that is known to be there already.
    pub(super) fn leave(&self) {
        self.unchanged.fetch_add(1, Ordering::Relaxed);
    }

    /// Writes a document with its compressed siblings, unless it stands there already.
    pub(super) fn put(&self, file: &str, ready: &Ready) -> Result<(), Unwritten> {
        let path = self.path(file);
        let siblings = [("gz", &ready.gzip), ("br", &ready.brotli)];
        if std::fs::read(&path).is_ok_and(|before| before == ready.identity) {
            self.leave();
            return Ok(());
        }
        // The siblings first: once the document itself is in place, nothing of the old one is left beside it.
        for (ending, bytes) in siblings {
            match bytes {
                Some(bytes) => write(&beside(&path, ending), bytes)?,
                None => remove(&beside(&path, ending))?,
            }
        }
        write(&path, &ready.identity)?;
        self.written.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// Takes a document away that there is no more, with its siblings.
    pub(super) fn remove(&self, file: &str) -> Result<(), Unwritten> {
        let path = self.path(file);
        remove(&path)?;
        remove(&beside(&path, "gz"))?;
        remove(&beside(&path, "br"))
    }
}

fn remove(path: &Path) -> Result<(), Unwritten> {
    match std::fs::remove_file(path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => Err(Unwritten {
            path: path.to_owned(),
            source,
        }),
        _ => Ok(()),
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

/// Writes a file whole or not at all: a reader sees the old one or the new one.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), Unwritten> {
    let temporary = beside(path, "new");
    write_new(&temporary, bytes)
        .and_then(|()| std::fs::rename(&temporary, path))
        .map_err(|source| Unwritten {
            path: path.to_owned(),
            source,
        })
}

/// Most folders are there already, so they are made only when a file does not find its own.
fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match std::fs::write(path, bytes) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            std::fs::write(path, bytes)
        }
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_sibling_of_an_earlier_document_stays_beside_another() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::new(root.path().to_owned());
        let ready = |text: String| Ready::new("", text, chrono::DateTime::UNIX_EPOCH).unwrap();
        let long = ready("<p>En nyhet om en nyhet.</p>".repeat(50));
        let short = Ready {
            brotli: None,
            ..ready("Kort.".into())
        };
        for (document, has_brotli) in [(&long, true), (&short, false)] {
            folder.put("feed.atom", document).unwrap();
            assert_eq!(root.path().join("feed.atom.br").exists(), has_brotli);
            assert!(root.path().join("feed.atom.gz").exists());
        }
    }
}
