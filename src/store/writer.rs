//! The writer's thread: takes all waiting work into one transaction, each piece in a savepoint.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::{Error, Reader, Writer};

/// Pieces of work that may share one commit.
const PIECES_PER_COMMIT: usize = 64;
/// Pieces that may wait; beyond that, callers wait for a place.
const QUEUE: usize = 256;

/// Tells the waiting caller how the shared commit ended.
type Finish = Box<dyn FnOnce(Result<(), Refusal>) + Send>;
/// Does its work on the connection, or takes note that no transaction could begin.
type Piece = Box<dyn FnOnce(Result<&Connection, Refusal>) -> Finish + Send>;
type Refusal = Arc<rusqlite::Error>;

/// The way to the writer's thread, which ends when the last of these is gone.
pub(super) struct Queue {
    sender: mpsc::Sender<Piece>,
}

impl Queue {
    pub(super) fn start(connection: Connection) -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE);
        std::thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || write_all(connection, receiver))
            .expect("a thread can be started at start-up");
        Self { sender }
    }

    pub(super) async fn run<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&Writer<'_>) -> Result<T, Error> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let piece: Piece = Box::new(move |connection| {
            let done = connection
                .map_err(Error::Commit)
                .and_then(|connection| in_savepoint(connection, work));
            Box::new(move |commit| {
                let answer = done.and_then(|done| match commit {
                    Ok(()) => Ok(done),
                    Err(refusal) => Err(Error::Commit(refusal)),
                });
                let _ = sender.send(answer); // the caller may have gone away
            })
        });
        self.sender.send(piece).await.map_err(|_| Error::Closed)?;
        receiver.await.map_err(|_| Error::Closed)?
    }
}

fn write_all(connection: Connection, mut pieces: mpsc::Receiver<Piece>) {
    while let Some(first) = pieces.blocking_recv() {
        let mut finishes = Vec::new();
        let committed = match connection.execute_batch("BEGIN IMMEDIATE") {
            Ok(()) => {
                finishes.push(first(Ok(&connection)));
                // SQLite itself ends the transaction on a full disk: then nothing more joins it.
                while !connection.is_autocommit() && finishes.len() < PIECES_PER_COMMIT {
                    let Ok(piece) = pieces.try_recv() else { break };
                    finishes.push(piece(Ok(&connection)));
                }
                connection.execute_batch("COMMIT").map_err(Arc::new)
            }
            Err(refusal) => {
                let refusal = Arc::new(refusal);
                finishes.push(first(Err(refusal.clone())));
                Err(refusal)
            }
        };
        if !connection.is_autocommit() {
            let _ = connection.execute_batch("ROLLBACK");
        }
        for finish in finishes {
            finish(committed.clone());
        }
    }
}

fn in_savepoint<T, F>(connection: &Connection, work: F) -> Result<T, Error>
where
    F: FnOnce(&Writer<'_>) -> Result<T, Error>,
{
    connection.execute_batch("SAVEPOINT piece")?;
    let writer = Writer {
        reader: Reader { connection },
    };
    let done = catch_unwind(AssertUnwindSafe(|| work(&writer))).unwrap_or(Err(Error::Panicked));
    match done {
        Ok(done) => {
            connection.execute_batch("RELEASE piece")?;
            Ok(done)
        }
        Err(error) => {
            let _ = connection.execute_batch("ROLLBACK TO piece; RELEASE piece");
            Err(error)
        }
    }
}
