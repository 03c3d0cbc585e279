use wasm_bindgen_test::wasm_bindgen_test;

use super::world::{URL, World, keys_on_disk, url};
use crate::store::Partition;

/// Waits until the calendar has gone on, so that what is used later is seen to be.
fn next_millisecond() {
    let now = crate::clock::wall();
    while crate::clock::wall() == now {}
}

#[wasm_bindgen_test]
async fn what_was_used_longest_ago_makes_room() {
    let world = World::fresh_with(|settings| settings.entries = 2).await;
    world.put(&url(1), "x").await;
    next_millisecond();
    world.put(&url(2), "x").await;
    next_millisecond();
    world.store.used(&world.entry(&url(1)).await.unwrap());
    next_millisecond();
    world.put(&url(3), "x").await;
    let mut kept = Vec::new();
    for number in 1..=3 {
        kept.push(world.get(&url(number)).await.is_some());
    }
    assert_eq!(kept, [true, false, true]);
    assert_eq!(world.health().evicted, 1);
    assert_eq!(world.health().entries, 2);
}

#[wasm_bindgen_test]
async fn evicted_answers_leave_nothing_behind() {
    let world = World::fresh_with(|settings| settings.entries = 3).await;
    for number in 1..=8 {
        world.put(&url(number), "x").await;
    }
    for store in ["heads", "bodies", "uses"] {
        assert_eq!(keys_on_disk(store).await.len(), 3, "{store}");
    }
}

#[wasm_bindgen_test]
async fn bytes_are_counted_for_all_and_for_each_user() {
    let world = World::fresh_with(|settings| {
        (settings.total_bytes, settings.user_bytes) = (250_000, 120_000);
    })
    .await;
    let body = "x".repeat(50_000);
    let (anna, ben) = (Partition::of("anna"), Partition::of("ben"));
    world.put_for(&ben, &url(0), &body).await;
    for number in 1..=3 {
        next_millisecond();
        world.put_for(&anna, &url(number), &body).await;
    }
    // Three of these are too many for one user, though all together have room.
    assert_eq!(world.get_for(&anna, &url(1)).await, None);
    assert!(world.get_for(&anna, &url(3)).await.is_some());
    assert!(world.get_for(&ben, &url(0)).await.is_some());
    assert!(world.health().bytes <= 250_000);
    assert!(world.health().bytes > 150_000);
}

#[wasm_bindgen_test]
async fn a_body_over_the_limit_is_not_kept() {
    let world = World::fresh_with(|settings| settings.entry_bytes = 4).await;
    assert!(!world.put(URL, "hello").await);
    assert!(world.put(URL, "hell").await);
}

#[wasm_bindgen_test]
async fn what_other_tabs_write_is_counted_in_the_end() {
    let few = |settings: &mut tidegate_core::CacheSettings| settings.entries = 4;
    let here = World::fresh_with(few).await;
    let there = World::with(few);
    here.put(&url(0), "x").await;
    for number in 1..=4 {
        there.put(&url(number), "x").await;
    }
    here.put(&url(5), "x").await;
    there.put(&url(6), "x").await;
    assert!(keys_on_disk("heads").await.len() <= 4);
}

#[wasm_bindgen_test]
async fn memory_keeps_to_the_budgets_as_well() {
    let world = World::fresh_with(|settings| settings.entries = 2).await;
    let _refused =
        super::faults::Fault::OpensThrow("SecurityError", super::faults::ALWAYS).install();
    for number in 1..=3 {
        assert!(world.put(&url(number), "x").await);
        next_millisecond();
    }
    assert_eq!(world.get(&url(1)).await, None);
    assert!(world.get(&url(3)).await.is_some());
    assert_eq!((world.health().entries, world.health().evicted), (2, 1));
}
