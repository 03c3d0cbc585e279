//! The targets, one after another. A limit never moves: what is not met is not met.

use super::figure::Figure;
use crate::whole::server::Server;

/// A figure of a case, and how far it may go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gate {
    pub(super) target: &'static str,
    pub(super) case: &'static str,
    pub(super) server: Server,
    /// How many users, without hints and with them.
    pub(super) users: (u32, u32),
    pub(super) figure: Figure,
    /// Without hints.
    pub(super) alone: Option<f64>,
    /// With them.
    pub(super) hints: Option<f64>,
}

const fn gate(
    target: &'static str,
    case: &'static str,
    figure: Figure,
    alone: f64,
    hints: f64,
) -> Gate {
    Gate {
        target,
        case,
        server: Server::Deep,
        users: (2_000, 2_000),
        figure,
        alone: Some(alone),
        hints: Some(hints),
    }
}

impl Gate {
    const fn users_are(self, alone: u32, hints: u32) -> Gate {
        Gate {
            users: (alone, hints),
            ..self
        }
    }

    const fn safe(self) -> Gate {
        Gate {
            server: Server::Safe,
            ..self
        }
    }

    const fn only_alone(self) -> Gate {
        Gate {
            hints: None,
            ..self
        }
    }

    const fn only_with_hints(self) -> Gate {
        Gate {
            alone: None,
            ..self
        }
    }
}

/// Attempts, probes and replays: never more than one for ten intents beyond the first.
const fn amplification(case: &'static str, users: u32) -> Gate {
    gate("T7", case, Figure::Amplification, 1.10, 1.10).users_are(users, users)
}

pub(super) const GATES: &[Gate] = &[
    gate("T1", "normal", Figure::FamiliarErrors, 0.01, 0.01),
    gate("T1", "503x5", Figure::FamiliarErrors, 0.01, 0.01),
    gate("T2", "brownout", Figure::FamiliarErrors, 0.1, 0.1),
    gate("T2", "outage", Figure::FamiliarErrors, 0.1, 0.1),
    gate("T2", "pool10", Figure::FamiliarErrors, 0.1, 0.1),
    gate("T3", "spike5", Figure::Errors, 2.5, 1.0),
    gate("T3", "spike10", Figure::Errors, 2.5, 1.0),
    gate("T4", "brownout", Figure::Recovery, 35.0, 10.0),
    gate("T4", "spike5", Figure::Recovery, 35.0, 10.0),
    gate("T5", "brownout", Figure::RecoveryAfterNaive, 1.0, 0.0)
        .safe()
        .only_alone(),
    gate("T5", "spike5", Figure::RecoveryAfterNaive, 1.0, 0.0)
        .safe()
        .only_alone(),
    gate("T5", "brownout", Figure::Recovery, 0.0, 5.0)
        .safe()
        .only_with_hints(),
    gate("T5", "spike5", Figure::Recovery, 0.0, 5.0)
        .safe()
        .only_with_hints(),
    gate("T6", "spike5", Figure::Goodput, 50.0, 90.0),
    gate("T6", "spike10", Figure::Goodput, 50.0, 90.0),
    amplification("normal", 100),
    amplification("503x5", 100),
    amplification("spike2", 100),
    amplification("spike5", 100),
    amplification("spike10", 100),
    amplification("outage", 100),
    amplification("brownout", 100),
    amplification("pool10", 100),
    amplification("normal", 2_000),
    amplification("503x5", 2_000),
    amplification("spike2", 2_000),
    amplification("spike5", 2_000),
    amplification("spike10", 2_000),
    amplification("outage", 2_000),
    amplification("brownout", 2_000),
    amplification("pool10", 2_000),
    amplification("normal", 10_000),
    amplification("503x5", 10_000),
    amplification("outage", 10_000),
    amplification("brownout", 10_000),
    amplification("pool10", 10_000),
    // 95 % and all of the 2,920 users that the backend can serve.
    gate("T8", "brownout", Figure::Back, 95.0, 95.0).users_are(2_774, 2_920),
    gate("T9", "normal", Figure::GoodputFrom120, 50.0, 0.0)
        .users_are(10_000, 10_000)
        .only_alone(),
    gate("T9", "normal", Figure::GoodputFrom10, 0.0, 97.0)
        .users_are(10_000, 10_000)
        .only_with_hints(),
    gate("T10", "brownout", Figure::Duplicates, 0.0, 0.0),
    gate("T10", "outage", Figure::Duplicates, 0.0, 0.0),
    gate("T10", "pool10", Figure::Duplicates, 0.0, 0.0),
    gate("T10", "spike5", Figure::Duplicates, 0.0, 0.0),
    gate("T10", "spike10", Figure::Duplicates, 0.0, 0.0),
    gate("T11", "brownout", Figure::FreshReadsByNoOutbox, 90.0, 95.0),
    gate("T11", "spike5", Figure::FreshReadsByNoOutbox, 90.0, 95.0),
    gate("T12", "normal", Figure::MoreRequests, 1.0, 1.0),
    gate("T12", "normal", Figure::Slower, 1.0, 1.0),
    gate("T12", "normal", Figure::Stale, 0.5, 0.5),
    gate("T13", "spike5", Figure::Goodput, 80.0, 90.0).users_are(100, 100),
    // A page that hangs has met nothing else either.
    gate("alive", "spike5", Figure::Spins, 0.0, 0.0).users_are(100, 100),
    gate("alive", "spike10", Figure::Spins, 0.0, 0.0).users_are(100, 100),
    gate("alive", "spike10", Figure::Spins, 0.0, 0.0),
    gate("peace", "normal", Figure::Refused, 0.0, 0.0),
];
