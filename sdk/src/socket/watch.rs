//! Keeps the time of a socket: polls its machine when something is due.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Poll, Waker};

use tidegate_core::Instant;

use super::driver::Driver;

/// When a socket is to be polled.
#[derive(Debug, Default)]
pub(super) struct Watch {
    due: Cell<Instant>,
    /// For when whoever sleeps has set the alarm.
    set: Cell<Instant>,
    sleeper: RefCell<Option<Waker>>,
}

impl Watch {
    /// Later is harmless: who is woken early sleeps again, which costs less than to set the alarm for each message anew.
    pub(super) fn set(&self, due: Instant) {
        self.due.set(due);
        if due < self.set.get() {
            self.ring();
        }
    }

    pub(super) fn ring(&self) {
        self.set.set(Instant::START);
        let sleeper = self.sleeper.take();
        sleeper.into_iter().for_each(Waker::wake);
    }
}

/// Keeps the time of a socket until it is closed, and keeps the socket.
pub(super) async fn keep(driver: Rc<Driver>) {
    while !driver.is_over() {
        driver.run();
        let (watch, timer) = (&driver.watch, &driver.inner.timer);
        let until = watch.due.get();
        watch.set.set(until);
        let mut sleep = timer.sleep(until, None);
        poll_fn(|cx| {
            if watch.set.get() != until {
                return Poll::Ready(());
            }
            *watch.sleeper.borrow_mut() = Some(cx.waker().clone());
            Pin::new(&mut sleep).poll(cx)
        })
        .await;
    }
}
