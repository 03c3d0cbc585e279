//! Any backend.

use proptest::prelude::*;
use tidegate_contract::{BackendSettings, Cancel, QueueOrder, Spread};

const MAX_MS: u64 = 600_000;

pub(super) fn settings() -> impl Strategy<Value = BackendSettings> {
    let cancel = prop_oneof![
        Just(Cancel::Never),
        Just(Cancel::Running),
        Just(Cancel::Waiting)
    ];
    let order = prop_oneof![
        Just(QueueOrder::Fifo),
        Just(QueueOrder::Lifo),
        (0..=MAX_MS, 0..MAX_MS).prop_map(|(one, other)| QueueOrder::CoDel {
            target_ms: one.min(other + 1),
            interval_ms: one.max(other + 1),
        }),
    ];
    let limit = || prop::option::of(0..=MAX_MS);
    let pool = (
        cancel,
        1..=100_000_u32,
        any::<bool>(),
        order,
        0..=100_000_u32,
    );
    let front = (0..=MAX_MS, 0..=1_000_000_u64, 0..=MAX_MS, 0..=1_000_u32);
    let times = (
        limit(),
        limit(),
        spread(),
        0..=1_000_000_u32,
        0..=100_000_u32,
    );
    (pool, front, times).prop_map(|(pool, front, times)| BackendSettings {
        cancel: pool.0,
        connections: pool.1,
        drop_expired: pool.2,
        early_refusal_ms: times.0,
        front_backlog_ms: front.0,
        front_cost_us: front.1,
        hit_ms: front.2,
        hit_permille: front.3,
        idempotency_keys: times.4,
        order: pool.3,
        queue: pool.4,
        service: times.2,
        slowdown: times.3,
        wait_limit_ms: times.1,
    })
}

pub(super) fn spread() -> impl Strategy<Value = Spread> {
    let log_normal = (0..=MAX_MS, 0..=3_000_u64, prop::option::of(0..=MAX_MS));
    prop_oneof![
        (0..=MAX_MS).prop_map(|mean| Spread::ExponentialMs { mean }),
        (0..=MAX_MS).prop_map(Spread::FixedMs),
        log_normal.prop_map(|(median_ms, sigma_permille, cap)| Spread::LogNormal {
            median_ms,
            sigma_permille,
            cap_ms: cap.map(|cap| cap.max(median_ms)),
        }),
        (0..=MAX_MS, 0..=MAX_MS).prop_map(|(one, other)| Spread::UniformMs {
            from: one.min(other),
            to: one.max(other),
        }),
    ]
}
