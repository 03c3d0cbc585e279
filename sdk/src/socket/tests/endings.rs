//! The end of a socket: nothing is left of it.

use wasm_bindgen_test::wasm_bindgen_test;

use super::wire::{
    accept, closes, count, count_listeners, dialled, drop as lose, listeners, sent, stop_counting,
};
use super::world::{World, turn};
use crate::{SendState, SocketChange, SocketState};

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
    assert_eq!(format!("{:?}", world.client).matches("sleepers: 0").count(), 1);
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
    let world = World::new();
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
async fn a_socket_of_a_user_who_goes_closes() {
    let world = World::new();
    let nobodys = world.open();
    world.client.set_identity(Some("ann"));
    let hers = world.open();
    world.client.set_identity(Some("bob"));
    assert_eq!(closes(), " / 3000");
    assert_eq!(nobodys.state(), SocketState::Open);
    assert!(!hers.reconnect());
}

#[wasm_bindgen_test]
async fn one_that_follows_is_made_anew_with_nothing_of_the_user_before() {
    let world = World::new();
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
async fn with_its_client_it_ends() {
    let world = World::new();
    let socket = world.open();
    world.client.shut_down();
    assert_eq!((closes(), socket.state()), ("1000".into(), SocketState::Closed));
}
