//! One future for several who wait for what it comes to.
//!
//! Nobody in particular drives it: each of them polls it, and the last to have done so is woken by it. When that one goes, another is
//! woken to poll it in its turn; when the last one goes it is dropped, and with it whatever it was doing.

use std::any::Any;
use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use tidegate_core::throttle::QuestionId;
use web_sys::AbortSignal;

use crate::inner::Inner;

/// What several get of one result.
pub(crate) trait Part: Any {
    /// One more of it.
    fn part(&self) -> Box<dyn Part>;
    /// Nobody takes it.
    fn discard(self: Box<Self>) {}
}

/// The signals of those who wait.
pub(crate) type Signals = Rc<RefCell<Vec<AbortSignal>>>;
/// Not generic over what it comes to: each kind would cost two kilobytes.
pub(crate) type Work = Pin<Box<dyn Future<Output = Box<dyn Part>>>>;

/// A future and those who wait for it.
pub(crate) struct Shared {
    work: RefCell<Option<Work>>,
    result: RefCell<Option<Box<dyn Part>>>,
    callers: RefCell<Vec<(u64, Option<Waker>)>>,
    pub(crate) signals: Signals,
}

/// One of those who wait. Dropping it ends its own waiting.
pub(crate) struct Share {
    inner: Rc<Inner>,
    question: QuestionId,
    shared: Rc<Shared>,
    number: u64,
}

impl Shared {
    pub(crate) fn new(work: Option<Work>, signals: Signals) -> Shared {
        Shared {
            work: RefCell::new(work),
            result: RefCell::default(),
            callers: RefCell::default(),
            signals,
        }
    }

    /// Goes on with it. Whether it is done.
    fn advance(&self, cx: &mut Context<'_>) -> bool {
        // It may be polled by somebody who was called from within it.
        let Ok(mut work) = self.work.try_borrow_mut() else {
            return false;
        };
        let Some(Poll::Ready(result)) = work.as_mut().map(|work| work.as_mut().poll(cx)) else {
            return false;
        };
        let done = work.take();
        drop(work);
        drop(done);
        self.result.replace(Some(result));
        true
    }

    /// Wakes whoever waits: to take a part, or to go on with it.
    fn wake(&self) {
        let mut wakers = Vec::new();
        for (_, waker) in self.callers.borrow_mut().iter_mut() {
            wakers.extend(waker.take());
        }
        wakers.into_iter().for_each(Waker::wake);
    }

    /// One of those who wait has gone. Whether it was the last.
    fn release(&self, number: u64) -> bool {
        let mut callers = self.callers.borrow_mut();
        callers.retain(|(each, _)| *each != number);
        callers.is_empty()
    }

    /// The part of one who goes with it.
    fn collect(&self, number: u64) -> Option<Box<dyn Part>> {
        let last = self.release(number);
        let mut result = self.result.borrow_mut();
        match last {
            true => result.take(),
            false => result.as_ref().map(|result| result.part()),
        }
    }
}

impl Share {
    pub(crate) fn new(inner: Rc<Inner>, question: QuestionId, shared: Rc<Shared>) -> Share {
        let mut callers = shared.callers.borrow_mut();
        let number = callers.last().map_or(0, |(number, _)| number + 1);
        callers.push((number, None));
        drop(callers);
        Share {
            inner,
            question,
            shared,
            number,
        }
    }
}

impl Future for Share {
    type Output = Box<dyn Part>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Box<dyn Part>> {
        let shared = &self.shared;
        let over = shared.result.borrow().is_some();
        if !over {
            let number = self.number;
            let mut callers = shared.callers.borrow_mut();
            if let Some((_, waker)) = callers.iter_mut().find(|(each, _)| *each == number) {
                *waker = Some(cx.waker().clone());
            }
            drop(callers);
            if !shared.advance(cx) {
                return Poll::Pending;
            }
            // Who asks from now on asks anew.
            let handle = self.inner.shares.borrow_mut().finish(self.question);
            drop(handle);
            shared.wake();
        }
        match shared.collect(self.number) {
            Some(part) => Poll::Ready(part),
            None => Poll::Pending,
        }
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let shared = &self.shared;
        let waiting = shared
            .callers
            .borrow()
            .iter()
            .any(|(each, _)| *each == self.number);
        if !waiting {
            return;
        }
        let over = shared.result.borrow().is_some();
        if over {
            if shared.release(self.number)
                && let Some(unread) = shared.result.take()
            {
                unread.discard();
            }
            return;
        }
        shared.release(self.number);
        let last = self.inner.shares.borrow_mut().leave(self.question);
        match last {
            // Outside of every borrow: what it was doing ends here, and says so.
            Some(_handle) => {
                let work = shared.work.try_borrow_mut().ok().and_then(|mut w| w.take());
                drop(work);
            }
            None => shared.wake(),
        }
    }
}
