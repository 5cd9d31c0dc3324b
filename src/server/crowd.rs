//! All connections at once: what each has come to, and which of them makes room when there are too many.
//!
//! Why a connection keeps count of what it came to: a timer of its own for each request head costs more than the answer
//! to it; a look at the count now and then costs nothing.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Weak};

use tokio::sync::Notify;

/// What a connection has come to.
#[derive(Clone, Default)]
pub(super) struct Progress(Arc<Counts>);

#[derive(Default)]
struct Counts {
    answers: AtomicU32,
    seen: AtomicU32,
    is_answering: AtomicBool,
    is_writing: AtomicBool,
    leave: Notify,
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

    /// Takes note of whether bytes wait to be taken.
    pub(super) fn writes(&self, waits: bool) {
        self.0.is_writing.store(waits, Ordering::Relaxed);
    }

    /// Whether nothing is under way and no answer was made since this was last asked.
    pub(super) fn has_stalled(&self) -> bool {
        let answers = self.0.answers.load(Ordering::Relaxed);
        self.0.seen.swap(answers, Ordering::Relaxed) == answers && self.0.is_idle()
    }

    /// Ends when the connection is to be closed.
    pub(super) async fn told_to_leave(&self) {
        self.0.leave.notified().await;
    }
}

impl Counts {
    fn is_idle(&self) -> bool {
        !self.is_answering.load(Ordering::Relaxed) && !self.is_writing.load(Ordering::Relaxed)
    }
}

/// The connections that are open, those that have waited longest first.
#[derive(Default)]
pub(super) struct Crowd(Mutex<VecDeque<Weak<Counts>>>);

impl Crowd {
    /// A further connection, of at most so many.
    pub(super) fn join(&self, most: usize) -> Progress {
        let progress = Progress::default();
        let mut members = self.members();
        if members.len() >= 2 * most {
            members.retain(|member| member.strong_count() > 0);
        }
        members.push_back(Arc::downgrade(&progress.0));
        progress
    }

    /// Tells the connection that has been idle longest to leave; `false` where none is idle.
    pub(super) fn make_room(&self) -> bool {
        let mut members = self.members();
        for _ in 0..members.len() {
            let Some(member) = members.pop_front() else {
                break;
            };
            match member.upgrade() {
                Some(counts) if counts.is_idle() => {
                    counts.leave.notify_one();
                    return true;
                }
                Some(_) => members.push_back(member),
                None => {}
            }
        }
        false
    }

    /// Tells them all.
    pub(super) fn dissolve(&self) {
        for member in self.members().drain(..) {
            if let Some(counts) = member.upgrade() {
                counts.leave.notify_one();
            }
        }
    }

    fn members(&self) -> MutexGuard<'_, VecDeque<Weak<Counts>>> {
        self.0.lock().unwrap_or_else(|e| e.into_inner())
    }
}

#[cfg(test)]
mod tests {
    use super::Crowd;

    #[tokio::test]
    async fn the_connection_that_has_idled_longest_makes_room_and_a_busy_one_stays() {
        let crowd = Crowd::default();
        let [first, second, third] = [(); 3].map(|()| crowd.join(3));
        first.writes(true);
        assert!(crowd.make_room());
        second.told_to_leave().await;
        drop(second);
        third
            .through(async {
                assert!(!crowd.make_room(), "both are busy");
            })
            .await;
        crowd.dissolve();
        first.told_to_leave().await;
        third.told_to_leave().await;
    }

    #[tokio::test]
    async fn a_connection_stalls_when_it_comes_to_nothing_between_two_looks() {
        let progress = Crowd::default().join(1);
        assert!(progress.has_stalled());
        progress.through(async {}).await;
        assert!(!progress.has_stalled());
        progress
            .through(async { assert!(!progress.has_stalled()) })
            .await;
        assert!(!progress.has_stalled());
        assert!(progress.has_stalled());
    }
}
