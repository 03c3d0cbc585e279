//! What may go wrong, as data.
//!
//! A [`FaultProgram`] is a list of rules and the state of the API listener. Each rule says *when* it applies ([`Match`]) and *what*
//! happens then ([`Fault`]). Every rule is looked at for every request:
//!
//! - all [`Fault::Latency`] rules that hit **add up**;
//! - of the others, which end a request, **the first one in the list** that hits wins;
//! - the delay comes first and the end after it, so "slow, then 503" is two rules.
//!
//! The wire form is JSON in camelCase. [`FaultProgram::from_json`] refuses what it does not know; `check.rs` has the ranges.

use serde::{Deserialize, Serialize};

use crate::pattern::Pattern;

/// A list of faults with the seed of their verdicts.
///
/// ```
/// use tidegate_contract::{Fault, FaultProgram, RetryAfter, Rule};
/// let busy = Fault::Status { code: 503, retry_after: Some(RetryAfter::Seconds(2)) };
/// let program = FaultProgram::new(1).with_rule(Rule::new("busy", busy).on_path("/api/assets*").with_share(300));
/// assert_eq!(program.check(), Ok(()));
/// ```
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct FaultProgram {
    /// Where all verdicts come from; up to 2^53 - 1, so that JavaScript can hold it.
    pub seed: u64,
    /// Whether the API can be connected to.
    #[serde(default)]
    pub listener: Listener,
    /// What happens to requests.
    #[serde(default)]
    pub rules: Vec<Rule>,
}

impl FaultProgram {
    /// A program in which nothing goes wrong.
    #[must_use]
    pub fn new(seed: u64) -> FaultProgram {
        FaultProgram {
            seed,
            listener: Listener::Open,
            rules: Vec::new(),
        }
    }

    /// The same program with one more rule at the end.
    #[must_use]
    pub fn with_rule(mut self, rule: Rule) -> FaultProgram {
        self.rules.push(rule);
        self
    }

    /// The same program with the API listener in this state.
    #[must_use]
    pub fn with_listener(mut self, listener: Listener) -> FaultProgram {
        self.listener = listener;
        self
    }
}

/// Whether the API listener accepts connections.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Listener {
    /// Connections are refused, and those that were open are cut.
    Closed,
    /// Connections are accepted.
    #[default]
    Open,
}

/// One thing that goes wrong.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Rule {
    /// Unique in its program: verdicts are drawn from it and the journal names it.
    pub name: String,
    /// Which requests it is about.
    #[serde(default)]
    pub when: Match,
    /// What happens to them.
    pub then: Fault,
}

impl Rule {
    /// A rule about every request.
    #[must_use]
    pub fn new(name: impl Into<String>, then: Fault) -> Rule {
        Rule {
            name: name.into(),
            when: Match::default(),
            then,
        }
    }

    /// The same rule, only for this path pattern.
    #[must_use]
    pub fn on_path(mut self, pattern: &str) -> Rule {
        self.when.path = Pattern::from(pattern);
        self
    }

    /// The same rule, only for this method.
    #[must_use]
    pub fn on_method(mut self, method: &str) -> Rule {
        self.when.method = Some(method.to_owned());
        self
    }

    /// The same rule, for this many of a thousand requests.
    #[must_use]
    pub fn with_share(mut self, permille: u32) -> Rule {
        self.when.share = permille;
        self
    }

    /// The same rule, only while the window is open.
    #[must_use]
    pub fn during(mut self, window: Window) -> Rule {
        self.when.window = window;
        self
    }
}

/// Which requests a rule is about; all of them by default.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Match {
    /// The path must fit.
    pub path: Pattern,
    /// The method must be this one. A CORS preflight is only ever met by a rule that asks for `OPTIONS`: browsers remember
    /// preflights, so letting them draw verdicts would make a run depend on the browser's memory.
    pub method: Option<String>,
    /// How many of a thousand fitting requests are hit.
    pub share: u32,
    /// When, counted from the moment the program was put in force.
    pub window: Window,
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
            share: Match::ALL,
            window: Window::default(),
        }
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
}

/// What happens to a request that a rule hits.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(
    deny_unknown_fields,
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "kind"
)]
pub enum Fault {
    /// Taken in and never answered, until the client leaves or another program is put in force.
    Hang,
    /// Held back for `ms`, give or take `jitter_ms` (evenly), and then treated as if nothing had been.
    Latency {
        /// The middle of the delay.
        ms: u64,
        /// How far from the middle it may be.
        #[serde(default)]
        jitter_ms: u64,
    },
    /// The connection is reset before an answer begins.
    Refuse,
    /// Answered with this status instead of the data.
    Status {
        /// 400 to 599.
        code: u16,
        /// When to come back, if the answer says so.
        #[serde(default)]
        retry_after: Option<RetryAfter>,
    },
}

/// The two forms of the `Retry-After` header: `{"seconds": 5}` and `{"dateInSeconds": 5}`.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum RetryAfter {
    /// An HTTP-date this many seconds ahead.
    DateInSeconds(u32),
    /// A number of seconds.
    Seconds(u32),
}
