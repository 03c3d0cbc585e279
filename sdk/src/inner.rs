//! What all handles of one client share.

use std::cell::{Cell, RefCell, RefMut};
use std::rc::{Rc, Weak};

use tidegate_core::{Engine, Event, Instant, ScopeId, Settings, SettingsError};
use web_sys::Request;

use crate::signals::Signals;
use crate::store::Store;
use crate::timer::Timer;
use crate::{clock, global};

pub(crate) type Listener = Rc<dyn Fn(&Event)>;

pub(crate) struct Inner {
    engine: RefCell<Engine>,
    pub(crate) timer: Rc<Timer>,
    pub(crate) store: Store,
    listeners: RefCell<Vec<(u64, Listener)>>,
    last_listener: Cell<u64>,
    /// The read to repeat when a scope's probe is due: the latest one that got no answer from the network.
    pub(crate) wanted: RefCell<Vec<(ScopeId, Request)>>,
    /// The latest read of each scope that was answered and had no `Authorization`: to be asked again when another scope of its origin looks
    /// bad.
    pub(crate) answered: RefCell<Vec<(ScopeId, Request)>>,
    signals: RefCell<Option<Signals>>,
    shut_down: Cell<bool>,
}

impl Inner {
    pub(crate) fn new(settings: Settings) -> Result<Rc<Inner>, SettingsError> {
        let entries = settings.cache.entries;
        let engine = Engine::new(settings, seed())?;
        let inner = Rc::new_cyclic(|inner: &Weak<Inner>| {
            let timer = Timer::new(upgraded(inner, |inner| inner.probe()));
            let reporter = inner.clone();
            let store = Store::new(timer.clone(), entries, move |mode, reason| {
                if let Some(inner) = reporter.upgrade() {
                    let now = inner.now();
                    inner.engine().set_storage(now, mode, reason);
                    inner.publish();
                }
            });
            Inner {
                engine: RefCell::new(engine),
                timer,
                store,
                listeners: RefCell::default(),
                last_listener: Cell::new(0),
                wanted: RefCell::default(),
                answered: RefCell::default(),
                signals: RefCell::default(),
                shut_down: Cell::new(false),
            }
        });
        let signals = Signals::listen(upgraded(&Rc::downgrade(&inner), |inner| inner.changed()));
        *inner.signals.borrow_mut() = Some(signals);
        inner.changed();
        Ok(inner)
    }

    /// The engine, for one statement: never across an await, never while a listener runs.
    pub(crate) fn engine(&self) -> RefMut<'_, Engine> {
        self.engine.borrow_mut()
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
        let wakes = self.engine().drain_wakes();
        wakes.for_each(|call| self.timer.wake(call));
        self.set_alarm();
        self.forget_answered();
        let events = self.engine().drain_events();
        for event in events {
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
        self.store.close();
        self.set_alarm();
    }

    fn changed(&self) {
        let now = self.now();
        self.engine().set_online(now, global::online());
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
        // Nobody sees a hidden page recover; it catches up when it is looked at.
        let idle = self.shut_down.get() || global::hidden();
        let at = if idle {
            Instant::NEVER
        } else {
            self.engine().next_probe()
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
fn seed() -> u64 {
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
