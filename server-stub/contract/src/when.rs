//! Which requests a rule is about.
//!
//! All conditions must hold. The n-th request of one client for which they do is that client's n-th *match*; `count` and `share` then
//! choose among the matches, and both depend on nothing but the client's own history.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::pattern::Pattern;

/// Conditions on a request; all requests by default.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Match {
    /// The path must fit.
    pub path: Pattern,
    /// The method must be this one. A CORS preflight is only ever met by a rule that asks for `OPTIONS`: browsers remember
    /// preflights, so letting them draw verdicts would make a run depend on the browser's memory.
    pub method: Option<String>,
    /// These headers must be there and fit; names in small letters.
    pub headers: BTreeMap<String, Pattern>,
    /// These parameters of the query string must be there and fit; values are compared as they were sent.
    pub query: BTreeMap<String, Pattern>,
    /// The client's name must fit.
    pub client: Option<Pattern>,
    /// How many of a thousand matches are hit.
    pub share: u32,
    /// Which of a client's matches may be hit.
    pub count: Count,
    /// When, counted from the moment the program was put in force.
    pub window: Window,
    /// Under which load.
    pub load: Load,
}

impl Match {
    /// The share that means "all".
    pub const ALL: u32 = 1_000;
}

impl Default for Match {
    fn default() -> Match {
        Match {
            path: Pattern::default(),
            method: None,
            headers: BTreeMap::new(),
            query: BTreeMap::new(),
            client: None,
            share: Match::ALL,
            count: Count::default(),
            window: Window::default(),
            load: Load::default(),
        }
    }
}

/// Some of a client's matches, by their number; all of them by default.
///
/// `{"after": 2, "first": 3}` are the third, fourth and fifth; `{"every": 10}` is every tenth.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Count {
    /// So many are let off first.
    pub after: u64,
    /// Then only so many count; without it, all.
    pub first: Option<u64>,
    /// Of those only every n-th counts; without it, all.
    pub every: Option<u64>,
}

impl Count {
    /// The first few.
    #[must_use]
    pub const fn first(count: u64) -> Count {
        Count {
            after: 0,
            first: Some(count),
            every: None,
        }
    }

    /// Every n-th.
    #[must_use]
    pub const fn every(nth: u64) -> Count {
        Count {
            after: 0,
            first: None,
            every: Some(nth),
        }
    }

    /// Whether the match with this number, from 0, is one of them.
    #[must_use]
    pub fn holds(self, ordinal: u64) -> bool {
        let Some(place) = ordinal.checked_sub(self.after) else {
            return false;
        };
        self.first.is_none_or(|first| place < first)
            && self
                .every
                .is_none_or(|nth| (place + 1).is_multiple_of(nth.max(1)))
    }
}

/// A stretch of time since the program was put in force; always, by default.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Window {
    /// The first millisecond inside.
    pub from_ms: u64,
    /// The first millisecond that is outside again; never, when left out.
    pub to_ms: Option<u64>,
    /// Starts over after this long; does not repeat when left out.
    pub every_ms: Option<u64>,
}

impl Window {
    /// From one millisecond to just before another, once.
    #[must_use]
    pub const fn between(from_ms: u64, to_ms: u64) -> Window {
        Window {
            from_ms,
            to_ms: Some(to_ms),
            every_ms: None,
        }
    }

    /// The same window, again and again.
    #[must_use]
    pub const fn every(mut self, period_ms: u64) -> Window {
        self.every_ms = Some(period_ms);
        self
    }

    /// Whether it is open at this millisecond.
    #[must_use]
    pub fn holds(self, now_ms: u64) -> bool {
        let now = match self.every_ms {
            Some(period) => now_ms % period.max(1),
            None => now_ms,
        };
        now >= self.from_ms && self.to_ms.is_none_or(|to| now < to)
    }
}

/// How busy the backend must be, not counting the request itself; any load by default.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Load {
    /// More requests than this are under way.
    pub in_flight_over: Option<u64>,
    /// A request would wait for longer than this.
    pub wait_over_ms: Option<u64>,
}

impl Load {
    /// Whether this much is enough.
    #[must_use]
    pub fn holds(self, busyness: Busyness) -> bool {
        self.in_flight_over
            .is_none_or(|most| busyness.in_flight > most)
            && self.wait_over_ms.is_none_or(|most| busyness.wait_ms > most)
    }
}

/// How busy the backend is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Busyness {
    /// Requests under way.
    pub in_flight: u64,
    /// How long one more would wait for a connection.
    pub wait_ms: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(count: Count) -> Vec<u64> {
        (0..10).filter(|&ordinal| count.holds(ordinal)).collect()
    }

    #[test]
    fn matches_are_counted_from_the_first() {
        assert_eq!(held(Count::default()).len(), 10);
        assert_eq!(held(Count::first(2)), [0, 1]);
        assert_eq!(held(Count::every(4)), [3, 7]);
        let middle = Count {
            after: 2,
            first: Some(5),
            every: Some(2),
        };
        assert_eq!(held(middle), [3, 5]);
    }

    #[test]
    fn a_load_is_more_than_its_bound() {
        let load = Load {
            in_flight_over: Some(3),
            wait_over_ms: None,
        };
        for (in_flight, expected) in [(3, false), (4, true)] {
            let busyness = Busyness {
                in_flight,
                wait_ms: 0,
            };
            assert_eq!(load.holds(busyness), expected);
        }
    }
}
