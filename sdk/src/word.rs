//! What the server says of itself with an answer, and what it cannot say where its headers are hidden.

use tidegate_core::{Notice, ScopeId};

use crate::head::ResponseHead;
use crate::inner::Inner;

impl Inner {
    /// Hands the server's word over, unless the answer says that it was in a cache for a while: it is about another moment then.
    ///
    /// Across origins only those headers are visible that the server exposes. One that sends a browser away and does not let it see
    /// until when gets all of them back at once.
    pub(crate) fn heed(&self, scope: ScopeId, head: &ResponseHead) {
        let now = self.now();
        let aged = head.field("age").is_some_and(|age| age != "0");
        if let (Some(field), false) = (head.field("tidegate-hint"), aged) {
            self.engine().hear(now, scope, field);
        }
        if matches!(head.status, 429 | 503)
            && head.kind == "cors"
            && head.field("retry-after").is_none()
        {
            let notice = Notice::RetryAfterHidden;
            self.engine().notice(now, scope, notice, None);
        }
    }
}
