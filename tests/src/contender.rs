//! Who is compared, by name.

use std::fmt;

use crate::fleet::run;
use crate::meter::Record;
use crate::peers::{AxiosRetry, Cockatiel, Finagle, Grpc, Jitter, Nothing, Opossum, Peered, Sre};
use crate::scenario::Spec;
use crate::tidegate::Tidegate;

/// A policy under comparison.
#[derive(Clone, Copy, Debug)]
pub struct Contender {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is, in a line.
    pub what: &'static str,
    run: fn(&Tidegate, Spec) -> Record,
}

impl Contender {
    /// The one with this name.
    ///
    /// # Errors
    /// When there is none.
    pub fn named(name: &str) -> Result<Contender, UnknownContender> {
        let found = CONTENDERS.iter().find(|contender| contender.name == name);
        found
            .copied()
            .ok_or_else(|| UnknownContender(name.to_owned()))
    }

    /// Its place among all.
    #[must_use]
    pub fn number(&self) -> usize {
        let found = CONTENDERS.iter().position(|each| each.name == self.name);
        found.unwrap_or(CONTENDERS.len())
    }

    /// Runs a fleet of it; `tidegate` is what Tidegate's fleet has.
    #[must_use]
    pub fn run(&self, tidegate: &Tidegate, spec: Spec) -> Record {
        (self.run)(tidegate, spec)
    }
}

/// There is no policy with this name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UnknownContender(pub String);

impl fmt::Display for UnknownContender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = CONTENDERS.iter().map(|each| each.name).collect();
        write!(
            f,
            "there is no policy `{}`; there are {}",
            self.0,
            names.join(", ")
        )
    }
}

impl std::error::Error for UnknownContender {}

/// Everybody, in the order of the tables.
pub const CONTENDERS: &[Contender] = &[
    Contender {
        name: "tidegate",
        what: "this SDK, defaults, nothing kept",
        run: |tidegate, spec| run(tidegate, spec),
    },
    Contender {
        name: "none",
        what: "fetch as it comes",
        run: |_, spec| run(&Peered::new(Nothing), spec),
    },
    Contender {
        name: "axios-retry",
        what: "3 retries at once",
        run: |_, spec| run(&Peered::new(AxiosRetry), spec),
    },
    Contender {
        name: "jitter",
        what: "3 retries, full jitter from 100 ms",
        run: |_, spec| run(&Peered::new(Jitter), spec),
    },
    Contender {
        name: "finagle",
        what: "the same with Finagle's and tower's budget (20 %, 10/s, 10 s)",
        run: |_, spec| run(&Peered::new(Finagle), spec),
    },
    Contender {
        name: "grpc",
        what: "the same with gRPC's throttle (10 tokens, 0.1)",
        run: |_, spec| run(&Peered::new(Grpc), spec),
    },
    Contender {
        name: "cockatiel",
        what: "the same over a breaker of 5 failures in a row, 10 s",
        run: |_, spec| run(&Peered::new(Cockatiel), spec),
    },
    Contender {
        name: "opossum",
        what: "its defaults, with a timeout of 3 s",
        run: |_, spec| run(&Peered::new(Opossum), spec),
    },
    Contender {
        name: "sre",
        what: "adaptive throttling, K = 2, two minutes",
        run: |_, spec| run(&Peered::new(Sre), spec),
    },
];
