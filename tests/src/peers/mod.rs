//! What others ship, as clients of the same fleet.
//!
//! Each is reduced to what it decides: whether an attempt may go out, and what follows when it has come back. The numbers are the
//! packages' defaults, but for the end of an attempt, which is 3 s for everybody. One breaker, bucket or throttle per browser, as one
//! gets it by following each package's first example.

mod alone;
mod axios_retry;
mod backoff;
mod budget;
mod cockatiel;
mod finagle;
mod grpc;
mod jitter;
mod none;
mod opossum;
mod sre;
mod sre_retrying;
mod window;

pub use alone::Peered;
pub use axios_retry::AxiosRetry;
pub use backoff::Backoff;
pub use budget::Budget;
pub use cockatiel::Cockatiel;
pub use finagle::Finagle;
pub use grpc::Grpc;
pub use jitter::Jitter;
pub use none::Nothing;
pub use opossum::Opossum;
pub use sre::Sre;
pub use sre_retrying::SreRetrying;

use tidegate_contract::Draw;
use tidegate_core::{Instant, Millis};

/// An attempt that has come back, or was given up.
#[derive(Clone, Copy, Debug)]
pub struct Landed {
    /// Which attempt of its request it was, from 1.
    pub attempt: u32,
    /// Whether it was answered with success.
    pub well: bool,
    /// The luck of what follows.
    pub luck: Draw,
}

/// What a peer decides.
pub trait Peer {
    /// What one browser remembers.
    type Client;

    /// A browser that has seen nothing.
    fn client(&self) -> Self::Client;

    /// Whether an attempt may go out now.
    fn admits(&self, client: &mut Self::Client, now: Instant, luck: Draw) -> bool;

    /// After how long a failed attempt is repeated; never, if not at all.
    fn settle(&self, client: &mut Self::Client, now: Instant, landed: Landed) -> Option<Millis>;
}
