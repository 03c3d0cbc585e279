//! Channels: what is read moves their position, and what is gone is read anew.

use std::cell::RefCell;
use std::future::{Ready, ready};
use std::rc::Rc;

use futures::channel::oneshot;
use wasm_bindgen_test::wasm_bindgen_test;

use super::wire::{accept, dialled, drop, say, sent};
use super::world::{World, turn};
use crate::{Client, Delivery, Overflow, Protocol, SendState, Snapshot, Socket, Wish};

const NO_SNAPSHOT: Option<fn(Snapshot) -> Ready<bool>> = None;

type Log = Rc<RefCell<Vec<u64>>>;

fn greet(offset: u64, epoch: &str) {
    say(&format!(r#"{{"id":1,"connect":{{"ping":25,"pong":true,"session":"s","subs":{{"a":{{"positioned":true,"recoverable":true,"epoch":"{epoch}","offset":{offset}}}}}}}}}"#).into());
}

fn publish(offset: u64) {
    say(
        &format!(r#"{{"push":{{"channel":"a","pub":{{"offset":{offset},"data":{offset}}}}}}}"#)
            .into(),
    );
}

/// Its handler fails whenever the log does not have the message yet.
fn reading(world: &World) -> (Socket, Log, Log) {
    let (read, anew) = (Log::default(), Log::default());
    let (reads, reads_anew) = (read.clone(), anew.clone());
    let socket = world.dial(|wishes| wishes.protocol(Protocol::Tidegate));
    let message = move |it: Delivery| {
        let ok = reads.borrow().contains(&it.offset);
        reads.borrow_mut().push(it.offset);
        ready(ok)
    };
    let snapshot = move |it: Snapshot| {
        reads_anew.borrow_mut().push(it.position.offset);
        ready(true)
    };
    socket.subscribe("a", Wish::default(), message, Some(snapshot));
    accept();
    (socket, read, anew)
}

#[wasm_bindgen_test]
async fn the_position_moves_when_the_handler_has_succeeded() {
    let world = World::new();
    let socket = world.dial(|wishes| wishes.protocol(Protocol::Tidegate));
    let (done, is_done) = oneshot::channel();
    let is_done = RefCell::new(Some(is_done));
    let handler = move |_| {
        let is_done = is_done.take();
        async move { is_done.unwrap().await.unwrap() }
    };
    socket.subscribe("a", Wish::default(), handler, NO_SNAPSHOT);
    accept();
    greet(4, "e");
    publish(5);
    turn().await;
    assert_eq!(socket.positions(), r#"{"a":{"epoch":"e","offset":4}}"#);
    done.send(true).unwrap();
    turn().await;
    assert_eq!(socket.positions(), r#"{"a":{"epoch":"e","offset":5}}"#);
}

#[wasm_bindgen_test]
async fn a_handler_that_fails_has_the_message_again() {
    let world = World::new();
    let (_socket, read, _) = reading(&world);
    greet(4, "e");
    publish(5);
    publish(6);
    while read.borrow().len() < 4 {
        turn().await;
    }
    assert_eq!(*read.borrow(), [5, 5, 6, 6]);
}

#[wasm_bindgen_test]
async fn what_is_gone_is_read_anew() {
    let world = World::new();
    let (socket, _, anew) = reading(&world);
    greet(4, "e");
    drop(1006);
    dialled(2).await;
    accept();
    greet(9, "another");
    while socket.positions() != r#"{"a":{"epoch":"another","offset":9}}"# {
        turn().await;
    }
    assert_eq!(*anew.borrow(), [9]);
}

#[wasm_bindgen_test]
async fn an_unacknowledged_message_goes_again_on_the_next_connection() {
    let world = World::new();
    let (socket, _, _) = reading(&world);
    greet(0, "e");
    let one = socket.publish("a", "1", true, Overflow::RejectNew);
    assert_eq!(one.state, SendState::Written);
    drop(1006);
    dialled(2).await;
    accept();
    greet(0, "e");
    assert_eq!(sent().matches(r#""seq":1,"#).count(), 2);
    say(&r#"{"ack":1}"#.into());
    assert_eq!(world.states().last(), Some(&SendState::Acknowledged));
}

#[wasm_bindgen_test]
async fn positions_outlive_the_page() {
    let world = World::new();
    let socket = world.dial(|wishes| {
        let kept = r#"{"a":{"epoch":"e","offset":7}}"#;
        wishes.protocol(Protocol::Tidegate).positions(kept)
    });
    socket.subscribe("a", Wish::default(), |_| ready(true), NO_SNAPSHOT);
    accept();
    assert!(sent().contains(r#""subs":{"a":{"recover":true,"epoch":"e","offset":7}}"#));
}

/// What is read on two channels at once, where the handler of the first ends what the user has.
fn read_by_one_who_goes(follows: bool, goes: impl Fn(&Client) + Copy + 'static) -> Vec<String> {
    let world = World::new();
    world.client.set_identity(Some("ann"));
    let socket = world.dial(|wishes| wishes.protocol(Protocol::Tidegate).follows(follows));
    let read: Rc<RefCell<Vec<String>>> = Rc::default();
    for channel in ["a", "b"] {
        let (reads, client) = (read.clone(), world.client.clone());
        let handler = move |it: Delivery| {
            reads.borrow_mut().push(it.channel);
            goes(&client);
            ready(true)
        };
        socket.subscribe(channel, Wish::default(), handler, NO_SNAPSHOT);
    }
    accept();
    let of = |name: &str| {
        format!(r#""{name}":{{"positioned":true,"recoverable":true,"epoch":"e","offset":4}}"#)
    };
    say(&format!(
        r#"{{"id":1,"connect":{{"ping":25,"pong":true,"session":"s","subs":{{{},{}}}}}}}"#,
        of("a"),
        of("b")
    )
    .into());
    let push =
        |name: &str| format!(r#"{{"push":{{"channel":"{name}","pub":{{"offset":5,"data":5}}}}}}"#);
    say(&format!("{}\n{}", push("a"), push("b")).into());
    read.take()
}

#[wasm_bindgen_test]
fn what_was_read_for_a_user_who_goes_is_given_to_nobody() {
    let both = read_by_one_who_goes(true, |_| ());
    assert_eq!(both, ["a", "b"]);
    for follows in [true, false] {
        let read = read_by_one_who_goes(follows, |client| client.set_identity(Some("bob")));
        assert_eq!(read, ["a"], "follows: {follows}");
    }
}

#[wasm_bindgen_test]
async fn what_comes_of_a_message_of_a_user_who_has_gone_counts_for_none_of_the_next() {
    let world = World::new();
    world.client.set_identity(Some("ann"));
    let socket = world.dial(|wishes| wishes.protocol(Protocol::Tidegate).follows(true));
    let client = world.client.clone();
    let hers = RefCell::new(Vec::new());
    let (done, is_done) = oneshot::channel::<bool>();
    hers.borrow_mut().push(is_done);
    let handler = move |_| {
        client.set_identity(Some("bob"));
        let is_done = hers.borrow_mut().pop();
        async move {
            match is_done {
                Some(is_done) => is_done.await.unwrap(),
                None => std::future::pending().await,
            }
        }
    };
    socket.subscribe("a", Wish::default(), handler, NO_SNAPSHOT);
    accept();
    greet(4, "e");
    publish(5);
    dialled(2).await;
    accept();
    greet(4, "e");
    publish(5);
    done.send(true).unwrap();
    turn().await;
    assert_eq!(socket.positions(), r#"{"a":{"epoch":"e","offset":4}}"#);
}
