//! A promise within the module: whoever holds a copy can wait for what it came to.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// Resolves when it is settled, to whether it went well.
#[derive(Clone, Debug, Default)]
pub(crate) struct Receipt(Rc<RefCell<State>>);

#[derive(Debug, Default)]
struct State {
    outcome: Option<bool>,
    wakers: Vec<Waker>,
}

impl Receipt {
    /// The first outcome is the one that counts.
    pub(crate) fn settle(&self, outcome: bool) {
        let wakers = {
            let mut state = self.0.borrow_mut();
            state.outcome.get_or_insert(outcome);
            std::mem::take(&mut state.wakers)
        };
        wakers.into_iter().for_each(Waker::wake);
    }
}

impl Future for Receipt {
    type Output = bool;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<bool> {
        let mut state = self.0.borrow_mut();
        match state.outcome {
            Some(outcome) => Poll::Ready(outcome),
            None => {
                state.wakers.push(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}
