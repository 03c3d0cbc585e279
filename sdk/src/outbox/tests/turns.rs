use std::pin::pin;

use futures::future::poll_immediate;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::outbox::turn::Turnstile;

#[wasm_bindgen_test]
async fn who_comes_again_at_once_goes_behind_who_waits() {
    let line = Turnstile::default();
    let first = line.pass().await;
    let mut waits = pin!(line.pass());
    assert!(poll_immediate(&mut waits).await.is_none());
    drop(first);
    assert!(poll_immediate(line.pass()).await.is_none());
    assert!(poll_immediate(&mut waits).await.is_some());
}

#[wasm_bindgen_test]
async fn who_does_not_wait_any_more_is_passed_over() {
    let line = Turnstile::default();
    let first = line.pass().await;
    {
        let mut gone = pin!(line.pass());
        assert!(poll_immediate(&mut gone).await.is_none());
    }
    let mut waits = pin!(line.pass());
    assert!(poll_immediate(&mut waits).await.is_none());
    drop(first);
    let second = poll_immediate(&mut waits).await;
    assert!(second.is_some());
    drop(second);
    assert!(poll_immediate(line.pass()).await.is_some());
}
