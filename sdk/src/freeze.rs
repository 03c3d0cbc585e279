//! A page that the browser has frozen begins no transaction.
//!
//! Its code may still run: messages of other tabs come through where results of IndexedDB do not. A transaction that is begun then waits for
//! the page to go on, and every other tab of the origin waits for the transaction; Chromium gives it up after a minute.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use crate::boundary::property;
use crate::global;
use crate::signals::Signals;

/// Whether the page is frozen. Listens for as long as it lives.
#[derive(Debug)]
pub(crate) struct Freeze {
    state: Rc<State>,
    _signals: Signals,
}

#[derive(Debug, Default)]
struct State {
    frozen: Cell<bool>,
    waiting: RefCell<Vec<Waker>>,
}

impl Freeze {
    pub(crate) fn listen() -> Freeze {
        let state: Rc<State> = Rc::default();
        let told = state.clone();
        let document = global::document();
        let signals = Signals::listen(
            [(&document, "freeze"), (&document, "resume")],
            move |event| {
                let frozen = property(&event, "type").as_string().as_deref() == Some("freeze");
                told.frozen.set(frozen);
                let waiting = match frozen {
                    true => Vec::new(),
                    false => told.waiting.take(),
                };
                waiting.into_iter().for_each(Waker::wake);
            },
        );
        Freeze {
            state,
            _signals: signals,
        }
    }

    /// Waits for as long as the page is frozen.
    pub(crate) async fn over(&self) {
        poll_fn(|cx| match self.state.frozen.get() {
            true => {
                self.state.waiting.borrow_mut().push(cx.waker().clone());
                Poll::Pending
            }
            false => Poll::Ready(()),
        })
        .await;
    }
}
