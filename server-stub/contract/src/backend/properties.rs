//! Whatever is done to a backend in whatever order, its connections and attempts add up.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::draw::Draw;
use crate::spread::Spread;

#[derive(Clone, Debug)]
enum Step {
    Arrive {
        key: Option<u64>,
        patience: Option<u64>,
    },
    Configure {
        settings: Box<BackendSettings>,
    },
    Leave {
        nth: usize,
    },
    Pass {
        ms: u64,
    },
    Poll,
    SetBack {
        ms: u64,
    },
}

fn settings() -> impl Strategy<Value = BackendSettings> {
    let order = prop_oneof![
        Just(QueueOrder::Fifo),
        Just(QueueOrder::Lifo),
        Just(QueueOrder::CoDel {
            target_ms: 5,
            interval_ms: 100
        }),
    ];
    let cancel = prop_oneof![
        Just(Cancel::Never),
        Just(Cancel::Waiting),
        Just(Cancel::Running)
    ];
    let pool = (1..6_u32, 0..8_u32, 0..3_000_u32, 0..4_u32);
    let limits = (
        prop::option::of(0..400_u64),
        prop::option::of(0..400_u64),
        any::<bool>(),
        prop_oneof![Just(0), 1..5_000_u64],
    );
    (pool, limits, order, cancel).prop_map(|(pool, limits, order, cancel)| BackendSettings {
        cancel,
        connections: pool.0,
        drop_expired: limits.2,
        early_refusal_ms: limits.0,
        front_backlog_ms: 20,
        front_cost_us: limits.3,
        hit_ms: 3,
        hit_permille: 100,
        idempotency_keys: pool.3,
        order,
        queue: pool.1,
        service: Spread::UniformMs { from: 0, to: 200 },
        slowdown: pool.2,
        wait_limit_ms: limits.1,
    })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (prop::option::of(0..4_u64), prop::option::of(0..500_u64))
            .prop_map(|(key, patience)| Step::Arrive { key, patience }),
        1 => settings().prop_map(|settings| Step::Configure { settings: Box::new(settings) }),
        4 => (0..8_usize).prop_map(|nth| Step::Leave { nth }),
        6 => (0..150_u64).prop_map(|ms| Step::Pass { ms }),
        4 => Just(Step::Poll),
        1 => (0..500_u64).prop_map(|ms| Step::SetBack { ms }),
    ]
}

/// What an observer knows who only reads notices.
#[derive(Default)]
struct Observer {
    waiting: BTreeSet<AttemptId>,
    running: BTreeSet<AttemptId>,
    ended: BTreeMap<AttemptId, AttemptEvent>,
    latest: Instant,
}

impl Observer {
    fn drain(&mut self, backend: &mut Backend, now: Instant) {
        while let Some(notice) = backend.poll(now) {
            assert!(
                notice.at >= self.latest,
                "notices come in the order of time"
            );
            self.latest = notice.at;
            match notice.what {
                AttemptEvent::Started { .. } => {
                    assert!(self.waiting.remove(&notice.id));
                    self.running.insert(notice.id);
                    // Only who is below the number may start somebody, so this never holds above it.
                    assert!(self.running.len() <= backend.settings().connections as usize);
                }
                AttemptEvent::Completed { .. } => {
                    assert!(self.running.remove(&notice.id));
                    assert_eq!(self.ended.insert(notice.id, notice.what), None);
                }
                AttemptEvent::Dropped { .. } => {
                    assert!(self.running.remove(&notice.id) || self.waiting.remove(&notice.id));
                    assert_eq!(self.ended.insert(notice.id, notice.what), None);
                }
            }
        }
        assert_eq!(backend.in_use(), self.running.len());
        assert_eq!(backend.waiting(), self.waiting.len());
        assert!(
            self.waiting.is_empty() || backend.in_use() >= backend.settings().connections as usize
        );
    }
}

proptest! {
    #[test]
    fn no_connection_is_lost_or_used_twice(
        first in settings(),
        steps in prop::collection::vec(step(), 1..200),
        seed in any::<u64>(),
    ) {
        let root = Draw::from_seed(seed);
        let mut now = Instant::from_millis(1_000);
        let mut backend = Backend::new(first, now);
        let mut observer = Observer::default();
        for (n, step) in steps.into_iter().enumerate() {
            let mut told = now;
            match step {
                Step::Arrive { key, patience } => {
                    let luck = root.at(n as u64);
                    let attempt = Attempt {
                        deadline: patience.map(|ms| now + Micros::from_millis(ms)),
                        intent: luck,
                        key,
                        service: luck.next(),
                        write: key.is_some(),
                    };
                    if let Admission::Admitted(id) = backend.arrive(now, attempt) {
                        observer.waiting.insert(id);
                    }
                }
                Step::Configure { settings } => {
                    observer.drain(&mut backend, now);
                    backend.configure(now, *settings);
                    observer.drain(&mut backend, now);
                }
                Step::Leave { nth } => {
                    let known = observer.waiting.iter().chain(&observer.running);
                    if let Some(id) = known.copied().nth(nth) {
                        backend.leave(now, id);
                    }
                }
                Step::Pass { ms } => now = now + Micros::from_millis(ms),
                Step::Poll => observer.drain(&mut backend, now),
                Step::SetBack { ms } => told = Instant::from_millis(ms),
            }
            if told < now {
                prop_assert!(backend.level(told) <= 1_000);
            }
        }
        observer.drain(&mut backend, now);
        while let Some(at) = backend.deadline() {
            prop_assert!(at >= now);
            now = at;
            observer.drain(&mut backend, now);
        }
        prop_assert!(observer.waiting.is_empty() && observer.running.is_empty());
        let totals = backend.totals();
        let admitted = observer.ended.len() as u64;
        let answered = totals.refused.sum() + totals.hits + totals.replays + totals.conflicts;
        prop_assert_eq!(totals.arrived, answered + admitted);
        prop_assert_eq!(admitted, totals.useful + totals.wasted + totals.dropped.sum());
        prop_assert!(backend.jobs.is_empty() && backend.line.is_empty());
        prop_assert!(backend.keys.len() <= backend.settings().idempotency_keys as usize);
    }
}
