//! Sockets in a browser: what [`tidegate_core::session`] decides is done here.
//!
//! # Map
//! [`Socket`] is the handle, [`SocketWishes`] what its owner wishes of it, [`SocketNotice`] what its owner is told. A `driver` has the machine of
//! one socket and what the machine asked for: `carry` does what its steps say, `link` is one socket of the browser's, `address` where it goes,
//! `events` the event streams in its place, `channel` who has the messages, `rpc` who waits for answers, `hooks` what else its owner is asked, `renewal` what becomes of it with another user.
//! `keep` has how far it has read over reloads, and `durable` what it sends. `page` listens to the page for it, `watch` keeps its time; the
//! `roster` has all of a client.

mod address;
mod carry;
mod channel;
mod driver;
mod durable;
mod events;
mod handle;
mod hooks;
mod keep;
mod link;
mod notice;
mod page;
mod renewal;
mod roster;
mod rpc;
mod watch;
mod wishes;

pub use self::address::Address;
pub use self::handle::Socket;
pub use self::notice::SocketNotice;
pub use self::wishes::SocketWishes;

pub(crate) use self::keep::remembered_of;
pub(crate) use self::roster::Roster;

#[cfg(all(test, target_arch = "wasm32"))]
mod tests;
