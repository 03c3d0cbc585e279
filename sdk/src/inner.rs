//! What all handles of one client share.

use std::cell::{Cell, RefCell, RefMut};
use std::rc::{Rc, Weak};

use tidegate_core::kept::Rulebook;
use tidegate_core::throttle::Coalesce;
use tidegate_core::{Engine, Event, Instant, ScopeId, Settings, SettingsError, split_url};
use web_sys::Request;

use crate::arrivals::Awaited;
use crate::identity::Identity;
use crate::outbox::Desk;
use crate::shared::Shared;
use crate::signals::Signals;
use crate::socket::Roster;
use crate::store::Store;
use crate::timer::Timer;
use crate::{clock, global};

pub(crate) type Listener = Rc<dyn Fn(&Event)>;
/// Reads that may be sent again, one for each scope.
pub(crate) type Reads = RefCell<Vec<(ScopeId, Request)>>;

pub(crate) struct Inner {
    engine: RefCell<Engine>,
    pub(crate) timer: Rc<Timer>,
    pub(crate) store: Store,
    listeners: RefCell<Vec<(u64, Listener)>>,
    last_listener: Cell<u64>,
    /// The read to repeat when a scope's probe is due: the latest one that got no answer from the network.
    pub(crate) wanted: Reads,
    /// The latest read of each scope that was answered and had no `Authorization`: to be asked again when another scope of its origin looks
    /// bad.
    pub(crate) answered: Reads,
    /// Attempts that several callers wait for.
    pub(crate) shares: RefCell<Coalesce<Rc<Shared>>>,
    /// What is about to be kept.
    pub(crate) arrivals: RefCell<Vec<Awaited>>,
    /// What was written lately, and when the server had done it.
    pub(crate) written: RefCell<Vec<(String, Instant)>>,
    /// The page's own, which stays; empty outside pages.
    origin: String,
    /// Whose page it is.
    pub(crate) identity: RefCell<Rc<Identity>>,
    /// What is wished for routes.
    pub(crate) rules: RefCell<Rulebook>,
    /// Writes that could not go.
    pub(crate) outbox: Desk,
    pub(crate) sockets: Roster,
    signals: RefCell<Option<Signals>>,
    shut_down: Cell<bool>,
    online: Cell<bool>,
    /// When the browser was asked last how much is kept.
    pub(crate) weighed: Cell<Option<Instant>>,
}

impl Inner {
    pub(crate) fn new(settings: Settings) -> Result<Rc<Inner>, SettingsError> {
        let cache = settings.cache.clone();
        let engine = Engine::new(settings, seed())?;
        let inner = Rc::new_cyclic(|inner: &Weak<Inner>| {
            let timer = Timer::new(upgraded(inner, |inner| inner.probe()));
            let reporter = inner.clone();
            let report = move |report| {
                if let Some(inner) = reporter.upgrade() {
                    let now = inner.now();
                    inner.engine().report_storage(now, report);
                    inner.publish();
                }
            };
            let outbox = Desk::new(timer.clone());
            let store = Store::new(timer.clone(), &cache, seed() | 1, report);
            Inner {
                engine: RefCell::new(engine),
                timer,
                store,
                listeners: RefCell::default(),
                last_listener: Cell::new(0),
                wanted: RefCell::default(),
                answered: RefCell::default(),
                shares: RefCell::default(),
                arrivals: RefCell::default(),
                written: RefCell::default(),
                origin: global::origin(),
                identity: RefCell::new(Rc::new(Identity::nobody(0))),
                rules: RefCell::default(),
                outbox,
                sockets: Roster::default(),
                signals: RefCell::default(),
                shut_down: Cell::new(false),
                online: Cell::new(true),
                weighed: Cell::default(),
            }
        });
        let (window, document) = (global::event_target(), global::document());
        let changed = upgraded(&Rc::downgrade(&inner), |inner| inner.changed());
        let signals = Signals::listen(
            [
                (&window, "online"),
                (&window, "offline"),
                (&document, "visibilitychange"),
            ],
            move |_| changed(),
        );
        *inner.signals.borrow_mut() = Some(signals);
        inner.changed();
        inner.resume_outbox();
        Ok(inner)
    }

    /// The engine, for one statement: never across an await, never while a listener runs.
    pub(crate) fn engine(&self) -> RefMut<'_, Engine> {
        self.engine.borrow_mut()
    }

    /// Whether a URL is of the page's own origin; outside pages there is no other.
    pub(crate) fn is_own(&self, url: &str) -> bool {
        self.origin.is_empty() || split_url(url).0 == self.origin
    }

    pub(crate) fn now(&self) -> Instant {
        self.timer.clock.now()
    }

    /// A time on the engine's clock as milliseconds since 1970.
    pub(crate) fn calendar(&self, at: Instant) -> u64 {
        clock::wall().0 + (at - self.now()).0
    }

    /// After every dealing with the engine: wakes the calls whose turn it is, sets the alarm for the next probe, tells the listeners.
    pub(crate) fn publish(&self) {
        loop {
            let woken = self.engine().next_wake();
            let Some(call) = woken else { break };
            self.timer.wake(call);
        }
        self.set_alarm();
        self.forget_answered();
        loop {
            let event = self.engine().next_event();
            let Some(event) = event else { break };
            // A copy: a listener may add or remove listeners.
            let listeners: Vec<Listener> = self
                .listeners
                .borrow()
                .iter()
                .map(|(_, listener)| listener.clone())
                .collect();
            listeners.iter().for_each(|listener| listener(&event));
        }
    }

    pub(crate) fn add_listener(&self, listener: Listener) -> u64 {
        let id = self.last_listener.get() + 1;
        self.last_listener.set(id);
        self.listeners.borrow_mut().push((id, listener));
        id
    }

    pub(crate) fn remove_listener(&self, id: u64) {
        self.listeners.borrow_mut().retain(|(each, _)| *each != id);
    }

    /// No more probes, listeners or timers of our own. Calls that are under way end as they would have.
    pub(crate) fn shut_down(&self) {
        self.shut_down.set(true);
        self.listeners.borrow_mut().clear();
        self.wanted.borrow_mut().clear();
        self.answered.borrow_mut().clear();
        self.signals.borrow_mut().take();
        let visit = self.whose().visit + 1;
        self.identity.replace(Rc::new(Identity::nobody(visit)));
        self.outbox.close();
        self.sockets.close();
        self.store.close();
        self.set_alarm();
    }

    /// Other settings from now on.
    pub(crate) fn configure(&self, settings: Settings) -> Result<(), SettingsError> {
        let (now, cache) = (self.now(), settings.cache.clone());
        self.engine().configure(now, settings)?;
        if let Some(mode) = self.store.configure(&cache) {
            self.engine().set_storage(now, mode, None);
        }
        self.publish();
        Ok(())
    }

    /// Shuts a scope by hand, or opens it again. Whether there is such a scope.
    pub(crate) fn by_hand(&self, scope: &str, shut: bool) -> bool {
        let now = self.now();
        let known = match shut {
            true => self.engine().isolate(now, scope),
            false => self.engine().release_scope(now, scope),
        };
        self.publish();
        known
    }

    /// Makes a scope known by its name before anything was asked of it.
    pub(crate) fn meet(&self, scope: &str) {
        let (origin, path) = split_url(scope);
        self.engine().scope(origin, path);
    }

    fn changed(&self) {
        let (now, online) = (self.now(), global::online());
        let returned = !self.online.replace(online) && online;
        self.engine().set_online(now, online);
        if returned {
            self.outbox.hurry();
        }
        self.publish();
    }

    /// What was answered is nobody's wish any more, and its request may carry somebody's credentials.
    fn forget_answered(&self) {
        let engine = self.engine.borrow();
        self.wanted
            .borrow_mut()
            .retain(|(scope, _)| engine.is_wanted(*scope));
    }

    fn set_alarm(&self) {
        let at = {
            let engine = self.engine();
            engine.next_probe().min(engine.next_look())
        };
        // Nobody sees a hidden page recover; it catches up when it is looked at. And nobody pays for what was not asked for.
        let idle = || self.shut_down.get() || global::hidden() || global::metered();
        let at = match at == Instant::NEVER || idle() {
            true => Instant::NEVER,
            false => at,
        };
        self.timer.set_alarm(at);
    }
}

fn upgraded(inner: &Weak<Inner>, work: impl Fn(Rc<Inner>) + 'static) -> impl Fn() + 'static {
    let inner = inner.clone();
    move || {
        if let Some(inner) = inner.upgrade() {
            work(inner);
        }
    }
}

/// Enough randomness for jitter.
pub(crate) fn seed() -> u64 {
    let half = || (js_sys::Math::random() * f64::from(u32::MAX)) as u64;
    half() << 32 | half()
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inner")
            .field("engine", &self.engine)
            .field("timer", &self.timer)
            .field("store", &self.store)
            .finish_non_exhaustive()
    }
}
