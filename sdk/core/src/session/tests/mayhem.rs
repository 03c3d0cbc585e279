//! Whatever happens, in whatever order: one socket, waits within their law, nothing after the end, and it comes to rest.

use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::stage::{CHANNEL, Stage, publication};
use crate::session::{
    DeliveryId, Frame, Hint, Input, LinkId, Overflow, Protocol, RpcId, RpcWish, SnapshotId,
    SocketChange, StreamId, Wish,
};
use crate::{Instant, Millis, Wall};

/// Something that happens; numbers name links and deliveries from the latest backwards.
#[derive(Clone, Debug)]
enum Act {
    Ask(bool, u64),
    Close(u16),
    Input(Input),
    Latest(u8, Late),
    Pass(u64),
    Pause(bool),
    Publish(u64),
    Reconnect,
    Send,
    Sleep(u64),
    Subscribe,
    Unsubscribe,
}

#[derive(Clone, Debug)]
enum Late {
    /// An answer to this command: a result, a refusal, or another token.
    Answer(u64, u8),
    Buffered(u64),
    Closed(u16),
    Frame(usize),
    Handled(bool),
    Heard,
    NotReady,
    Opened,
    Provided,
    ProviderFailed,
    Ready,
    Snapshot(bool),
    Token,
    StreamAnswered(u16),
    StreamEnded,
    StreamNotProvided,
    StreamSaid(usize),
}

const FRAMES: &[&str] = &[
    "{}",
    "x",
    r#"{"id":1,"connect":{"ping":25,"session":"s","subs":{"governance":{"positioned":true,"epoch":"e","offset":0}}}}"#,
    r#"{"id":1,"ack":1,"connect":{"ping":1,"session":"s","hint":{"min_ms":3,"window_ms":9},"subs":{"governance":{"positioned":true,"recovered":true,"epoch":"e","offset":9}}}}"#,
    r#"{"id":1,"error":{"code":109}}"#,
    r#"{"ack":2}"#,
    r#"{"ack":99}"#,
    r#"{"push":{"disconnect":{"code":1012,"reconnect":true,"min_ms":100,"window_ms":2000}}}"#,
    r#"{"push":{"disconnect":{"code":3500}}}"#,
    r#"{"drain":{"by_ms":9000,"window_ms":4000}}"#,
    r#"{"push":{"channel":"governance","unsubscribe":{"code":2500}}}"#,
    r#"{"id":9,"replay":{"channel":"governance","epoch":"e","offset":3,"publications":[{"offset":1,"data":1},{"offset":2,"data":2}]}}"#,
    r#"{"id":9,"snapshot":{"channel":"governance","epoch":"f","offset":5}}"#,
    r#"{"id":1,"connect":{"ping":25,"session":"s","expires":true,"ttl":20,"subs":{}}}"#,
    r#"{"push":{"refresh":{"expires":true,"ttl":3}}}"#,
];

const KINDS: &[(Protocol, bool)] = &[
    (Protocol::Raw, false),
    (Protocol::Sse, true),
    (Protocol::Tidegate, false),
    (Protocol::Tidegate, true),
];

/// Of the latest stream.
const TEXTS: &[&str] = &[
    ":\n\n",
    "retry: 20\n\n",
    "id: e:0\n\n",
    "id: e:9\n",
    "\n",
    "data: 1\n\n",
    "data: {",
    "event: snapshot\nid: f:5\ndata: {}\n\n",
];

fn act() -> impl Strategy<Value = Act> {
    let code = prop::sample::select(&[1_000_u16, 1_006, 1_006, 1_012, 1_008, 4_401, 4_000][..]);
    let streams = prop_oneof![
        prop::sample::select(&[200_u16, 200, 200, 204, 401, 404, 503][..])
            .prop_map(Late::StreamAnswered),
        Just(Late::StreamEnded),
        Just(Late::StreamNotProvided),
        (0..TEXTS.len()).prop_map(Late::StreamSaid),
    ];
    let late = prop_oneof![
        1 => (0_u64..3_000_000).prop_map(Late::Buffered),
        1 => code.clone().prop_map(Late::Closed),
        1 => (0..FRAMES.len()).prop_map(Late::Frame),
        1 => any::<bool>().prop_map(Late::Handled),
        1 => Just(Late::Heard),
        2 => Just(Late::Opened),
        1 => Just(Late::Provided),
        1 => Just(Late::ProviderFailed),
        1 => Just(Late::Ready),
        1 => Just(Late::NotReady),
        2 => any::<bool>().prop_map(Late::Snapshot),
        1 => Just(Late::Token),
        1 => (1_u64..40, 0_u8..3).prop_map(|(command, kind)| Late::Answer(command, kind)),
        4 => streams,
    ];
    let millis = prop_oneof![0_u64..50, 0_u64..30_000, 0_u64..1_000_000];
    let input = prop_oneof![
        any::<bool>().prop_map(Input::Hidden),
        any::<bool>().prop_map(Input::Online),
        Just(Input::Frozen),
        Just(Input::Restored),
        (0_u64..100_000, 0_u64..100_000).prop_map(|(min, window)| Input::Hint(Hint {
            min: Millis(min),
            window: Millis(window)
        })),
        (0_u64..60_000, 0_u64..60_000).prop_map(|(by, window)| Input::Drain {
            by: Millis(by),
            window: Millis(window)
        }),
    ];
    prop_oneof![
        1 => code.prop_map(Act::Close),
        6 => input.prop_map(Act::Input),
        20 => (prop_oneof![4 => Just(0_u8), 1 => 0_u8..4], late).prop_map(|(back, late)| Act::Latest(back, late)),
        10 => millis.clone().prop_map(Act::Pass),
        2 => any::<bool>().prop_map(Act::Pause),
        4 => (any::<bool>(), 0_u64..20_000).prop_map(|(repeats, within)| Act::Ask(repeats, within)),
        6 => (1_u64..30).prop_map(Act::Publish),
        2 => Just(Act::Reconnect),
        4 => Just(Act::Send),
        2 => millis.prop_map(Act::Sleep),
        2 => Just(Act::Subscribe),
        1 => Just(Act::Unsubscribe),
    ]
}

fn perform(stage: &mut Stage, act: Act) {
    match act {
        Act::Ask(repeats, within) => {
            let within = (within < 10_000).then_some(Millis(within));
            let wish = RpcWish { within, repeats };
            let _ = stage.session.rpc(stage.at, "m", "1", wish);
        }
        // Codes that no browser takes close nothing.
        Act::Close(code) => {
            stage
                .session
                .close(&mut stage.engine, stage.at, code, "over");
        }
        Act::Input(input) => stage.on(input),
        Act::Latest(back, late) => {
            let latest = stage.resolves.last().map_or(0, |(link, _)| link.0);
            let link = LinkId(latest.saturating_sub(back.into()));
            let stream = stage.listens.last().map_or(0, |each| each.stream.0);
            let stream = StreamId(stream.saturating_sub(back.into()));
            if let Late::Closed(_) = late {
                stage.sockets.retain(|each| *each != link);
            }
            stage.on(match late {
                Late::Answer(command, kind) => Input::Frame {
                    link,
                    text: match kind {
                        0 => format!(r#"{{"id":{command},"rpc":{{"data":7}}}}"#),
                        1 => format!(r#"{{"id":{command},"error":{{"code":1}}}}"#),
                        _ => format!(r#"{{"id":{command},"refresh":{{"expires":true,"ttl":9}}}}"#),
                    },
                },
                Late::Buffered(bytes) => Input::Buffered { link, bytes },
                Late::Closed(code) => Input::Closed { link, code },
                Late::Frame(frame) => Input::Frame {
                    link,
                    text: FRAMES[frame].into(),
                },
                Late::Handled(ok) => Input::Handled {
                    delivery: DeliveryId(
                        (stage.delivered.last())
                            .map_or(0, |last| last.id.0.saturating_sub(back.into())),
                    ),
                    ok,
                },
                Late::Heard => Input::Heard { link },
                Late::NotReady => Input::NotReady { link },
                Late::Opened => Input::Opened { link },
                Late::Provided => Input::Provided { link },
                Late::ProviderFailed => Input::ProviderFailed { link },
                Late::Ready => Input::Ready { link },
                Late::Snapshot(ok) => Input::Snapshot {
                    snapshot: SnapshotId(
                        (stage.snapshots.last())
                            .map_or(0, |last| last.id.0.saturating_sub(back.into())),
                    ),
                    ok,
                },
                Late::Token => Input::Token {
                    link,
                    token: "t".into(),
                },
                Late::StreamAnswered(status) => Input::StreamAnswered {
                    stream,
                    status,
                    events: true,
                    retry_after: (status == 503).then_some(Millis(2_000)),
                },
                Late::StreamEnded => Input::StreamEnded { stream },
                Late::StreamNotProvided => Input::StreamNotProvided { stream },
                Late::StreamSaid(text) => Input::StreamSaid {
                    stream,
                    text: TEXTS[text].into(),
                },
            });
        }
        Act::Pass(millis) => {
            stage.run();
            stage.pass(millis);
        }
        Act::Pause(pauses) => stage.session.pause(CHANNEL, pauses),
        Act::Publish(offset) => {
            if let Some(stream) = stage.listens.last().map(|each| each.stream) {
                let text = alloc::format!("id: e:{offset}\ndata: {offset}\n\n");
                stage.on(Input::StreamSaid { stream, text });
            }
            if let Some(link) = stage.session.link() {
                stage.on(Input::Frame {
                    link,
                    text: publication(offset),
                });
            }
        }
        Act::Reconnect => {
            stage.session.reconnect(&mut stage.engine, stage.at);
        }
        Act::Send => {
            let frame = Frame::Text("x".into());
            stage.session.send(stage.at, frame, Overflow::DropOldest);
            stage
                .session
                .publish(stage.at, CHANNEL, "1", true, Overflow::RejectNew);
        }
        Act::Sleep(millis) => stage.sleep(millis),
        Act::Subscribe => stage.session.subscribe(CHANNEL, Wish::default()),
        Act::Unsubscribe => stage.session.unsubscribe(CHANNEL),
    }
    stage.run();
}

/// Of what was delivered of one memory, in order and once, but for what a handler failed at.
fn in_order(stage: &Stage) -> bool {
    let mut last = 0;
    stage.delivered.iter().all(|delivery| {
        let goes_on = delivery.offset > last || (delivery.offset == last && delivery.attempt > 1);
        last = delivery.offset;
        goes_on
    })
}

fn check(
    protocol: Protocol,
    fallback: bool,
    seed: u64,
    acts: Vec<Act>,
) -> Result<(), TestCaseError> {
    let mut stage = Stage::with(protocol, seed, |manner| {
        manner.ping = Some("ping".into());
        manner.fallback = fallback;
        manner.hello = seed.is_multiple_of(5);
        manner.tokens = seed.is_multiple_of(7);
    });
    stage.provides = seed.is_multiple_of(2);
    stage.handles = seed.is_multiple_of(3);
    let (mut closed, mut drains) = (false, false);
    let mut memory = 0;
    for act in acts {
        let told = stage.told.len();
        let (snapshots, resolves) = (stage.snapshots.len(), stage.resolves.len());
        drains |= matches!(
            act,
            Act::Input(Input::Drain { .. }) | Act::Latest(_, Late::Frame(9))
        );
        let forgets = matches!(act, Act::Unsubscribe | Act::Subscribe);
        perform(&mut stage, act);
        // While a server goes, the one that is to take its place.
        let most = if drains || fallback { 2 } else { 1 };
        prop_assert!(stage.sockets.len() <= most, "{:?}", stage.sockets);
        if stage.session.is_open() && !drains && !fallback {
            prop_assert_eq!(stage.sockets.as_slice(), &[stage.link()]);
        }
        for event in &stage.told[told..] {
            if event.change == SocketChange::Waiting {
                // The cap of a hidden page twice, or a breaker's; or what the server has said and a cap.
                prop_assert!(event.retry_in_ms.unwrap_or(0) <= 700_000);
            }
            prop_assert!(!closed, "after the end: {:?}", event);
            closed |= event.change == SocketChange::Closed;
        }
        if closed {
            prop_assert_eq!(stage.wake, Instant::NEVER);
            prop_assert!(stage.sockets.is_empty());
            prop_assert_eq!(stage.resolves.len(), resolves);
        }
        if stage.snapshots.len() > snapshots || forgets {
            // Another memory counts from where it will.
            memory += 1;
            stage.delivered.clear();
        }
        prop_assert!(memory > 0 || in_order(&stage), "{:?}", stage.offsets());
        let mut answered: Vec<RpcId> = stage.answers.iter().map(|(id, _)| *id).collect();
        let all = answered.len();
        answered.sort();
        answered.dedup();
        prop_assert_eq!(
            answered.len(),
            all,
            "an answer comes once: {:?}",
            stage.answers
        );
        prop_assert!(!closed || stage.session.health(stage.at).unanswered == 0);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn whatever_happens_there_is_one_socket_and_an_end(
        seed in 0_u64..1_000_000,
        (protocol, fallback) in prop::sample::select(KINDS),
        acts in prop::collection::vec(act(), 0..80),
    ) {
        check(protocol, fallback, seed, acts)?;
    }

    #[test]
    fn a_clock_that_jumps_any_way_leaves_it_working(
        jumps in prop::collection::vec((any::<u32>(), any::<u32>()), 0..30),
    ) {
        let mut stage = Stage::greeted(0);
        for (now, wall) in jumps {
            stage.at.now = Instant::from_micros(now.into());
            stage.at.wall = Wall(wall.into());
            stage.run();
            stage.hear_if_linked("{}");
        }
    }
}
