//! Keeps a copy of an answer, in the background.

use std::rc::Rc;

use tidegate_core::{Instant, ScopeId};
use web_sys::Response;

use crate::inner::Inner;
use crate::kept::Kept;

/// Reads a response to its end, in the background, and stores it.
pub(crate) struct Keeper {
    pub(crate) inner: Rc<Inner>,
    pub(crate) key: String,
    pub(crate) scope: ScopeId,
    pub(crate) limit: u32,
    pub(crate) until: Instant,
}

impl Keeper {
    /// Uses the response up: a clone, where somebody else reads it.
    pub(crate) async fn keep(self, response: Response) {
        let late = self.inner.timer.sleep(self.until, None);
        let Some(kept) = Kept::of(&response, self.limit, late).await else {
            return;
        };
        if self.inner.store.write(&self.key, &kept).await {
            let now = self.inner.now();
            self.inner.engine().kept(now, self.scope, kept.bytes());
            self.inner.publish();
            self.inner.weigh();
        }
    }
}
