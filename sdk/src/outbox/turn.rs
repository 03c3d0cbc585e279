//! Who waits: one after another where one change is stored at a time, and until something happens.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Poll, Waker};

use tidegate_core::Instant;

use crate::timer::Timer;

/// One at a time.
#[derive(Debug, Default)]
pub(super) struct Turnstile {
    taken: Cell<bool>,
    waiting: RefCell<Vec<Waker>>,
}

/// It is one's turn for as long as this lives.
pub(super) struct Turn<'a>(&'a Turnstile);

impl Turnstile {
    pub(super) async fn pass(&self) -> Turn<'_> {
        poll_fn(|cx| match self.taken.replace(true) {
            false => Poll::Ready(Turn(self)),
            true => {
                self.waiting.borrow_mut().push(cx.waker().clone());
                Poll::Pending
            }
        })
        .await
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.taken.set(false);
        // All of them: the first may not want it any more.
        let waiting = self.0.waiting.take();
        waiting.into_iter().for_each(Waker::wake);
    }
}

/// Wakes whoever rests; who was busy when it rang does not rest.
#[derive(Debug, Default)]
pub(super) struct Bell {
    rung: Cell<bool>,
    sleeper: RefCell<Option<Waker>>,
}

impl Bell {
    pub(super) fn ring(&self) {
        self.rung.set(true);
        let sleeper = self.sleeper.take();
        sleeper.into_iter().for_each(Waker::wake);
    }

    /// Rests until it rings, or until a time.
    pub(super) async fn rest(&self, timer: &Rc<Timer>, until: Instant) {
        let mut sleep = match until {
            Instant::NEVER => None,
            until => Some(timer.doze(until)),
        };
        poll_fn(|cx| {
            if self.rung.replace(false) {
                return Poll::Ready(());
            }
            *self.sleeper.borrow_mut() = Some(cx.waker().clone());
            match &mut sleep {
                Some(sleep) => Pin::new(sleep).poll(cx),
                None => Poll::Pending,
            }
        })
        .await;
    }
}
