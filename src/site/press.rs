//! The press: the one thread that writes, checks and compresses documents.
//!
//! # Why
//!
//! A large document takes some ten times its length while it is made, and an allocator keeps that for the thread that
//! asked for it: on one thread it is taken once. Nor do the threads that answer requests wait for a compression.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::sync::{mpsc, oneshot};

use super::Error;

/// Pieces of work that may wait; beyond that, callers wait for a place.
const QUEUE: usize = 64;

type Piece = Box<dyn FnOnce() + Send>;

/// The way to the press, which ends when the last of these is gone.
pub(super) struct Press {
    sender: mpsc::Sender<Piece>,
}

impl Press {
    pub(super) fn start() -> std::io::Result<Self> {
        let (sender, mut receiver) = mpsc::channel::<Piece>(QUEUE);
        std::thread::Builder::new()
            .name("press".into())
            .spawn(move || {
                while let Some(piece) = receiver.blocking_recv() {
                    // Its caller learns of it by getting no answer.
                    let _ = catch_unwind(AssertUnwindSafe(piece));
                }
            })?;
        Ok(Self { sender })
    }

    /// Does a piece of work in its turn.
    pub(super) async fn run<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T, Error> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let piece = Box::new(move || {
            if !sender.is_closed() {
                let _ = sender.send(work());
            }
        });
        self.sender.send(piece).await.map_err(|_| Error::Press)?;
        receiver.await.map_err(|_| Error::Press)?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_goes_on_after_a_piece_that_broke_down() {
        let press = Press::start().unwrap();
        let broken = press.run(|| -> Result<(), _> { panic!("a document like no other") });
        assert!(matches!(broken.await, Err(Error::Press)));
        assert_eq!(press.run(|| Ok(7)).await.unwrap(), 7);
    }
}
