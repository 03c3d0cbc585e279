//! Signals that end a call: its caller's, and that of a user who goes.

use std::cell::RefCell;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use crate::error::Error;
use crate::flight::Callers;

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

    /// Waits for something until the caller aborts.
    ///
    /// # Errors
    /// When the caller has.
    pub(crate) async fn guard<T>(
        self,
        mut waiting: impl Future<Output = T> + Unpin,
    ) -> Result<T, Error> {
        poll_fn(|cx| match self.poll(cx) {
            Poll::Ready(reason) => Poll::Ready(Err(Error::Aborted(reason))),
            Poll::Pending => Pin::new(&mut waiting).poll(cx).map(Ok),
        })
        .await
    }

    /// The reason, if the caller has aborted.
    pub(crate) fn reason(&self) -> Option<JsValue> {
        self.signal.aborted().then(|| self.signal.reason())
    }
}

/// Listens to several signals; the first that fires counts.
#[derive(Debug, Default)]
pub(crate) struct Aborts(Vec<AbortWatch>);

impl Aborts {
    pub(crate) fn new(signals: impl IntoIterator<Item = AbortSignal>) -> Aborts {
        Aborts(signals.into_iter().map(AbortWatch::new).collect())
    }

    /// What it listens to.
    pub(crate) fn callers(&self) -> Callers {
        Callers(self.0.iter().map(|watch| watch.signal.clone()).collect())
    }

    /// The reason, once one of them has fired.
    pub(crate) fn poll(&self, cx: &mut Context<'_>) -> Poll<JsValue> {
        let mut fired = self.0.iter().map(|watch| watch.poll(cx));
        fired.find(Poll::is_ready).unwrap_or(Poll::Pending)
    }

    /// The reason, if one of them has fired.
    pub(crate) fn reason(&self) -> Option<JsValue> {
        self.0.iter().find_map(AbortWatch::reason)
    }

    /// Waits for something until one of them fires.
    ///
    /// # Errors
    /// When one has.
    pub(crate) async fn guard<T>(
        &self,
        mut waiting: Pin<&mut dyn Future<Output = T>>,
    ) -> Result<T, Error> {
        poll_fn(|cx| match self.poll(cx) {
            Poll::Ready(reason) => Poll::Ready(Err(Error::Aborted(reason))),
            Poll::Pending => waiting.as_mut().poll(cx).map(Ok),
        })
        .await
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
