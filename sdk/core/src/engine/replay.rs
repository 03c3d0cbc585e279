//! What the outbox asks of an engine: whether it may send, and what it pays from.

use super::Engine;
use crate::calm::Calm;
use crate::outbox::OutboxHealth;
use crate::scope::ScopeId;
use crate::time::{Instant, Millis};
use crate::trace::Deed;

/// How soon to look again at what has no end that is known.
const LOOK: Millis = Millis(1_000);

/// Whether something that nobody waits for may go to a scope.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Leeway {
    /// Nobody waits for anything there.
    Free,
    /// People's calls wait, and go first.
    Busy,
    /// Nothing goes there, or the server wants less than all.
    Shut {
        /// When to ask again.
        until: Instant,
        /// It is this page's own trouble, not the backend's.
        own: bool,
    },
}

impl Engine {
    /// Whether something that nobody waits for may go: the lowest class of all.
    pub(crate) fn leeway(&self, scope: ScopeId, now: Instant) -> Leeway {
        let shut = |until| Leeway::Shut { until, own: false };
        if self.offline(scope) {
            return Leeway::Shut {
                until: Instant::NEVER,
                own: true,
            };
        }
        if let Some(until) = self.refusal(scope, now) {
            return shut(until);
        }
        let origin = self.origin(scope);
        if origin.word.background_level(now) < 1_000 {
            return shut(now + LOOK);
        }
        // The trial of an origin that may be well again is a probe's, if one is to be sent; where nobody waits for a read, none is.
        let probe = self.next_probe_of(scope);
        if !origin.gate.is_clear() && probe < Instant::NEVER && now < probe + LOOK {
            return shut(probe + LOOK);
        }
        // Behind all who wait for the same pace.
        let turn = origin.gate.pace.map(|pace| pace.turn(origin.held.len()));
        if let Some(turn) = turn.filter(|turn| now < *turn) {
            return shut(turn);
        }
        let waits = origin.limit.waiting().next().is_some() || !origin.held.is_empty();
        let full = origin.limit.load(now) >= self.limit_in_force(origin, now);
        match waits || full {
            true => Leeway::Busy,
            false => Leeway::Free,
        }
    }

    /// How well the origin of a scope has been answering people.
    pub(crate) fn calm(&self, scope: ScopeId) -> Calm {
        self.origin(scope).calm
    }

    /// Whether any scope of the same origin has answered since.
    pub(crate) fn answers_since(&self, scope: ScopeId, since: Instant) -> bool {
        let origin = self.at(scope).origin;
        let mut scopes = self.scopes.scopes.iter();
        scopes.any(|each| each.origin == origin && each.worked.is_some_and(|at| at >= since))
    }

    /// Pays for one more attempt of what the outbox sends, from what calls pay from.
    pub(crate) fn pay_replay(&mut self, now: Instant, scope: ScopeId, dear: bool) -> bool {
        self.note(now, || Deed::Replay(scope, dear));
        let paid = self.allows_retries(scope, now) && self.pay(scope, dear);
        self.told(paid.into());
        paid
    }

    /// What an outbox says of itself.
    pub(crate) fn report_outbox(&mut self, now: Instant, health: OutboxHealth) {
        self.outbox = health;
        self.look(now);
    }
}
