//! Who waits: one after another where one change is stored at a time, and until something happens.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Poll, Waker};

use futures::channel::oneshot;
use tidegate_core::Instant;

use crate::timer::Timer;

/// One at a time, in the order in which they came: who comes again and again does not keep the others from it.
#[derive(Debug, Default)]
pub(super) struct Turnstile(Rc<Line>);

#[derive(Debug, Default)]
struct Line {
    taken: Cell<bool>,
    waiting: RefCell<VecDeque<oneshot::Sender<Turn>>>,
}

/// It is one's turn for as long as this lives.
#[derive(Debug)]
pub(super) struct Turn(Rc<Line>);

impl Turnstile {
    pub(super) async fn pass(&self) -> Turn {
        let line = &self.0;
        if !line.taken.replace(true) {
            return Turn(line.clone());
        }
        let (next, turn) = oneshot::channel();
        line.waiting.borrow_mut().push_back(next);
        // What would send it is in the line, which is held here: it is not dropped unsent.
        turn.await.unwrap_or_else(|_| Turn(line.clone()))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let next = self.0.waiting.borrow_mut().pop_front();
        match next {
            // Who does not want it any more gives it to the next: it is dropped again.
            Some(next) => drop(next.send(Turn(self.0.clone()))),
            None => self.0.taken.set(false),
        }
    }
}

/// Wakes whoever rests; who was busy when it rang does not rest.
#[derive(Debug, Default)]
pub(crate) struct Bell {
    rung: Cell<bool>,
    sleeper: RefCell<Option<Waker>>,
}

impl Bell {
    pub(crate) fn ring(&self) {
        self.rung.set(true);
        let sleeper = self.sleeper.take();
        sleeper.into_iter().for_each(Waker::wake);
    }

    /// Rests until it rings, or until a time.
    pub(crate) async fn rest(&self, timer: &Rc<Timer>, until: Instant) {
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
