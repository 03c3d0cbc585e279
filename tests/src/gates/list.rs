//! The gates, one after another.
//!
//! Each limit is the best that was measured of any of the others, or of a prototype of these policies, whichever is better. That retries
//! and probes of different clients do not come at the same time is asked of every incident.

use super::Figure;
use crate::scenario::{BackendKind, Scenario};

/// A figure of a scenario, and how far it may go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gate {
    pub(super) scenario: Scenario,
    pub(super) backend: Option<BackendKind>,
    pub(super) figure: Figure,
    /// With thousands of clients, and with hundreds of thousands.
    pub(super) limits: (f64, f64),
}

/// From this number on there are hundreds of thousands.
pub(super) const MANY: u32 = 100_000;

const fn gate(scenario: Scenario, figure: Figure, limit: f64) -> Gate {
    Gate {
        scenario,
        backend: None,
        figure,
        limits: (limit, limit),
    }
}

impl Gate {
    const fn naive(self) -> Gate {
        Gate {
            backend: Some(BackendKind::Naive),
            ..self
        }
    }

    const fn shedding(self) -> Gate {
        Gate {
            backend: Some(BackendKind::Shedding),
            ..self
        }
    }

    const fn or_with_many(self, limit: f64) -> Gate {
        Gate {
            limits: (self.limits.0, limit),
            ..self
        }
    }
}

pub(super) const GATES: &[Gate] = &[
    gate(Scenario::Normal, Figure::Healthy, 0.0),
    gate(Scenario::O2, Figure::Goodput, 0.60).naive(),
    gate(Scenario::O2, Figure::Recovery, 15.0)
        .or_with_many(20.0)
        .naive(),
    gate(Scenario::O2, Figure::Attempts, 0.9).shedding(),
    gate(Scenario::O2, Figure::Recovery, 8.0).shedding(),
    gate(Scenario::O2, Figure::Herd, 3.0),
    gate(Scenario::O5, Figure::Goodput, 0.50).naive(),
    gate(Scenario::O5, Figure::Recovery, 15.0)
        .or_with_many(20.0)
        .naive(),
    gate(Scenario::O5, Figure::Attempts, 0.5).shedding(),
    gate(Scenario::O5, Figure::Recovery, 8.0).shedding(),
    gate(Scenario::O5, Figure::Herd, 3.0),
    gate(Scenario::O10, Figure::Goodput, 0.50).naive(),
    gate(Scenario::O10, Figure::Recovery, 15.0)
        .or_with_many(20.0)
        .naive(),
    gate(Scenario::O10, Figure::Attempts, 0.3).shedding(),
    gate(Scenario::O10, Figure::Recovery, 8.0).shedding(),
    gate(Scenario::O10, Figure::Herd, 3.0),
    gate(Scenario::D, Figure::Attempts, 0.5),
    gate(Scenario::D, Figure::Recovery, 10.0),
    gate(Scenario::D, Figure::Post, 2.0),
    gate(Scenario::D, Figure::Herd, 3.0),
    gate(Scenario::DR, Figure::Recovery, 10.0).or_with_many(20.0),
    gate(Scenario::DR, Figure::Post, 4.0),
    gate(Scenario::DR, Figure::Herd, 3.0),
    gate(Scenario::B, Figure::Attempts, 0.3),
    gate(Scenario::B, Figure::Recovery, 12.0),
    gate(Scenario::B, Figure::Herd, 3.0),
    gate(Scenario::E5, Figure::Errors, 0.1),
    gate(Scenario::E5, Figure::Attempts, 1.06),
    gate(Scenario::E5, Figure::Slowness, 2.2),
    gate(Scenario::P, Figure::Errors, 20.5),
    gate(Scenario::P, Figure::Attempts, 1.05),
    gate(Scenario::P, Figure::Healthy, 0.0),
    gate(Scenario::P, Figure::Herd, 3.0),
];
