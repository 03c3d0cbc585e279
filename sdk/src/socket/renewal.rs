//! The same socket for another user: what was sent and how far was read stays behind.

use std::rc::Rc;

use tidegate_core::session::{Manner, Session, SocketChange, Step, Ticket};

use super::address::Streams;
use super::driver::Driver;
use crate::boundary;
use crate::inner::seed;

impl Driver {
    /// Connects anew, as somebody else.
    pub(super) fn renew(self: &Rc<Driver>, code: u16, reason: &str) {
        let at = self.moment();
        let manner = Manner {
            session: boundary::random_key(),
            ..self.manner.clone()
        };
        let scope = self.session.borrow().scope();
        // Its settings were good for the one before.
        let Ok(mut next) = Session::new(manner, scope, seed()) else {
            return;
        };
        for (channel, wish, _) in &*self.channels.borrow() {
            next.subscribe(channel, *wish);
            next.pause(channel, self.session.borrow().is_paused(channel));
        }
        (self.session.borrow_mut()).close(&mut self.inner.engine(), at, code, reason);
        loop {
            let step = (self.session.borrow_mut()).poll(&mut self.inner.engine(), at);
            match step {
                Step::Wait(_) => break,
                // It is not: another one takes its place.
                Step::Tell(event) if event.change == SocketChange::Closed => {}
                step => self.carry_out(step),
            }
        }
        self.forget_words();
        self.session.replace(next);
        if let Some(Streams::At(url)) = &self.streams {
            self.reside_streams(url);
        }
        // It numbers from the beginning: what is asked of the application still is nobody's answer.
        self.life.set(self.life.get() + 1);
        self.found.take();
        self.last_written.set(Ticket(0));
        self.set_out();
    }
}
