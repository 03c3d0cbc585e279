//! What kind of call a request is.

use crate::scope::ScopeId;
use crate::throttle::Priority;
use crate::time::Millis;

/// When the kept answers are looked at for a call.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Lookup {
    /// Never.
    Never,
    /// When the network has no answer, or takes long.
    Last,
    /// Before the network is asked, and again when it has no answer.
    First,
    /// Nobody else is asked.
    Only,
}

/// What the policies need to know of a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct CallSpec {
    /// Whose breaker and limit it comes under.
    pub scope: ScopeId,
    /// Sending it twice does what sending it once does.
    pub repeatable: bool,
    /// It only reads, so it may be asked again in the background.
    pub read: bool,
    /// When a kept answer may be served in place of the network's.
    pub lookup: Lookup,
    /// How long it waits for the network when there is a kept answer to serve; `None`: as the settings say.
    pub patience: Option<Millis>,
    /// A background probe: one attempt, for nobody's eyes.
    pub probe: bool,
    /// Who goes first where calls have to wait.
    pub priority: Priority,
    /// What is sent is not a request of the scope but asks, in its place, whether the backend is ready: its time is not the scope's.
    pub stand_in: bool,
    /// A second attempt may be sent beside one that is slow, where the settings hedge and it may be repeated.
    pub hedged: bool,
    /// What it takes of the limits on calls in flight and on the rate; 0 is as good as 1.
    pub weight: u16,
}

impl CallSpec {
    /// Whether a kept answer may be served at all.
    #[must_use]
    pub const fn cacheable(&self) -> bool {
        !matches!(self.lookup, Lookup::Never)
    }

    /// A `GET` whose answers are kept.
    #[must_use]
    pub const fn read(scope: ScopeId) -> CallSpec {
        CallSpec {
            scope,
            repeatable: true,
            read: true,
            lookup: Lookup::Last,
            patience: None,
            probe: false,
            priority: Priority::Normal,
            stand_in: false,
            hedged: true,
            weight: 1,
        }
    }

    /// A `POST`: sent once, never kept.
    #[must_use]
    pub const fn write(scope: ScopeId) -> CallSpec {
        CallSpec {
            scope,
            repeatable: false,
            read: false,
            lookup: Lookup::Never,
            patience: None,
            probe: false,
            priority: Priority::Normal,
            stand_in: false,
            hedged: false,
            weight: 1,
        }
    }

    /// A background probe.
    #[must_use]
    pub const fn probe(scope: ScopeId) -> CallSpec {
        CallSpec {
            scope,
            repeatable: false,
            read: true,
            lookup: Lookup::Never,
            patience: None,
            probe: true,
            priority: Priority::Background,
            stand_in: false,
            hedged: false,
            weight: 1,
        }
    }

    /// A background probe that asks the path which the server named for it.
    #[must_use]
    pub const fn stand_in(scope: ScopeId) -> CallSpec {
        CallSpec {
            stand_in: true,
            ..CallSpec::probe(scope)
        }
    }

    /// A request by its method, and whether it carries an `Idempotency-Key`.
    ///
    /// RFC 9110, section 9.2: `GET`, `HEAD` and `OPTIONS` only read; `PUT` and `DELETE` may be repeated. Anything else may only
    /// when a key lets the server tell a repetition. Only `GET` has answers worth keeping.
    #[must_use]
    pub fn of(scope: ScopeId, method: &str, keyed: bool) -> CallSpec {
        let read = matches!(method, "GET" | "HEAD" | "OPTIONS");
        let repeatable = read || keyed || matches!(method, "PUT" | "DELETE");
        CallSpec {
            scope,
            repeatable,
            read,
            lookup: match method {
                "GET" => Lookup::Last,
                _ => Lookup::Never,
            },
            patience: None,
            probe: false,
            priority: Priority::Normal,
            stand_in: false,
            hedged: true,
            weight: 1,
        }
    }
}
