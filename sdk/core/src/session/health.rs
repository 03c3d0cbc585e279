//! How a session is.

use alloc::string::String;

use super::cause::Cause;
use super::channel::Hole;
use super::machine::{Phase, Session};
use super::moment::Moment;
use super::transport::Transport;
use crate::record::{record, words};
use crate::time::Instant;

words! {
    /// What a session is doing.
    pub enum SocketState {
        /// It is closed for good.
        Closed = "closed",
        /// It makes a connection.
        Connecting = "connecting",
        /// Nobody has asked for a connection.
        Idle = "idle",
        /// It is open.
        Open = "open",
        /// It finds out its URL.
        Resolving = "resolving",
        /// It does not come back by itself.
        Stopped = "stopped",
        /// It waits before it connects.
        Waiting = "waiting",
    }
}

record! {
    /// How a socket is.
    pub struct SocketHealth {
        /// Its number in the client.
        pub socket: u64,
        /// What guards its connections: the origin and the route's template.
        pub scope: String,
        /// What it is doing.
        pub state: SocketState,
        /// What carries the connection, or will carry the next one.
        pub transport: Transport,
        /// Why it connects, or did last.
        pub cause: Cause,
        /// Attempts since there was a connection that lasted.
        pub attempt: u32,
        /// Attempts in all.
        pub attempts: u64,
        /// Connections in all.
        pub opened: u64,
        /// When it connects, from now, in milliseconds; left out when it does not, or waits for the network or the page.
        pub retry_in_ms: Option<u64>,
        /// For how long there is no connection, in milliseconds.
        pub downtime_ms: Option<u64>,
        /// What waits for a connection.
        pub queued: u64,
        /// What is written and not acknowledged.
        pub unacknowledged: u64,
        /// The questions that wait for an answer.
        pub unanswered: u64,
        /// The bytes of all of them.
        pub queued_bytes: u64,
        /// Messages that are kept on the disk until the server has carried them out, as far as this page knows.
        pub durable: u64,
        /// Their bytes.
        pub durable_bytes: u64,
        /// What was sent and dropped.
        pub dropped: u64,
        /// The channels.
        pub channels: u64,
        /// Those that rest: they, or their handlers, have enough for now.
        pub paused_channels: u64,
        /// Those whose state is old: something is missing, or it is read anew.
        pub stale_channels: u64,
        /// Gaps so far.
        pub gaps: u64,
        /// Messages that came twice.
        pub duplicates: u64,
        /// Messages that a later one of their key made needless.
        pub conflated: u64,
        /// Snapshots so far.
        pub snapshots: u64,
        /// Frames that were none of the protocol.
        pub nonsense: u64,
    }
}

impl Session {
    /// How it is.
    #[must_use]
    pub fn health(&self, at: Moment) -> SocketHealth {
        let mut health = SocketHealth {
            socket: 0,
            scope: String::new(),
            state: self.state(),
            transport: self.transport(),
            cause: self.trouble.cause,
            attempt: self.trouble.attempts,
            attempts: self.counts.attempts,
            opened: self.counts.opened,
            retry_in_ms: match &self.phase {
                Phase::Waiting { until, .. } if self.may_dial() && *until < Instant::NEVER => {
                    Some((*until - at.now).0)
                }
                _ => None,
            },
            downtime_ms: self.trouble.since.map(|since| (at.now - since).0),
            queued: self.outbound.waiting() as u64,
            unacknowledged: self.outbound.unacknowledged() as u64,
            unanswered: self.rpcs.len() as u64,
            queued_bytes: self.queued_bytes(),
            durable: 0,
            durable_bytes: 0,
            dropped: self.outbound.dropped,
            channels: 0,
            paused_channels: 0,
            stale_channels: 0,
            gaps: 0,
            duplicates: 0,
            conflated: 0,
            snapshots: 0,
            nonsense: self.counts.nonsense,
        };
        for channel in self.channels.iter() {
            health.channels += 1;
            health.paused_channels += u64::from(channel.halts(&self.manner.settings));
            health.stale_channels += u64::from(!matches!(channel.hole, Hole::None));
            health.gaps += channel.gaps;
            health.duplicates += channel.duplicates;
            health.conflated += channel.inbox.conflated;
            health.snapshots += channel.snapshots;
        }
        health
    }

    /// What it is doing.
    #[must_use]
    pub fn state(&self) -> SocketState {
        match &self.phase {
            Phase::Closed => SocketState::Closed,
            Phase::Dialling(dial) if dial.stage == super::dial::Stage::Resolving => {
                SocketState::Resolving
            }
            Phase::Dialling(_) => SocketState::Connecting,
            Phase::Idle => SocketState::Idle,
            Phase::Open(_) => SocketState::Open,
            Phase::Stopped => SocketState::Stopped,
            Phase::Waiting { .. } => SocketState::Waiting,
        }
    }
}
