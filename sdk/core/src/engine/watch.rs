//! The figures that are watched, and who is told when one becomes bad or well.

use alloc::vec::Vec;

use super::Engine;
use crate::alert::{AlertKind, AlertSettings, Alerts, Threshold, permille};
use crate::event::Event;
use crate::health::AlertHealth;
use crate::latencies::Latencies;
use crate::settings::AlertsSettings;
use crate::sketch::Micros;
use crate::tally::{Ends, Tally};
use crate::time::{Instant, Millis};

/// Figures that flicker are not looked at more often.
const LEAST: Millis = Millis(1_000);
/// While one is bad, it is looked at this often.
const OFTEN: Millis = Millis(5_000);

#[derive(Clone, Debug)]
pub(super) struct Watch {
    pub(super) latencies: Latencies,
    pub(super) tally: Tally,
    alerts: Alerts,
    looked: Instant,
    /// Bytes kept, and those that may be.
    storage: Option<(u64, u64)>,
}

impl Watch {
    pub(super) fn new(settings: &AlertsSettings) -> Watch {
        Watch {
            latencies: Latencies::default(),
            tally: Tally::default(),
            alerts: Alerts::new(settings.into()),
            looked: Instant::START,
            storage: None,
        }
    }

    pub(super) fn set(&mut self, settings: &AlertsSettings) {
        self.alerts.set(settings.into());
    }
}

impl Engine {
    /// Looks at all figures. The engine does so by itself when calls end; the driver does at [`Engine::next_look`], or nobody would learn
    /// in a quiet page that all is well again.
    pub fn look(&mut self, now: Instant) {
        if now < self.watch.looked + LEAST {
            return;
        }
        self.look_now(now);
    }

    fn look_now(&mut self, now: Instant) {
        self.watch.looked = now;
        for kind in AlertKind::ALL {
            let value = self.figure(now, *kind);
            if let Some(change) = self.watch.alerts.observe(now, *kind, value) {
                self.emit(Event::Alert(change));
            }
        }
    }

    /// When the figures should be looked at though nothing happens; [`Instant::NEVER`] while all is well.
    #[must_use]
    pub fn next_look(&self) -> Instant {
        match self.watch.alerts.is_calm() {
            true => Instant::NEVER,
            false => self.watch.looked + OFTEN,
        }
    }

    /// How much of the browser's storage is used, in bytes.
    pub fn set_storage_use(&mut self, now: Instant, used: u64, most: u64) {
        self.watch.storage = Some((used, most));
        self.look_now(now);
    }

    /// A call is over.
    pub(crate) fn count(&mut self, now: Instant, ends: Ends) {
        self.watch.tally.add(now, ends);
        self.look(now);
    }

    pub(super) fn alert_health(&self, now: Instant) -> Vec<AlertHealth> {
        let kinds = AlertKind::ALL.iter();
        let health = kinds.map(|kind| AlertHealth {
            kind: *kind,
            level: self.watch.alerts.level(*kind),
            value: self.figure(now, *kind),
        });
        health.collect()
    }

    /// A figure in permille or milliseconds, if there is enough to tell it from.
    fn figure(&self, now: Instant, kind: AlertKind) -> Option<u64> {
        let ends = self.watch.tally.ends(now);
        let settings = self.watch.alerts.settings();
        let rate = |part: u32, whole: u32| settings.rate(part.into(), whole.into());
        match kind {
            AlertKind::CacheHits => rate(ends.kept, ends.kept + ends.missed),
            AlertKind::DeadLetters => Some(self.outbox.dead.into()),
            AlertKind::DegradedShare => rate(ends.kept, ends.all),
            AlertKind::ErrorRate => rate(ends.failed, ends.all),
            AlertKind::OutboxAge => self.outbox.oldest_ms.or(Some(0)),
            AlertKind::OutboxUse => self.outbox_use(),
            AlertKind::PoolUse => self.pool_use(now),
            AlertKind::ResponseTime => {
                let sketch = self.watch.latencies.sketch();
                let enough = sketch.count(now) >= settings.least_calls;
                let slowest = sketch.percentile(now, 990).filter(|_| enough);
                slowest.map(|Micros(micros)| micros / 1_000)
            }
            AlertKind::StorageUse => self
                .watch
                .storage
                .and_then(|(used, most)| permille(used, most)),
        }
    }

    fn outbox_use(&self) -> Option<u64> {
        let settings = &self.settings.outbox;
        let entries = self.outbox.length + self.outbox.dead + self.outbox.others;
        let entries = permille(entries.into(), settings.entries.into());
        entries.max(permille(self.outbox.bytes, settings.total_bytes.into()))
    }

    /// Of the origin that is used most.
    fn pool_use(&self, now: Instant) -> Option<u64> {
        let settings = &self.settings.concurrency;
        let uses = self.scopes.origins.iter().map(|origin| {
            let limit = self.limit_in_force(origin, now);
            let queued = origin.limit.waiting().count() + origin.held.len();
            let out = permille(origin.limit.load(now).into(), limit.into());
            out.max(permille(queued as u64, settings.queue.into()))
        });
        uses.max().flatten()
    }
}

impl From<&AlertsSettings> for AlertSettings {
    fn from(settings: &AlertsSettings) -> AlertSettings {
        let percent = |warning: u32, critical: u32| Threshold {
            warning: u64::from(warning) * 10,
            critical: u64::from(critical) * 10,
        };
        AlertSettings {
            cache_hits: percent(
                settings.cache_hits_warning_percent,
                settings.cache_hits_critical_percent,
            ),
            dead_letters: Threshold {
                warning: settings.dead_letters_warning_count.into(),
                critical: settings.dead_letters_critical_count.into(),
            },
            degraded_share: percent(
                settings.degraded_share_warning_percent,
                settings.degraded_share_critical_percent,
            ),
            error_rate: percent(
                settings.error_rate_warning_percent,
                settings.error_rate_critical_percent,
            ),
            outbox_age_ms: Threshold {
                warning: settings.outbox_age_warning_ms.into(),
                critical: settings.outbox_age_critical_ms.into(),
            },
            outbox_use: percent(
                settings.outbox_use_warning_percent,
                settings.outbox_use_critical_percent,
            ),
            pool_use: percent(
                settings.pool_use_warning_percent,
                settings.pool_use_critical_percent,
            ),
            response_time_ms: Threshold {
                warning: settings.response_time_warning_ms.into(),
                critical: settings.response_time_critical_ms.into(),
            },
            storage_use: percent(
                settings.storage_use_warning_percent,
                settings.storage_use_critical_percent,
            ),
            least_calls: settings.least_calls,
            rise_ms: settings.rise_ms,
            fall_ms: settings.fall_ms,
            ..AlertSettings::default()
        }
    }
}
