//! Who sends an entry: header fields, such as a token, that the application gives for one attempt. They are never stored, for a token of the
//! day on which something was queued is worth nothing on the day on which it goes.

use std::pin::Pin;
use std::rc::Rc;

use tidegate_core::Millis;
use tidegate_core::outbox::EntryId;
use web_sys::Request;

use crate::inner::Inner;

/// The key is what keeps a write from being applied twice: it is nobody's to change.
const KEY: &str = "idempotency-key";

/// An entry that is about to be sent, of which the application is asked who sends it: see
/// [`Outbox::authorize`](crate::Outbox::authorize).
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct TokenRequest {
    /// Which entry.
    pub entry: EntryId,
    /// The method.
    pub method: String,
    /// Where it goes.
    pub url: String,
    /// The attempt before was answered 401: what was given then is worth nothing any more.
    pub refused: bool,
}

/// Names of header fields and their values.
pub(crate) type Fields = Vec<(String, String)>;
type Answer = Pin<Box<dyn Future<Output = Option<Fields>>>>;
/// `None`: it cannot be said now.
pub(super) type Hook = Rc<dyn Fn(TokenRequest) -> Answer>;

impl Inner {
    /// Sets what the application says of who sends it. `false`: it cannot say so now, or does not in time.
    pub(super) async fn authorize(
        self: &Rc<Inner>,
        hook: Option<Hook>,
        request: &Request,
        entry: EntryId,
        refused: bool,
    ) -> bool {
        let Some(hook) = hook else {
            return true;
        };
        let told = TokenRequest {
            entry,
            method: request.method(),
            url: request.url(),
            refused,
        };
        let total = self.engine().settings().timeout.total_ms;
        let until = self.now() + Millis(total.into());
        let fields = self.timer.in_time(hook(told), until).await;
        let Some(Some(fields)) = fields else {
            return false;
        };
        let headers = request.headers();
        let own = fields
            .iter()
            .filter(|(name, _)| !name.eq_ignore_ascii_case(KEY));
        // What is no header field throws.
        own.fold(true, |fit, (name, value)| {
            fit & headers.set(name, value).is_ok()
        })
    }
}
