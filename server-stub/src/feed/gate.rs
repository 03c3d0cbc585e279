//! How many streams are accepted per second, and how many may wait for it: what a herd of returning clients meets. Pure.
//!
//! First come, first served. Whoever leaves while waiting has used up its turn all the same, as an abandoned handshake does.

use tidegate_contract::feed::AcceptLimit;
use tidegate_core::Instant;

/// The turns that have been given away.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Gate {
    /// The first turn that is still free.
    next: Instant,
}

impl Gate {
    /// The turn of a stream that is asked for `now`; `None` when too many are waiting.
    pub(crate) fn admit(&mut self, now: Instant, limit: Option<AcceptLimit>) -> Option<Instant> {
        let Some(AcceptLimit {
            per_second,
            backlog,
        }) = limit
        else {
            return Some(now);
        };
        let turn = 1_000_000 / u64::from(per_second.max(1));
        let at = self.next.max(now);
        let waiting = (at.as_micros() - now.as_micros()).div_ceil(turn);
        if waiting > backlog.into() {
            return None;
        }
        self.next = Instant::from_micros(at.as_micros().saturating_add(turn));
        Some(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turns(gate: &mut Gate, now: u64, count: usize) -> Vec<Option<u64>> {
        let limit = Some(AcceptLimit {
            per_second: 10,
            backlog: 3,
        });
        let now = Instant::from_millis(now);
        (0..count)
            .map(|_| gate.admit(now, limit).map(Instant::as_millis))
            .collect()
    }

    #[test]
    fn turns_are_given_in_order_until_the_backlog_is_full() {
        let mut gate = Gate::default();
        let expected = [Some(0), Some(100), Some(200), Some(300), None, None];
        assert_eq!(turns(&mut gate, 0, 6), expected);
        assert_eq!(turns(&mut gate, 150, 2), [Some(400), None]);
        assert_eq!(turns(&mut gate, 5_000, 1), [Some(5_000)]);
    }

    #[test]
    fn without_a_limit_everybody_is_accepted_at_once() {
        let now = Instant::from_millis(7);
        let mut gate = Gate::default();
        assert!((0..1_000).all(|_| gate.admit(now, None) == Some(now)));
    }
}
