//! The caller's `AbortSignal`, as a future.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

/// Listens to a signal for as long as it lives.
pub(crate) struct AbortWatch {
    signal: AbortSignal,
    waker: Rc<RefCell<Option<Waker>>>,
    listener: Closure<dyn FnMut()>,
}

impl AbortWatch {
    pub(crate) fn new(signal: AbortSignal) -> AbortWatch {
        let waker: Rc<RefCell<Option<Waker>>> = Rc::default();
        let woken = waker.clone();
        let listener = Closure::new(move || {
            let waker = woken.borrow_mut().take();
            if let Some(waker) = waker {
                waker.wake();
            }
        });
        // It throws only for arguments that are not functions.
        let _ = signal.add_event_listener_with_callback("abort", listener.as_ref().unchecked_ref());
        AbortWatch {
            signal,
            waker,
            listener,
        }
    }

    /// The reason, once the caller has aborted.
    pub(crate) fn poll(&self, cx: &mut Context<'_>) -> Poll<JsValue> {
        if self.signal.aborted() {
            return Poll::Ready(self.signal.reason());
        }
        *self.waker.borrow_mut() = Some(cx.waker().clone());
        Poll::Pending
    }

    /// The reason, if the caller has aborted.
    pub(crate) fn reason(&self) -> Option<JsValue> {
        self.signal.aborted().then(|| self.signal.reason())
    }
}

impl Drop for AbortWatch {
    fn drop(&mut self) {
        let _ = self
            .signal
            .remove_event_listener_with_callback("abort", self.listener.as_ref().unchecked_ref());
    }
}

impl fmt::Debug for AbortWatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AbortWatch")
            .field("aborted", &self.signal.aborted())
            .finish_non_exhaustive()
    }
}
