//! Any program that is acceptable, with a preference for none.

mod backend;
mod rules;
mod streams;

use proptest::prelude::*;
use tidegate_contract::{
    Change, ClockSetting, FaultProgram, Health, IdempotencyMode, Listener, Moment, Preset, Quota,
    SocketChange, SpaceSettings,
};
use tidegate_core::Millis;

const DAY_MS: u64 = 86_400_000;
const SEEDS: u64 = 1 << 53;

pub(crate) fn program() -> impl Strategy<Value = FaultProgram> {
    let listener = prop_oneof![Just(Listener::Open), Just(Listener::Closed)];
    let about = (0..SEEDS, listener, health(), any::<bool>(), idempotency());
    let parts = (
        backend::settings(),
        prop::option::of(quota()),
        streams::feed(),
        prop::collection::vec(rules::rule(), 0..4),
        prop::collection::vec(moment(), 0..4),
    );
    (about, parts).prop_map(|(about, parts)| {
        let (seed, listener, health, hints, idempotency) = about;
        let (backend, quota, feed, mut rules, script) = parts;
        // Names are unique.
        for (number, rule) in rules.iter_mut().enumerate() {
            rule.name = format!("{number}{}", rule.name);
        }
        FaultProgram {
            seed,
            listener,
            backend,
            idempotency,
            quota,
            health,
            hints,
            feed,
            rules,
            script,
        }
    })
}

pub(crate) fn space() -> impl Strategy<Value = SpaceSettings> {
    let clock = prop_oneof![
        Just(ClockSetting::Manual),
        Just(ClockSetting::Real),
        (1..=1_000_u32).prop_map(ClockSetting::Times),
    ];
    let preset = prop::sample::select(Preset::all().to_vec()).prop_map(|preset| preset.to_string());
    let assets = prop::option::of(1..=SpaceSettings::MAX_ASSETS);
    (
        prop::option::of(0..SEEDS),
        prop::option::of(preset),
        clock,
        assets,
    )
        .prop_map(|(seed, preset, clock, assets)| SpaceSettings {
            seed,
            preset,
            clock,
            assets,
        })
}

pub(crate) fn moment() -> impl Strategy<Value = Moment> {
    let code = prop::sample::select(vec![1_000, 1_001, 1_012, 3_000, 4_999]);
    let change = prop_oneof![
        Just(Change::Close),
        Just(Change::Cold),
        Just(Change::Heal),
        Just(Change::Open),
        (1..=100_000_u32).prop_map(|connections| Change::Pool { connections }),
        (100..=1_000_000_u32).prop_map(|permille| Change::Slow { permille }),
        Just(Change::Sockets(SocketChange::Stall)),
        Just(Change::Sockets(SocketChange::Vanish)),
        code.prop_map(|code| Change::Sockets(SocketChange::Close { code })),
        (0..=100_000_u32).prop_map(|count| Change::Users { count }),
    ];
    (0..=DAY_MS, change).prop_map(|(at, change)| Moment {
        at: Millis(at),
        change,
    })
}

fn health() -> impl Strategy<Value = Health> {
    prop_oneof![
        Just(Health::AlwaysFailing),
        Just(Health::AlwaysFine),
        (1..=DAY_MS).prop_map(|every_ms| Health::Flapping { every_ms }),
        Just(Health::Honest),
        (0..=600_000_u64).prop_map(|ms| Health::Slow { ms }),
        Just(Health::ThroughPool),
    ]
}

fn idempotency() -> impl Strategy<Value = IdempotencyMode> {
    prop_oneof![
        Just(IdempotencyMode::Off),
        Just(IdempotencyMode::On),
        Just(IdempotencyMode::Required),
    ]
}

fn quota() -> impl Strategy<Value = Quota> {
    (1..=1_000_000_u64, 1..=DAY_MS).prop_map(|(limit, window_ms)| Quota { limit, window_ms })
}
