//! Sources that wait for a refresh, host by host.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use crate::link;
use crate::model::{Source, SourceId};

/// What waits and what is under way, host by host. Every step costs the same however many wait.
#[derive(Default)]
pub(super) struct Queue {
    known: HashSet<SourceId>,
    hosts: HashMap<String, Host>,
    /// Hosts that have a waiting source and nothing under way, longest ready first.
    ready: VecDeque<String>,
    pub(super) under_way: usize,
}

#[derive(Default)]
struct Host {
    waiting: VecDeque<Arc<Source>>,
    is_busy: bool,
}

impl Queue {
    /// Whether nothing waits and nothing is under way.
    pub(super) fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// Puts a source behind the others of its host, unless it waits or is under way already.
    pub(super) fn push(&mut self, source: Arc<Source>) {
        if !self.known.insert(source.id.clone()) {
            return;
        }
        let origin = link::origin(&source.address);
        let host = self.hosts.entry(origin.clone()).or_default();
        host.waiting.push_back(source);
        if !host.is_busy && host.waiting.len() == 1 {
            self.ready.push_back(origin);
        }
    }

    /// Takes a source whose host is free.
    pub(super) fn next(&mut self) -> Option<(Arc<Source>, String)> {
        let origin = self.ready.pop_front()?;
        let host = self.hosts.get_mut(&origin)?;
        let source = host.waiting.pop_front()?;
        host.is_busy = true;
        self.under_way += 1;
        Some((source, origin))
    }

    /// Takes note that a refresh ended and its host is free.
    pub(super) fn end(&mut self, source: &SourceId, origin: &str) {
        self.known.remove(source);
        self.under_way -= 1;
        let Some(host) = self.hosts.get_mut(origin) else {
            return;
        };
        host.is_busy = false;
        if host.waiting.is_empty() {
            self.hosts.remove(origin);
        } else {
            self.ready.push_back(origin.to_owned());
        }
    }
}
