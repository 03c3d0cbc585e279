//! What servers, users and developers may do to an engine, and the settings under which they do it, at random.

use alloc::format;
use alloc::string::String;
use alloc::vec;

use proptest::prelude::*;

use super::world::{DOWN, OK, busy, status};
use crate::record::camel;
use crate::throttle::Priority;
use crate::{Found, Lookup, Millis, Outcome, SETTINGS, Settings};

pub(super) type Which = prop::sample::Index;

#[derive(Clone, Debug)]
pub(super) enum Deed {
    Begin(Which, Lookup, bool, Priority, u16),
    Cached(Which, Found),
    Cancel(Which),
    Configure(&'static str, u32),
    Hand(Which, bool),
    Hear(Which, String),
    Online(bool),
    Outcome(Which, Outcome, bool),
    Pass(u64),
    Poll(Which),
    Probe,
    Visit(u8),
}

/// What developers change while calls are under way, each from 1 to a number.
const CHANGES: &[(&str, u32)] = &[
    ("concurrency.limit", 5),
    ("concurrency.queue", 5),
    ("concurrency.adaptive", 1),
    ("concurrency.abandonedMs", 20_000),
    ("concurrency.newestFirst", 1),
    ("rate.limit", 60),
    ("rate.burst", 5),
    ("hedge.sharePermille", 200),
    ("gate.holdMs", 5_000),
];

fn word() -> impl Strategy<Value = String> {
    let field = (
        0..=1_000_u32,
        prop_oneof![2 => Just(0), 1 => 0..30_u32],
        any::<bool>(),
        1..30_u32,
    );
    prop_oneof![
        1 => Just(String::from("level=2000")),
        1 => Just(String::from("level=1000")),
        4 => field.prop_map(|(level, embargo, retries, ttl)| {
            format!("level={level}, embargo={embargo}, retries=?{}, ttl={ttl}", u8::from(retries))
        }),
    ]
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        20 => Just(OK),
        2 => Just(DOWN),
        1 => Just(Outcome::TimedOut),
        2 => Just(status(500)),
        2 => (0..100_000_u64).prop_map(|wait| busy(503, Millis(wait))),
    ]
}

fn lookup() -> impl Strategy<Value = Lookup> {
    prop_oneof![4 => Just(Lookup::Last), 2 => Just(Lookup::First), 1 => Just(Lookup::Only), 1 => Just(Lookup::Never)]
}

fn found() -> impl Strategy<Value = Found> {
    let age = Millis(7);
    prop_oneof![
        3 => Just(Found::Miss),
        2 => any::<bool>().prop_map(move |fresh| Found::Hit { age, fresh }),
        1 => Just(Found::Renew { age }),
    ]
}

pub(super) fn deed() -> impl Strategy<Value = Deed> {
    let which = any::<Which>;
    let priority = prop::sample::select(Priority::ALL);
    let change = (prop::sample::select(CHANGES), any::<u32>());
    prop_oneof![
        8 => (which(), lookup(), any::<bool>(), priority, 0..4_u16)
            .prop_map(|(at, lookup, write, priority, weight)| Deed::Begin(at, lookup, write, priority, weight)),
        3 => (which(), found()).prop_map(|(at, found)| Deed::Cached(at, found)),
        2 => which().prop_map(Deed::Cancel),
        1 => change.prop_map(|((path, most), value)| Deed::Configure(path, 1 + value % most)),
        1 => (which(), prop::bool::weighted(0.3)).prop_map(|(at, shut)| Deed::Hand(at, shut)),
        1 => (which(), word()).prop_map(|(at, word)| Deed::Hear(at, word)),
        1 => prop::bool::weighted(0.8).prop_map(Deed::Online),
        16 => (which(), outcome(), any::<bool>()).prop_map(|(at, outcome, hedge)| Deed::Outcome(at, outcome, hedge)),
        6 => prop_oneof![20 => 0..80_u64, 4 => 0..5_000_u64, 1 => 0..100_000_u64].prop_map(Deed::Pass),
        2 => which().prop_map(Deed::Poll),
        2 => Just(Deed::Probe),
        1 => any::<u8>().prop_map(Deed::Visit),
    ]
}

/// Each at its least, at its most, as it is or anything between.
pub(super) fn settings() -> impl Strategy<Value = Settings> {
    let values = prop::collection::vec((0..8_u8, any::<u32>()), SETTINGS.len());
    values.prop_map(|values| {
        let mut settings = Settings::default();
        for (setting, (kind, value)) in SETTINGS.iter().zip(values) {
            let value = match kind {
                0 => setting.min,
                1 => setting.max,
                2 => setting.min + value % (setting.max - setting.min + 1),
                _ => continue,
            };
            settings.set(&camel(setting.path), value.into()).unwrap();
        }
        if settings.check().is_err() {
            settings.alerts = Settings::default().alerts;
        }
        settings
    })
}
