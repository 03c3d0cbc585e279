//! What happens to the browsers of family A.

use tidegate_contract::Draw;

use crate::policy::Token;

/// Something that will happen.
#[derive(Clone, Copy, Debug)]
pub(super) enum Event {
    /// Somebody wants something for the first time.
    Arrive(Draw),
    /// The answer to an attempt reaches its client.
    Land(u32),
    /// A client wants to probe.
    Probe(u32),
    /// An attempt reaches the backend.
    Reach(u32),
    /// A client asks again for one of the things on its page.
    Reload(u32, Draw),
    /// The backend is another one from now on.
    Shift(u32),
    /// A request said to wait until now.
    Wake(Token),
}
