//! What a session does by itself: it drains, or looks on while another tab does.

use std::rc::{Rc, Weak};

use tidegate_core::outbox::{Outbox as Machine, Step};
use tidegate_core::{Engine, Instant, Millis};
use wasm_bindgen::JsValue;

use super::helm::Helm;
use super::session::{Change, Session};
use crate::clock;
use crate::inner::Inner;

/// How often a tab that does not drain reads the queue, at most, to show it.
const GLANCE: Millis = Millis(1_000);
/// How long it leaves a database alone that gives no answer.
const REST: Millis = Millis(30_000);

/// Drains until the session is over or its client is gone, which it does not keep.
pub(super) async fn drain(inner: Weak<Inner>, session: Rc<Session>) {
    loop {
        let (until, timer) = match inner.upgrade() {
            Some(inner) if !session.over.get() => {
                let until = session.go_on(&inner).await;
                inner.publish();
                (until, inner.timer.clone())
            }
            _ => return,
        };
        if let Some(until) = until {
            session.bell.rest(&timer, until).await;
        }
    }
}

impl Session {
    /// Does what is next; when there is something again.
    async fn go_on(self: &Rc<Session>, inner: &Rc<Inner>) -> Option<Instant> {
        if inner.outbox.signed_in.take() {
            let mut plan = |machine: &Machine, _: &Engine, wall| {
                Ok(match machine.signed_in(wall) {
                    Some(batch) => Change::Batch(batch),
                    None => Change::Made(None),
                })
            };
            if self.change(inner, &mut plan, &JsValue::NULL).await.is_err() {
                inner.outbox.signed_in.set(true);
            }
        }
        let steers = self.helm.borrow().as_ref().is_some_and(Helm::steers);
        if !steers {
            return self.look_on(inner).await;
        }
        let _turn = self.turns.pass().await;
        let (now, wall) = (inner.now(), clock::wall());
        let step = (self.machine.borrow_mut()).poll(&mut inner.engine(), now, wall);
        match step {
            Step::Load => {
                let _ = self.load(inner).await;
                None
            }
            Step::Read { claim, fields } => {
                let answer = self.answer(claim);
                let found = inner.members(answer, fields).await;
                self.machine.borrow_mut().found(claim, found);
                None
            }
            Step::Store(batch) => {
                let mut plan = || {
                    let (now, wall) = (inner.now(), clock::wall());
                    match (self.machine.borrow_mut()).poll(&mut inner.engine(), now, wall) {
                        Step::Store(batch) => Some(batch),
                        _ => None,
                    }
                };
                let _ = self.store(inner, batch, &JsValue::NULL, &mut plan).await;
                None
            }
            Step::Wait(until) => Some(until),
        }
    }

    /// Another tab drains: it is only looked at, now and then.
    async fn look_on(self: &Rc<Session>, inner: &Rc<Inner>) -> Option<Instant> {
        let (read, now) = (self.machine.borrow().is_read(), inner.now());
        let next = self.glanced.get();
        if read {
            return Some(Instant::NEVER);
        }
        if now < next {
            return Some(next);
        }
        self.glanced.set(now + GLANCE);
        let _ = self.refresh(inner).await;
        Some(match self.machine.borrow().is_read() {
            true => Instant::NEVER,
            false => now + REST,
        })
    }
}
