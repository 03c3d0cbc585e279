//! Which way a connection is made: by a WebSocket, or by event streams where no WebSocket is to be had.
//!
//! - **There**, when `sse_after` WebSockets in a row could not be opened and none has been on this network. That is what a proxy does which
//!   knows no upgrades. Where one has been open, the server is in trouble, and to ask it in another way as well would only add to that.
//! - **In turn**, while the event streams are not to be had either: an outage from the first moment looks like such a proxy, and must not
//!   leave anybody on the wrong way. Each attempt is one attempt, whichever way it goes.
//! - **Back**, by a WebSocket beside the streams, which are given up when it has greeted: after `sse_back_ms`, then after twice as long, up to
//!   an hour. A proxy stays for a working day, so to ask often is of no use; an outage is over in minutes.
//! - **Anew** on another network: one WebSocket, and the streams again if that fails.

use super::cause::Cause;
use super::dial::Stage;
use super::machine::{NORMAL, Phase, Session};
use super::manner::{Manner, Protocol};
use super::moment::Moment;
use crate::backoff::Backoff;
use crate::engine::Engine;
use crate::record::words;
use crate::rng::Rng;
use crate::scope::ScopeId;
use crate::settings::SocketSettings;
use crate::time::{Instant, Millis};

words! {
    /// What carries a connection.
    pub enum Transport {
        /// Server-sent events, a stream for each channel: nothing can be sent.
        Sse = "sse",
        /// A WebSocket.
        Websocket = "websocket",
    }
}

/// The longest wait between two attempts to go back.
const BACK_CAP: Millis = Millis(3_600_000);

#[derive(Clone, Copy, Debug)]
pub(super) struct Ways {
    /// The next connection is one of event streams.
    streams: bool,
    /// WebSockets in a row that could not be opened.
    refused: u32,
    /// One has been open on this network.
    known: bool,
    /// Attempts to go back.
    tries: u32,
    /// When the next one is due.
    back_at: Option<Instant>,
}

impl Ways {
    pub(super) fn new(manner: &Manner) -> Ways {
        Ways {
            streams: manner.protocol == Protocol::Sse,
            refused: 0,
            known: false,
            tries: 0,
            back_at: None,
        }
    }

    fn not_opened(&mut self, transport: Transport, manner: &Manner) {
        match transport {
            Transport::Sse => self.streams = false,
            Transport::Websocket => {
                self.refused = self.refused.saturating_add(1);
                self.streams = !self.known && self.refused >= manner.settings.sse_after;
            }
        }
    }

    /// When a WebSocket is to be tried beside streams that are open from now on.
    fn streaming(&mut self, at: Moment, settings: &SocketSettings, rng: &mut Rng) -> Instant {
        let wait = Backoff {
            base: Millis(settings.sse_back_ms.into()),
            cap: BACK_CAP,
        };
        let tries = self.tries;
        *(self.back_at).get_or_insert_with(|| at.now + wait.equal_jitter(tries, rng))
    }
}

impl Session {
    /// What carries the connection that is in use or is made, or else will carry the next one.
    pub(super) fn transport(&self) -> Transport {
        match &self.phase {
            Phase::Dialling(dial) => dial.transport,
            Phase::Open(live) => live.transport,
            _ => self.next_way(),
        }
    }

    /// What the next connection is tried with. Without a channel there is no stream to ask for.
    pub(super) fn next_way(&self) -> Transport {
        match self.ways.streams && !(self.chooses() && self.channels.all.is_empty()) {
            true => Transport::Sse,
            false => Transport::Websocket,
        }
    }

    /// Whose breaker and retry budget its event streams come under.
    pub fn reside_streams(&mut self, scope: ScopeId) {
        self.streams_scope = Some(scope);
    }

    /// Whose breaker and retry budget the connection of this moment comes under.
    #[must_use]
    pub fn guard(&self) -> ScopeId {
        self.scope_of(self.transport())
    }

    pub(super) fn scope_of(&self, transport: Transport) -> ScopeId {
        match transport {
            Transport::Sse => self.streams_scope.unwrap_or(self.scope),
            Transport::Websocket => self.scope,
        }
    }

    /// Whether there are two ways, and so a choice.
    fn chooses(&self) -> bool {
        let speaks = !matches!(self.manner.protocol, Protocol::Raw | Protocol::Sse);
        self.manner.fallback && speaks
    }

    /// An attempt came to nothing before it was open. Without a network that says nothing.
    pub(super) fn not_opened(&mut self, engine: &Engine, transport: Transport, stage: Stage) {
        if self.chooses() && stage != Stage::Resolving && !engine.offline(self.scope) {
            self.ways.not_opened(transport, &self.manner);
        }
    }

    /// A connection is in use from now on; when another way is to be tried.
    pub(super) fn way_open(&mut self, at: Moment, transport: Transport) -> Option<Instant> {
        if !self.chooses() {
            return None;
        }
        match transport {
            Transport::Sse => {
                let settings = &self.manner.settings;
                Some(self.ways.streaming(at, settings, &mut self.rng))
            }
            Transport::Websocket => {
                self.ways = Ways {
                    known: true,
                    ..Ways::new(&self.manner)
                };
                None
            }
        }
    }

    /// A WebSocket is tried beside the streams; when the next one would be.
    pub(super) fn way_back(&mut self, at: Moment) -> Option<Instant> {
        self.ways.tries = self.ways.tries.saturating_add(1);
        self.ways.back_at = None;
        self.way_open(at, Transport::Sse)
    }

    /// It may be another network. Streams that are open were so on the one before.
    pub(super) fn network_changed(&mut self, engine: &mut Engine, at: Moment) {
        if self.chooses() {
            let refused = match self.ways.streams {
                true => self.manner.settings.sse_after.saturating_sub(1),
                false => 0,
            };
            self.ways = Ways {
                refused,
                ..Ways::new(&self.manner)
            };
        }
        // There is nothing to ask them with whether they are still there.
        if matches!(&self.phase, Phase::Open(live) if live.transport == Transport::Sse) {
            self.give_up(engine, at, Cause::Network, NORMAL);
        }
    }
}
