//! How much each client may ask for, and what it is told of that.
//!
//! A fixed window per client, counted from the client's first request in it: simple enough that a test can count along. The answer
//! carries `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers), true to the request; a request too many is
//! answered 429 with `Retry-After`, which never points before the window's end.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use tidegate_core::{Instant, Millis};

/// Far above the number of browsers in a test; a few hundred kilobytes at most. Who comes later shares one window.
const MAX_CLIENTS: usize = 4_096;

/// So many requests in so much time, for each client.
///
/// ```
/// use tidegate_contract::{Quota, QuotaRun};
/// use tidegate_core::Instant;
/// let mut run = QuotaRun::default();
/// let quota = Quota { limit: 1, window_ms: 60_000 };
/// assert!(run.take(quota, Instant::START, "ann").granted);
/// assert!(!run.take(quota, Instant::START, "ann").granted);
/// assert!(run.take(quota, Instant::START, "bob").granted);
/// ```
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Quota {
    /// How many requests.
    pub limit: u64,
    /// In how many milliseconds.
    pub window_ms: u64,
}

/// Where a client stands after one request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[must_use]
pub struct Standing {
    /// Whether this request was within the quota.
    pub granted: bool,
    /// How many more are.
    pub remaining: u64,
    /// Whole seconds until the window is over, rounded up.
    pub reset_s: u64,
}

impl Standing {
    /// The value of `RateLimit`.
    #[must_use]
    pub fn rate_limit(&self) -> String {
        format!("\"default\";r={};t={}", self.remaining, self.reset_s)
    }
}

impl Quota {
    /// The value of `RateLimit-Policy`.
    #[must_use]
    pub fn policy(self) -> String {
        format!(
            "\"default\";q={};w={}",
            self.limit,
            self.window_ms.div_ceil(1_000)
        )
    }
}

/// The windows of all clients.
#[derive(Clone, Debug, Default)]
pub struct QuotaRun {
    windows: HashMap<String, Taken>,
    latecomers: Taken,
}

#[derive(Clone, Copy, Debug, Default)]
struct Taken {
    since: Option<Instant>,
    count: u64,
}

impl QuotaRun {
    /// Takes one request of a client into account.
    pub fn take(&mut self, quota: Quota, now: Instant, client: &str) -> Standing {
        let window = if self.windows.contains_key(client) || self.windows.len() < MAX_CLIENTS {
            self.windows.entry(client.to_owned()).or_default()
        } else {
            &mut self.latecomers
        };
        let length = Millis(quota.window_ms);
        let since = match window.since {
            Some(since) if now < since + length => since,
            _ => {
                *window = Taken {
                    since: Some(now),
                    count: 0,
                };
                now
            }
        };
        let granted = window.count < quota.limit;
        window.count = window.count.saturating_add(u64::from(granted));
        Standing {
            granted,
            remaining: quota.limit - window.count.min(quota.limit),
            reset_s: ((since + length) - now).0.div_ceil(1_000),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUOTA: Quota = Quota {
        limit: 2,
        window_ms: 60_000,
    };

    #[test]
    fn a_window_begins_with_the_first_request_in_it() {
        let mut run = QuotaRun::default();
        let mut at = |ms| run.take(QUOTA, Instant::from_millis(ms), "ann");
        assert_eq!(at(500).rate_limit(), "\"default\";r=1;t=60");
        assert_eq!(at(30_000).rate_limit(), "\"default\";r=0;t=31");
        assert!(!at(60_499).granted);
        assert_eq!(at(60_500).rate_limit(), "\"default\";r=1;t=60");
        assert_eq!(QUOTA.policy(), "\"default\";q=2;w=60");
    }

    #[test]
    fn a_client_over_its_quota_does_not_move_the_window() {
        let mut run = QuotaRun::default();
        let granted = (0..120_000)
            .step_by(100)
            .filter(|&ms| run.take(QUOTA, Instant::from_millis(ms), "ann").granted)
            .count();
        assert_eq!(granted, 4);
    }
}
