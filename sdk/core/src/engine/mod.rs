//! What all calls of a page share: breakers, limits, counters, events.

mod asked;
mod hedges;
mod manage;
mod passage;
mod probes;
mod recorded;
mod replay;
mod report;
mod turns;
mod watch;

use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::string::String;
use alloc::vec::Vec;

use crate::call::{Call, CallId};
use crate::event::{Event, IdentityEvent, KeptEvent, OnlineEvent, StorageChangeEvent};
use crate::health::{Counters, StorageHealth, StorageMode, StorageReport};
use crate::outbox::OutboxHealth;
use crate::rng::Rng;
use crate::scope::{Name, Origin, Scope, ScopeId, Scopes, scope_name};
use crate::session::SocketEvent;
use crate::settings::{Settings, SettingsError};
use crate::spec::{CallSpec, Lookup};
use crate::time::Instant;
use crate::trace::{Deed, Recorder};

pub(crate) use self::passage::{Leave, Obstacle};
pub(crate) use self::replay::Leeway;
use self::watch::Watch;

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
    outbox: OutboxHealth,
    online: bool,
    events: VecDeque<Event>,
    wakes: VecDeque<CallId>,
    /// Calls that wait for the network to be back.
    paused: Vec<CallId>,
    last_call: u64,
    /// When the last call began.
    begun: Instant,
    watch: Watch,
    recorder: Option<Box<Recorder>>,
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
            watch: Watch::new(&settings.alerts),
            recorder: match settings.trace.bytes {
                0 => None,
                most => Some(Box::new(Recorder::new(&settings, seed, most as usize))),
            },
            settings,
            rng: Rng::new(seed),
            counters: Counters::ZERO,
            scopes: Scopes::default(),
            storage: StorageReport::new(mode).into(),
            outbox: OutboxHealth::EMPTY,
            online: true,
            events: VecDeque::new(),
            wakes: VecDeque::new(),
            paused: Vec::new(),
            last_call: 0,
            begun: Instant::START,
        })
    }

    /// The settings in force.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The scope of a URL, given as its origin (`https://a.example`) and its path.
    pub fn scope(&mut self, origin: &str, path: &str) -> ScopeId {
        self.note(self.begun, || Deed::Scope {
            origin: origin.into(),
            path: scope_name("", path),
        });
        let scope = self.scopes.find(self.begun, origin, path, &mut self.rng);
        self.told(scope.0.into());
        scope
    }

    /// Whether two scopes are the same, perhaps because they have turned out to be since they were asked for.
    #[must_use]
    pub fn is_same(&self, one: ScopeId, other: ScopeId) -> bool {
        self.scopes.resolve(one) == self.scopes.resolve(other)
    }

    /// The name of a scope.
    #[must_use]
    pub fn scope_name(&self, id: ScopeId) -> &str {
        &self.at(id).name
    }

    /// The same, to keep.
    pub(crate) fn name(&self, id: ScopeId) -> Name {
        self.at(id).name.clone()
    }

    /// A call begins.
    pub fn begin(&mut self, now: Instant, spec: CallSpec) -> Call {
        self.note(now, || Deed::Begin(spec));
        self.last_call += 1;
        self.begun = now;
        if spec.probe {
            self.counters.probes += 1;
        } else {
            self.counters.calls += 1;
            if !matches!(spec.lookup, Lookup::First | Lookup::Only) {
                self.wants_network(spec.scope, now);
            }
        }
        Call::new(CallId(self.last_call), now, spec, &self.settings)
    }

    /// A call cannot do without the network.
    pub(crate) fn wants_network(&mut self, scope: ScopeId, now: Instant) {
        self.origin_mut(scope).gate.want(now);
    }

    /// The browser says that the network came or went.
    pub fn set_online(&mut self, now: Instant, online: bool) {
        self.note(now, || Deed::Online(online));
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
            self.wakes.extend(self.paused.drain(..));
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
        if self.storage.mode != mode || self.storage.reason != reason {
            self.storage.mode = mode;
            self.storage.reason.clone_from(&reason);
            self.emit_storage(now, reason);
        }
    }

    /// What a store says of itself: a change of place is an event, and so is an incident.
    pub fn report_storage(&mut self, now: Instant, mut report: StorageReport) {
        let incident = report.incident.take();
        self.set_storage(now, report.mode, report.reason.clone());
        self.storage = report.into();
        if incident.is_some() {
            self.emit_storage(now, incident);
        }
    }

    /// What a session tells ([`Step::Tell`](crate::session::Step::Tell)), for those who listen to the engine.
    pub fn report_socket(&mut self, event: SocketEvent) {
        self.emit(Event::Socket(event));
    }

    fn emit_storage(&mut self, now: Instant, reason: Option<String>) {
        self.emit(Event::Storage(StorageChangeEvent {
            at_ms: now.as_millis(),
            mode: self.storage.mode,
            reason,
        }));
    }

    /// A copy of an answer was kept.
    pub fn kept(&mut self, now: Instant, scope: ScopeId, bytes: u64) {
        self.counters.kept += 1;
        let scope = self.name(scope);
        self.emit(Event::Kept(KeptEvent {
            at_ms: now.as_millis(),
            scope,
            bytes,
        }));
    }

    /// Another user, or nobody, from now on.
    pub fn identified(&mut self, now: Instant, signed_in: bool, elsewhere: bool) {
        self.emit(Event::Identity(IdentityEvent {
            at_ms: now.as_millis(),
            signed_in,
            elsewhere,
        }));
    }

    /// The next of [`Engine::drain_wakes`], for a driver that takes them one by one.
    pub fn next_wake(&mut self) -> Option<CallId> {
        self.wakes.pop_front()
    }

    /// The next of [`Engine::drain_events`].
    pub fn next_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// A call shares the attempts of an equal one.
    pub fn coalesced(&mut self) {
        self.counters.coalesced += 1;
    }

    /// A call that failed got what its caller gave for that case.
    pub fn fell_back(&mut self) {
        self.counters.from_fallback += 1;
    }

    /// The calls that should be polled again although their time has not come.
    pub fn drain_wakes(&mut self) -> impl Iterator<Item = CallId> + use<> {
        core::mem::take(&mut self.wakes).into_iter()
    }

    /// What happened since the last time. Listeners are told when no borrow of the engine is held.
    pub fn drain_events(&mut self) -> impl Iterator<Item = Event> + use<> {
        core::mem::take(&mut self.events).into_iter()
    }

    // What calls do with it.

    pub(crate) fn emit(&mut self, event: Event) {
        if self.events.len() == MOST_EVENTS {
            self.events.pop_front();
        }
        self.events.push_back(event);
    }

    /// A call waits for the network to be back, and is woken then.
    pub(crate) fn pause(&mut self, call: CallId) {
        if !self.paused.contains(&call) {
            self.paused.push(call);
        }
    }

    /// Whether the browser's word that there is no network counts for this scope.
    pub(crate) fn offline(&self, scope: ScopeId) -> bool {
        !self.online && !self.scopes.origins[self.at(scope).origin].loopback
    }

    fn origin(&self, scope: ScopeId) -> &Origin {
        &self.scopes.origins[self.at(scope).origin]
    }

    fn origin_mut(&mut self, scope: ScopeId) -> &mut Origin {
        let index = self.at(scope).origin;
        &mut self.scopes.origins[index]
    }

    fn at(&self, id: ScopeId) -> &Scope {
        &self.scopes.scopes[self.scopes.resolve(id)]
    }

    fn at_mut(&mut self, id: ScopeId) -> &mut Scope {
        let index = self.scopes.resolve(id);
        &mut self.scopes.scopes[index]
    }
}
