//! Those who wait for a connection.
//!
//! Sorted sets rather than a deque with holes: whoever leaves from the middle leaves nothing behind.

use std::collections::BTreeSet;

use tidegate_core::Instant;

use super::attempt::{Attempt, AttemptId, Lapse};
use super::settings::{BackendSettings, QueueOrder};
use crate::micros::Micros;

/// Until when somebody waits, and why not longer.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Limit {
    pub(super) at: Instant,
    pub(super) lapse: Lapse,
}

#[derive(Debug)]
pub(super) struct Line {
    waiting: BTreeSet<AttemptId>,
    limits: BTreeSet<(Limit, AttemptId)>,
    /// When somebody last found it empty.
    empty_at: Instant,
}

impl Line {
    pub(super) fn new(now: Instant) -> Line {
        Line {
            waiting: BTreeSet::new(),
            limits: BTreeSet::new(),
            empty_at: now,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Whether nothing is left of anybody.
    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.limits.is_empty()
    }

    /// Puts an attempt in the line and says until when it stays there.
    pub(super) fn join(
        &mut self,
        now: Instant,
        id: AttemptId,
        attempt: &Attempt,
        settings: &BackendSettings,
    ) -> Option<Limit> {
        if self.waiting.is_empty() {
            self.empty_at = now;
        }
        let limit = self.limit(now, attempt, settings);
        self.waiting.insert(id);
        self.limits.extend(limit.map(|limit| (limit, id)));
        limit
    }

    pub(super) fn remove(&mut self, id: AttemptId, limit: Option<Limit>) {
        self.waiting.remove(&id);
        if let Some(limit) = limit {
            self.limits.remove(&(limit, id));
        }
    }

    /// Who gets the next connection.
    pub(super) fn next(&self, order: QueueOrder) -> Option<AttemptId> {
        match order {
            QueueOrder::CoDel { .. } | QueueOrder::Fifo => self.waiting.first().copied(),
            QueueOrder::Lifo => self.waiting.last().copied(),
        }
    }

    /// Whose limit comes first.
    pub(super) fn first_limit(&self) -> Option<(Limit, AttemptId)> {
        self.limits.first().copied()
    }

    fn limit(&self, now: Instant, attempt: &Attempt, settings: &BackendSettings) -> Option<Limit> {
        let wait = settings.wait_limit_ms.map(|limit| Limit {
            at: now + Micros::from_millis(limit),
            lapse: Lapse::WaitLimit,
        });
        let standing = match settings.order {
            QueueOrder::CoDel {
                target_ms,
                interval_ms,
            } => {
                let interval = Micros::from_millis(interval_ms);
                let stands = Micros::since(now, self.empty_at) > interval;
                let most = if stands {
                    Micros::from_millis(target_ms)
                } else {
                    interval
                };
                Some(Limit {
                    at: now + most,
                    lapse: Lapse::Standing,
                })
            }
            QueueOrder::Fifo | QueueOrder::Lifo => None,
        };
        let deadline = attempt
            .deadline
            .filter(|_| settings.drop_expired)
            .map(|at| Limit {
                at,
                lapse: Lapse::Deadline,
            });
        [wait, standing, deadline].into_iter().flatten().min()
    }
}
