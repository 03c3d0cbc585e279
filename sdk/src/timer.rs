//! One browser timeout for everybody who waits.
//!
//! A page with a hundred calls in flight has a hundred deadlines and one `setTimeout`, for the earliest of them. A timeout that comes
//! early or late is harmless: whoever is woken asks the core what to do now.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll, Waker};

use js_sys::Array;
use tidegate_core::{CallId, Instant};
use wasm_bindgen::prelude::*;

use crate::clock::Clock;
use crate::global;
use crate::tabs::method;

/// `setTimeout` takes a signed 32-bit number of milliseconds and fires at once past it.
const LONGEST_TIMEOUT_MS: f64 = 2_147_483_647.0;

/// Wakes whoever waits.
pub(crate) struct Timer {
    pub(crate) clock: Clock,
    sleepers: RefCell<Vec<Sleeper>>,
    last: Cell<u64>,
    /// When `on_alarm` is to be called.
    alarm: Cell<Instant>,
    on_alarm: Box<dyn Fn()>,
    armed: RefCell<Option<Armed>>,
    /// Whether `setTimeout` is being called.
    arming: Cell<bool>,
    tick: Closure<dyn Fn()>,
}

struct Sleeper {
    id: u64,
    until: Instant,
    call: Option<CallId>,
    /// Nobody waits for it: outside of browsers, it keeps no process alive.
    idle: bool,
    waker: Option<Waker>,
}

struct Armed {
    at: Instant,
    idle: bool,
    handle: JsValue,
}

impl Timer {
    /// A timer that calls `on_alarm` when the time set by [`Timer::set_alarm`] has come.
    pub(crate) fn new(on_alarm: impl Fn() + 'static) -> Rc<Timer> {
        Rc::new_cyclic(|timer: &Weak<Timer>| {
            let timer = timer.clone();
            Timer {
                clock: Clock::new(),
                sleepers: RefCell::default(),
                last: Cell::new(0),
                alarm: Cell::new(Instant::NEVER),
                on_alarm: Box::new(on_alarm),
                armed: RefCell::default(),
                arming: Cell::new(false),
                tick: Closure::new(move || {
                    if let Some(timer) = timer.upgrade() {
                        timer.tick();
                    }
                }),
            }
        })
    }

    /// Sleeps until a time, or until [`Timer::wake`] is called for the call.
    pub(crate) fn sleep(self: &Rc<Timer>, until: Instant, call: Option<CallId>) -> Sleep {
        self.lie_down(until, call, false)
    }

    /// Sleeps until a time at which something may be done that nobody waits for.
    pub(crate) fn doze(self: &Rc<Timer>, until: Instant) -> Sleep {
        self.lie_down(until, None, true)
    }

    fn lie_down(self: &Rc<Timer>, until: Instant, call: Option<CallId>, idle: bool) -> Sleep {
        let id = self.last.get() + 1;
        self.last.set(id);
        self.sleepers.borrow_mut().push(Sleeper {
            id,
            until,
            call,
            idle,
            waker: None,
        });
        self.arm();
        Sleep {
            timer: self.clone(),
            id,
        }
    }

    /// `None` when it takes too long. Not generic over the future: each copy of this would cost half a kilobyte.
    pub(crate) async fn in_time<T>(
        self: &Rc<Timer>,
        mut work: Pin<Box<dyn Future<Output = T> + '_>>,
        until: Instant,
    ) -> Option<T> {
        let mut sleep = self.sleep(until, None);
        poll_fn(|cx| match work.as_mut().poll(cx) {
            Poll::Ready(result) => Poll::Ready(Some(result)),
            Poll::Pending => Pin::new(&mut sleep).poll(cx).map(|()| None),
        })
        .await
    }

    /// Ends the sleep of a call.
    pub(crate) fn wake(&self, call: CallId) {
        self.rouse(|sleeper| sleeper.call == Some(call));
    }

    /// Sets when `on_alarm` is called next; [`Instant::NEVER`] for not at all.
    pub(crate) fn set_alarm(&self, at: Instant) {
        self.alarm.set(at);
        self.arm();
    }

    fn tick(&self) {
        // A `setTimeout` that does not wait, as some mocks have it, is no clock.
        if self.arming.get() {
            return;
        }
        self.armed.take();
        let now = self.clock.now();
        self.rouse(|sleeper| sleeper.until <= now);
        if self.alarm.get() <= now {
            self.alarm.set(Instant::NEVER);
            (self.on_alarm)();
        }
        self.arm();
    }

    fn rouse(&self, ready: impl Fn(&Sleeper) -> bool) {
        let mut wakers = Vec::new();
        self.sleepers.borrow_mut().retain_mut(|sleeper| {
            let ready = ready(sleeper);
            if ready {
                wakers.extend(sleeper.waker.take());
            }
            !ready
        });
        // After the borrow: a waker may run code that sleeps again.
        wakers.into_iter().for_each(Waker::wake);
    }

    /// Makes the one timeout fit the earliest time.
    fn arm(&self) {
        let (earliest, idle) = {
            let sleepers = self.sleepers.borrow();
            let alarm = self.alarm.get();
            let earliest = sleepers.iter().map(|sleeper| sleeper.until).min();
            let idle = alarm == Instant::NEVER && sleepers.iter().all(|sleeper| sleeper.idle);
            (earliest.unwrap_or(Instant::NEVER).min(alarm), idle)
        };
        let armed = self.armed.borrow();
        let as_it_is = (armed.as_ref()).map_or((Instant::NEVER, idle), |it| (it.at, it.idle));
        // One that comes early is set anew then, which costs less than to set one for each call. But it would keep a process alive that has
        // nothing else to do; there a timeout is an object.
        let stays = |armed: &Armed| armed.at <= earliest && armed.handle.as_f64().is_some();
        let fits = armed.as_ref().is_some_and(stays);
        drop(armed);
        if fits || as_it_is == (earliest, idle) {
            return;
        }
        // The page's own functions are called without a borrow: they may be anybody's, and call back at once.
        let armed = self.armed.take();
        if let Some(armed) = armed {
            global::clear_timeout(&armed.handle);
        }
        if earliest != Instant::NEVER {
            // Rounded up: a timeout that comes a fraction early would be set again for nothing.
            let millis = (earliest - self.clock.now()).0 as f64 + 1.0;
            self.arming.set(true);
            let handle = global::set_timeout(
                self.tick.as_ref().unchecked_ref(),
                millis.min(LONGEST_TIMEOUT_MS),
            );
            self.arming.set(false);
            if idle {
                // A number, in browsers, has no such method.
                let _ = method(&handle, "unref", &Array::new());
            }
            self.armed.replace(Some(Armed {
                at: earliest,
                idle,
                handle,
            }));
        }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let Some(armed) = self.armed.take() {
            global::clear_timeout(&armed.handle);
        }
    }
}

impl fmt::Debug for Timer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Timer")
            .field("sleepers", &self.sleepers.borrow().len())
            .finish_non_exhaustive()
    }
}

/// A sleep under way. Dropping it gives its place up.
#[derive(Debug)]
pub(crate) struct Sleep {
    timer: Rc<Timer>,
    id: u64,
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut sleepers = self.timer.sleepers.borrow_mut();
        match sleepers.iter_mut().find(|sleeper| sleeper.id == self.id) {
            Some(sleeper) => {
                sleeper.waker = Some(cx.waker().clone());
                Poll::Pending
            }
            None => Poll::Ready(()),
        }
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        self.timer
            .sleepers
            .borrow_mut()
            .retain(|sleeper| sleeper.id != self.id);
        self.timer.arm();
    }
}
