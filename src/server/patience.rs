//! A connection that a slow reader cannot hold: while bytes wait to be taken, enough of them must be.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

use super::crowd::Progress;

/// A client must take this much in each span, as slow as a bad line of the last century.
const LEAST: usize = 4096;
const SPAN: Duration = Duration::from_secs(20);

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
        self.progress.writes(done.is_pending());
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
