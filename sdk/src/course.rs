//! A core call under way: what it wants done, what it is told, and that it is cancelled when nobody wants it any more.
//!
//! The engine is borrowed for one statement at a time, never across an await. Dropping a course cancels its call: permit, place in the
//! queue and breaker's lease go back.

use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;

use tidegate_core::{Call, CallSpec, Found, Instant, Outcome, Reason, Step};
use wasm_bindgen::JsValue;

use crate::abort::Aborts;
use crate::inner::Inner;

/// A call of the engine.
pub(crate) struct Course {
    pub(crate) inner: Rc<Inner>,
    pub(crate) spec: CallSpec,
    /// `None` once it is over.
    call: Option<Call>,
}

/// Why a wait ended.
pub(crate) enum Woken<L> {
    Aborted(JsValue),
    /// The second attempt, beside a slow first one.
    Hedged(L),
    Landed(L),
    Time,
}

impl Course {
    pub(crate) fn begin(inner: Rc<Inner>, spec: CallSpec) -> Course {
        let now = inner.now();
        let call = inner.engine().begin(now, spec);
        Course {
            inner,
            spec,
            call: Some(call),
        }
    }

    /// What to do next.
    pub(crate) fn poll(&mut self) -> Step {
        let now = self.inner.now();
        let step = match &mut self.call {
            Some(call) => call.poll(&mut self.inner.engine(), now),
            None => Step::Wait(Instant::NEVER),
        };
        self.inner.publish();
        step
    }

    /// What became of the attempt that was out.
    pub(crate) fn settle(&mut self, outcome: Outcome) {
        let now = self.inner.now();
        if let Some(call) = &mut self.call {
            call.settle(&mut self.inner.engine(), now, outcome);
        }
        self.inner.publish();
    }

    /// What became of the second attempt, beside a slow first one.
    pub(crate) fn settle_hedge(&mut self, outcome: Outcome) {
        let now = self.inner.now();
        if let Some(call) = &mut self.call {
            call.settle_hedge(&mut self.inner.engine(), now, outcome);
        }
        self.inner.publish();
    }

    /// What the cache had, and what to do next.
    pub(crate) fn cached(&mut self, found: Found) -> Step {
        let now = self.inner.now();
        let step = match &mut self.call {
            Some(call) => call.cached(&mut self.inner.engine(), now, found),
            None => Step::Wait(Instant::NEVER),
        };
        self.inner.publish();
        step
    }

    /// What the network failed in, so that the cache is asked; `None` where it is asked before it.
    pub(crate) fn in_want_of(&self) -> Option<Reason> {
        self.call.as_ref().and_then(Call::in_want_of)
    }

    /// Attempts that were sent so far.
    pub(crate) fn attempts(&self) -> u32 {
        self.call.as_ref().map_or(0, Call::attempts)
    }

    pub(crate) fn scope_name(&self) -> String {
        self.inner.engine().scope_name(self.spec.scope).into()
    }

    /// Waits for what is out, for the caller's change of mind, or for a time.
    pub(crate) async fn wait<F, L>(
        &self,
        until: Instant,
        aborts: &Aborts,
        flight: &mut Option<F>,
        hedge: &mut Option<F>,
    ) -> Woken<L>
    where
        F: Future<Output = L> + Unpin,
    {
        let call = self.call.as_ref().map(Call::id);
        let mut sleep = self.inner.timer.sleep(until, call);
        poll_fn(|cx| {
            if let Poll::Ready(reason) = aborts.poll(cx) {
                return Poll::Ready(Woken::Aborted(reason));
            }
            let landed = flight.as_mut().map(|flight| Pin::new(flight).poll(cx));
            if let Some(Poll::Ready(landing)) = landed {
                return Poll::Ready(Woken::Landed(landing));
            }
            let hedged = hedge.as_mut().map(|hedge| Pin::new(hedge).poll(cx));
            if let Some(Poll::Ready(landing)) = hedged {
                return Poll::Ready(Woken::Hedged(landing));
            }
            Pin::new(&mut sleep).poll(cx).map(|()| Woken::Time)
        })
        .await
    }
}

impl Drop for Course {
    fn drop(&mut self) {
        if let Some(call) = self.call.take() {
            let now = self.inner.now();
            call.cancel(&mut self.inner.engine(), now);
            self.inner.publish();
        }
    }
}
