//! Any rule.

use proptest::prelude::*;
use tidegate_contract::{
    Content, Cors, Count, Fault, Garble, Load, Match, Pattern, RetryAfter, Rule, Window,
};

use super::DAY_MS;
use super::backend::spread;
use super::streams::{act, point};

const MAX_MS: u64 = 600_000;

pub(super) fn rule() -> impl Strategy<Value = Rule> {
    let then = prop::collection::vec(fault(), 1..5);
    (".{0,10}", conditions(), then).prop_map(|(name, when, then)| Rule { name, when, then })
}

fn pattern() -> impl Strategy<Value = Pattern> {
    "[/a-z*]{1,20}".prop_map(|text| Pattern::from(text.as_str()))
}

fn conditions() -> impl Strategy<Value = Match> {
    let method = prop::option::of("[A-Z]{1,16}");
    let headers = prop::collection::btree_map("[a-z-]{1,12}", pattern(), 0..3);
    let query = prop::collection::btree_map("[a-zA-Z]{1,12}", pattern(), 0..3);
    let words = (
        pattern(),
        method,
        headers,
        query,
        prop::option::of(pattern()),
    );
    let numbers = (0..=1_000_u32, count(), window(), load());
    (words, numbers).prop_map(|(words, numbers)| Match {
        path: words.0,
        method: words.1,
        headers: words.2,
        query: words.3,
        client: words.4,
        share: numbers.0,
        count: numbers.1,
        window: numbers.2,
        load: numbers.3,
    })
}

fn count() -> impl Strategy<Value = Count> {
    let some = || prop::option::of(1..=1_000_000_000_u64);
    (0..=1_000_000_000_u64, some(), some()).prop_map(|(after, first, every)| Count {
        after,
        first,
        every,
    })
}

fn window() -> impl Strategy<Value = Window> {
    (0..DAY_MS - 1, 1..DAY_MS, any::<(bool, bool)>()).prop_map(
        |(from_ms, length, (ends, repeats))| {
            let to = (from_ms + length).min(DAY_MS);
            Window {
                from_ms,
                to_ms: ends.then_some(to),
                every_ms: repeats.then_some(to),
            }
        },
    )
}

fn load() -> impl Strategy<Value = Load> {
    let some = || prop::option::of(any::<u64>());
    (some(), some()).prop_map(|(in_flight_over, wait_over_ms)| Load {
        in_flight_over,
        wait_over_ms,
    })
}

fn fault() -> impl Strategy<Value = Fault> {
    let content = [Content::CutJson, Content::Html, Content::OldSchema];
    let cors = [
        Cors::ForgetPreflight,
        Cors::HideHeaders,
        Cors::NoAllowOrigin,
        Cors::RefusePreflight,
    ];
    let header = ("x-[a-z]{1,10}", prop::option::of("[ -~]{0,20}"));
    prop_oneof![
        prop::sample::select(vec![Fault::Close, Fault::Effect, Fault::Hang, Fault::Reset]),
        prop::sample::select(content.to_vec()).prop_map(|variant| Fault::Content { variant }),
        prop::sample::select(cors.to_vec()).prop_map(|variant| Fault::Cors { variant }),
        prop::sample::select(vec![Garble::BadChunk, Garble::Noise])
            .prop_map(|variant| Fault::Garble { variant }),
        (0..=1_u64 << 30, any::<bool>())
            .prop_map(|(after_bytes, reset)| Fault::Cut { after_bytes, reset }),
        spread().prop_map(|time| Fault::Delay { time }),
        header.prop_map(|(name, value)| Fault::Header { name, value }),
        (0..=MAX_MS).prop_map(|after_ms| Fault::KillIdle { after_ms }),
        (1..=1_000_u32, 0..=MAX_MS)
            .prop_map(|(chunks, over_ms)| Fault::SlowBody { chunks, over_ms }),
        (point(), act()).prop_map(|(at, act)| Fault::Socket { at, act }),
        (400..=599_u16, prop::option::of(retry_after()))
            .prop_map(|(code, retry_after)| Fault::Status { code, retry_after }),
    ]
}

fn retry_after() -> impl Strategy<Value = RetryAfter> {
    prop_oneof![
        (0..=2_592_000_u32).prop_map(RetryAfter::DateInSeconds),
        (0..=2_592_000_u32).prop_map(RetryAfter::Seconds),
        Just(RetryAfter::Truth),
        Just(RetryAfter::TruthAsDate),
    ]
}
