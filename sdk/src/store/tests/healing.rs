use tidegate_core::StorageMode;
use wasm_bindgen_test::wasm_bindgen_test;

use super::faults::{ALWAYS, Fault, SlowOpens, page_hides, remove_database, take_connection_away};
use super::world::{URL, World, keys_on_disk, url};
use crate::store::{Partition, Which};

#[wasm_bindgen_test]
async fn memory_takes_over_where_the_database_is_refused() {
    let world = World::fresh().await;
    let _private = Fault::OpensThrow("SecurityError", ALWAYS).install();
    assert!(world.put(URL, "hello").await);
    assert_eq!(world.mode(), StorageMode::Memory);
    assert!(world.reasons()[0].contains("SecurityError"));
    assert_eq!(world.get(URL).await.as_deref(), Some("hello"));
}

#[wasm_bindgen_test]
async fn an_open_that_is_late_takes_over_when_it_comes() {
    let world = World::fresh().await;
    let slow = SlowOpens::install();
    let put = world.put(URL, "hello");
    assert!(put.await, "memory has it after two seconds");
    assert_eq!(world.mode(), StorageMode::Memory);
    assert!(world.reasons()[0].contains("does not answer"));
    slow.let_go().await;
    world
        .hears(|said| said.mode == StorageMode::IndexedDb)
        .await;
    world.store.flush().await;
    assert_eq!(World::another().get(URL).await.as_deref(), Some("hello"));
}

#[wasm_bindgen_test]
async fn the_database_is_tried_again_after_a_rest() {
    let world = World::fresh().await;
    let refused = Fault::OpensThrow("SecurityError", ALWAYS).install();
    assert!(world.put(URL, "hello").await);
    drop(refused);
    world.get(URL).await;
    assert_eq!(world.mode(), StorageMode::Memory, "not so soon");
    let _later = Fault::Passes(5_000).install();
    assert_eq!(world.get(URL).await.as_deref(), Some("hello"));
    world
        .hears(|said| said.mode == StorageMode::IndexedDb)
        .await;
    world.store.flush().await;
    assert_eq!(World::another().get(URL).await.as_deref(), Some("hello"));
}

#[wasm_bindgen_test]
async fn each_rest_is_twice_as_long() {
    let world = World::fresh().await;
    let refused = Fault::OpensThrow("SecurityError", ALWAYS).install();
    world.put(URL, "hello").await;
    let _later = Fault::Passes(5_000).install();
    world.get(URL).await;
    drop(refused);
    let _not_yet = Fault::Passes(9_000).install();
    world.get(URL).await;
    assert_eq!(world.mode(), StorageMode::Memory);
    let _now = Fault::Passes(1_000).install();
    world.get(URL).await;
    world
        .hears(|said| said.mode == StorageMode::IndexedDb)
        .await;
}

#[wasm_bindgen_test]
async fn a_connection_that_is_dead_is_opened_once_more() {
    for name in ["InvalidStateError", "UnknownError", "NotFoundError"] {
        let world = World::fresh().await;
        world.put(URL, "hello").await;
        let _dead = Fault::TransactionsThrow(name, 1).install();
        assert_eq!(world.get(URL).await.as_deref(), Some("hello"), "{name}");
        assert_eq!(world.mode(), StorageMode::IndexedDb);
        assert_eq!(world.health().reopened, 1);
    }
}

#[wasm_bindgen_test]
async fn a_write_to_a_dead_connection_is_done_once_more() {
    let world = World::fresh().await;
    world.put(URL, "hello").await;
    let _dead = Fault::CommitsAbort("UnknownError", 1).install();
    assert!(world.put(&url(1), "again").await);
    assert_eq!(world.health().reopened, 1);
    assert_eq!(keys_on_disk("heads").await.len(), 2);
}

#[wasm_bindgen_test]
async fn a_connection_that_is_dead_twice_leaves_it_to_memory() {
    let world = World::fresh().await;
    world.put(URL, "hello").await;
    let dead = Fault::TransactionsThrow("InvalidStateError", ALWAYS).install();
    assert!(world.put(&url(1), "in memory").await);
    assert_eq!(world.mode(), StorageMode::Memory);
    assert_eq!(world.get(&url(1)).await.as_deref(), Some("in memory"));
    drop(dead);
    let _later = Fault::Passes(5_000).install();
    world.get(URL).await;
    world.store.flush().await;
    world
        .hears(|said| said.mode == StorageMode::IndexedDb && said.entries == 2)
        .await;
    assert_eq!(
        World::another().get(&url(1)).await.as_deref(),
        Some("in memory")
    );
}

#[wasm_bindgen_test]
async fn a_connection_that_the_browser_takes_away_is_opened_again() {
    let world = World::fresh().await;
    world.put(URL, "hello").await;
    take_connection_away();
    assert_eq!(world.get(URL).await.as_deref(), Some("hello"));
    assert_eq!(world.health().reopened, 1);
}

#[wasm_bindgen_test]
async fn a_database_deleted_behind_our_back_is_made_anew_and_reported() {
    let world = World::fresh().await;
    world.put(URL, "hello").await;
    remove_database().await.unwrap();
    assert_eq!(world.get(URL).await, None);
    assert!(world.incidents()[0].starts_with("vanished"));
    assert!(world.put(URL, "anew").await);
    assert_eq!(World::another().get(URL).await.as_deref(), Some("anew"));
    assert_eq!(world.health().entries, 1);
}

#[wasm_bindgen_test]
async fn after_the_storage_was_cleared_nothing_more_is_written_for_a_user_of_before() {
    let world = World::fresh().await;
    let anna = Partition::of("anna");
    world.put_for(&anna, URL, "before").await;
    remove_database().await.unwrap();
    assert!(!world.put_for(&anna, URL, "late").await);
    assert!(world.put_for(&Partition::of("anna"), URL, "anew").await);
}

#[wasm_bindgen_test]
async fn a_page_that_is_frozen_is_in_nobodys_way() {
    let world = World::fresh().await;
    world.put(URL, "hello").await;
    page_hides(true);
    // No versionchange is needed for it: an upgrade asks nobody.
    remove_database().await.unwrap();
    assert!(world.put(URL, "back").await);
    assert_eq!(world.health().reopened, 0);
}

#[wasm_bindgen_test]
async fn a_broken_file_is_tried_three_times_and_then_made_anew() {
    for times in [2, 3] {
        let world = World::fresh().await;
        world.put(URL, "hello").await;
        world.store.close();
        let _broken = Fault::OpensFail("UnknownError", times).install();
        let next = World::another();
        let found = next.get(URL).await;
        assert_eq!(found.is_some(), times == 2, "{times}");
        assert!(next.put(&url(1), "works").await);
        assert_eq!(next.mode(), StorageMode::IndexedDb);
    }
}

#[wasm_bindgen_test]
async fn a_full_disk_is_given_the_oldest_quarter_and_the_write_is_done_once_more() {
    for fault in [
        Fault::PutsThrow("QuotaExceededError", 1),
        Fault::CommitsAbort("QuotaExceededError", 1),
        Fault::CommitsAbort("", 1),
    ] {
        let world = World::fresh().await;
        for number in 0..8 {
            world.put(&url(number), "x").await;
        }
        let full = fault.install();
        assert!(world.put(URL, "hello").await, "{fault:?}");
        drop(full);
        assert_eq!(world.mode(), StorageMode::IndexedDb);
        assert_eq!(world.health().evicted, 2, "{fault:?}");
        assert_eq!(world.get(&url(0)).await, None);
        assert_eq!(world.get(URL).await.as_deref(), Some("hello"));
    }
}

#[wasm_bindgen_test]
async fn a_disk_that_stays_full_is_read_only_until_a_write_works() {
    let world = World::fresh().await;
    for number in 0..8 {
        world.put(&url(number), "x").await;
    }
    let full = Fault::PutsThrow("QuotaExceededError", ALWAYS).install();
    assert!(!world.put(URL, "hello").await);
    assert_eq!(world.mode(), StorageMode::ReadOnly);
    assert!(world.reasons()[0].contains("full"));
    assert_eq!(world.get(&url(7)).await.as_deref(), Some("x"));
    let evicted = world.health().evicted;
    assert!(!world.put(URL, "again").await);
    assert_eq!(world.health().evicted, evicted, "nothing more is given up");
    drop(full);
    assert!(world.put(URL, "at last").await);
    assert_eq!(world.mode(), StorageMode::IndexedDb);
}

#[wasm_bindgen_test]
async fn a_write_that_fails_by_itself_leaves_the_database_in_use() {
    let world = World::fresh().await;
    world.put(URL, "hello").await;
    let bad = Fault::PutsThrow("DataError", 1).install();
    assert!(!world.put(&url(1), "bad").await);
    drop(bad);
    assert_eq!(world.mode(), StorageMode::IndexedDb);
    assert_eq!(world.get(&url(1)).await, None);
    assert_eq!(world.get(URL).await.as_deref(), Some("hello"));
}

#[wasm_bindgen_test]
async fn what_could_not_be_forgotten_is_forgotten_as_soon_as_there_is_a_database() {
    let world = World::fresh().await;
    let anna = Partition::of("anna");
    world.put(URL, "for all").await;
    world.put_for(&anna, URL, "for anna").await;
    let dead = Fault::TransactionsThrow("InvalidStateError", ALWAYS).install();
    let locked = Fault::DeletesFail("UnknownError", ALWAYS).install();
    assert!(!world.store.erase(&anna).await);
    drop(locked);
    world
        .store
        .remove(&Partition::anonymous(), &Which::Url(URL.into()))
        .await;
    drop(dead);
    assert_eq!(keys_on_disk("heads").await.len(), 2);
    let _later = Fault::Passes(5_000).install();
    world.get(&url(1)).await;
    world
        .hears(|said| said.mode == StorageMode::IndexedDb && said.reopened == 1)
        .await;
    // The next write comes after what was owed.
    assert!(world.put(&url(2), "next").await);
    assert_eq!(keys_on_disk("heads").await, [format!("\n{}\n", url(2))]);
}

#[wasm_bindgen_test]
async fn a_closed_store_has_written_what_waited() {
    let world = World::fresh().await;
    world.put(URL, "opened").await;
    let last = url(1);
    let put = world.put(&last, "last");
    let closed = async {
        while world.get(&last).await.is_none() {}
        world.store.close();
    };
    assert!(futures::future::join(put, closed).await.0);
    assert_eq!(World::another().get(&last).await.as_deref(), Some("last"));
}

#[wasm_bindgen_test]
async fn an_open_that_never_ends_is_made_up_for_by_a_later_one() {
    let world = World::fresh().await;
    let _safari = Fault::OpensHang(1).install();
    assert!(world.put(URL, "hello").await);
    assert_eq!(world.mode(), StorageMode::Memory);
    let _later = Fault::Passes(5_000).install();
    world.get(URL).await;
    world
        .hears(|said| said.mode == StorageMode::IndexedDb)
        .await;
}

#[wasm_bindgen_test]
async fn nothing_is_deleted_because_a_connection_is_dead() {
    let world = World::fresh().await;
    world.put(URL, "hello").await;
    world.store.close();
    let dead = Fault::TransactionsThrow("InvalidStateError", ALWAYS).install();
    assert_eq!(World::another().get(URL).await, None);
    drop(dead);
    assert_eq!(World::another().get(URL).await.as_deref(), Some("hello"));
}
