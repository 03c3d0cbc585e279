//! The snapshot itself: whole numbers only, so that it reads the same everywhere.
//!
//! Times are in milliseconds, shares in permille. What has "recent" in its name covers the last 60 seconds, so that an alert goes out
//! again; totals count from the last reset.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::alerts::Alert;

/// What the control listener answers when asked for metrics: a snapshot and what to make of it.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MetricsReport {
    /// The snapshot.
    pub metrics: Metrics,
    /// One judgement per watched figure, also where nothing is wrong.
    pub alerts: Vec<Alert>,
    /// The preset in force, if the fault program came from one.
    pub preset: Option<String>,
}

/// One space, measured at one moment.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Metrics {
    /// The space's name.
    pub space: String,
    /// When the snapshot was taken, in milliseconds of the space's clock.
    pub at_ms: u64,
    /// The connections to the database that is not there.
    pub pool: Pool,
    /// Who waits for one of them.
    pub waiting: Waiting,
    /// Requests that have arrived and are not over.
    pub in_flight: u64,
    /// WebSockets and event streams that are open.
    pub sockets: u64,
    /// The process's memory; shared by all spaces.
    pub memory: Memory,
    /// The share of their requests that clients may send, in permille.
    pub level: u32,
    /// Whether newcomers are welcome.
    pub ready: bool,
    /// Shares over the last 60 seconds.
    pub recent: Recent,
    /// From arrival to answer, over the last 60 seconds.
    pub response: Times,
    /// From asking for a connection to having one, over the last 60 seconds.
    pub queue_wait: Times,
    /// From having a connection to giving it back, over the last 60 seconds.
    pub service: Times,
    /// Sums since the last reset.
    pub totals: Totals,
}

/// The pool.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Pool {
    /// How many connections there are.
    pub connections: u64,
    /// How many of them are at work.
    pub in_use: u64,
}

impl Pool {
    /// The share at work; a pool without connections is full.
    #[must_use]
    pub fn use_permille(self) -> u64 {
        match self.connections {
            0 if self.in_use == 0 => 0,
            0 => 1_000,
            connections => permille_of(self.in_use, connections),
        }
    }
}

/// The queue before the pool.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Waiting {
    /// How many wait, those included whose client has left.
    pub count: u64,
    /// How many may wait, if there is a limit.
    pub limit: Option<u64>,
    /// How long a newcomer would wait: queue length / connections x mean service time.
    pub estimated_ms: u64,
}

/// The memory of the process.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Memory {
    /// What is resident, where that can be told.
    pub resident_bytes: Option<u64>,
    /// What it is meant to stay below: stated, not enforced.
    pub limit_bytes: u64,
}

/// Shares of the last 60 seconds, with what they are shares of.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Recent {
    /// Requests that ended, preflights aside.
    pub ended: u64,
    /// Those answered with 5xx or cut: what the backend knows that it did wrong.
    pub errors: u64,
    /// Those whose client left first. No error, as a page may change its mind, but in an exhaustion loop nearly all of them.
    pub gone: u64,
    /// Pieces of work that the pool completed.
    pub completed: u64,
    /// Those whose client had left by then.
    pub wasted: u64,
}

impl Recent {
    /// Errors among the requests that got any end from the backend. Those whose client left first had none, and are not counted.
    #[must_use]
    pub fn error_permille(self) -> u64 {
        permille_of(self.errors, self.ended.saturating_sub(self.gone))
    }

    /// Clients gone among the requests that ended.
    #[must_use]
    pub fn gone_permille(self) -> u64 {
        permille_of(self.gone, self.ended)
    }

    /// Work for nobody among the work done.
    #[must_use]
    pub fn waste_permille(self) -> u64 {
        permille_of(self.wasted, self.completed)
    }
}

/// How long something took: percentiles of the last 60 seconds, count and sum since the last reset.
///
/// A percentile is off by 1.6 % at most ([`super::Histogram`]), and 0 when there was nothing to measure.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Times {
    /// Half took no longer.
    pub p50_ms: u64,
    /// 95 % took no longer.
    pub p95_ms: u64,
    /// 99 % took no longer.
    pub p99_ms: u64,
    /// How often since the last reset.
    pub count: u64,
    /// Altogether since the last reset.
    pub sum_ms: u64,
}

/// Sums since the last reset.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// Requests that arrived, preflights included.
    pub arrivals: u64,
    /// Arrivals that were CORS preflights.
    pub preflights: u64,
    /// Answers, preflights' included.
    pub answered: Answers,
    /// Requests that were turned away or given up before any work, by reason; at most 16 reasons, what comes later is `other`.
    pub refused: BTreeMap<String, u64>,
    /// Answers from the backend's own cache, without the pool.
    pub hits: u64,
    /// Work completed while somebody was waiting for it.
    pub completed_useful: u64,
    /// Work completed for nobody any more.
    pub completed_wasted: u64,
    /// Requests whose client left before the answer.
    pub clients_gone: u64,
    /// Connections that the stub cut instead of answering.
    pub cut: u64,
    /// Writes that took effect.
    pub effects: u64,
    /// Writes that took effect although one with the same idempotency key already had.
    pub effects_repeated: u64,
}

/// Answers by class and by status.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answers {
    /// Answers by class: `"2xx"` and so on, `"other"` beyond 5xx.
    pub by_class: BTreeMap<String, u64>,
    /// Answers by status: HTTP has 900 of them at most.
    pub by_status: BTreeMap<u16, u64>,
}

/// A share in permille; nothing of nothing is nothing.
///
/// ```
/// use tidegate_contract::metrics::permille_of;
/// assert_eq!(permille_of(1, 3), 333);
/// assert_eq!(permille_of(0, 0), 0);
/// ```
#[must_use]
pub fn permille_of(part: u64, whole: u64) -> u64 {
    // In 128 bits, as a count of a long run times a thousand may not fit into 64.
    let share = (u128::from(part) * 1_000).checked_div(u128::from(whole));
    u64::try_from(share.unwrap_or(0)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_survive_empty_wholes_and_huge_parts() {
        assert_eq!(Recent::default().error_permille(), 0);
        assert_eq!(permille_of(u64::MAX, u64::MAX), 1_000);
        let pool = |connections, in_use| Pool {
            connections,
            in_use,
        };
        assert_eq!(pool(50, 40).use_permille(), 800);
        assert_eq!(pool(0, 0).use_permille(), 0);
        assert_eq!(pool(0, 1).use_permille(), 1_000);
    }

    #[test]
    fn clients_that_left_are_no_errors_and_dilute_none() {
        let recent = Recent {
            ended: 100,
            errors: 1,
            gone: 98,
            ..Recent::default()
        };
        assert_eq!(recent.error_permille(), 500);
        assert_eq!(recent.gone_permille(), 980);
    }

    #[test]
    fn it_travels_as_json() {
        let report = MetricsReport::default();
        let text = serde_json::to_string(&report).unwrap();
        assert!(text.contains("\"estimatedMs\":0"), "{text}");
        assert_eq!(
            serde_json::from_str::<MetricsReport>(&text).unwrap(),
            report
        );
    }
}
