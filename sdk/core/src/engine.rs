//! What all calls of a page share: breakers, limits, counters, events.

use alloc::collections::VecDeque;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::breaker::{BreakerState, Change, Pass, Vote};
use crate::call::{Call, CallId};
use crate::event::{
    BreakerEvent, Event, KeptEvent, OnlineEvent, RecoveredEvent, StorageChangeEvent,
};
use crate::health::{Counters, Health, ScopeHealth, StorageHealth, StorageMode};
use crate::limiter::Turn;
use crate::recovery::Recovery;
use crate::rng::Rng;
use crate::scope::{Scope, ScopeId, Scopes};
use crate::settings::{Settings, SettingsError};
use crate::spec::CallSpec;
use crate::time::{Instant, Millis};

/// Events kept for a driver that does not take them; the oldest go first.
const MOST_EVENTS: usize = 1_000;

/// The shared state of all calls.
///
/// ```
/// use tidegate_core::{CallSpec, Engine, Head, Instant, Outcome, Settings, Step, Verdict};
///
/// let mut engine = Engine::new(Settings::default(), 1)?;
/// let now = Instant::START;
/// let scope = engine.scope("https://a.example", "/assets");
/// let mut call = engine.begin(now, CallSpec::read(scope));
/// assert!(matches!(call.poll(&mut engine, now), Step::Send { .. }));
/// call.settle(&mut engine, now, Outcome::Head(Head { status: 200, retry_after: None }));
/// assert_eq!(call.poll(&mut engine, now), Step::Done(Verdict::Network));
/// # Ok::<(), tidegate_core::SettingsError>(())
/// ```
#[derive(Debug)]
pub struct Engine {
    pub(crate) settings: Settings,
    pub(crate) rng: Rng,
    pub(crate) counters: Counters,
    scopes: Scopes,
    storage: StorageHealth,
    online: bool,
    events: VecDeque<Event>,
    wakes: Vec<CallId>,
    last_call: u64,
}

impl Engine {
    /// An engine that has seen nothing. The same seed, calls and times give the same decisions.
    ///
    /// # Errors
    /// When a setting is out of its range.
    pub fn new(settings: Settings, seed: u64) -> Result<Engine, SettingsError> {
        settings.check()?;
        let mode = if settings.cache.entries == 0 {
            StorageMode::Off
        } else {
            StorageMode::Unopened
        };
        Ok(Engine {
            settings,
            rng: Rng::new(seed),
            counters: Counters::ZERO,
            scopes: Scopes::default(),
            storage: StorageHealth { mode, reason: None },
            online: true,
            events: VecDeque::new(),
            wakes: Vec::new(),
            last_call: 0,
        })
    }

    /// The settings in force.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The scope of a URL, given as its origin (`https://a.example`) and its path.
    pub fn scope(&mut self, origin: &str, path: &str) -> ScopeId {
        self.scopes.find(origin, path)
    }

    /// The name of a scope.
    #[must_use]
    pub fn scope_name(&self, id: ScopeId) -> &str {
        &self.at(id).name
    }

    /// A call begins.
    pub fn begin(&mut self, now: Instant, spec: CallSpec) -> Call {
        self.last_call += 1;
        if spec.probe {
            self.counters.probes += 1;
        } else {
            self.counters.calls += 1;
        }
        Call::new(CallId(self.last_call), now, spec, &self.settings)
    }

    /// The browser says that the network came or went.
    pub fn set_online(&mut self, now: Instant, online: bool) {
        if self.online == online {
            return;
        }
        self.online = online;
        for scope in &mut self.scopes.scopes {
            if let (true, Some(recovery)) = (online, &mut scope.recovery) {
                recovery.hurry(now, &mut self.rng);
            }
        }
        self.emit(Event::Online(OnlineEvent {
            at_ms: now.as_millis(),
            online,
        }));
    }

    /// Answers are kept in another place from now on.
    pub fn set_storage(&mut self, now: Instant, mode: StorageMode, reason: Option<String>) {
        let storage = StorageHealth { mode, reason };
        if self.storage != storage {
            self.storage = storage.clone();
            self.emit(Event::Storage(StorageChangeEvent {
                at_ms: now.as_millis(),
                mode,
                reason: storage.reason,
            }));
        }
    }

    /// A copy of an answer was kept.
    pub fn kept(&mut self, now: Instant, scope: ScopeId, bytes: u64) {
        self.counters.kept += 1;
        let scope = self.scope_name(scope).to_string();
        self.emit(Event::Kept(KeptEvent {
            at_ms: now.as_millis(),
            scope,
            bytes,
        }));
    }

    /// When the next background probe is due; [`Instant::NEVER`] when nobody waits for one.
    #[must_use]
    pub fn next_probe(&self) -> Instant {
        let due = self.wanted().map(|(_, recovery)| recovery.due);
        due.min().unwrap_or(Instant::NEVER)
    }

    /// A scope whose background probe is due. The driver sends one with [`CallSpec::probe`], or calls [`Engine::forget`].
    pub fn due_probe(&mut self, now: Instant) -> Option<ScopeId> {
        let (scope, _) = self.wanted().find(|(_, recovery)| recovery.due <= now)?;
        if let Some(recovery) = &mut self.at_mut(scope).recovery {
            recovery.send();
        }
        Some(scope)
    }

    /// Whether somebody waits for this scope to answer again.
    #[must_use]
    pub fn is_wanted(&self, scope: ScopeId) -> bool {
        self.at(scope).recovery.is_some()
    }

    /// The scopes that are waited for and may be probed: without a network there is nothing to find out.
    fn wanted(&self) -> impl Iterator<Item = (ScopeId, Recovery)> + '_ {
        let ids = (0..self.scopes.scopes.len()).map(|index| ScopeId(index as u16));
        ids.filter(|id| !self.offline(*id))
            .filter_map(|id| Some((id, self.at(id).recovery?)))
    }

    /// Nobody waits for this scope any more.
    pub fn forget(&mut self, scope: ScopeId) {
        self.at_mut(scope).recovery = None;
    }

    /// The calls that should be polled again although their time has not come.
    pub fn drain_wakes(&mut self) -> impl Iterator<Item = CallId> + use<> {
        core::mem::take(&mut self.wakes).into_iter()
    }

    /// What happened since the last time. Listeners are told when no borrow of the engine is held.
    pub fn drain_events(&mut self) -> impl Iterator<Item = Event> + use<> {
        core::mem::take(&mut self.events).into_iter()
    }

    /// The state of everything.
    #[must_use]
    pub fn health(&self, now: Instant) -> Health {
        let origins = &self.scopes.origins;
        Health {
            online: self.online,
            in_flight: origins
                .iter()
                .map(|origin| origin.limiter.in_flight())
                .sum(),
            queued: origins
                .iter()
                .map(|origin| origin.limiter.waiting().count() as u32)
                .sum(),
            counters: self.counters.clone(),
            scopes: self
                .scopes
                .scopes
                .iter()
                .map(|scope| self.scope_health(scope, now))
                .collect(),
            storage: self.storage.clone(),
        }
    }

    fn scope_health(&self, scope: &Scope, now: Instant) -> ScopeHealth {
        let (failures, calls) = scope.breaker.counts(now, &self.settings.breaker);
        let due = scope.recovery.map(|recovery| recovery.due);
        ScopeHealth {
            scope: scope.name.clone(),
            breaker: scope.breaker.state(now),
            failures,
            calls,
            retry_in_ms: scope
                .breaker
                .refusal(now)
                .map_or(0, |until| (until - now).0),
            probing: due == Some(Instant::NEVER),
            probe_in_ms: due
                .filter(|due| *due != Instant::NEVER)
                .map(|due| (due - now).0),
        }
    }

    // What calls do with it.

    pub(crate) fn emit(&mut self, event: Event) {
        if self.events.len() == MOST_EVENTS {
            self.events.pop_front();
        }
        self.events.push_back(event);
    }

    /// Whether the browser's word that there is no network counts for this scope.
    pub(crate) fn offline(&self, scope: ScopeId) -> bool {
        !self.online && !self.scopes.origins[self.at(scope).origin].loopback
    }

    pub(crate) fn refusal(&self, scope: ScopeId, now: Instant) -> Option<Instant> {
        self.at(scope).breaker.refusal(now)
    }

    pub(crate) fn turn(&mut self, scope: ScopeId, call: CallId) -> Turn {
        let index = self.at(scope).origin;
        self.scopes.origins[index]
            .limiter
            .request(call, &self.settings.concurrency)
    }

    /// Gives a call's place in the queue up.
    pub(crate) fn leave(&mut self, scope: ScopeId, call: CallId) {
        let index = self.at(scope).origin;
        let next = self.scopes.origins[index]
            .limiter
            .leave(call, &self.settings.concurrency);
        self.wakes.extend(next);
    }

    /// Gives a permit back.
    pub(crate) fn release(&mut self, scope: ScopeId) {
        let index = self.at(scope).origin;
        let next = self.scopes.origins[index]
            .limiter
            .release(&self.settings.concurrency);
        self.wakes.extend(next);
    }

    /// Asks the breaker, with a permit in hand.
    pub(crate) fn admit(&mut self, scope: ScopeId, now: Instant) -> Result<Pass, Instant> {
        // A probe may take as long as an attempt may.
        let lease = self
            .settings
            .breaker
            .probe_ms
            .max(self.settings.timeout.attempt_ms);
        let lease = Millis(lease.into());
        let (pass, change) = self.scopes.scopes[usize::from(scope.0)]
            .breaker
            .admit(now, lease)?;
        if let Some(change) = change {
            self.report(scope, now, change);
        }
        Ok(pass)
    }

    /// An attempt is over: its permit and its pass come back.
    pub(crate) fn land(&mut self, scope: ScopeId, now: Instant, pass: Pass, vote: Vote) {
        self.release(scope);
        let breaker = &mut self.scopes.scopes[usize::from(scope.0)].breaker;
        let counts = breaker.counts_in(pass);
        let change = breaker.settle(now, pass, vote, &self.settings.breaker, &mut self.rng);
        if let Some(change) = change {
            self.report(scope, now, change);
        }
        // A success that left before the breaker opened says nothing about the backend of today.
        let back = counts && vote == Vote::Success;
        if back && self.at_mut(scope).recovery.take().is_some() {
            let scope = self.scope_name(scope).to_string();
            self.emit(Event::Recovered(RecoveredEvent {
                at_ms: now.as_millis(),
                scope,
            }));
        }
    }

    /// A read got no answer from the network, or a probe none: the scope is wanted back, but not before what the server `asked` for.
    /// When its next probe is due.
    pub(crate) fn want(
        &mut self,
        scope: ScopeId,
        now: Instant,
        probe: bool,
        asked: Option<Instant>,
    ) -> Option<Instant> {
        let Scope {
            breaker, recovery, ..
        } = &mut self.scopes.scopes[usize::from(scope.0)];
        let settings = &self.settings.breaker;
        let mut wanted = match *recovery {
            Some(earlier) if !probe => earlier,
            earlier => Recovery::next(earlier, now, breaker, settings, &mut self.rng),
        };
        // The breaker may have opened since.
        if let Some(until) = breaker.refusal(now) {
            wanted.postpone(until);
        }
        if let Some(until) = asked {
            wanted.heed(until);
        }
        *recovery = Some(wanted);
        (!wanted.is_out()).then_some(wanted.due)
    }

    fn report(&mut self, scope: ScopeId, now: Instant, change: Change) {
        let retry_in = self
            .refusal(scope, now)
            .filter(|_| change.to == BreakerState::Open);
        if change.to == BreakerState::Open {
            let waiting = self.scopes.origins[self.at(scope).origin].limiter.waiting();
            self.wakes.extend(waiting);
        }
        self.emit(Event::Breaker(BreakerEvent {
            at_ms: now.as_millis(),
            scope: self.scope_name(scope).to_string(),
            from: change.from,
            to: change.to,
            failures: change.failures,
            calls: change.calls,
            retry_in_ms: retry_in.map_or(0, |until| (until - now).0),
        }));
    }

    fn at(&self, id: ScopeId) -> &Scope {
        &self.scopes.scopes[usize::from(id.0)]
    }

    fn at_mut(&mut self, id: ScopeId) -> &mut Scope {
        &mut self.scopes.scopes[usize::from(id.0)]
    }
}
