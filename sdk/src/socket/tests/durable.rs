//! Messages that are on the disk until the server has carried them out.

use serde_json::Value;
use wasm_bindgen_test::wasm_bindgen_test;

use super::wire::{
    accept, dialled, drop_at, forget, hold_reads, is_read, let_reads_go, refuse, refuse_locks, say,
    say_to, sent, shift_calendar,
};
use super::world::{World, turn};
use crate::{
    Client, DropReason, Protocol, SendState, Settings, Socket, SocketChange, SocketWishes,
};

const GREETING: &str = r#"{"id":1,"connect":{"ping":25,"pong":true,"session":"s"}}"#;

/// A socket that is open, and was greeted.
fn connected(world: &World) -> Socket {
    let socket = world.dial(|wishes| wishes.protocol(Protocol::Tidegate));
    accept();
    say(&GREETING.into());
    socket
}

async fn store(socket: &Socket, data: &str) -> String {
    let kept = socket.publish_durable("a", data, None).await;
    assert_eq!((kept.state, kept.why), (SendState::Queued, None));
    kept.key
}

/// What was written on each socket: number of the command, key, what it says.
fn written() -> Vec<Vec<(u64, String, String)>> {
    let of = |frames: &str| {
        let frames = frames.split('|').filter(|text| text.contains("idem"));
        let read = frames.map(|text| {
            let command: Value = serde_json::from_str(text).unwrap();
            let publish = &command["publish"];
            let text = |it: &Value| it.as_str().map_or(it.to_string(), String::from);
            (
                command["id"].as_u64().unwrap(),
                text(&publish["idem"]),
                text(&publish["data"]),
            )
        });
        read.collect()
    };
    sent().split(" / ").map(of).collect()
}

fn count() -> usize {
    written().iter().map(Vec::len).sum()
}

async fn until_written(messages: usize) {
    while count() < messages {
        turn().await;
    }
}

/// The server carries out the last message of a socket.
fn answer(number: u32) {
    let (id, ..) = written()[number as usize - 1].last().unwrap().clone();
    say_to(number, &format!(r#"{{"id":{id},"publish":{{}}}}"#).into());
}

/// What became of a message, in order.
fn fates(world: &World, key: &str) -> Vec<SendState> {
    let told = world.told.borrow();
    let of = |it: &&crate::SocketEvent| {
        it.change == SocketChange::Durable && it.message.as_deref() == Some(key)
    };
    told.iter().filter(of).filter_map(|it| it.state).collect()
}

async fn until_empty(socket: &Socket) {
    while socket.health().durable > 0 {
        turn().await;
    }
}

#[wasm_bindgen_test]
async fn a_message_is_on_the_disk_before_its_caller_is_told_and_until_it_was_carried_out() {
    forget().await;
    let world = World::new();
    let socket = world.dial(|wishes| wishes.protocol(Protocol::Tidegate));
    let key = store(&socket, "1").await;
    assert_eq!(fates(&world, &key), [SendState::Queued]);
    let bytes = key.len() as u64 + 2;
    let health = socket.health();
    assert_eq!((health.durable, health.durable_bytes), (1, bytes));
    accept();
    say(&GREETING.into());
    until_written(1).await;
    assert_eq!(written()[0][0].1, key);
    answer(1);
    let all = [
        SendState::Queued,
        SendState::Written,
        SendState::Acknowledged,
    ];
    assert_eq!(fates(&world, &key), all);
    until_empty(&socket).await;
    drop(world);
    let world = World::new();
    let socket = connected(&world);
    store(&socket, "2").await;
    until_written(1).await;
    assert_eq!(written()[0][0].2, "2");
}

#[wasm_bindgen_test]
async fn the_next_page_sends_what_the_one_before_has_left_in_order_and_with_the_same_keys() {
    forget().await;
    let world = World::new();
    let socket = connected(&world);
    let mut keys = Vec::new();
    for data in ["1", "2", "3"] {
        keys.push(store(&socket, data).await);
    }
    until_written(1).await;
    drop(world);

    let world = World::new();
    let _socket = connected(&world);
    for number in 1..=3 {
        until_written(number).await;
        answer(1);
    }
    let found: Vec<_> = written()[0].iter().map(|it| it.1.clone()).collect();
    assert_eq!(found, keys);
    assert_eq!(
        fates(&world, &keys[2]),
        [SendState::Written, SendState::Acknowledged]
    );
}

#[wasm_bindgen_test]
async fn one_that_has_a_connection_sends_for_all_and_the_next_takes_over_with_the_keys() {
    forget().await;
    let world = World::patient();
    let first = connected(&world);
    let zero = store(&first, "0").await;
    until_written(1).await;
    let second = connected(&world);
    let key = store(&second, "1").await;
    answer(1);
    until_written(2).await;
    assert_eq!(written()[0][1].1, key, "the first has the lock");
    drop_at(1, 1006);
    until_written(3).await;
    assert_eq!(written()[1], [(written()[1][0].0, key.clone(), "1".into())]);
    answer(2);
    let fates = |key: &str| fates(&world, key).last().copied();
    assert_eq!(fates(&zero), Some(SendState::Acknowledged));
    assert_eq!(fates(&key), Some(SendState::Acknowledged));
    until_empty(&second).await;
}

#[wasm_bindgen_test]
async fn another_tab_hears_what_became_of_its_message() {
    forget().await;
    let world = World::new();
    let first = connected(&world);
    // It has the lock when it has looked.
    let probe = store(&first, "0").await;
    until_written(1).await;
    let mut settings = world.client.settings();
    settings.outbox.entries = 0;
    let other = Client::new(settings).unwrap();
    let told = std::rc::Rc::new(std::cell::RefCell::new(Vec::new()));
    let tells = told.clone();
    let socket = other
        .socket(crate::Address::new(super::world::URL, &[]))
        .protocol(Protocol::Tidegate)
        .listen(move |notice| {
            if let crate::SocketNotice::Changed(event) = notice
                && event.change == SocketChange::Durable
            {
                tells.borrow_mut().push((event.message, event.state));
            }
        })
        .open()
        .unwrap();
    let key = store(&socket, "1").await;
    answer(1);
    until_written(2).await;
    answer(1);
    let last = (Some(key), Some(SendState::Acknowledged));
    while told.borrow().last() != Some(&last) {
        turn().await;
    }
    assert!(
        told.borrow()
            .iter()
            .all(|(key, _)| key.as_ref() != Some(&probe))
    );
    other.shut_down();
}

#[wasm_bindgen_test]
async fn without_locks_each_goes_with_its_key_from_wherever_it_goes() {
    forget().await;
    refuse_locks(true);
    let world = World::new();
    let socket = connected(&world);
    let key = store(&socket, "1").await;
    until_written(1).await;
    answer(1);
    assert_eq!(written()[0][0].1, key);
    until_empty(&socket).await;
    refuse_locks(false);
}

#[wasm_bindgen_test]
async fn too_many_are_refused_and_told() {
    forget().await;
    let world = World::with(|settings| settings.socket.durable_entries = 1);
    let socket = world.dial(|wishes| wishes.protocol(Protocol::Tidegate));
    store(&socket, "1").await;
    let kept = socket.publish_durable("a", "2", None).await;
    assert_eq!(
        (kept.state, kept.why),
        (SendState::Dropped, Some(DropReason::Full))
    );
    assert_eq!(fates(&world, &kept.key), [SendState::Dropped]);
    let health = socket.health();
    assert_eq!((health.durable, health.dropped), (1, 1));
}

#[wasm_bindgen_test]
async fn too_large_ones_are_refused_and_one_with_the_same_key_is_the_same() {
    forget().await;
    let world = World::with(|settings| settings.socket.durable_bytes = 20);
    let socket = world.dial(|wishes| wishes.protocol(Protocol::Tidegate));
    for _ in 0..3 {
        let kept = socket.publish_durable("a", "123456789", Some("k")).await;
        assert_eq!(kept.state, SendState::Queued);
    }
    let kept = socket.publish_durable("a", "12345678", Some("l")).await;
    assert_eq!(kept.why, Some(DropReason::Full));
}

#[wasm_bindgen_test]
async fn what_cannot_be_stored_is_not_taken() {
    forget().await;
    refuse(true);
    let world = World::new();
    let socket = connected(&world);
    let kept = socket.publish_durable("a", "1", None).await;
    refuse(false);
    assert_eq!(
        (kept.state, kept.why),
        (SendState::Dropped, Some(DropReason::NotDurable))
    );
    assert_eq!(count(), 0);
    let kept = socket.publish_durable("a", "{", None).await;
    assert_eq!(kept.why, Some(DropReason::Malformed));
    socket.close(1000, "");
    let kept = socket.publish_durable("a", "1", None).await;
    assert_eq!(kept.why, Some(DropReason::Closed));
}

#[wasm_bindgen_test]
async fn what_is_too_old_goes_no_more_and_is_told() {
    forget().await;
    let world = World::new();
    let socket = world.dial(|wishes| wishes.protocol(Protocol::Tidegate));
    let key = store(&socket, "1").await;
    shift_calendar(f64::from(Settings::default().socket.durable_age_ms));
    accept();
    say(&GREETING.into());
    while fates(&world, &key).last() != Some(&SendState::Dropped) {
        turn().await;
    }
    shift_calendar(0.0);
    let told = world.told.borrow();
    assert_eq!(told.last().unwrap().why, Some(DropReason::Age));
    assert_eq!(count(), 0);
}

#[wasm_bindgen_test]
async fn what_a_user_has_left_is_sent_for_nobody_else() {
    forget().await;
    let world = World::new();
    world.client.set_identity(Some("ann"));
    let socket = world.dial(|wishes| wishes.protocol(Protocol::Tidegate));
    let hers = store(&socket, "1").await;
    drop(world);
    let world = World::new();
    world.client.set_identity(Some("bob"));
    let socket = connected(&world);
    let his = store(&socket, "2").await;
    until_written(1).await;
    assert_eq!(written()[0][0].1, his);
    drop(world);
    let world = World::new();
    world.client.set_identity(Some("ann"));
    let _socket = connected(&world);
    until_written(1).await;
    assert_eq!(written()[0][0].1, hers);
    drop(world);
    let world = World::new();
    world.client.outbox().forget("ann").await.unwrap();
    world.client.set_identity(Some("ann"));
    let socket = connected(&world);
    let later = store(&socket, "3").await;
    until_written(1).await;
    assert_eq!(written()[0][0].1, later);
}

#[wasm_bindgen_test]
async fn what_is_forgotten_goes_no_more() {
    forget().await;
    let world = World::new();
    world.client.set_identity(Some("ann"));
    let socket = connected(&world);
    store(&socket, "1").await;
    store(&socket, "2").await;
    until_written(1).await;
    world.client.outbox().forget("ann").await.unwrap();
    answer(1);
    let later = store(&socket, "3").await;
    until_written(2).await;
    assert_eq!(written()[0][1].1, later);
}

#[wasm_bindgen_test]
async fn a_connection_of_before_somebody_signed_in_sends_nothing_of_theirs() {
    forget().await;
    let world = World::new();
    let socket = connected(&world);
    world.client.set_identity(Some("ann"));
    let key = store(&socket, "1").await;
    assert!(socket.reconnect());
    dialled(2).await;
    assert_eq!(count(), 0);
    accept();
    say(&GREETING.into());
    until_written(1).await;
    assert_eq!(written()[1][0].1, key);
}

#[wasm_bindgen_test]
async fn one_that_opens_after_somebody_signed_in_was_not_made_for_them() {
    forget().await;
    let world = World::new();
    let socket = world.dial(|wishes| wishes.protocol(Protocol::Tidegate));
    world.client.set_identity(Some("ann"));
    let key = store(&socket, "1").await;
    accept();
    say(&GREETING.into());
    for _ in 0..20 {
        turn().await;
    }
    assert_eq!(count(), 0);
    assert!(socket.reconnect());
    dialled(2).await;
    accept();
    say(&GREETING.into());
    until_written(1).await;
    assert_eq!(written()[1][0].1, key);
}

#[wasm_bindgen_test]
async fn what_is_read_for_a_user_who_goes_meanwhile_is_sent_for_nobody_else() {
    forget().await;
    let world = World::new();
    world.client.set_identity(Some("ann"));
    let wish = |wishes: SocketWishes| wishes.protocol(Protocol::Tidegate).follows(true);
    let socket = world.dial(wish);
    let hers = store(&socket, "1").await;
    hold_reads();
    accept();
    say(&GREETING.into());
    is_read().await;
    world.client.set_identity(Some("bob"));
    dialled(2).await;
    accept();
    say(&GREETING.into());
    let_reads_go();
    let his = store(&socket, "2").await;
    until_written(1).await;
    assert_eq!(written()[1][0].1, his);
    answer(2);
    world.client.set_identity(Some("ann"));
    dialled(3).await;
    accept();
    say(&GREETING.into());
    until_written(2).await;
    assert_eq!(written()[1].len(), 1);
    assert_eq!(written()[2][0].1, hers);
}

#[wasm_bindgen_test]
async fn what_is_published_in_the_turn_in_which_its_user_goes_is_not_the_next_ones() {
    forget().await;
    let world = World::new();
    world.client.set_identity(Some("ann"));
    let wish = |wishes: SocketWishes| wishes.protocol(Protocol::Tidegate).follows(true);
    let socket = world.dial(wish);
    let hers = socket.publish_durable("a", "1", Some("hers"));
    world.client.set_identity(Some("bob"));
    assert_eq!(hers.await.state, SendState::Queued);
    dialled(2).await;
    accept();
    say(&GREETING.into());
    let his = store(&socket, "2").await;
    until_written(1).await;
    assert_eq!(written()[1][0].1, his);
    world.client.set_identity(Some("ann"));
    dialled(3).await;
    accept();
    say(&GREETING.into());
    until_written(2).await;
    assert_eq!(written()[2][0].1, "hers");
}

#[wasm_bindgen_test]
async fn what_nobody_has_out_is_not_repeated_on_the_connection_of_who_signs_in() {
    forget().await;
    let world = World::new();
    let socket = connected(&world);
    store(&socket, "0").await;
    until_written(1).await;
    // Whoever would take it back waits for the disk.
    hold_reads();
    store(&socket, "1").await;
    is_read().await;
    world.client.set_identity(Some("ann"));
    drop_at(1, 1006);
    dialled(2).await;
    accept();
    say(&GREETING.into());
    assert_eq!(count(), 1);
    let_reads_go();
    let hers = store(&socket, "2").await;
    until_written(2).await;
    assert_eq!(written()[1][0].1, hers);
}

#[wasm_bindgen_test]
async fn the_outbox_neither_sees_nor_loses_them() {
    forget().await;
    let world = World::with(|settings| settings.outbox.entries = 10);
    let socket = world.dial(|wishes| wishes.protocol(Protocol::Tidegate));
    let key = store(&socket, "1").await;
    assert!(world.client.outbox().list().await.unwrap().is_empty());
    drop(world);
    let world = World::new();
    let _socket = connected(&world);
    until_written(1).await;
    assert_eq!(written()[0][0].1, key);
}
