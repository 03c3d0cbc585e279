//! Latencies, all of them: exact percentiles by nearest rank.

use std::time::Duration;

use serde::Serialize;

#[derive(Clone, Debug, Default)]
pub(crate) struct Latencies(Vec<u64>);

/// What is said of many latencies, in microseconds.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Percentiles {
    pub(crate) count: usize,
    pub(crate) p50_us: u64,
    pub(crate) p99_us: u64,
    pub(crate) p999_us: u64,
    pub(crate) max_us: u64,
}

impl Latencies {
    pub(crate) fn add(&mut self, latency: Duration) {
        self.0
            .push(u64::try_from(latency.as_micros()).unwrap_or(u64::MAX));
    }

    pub(crate) fn extend(&mut self, other: &Latencies) {
        self.0.extend(&other.0);
    }

    pub(crate) fn percentiles(&self) -> Percentiles {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let at = |permille: usize| {
            let rank = (sorted.len() * permille).div_ceil(1_000).max(1);
            sorted.get(rank - 1).copied().unwrap_or_default()
        };
        Percentiles {
            count: sorted.len(),
            p50_us: at(500),
            p99_us: at(990),
            p999_us: at(999),
            max_us: at(1_000),
        }
    }
}

impl Percentiles {
    /// The cells of a table's row, in milliseconds.
    pub(crate) fn cells(&self) -> String {
        let cell = |us: u64| format!("{:>10.3}", us as f64 / 1_000.0);
        let cells = [self.p50_us, self.p99_us, self.p999_us, self.max_us].map(cell);
        format!("{:>9}{}", self.count, cells.concat())
    }
}
