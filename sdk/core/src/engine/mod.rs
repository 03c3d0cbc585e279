//! What all calls of a page share: breakers, limits, counters, events.

mod passage;
mod probes;

use alloc::collections::VecDeque;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::breaker::{BreakerState, Change, Counts};
use crate::call::{Call, CallId};
use crate::event::{BreakerEvent, Event, KeptEvent, OnlineEvent, StorageChangeEvent};
use crate::gate::Block;
use crate::health::{Counters, Health, ScopeHealth, StorageHealth, StorageMode};
use crate::rng::Rng;
use crate::scope::{Origin, Scope, ScopeId, Scopes};
use crate::settings::{Settings, SettingsError};
use crate::spec::CallSpec;
use crate::time::{Instant, Millis};

/// Events kept for a driver that does not take them; the oldest go first.
const MOST_EVENTS: usize = 1_000;
pub(crate) use self::passage::{Leave, Obstacle};

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
        self.scopes.find(origin, path, &mut self.rng)
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
            self.origin_mut(spec.scope).gate.want(now);
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
        if online {
            for origin in &mut self.scopes.origins {
                origin.gate.hurry(now, &mut self.rng);
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
                .map(|origin| (origin.limiter.waiting().count() + origin.held.len()) as u32)
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
        let Counts {
            failures, calls, ..
        } = scope.breaker.counts(now, &self.settings.breaker);
        let due = scope.recovery.map(|recovery| recovery.due);
        let gate = &self.scopes.origins[scope.origin].gate;
        let shut = match gate.block(now) {
            Some(Block::Until(until) | Block::Verdict(until)) => Some(until),
            None => None,
        };
        let refused = scope.breaker.refusal(now, &self.settings.breaker).max(shut);
        ScopeHealth {
            scope: scope.name.clone(),
            breaker: match (scope.breaker.state(now), gate.state(now)) {
                (BreakerState::Closed, gate) => gate,
                (_, BreakerState::Open) => BreakerState::Open,
                (own, _) => own,
            },
            failures,
            calls,
            retry_in_ms: refused.map_or(0, |until| (until - now).0),
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

    /// A gate went from one state to another: an event in the name of the origin.
    pub(super) fn report_gate(
        &mut self,
        origin: usize,
        now: Instant,
        from: BreakerState,
        failures: u32,
    ) {
        let origin = &self.scopes.origins[origin];
        let to = origin.gate.state(now);
        let retry_in = match origin.gate.block(now) {
            Some(Block::Until(until)) => until - now,
            _ => Millis::ZERO,
        };
        let event = BreakerEvent {
            at_ms: now.as_millis(),
            scope: origin.name.clone(),
            from,
            to,
            failures,
            calls: failures,
            retry_in_ms: retry_in.0,
        };
        self.emit(Event::Breaker(event));
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
            failures: change.counts.failures,
            calls: change.counts.calls,
            retry_in_ms: retry_in.map_or(0, |until| (until - now).0),
        }));
    }

    fn origin(&self, scope: ScopeId) -> &Origin {
        &self.scopes.origins[self.at(scope).origin]
    }

    fn origin_mut(&mut self, scope: ScopeId) -> &mut Origin {
        let index = self.at(scope).origin;
        &mut self.scopes.origins[index]
    }

    fn at(&self, id: ScopeId) -> &Scope {
        &self.scopes.scopes[usize::from(id.0)]
    }

    fn at_mut(&mut self, id: ScopeId) -> &mut Scope {
        &mut self.scopes.scopes[usize::from(id.0)]
    }
}
