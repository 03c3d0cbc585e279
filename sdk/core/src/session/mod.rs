//! Sockets that come back, go on where they were, and never stampede.
//!
//! Of eight libraries that reconnect WebSockets, none closes a gap that its client has found, most lose what was sent between the drop and the
//! next connection, two open 244 and 267 connections in 5 s to a server that accepts and drops, and most leave a fleet hammering, or a
//! part of it lost for ever, after an outage. Hence:
//!
//! - **When** to come back depends on why: at once for somebody who waits, spread over a window for a fleet, over the server's own window
//!   when it has named one ([`Hint`]). Breaker, gate and retry budget are those of `fetch`.
//! - **One socket.** Each has a number; what an earlier one says is heeded by nobody, and nobody waits for its close event.
//! - **Silence** is judged by clocks, not by ticks.
//! - **Sent** means what it says: queued, written or acknowledged. What is dropped is told of.
//! - **Read** is by number: gaps are asked for, doubles are dropped, and a position moves when the handler has succeeded.
//! - **Another way** where no WebSocket can be had: a stream of server-sent events for each channel, under all of the same laws.
//!
//! ```text
//! Session::reconnect, close, send, publish, rpc, subscribe   what an application does
//! Session::publish_kept                                      what its driver keeps on a disk until the server has carried it out
//! Session::on(Moment, Input)                                 what happens; then poll
//! Session::poll(Moment) -> Step                              Resolve, Token, Connect, Listen, Leave, Close, Send, Deliver, …, Wait
//! Session::positions() -> text, restore(text)                over a reload
//! ```
//!
//! The names of things: a *session* is what the application holds, a *link* one socket of it, or the event streams in
//! its place, a *dial* the making of one.

mod anew;
mod answers;
mod asked;
mod cause;
mod channel;
mod channels;
mod code;
mod deliver;
mod dial;
mod durable;
mod gap;
mod happen;
mod health;
mod hear;
mod hint;
mod inbox;
mod input;
mod item;
mod live;
mod loss;
mod machine;
mod manner;
mod moment;
mod news;
mod outbound;
mod position;
mod pulse;
mod rpc;
mod send;
mod sending;
mod sse;
mod step;
mod streams;
mod subscribe;
mod token;
mod transport;
mod trouble;
mod wire;

pub use crate::settings::SocketSettings;
pub use cause::Cause;
pub use channel::Wish;
pub use code::{Codes, Fate};
pub use health::{SocketHealth, SocketState};
pub use hint::Hint;
pub use input::{DeliveryId, Input, LinkId, SnapshotId, StreamId};
pub use machine::Session;
pub use manner::{Manner, Protocol};
pub use moment::Moment;
pub use news::{SocketChange, SocketEvent};
pub use position::Position;
pub use rpc::{RpcEnd, RpcFailure, RpcId, RpcWish};
pub use sending::{DropReason, Frame, Kept, Overflow, SendState, Sent, Ticket};
pub use step::{Delivery, Snapshot, Step};
pub use transport::Transport;

#[cfg(test)]
mod tests;
