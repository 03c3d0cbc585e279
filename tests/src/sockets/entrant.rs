//! Who is compared, by name.

use std::fmt;

use super::case::Case;
use super::fleet::{Record, run};
use super::law::{self, Law};
use super::peer::Peer;
use super::session::Shipped;

/// A client under comparison.
#[derive(Clone, Copy, Debug)]
pub struct Entrant {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is, in a line.
    pub what: &'static str,
    kind: Kind,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Law(Law),
    /// The shipped session; whether the server had said when to come back.
    Session(bool),
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

    /// Runs a fleet of it.
    #[must_use]
    pub fn run(&self, case: &Case, seed: u64) -> Record {
        match self.kind {
            Kind::Law(law) => run(case, seed, |luck| Peer::new(law, luck)),
            Kind::Session(told) => run(case, seed, |luck| Shipped::new(case, told, luck)),
        }
    }

    /// Whether each of its clients is a whole page, which takes kilobytes rather than bytes.
    pub(super) fn is_large(&self) -> bool {
        matches!(self.kind, Kind::Session(_))
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
            "there is no policy `{}` in family sockets; there are {}",
            self.0,
            names.join(", ")
        )
    }
}

impl std::error::Error for UnknownEntrant {}

const fn by_law(name: &'static str, what: &'static str, law: Law) -> Entrant {
    Entrant {
        name,
        what,
        kind: Kind::Law(law),
    }
}

/// Everybody, in the order of the tables.
pub const ENTRANTS: &[Entrant] = &[
    Entrant {
        name: "tidegate+hints",
        what: "this SDK, told by the server to spread over what accepting everybody takes, and a tenth more",
        kind: Kind::Session(true),
    },
    Entrant {
        name: "tidegate",
        what: "this SDK, told nothing",
        kind: Kind::Session(false),
    },
    by_law(
        "reconnecting-websocket",
        "4.4.0",
        law::RECONNECTING_WEBSOCKET,
    ),
    by_law("partysocket", "1.3.0", law::PARTYSOCKET),
    by_law("centrifuge", "5.8.0", law::CENTRIFUGE),
    by_law("socket.io", "4.8.4", law::SOCKET_IO),
    by_law("phoenix", "1.8.16", law::PHOENIX),
    by_law(
        "signalr",
        "10.0.11, with automatic reconnects",
        law::SIGNALR,
    ),
    by_law("graphql-ws", "6.4.2", law::GRAPHQL_WS),
    by_law("ably", "2.28.0", law::ABLY),
    by_law("leptos-use", "use_websocket", law::LEPTOS_USE),
];
