//! What the owner of a socket is asked: a first word on each connection, and a token.

use std::cell::RefCell;
use std::rc::Rc;

use futures::channel::oneshot;
use wasm_bindgen_test::wasm_bindgen_test;

use super::wire::{accept, closes, dialled, drop, say, sent};
use super::world::{World, turn};
use crate::{Cause, Protocol, SendState, SocketState};

type Says = Rc<RefCell<Vec<oneshot::Sender<bool>>>>;

/// A socket whose first word takes as long as the test wants.
fn greeting(world: &World) -> (crate::Socket, Says) {
    let says = Says::default();
    let asked = says.clone();
    let socket = world.dial(move |wishes| {
        wishes.hello(move |native| {
            native.send_with_str("who I am").unwrap();
            let (done, is_done) = oneshot::channel();
            asked.borrow_mut().push(done);
            async move { is_done.await.unwrap_or(false) }
        })
    });
    (socket, says)
}

#[wasm_bindgen_test]
async fn what_waits_goes_when_the_first_word_has_been_said() {
    let world = World::new();
    let (socket, says) = greeting(&world);
    assert_eq!(socket.send("later").state, SendState::Queued);
    accept();
    turn().await;
    assert_eq!(
        (sent(), socket.state()),
        ("who I am".into(), SocketState::Connecting)
    );
    says.borrow_mut().remove(0).send(true).unwrap();
    turn().await;
    assert_eq!(sent(), "who I am|later");
    assert_eq!(socket.state(), SocketState::Open);
}

#[wasm_bindgen_test]
async fn a_first_word_that_is_said_at_once_holds_nothing_up() {
    let world = World::new();
    let socket = world.dial(|wishes| {
        wishes.hello(|native| {
            native.send_with_str("hello").unwrap();
            async { true }
        })
    });
    accept();
    assert_eq!(socket.send("x").state, SendState::Written);
    assert_eq!(sent(), "hello|x");
}

#[wasm_bindgen_test]
async fn one_that_fails_gives_the_connection_up_and_says_why() {
    let world = World::new();
    let (socket, says) = greeting(&world);
    accept();
    says.borrow_mut().remove(0).send(false).unwrap();
    dialled(2).await;
    assert_eq!(closes(), "4499 / ");
    assert!(
        world
            .told
            .borrow()
            .iter()
            .any(|it| it.cause == Some(Cause::Hello))
    );
    accept();
    // Of a connection that is gone, nobody cares whether it succeeds.
    drop(1006);
    dialled(3).await;
    says.borrow_mut().remove(0).send(true).unwrap();
    turn().await;
    assert_ne!(socket.state(), SocketState::Open);
}

#[wasm_bindgen_test]
async fn the_token_goes_with_the_connection_and_another_one_over_it() {
    let world = World::new();
    let asked: Rc<RefCell<Vec<bool>>> = Rc::default();
    let asks = asked.clone();
    let _socket = world.dial(move |wishes| {
        let wishes = wishes.protocol(Protocol::Centrifugo);
        wishes.token(move |refresh| {
            asks.borrow_mut().push(refresh);
            let token = format!("t{}", asks.borrow().len());
            async move { Some(token) }
        })
    });
    dialled(1).await;
    accept();
    assert!(sent().contains(r#""connect":{"token":"t1"}"#), "{}", sent());
    say(&r#"{"id":1,"connect":{"ping":25,"expires":true,"ttl":1}}"#.into());
    while !sent().contains(r#""refresh":{"token":"t2"}"#) {
        turn().await;
    }
    assert_eq!(*asked.borrow(), [false, true]);
    assert_eq!(world.client.health().sockets[0].opened, 1);
}

#[wasm_bindgen_test]
async fn without_a_token_there_is_no_connection() {
    let world = World::new();
    let count: Rc<RefCell<u32>> = Rc::default();
    let counts = count.clone();
    let _socket = world.dial(move |wishes| {
        let wishes = wishes.protocol(Protocol::Tidegate);
        wishes.token(move |_| {
            *counts.borrow_mut() += 1;
            let token = (*counts.borrow() > 2).then(|| String::from("third"));
            async move { token }
        })
    });
    dialled(1).await;
    assert_eq!(*count.borrow(), 3);
    assert!(
        world
            .told
            .borrow()
            .iter()
            .any(|it| it.cause == Some(Cause::Provider))
    );
    accept();
    assert!(sent().contains(r#""token":"third""#));
}
