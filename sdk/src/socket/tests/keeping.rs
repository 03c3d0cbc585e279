//! How far a socket has read, over reloads.

use std::cell::RefCell;
use std::future::{Ready, ready};
use std::rc::Rc;

use wasm_bindgen_test::wasm_bindgen_test;

use super::wire::{
    accept, another_tab, fire, forget, refuse, remembers, say, sent, what_it_remembers,
};
use super::world::{World, turn};
use crate::{Protocol, Snapshot, Socket, SocketWishes, StorageMode, Wish};

const NO_SNAPSHOT: Option<fn(Snapshot) -> Ready<bool>> = None;

fn keeps(wishes: SocketWishes) -> SocketWishes {
    wishes.protocol(Protocol::Tidegate).keeps(true)
}

/// A socket that reads a channel, and is open.
fn reading(world: &World) -> Socket {
    let socket = world.dial(keeps);
    socket.subscribe("a", Wish::default(), |_| ready(true), NO_SNAPSHOT);
    accept();
    socket
}

/// What the server was told of the channel in the first frame.
async fn asked() -> String {
    let told = || {
        let sent = sent();
        let at = sent.find(r#""subs":{"a":"#)?;
        let rest = sent.get(at + 12..)?;
        Some(rest.get(..rest.find('}')? + 1)?.to_owned())
    };
    loop {
        if let Some(told) = told() {
            return told;
        }
        turn().await;
    }
}

fn greet(offset: u64) {
    say(&format!(r#"{{"id":1,"connect":{{"ping":25,"pong":true,"session":"s","subs":{{"a":{{"positioned":true,"recoverable":true,"recovered":true,"epoch":"e","offset":{offset}}}}}}}}}"#).into());
}

fn publish(offset: u64) {
    say(
        &format!(r#"{{"push":{{"channel":"a","pub":{{"offset":{offset},"data":{offset}}}}}}}"#)
            .into(),
    );
}

/// Reads up to a message.
async fn read(socket: &Socket, from: u64, to: u64) {
    asked().await;
    greet(from);
    for offset in from + 1..=to {
        publish(offset);
    }
    until_at(socket, to).await;
}

async fn until_at(socket: &Socket, offset: u64) {
    let here = format!(r#"{{"a":{{"epoch":"e","offset":{offset}}}}}"#);
    while socket.positions() != here {
        turn().await;
    }
}

/// What is on the disk.
async fn noted(socket: &Socket) -> Vec<String> {
    let inner = &socket.0.inner;
    let whose = inner.whose();
    let notes = (inner.store)
        .notes(&whose.partition, super::world::URL)
        .await;
    let notes = notes.map(|(_, notes)| notes).unwrap_or_default();
    notes.into_iter().map(|note| note.text).collect()
}

async fn until_noted(socket: &Socket, offset: u64) {
    let here = format!(r#"{{"a":{{"epoch":"e","offset":{offset}}}}}"#);
    while !noted(socket).await.contains(&here) {
        turn().await;
    }
}

const AT_7: &str = r#"{"recover":true,"epoch":"e","offset":7}"#;

#[wasm_bindgen_test]
async fn a_page_that_was_left_is_gone_on_with_at_its_last_message() {
    forget().await;
    let world = World::new();
    let socket = reading(&world);
    assert_eq!(asked().await, "{}");
    read(&socket, 4, 7).await;
    assert!(!what_it_remembers().contains(r#""offset":7}"#));
    // The disk has no time any more.
    fire("pagehide", false);
    assert!(what_it_remembers().contains(r#""offset":7}"#));
    drop(world);
    let world = World::new();
    let _socket = reading(&world);
    assert_eq!(asked().await, AT_7);
}

#[wasm_bindgen_test]
async fn a_page_that_crashed_is_gone_on_with_from_the_disk() {
    forget().await;
    let world = World::new();
    let socket = reading(&world);
    read(&socket, 4, 7).await;
    until_noted(&socket, 7).await;
    another_tab();
    let world = World::new();
    let _second = reading(&world);
    assert_eq!(asked().await, AT_7);
    drop(socket);
}

#[wasm_bindgen_test]
async fn each_of_two_tabs_goes_on_where_it_was_itself() {
    forget().await;
    let world = World::new();
    let first = reading(&world);
    read(&first, 4, 7).await;
    until_noted(&first, 7).await;
    // A second tab goes on where the first one is, and reads on.
    another_tab();
    let second = World::new();
    let there = reading(&second);
    assert_eq!(asked().await, AT_7);
    read(&there, 7, 9).await;
    until_noted(&there, 9).await;
    let mut both = noted(&there).await;
    both.sort();
    assert_eq!(both.len(), 2, "{both:?}");
    drop((first, there));
}

#[wasm_bindgen_test]
async fn a_position_moves_on_the_disk_when_the_handler_has_succeeded() {
    forget().await;
    let world = World::new();
    let socket = world.dial(keeps);
    let handled = Rc::new(RefCell::new(Vec::new()));
    let log = handled.clone();
    let message = move |it: crate::Delivery| {
        log.borrow_mut().push(it.offset);
        // The second one never succeeds.
        let done = it.offset == 5;
        async move {
            match done {
                true => true,
                false => std::future::pending().await,
            }
        }
    };
    socket.subscribe("a", Wish::default(), message, NO_SNAPSHOT);
    accept();
    asked().await;
    greet(4);
    publish(5);
    publish(6);
    until_noted(&socket, 5).await;
    assert_eq!(*handled.borrow(), [5, 6]);
    assert_eq!(socket.positions(), r#"{"a":{"epoch":"e","offset":5}}"#);
}

#[wasm_bindgen_test]
async fn nobody_goes_on_where_somebody_else_was_and_nothing_is_left_after_a_logout() {
    forget().await;
    let world = World::new();
    world.client.set_identity(Some("ann"));
    let socket = reading(&world);
    read(&socket, 4, 7).await;
    until_noted(&socket, 7).await;
    fire("pagehide", false);
    let here = remembers();
    drop(world);
    let world = World::new();
    world.client.set_identity(Some("bob"));
    let _his = reading(&world);
    assert_eq!(asked().await, "{}");
    drop(world);
    let world = World::new();
    world.client.set_identity(Some("ann"));
    let _hers = reading(&world);
    assert_eq!(asked().await, AT_7);
    assert!(remembers() >= here);
    let before = remembers();
    world.client.log_out().await.unwrap();
    assert!(remembers() < before);
    drop(world);
    let world = World::new();
    world.client.set_identity(Some("ann"));
    let again = reading(&world);
    assert!(noted(&again).await.is_empty());
    assert_eq!(asked().await, "{}");
}

#[wasm_bindgen_test]
async fn one_that_was_opened_before_somebody_signed_in_writes_nothing_of_theirs() {
    forget().await;
    let world = World::new();
    let socket = reading(&world);
    read(&socket, 4, 5).await;
    until_noted(&socket, 5).await;
    world.client.set_identity(Some("ann"));
    publish(6);
    until_at(&socket, 6).await;
    fire("pagehide", false);
    assert!(!what_it_remembers().contains(r#""offset":6}"#));
    assert!(noted(&socket).await.is_empty());
}

#[wasm_bindgen_test]
async fn without_storage_it_reads_all_the_same_and_that_is_said() {
    forget().await;
    refuse(true);
    let world = World::new();
    let socket = reading(&world);
    assert_eq!(asked().await, "{}");
    read(&socket, 4, 7).await;
    let mode = world.client.health().storage.mode;
    refuse(false);
    assert_eq!((mode, remembers()), (StorageMode::Memory, 0));
}

#[wasm_bindgen_test]
async fn nothing_is_written_where_it_would_have_to_be_sealed() {
    forget().await;
    let world = World::with(|settings| settings.cache.encrypt = 1);
    let socket = reading(&world);
    read(&socket, 4, 7).await;
    fire("pagehide", false);
    assert_eq!(remembers(), 0);
    assert!(noted(&socket).await.is_empty());
}

#[wasm_bindgen_test]
async fn what_the_application_says_itself_counts() {
    forget().await;
    let world = World::new();
    let socket = reading(&world);
    read(&socket, 4, 7).await;
    fire("pagehide", false);
    drop(world);
    let world = World::new();
    let own = r#"{"a":{"epoch":"e","offset":2}}"#;
    let socket = world.dial(|wishes| keeps(wishes).positions(own));
    socket.subscribe("a", Wish::default(), |_| ready(true), NO_SNAPSHOT);
    accept();
    assert_eq!(asked().await, r#"{"recover":true,"epoch":"e","offset":2}"#);
}
