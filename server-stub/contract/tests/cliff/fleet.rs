//! A crowd and a backend in one loop of virtual time.

use tidegate_contract::{Backend, BackendSettings, Crowd, CrowdDriver, CrowdSettings};
use tidegate_core::Instant;

pub(crate) fn at(seconds: u64) -> Instant {
    Instant::from_millis(seconds * 1_000)
}

/// A crowd and its backend.
pub(crate) struct Fleet {
    pub(crate) backend: Backend,
    driver: CrowdDriver,
}

impl Fleet {
    pub(crate) fn new(backend: BackendSettings, crowd: CrowdSettings, seed: u64) -> Fleet {
        Fleet {
            backend: Backend::new(backend, at(0)),
            driver: CrowdDriver::new(crowd, seed, at(0)),
        }
    }

    pub(crate) fn crowd(&self) -> &Crowd {
        self.driver.crowd()
    }

    pub(crate) fn slow_down(&mut self, now: Instant, slowdown: u32) {
        let settings = BackendSettings {
            slowdown,
            ..self.backend.settings().clone()
        };
        self.backend.configure(now, settings);
    }

    pub(crate) fn run_to(&mut self, end: Instant) {
        loop {
            let next = [self.backend.deadline(), self.driver.deadline()];
            let now = next.into_iter().flatten().min().unwrap_or(end).min(end);
            while let Some(notice) = self.backend.poll(now) {
                self.driver.take(&notice);
            }
            self.driver.advance(now, &mut self.backend);
            if now == end {
                return;
            }
        }
    }

    /// Seconds from this one to the first of ten in a row that are fresh.
    pub(crate) fn recovery(&self, from: u64) -> Option<u64> {
        let seconds: Vec<_> = self
            .crowd()
            .seconds()
            .filter(|s| s.second >= from)
            .collect();
        let start = seconds
            .windows(10)
            .find(|ten| ten.iter().all(|second| second.is_fresh()));
        start.map(|ten| ten[0].second - from)
    }
}
