//! What may go wrong, as data.
//!
//! A [`FaultProgram`] says what the backend is like (`backend`, `quota`, `health`), what happens to requests (`rules`) and when that
//! changes (`script`). Each rule says *when* it applies ([`Match`]) and *what* happens then, as an ordered list of [`Fault`]s. Every
//! rule is looked at for every request, and the lists of all that hit are carried out one after the other:
//!
//! - a [`Fault::Delay`] holds the request, so two of them **add up**;
//! - [`Fault::Effect`] does the work there and then; a list without one ends with it. What stands before it happens to a request that
//!   has had no effect yet, what stands after it to one that has;
//! - the first fault that ends a request (`close`, `garble`, `reset`, `status`) is the **last one** that is carried out; a `hang` goes on when it is let go;
//! - faults that change an answer (`content`, `cors`, `cut`, `header`, `killIdle`, `slowBody`, and `socket` for a stream) wait until there is one, wherever they
//!   stand.
//!
//! So `[delay, reset]` loses a request that never did anything, and `[effect, reset]` loses the answer to one that did.
//!
//! The wire form is JSON in camelCase. [`FaultProgram::from_json`] refuses what it does not know; `check.rs` has the ranges.

use serde::{Deserialize, Serialize};
use tidegate_core::Millis;

use crate::backend::BackendSettings;
use crate::feed::FeedSettings;
use crate::idempotency::IdempotencyMode;
use crate::pattern::Pattern;
use crate::quota::Quota;
use crate::script::Moment;
use crate::socket_fault::{SocketAct, SocketPoint};
use crate::spread::Spread;
use crate::when::{Count, Load, Match, Window};

/// How a backend behaves and fails, with the seed of all its draws.
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
    /// The pool, its queue and the time that work takes; nothing of the kind by default.
    #[serde(default)]
    pub backend: BackendSettings,
    /// What an `Idempotency-Key` is worth. (The model's own table, `backend.idempotencyKeys`, is for simulations.)
    #[serde(default)]
    pub idempotency: IdempotencyMode,
    /// How much each client may ask for; as much as it likes by default.
    #[serde(default)]
    pub quota: Option<Quota>,
    /// What the health endpoint says.
    #[serde(default)]
    pub health: Health,
    /// Whether answers carry a hint for clients, see `tidegate-hint`.
    #[serde(default)]
    pub hints: bool,
    /// How the live feed behaves when nothing goes wrong.
    #[serde(default)]
    pub feed: FeedSettings,
    /// What happens to requests.
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// What changes as time goes by.
    #[serde(default)]
    pub script: Vec<Moment>,
}

impl FaultProgram {
    /// A program in which nothing goes wrong.
    #[must_use]
    pub fn new(seed: u64) -> FaultProgram {
        FaultProgram {
            seed,
            listener: Listener::Open,
            backend: BackendSettings::default(),
            idempotency: IdempotencyMode::default(),
            quota: None,
            health: Health::Honest,
            hints: false,
            feed: FeedSettings::default(),
            rules: Vec::new(),
            script: Vec::new(),
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

    /// The same program in front of this backend.
    #[must_use]
    pub fn with_backend(mut self, backend: BackendSettings) -> FaultProgram {
        self.backend = backend;
        self
    }

    /// The same program with this quota for each client.
    #[must_use]
    pub fn with_quota(mut self, quota: Quota) -> FaultProgram {
        self.quota = Some(quota);
        self
    }

    /// The same program with this health endpoint.
    #[must_use]
    pub fn with_health(mut self, health: Health) -> FaultProgram {
        self.health = health;
        self
    }

    /// The same program with a made-up event in its feed this often.
    #[must_use]
    pub fn with_event_every(mut self, every: Millis) -> FaultProgram {
        self.feed.event_every_ms = Some(every.0);
        self
    }

    /// The same program with one more moment in its script.
    #[must_use]
    pub fn with_moment(mut self, moment: Moment) -> FaultProgram {
        self.script.push(moment);
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

/// What the health endpoint says of the backend behind it.
///
/// One that waits for the pool turns an overload into the ejection of machines that work; one that never looks says "fine" during
/// exhaustion. Both are common, so both can be had.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Health {
    /// "Fine", whatever happens.
    AlwaysFine,
    /// "Failing", whatever happens.
    AlwaysFailing,
    /// Fine and failing by turns, this long each.
    Flapping {
        /// The length of a turn.
        every_ms: u64,
    },
    /// The truth, from memory: fine while a request would wait less than half a second.
    #[default]
    Honest,
    /// The truth, late.
    Slow {
        /// How late.
        ms: u64,
    },
    /// Waits for a connection of the pool like any request.
    ThroughPool,
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
    /// What happens to them, in order.
    pub then: Vec<Fault>,
}

impl Rule {
    /// A rule about every request.
    #[must_use]
    pub fn new(name: impl Into<String>, then: Fault) -> Rule {
        Rule {
            name: name.into(),
            when: Match::default(),
            then: vec![then],
        }
    }

    /// The same rule, with one more fault after the others.
    ///
    /// ```
    /// use tidegate_contract::{Fault, Rule};
    /// let lost_answer = Rule::new("lost", Fault::Effect).and_then(Fault::Reset);
    /// assert_eq!(lost_answer.then.len(), 2);
    /// ```
    #[must_use]
    pub fn and_then(mut self, fault: Fault) -> Rule {
        self.then.push(fault);
        self
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

    /// The same rule, only for clients whose name fits.
    #[must_use]
    pub fn for_client(mut self, pattern: &str) -> Rule {
        self.when.client = Some(Pattern::from(pattern));
        self
    }

    /// The same rule, for this many of a thousand requests.
    #[must_use]
    pub fn with_share(mut self, permille: u32) -> Rule {
        self.when.share = permille;
        self
    }

    /// The same rule, for these of each client's requests.
    #[must_use]
    pub fn for_count(mut self, count: Count) -> Rule {
        self.when.count = count;
        self
    }

    /// The same rule, only while the window is open.
    #[must_use]
    pub fn during(mut self, window: Window) -> Rule {
        self.when.window = window;
        self
    }

    /// The same rule, only under this load.
    #[must_use]
    pub fn under(mut self, load: Load) -> Rule {
        self.when.load = load;
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
    /// The connection is closed without an answer.
    Close,
    /// The answer is well-formed HTTP and not what was asked for.
    Content {
        /// What it is instead.
        variant: Content,
    },
    /// The page may not read the answer, or not all of it.
    Cors {
        /// What is missing.
        variant: Cors,
    },
    /// The connection ends in the middle of the answer's body, whose whole length was promised.
    Cut {
        /// After so many bytes of the body, as they go over the wire.
        after_bytes: u64,
        /// Whether it ends with a reset; politely, when left out.
        #[serde(default)]
        reset: bool,
    },
    /// Held back for a while.
    Delay {
        /// For how long.
        time: Spread,
    },
    /// The work is done now. What comes after this in the list happens to a request that has taken effect.
    Effect,
    /// Bytes that are not HTTP, and then the end of the connection.
    Garble {
        /// Which bytes.
        variant: Garble,
    },
    /// Taken in and never answered, until the client leaves or another program is put in force.
    Hang,
    /// A header of the answer is set or taken away.
    Header {
        /// Its name.
        name: String,
        /// Its value; without one the header is taken away.
        #[serde(default)]
        value: Option<String>,
    },
    /// The connection is reset if it is idle for this long after the answer: the next request on it may meet the end.
    KillIdle {
        /// For how long.
        after_ms: u64,
    },
    /// The connection is reset before an answer begins.
    Reset,
    /// The body arrives in pieces.
    SlowBody {
        /// How many.
        chunks: u32,
        /// Over how long.
        over_ms: u64,
    },
    /// Something goes wrong on the stream that the request opens, see [`crate::SocketFault`].
    Socket {
        /// When; as soon as the stream is open, when left out.
        #[serde(default)]
        at: SocketPoint,
        /// What.
        act: SocketAct,
    },
    /// Answered with this status instead of the data.
    Status {
        /// 400 to 599.
        code: u16,
        /// When to come back, if the answer says so.
        #[serde(default)]
        retry_after: Option<RetryAfter>,
    },
}

impl Fault {
    /// The fault in one word, as the wire spells it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Fault::Close => "close",
            Fault::Content { .. } => "content",
            Fault::Cors { .. } => "cors",
            Fault::Cut { .. } => "cut",
            Fault::Delay { .. } => "delay",
            Fault::Effect => "effect",
            Fault::Garble { .. } => "garble",
            Fault::Hang => "hang",
            Fault::Header { .. } => "header",
            Fault::KillIdle { .. } => "killIdle",
            Fault::Reset => "reset",
            Fault::SlowBody { .. } => "slowBody",
            Fault::Socket { .. } => "socket",
            Fault::Status { .. } => "status",
        }
    }
}

/// What an answer is instead of the data, with status 200 all the same.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Content {
    /// JSON that ends in the middle.
    CutJson,
    /// A page that asks to sign in, as a proxy would send.
    Html,
    /// The data in another shape: every name in `snake_case`, as in the release before.
    OldSchema,
}

/// What a page is not allowed to see.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Cors {
    /// `Access-Control-Max-Age: 0`: every request is asked for anew.
    ForgetPreflight,
    /// No header is exposed: no `Retry-After`, no `ETag`.
    HideHeaders,
    /// No `Access-Control-Allow-Origin`: the page sees a nameless network error, whatever the status.
    NoAllowOrigin,
    /// A preflight is answered 403 without permission.
    RefusePreflight,
}

/// Bytes that no HTTP client can make sense of.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Garble {
    /// A proper head, and a chunk whose length is not a number.
    BadChunk,
    /// Not even a head.
    Noise,
}

impl Garble {
    /// What goes over the wire. The head lets every page in: one that may not read it could not tell a bad chunk from noise.
    #[must_use]
    pub const fn bytes(self) -> &'static [u8] {
        match self {
            Garble::BadChunk => {
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nAccess-Control-Allow-Origin: *\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\nxyz\r\n"
            }
            Garble::Noise => b"\x16\x03\x01\x00\x05lkjfgh\x00\xff\xfe\r\n\r\n",
        }
    }
}

/// The forms of the `Retry-After` header: a number, a date, true or not.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum RetryAfter {
    /// An HTTP-date this many seconds ahead.
    DateInSeconds(u32),
    /// A number of seconds.
    Seconds(u32),
    /// The truth, as a number: how long the queue would take, at least 1 s.
    Truth,
    /// The truth, as an HTTP-date.
    TruthAsDate,
}
