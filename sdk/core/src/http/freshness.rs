//! Whether a kept answer may be served, now and when the network has none (RFC 9111, section 4.2.4; RFC 5861; RFC 8246).
//!
//! Three parties have a say, and the strictest wins. The server: `no-cache` and, past the lifetime, `must-revalidate` forbid an
//! unconfirmed answer whatever happens; `stale-while-revalidate` and `stale-if-error` say for how long past the lifetime it will do.
//! Whoever asks: `max-age` and `min-fresh` want it fresher, `max-stale` takes it staler, `no-cache`
//! prefers it confirmed as long as the network does not fail. And the page:
//! nothing is served that has been stale for longer than its [`Allowance`], and within it a failing network is reason enough, unless the
//! server's or the request's `stale-if-error` says less.

use super::{Age, Doubt, Lifetime, RequestDirectives, ResponseDirectives};
use crate::breaker::Vote;
use crate::outcome::{Head, Outcome, Reason};
use crate::time::Millis;

/// How the network stands as far as one request is concerned.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Situation {
    /// Nothing speaks against asking it.
    Calm,
    /// It has no answer to give, for this reason.
    Failing(Reason),
}

impl Situation {
    /// After an answer with this status: failing where a breaker counts a failure (408, 425, 429 and 5xx but 501 and 505). That is more
    /// than the four of RFC 5861, which knew of no overload.
    ///
    /// ```
    /// use tidegate_core::{Reason, http::Situation};
    /// assert_eq!(Situation::after(429), Situation::Failing(Reason::Status));
    /// assert_eq!(Situation::after(404), Situation::Calm);
    /// ```
    #[must_use]
    pub fn after(status: u16) -> Situation {
        let outcome = Outcome::Head(Head {
            status,
            retry_after: None,
        });
        if outcome.vote() == Vote::Failure {
            Situation::Failing(outcome.reason())
        } else {
            Situation::Calm
        }
    }
}

/// How stale the page lets an answer get.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Allowance {
    /// Nothing that has been stale for longer is served at all.
    pub most_stale: Millis,
    /// For how long past its lifetime an answer is served while it is asked for again, where the server says nothing of it.
    pub while_revalidating: Millis,
    /// When the network fails, what the server wants confirmed is served all the same. That is against the standard, and for the developer to
    /// say: some frameworks write `must-revalidate` into every answer.
    pub unconfirmed: bool,
}

/// What a kept answer is good for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[must_use]
pub enum Usability {
    /// Serve it; nobody need be asked.
    Fresh,
    /// It may be served, and is to be asked for again where that is possible.
    Stale {
        /// For how long it has been older than it should be.
        by: Millis,
    },
    /// Serve it only when the server has confirmed it.
    MustRevalidate,
    /// It has no part in this request, not even to be confirmed.
    Forbidden,
}

impl Usability {
    /// Whether it may be served without asking.
    #[must_use]
    pub const fn servable(self) -> bool {
        matches!(self, Usability::Fresh | Usability::Stale { .. })
    }
}

/// A kept answer, as far as its usability goes.
///
/// ```
/// use tidegate_core::http::{Age, Allowance, KeptHead, Lifetime, RequestDirectives, ResponseDirectives, Situation, Usability};
/// use tidegate_core::{Millis, Reason};
/// let kept = KeptHead {
///     age: Age { millis: Millis(90_000), doubt: None },
///     lifetime: Lifetime { length: Millis(60_000), heuristic: false },
///     said: ResponseDirectives::default(),
/// };
/// let allowance = Allowance { most_stale: Millis(86_400_000), ..Allowance::default() };
/// let asked = RequestDirectives::default();
/// assert_eq!(kept.usability(&asked, allowance, Situation::Calm), Usability::MustRevalidate);
/// let failing = Situation::Failing(Reason::CircuitOpen);
/// assert_eq!(kept.usability(&asked, allowance, failing), Usability::Stale { by: Millis(30_000) });
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct KeptHead {
    /// How old it is.
    pub age: Age,
    /// For how long it is fresh.
    pub lifetime: Lifetime,
    /// What it says of its use.
    pub said: ResponseDirectives,
}

impl KeptHead {
    /// What it is good for.
    ///
    /// An answer of unknown age, [`Doubt::Clock`], is not fresh; where nothing forbids it, it helps out when the network fails.
    pub fn usability(
        &self,
        asked: &RequestDirectives,
        allowance: Allowance,
        situation: Situation,
    ) -> Usability {
        if asked.no_store || (self.said.no_store && !self.said.must_understand) {
            return Usability::Forbidden;
        }
        let fresh = self.is_fresh();
        let wanted_fresher = asked.no_cache || !self.is_fresh_enough(asked);
        // A reload asks for `no-cache`, and `immutable` is there to spare the server reloads (RFC 8246, section 2).
        if fresh && !self.said.no_cache && (self.said.immutable || !wanted_fresher) {
            return Usability::Fresh;
        }
        // Whoever asks only prefers a confirmed one (RFC 9111, section 5.2.1.4); the server insists.
        let preferred = asked.no_cache && situation == Situation::Calm;
        let insists = situation == Situation::Calm || !allowance.unconfirmed;
        let demanded = self.said.no_cache || (self.said.must_revalidate && !fresh);
        let confirmed_only = preferred || (insists && demanded);
        if confirmed_only {
            return Usability::MustRevalidate;
        }

        let known = self.age.doubt != Some(Doubt::Clock);
        let past_lifetime = over(self.age.millis, self.lifetime.length);
        let by = over(self.age.millis, self.limit(asked));
        let revalidating = self
            .said
            .stale_while_revalidate
            .unwrap_or(allowance.while_revalidating);
        let window = match situation {
            Situation::Failing(_) => revalidating.max(self.if_error(asked, allowance)),
            // Whoever wants it fresher than the server does, does not want it stale; and who knows how stale it is?
            Situation::Calm if asked.max_age.is_some() || asked.min_fresh.is_some() || !known => {
                Millis::ZERO
            }
            Situation::Calm => revalidating,
        };
        // A window of zero is none: what has just gone stale is asked for like all that is.
        let in_window = window > Millis::ZERO && past_lifetime <= window;
        let taken = asked
            .max_stale
            .is_some_and(|most| by <= most && (known || most == Millis(u64::MAX)));
        if (in_window || taken) && past_lifetime <= allowance.most_stale {
            Usability::Stale { by }
        } else {
            Usability::MustRevalidate
        }
    }

    /// Whether it is fresh, by the server's word alone.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        self.age.millis < self.lifetime.length && self.age.doubt != Some(Doubt::Clock)
    }

    /// By the request's word: younger than it says, and fresh for at least as long to come (RFC 9111, section 5.2.1.3).
    fn is_fresh_enough(&self, asked: &RequestDirectives) -> bool {
        let left = over(self.lifetime.length, self.age.millis);
        asked.max_age.is_none_or(|most| self.age.millis < most)
            && asked.min_fresh.is_none_or(|least| left >= least)
    }

    /// What the request would have its age at most, to measure by how much it is too old.
    fn limit(&self, asked: &RequestDirectives) -> Millis {
        let length = over(self.lifetime.length, asked.min_fresh.unwrap_or_default());
        asked.max_age.map_or(length, |most| length.min(most))
    }

    /// For how long past its lifetime it helps out: as long as the page allows, unless somebody says less.
    fn if_error(&self, asked: &RequestDirectives, allowance: Allowance) -> Millis {
        [self.said.stale_if_error, asked.stale_if_error]
            .into_iter()
            .flatten()
            .fold(allowance.most_stale, Millis::min)
    }
}

/// How much more one is than the other.
fn over(one: Millis, other: Millis) -> Millis {
    Millis(one.0.saturating_sub(other.0))
}

#[cfg(test)]
#[path = "tests/freshness.rs"]
mod tests;
