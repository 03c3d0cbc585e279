//! What is run: the model's constants and its incidents.
//!
//! Open-loop Poisson demand of 0.7 *C* from clients chosen evenly, five endpoints, 40 ms there and back. The backend has 20 connections
//! and works 25 to 75 ms on a request, so *C* = 400/s. *Naive*, it lets 2,000 wait: 5 s, longer than the 3 s after which clients give up,
//! and it finishes what nobody waits for. *Shedding*, it lets 100 wait and refuses the others at once with 503.

use serde::{Deserialize, Serialize};
use tidegate_contract::{BackendSettings, Micros, Spread};
use tidegate_core::{Instant, Millis};

pub(crate) const ENDPOINTS: u8 = 5;
/// What the backend can do in a second: *C*.
pub(crate) const CAPACITY: u64 = 400;
/// What users ask of it in a second when all is well.
pub(crate) const BASE: u64 = CAPACITY * 7 / 10;
/// Half of a round trip.
pub(crate) const ONE_WAY: Micros = Micros::from_millis(20);
/// When clients give an attempt up.
pub(crate) const TIMEOUT: Millis = Millis(3_000);
/// The last seconds, in which what begins has not the time to end.
pub(crate) const TAIL: u64 = 4;
/// How many of a thousand attempts fail in `E5`.
pub(crate) const FAILING_PERMILLE: u32 = 50;
/// The endpoint that fails in `P`.
pub(crate) const FAILING_ENDPOINT: u8 = 0;
/// How long the work takes in `B`, in thousandths of what it usually takes.
pub(crate) const SLOWDOWN: u32 = 10_000;

/// Which backend.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum BackendKind {
    /// 2,000 may wait.
    Naive,
    /// 100 may wait, others are refused at once.
    Shedding,
}

impl BackendKind {
    /// Both.
    pub const ALL: [BackendKind; 2] = [BackendKind::Naive, BackendKind::Shedding];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            BackendKind::Naive => "naive",
            BackendKind::Shedding => "shedding",
        }
    }

    pub(crate) fn settings(self, slowdown: u32) -> BackendSettings {
        BackendSettings {
            connections: 20,
            queue: match self {
                BackendKind::Naive => 2_000,
                BackendKind::Shedding => 100,
            },
            service: Spread::UniformMs { from: 25, to: 75 },
            slowdown,
            ..BackendSettings::default()
        }
    }
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum Scenario {
    /// Nothing.
    #[serde(rename = "normal")]
    Normal,
    /// Demand of 2 *C*.
    O2,
    /// Demand of 5 *C*.
    O5,
    /// Demand of 10 *C*.
    O10,
    /// The connection is refused after a round trip, for 30 s.
    D,
    /// The same, and who sees a failure reloads.
    DR,
    /// Work takes ten times as long.
    B,
    /// 5 % of the attempts fail fast with 500, from the beginning to the end.
    E5,
    /// One endpoint of the five answers 503 fast.
    P,
}

/// When it goes wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Incident {
    /// From when, in seconds.
    pub from: u64,
    /// Until when.
    pub to: u64,
}

impl Incident {
    pub(crate) fn has(self, at: Instant) -> bool {
        (self.from..self.to).contains(&(at.as_millis() / 1_000))
    }
}

impl Scenario {
    /// All of them.
    pub const ALL: [Scenario; 9] = [
        Scenario::Normal,
        Scenario::O2,
        Scenario::O5,
        Scenario::O10,
        Scenario::D,
        Scenario::DR,
        Scenario::B,
        Scenario::E5,
        Scenario::P,
    ];

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Scenario::Normal => "normal",
            Scenario::O2 => "O2",
            Scenario::O5 => "O5",
            Scenario::O10 => "O10",
            Scenario::D => "D",
            Scenario::DR => "DR",
            Scenario::B => "B",
            Scenario::E5 => "E5",
            Scenario::P => "P",
        }
    }

    /// What it is, in a line.
    #[must_use]
    pub fn what(self) -> &'static str {
        match self {
            Scenario::Normal => "nothing goes wrong",
            Scenario::O2 => "demand of 2 C",
            Scenario::O5 => "demand of 5 C",
            Scenario::O10 => "demand of 10 C",
            Scenario::D => "the backend is down",
            Scenario::DR => "the backend is down, and who sees a failure reloads",
            Scenario::B => "work takes ten times as long",
            Scenario::E5 => "5 % of the attempts fail fast, all the time",
            Scenario::P => "one endpoint of five fails fast",
        }
    }

    /// Users ask for this much a second while it lasts.
    pub(crate) fn demand(self) -> u64 {
        match self {
            Scenario::O2 => 2 * CAPACITY,
            Scenario::O5 => 5 * CAPACITY,
            Scenario::O10 => 10 * CAPACITY,
            _ => BASE,
        }
    }
}

/// A run, but for the policy.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Spec {
    /// What goes wrong.
    pub scenario: Scenario,
    /// Which backend.
    pub backend: BackendKind,
    /// How many clients there are.
    pub clients: u32,
    /// All luck.
    pub seed: u64,
    /// When the incident begins, in seconds.
    pub warm: u64,
    /// How many seconds it lasts at most.
    pub length: u64,
    /// When users stop, in seconds.
    pub horizon: u64,
}

impl Spec {
    /// A run as the published figures have it: an incident of a minute (an outage of half a minute) after a minute, five minutes in all.
    #[must_use]
    pub fn new(scenario: Scenario, backend: BackendKind, clients: u32, seed: u64) -> Spec {
        let length = match scenario {
            Scenario::D | Scenario::DR => 30,
            _ => 60,
        };
        Spec {
            scenario,
            backend,
            clients,
            seed,
            warm: 60,
            length,
            horizon: 300,
        }
    }

    /// Each scenario on each backend with each number of clients, with the first seed.
    #[must_use]
    pub fn grid(scenarios: &[Scenario], backends: &[BackendKind], clients: &[u32]) -> Vec<Spec> {
        let mut specs = Vec::new();
        for &scenario in scenarios {
            for &backend in backends {
                for &clients in clients {
                    specs.push(Spec::new(scenario, backend, clients, 1));
                }
            }
        }
        specs
    }

    /// Whether there is a time after it.
    #[must_use]
    pub fn ends(&self) -> bool {
        !matches!(self.scenario, Scenario::E5 | Scenario::Normal)
    }

    /// When it goes wrong. `E5` has no other time than the whole run, of which the warm-up is left out.
    #[must_use]
    pub fn incident(&self) -> Incident {
        let to = match self.ends() {
            true => self.warm + self.length,
            false => self.horizon.saturating_sub(TAIL),
        };
        Incident {
            from: self.warm,
            to,
        }
    }
}
