//! Keeps a copy of an answer, in the background.

use std::rc::Rc;

use tidegate_core::kept::Kept;
use tidegate_core::{Instant, ScopeId};
use web_sys::Response;

use crate::arrivals::Arrival;
use crate::body;
use crate::identity::Identity;
use crate::inner::Inner;

/// Reads a response to its end, in the background, and stores it.
pub(crate) struct Keeper {
    pub(crate) inner: Rc<Inner>,
    /// Whose it is: if they have gone meanwhile, it is not kept.
    pub(crate) whose: Rc<Identity>,
    pub(crate) url: String,
    pub(crate) kept: Kept,
    pub(crate) scope: ScopeId,
    /// When it was asked for.
    pub(crate) sent: Instant,
    pub(crate) limit: u32,
    pub(crate) until: Instant,
}

impl Keeper {
    /// Uses the response up: a clone, where somebody else reads it.
    pub(crate) async fn keep(self, response: Response, arrival: Option<&Arrival>) {
        let late = self.inner.timer.sleep(self.until, None);
        let Ok(Some(body)) = body::read(&response, self.limit, late).await else {
            return;
        };
        if let Some(arrival) = arrival {
            arrival.is_read();
        }
        let bytes = body.byte_length().into();
        // What is not as long as it said is no part that could be cut.
        let Some(kept) = self.kept.with_body(bytes) else {
            return;
        };
        // Something was written there meanwhile.
        if self.inner.is_overtaken(&self.url, self.sent) {
            return;
        }
        let store = &self.inner.store;
        if store
            .put(&self.whose.partition, &self.url, kept, body)
            .await
        {
            let now = self.inner.now();
            self.inner.engine().kept(now, self.scope, bytes);
            self.inner.publish();
            self.inner.weigh();
        }
    }
}
