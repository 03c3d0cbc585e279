//! The end of a socket: nothing is left of it.

use std::cell::RefCell;
use std::rc::Rc;

use futures::channel::oneshot;
use wasm_bindgen_test::wasm_bindgen_test;

use super::wire::{
    accept, closes, count, count_listeners, dialled, drop as lose, listeners, sent, stop_counting,
    urls,
};
use super::world::{World, turn};
use crate::{Address, SendState, SocketChange, SocketState};

#[wasm_bindgen_test]
async fn close_is_final_and_leaves_no_listener_and_no_timer() {
    let world = World::new();
    count_listeners();
    let socket = world.open();
    assert!(listeners() > 0);
    assert!(socket.close(4000, "enough"));
    turn().await;
    assert_eq!((closes(), listeners()), ("4000".into(), 0));
    stop_counting();
    assert_eq!(
        format!("{:?}", world.client).matches("sleepers: 0").count(),
        1
    );
    assert!(!socket.reconnect());
    assert_eq!(socket.send("late").state, SendState::Dropped);
    assert_eq!((count(), socket.state()), (1, SocketState::Closed));
    assert!(world.client.health().sockets.is_empty());
}

#[wasm_bindgen_test]
async fn a_socket_that_is_dropped_closes() {
    let world = World::new();
    drop(world.open());
    assert_eq!(closes(), "1000");
}

#[wasm_bindgen_test]
async fn it_closes_while_it_waits_and_never_dials_again() {
    let world = World::patient();
    let socket = world.open();
    lose(1006);
    assert!(socket.close(1000, ""));
    turn().await;
    turn().await;
    assert_eq!(count(), 1);
    assert_eq!(world.changes().last(), Some(&SocketChange::Closed));
}

#[wasm_bindgen_test]
async fn a_code_that_the_browser_does_not_take_closes_nothing() {
    let world = World::new();
    let socket = world.open();
    assert!(!socket.close(1001, ""));
    assert_eq!(socket.state(), SocketState::Open);
}

#[wasm_bindgen_test]
async fn when_a_user_goes_their_sockets_close() {
    let world = World::new();
    let before = world.open();
    world.client.set_identity(Some("ann"));
    assert_eq!(before.state(), SocketState::Open);
    let hers = world.open();
    world.client.set_identity(Some("bob"));
    // Both may have spoken for her.
    assert_eq!(closes(), "3000 / 3000");
    assert!(!before.reconnect() && !hers.reconnect());
}

#[wasm_bindgen_test]
async fn one_that_follows_is_made_anew_with_nothing_of_the_user_before() {
    let world = World::patient();
    world.client.set_identity(Some("ann"));
    let socket = world.dial(|wishes| wishes.follows(true));
    accept();
    lose(1006);
    socket.send("hers");
    world.client.set_identity(None);
    dialled(2).await;
    accept();
    assert_eq!(sent(), " / ");
    assert_eq!(socket.send("his").state, SendState::Written);
    assert!(!world.changes().contains(&SocketChange::Closed));
    assert!(world.changes().contains(&SocketChange::Dropped));
}

#[wasm_bindgen_test]
async fn an_address_that_was_asked_for_as_somebody_else_is_nobodys() {
    let world = World::new();
    world.client.set_identity(Some("ann"));
    let asked: Rc<RefCell<Vec<oneshot::Sender<Address>>>> = Rc::default();
    let asks = asked.clone();
    let ask = move |_| {
        let (found, is_found) = oneshot::channel();
        asks.borrow_mut().push(found);
        async move { is_found.await.ok() }
    };
    let wishes = world.client.socket_at(ask).follows(true);
    let _socket = wishes.open().unwrap();
    turn().await;
    world.client.set_identity(Some("bob"));
    turn().await;
    let mut found = asked.take().into_iter();
    let address = |user: &str| Address::new(&format!("wss://api.example/?user={user}"), &[]);
    found.next().unwrap().send(address("ann")).unwrap();
    turn().await;
    assert_eq!(count(), 0);
    found.next().unwrap().send(address("bob")).unwrap();
    dialled(1).await;
    assert_eq!(urls(), "wss://api.example/?user=bob");
}

#[wasm_bindgen_test]
async fn with_its_client_it_ends() {
    let world = World::new();
    let socket = world.open();
    world.client.shut_down();
    assert_eq!(
        (closes(), socket.state()),
        ("1000".into(), SocketState::Closed)
    );
}
