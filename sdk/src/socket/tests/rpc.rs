//! Questions to the server, and channels that rest.

use std::cell::RefCell;
use std::future::{Ready, ready};
use std::rc::Rc;

use futures::FutureExt;
use wasm_bindgen_test::wasm_bindgen_test;

use super::wire::{accept, dialled, drop as lose, say, sent};
use super::world::{World, turn};
use crate::{Delivery, Millis, Protocol, RpcEnd, RpcFailure, RpcWish, Snapshot, Socket, Wish};

const NO_SNAPSHOT: Option<fn(Snapshot) -> Ready<bool>> = None;

fn open(world: &World) -> Socket {
    let socket = world.dial(|wishes| wishes.protocol(Protocol::Tidegate));
    accept();
    greet();
    socket
}

fn greet() {
    say(&r#"{"id":1,"connect":{"ping":25,"pong":true,"session":"s"}}"#.into());
}

/// The number of the last command.
fn last_id() -> u64 {
    let sent = sent();
    let last = sent.rsplit("{\"id\":").next().unwrap();
    last.split(',').next().unwrap().parse().unwrap()
}

#[wasm_bindgen_test]
async fn a_question_is_answered_or_refused() {
    let world = World::new();
    let socket = open(&world);
    let asked = socket.rpc("echo", r#"{"a":1}"#, RpcWish::default());
    assert!(
        sent().ends_with(r#""rpc":{"method":"echo","data":{"a":1}}}"#),
        "{}",
        sent()
    );
    say(&format!(r#"{{"id":{},"rpc":{{"data":[2]}}}}"#, last_id()).into());
    assert_eq!(asked.await, RpcEnd::Answered("[2]".into()));
    let asked = socket.rpc("no", "1", RpcWish::default());
    say(&format!(
        r#"{{"id":{},"error":{{"code":104,"message":"no such"}}}}"#,
        last_id()
    )
    .into());
    let (code, message) = (104, "no such".into());
    let refused = RpcEnd::Refused {
        code,
        message,
        temporary: false,
    };
    assert_eq!(asked.await, refused);
    let asked = socket.rpc("no", "{", RpcWish::default());
    assert_eq!(asked.await, RpcEnd::Failed(RpcFailure::Malformed));
}

#[wasm_bindgen_test]
async fn what_is_lost_says_so_and_what_may_be_asked_twice_is() {
    let world = World::new();
    let socket = open(&world);
    let once = socket.rpc("a", "1", RpcWish::default());
    let repeats = true;
    let twice = socket.rpc(
        "b",
        "2",
        RpcWish {
            repeats,
            ..RpcWish::default()
        },
    );
    lose(1006);
    assert_eq!(once.await, RpcEnd::Failed(RpcFailure::Lost));
    dialled(2).await;
    accept();
    greet();
    say(&format!(r#"{{"id":{},"rpc":{{"data":3}}}}"#, last_id()).into());
    assert_eq!(twice.await, RpcEnd::Answered("3".into()));
}

#[wasm_bindgen_test]
async fn a_question_that_takes_too_long_ends_and_one_that_nobody_waits_for_is_forgotten() {
    let world = World::new();
    let socket = open(&world);
    let within = Some(Millis(1));
    let late = socket.rpc(
        "a",
        "1",
        RpcWish {
            within,
            repeats: false,
        },
    );
    let dropped = socket.rpc("b", "2", RpcWish::default());
    assert_eq!(late.await, RpcEnd::Failed(RpcFailure::TimedOut));
    assert_eq!(socket.health().unanswered, 1);
    drop(dropped);
    assert_eq!(socket.health().unanswered, 0);
}

#[wasm_bindgen_test]
async fn when_a_user_goes_nobody_else_gets_their_answers() {
    let world = World::new();
    world.client.set_identity(Some("ann"));
    let socket = world.dial(|wishes| wishes.protocol(Protocol::Tidegate).follows(true));
    accept();
    greet();
    let hers = socket.rpc("a", "1", RpcWish::default());
    world.client.set_identity(Some("bob"));
    let mut his = Box::pin(socket.rpc("b", "2", RpcWish::default()));
    assert_eq!(hers.await, RpcEnd::Failed(RpcFailure::Lost));
    dialled(2).await;
    accept();
    greet();
    turn().await;
    assert_eq!(his.as_mut().now_or_never(), None);
    say(&format!(r#"{{"id":{},"rpc":{{"data":2}}}}"#, last_id()).into());
    assert_eq!(his.await, RpcEnd::Answered("2".into()));
}

#[wasm_bindgen_test]
async fn a_channel_rests_and_goes_on_where_it_was() {
    let world = World::new();
    let socket = open(&world);
    let read: Rc<RefCell<Vec<u64>>> = Rc::default();
    let reads = read.clone();
    let message = move |it: Delivery| {
        reads.borrow_mut().push(it.offset);
        ready(true)
    };
    socket.subscribe("a", Wish::default(), message, NO_SNAPSHOT);
    say(&format!(
        r#"{{"id":{},"subscribe":{{"positioned":true,"epoch":"e","offset":0}}}}"#,
        last_id()
    )
    .into());
    let publish = |offset: u64| {
        say(
            &format!(r#"{{"push":{{"channel":"a","pub":{{"offset":{offset},"data":1}}}}}}"#).into(),
        );
    };
    publish(1);
    turn().await;
    socket.pause("a");
    assert!(
        sent().ends_with(r#""pause":{"channel":"a"}}"#),
        "{}",
        sent()
    );
    publish(2);
    turn().await;
    assert_eq!(
        (&*read.borrow(), socket.health().paused_channels),
        (&vec![1], 1)
    );
    socket.resume("a");
    assert!(
        sent().ends_with(r#""have":{"epoch":"e","offset":2}}}"#),
        "{}",
        sent()
    );
    turn().await;
    assert_eq!(*read.borrow(), [1, 2]);
}
