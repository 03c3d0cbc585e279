//! What a backend is made of, with the numbers and where they come from.

use serde::{Deserialize, Serialize};

use crate::check::{ProgramError, range};
use crate::micros::Micros;
use crate::spread::Spread;

const MAX_CONNECTIONS: u64 = 100_000;
const MAX_QUEUE: u64 = 100_000;
const MAX_MS: u64 = 600_000;
const MAX_SLOWDOWN: u64 = 1_000_000;
const MAX_FRONT_COST_US: u64 = 1_000_000;
const MAX_KEYS: u64 = 100_000;

/// How a backend behaves under load.
///
/// The default is a backend that is never in the way: more connections than anybody opens, work that takes no time, a front that costs
/// nothing. The named ones are [`reference`](BackendSettings::reference), [`origin`](BackendSettings::origin) and
/// [`unpooled`](BackendSettings::unpooled).
///
/// ```
/// use tidegate_contract::{BackendSettings, Micros};
/// let text = r#"{"connections":50,"queue":1000,"service":{"fixedMs":250}}"#;
/// let settings: BackendSettings = serde_json::from_str(text).unwrap();
/// assert_eq!(settings.check(), Ok(()));
/// assert_eq!(settings.wait_behind(1_000), Micros::from_millis(5_000));
/// ```
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct BackendSettings {
    /// What becomes of the work of a client that has left.
    pub cancel: Cancel,
    /// How many requests are worked on at the same time: *K*.
    pub connections: u32,
    /// Whether a waiting request is dropped as soon as its deadline cannot be met any more.
    pub drop_expired: bool,
    /// Refuse at once when the estimated wait exceeds the time that the client has left, or this if it says no deadline; never, if
    /// not given.
    pub early_refusal_ms: Option<u64>,
    /// How much work the front may have before it before a connection is refused.
    pub front_backlog_ms: u64,
    /// What the front spends on every request, whatever becomes of it.
    pub front_cost_us: u64,
    /// How long an answer from the cache takes.
    pub hit_ms: u64,
    /// How many of a thousand reads the cache can answer when it is warm.
    pub hit_permille: u32,
    /// How many idempotency keys are remembered once their work is done; 0 ignores keys. The oldest is forgotten for a new one.
    pub idempotency_keys: u32,
    /// Who is next when a connection is free.
    pub order: QueueOrder,
    /// How many requests may wait for a connection: *Q*.
    pub queue: u32,
    /// How long the work on a request takes: *S* is its mean.
    pub service: Spread,
    /// How much longer it takes at present, in thousandths: 1000 is as usual, 10,000 ten times as long.
    pub slowdown: u32,
    /// How long a request may wait for a connection: *W*; for ever, if not given.
    pub wait_limit_ms: Option<u64>,
}

/// What becomes of the work of a client that has left.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Cancel {
    /// It is done all the same, for nobody: what nearly every server does, since nobody looks at the socket in between.
    #[default]
    Never,
    /// It is given up also while it runs, and has no effect.
    Running,
    /// It is given up while it waits for a connection.
    Waiting,
}

/// Who is next when a connection is free.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(
    deny_unknown_fields,
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum QueueOrder {
    /// Who waits longest, but nobody may wait long while the queue stands.
    ///
    /// The variant of CoDel (RFC 8289) for requests in Maurer, *Fail at Scale*, ACM Queue 2015: a request may wait `interval_ms`, and
    /// only `target_ms` if the queue has not been empty for `interval_ms`. Both papers use 5 and 100.
    CoDel {
        /// How long a request may wait while the queue stands.
        target_ms: u64,
        /// How long the queue may stand, and a request wait otherwise.
        interval_ms: u64,
    },
    /// Who waits longest.
    #[default]
    Fifo,
    /// Who came last: most likely its client is still there.
    Lifo,
}

impl BackendSettings {
    /// No slowdown.
    pub const AS_USUAL: u32 = 1_000;

    /// The backend that all figures are given for: 50 connections, 250 ms of work, 2000 places to wait.
    ///
    /// 1000 of the places are PgBouncer's and 1000 those of the API's own pool (SQLAlchemy waits 30 s by default, first in first
    /// out). 35 % of reads are answered by a cache in 3 ms, so it carries 200 requests/s on the database and 292 in all: 2920 users at
    /// a request per ten seconds. The front's 0.25 ms (4000 requests/s) and half a second of backlog are assumptions.
    #[must_use]
    pub fn reference() -> BackendSettings {
        BackendSettings {
            connections: 50,
            front_backlog_ms: 500,
            front_cost_us: 250,
            hit_ms: 3,
            hit_permille: 350,
            queue: 2_000,
            service: Spread::REFERENCE,
            wait_limit_ms: Some(30_000),
            ..BackendSettings::default()
        }
    }

    /// "Connections from 100 to 1000": 1000 places in front of 50 connections, as PgBouncer has them when it is told so.
    ///
    /// Behind 1000 a request waits 1000 x 250 ms / 50 = 5 s, and 5 s is when clients give up: it sits on the cliff. PgBouncer itself
    /// gives up after two minutes (`query_wait_timeout`). The rest is the reference.
    #[must_use]
    pub fn origin() -> BackendSettings {
        BackendSettings {
            queue: 1_000,
            wait_limit_ms: Some(120_000),
            ..BackendSettings::reference()
        }
    }

    /// "Max 100 connections exhausted": PostgreSQL's default `max_connections` with nothing in front, so that the hundred-and-first is
    /// refused. The rest is the reference.
    #[must_use]
    pub fn unpooled() -> BackendSettings {
        BackendSettings {
            connections: 100,
            queue: 0,
            wait_limit_ms: None,
            ..BackendSettings::reference()
        }
    }

    /// The mean time that the work on a request takes at present.
    #[must_use]
    pub fn mean_service(&self) -> Micros {
        self.service.mean().scaled(self.slowdown)
    }

    /// How long a request waits behind this many others when all connections are busy: their number times *S* / *K*.
    #[must_use]
    pub fn wait_behind(&self, waiting: usize) -> Micros {
        wait(waiting, self.mean_service(), self.connections)
    }

    /// Whether every value is in its range.
    ///
    /// # Errors
    /// The first value that is not, with its path.
    pub fn check(&self) -> Result<(), ProgramError> {
        self.check_at("")
    }

    /// As [`BackendSettings::check`], for settings that stand at `path` (empty, or ending in a dot) in something larger.
    pub(crate) fn check_at(&self, path: &str) -> Result<(), ProgramError> {
        let at = |name: &str| format!("{path}{name}");
        let connections = u64::from(self.connections);
        range(&at("connections"), connections, 1, MAX_CONNECTIONS)?;
        if let Some(limit) = self.early_refusal_ms {
            range(&at("earlyRefusalMs"), limit, 0, MAX_MS)?;
        }
        range(&at("frontBacklogMs"), self.front_backlog_ms, 0, MAX_MS)?;
        range(&at("frontCostUs"), self.front_cost_us, 0, MAX_FRONT_COST_US)?;
        range(&at("hitMs"), self.hit_ms, 0, MAX_MS)?;
        range(&at("hitPermille"), self.hit_permille.into(), 0, 1_000)?;
        let keys = u64::from(self.idempotency_keys);
        range(&at("idempotencyKeys"), keys, 0, MAX_KEYS)?;
        if let QueueOrder::CoDel {
            target_ms,
            interval_ms,
        } = self.order
        {
            range(&at("order.coDel.intervalMs"), interval_ms, 1, MAX_MS)?;
            range(&at("order.coDel.targetMs"), target_ms, 0, interval_ms)?;
        }
        range(&at("queue"), self.queue.into(), 0, MAX_QUEUE)?;
        self.service.check(&at("service"))?;
        range(&at("slowdown"), self.slowdown.into(), 0, MAX_SLOWDOWN)?;
        match self.wait_limit_ms {
            None => Ok(()),
            Some(limit) => range(&at("waitLimitMs"), limit, 0, MAX_MS),
        }
    }
}

/// Little's law for a queue that is always full.
pub(super) fn wait(waiting: usize, service: Micros, connections: u32) -> Micros {
    let work = service.0.saturating_mul(waiting as u64);
    Micros(work / u64::from(connections.max(1)))
}

impl Default for BackendSettings {
    /// Nothing in the way: 100,000 connections, no service time, no cache, no front. The queue is as long as the pool is
    /// large, so that whoever sets a smaller pool makes requests wait, as frameworks do, rather than fail.
    fn default() -> BackendSettings {
        BackendSettings {
            cancel: Cancel::Never,
            connections: 100_000,
            drop_expired: false,
            early_refusal_ms: None,
            front_backlog_ms: 0,
            front_cost_us: 0,
            hit_ms: 0,
            hit_permille: 0,
            idempotency_keys: 0,
            order: QueueOrder::Fifo,
            queue: 100_000,
            service: Spread::ZERO,
            slowdown: BackendSettings::AS_USUAL,
            wait_limit_ms: None,
        }
    }
}
