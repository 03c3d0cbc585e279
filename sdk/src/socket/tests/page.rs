//! The page sleeps, wakes, and goes to the browser's cache.

use wasm_bindgen_test::wasm_bindgen_test;

use super::wire::{accept, closes, count, dialled, fire};
use super::world::{World, turn};
use crate::{Cause, SocketChange, SocketState};

#[wasm_bindgen_test]
async fn a_page_that_is_frozen_has_no_socket_and_one_that_wakes_has_it_at_once() {
    for (sleeps, wakes) in [("freeze", "resume"), ("pagehide", "pageshow")] {
        let world = World::with(|settings| settings.socket.window_ms = 600_000);
        let socket = world.open();
        fire(sleeps, true);
        turn().await;
        assert_eq!((closes(), count()), ("1000".into(), 1), "{sleeps}");
        assert_eq!(socket.state(), SocketState::Waiting);
        fire(wakes, true);
        dialled(2).await;
        accept();
        let told = world.told.borrow();
        let last = told.last().unwrap();
        assert_eq!((last.change, last.cause), (SocketChange::Open, Some(Cause::Restored)));
    }
}

#[wasm_bindgen_test]
async fn a_page_that_is_left_for_good_keeps_its_socket_to_the_end() {
    let world = World::new();
    let socket = world.open();
    fire("pagehide", false);
    fire("pageshow", false);
    assert_eq!((socket.state(), count()), (SocketState::Open, 1));
}
