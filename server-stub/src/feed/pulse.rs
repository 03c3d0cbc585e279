//! Whether the client is still there: pings, and how long silence is borne. Pure.

use tidegate_contract::feed::{FeedSettings, close_code};
use tidegate_core::{Instant, Millis};

/// Centrifugo's `client.stale_close_delay`.
const STALE: Millis = Millis::from_secs(10);

/// The state of the exchange of pings and answers.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Pulse {
    /// A ping is out; the next is due then.
    Asked { until: Instant, next: Instant },
    /// The client has not said `connect` yet.
    Fresh { until: Instant },
    /// The next ping is due then.
    Quiet { next: Instant },
}

/// What is due.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Beat {
    /// The client is given up.
    Dead { code: u16, reason: &'static str },
    /// Nothing.
    None,
    /// A ping.
    Ping,
}

impl Pulse {
    /// A connection that was opened `now`.
    pub(crate) fn new(now: Instant) -> Pulse {
        Pulse::Fresh { until: now + STALE }
    }

    /// Whether the client has said `connect`.
    pub(crate) fn is_connected(self) -> bool {
        !matches!(self, Pulse::Fresh { .. })
    }

    /// The client said `connect`.
    pub(crate) fn on_connect(&mut self, now: Instant, settings: &FeedSettings) {
        *self = Pulse::Quiet {
            next: now + Millis::from_secs(settings.ping_s.into()),
        };
    }

    /// The client answered a ping. An answer that nobody asked for is harmless.
    pub(crate) fn on_pong(&mut self) {
        if let Pulse::Asked { next, .. } = *self {
            *self = Pulse::Quiet { next };
        }
    }

    /// When something is due.
    pub(crate) fn deadline(self) -> Instant {
        match self {
            Pulse::Asked { until, .. } | Pulse::Fresh { until } => until,
            Pulse::Quiet { next } => next,
        }
    }

    /// What is due.
    pub(crate) fn poll(&mut self, now: Instant, settings: &FeedSettings) -> Beat {
        if now < self.deadline() {
            return Beat::None;
        }
        match self {
            Pulse::Asked { .. } => Beat::Dead {
                code: close_code::NO_PONG,
                reason: "no pong",
            },
            Pulse::Fresh { .. } => Beat::Dead {
                code: close_code::STALE,
                reason: "stale",
            },
            Pulse::Quiet { .. } => {
                *self = Pulse::Asked {
                    until: now + Millis(settings.pong_ms),
                    next: now + Millis::from_secs(settings.ping_s.into()),
                };
                Beat::Ping
            }
        }
    }
}
