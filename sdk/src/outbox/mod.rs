//! The outbox in a browser: queued writes on the disk, and who sends them.
//!
//! [`tidegate_core::outbox`] decides everything; here is what it decides about. Nothing is opened and nobody is asked for a lock before
//! something is queued or looked at, or the browser says, as the page begins, that there is a queue already.
//!
//! # Map
//! [`Outbox`] is the handle, `edit` the part of it that changes entries, [`Queue`] what a caller wishes of a queued write, `enqueue` takes it in. A `session` is one identity's use of the
//! queue, from when they came until they go: it has the machine, takes care that one change is stored at a time; `drain` is what it does by itself,
//! and the `desk` has the present one. `attempt` sends an
//! entry once, as whoever `token` says, and a `waiter` has its answer, which a `relay` brings from another tab. `disk` is the database of the shape in
//! `schema`; `helm` the lock of whoever drains. `messages` are those of sockets, which have a place on the same disk and nothing else of the queue.

mod attempt;
mod desk;
mod disk;
mod drain;
mod edit;
mod enqueue;
mod handle;
mod helm;
mod messages;
mod relay;
mod schema;
mod session;
mod token;
mod turn;
mod waiter;
mod wishes;

pub use self::handle::Outbox;
pub use self::token::TokenRequest;
pub use self::wishes::Queue;

pub(crate) use self::desk::Desk;
pub(crate) use self::enqueue::{enqueue, joins};
pub(crate) use self::helm::Helm;
pub(crate) use self::messages::Message;
pub(crate) use self::schema::NAME as DATABASE;
pub(crate) use self::turn::Bell;

#[cfg(all(test, target_arch = "wasm32"))]
mod tests;
