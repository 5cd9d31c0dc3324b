//! A connection that nobody can hold: while bytes wait to be taken, enough of them must be; and it must come to something.
//!
//! Why a connection keeps count of what it came to: a timer of its own for each request head costs more than the answer
//! to it; a look at the count now and then costs nothing.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// A client must take this much in each span, as slow as a bad line of the last century.
const LEAST: usize = 4096;
const SPAN: Duration = Duration::from_secs(20);

/// What a connection has come to.
#[derive(Clone, Default)]
pub(super) struct Progress(Arc<Counts>);

#[derive(Default)]
struct Counts {
    answers: AtomicU32,
    seen: AtomicU32,
    is_answering: AtomicBool,
    is_writing: AtomicBool,
}

impl Progress {
    /// Takes note of an answer under way.
    pub(super) async fn through<T>(&self, answer: impl Future<Output = T>) -> T {
        self.0.is_answering.store(true, Ordering::Relaxed);
        let answer = answer.await;
        self.0.is_answering.store(false, Ordering::Relaxed);
        self.0.answers.fetch_add(1, Ordering::Relaxed);
        answer
    }

    /// Whether nothing is under way and no answer was made since this was last asked.
    pub(super) fn has_stalled(&self) -> bool {
        let counts = &self.0;
        let answers = counts.answers.load(Ordering::Relaxed);
        let is_idle = counts.seen.swap(answers, Ordering::Relaxed) == answers;
        let is_busy = counts.is_answering.load(Ordering::Relaxed)
            || counts.is_writing.load(Ordering::Relaxed);
        is_idle && !is_busy
    }
}

/// A stream whose writes do not wait for ever.
pub(super) struct Patient<T> {
    inner: T,
    progress: Progress,
    waiting: Option<Pin<Box<Sleep>>>,
    written: usize,
}

impl<T> Patient<T> {
    pub(super) fn new(inner: T, progress: Progress) -> Self {
        Self {
            inner,
            progress,
            waiting: None,
            written: 0,
        }
    }

    fn judge(
        &mut self,
        context: &mut Context<'_>,
        done: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        let is_writing = &self.progress.0.is_writing;
        is_writing.store(done.is_pending(), Ordering::Relaxed);
        match done {
            Poll::Ready(done) => {
                self.written += done.as_ref().copied().unwrap_or(0);
                if self.written >= LEAST {
                    self.waiting = None;
                }
                Poll::Ready(done)
            }
            Poll::Pending => {
                if self.waiting.is_none() {
                    self.written = 0;
                }
                let waiting = self.waiting.get_or_insert_with(|| Box::pin(sleep(SPAN)));
                ready!(waiting.as_mut().poll(context));
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
        }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Patient<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(context, buffer)
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Patient<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.inner).poll_write(context, bytes);
        self.judge(context, done)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.inner).poll_write_vectored(context, slices);
        self.judge(context, done)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}
