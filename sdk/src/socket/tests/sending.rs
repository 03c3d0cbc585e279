//! What is sent, and what is heard.

use wasm_bindgen_test::wasm_bindgen_test;

use super::wire::{accept, closing, dialled, drop, hold, say, sent};
use super::world::World;
use crate::{DropReason, SendState, SocketChange, SocketState};

#[wasm_bindgen_test]
async fn what_is_sent_while_there_is_no_connection_goes_on_the_next() {
    let world = World::new();
    let socket = world.open();
    assert_eq!(socket.send("first").state, SendState::Written);
    drop(1006);
    assert_eq!(socket.send("second").state, SendState::Queued);
    assert_eq!((socket.queued_bytes(), socket.state()), (6, SocketState::Waiting));
    dialled(2).await;
    accept();
    assert_eq!(socket.send_bytes(&[7, 8]).state, SendState::Written);
    assert_eq!(sent(), "first / second|7,8");
    assert_eq!(world.states(), [SendState::Written; 3]);
}

#[wasm_bindgen_test]
async fn a_message_is_heard_as_it_is() {
    let world = World::new();
    let socket = world.open();
    say(&"{not json".into());
    assert_eq!(*world.messages.borrow(), ["{not json"]);
    assert_eq!(socket.health().nonsense, 0);
}

#[wasm_bindgen_test]
async fn what_a_closing_socket_would_lose_waits_for_the_next_one() {
    let world = World::new();
    let socket = world.open();
    closing();
    assert_eq!(socket.send("kept").state, SendState::Queued);
    drop(1001);
    dialled(2).await;
    accept();
    assert_eq!(sent(), " / kept");
}

#[wasm_bindgen_test]
async fn what_the_browser_cannot_get_rid_of_waits_here() {
    let world = World::with(|settings| {
        settings.socket.high_bytes = 10;
        settings.socket.low_bytes = 0;
    });
    let socket = world.open();
    hold(11.0);
    assert_eq!(socket.send("one").state, SendState::Written);
    assert_eq!(socket.send("two").state, SendState::Queued);
    hold(0.0);
    while world.sent() != "one|two" {
        crate::socket::tests::world::turn().await;
    }
    assert!(world.changes().contains(&SocketChange::Drain));
}

#[wasm_bindgen_test]
async fn each_drop_is_told_of() {
    let world = World::with(|settings| settings.socket.queue_entries = 1);
    let socket = world.dial(|wishes| wishes);
    socket.send("old");
    socket.send("new");
    let told = world.told.borrow();
    let last = told.last().unwrap();
    assert_eq!((last.change, last.why), (SocketChange::Dropped, Some(DropReason::Full)));
    assert_eq!((last.socket, last.queued_bytes), (1, 3));
}
