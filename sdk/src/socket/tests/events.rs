//! Event streams in a real browser, with a scripted `fetch` beneath them.

use std::cell::RefCell;
use std::future::{Ready, ready};
use std::rc::Rc;

use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use super::spring::{
    answer, asks, cut, field_of, flows, is_aborted, pour, refuse, tap, untap, url_of,
};
use super::wire::{self, accept, dialled, fire, forget};
use super::world::{World, turn};
use crate::{
    Delivery, DropReason, Overflow, Protocol, SendState, Snapshot, Socket, SocketChange,
    SocketState, SocketWishes, Transport, Wish,
};

const PLACE: &str = "https://api.example/events/{channel}?c={channel}";
const NO_SNAPSHOT: Option<fn(Snapshot) -> Ready<bool>> = None;

type Log = Rc<RefCell<Vec<(u64, String)>>>;

/// Whoever comes next has the browser's own `fetch` again.
struct Tap(World);

impl Drop for Tap {
    fn drop(&mut self) {
        self.0.client.shut_down();
        untap();
    }
}

fn tapped(change: impl FnOnce(&mut crate::Settings)) -> Tap {
    tap();
    Tap(World::with(change))
}

fn listen(world: &World, wish: impl FnOnce(SocketWishes) -> SocketWishes) -> (Socket, Log) {
    let log = Log::default();
    let socket = world.dial(|wishes| wish(wishes.fallback(PLACE)));
    let reads = log.clone();
    let message = move |it: Delivery| {
        reads.borrow_mut().push((it.offset, it.data));
        ready(true)
    };
    socket.subscribe("a b", Wish::default(), message, NO_SNAPSHOT);
    (socket, log)
}

fn only(world: &World) -> (Socket, Log) {
    listen(world, |wishes| wishes.protocol(Protocol::Sse))
}

async fn until(so: impl Fn() -> bool) {
    while !so() {
        turn().await;
    }
}

#[wasm_bindgen_test]
async fn a_stream_is_asked_for_and_read_whatever_its_pieces_are() {
    let Tap(world) = &tapped(|_| {});
    let (socket, log) = only(world);
    flows(1).await;
    assert_eq!(url_of(1), "https://api.example/events/a%20b?c=a%20b");
    assert_eq!(field_of(1, "accept").as_deref(), Some("text/event-stream"));
    assert_eq!(field_of(1, "last-event-id"), None);
    answer(1, 200, None);
    pour(1, "\u{feff}id: e:4\n\nid: e:5\ndata: \"é😀\"\r\n\r\n", 1);
    until(|| !log.borrow().is_empty()).await;
    assert_eq!(*log.borrow(), [(5, String::from("\"é😀\""))]);
    assert_eq!(socket.state(), SocketState::Open);
    assert_eq!(socket.health().transport, Transport::Sse);
    assert!(
        socket
            .health()
            .scope
            .starts_with("https://api.example/events/")
    );
    let told = world.told.borrow();
    assert!(told.iter().all(|event| event.transport == Transport::Sse));
}

#[wasm_bindgen_test]
async fn a_stream_that_is_cut_goes_on_by_its_last_event_id() {
    let Tap(world) = &tapped(|_| {});
    let (socket, log) = only(world);
    flows(1).await;
    answer(1, 200, None);
    pour(1, "id: e:1\n\nid: e:2\ndata: 2\n\nid: e:3\nda", 7);
    until(|| !log.borrow().is_empty()).await;
    cut(1);
    flows(2).await;
    assert_eq!(field_of(2, "last-event-id").as_deref(), Some("e:2"));
    answer(2, 200, None);
    pour(2, "id: e:2\ndata: 2\n\nid: e:3\ndata: 3\n\n", 100);
    until(|| log.borrow().len() > 1).await;
    let offsets: Vec<u64> = log.borrow().iter().map(|(offset, _)| *offset).collect();
    assert_eq!(offsets, [2, 3]);
    assert_eq!(socket.positions(), r#"{"a b":{"epoch":"e","offset":3}}"#);
}

#[wasm_bindgen_test]
async fn what_is_read_by_streams_alone_goes_on_where_the_page_before_was() {
    forget().await;
    let keeps = |wishes: SocketWishes| wishes.protocol(Protocol::Sse).keeps(true).name("feed");
    let first = tapped(|_| {});
    let (socket, _log) = listen(&first.0, keeps);
    flows(1).await;
    assert_eq!(field_of(1, "last-event-id"), None);
    answer(1, 200, None);
    pour(1, "id: e:4\n\nid: e:5\ndata: 5\n\n", 100);
    until(|| socket.positions() == r#"{"a b":{"epoch":"e","offset":5}}"#).await;
    fire("pagehide", false);
    drop(first);
    let second = tapped(|_| {});
    let _read = listen(&second.0, keeps);
    flows(1).await;
    assert_eq!(field_of(1, "last-event-id").as_deref(), Some("e:5"));
}

#[wasm_bindgen_test]
async fn three_refused_sockets_lead_to_a_stream_and_a_later_one_back() {
    let Tap(world) = &tapped(|settings| settings.socket.sse_back_ms = 100);
    let (socket, log) = listen(world, |wishes| wishes.protocol(Protocol::Tidegate));
    for number in 1..=3 {
        dialled(number).await;
        wire::drop(1006);
    }
    flows(1).await;
    let sent = socket.publish("a b", "7", true, Overflow::RejectNew);
    assert_eq!(sent.state, SendState::Queued);
    answer(1, 200, None);
    pour(1, "id: e:1\n\nid: e:2\ndata: 2\n\n", 100);
    until(|| !log.borrow().is_empty()).await;
    dialled(4).await;
    accept();
    assert!(!is_aborted(1), "before the other one has greeted");
    wire::say(&r#"{"id":1,"connect":{"ping":25,"session":"s","subs":{"a b":{"positioned":true,"recovered":true,"epoch":"e","offset":3,"publications":[{"offset":3,"data":3}]}}}}"#.into());
    assert!(is_aborted(1));
    until(|| log.borrow().len() > 1).await;
    assert_eq!(log.borrow()[1], (3, String::from("3")));
    assert_eq!(socket.health().transport, Transport::Websocket);
    assert!(world.changes().contains(&SocketChange::Moved));
    assert!(wire::sent().contains("publish"));
}

#[wasm_bindgen_test]
async fn where_a_stream_is_may_be_asked_for_and_with_another_token_once() {
    let Tap(world) = &tapped(|_| {});
    let asked: Rc<RefCell<Vec<(String, bool)>>> = Rc::default();
    let asks_for = asked.clone();
    let ask = move |channel: &str, refresh| {
        asks_for.borrow_mut().push((channel.into(), refresh));
        ready(Some(JsValue::from("https://other.example/e")))
    };
    let (socket, _) = listen(world, |wishes| {
        wishes.protocol(Protocol::Sse).fallback_at(ask)
    });
    flows(1).await;
    answer(1, 401, None);
    flows(2).await;
    answer(2, 401, None);
    until(|| socket.state() == SocketState::Stopped).await;
    let expected = [false, true].map(|refresh| (String::from("a b"), refresh));
    assert_eq!(*asked.borrow(), expected);
    assert_eq!(socket.health().scope, "https://other.example/e");
    assert_eq!(world.told.borrow().last().unwrap().code, Some(401));
}

#[wasm_bindgen_test]
async fn a_place_that_is_not_to_be_had_is_asked_for_again() {
    let Tap(world) = &tapped(|_| {});
    let tries = Rc::new(RefCell::new(0));
    let tried = tries.clone();
    let ask = move |_: &str, _| {
        *tried.borrow_mut() += 1;
        let is_there = *tried.borrow() > 2;
        ready(is_there.then(|| JsValue::from("https://api.example/e")))
    };
    let (_socket, _) = listen(world, |wishes| {
        wishes.protocol(Protocol::Sse).fallback_at(ask)
    });
    flows(1).await;
    assert_eq!(*tries.borrow(), 3);
}

#[wasm_bindgen_test]
async fn what_is_answered_204_is_over() {
    let Tap(world) = &tapped(|_| {});
    let (socket, _) = only(world);
    flows(1).await;
    answer(1, 204, None);
    until(|| socket.state() == SocketState::Stopped).await;
    assert_eq!(asks(), 1);
    assert!(socket.reconnect());
    flows(2).await;
}

#[wasm_bindgen_test]
async fn retry_after_is_heeded() {
    let Tap(world) = &tapped(|_| {});
    let (socket, _) = only(world);
    flows(1).await;
    answer(1, 503, Some("40"));
    until(|| socket.state() == SocketState::Waiting).await;
    let wait = socket.health().retry_in_ms.unwrap();
    assert!((39_000..=40_100).contains(&wait), "{wait}");
}

#[wasm_bindgen_test]
async fn a_request_that_fails_is_made_again() {
    let Tap(world) = &tapped(|_| {});
    let (_socket, log) = only(world);
    flows(1).await;
    refuse(1);
    flows(2).await;
    answer(2, 200, None);
    pour(2, "id: e:1\ndata: 1\n\n", 3);
    until(|| !log.borrow().is_empty()).await;
}

#[wasm_bindgen_test]
async fn what_a_slow_handler_has_no_room_for_is_read_later() {
    let Tap(world) = &tapped(|settings| settings.socket.held_entries = 4);
    let socket = world.dial(|wishes| wishes.protocol(Protocol::Sse).fallback(PLACE));
    let log: Rc<RefCell<Vec<u64>>> = Rc::default();
    let reads = log.clone();
    let message = move |it: Delivery| {
        let reads = reads.clone();
        async move {
            turn().await;
            reads.borrow_mut().push(it.offset);
            true
        }
    };
    socket.subscribe("a", Wish::default(), message, NO_SNAPSHOT);
    flows(1).await;
    answer(1, 200, None);
    let all: String = (1..=60)
        .map(|it| format!("id: e:{it}\ndata: {it}\n\n"))
        .collect();
    pour(1, &all, 100);
    until(|| log.borrow().len() == 60).await;
    assert_eq!(*log.borrow(), (1..=60).collect::<Vec<u64>>());
    assert_eq!((asks(), socket.health().gaps), (1, 0));
}

#[wasm_bindgen_test]
async fn nothing_can_be_sent_on_streams_alone() {
    let Tap(world) = &tapped(|_| {});
    let (socket, _) = only(world);
    let sent = socket.publish("a b", "1", true, Overflow::RejectNew);
    assert_eq!(
        (sent.state, sent.why),
        (SendState::Dropped, Some(DropReason::ReceiveOnly))
    );
}

#[wasm_bindgen_test]
async fn the_end_aborts_and_nothing_is_heard_after_it() {
    let Tap(world) = &tapped(|_| {});
    let (socket, log) = only(world);
    flows(1).await;
    answer(1, 200, None);
    pour(1, "id: e:1\n\n", 100);
    until(|| socket.state() == SocketState::Open).await;
    pour(1, "id: e:2\ndata: 2\n\n", 1);
    assert!(socket.close(1000, ""));
    assert!(is_aborted(1));
    for _ in 0..5 {
        turn().await;
    }
    assert!(log.borrow().is_empty());
    assert_eq!(world.changes().last(), Some(&SocketChange::Closed));
}

#[wasm_bindgen_test]
async fn a_channel_that_is_left_is_not_listened_to() {
    let Tap(world) = &tapped(|_| {});
    let (socket, _) = only(world);
    flows(1).await;
    answer(1, 200, None);
    until(|| socket.state() == SocketState::Open).await;
    socket.unsubscribe("a b");
    assert!(is_aborted(1));
    assert_ne!(socket.state(), SocketState::Open);
}

#[wasm_bindgen_test]
async fn one_that_follows_asks_as_somebody_else_from_the_beginning() {
    let Tap(world) = &tapped(|_| {});
    world.client.set_identity(Some("ann"));
    let (socket, _) = listen(world, |wishes| wishes.protocol(Protocol::Sse).follows(true));
    flows(1).await;
    answer(1, 200, None);
    pour(1, "id: e:1\ndata: 1\n\n", 100);
    until(|| socket.positions().contains("\"offset\":1")).await;
    world.client.set_identity(None);
    assert!(is_aborted(1));
    flows(2).await;
    assert_eq!(field_of(2, "last-event-id"), None);
}
