//! The server's word: how much it wants of its clients, said in a header of any answer.
//!
//! A server knows what its clients can only find out by failing: how full it is, whether a retry helps, when to come back. gRPC's
//! pushback is the one precedent; HTTP has `Retry-After` and nothing else. The header is that of the hint protocol
//! (`server-stub/hint/PROTOCOL.md`), with the three numbers that it began with and three more:
//!
//! ```http
//! Tidegate-Hint: level=340, wait=1200, ttl=30, retries=?0, embargo=20, probe="/api/ready"
//! ```
//!
//! A word comes from outside, so each value has bounds, and one that is out of them voids the whole word: a server that gets one
//! number wrong cannot be trusted with the others. What a wrong word can do at worst is bounded too, see [`ServersWord`].

mod dictionary;
mod error;
mod said;
mod servers;

pub use error::WordError;
pub use said::{ProbePath, Word};
pub use servers::{Heard, ServersWord};
