use tidegate_core::{CacheSettings, StorageMode, Wall};
use wasm_bindgen_test::wasm_bindgen_test;

use super::faults::{ALWAYS, Fault, said_on_disk, write};
use super::sealed::{off, on, only_key};
use super::world::{URL, World, body, kept, on_disk, tagged, text, url, variant};
use crate::store::{Partition, Which};

#[wasm_bindgen_test]
async fn sealed_answers_are_listed_and_removed_by_url_by_tag_or_all() {
    let world = World::fresh_with(on).await;
    let anyone = Partition::anonymous();
    for number in 1..=5 {
        let tag = if number % 2 == 0 { "even" } else { "odd" };
        let kept = tagged(&url(number), tag);
        world
            .store
            .put(&anyone, &url(number), kept, body("x"))
            .await;
    }
    // By a page that has read nothing yet.
    let remove = async |which| World::with(on).store.remove(&anyone, &which).await;
    assert_eq!(remove(Which::Url(url(1))).await, 1);
    assert_eq!(remove(Which::Url(url(1))).await, 0);
    assert_eq!(remove(Which::Tag("even".into())).await, 2);
    let left = World::with(on).store.list(&anyone).await;
    assert!(left.iter().all(|each| each.used.0 > 0 && each.bytes == 1));
    let mut left: Vec<_> = left.into_iter().map(|each| each.url).collect();
    left.sort();
    assert_eq!(left, [url(3), url(5)]);
    assert_eq!(remove(Which::All).await, 2);
    assert!(world.store.list(&anyone).await.is_empty());
}

#[wasm_bindgen_test]
async fn variants_are_sealed_beside_each_other() {
    let world = World::fresh_with(on).await;
    let anyone = Partition::anonymous();
    for language in ["de", "en"] {
        let kept = variant(URL, &format!("accept-language:{language}\n"));
        assert!(world.store.put(&anyone, URL, kept, body(language)).await);
    }
    let mut found = Vec::new();
    for entry in world.store.entries(&anyone, URL).await {
        let language = text(&world.store.body(&entry).await.unwrap());
        assert!(entry.kept.selecting.as_str().contains(&language));
        found.push(language);
    }
    found.sort();
    assert_eq!(found, ["de", "en"]);
}

#[wasm_bindgen_test]
async fn a_head_that_is_renewed_is_sealed_anew() {
    let world = World::fresh_with(on).await;
    world.put(URL, "hello").await;
    let entry = world.entry(URL).await.unwrap();
    let mut newer = entry.kept.clone();
    newer.fields = vec![("etag".into(), "\"2\"".into())];
    assert!(world.store.renew(&entry, newer.clone()).await);
    assert_eq!(said_on_disk("etag").await.unwrap(), false);
    let next = World::with(on);
    assert_eq!(next.entry(URL).await.unwrap().kept, newer);
    assert_eq!(next.get(URL).await.as_deref(), Some("hello"));
    assert_eq!(next.store.list(&Partition::anonymous()).await[0].url, URL);
}

#[wasm_bindgen_test]
async fn what_was_in_the_clear_is_sealed_as_soon_as_the_server_confirms_it() {
    World::fresh().await.put(URL, "hello").await;
    let world = World::with(on);
    let entry = world.entry(URL).await.unwrap();
    assert!(world.store.renew(&entry, entry.kept.clone()).await);
    for secret in ["api.example", "hello"] {
        assert_eq!(said_on_disk(secret).await.unwrap(), false, "{secret}");
    }
    assert_eq!(World::another().get(URL).await.as_deref(), Some("hello"));

    // One that was removed meanwhile does not come back.
    let there = World::another();
    assert!(there.put(&url(1), "of another page").await);
    let entry = world.entry(&url(1)).await.unwrap();
    let which = Which::Url(url(1));
    assert_eq!(there.store.remove(&Partition::anonymous(), &which).await, 1);
    world.store.renew(&entry, entry.kept.clone()).await;
    assert_eq!(world.get(&url(1)).await, None);
    for store in ["heads", "bodies", "uses"] {
        assert_eq!(on_disk(store).await.len(), 1, "{store}");
    }
}

#[wasm_bindgen_test]
async fn a_corrupt_body_is_not_sealed_as_if_it_were_whole() {
    World::fresh().await.put(URL, "hello").await;
    write("bodies", &body("hallo"), &only_key().await)
        .await
        .unwrap();
    let world = World::with(on);
    let entry = world.entry(URL).await.unwrap();
    assert!(!world.store.renew(&entry, entry.kept.clone()).await);
    assert!(world.store.body(&entry).await.is_none());
}

#[wasm_bindgen_test]
async fn of_two_pages_with_different_settings_the_later_answer_counts() {
    for later in ["plain", "sealed"] {
        let plain = World::fresh().await;
        // It has read that there are no keys.
        plain.put(&url(1), "x").await;
        let sealed = World::with(on);
        sealed.put(&url(1), "x").await;
        // In this order, for the sealed one takes the place of the other.
        for (name, world) in [("sealed", &sealed), ("plain", &plain)] {
            let mut answer = kept(URL);
            answer.arrival.wall = Wall(if name == later { 2_000 } else { 1_000 });
            let anyone = Partition::anonymous();
            assert!(world.store.put(&anyone, URL, answer, body(name)).await);
        }
        assert_eq!(on_disk("heads").await.len(), 3, "one in both forms");
        for change in [off as fn(&mut CacheSettings), on] {
            let found = World::with(change).get(URL).await;
            assert_eq!(found.as_deref(), Some(later));
        }
        let which = Which::Url(URL.into());
        let anyone = Partition::anonymous();
        assert_eq!(sealed.store.remove(&anyone, &which).await, 2);
    }
}

#[wasm_bindgen_test]
async fn sealed_answers_count_and_make_room() {
    let world = World::fresh_with(|settings| {
        (settings.encrypt, settings.entries) = (1, 3);
    })
    .await;
    for number in 1..=8 {
        assert!(world.put(&url(number), "x").await);
    }
    for store in ["heads", "bodies", "uses"] {
        assert_eq!(on_disk(store).await.len(), 3, "{store}");
    }
    assert_eq!((world.health().entries, world.health().evicted), (3, 5));
    let world = World::fresh_with(|settings| {
        (settings.encrypt, settings.total_bytes) = (1, 150_000);
    })
    .await;
    for number in 1..=4 {
        world.put(&url(number), &"x".repeat(50_000)).await;
    }
    assert_eq!(on_disk("bodies").await.len(), 2);
}

#[wasm_bindgen_test]
async fn without_a_secure_context_nothing_is_written_to_disk() {
    let world = World::fresh_with(on).await;
    let insecure = Fault::WithoutSubtle.install();
    for whose in [Partition::anonymous(), Partition::of("anna")] {
        assert!(world.put_for(&whose, URL, "hello").await);
        assert_eq!(world.get_for(&whose, URL).await.as_deref(), Some("hello"));
    }
    assert_eq!(world.mode(), StorageMode::Memory);
    assert!(world.reasons()[0].contains("https"));
    let _later = Fault::Passes(5_000).install();
    assert!(world.put(&url(1), "later").await);
    assert_eq!(world.mode(), StorageMode::Memory);
    drop(insecure);
    World::another().get(URL).await;
    assert!(on_disk("heads").await.is_empty());
}

#[wasm_bindgen_test]
async fn a_page_that_is_told_to_seal_and_cannot_leaves_the_disk() {
    let world = World::fresh().await;
    world.put(URL, "before").await;
    let _insecure = Fault::WithoutSubtle.install();
    let mut settings = tidegate_core::Settings::default().cache;
    settings.encrypt = 1;
    world.store.configure(&settings);
    assert_eq!(world.mode(), StorageMode::Memory);
    assert!(world.put(&url(1), "in memory").await);
    assert_eq!(world.get(&url(1)).await.as_deref(), Some("in memory"));
    assert_eq!(on_disk("heads").await.len(), 1);
}

#[wasm_bindgen_test]
async fn where_keys_cannot_be_stored_nothing_is_written_to_disk() {
    assert!(World::fresh().await.put(&url(1), "before").await);
    let world = World::with(on);
    let _private = Fault::PutsThrow("DataCloneError", ALWAYS).install();
    assert!(world.put(URL, "hello").await);
    assert_eq!(world.mode(), StorageMode::Memory);
    assert!(world.reasons()[0].contains("keeps no keys"));
    assert_eq!(world.get(URL).await.as_deref(), Some("hello"));
    assert_eq!(on_disk("heads").await.len(), 1);
}

#[wasm_bindgen_test]
async fn what_memory_had_is_sealed_when_there_is_a_database() {
    let world = World::fresh_with(on).await;
    let refused = Fault::OpensThrow("SecurityError", ALWAYS).install();
    assert!(world.put(URL, "hello").await);
    drop(refused);
    let _later = Fault::Passes(5_000).install();
    assert_eq!(world.get(URL).await.as_deref(), Some("hello"));
    world
        .hears(|said| said.mode == StorageMode::IndexedDb)
        .await;
    world.store.flush().await;
    assert_eq!(said_on_disk("api.example").await.unwrap(), false);
    assert_eq!(World::with(on).get(URL).await.as_deref(), Some("hello"));
    assert_eq!(world.get(URL).await.as_deref(), Some("hello"));
}

#[wasm_bindgen_test]
async fn two_pages_that_begin_at_once_have_the_same_keys() {
    let here = World::fresh_with(on).await;
    let there = World::with(on);
    for whose in [Partition::anonymous(), Partition::of("anna")] {
        let (one, two) = (url(1), url(2));
        let both = futures::future::join(
            here.put_for(&whose, &one, "here"),
            there.put_for(&whose, &two, "there"),
        );
        assert_eq!(both.await, (true, true));
        assert_eq!(here.get_for(&whose, &two).await.as_deref(), Some("there"));
        assert_eq!(there.get_for(&whose, &one).await.as_deref(), Some("here"));
    }
}

#[wasm_bindgen_test]
async fn a_database_made_anew_has_new_keys() {
    let world = World::fresh_with(on).await;
    world.put(URL, "before").await;
    super::faults::remove_database().await.unwrap();
    assert!(world.put(URL, "anew").await);
    assert_eq!(world.get(URL).await.as_deref(), Some("anew"));
    assert_eq!(World::with(on).get(URL).await.as_deref(), Some("anew"));
    assert_eq!(world.health().corrupt, 0);
}
