//! When other libraries come back, by their defaults, as they were read in their sources.
//!
//! A law says how long the wait is before each attempt, and how long the attempt may take. Whoever has no law for the second has the browser's,
//! which is longer than any backlog here.

use tidegate_contract::Draw;

/// How long a library waits, and for how long it tries.
#[derive(Clone, Copy, Debug)]
pub(super) struct Law {
    /// The wait before an attempt, in milliseconds; `None`: it gives up. Attempts count from 0; the first draw is the page's own, the second
    /// the attempt's. The last is the time since the drop.
    pub(super) delay_ms: fn(u32, Draw, Draw, u64) -> Option<f64>,
    /// How long an attempt may take, in milliseconds.
    pub(super) timeout_ms: Option<u64>,
}

fn doubled(base: f64, times: u32) -> f64 {
    base * f64::from(times.min(31)).exp2()
}

/// reconnecting-websocket 4.4: the first wait is drawn once per page load; the factor is 1.3, and nothing is drawn after that.
pub(super) const RECONNECTING_WEBSOCKET: Law = Law {
    delay_ms: |attempt, page, _, _| {
        let first = 1_000.0 + 4_000.0 * page.unit();
        Some((first * 1.3_f64.powi(attempt as i32)).min(10_000.0))
    },
    timeout_ms: Some(4_000),
};

/// partysocket 1.3: the same from 3 s, for everybody.
pub(super) const PARTYSOCKET: Law = Law {
    delay_ms: |attempt, _, _, _| Some((3_000.0 * 1.3_f64.powi(attempt as i32)).min(10_000.0)),
    timeout_ms: Some(4_000),
};

/// centrifuge-js 5.8: half a second, and a draw up to one that doubles; 20 s at most.
pub(super) const CENTRIFUGE: Law = Law {
    delay_ms: |attempt, _, luck, _| {
        let ceiling = doubled(500.0, attempt).min(20_000.0);
        Some((500.0 + luck.unit() * ceiling).min(20_000.0))
    },
    timeout_ms: Some(5_000),
};

/// socket.io-client 4.8: half of a doubling second up or down, and then the cap of 5 s: from the sixth on everybody waits for exactly that.
pub(super) const SOCKET_IO: Law = Law {
    delay_ms: |attempt, _, luck, _| {
        let wait = doubled(1_000.0, attempt);
        Some((wait * (0.5 + luck.unit())).min(5_000.0))
    },
    timeout_ms: Some(20_000),
};

/// Phoenix 1.8: a table from 10 ms on, then 5 s.
pub(super) const PHOENIX: Law = Law {
    delay_ms: |attempt, _, _, _| {
        let table = [10, 50, 100, 150, 200, 250, 500, 1_000, 2_000];
        let wait = table.get(attempt as usize).copied().unwrap_or(5_000);
        Some(f64::from(wait))
    },
    timeout_ms: None,
};

/// SignalR 10 with automatic reconnects: 0, 2, 10 and 30 s, and no more.
pub(super) const SIGNALR: Law = Law {
    delay_ms: |attempt, _, _, _| {
        let table = [0.0, 2_000.0, 10_000.0, 30_000.0];
        table.get(attempt as usize).copied()
    },
    timeout_ms: Some(30_000),
};

/// graphql-ws 6.4: a doubling second and 0.3 to 3 s more; five times.
pub(super) const GRAPHQL_WS: Law = Law {
    delay_ms: |attempt, _, luck, _| {
        let wait = doubled(1_000.0, attempt) + 300.0 + 2_700.0 * luck.unit();
        (attempt < 5).then_some(wait)
    },
    timeout_ms: None,
};

/// Ably 2.28: at once, which counts as the first of a series of 15, 20, 25 and 30 s, up to a fifth less; after two minutes 30 s for everybody.
pub(super) const ABLY: Law = Law {
    delay_ms: |attempt, _, luck, since| {
        if since >= 120_000 {
            return Some(30_000.0);
        }
        if attempt == 0 {
            return Some(0.0);
        }
        let wait = 15_000.0 * (f64::from(attempt + 3) / 3.0).min(2.0);
        Some(wait * (1.0 - 0.2 * luck.unit()))
    },
    timeout_ms: Some(10_000),
};

/// leptos-use: 3 s, and the third drop in a page's life is final.
pub(super) const LEPTOS_USE: Law = Law {
    delay_ms: |attempt, _, _, _| (attempt < 3).then_some(3_000.0),
    timeout_ms: None,
};

#[cfg(test)]
mod tests {
    use super::*;

    fn delays(law: Law, seed: u64) -> Vec<Option<u64>> {
        let root = Draw::from_seed(seed);
        let delay =
            |attempt: u32| (law.delay_ms)(attempt, root, root.at(u64::from(attempt) + 1), 0);
        (0..8)
            .map(|n| delay(n).map(|wait| wait.round() as u64))
            .collect()
    }

    #[test]
    fn laws_without_luck_are_their_tables() {
        let some = |waits: &[u64]| waits.iter().copied().map(Some).collect::<Vec<_>>();
        assert_eq!(
            delays(PARTYSOCKET, 1),
            some(&[3_000, 3_900, 5_070, 6_591, 8_568, 10_000, 10_000, 10_000])
        );
        assert_eq!(
            delays(PHOENIX, 1),
            some(&[10, 50, 100, 150, 200, 250, 500, 1_000])
        );
        assert_eq!(delays(SIGNALR, 1)[3..5], [Some(30_000), None]);
        assert_eq!(delays(LEPTOS_USE, 1)[2..4], [Some(3_000), None]);
    }

    #[test]
    fn at_its_cap_one_law_has_no_luck_left() {
        for seed in 0..100 {
            let waits = delays(SOCKET_IO, seed);
            assert!(waits[0].is_some_and(|wait| (500..=1_500).contains(&wait)));
            assert_eq!(waits[4..], [Some(5_000); 4]);
            let waits = delays(GRAPHQL_WS, seed);
            assert!(waits[4].is_some_and(|wait| (16_300..=19_000).contains(&wait)));
            assert_eq!(waits[5], None);
        }
    }
}
