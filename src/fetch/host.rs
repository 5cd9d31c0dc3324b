//! The turnstile: whose turn it is at a host. One request at a time, a pause between two, rest where a host asks for it.
//!
//! Invariant: this reads no clock. `now` is what the driver last handed to [`Turnstile::tick`]. A host that was just asked is free
//! again one pause after the **next** tick: the true time of the request is not known here, only that it was before that
//! tick, so the pause is never cut short. A host without pause (`spacing = 0`) is free again at once.
//!
//! Why a list of pending hosts: what a tick costs depends on what goes on, not on how many hosts are known.

use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::{Notify, oneshot};
use url::Url;

use crate::model::HostState;

use super::freshness;
use super::reply::Reply;
use super::robots::{self, Parsed, Ruling};

/// No rest is longer; a host that asks for more is asked again the next day.
pub(super) const MAX_REST: TimeDelta = TimeDelta::days(1);

/// A host's name in the turnstile and in the store: scheme, name and port.
pub(super) fn origin(address: &Url) -> String {
    address.origin().ascii_serialization()
}

/// A host that no request has touched for so long is forgotten here; what the store knows of it stays.
const REMEMBERED: TimeDelta = TimeDelta::days(2);
/// One whose robots.txt cannot be had: for how long decides what is allowed.
const REMEMBERED_IN_TROUBLE: TimeDelta = TimeDelta::days(60);

/// A host that says "too many requests" without saying for how long is left alone at least this long.
const LEAST_REST: TimeDelta = TimeDelta::minutes(10);

/// Until when a host asks for rest, if it does. A 429 always does; the longer it goes on, the longer the rest. A 503 does
/// where it says for how long, and is an ordinary failure otherwise.
pub(super) fn rest_asked(
    reply: &Reply,
    since: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    if !matches!(reply.status, 429 | 503) {
        return None;
    }
    let told = freshness::retry_after(&reply.headers, now).map(|at| at.min(now + MAX_REST));
    if reply.status == 503 || told.is_some() {
        return told;
    }
    let so_far = since.map_or(TimeDelta::zero(), |since| now - since);
    Some(now + so_far.clamp(LEAST_REST, MAX_REST))
}

/// All hosts.
pub(super) struct Turnstile {
    hosts: Mutex<Hosts>,
    /// Told when a request comes to wait, or a turn ends.
    stirred: Notify,
    spacing: Duration,
    per_host: usize,
    /// A recording wants no pauses, whatever its robots.txt says.
    has_pauses: bool,
}

struct Hosts {
    now: DateTime<Utc>,
    slots: HashMap<String, Slot>,
    /// Those that were asked since the last tick, or that somebody waits for.
    pending: HashSet<String>,
    /// Those whose memory changed since it was last taken.
    changed: Vec<String>,
}

#[derive(Default)]
struct Slot {
    state: HostState,
    active: usize,
    waiting: VecDeque<oneshot::Sender<Result<Turn, DateTime<Utc>>>>,
    /// Asked since the last tick: the pause begins at the next one.
    asked: bool,
    crawl_delay: Duration,
    turns: u64,
    changed: bool,
    /// When a request last came by; `None` before the first sweep that met it.
    touched: Option<DateTime<Utc>>,
    rules: Option<Parsed>,
    gate: Arc<tokio::sync::Mutex<()>>,
}

/// The right to ask one host; given back when dropped.
pub(super) struct Turn {
    turnstile: Arc<Turnstile>,
    origin: String,
    armed: bool,
}

impl Drop for Turn {
    fn drop(&mut self) {
        if self.armed {
            self.turnstile.give_back(&self.origin);
        }
    }
}

impl Turnstile {
    pub(super) fn new(spacing: Duration, per_host: usize) -> Self {
        Self {
            hosts: Mutex::new(Hosts {
                now: DateTime::UNIX_EPOCH,
                slots: HashMap::new(),
                pending: HashSet::new(),
                changed: Vec::new(),
            }),
            stirred: Notify::new(),
            spacing,
            per_host: per_host.max(1),
            has_pauses: true,
        }
    }

    /// All hosts of a recording: free at once.
    pub(super) fn without_pauses() -> Self {
        Self {
            has_pauses: false,
            ..Self::new(Duration::ZERO, 1)
        }
    }

    /// Waits for the turn at a host; the error is the moment until which the host rests.
    pub(super) async fn turn(self: &Arc<Self>, origin: &str) -> Result<Turn, DateTime<Utc>> {
        let receiver = {
            let mut hosts = self.lock();
            let now = hosts.now;
            let slot = hosts.slot(origin);
            slot.mend(now, self.pause(slot, origin));
            if let Some(until) = slot.rests(now) {
                return Err(until);
            }
            if slot.waiting.is_empty() && self.is_free(slot, now) {
                self.occupy(slot);
                hosts.note_change(origin);
                hosts.pend(origin);
                return Ok(self.hand_out(origin));
            }
            let (sender, receiver) = oneshot::channel();
            slot.waiting.push_back(sender);
            hosts.pend(origin);
            self.stirred.notify_one();
            receiver
        };
        match receiver.await {
            Ok(answer) => answer,
            // The sender lives in the turnstile, which we hold: this cannot end without an answer.
            Err(_) => Err(self.now()),
        }
    }

    /// Hands in the time; lets those go whose host is free.
    pub(super) fn tick(self: &Arc<Self>, now: DateTime<Utc>) {
        let mut hosts = self.lock();
        hosts.now = now;
        for origin in std::mem::take(&mut hosts.pending) {
            let Some(slot) = hosts.slots.get_mut(&origin) else {
                continue;
            };
            slot.settle(now, self.pause(slot, &origin));
            if self.let_go(slot, &origin, now) {
                hosts.note_change(&origin);
            }
            hosts.pend(&origin);
        }
    }

    /// The earliest moment at which a waiting request could go.
    pub(super) fn next_turn(&self) -> Option<DateTime<Utc>> {
        let hosts = self.lock();
        let now = hosts.now;
        hosts
            .pending()
            .filter(|slot| !slot.waiting.is_empty() && slot.active < self.per_host)
            .map(|slot| slot.state.free_at.filter(|_| !slot.asked).unwrap_or(now))
            .min()
    }

    /// Returns when a request came to wait, or a turn ended, since this was last called.
    pub(super) async fn stirred(&self) {
        self.stirred.notified().await;
    }

    /// How many requests wait for their turn.
    pub(super) fn waiting(&self) -> usize {
        self.lock().pending().map(|slot| slot.waiting.len()).sum()
    }

    /// Forgets hosts that nothing has asked for in a long time. None that rests, that is asked just now, or whose memory is
    /// still to be kept.
    pub(super) fn forget_idle(&self, now: DateTime<Utc>) {
        let hosts = &mut *self.lock();
        let pending = &hosts.pending;
        hosts
            .slots
            .retain(|origin, slot| !slot.is_idle(now) || pending.contains(origin));
        hosts.slots.shrink_to_fit();
    }

    /// The time last handed in.
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.lock().now
    }

    pub(super) fn restore(&self, origin: &str, state: HostState) {
        let mut hosts = self.lock();
        let slot = hosts.slots.entry(origin.to_owned()).or_default();
        slot.state = state;
    }

    /// Takes over for how long another process was asked to leave a host alone; all who wait for it are told.
    pub(super) fn heed_other(&self, origin: &str, state: &HostState) {
        let mut hosts = self.lock();
        let now = hosts.now;
        let is_to_be_left = state.rests_until.max(state.free_at) > Some(now);
        if !is_to_be_left && !hosts.slots.contains_key(origin) {
            return;
        }
        let slot = hosts.slots.entry(origin.to_owned()).or_default();
        slot.state.heed(state, now);
        if let Some(until) = slot.rests(now) {
            for waiting in slot.waiting.drain(..) {
                let _ = waiting.send(Err(until));
            }
        }
    }

    pub(super) fn take_changed(&self) -> Vec<(String, HostState)> {
        let hosts = &mut *self.lock();
        let mut taken = Vec::with_capacity(hosts.changed.len());
        for origin in hosts.changed.drain(..) {
            let Some(slot) = hosts.slots.get_mut(&origin) else {
                continue;
            };
            slot.changed = false;
            let pause = self.pause(slot, &origin);
            slot.mend(hosts.now, pause);
            let mut state = slot.state.clone();
            if slot.asked {
                state.free_at = later(hosts.now, pause);
            }
            taken.push((origin, state));
        }
        taken
    }

    /// What the host's robots.txt, as remembered, says of an address; also sets the pause it asks for.
    pub(super) fn ruling(&self, origin: &str, address: &Url) -> Ruling {
        let mut hosts = self.lock();
        let now = hosts.now;
        let slot = hosts.slot(origin);
        let ruling = robots::rule(&slot.state, &mut slot.rules, address, now);
        if let Ruling::Allowed(delay) = ruling
            && self.has_pauses
        {
            slot.crawl_delay = delay;
        }
        ruling
    }

    /// Held by the one request that asks for a host's robots.txt.
    pub(super) fn gate(&self, origin: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut hosts = self.lock();
        Arc::clone(&hosts.slot(origin).gate)
    }

    /// Since when a host has been asking for rest without a break.
    pub(super) fn resting_since(&self, origin: &str) -> Option<DateTime<Utc>> {
        self.lock().slots.get(origin)?.state.resting_since
    }

    /// Changes a host's memory.
    pub(super) fn note(&self, origin: &str, change: impl FnOnce(&mut HostState)) {
        let mut hosts = self.lock();
        change(&mut hosts.slot(origin).state);
        hosts.note_change(origin);
    }

    /// Lays a host to rest; all who wait for it are told.
    pub(super) fn rest(&self, origin: &str, until: DateTime<Utc>) {
        let mut hosts = self.lock();
        let now = hosts.now;
        let slot = hosts.slot(origin);
        slot.state.rests_until = Some(until);
        slot.state.resting_since.get_or_insert(now);
        for waiting in slot.waiting.drain(..) {
            // Whoever no longer listens needs no telling.
            let _ = waiting.send(Err(until));
        }
        hosts.note_change(origin);
    }

    /// An ordinary answer ends the run of rests.
    pub(super) fn answered(&self, origin: &str) {
        let mut hosts = self.lock();
        if let Some(slot) = hosts.slots.get_mut(origin)
            && slot.state.resting_since.take().is_some()
        {
            slot.state.rests_until = None;
            hosts.note_change(origin);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Hosts> {
        // Nothing below leaves the map half changed, so a panic elsewhere while it was held does no harm.
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn give_back(self: &Arc<Self>, origin: &str) {
        let mut hosts = self.lock();
        let now = hosts.now;
        let Some(slot) = hosts.slots.get_mut(origin) else {
            return;
        };
        slot.active = slot.active.saturating_sub(1);
        slot.asked = !self.base_pause(slot).is_zero();
        let went = self.let_go(slot, origin, now);
        if !slot.waiting.is_empty() {
            self.stirred.notify_one();
        }
        if went {
            hosts.note_change(origin);
        }
        hosts.pend(origin);
    }

    /// Lets those go that wait for a free host; tells whether there was one.
    fn let_go(self: &Arc<Self>, slot: &mut Slot, origin: &str, now: DateTime<Utc>) -> bool {
        let mut went = false;
        while self.is_free(slot, now) {
            let Some(waiting) = slot.waiting.pop_front() else {
                break;
            };
            if waiting.is_closed() {
                continue;
            }
            if let Err(Ok(mut turn)) = waiting.send(Ok(self.hand_out(origin))) {
                // It stopped waiting this instant; giving back by drop would take the lock a second time.
                turn.armed = false;
                continue;
            }
            self.occupy(slot);
            went = true;
        }
        went
    }

    fn is_free(&self, slot: &Slot, now: DateTime<Utc>) -> bool {
        slot.active < self.per_host
            && !slot.asked
            && slot.state.free_at.is_none_or(|free_at| free_at <= now)
    }

    fn occupy(&self, slot: &mut Slot) {
        slot.active += 1;
        slot.turns += 1;
        slot.state.free_at = None;
        slot.asked = !self.base_pause(slot).is_zero();
    }

    fn hand_out(self: &Arc<Self>, origin: &str) -> Turn {
        Turn {
            turnstile: Arc::clone(self),
            origin: origin.to_owned(),
            armed: true,
        }
    }

    fn base_pause(&self, slot: &Slot) -> Duration {
        self.spacing.max(slot.crawl_delay)
    }

    /// The pause with up to a quarter more, so that many hosts polled together do not stay in step.
    fn pause(&self, slot: &Slot, origin: &str) -> Duration {
        let base = self.base_pause(slot);
        let mut hasher = DefaultHasher::new();
        (origin, slot.turns).hash(&mut hasher);
        base + base.mul_f64((hasher.finish() % 1000) as f64 / 4000.0)
    }
}

impl Hosts {
    /// A host that a request comes by.
    fn slot(&mut self, origin: &str) -> &mut Slot {
        let slot = self.slots.entry(origin.to_owned()).or_default();
        slot.touched = Some(self.now);
        slot
    }

    /// Puts a host on the list of pending ones, if it is one.
    fn pend(&mut self, origin: &str) {
        let is_pending = |slot: &Slot| slot.asked || !slot.waiting.is_empty();
        if self.slots.get(origin).is_some_and(is_pending) && !self.pending.contains(origin) {
            self.pending.insert(origin.to_owned());
        }
    }

    fn pending(&self) -> impl Iterator<Item = &Slot> {
        self.pending
            .iter()
            .filter_map(|origin| self.slots.get(origin))
    }

    fn note_change(&mut self, origin: &str) {
        if let Some(slot) = self.slots.get_mut(origin)
            && !std::mem::replace(&mut slot.changed, true)
        {
            self.changed.push(origin.to_owned());
        }
    }
}

impl Slot {
    fn rests(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.state.rests_until.filter(|until| *until > now)
    }

    /// Turns "asked since the last tick" into a moment.
    fn settle(&mut self, now: DateTime<Utc>, pause: Duration) {
        if std::mem::take(&mut self.asked) {
            self.state.free_at = later(now, pause);
        }
        self.mend(now, pause);
    }

    /// Mends moments that a jump of the clock left far ahead.
    fn mend(&mut self, now: DateTime<Utc>, pause: Duration) {
        if self.state.free_at.is_some() {
            self.state.free_at = self.state.free_at.min(later(now, pause));
        }
        if self.state.rests_until > Some(now + MAX_REST) {
            self.state.rests_until = Some(now + MAX_REST);
        }
    }

    fn is_idle(&mut self, now: DateTime<Utc>) -> bool {
        let remembered = match self.state.robots_unreachable_since {
            Some(_) => REMEMBERED_IN_TROUBLE,
            None => REMEMBERED,
        };
        // Restored ones, and those touched before the clock went back, count from here.
        let touched = self.touched.filter(|touched| *touched <= now);
        let touched = *self.touched.insert(touched.unwrap_or(now));
        now - touched > remembered
            && self.active == 0
            && !self.changed
            && self.rests(now).is_none()
            && Arc::strong_count(&self.gate) == 1
    }
}

#[cfg(test)]
impl Turnstile {
    /// The hosts it remembers.
    pub(super) fn known(&self) -> Vec<String> {
        self.lock().slots.keys().cloned().collect()
    }
}

fn later(now: DateTime<Utc>, pause: Duration) -> Option<DateTime<Utc>> {
    now.checked_add_signed(TimeDelta::from_std(pause).ok()?)
}
