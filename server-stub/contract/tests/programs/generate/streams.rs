//! Any feed, and anything that can happen to its streams.

use proptest::prelude::*;
use tidegate_contract::feed::{AcceptLimit, AcceptOrder, FeedSettings};
use tidegate_contract::{
    PingFault, ReconnectHint, ResumeFault, SocketAct, SocketClose, SocketDrain, SocketPoint,
};

const HOUR_MS: u64 = 3_600_000;
const MAX_MESSAGE: u64 = 1_000_000;

pub(super) fn feed() -> impl Strategy<Value = FeedSettings> {
    let order = prop_oneof![Just(AcceptOrder::Fifo), Just(AcceptOrder::Lifo)];
    let accept =
        (1..=1_000_000_u32, 0..=1_000_000_u32, order).prop_map(|(per_second, backlog, order)| {
            AcceptLimit {
                per_second,
                backlog,
                order,
            }
        });
    let times = (1..=3_600_u32, 1..=600_000_u64, 0..=600_000_u64);
    let some = (
        prop::option::of(1..=HOUR_MS),
        prop::option::of(accept),
        prop::option::of(hint()),
        prop::option::of(1..=86_400_u32),
    );
    (times, some).prop_map(|(times, some)| FeedSettings {
        ping_s: times.0,
        pong_ms: times.1,
        retry_ms: times.2,
        event_every_ms: some.0,
        accept: some.1,
        hint: some.2,
        token_ttl_s: some.3,
    })
}

pub(super) fn point() -> impl Strategy<Value = SocketPoint> {
    prop_oneof![
        (0..=HOUR_MS).prop_map(SocketPoint::AfterMs),
        (1..=MAX_MESSAGE).prop_map(SocketPoint::Every),
        (1..=MAX_MESSAGE).prop_map(SocketPoint::Message),
        (0..=1_000_u32).prop_map(SocketPoint::Share),
    ]
}

pub(super) fn act() -> impl Strategy<Value = SocketAct> {
    let code = prop_oneof![1_000..=1_003_u16, 1_007..=1_014_u16, 3_000..=4_999_u16];
    let close = (code, "[ -~]{0,123}", prop::option::of(hint()));
    let simple = [
        SocketAct::Drop,
        SocketAct::Duplicate,
        SocketAct::Garbage,
        SocketAct::Ping(PingFault::Silent),
        SocketAct::Ping(PingFault::Wrong),
        SocketAct::Reset,
        SocketAct::Skip,
        SocketAct::Stall,
        SocketAct::Stop,
        SocketAct::Swap,
        SocketAct::Tear,
        SocketAct::Vanish,
        SocketAct::Volatile,
        SocketAct::Resume(ResumeFault::Expired),
        SocketAct::Resume(ResumeFault::NewEpoch),
    ];
    prop_oneof![
        prop::sample::select(simple.to_vec()),
        close.prop_map(|(code, reason, hint)| {
            SocketAct::Close(SocketClose { code, reason, hint })
        }),
        prop_oneof![
            (1..=16_u64 << 20).prop_map(SocketAct::ChunkBytes),
            (0..=HOUR_MS, 0..=HOUR_MS)
                .prop_map(|(by_ms, window_ms)| SocketAct::Drain(SocketDrain { by_ms, window_ms })),
            (0..=600_000_u64).prop_map(|ms| SocketAct::Ping(PingFault::LateMs(ms))),
            (1..=16_u64 << 20).prop_map(SocketAct::ReadBytesPerSecond),
            (100..=10_000_u32).prop_map(SocketAct::Refuse),
            (100..=10_000_u32).prop_map(SocketAct::RefuseRefresh),
            (1..=1_000_u64).prop_map(SocketAct::ReverseAcks),
        ],
        (0..=600_000_u64).prop_map(SocketAct::DelayMs),
        (1..=MAX_MESSAGE).prop_map(SocketAct::LoseAcks),
        (1..=16_u64 << 20).prop_map(SocketAct::OversizeBytes),
        (0..=MAX_MESSAGE).prop_map(|keep| SocketAct::Resume(ResumeFault::Keep(keep))),
    ]
}

fn hint() -> impl Strategy<Value = ReconnectHint> {
    (0..=HOUR_MS, 0..=HOUR_MS).prop_map(|(min_ms, window_ms)| ReconnectHint { min_ms, window_ms })
}
