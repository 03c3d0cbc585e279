//! What to do for one request, by its route's strategy: a list of moves, made in order until one gives an answer.
//!
//! ```text
//! strategy                copy is fresh     copy may be served stale     copy may not be served
//! cache-first             serve             serve                        ask
//! cache-only              serve             serve                        fail
//! network-first           ask, else serve   ask, else serve              ask
//! network-only            ask               ask                          ask
//! stale-if-error          serve             ask, else serve (1)          ask
//! stale-while-revalidate  serve             serve and ask unseen         ask
//! ```
//!
//! (1) Serves it and asks unseen where the server's own `stale-while-revalidate` or the request's `max-stale` lets it be served now.
//!
//! Whether a copy may be served at all is the server's decision, see [`KeptHead::usability`](super::KeptHead::usability); a strategy only
//! chooses among what it allows. So a copy that says `no-cache` is asked for under every strategy.
//!
//! With an open breaker nobody is asked. The browser's word that it is offline is a hint (it is wrong behind portals and tunnels): a copy
//! that may be served is then served without a wait, and where there is none the network is asked all the same.

use super::{RequestDirectives, Usability};
use crate::time::Millis;

/// How a route weighs its copies against the network.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Strategy {
    /// A copy if there is one, however stale it may be.
    CacheFirst,
    /// A copy or nothing.
    CacheOnly,
    /// The network's answer; a copy when that fails or takes longer than this.
    NetworkFirst {
        /// How long it is waited for when there is a copy to serve instead.
        patience: Millis,
    },
    /// The network's answer or nothing.
    NetworkOnly,
    /// A fresh copy, else the network's answer; a stale copy when that fails. What a cache by the standard does.
    StaleIfError,
    /// A copy at once, and a stale one is replaced unseen.
    StaleWhileRevalidate,
}

impl Strategy {
    /// The strategy that a request's own words leave of its route's.
    ///
    /// ```
    /// use tidegate_core::http::{RequestDirectives, Strategy};
    /// let asked = RequestDirectives { only_if_cached: true, ..RequestDirectives::default() };
    /// assert_eq!(Strategy::StaleIfError.heeding(&asked), Strategy::CacheOnly);
    /// ```
    #[must_use]
    pub const fn heeding(self, asked: &RequestDirectives) -> Strategy {
        if asked.only_if_cached {
            Strategy::CacheOnly
        } else if asked.no_store {
            Strategy::NetworkOnly
        } else {
            self
        }
    }
}

/// Whether the network can be asked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Connection {
    /// The breaker lets nothing through.
    Broken,
    /// The browser says that there is no network.
    Offline,
    /// Nothing speaks against it.
    Open,
}

/// A kept answer, as far as a plan goes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct KeptCopy {
    /// What it is good for as things stand.
    pub now: Usability,
    /// What it would be good for if the network were asked and failed.
    pub after_failure: Usability,
}

/// One thing to do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Move {
    /// Ask the network. An answer within its time is the answer, unless its status says that the server fails (see
    /// [`Situation::after`](super::Situation::after)); then, or when the time is over, the next move is made, and what still comes is
    /// kept. Before a [`Move::Fail`], an answer with a failing status is what there is to give.
    Ask {
        /// How long it may take; `None`: as long as a call may.
        patience: Option<Millis>,
    },
    /// There is nothing to give.
    Fail,
    /// Ask the network for nobody's eyes, after the answer has been given; what comes is kept.
    Revalidate,
    /// Serve the copy.
    Serve,
}

/// What to do, in order.
///
/// ```
/// use tidegate_core::http::{Connection, KeptCopy, Move, Plan, Strategy, Usability};
/// use tidegate_core::Millis;
/// let stale = KeptCopy { now: Usability::MustRevalidate, after_failure: Usability::Stale { by: Millis(5) } };
/// let plan = Plan::of(Strategy::NetworkFirst { patience: Millis(3_000) }, Some(stale), Connection::Open);
/// assert_eq!(plan.moves().collect::<Vec<_>>(), [Move::Ask { patience: Some(Millis(3_000)) }, Move::Serve]);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[must_use]
pub struct Plan {
    first: Move,
    second: Option<Move>,
}

impl Plan {
    /// Of a strategy, the copy if there is one, and how the network stands.
    pub fn of(strategy: Strategy, copy: Option<KeptCopy>, connection: Connection) -> Plan {
        let fresh = copy.is_some_and(|copy| copy.now == Usability::Fresh);
        let showable =
            copy.is_some_and(|copy| copy.now.servable() || copy.after_failure.servable());
        let open = connection == Connection::Open;
        let served_and_renewed = Plan {
            first: Move::Serve,
            second: open.then_some(Move::Revalidate),
        };
        match strategy {
            Strategy::CacheOnly => Plan::only(if showable { Move::Serve } else { Move::Fail }),
            Strategy::NetworkOnly => Plan::ask(None, false, connection),
            Strategy::CacheFirst if showable => Plan::only(Move::Serve),
            Strategy::StaleIfError | Strategy::StaleWhileRevalidate if fresh => {
                Plan::only(Move::Serve)
            }
            Strategy::StaleIfError if open && copy.is_some_and(|copy| copy.now.servable()) => {
                served_and_renewed
            }
            Strategy::StaleWhileRevalidate if showable => served_and_renewed,
            Strategy::NetworkFirst { patience } => Plan::ask(Some(patience), showable, connection),
            Strategy::CacheFirst | Strategy::StaleIfError | Strategy::StaleWhileRevalidate => {
                Plan::ask(None, showable, connection)
            }
        }
    }

    /// The moves, in order.
    pub fn moves(self) -> impl Iterator<Item = Move> {
        [Some(self.first), self.second].into_iter().flatten()
    }

    /// Asks where that can be done, and serves the copy where it can be shown.
    fn ask(patience: Option<Millis>, showable: bool, connection: Connection) -> Plan {
        let instead = if showable { Move::Serve } else { Move::Fail };
        if connection == Connection::Broken || (connection == Connection::Offline && showable) {
            return Plan::only(instead);
        }
        Plan {
            first: Move::Ask {
                patience: patience.filter(|_| showable),
            },
            second: Some(instead),
        }
    }

    const fn only(first: Move) -> Plan {
        Plan {
            first,
            second: None,
        }
    }
}

#[cfg(test)]
#[path = "tests/plan.rs"]
mod tests;
