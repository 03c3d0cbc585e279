use std::pin::pin;

use futures::future::{join_all, poll_immediate};
use wasm_bindgen_test::wasm_bindgen_test;

use super::faults::{Fault, Transactions, page_hides, page_is};
use super::world::{URL, World, keys_on_disk, url};
use crate::store::Partition;

#[wasm_bindgen_test]
async fn what_arrives_together_is_one_transaction() {
    let world = World::fresh().await;
    world.put(URL, "opened and counted").await;
    let batches = Transactions::count();
    let urls: Vec<String> = (0..40).map(url).collect();
    let kept = join_all(urls.iter().map(|url| world.put(url, "x"))).await;
    assert_eq!(kept, [true; 40]);
    assert_eq!(batches.writes(), 1);
    assert_eq!(keys_on_disk("heads").await.len(), 41);
}

#[wasm_bindgen_test]
async fn what_arrives_while_a_batch_is_written_is_the_next_one() {
    let world = World::fresh().await;
    world.put(URL, "opened and counted").await;
    let batches = Transactions::count();
    let urls: Vec<String> = (0..60).map(url).collect();
    let (first, late) = urls.split_at(50);
    let kept = join_all(first.iter().map(|url| world.put(url, "x")));
    let late = join_all(late.iter().map(|url| async {
        // The first fifty are on their way by now.
        while world.get(&first[49]).await.is_none() {}
        world.put(url, "x").await
    }));
    futures::future::join(kept, late).await;
    assert_eq!(batches.writes(), 2);
}

#[wasm_bindgen_test]
async fn what_is_read_together_is_one_transaction() {
    let world = World::fresh().await;
    let urls: Vec<String> = (0..40).map(url).collect();
    join_all(urls.iter().map(|url| world.put(url, url))).await;
    let transactions = Transactions::count();
    let read = join_all(urls.iter().chain(&urls).map(|url| world.get(url))).await;
    assert_eq!(transactions.reads(), 1);
    for (url, text) in urls.iter().chain(&urls).zip(read) {
        assert_eq!(text.as_ref(), Some(url));
    }
}

#[wasm_bindgen_test]
async fn what_is_only_read_is_not_written_at_every_turn() {
    let world = World::fresh().await;
    world.put(URL, "hello").await;
    let transactions = Transactions::count();
    for _ in 0..10 {
        let entry = world.entry(URL).await.unwrap();
        world.store.used(&entry);
        world.put(&url(1), "between").await;
    }
    assert_eq!(transactions.writes(), 10);
    world.store.used(&world.entry(URL).await.unwrap());
    world.get(URL).await;
    assert_eq!(transactions.writes(), 10);
}

#[wasm_bindgen_test]
async fn a_flush_has_written_new_times_as_well() {
    let world = World::fresh().await;
    world.put(URL, "hello").await;
    world.store.used(&world.entry(URL).await.unwrap());
    let transactions = Transactions::count();
    world.store.flush().await;
    assert_eq!(transactions.writes(), 1);
    assert!(!world.store.is_writing());
}

#[wasm_bindgen_test]
async fn fifty_answers_do_not_wait_for_more() {
    let world = World::fresh().await;
    world.put(URL, "opened").await;
    let _stopped = Fault::TimersStop.install();
    let urls: Vec<String> = (0..50).map(url).collect();
    let kept = join_all(urls.iter().map(|url| world.put(url, "x"))).await;
    assert_eq!(kept, [true; 50]);
}

#[wasm_bindgen_test]
async fn neither_do_four_megabytes() {
    let world = World::fresh_with(|settings| settings.entry_bytes = 5_000_000).await;
    world.put(URL, "opened").await;
    let _stopped = Fault::TimersStop.install();
    assert!(world.put(&url(1), &"x".repeat(4_000_000)).await);
}

#[wasm_bindgen_test]
async fn a_flush_leaves_nothing_to_be_written() {
    let world = World::fresh().await;
    let put = world.put(URL, "hello");
    let flushed = async {
        // Until the answer is among what waits, there is nothing to flush.
        while world.get(URL).await.is_none() {}
        world.store.flush().await;
        keys_on_disk("heads").await.len()
    };
    assert_eq!(futures::future::join(put, flushed).await, (true, 1));
}

#[wasm_bindgen_test]
async fn a_page_that_goes_away_writes_what_waits() {
    let world = World::fresh().await;
    world.put(URL, "opened").await;
    let _frozen = Fault::TimersStop.install();
    let late = url(1);
    let put = world.put(&late, "late");
    let hidden = async {
        while world.get(&late).await.is_none() {}
        page_hides(true);
    };
    assert!(futures::future::join(put, hidden).await.0);
    assert_eq!(world.get(&late).await.as_deref(), Some("late"));
    assert_eq!(world.health().reopened, 0);
}

#[wasm_bindgen_test]
async fn a_use_is_written_with_the_next_batch() {
    let world = World::fresh().await;
    world.put(URL, "hello").await;
    let first = world
        .store
        .list(&crate::store::Partition::anonymous())
        .await;
    let entry = world.entry(URL).await.unwrap();
    let batches = Transactions::count();
    while crate::clock::wall() <= first[0].used {
        world.get(URL).await;
    }
    world.store.used(&entry);
    assert_eq!(batches.writes(), 0);
    world.put(&url(1), "next").await;
    assert_eq!(batches.writes(), 1);
    let listed = World::another();
    let listed = listed
        .store
        .list(&crate::store::Partition::anonymous())
        .await;
    assert!(listed[0].used > first[0].used);
}

#[wasm_bindgen_test]
async fn a_page_that_is_frozen_begins_no_transaction() {
    let world = World::fresh().await;
    let ann = Partition::of("ann");
    world.put_for(&ann, URL, "hello").await;
    page_is("freeze");
    let other = World::another();
    let batches = Transactions::count();
    let mut erasing = pin!(world.store.erase_here(&ann));
    assert!(poll_immediate(&mut erasing).await.is_none());
    other.put(&url(1), "meanwhile").await;
    assert!(poll_immediate(&mut erasing).await.is_none());
    assert_eq!(batches.writes(), 1, "of the other page");
    page_is("resume");
    erasing.await;
    assert_eq!(keys_on_disk("heads").await.len(), 1);
}
