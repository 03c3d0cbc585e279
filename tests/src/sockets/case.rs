//! What is run: a fleet, and a server that has dropped it.

use serde::Serialize;

/// How long a fleet has been connected when it is dropped, in milliseconds: longer than any library's minimum.
pub(super) const UPTIME_MS: u64 = 60_000;

/// A run, but for the client and the seed.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Case {
    /// Its name in tables.
    pub name: &'static str,
    /// What it is, in a line.
    pub what: &'static str,
    /// How many were connected.
    pub clients: u32,
    /// How many the server accepts in a second.
    pub per_second: u32,
    /// How long every connection is refused after the drop, in seconds.
    pub down_s: u64,
    /// Of how many seconds of accepting the backlog has room.
    pub backlog_s: u32,
    /// The close code with which all were dropped: 1006 is none.
    pub code: u16,
}

/// The cases, in the order of the tables.
pub const CASES: [&str; 6] = [
    "restart",
    "outage",
    "crowd",
    "crowd-outage",
    "deep10",
    "deep30",
];

impl Case {
    /// The case with this name, with so many clients.
    #[must_use]
    pub fn named(name: &str, clients: u32) -> Option<Case> {
        let forty = clients.div_ceil(40).max(1);
        let hundred = clients.div_ceil(100).max(1);
        let (name, what, per_second, down_s, backlog_s, code) = match name {
            "restart" => (
                CASES[0],
                "all dropped with 1012",
                usual(clients),
                0,
                2,
                1012,
            ),
            "outage" => (
                CASES[1],
                "all dropped without a word, and 10 s of nothing",
                usual(clients),
                10,
                2,
                1006,
            ),
            "crowd" => (
                CASES[2],
                "dropped without a word, 100 clients for each that is accepted in a second",
                hundred,
                0,
                2,
                1006,
            ),
            "crowd-outage" => (
                CASES[3],
                "the same, and 10 s of nothing",
                hundred,
                10,
                2,
                1006,
            ),
            "deep10" => (
                CASES[4],
                "dropped without a word before a backlog of 10 s, 40 clients for each accepted in a second",
                forty,
                0,
                10,
                1006,
            ),
            "deep30" => (
                CASES[5],
                "the same with a backlog of 30 s",
                forty,
                0,
                30,
                1006,
            ),
            _ => return None,
        };
        Some(Case {
            name,
            what,
            clients: clients.max(1),
            per_second,
            down_s,
            backlog_s,
            code,
        })
    }

    /// When 99 in a hundred could be back, in seconds after the drop.
    #[must_use]
    pub fn ideal_t99_s(&self) -> f64 {
        self.down_s as f64 + 0.99 * f64::from(self.clients) / f64::from(self.per_second)
    }

    /// The window that a server names that knows how many it has: what accepting them all takes, and a tenth more. In milliseconds.
    pub(super) fn window_ms(&self) -> u64 {
        u64::from(self.clients) * 1_100 / u64::from(self.per_second)
    }
}

/// How many a server of that size accepts in a second: the larger the fleet, the more clients there are for each.
fn usual(clients: u32) -> u32 {
    let each = match clients {
        0..=2_000 => 10,
        2_001..=20_000 => 40,
        20_001..=200_000 => 100,
        _ => 200,
    };
    clients.div_ceil(each).max(1)
}
