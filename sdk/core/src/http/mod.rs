//! The parts of HTTP that the policies need, as pure functions.

mod date;
mod retry_after;

pub use date::parse_date;
pub use retry_after::retry_after;
