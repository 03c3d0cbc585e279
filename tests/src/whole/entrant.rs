//! Who is compared, by name.

use std::fmt;

use tidegate_core::Millis;

use super::case::Case;
use super::fleet::run;
use super::meter::Record;
use crate::peers::{AxiosRetry, Backoff, Budget, Cockatiel, Opossum, Peer, Peered, SreRetrying};
use crate::tidegate::Tidegate;

/// When clients give an attempt up, unless their package says otherwise.
const TIMEOUT: Millis = Millis(5_000);
/// opossum's own.
const OPOSSUM: Millis = Millis(10_000);

/// A client under comparison.
#[derive(Clone, Copy, Debug)]
pub struct Entrant {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is, in a line.
    pub what: &'static str,
    run: fn(&Tidegate, &Case, u64) -> Record,
}

impl Entrant {
    /// The one with this name.
    ///
    /// # Errors
    /// When there is none.
    pub fn named(name: &str) -> Result<Entrant, UnknownEntrant> {
        let found = ENTRANTS.iter().find(|entrant| entrant.name == name);
        found
            .copied()
            .ok_or_else(|| UnknownEntrant(name.to_owned()))
    }

    /// Its place among all.
    #[must_use]
    pub fn number(&self) -> usize {
        let found = ENTRANTS.iter().position(|each| each.name == self.name);
        found.unwrap_or(ENTRANTS.len())
    }

    /// Runs a fleet of it; `tidegate` is what Tidegate's fleets have, before outbox and hints.
    #[must_use]
    pub fn run(&self, tidegate: &Tidegate, case: &Case, seed: u64) -> Record {
        (self.run)(tidegate, case, seed)
    }
}

/// There is no client with this name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UnknownEntrant(pub String);

impl fmt::Display for UnknownEntrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = ENTRANTS.iter().map(|each| each.name).collect();
        write!(
            f,
            "there is no policy `{}` in family b; there are {}",
            self.0,
            names.join(", ")
        )
    }
}

impl std::error::Error for UnknownEntrant {}

fn alone<P: Peer>(peer: P) -> Peered<P> {
    Peered::new(peer).giving_up_after(TIMEOUT)
}

/// Everybody, in the order of the tables.
pub const ENTRANTS: &[Entrant] = &[
    Entrant {
        name: "tidegate",
        what: "this SDK, defaults, kept copies and an outbox",
        run: |tidegate, case, seed| run(&tidegate.clone().with_outbox(), case, seed),
    },
    Entrant {
        name: "naive",
        what: "5 s, 3 retries at once",
        run: |_, case, seed| run(&alone(AxiosRetry), case, seed),
    },
    Entrant {
        name: "naive+cache",
        what: "the same, and a copy of up to an hour when all have failed",
        run: |_, case, seed| run(&alone(AxiosRetry).keeping(), case, seed),
    },
    Entrant {
        name: "backoff",
        what: "5 s, 3 retries, full jitter from 250 ms",
        run: |_, case, seed| run(&alone(Backoff), case, seed),
    },
    Entrant {
        name: "opossum",
        what: "its defaults",
        run: |_, case, seed| run(&Peered::new(Opossum).giving_up_after(OPOSSUM), case, seed),
    },
    Entrant {
        name: "cockatiel",
        what: "5 s, 3 retries over a breaker of 5 failures in a row, 10 s",
        run: |_, case, seed| run(&alone(Cockatiel), case, seed),
    },
    Entrant {
        name: "budget10",
        what: "backoff, paid by a tenth of the successes",
        run: |_, case, seed| run(&alone(Budget { percent: 10 }), case, seed),
    },
    Entrant {
        name: "budget20",
        what: "backoff, paid by a fifth of the successes",
        run: |_, case, seed| run(&alone(Budget { percent: 20 }), case, seed),
    },
    Entrant {
        name: "sre",
        what: "adaptive throttling, 3 attempts, a budget of a tenth",
        run: |_, case, seed| run(&alone(SreRetrying), case, seed),
    },
    Entrant {
        name: "tidegate-outbox",
        what: "this SDK without an outbox",
        run: |tidegate, case, seed| run(tidegate, case, seed),
    },
    Entrant {
        name: "tidegate+header",
        what: "this SDK, reading the server's word on its answers",
        run: |tidegate, case, seed| run(&tidegate.clone().with_outbox().hearing(), case, seed),
    },
    Entrant {
        name: "tidegate+hints",
        what: "the same, and the word once a second by a socket, and readiness",
        run: |tidegate, case, seed| run(&tidegate.clone().with_outbox().listening(), case, seed),
    },
    Entrant {
        name: "tidegate+hints-outbox",
        what: "the same without an outbox",
        run: |tidegate, case, seed| run(&tidegate.clone().listening(), case, seed),
    },
];
