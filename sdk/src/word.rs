//! What the server says of itself with an answer, and what it cannot say where its headers are hidden.

use tidegate_core::{Notice, ScopeId};
use web_sys::Response;

use crate::global::{header, property};
use crate::inner::Inner;

impl Inner {
    /// Hands the server's word over, unless the answer says that it was in a cache for a while: it is about another moment then.
    ///
    /// Across origins only those headers are visible that the server exposes. One that sends a browser away and does not let it see
    /// until when gets all of them back at once.
    pub(crate) fn heed(&self, scope: ScopeId, response: &Response) {
        let headers = response.headers();
        let now = self.now();
        let aged = header(&headers, "age").is_some_and(|age| age != "0");
        if let (Some(field), false) = (header(&headers, "tidegate-hint"), aged) {
            self.engine().hear(now, scope, &field);
        }
        if matches!(response.status(), 429 | 503)
            && property(response, "type").as_string().as_deref() == Some("cors")
            && header(&headers, "retry-after").is_none()
        {
            let notice = Notice::RetryAfterHidden;
            self.engine().notice(now, scope, notice, None);
        }
    }
}
