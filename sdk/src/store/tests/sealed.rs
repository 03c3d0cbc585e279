use js_sys::{ArrayBuffer, Uint8Array};
use tidegate_core::{CacheSettings, StorageMode, Wall};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::faults::{ALWAYS, Fault, exported, said_on_disk, write};
use super::world::{
    URL, World, body, field, kept, keys_on_disk, on_disk, tagged, text, url, variant,
};
use crate::store::row::object;
use crate::store::{Partition, Which};

fn on(settings: &mut CacheSettings) {
    settings.encrypt = 1;
}

fn off(_: &mut CacheSettings) {}

fn bytes(value: &JsValue) -> Vec<u8> {
    Uint8Array::new(value).to_vec()
}

/// The one record of a store.
async fn only(store: &str) -> JsValue {
    let mut records = on_disk(store).await;
    assert_eq!(records.len(), 1, "{store}");
    records.remove(0)
}

async fn only_key() -> JsValue {
    keys_on_disk("bodies").await.remove(0).into()
}

#[wasm_bindgen_test]
async fn nothing_of_an_answer_can_be_read_on_disk() {
    for user in [None, Some("u-17")] {
        for (change, readable) in [(off as fn(&mut CacheSettings), true), (on, false)] {
            let world = World::fresh_with(change).await;
            let whose = user.map_or_else(Partition::anonymous, Partition::of);
            let answer = variant(URL, "accept-language:de\n");
            let kept = world.store.put(&whose, URL, answer, body("the body"));
            assert!(kept.await);
            for secret in ["api.example", "etag", "accept-language", "the body"] {
                let found = said_on_disk(secret).await.unwrap();
                assert_eq!(found.as_bool(), Some(readable), "{secret}");
            }
        }
    }
}

#[wasm_bindgen_test]
async fn what_was_sealed_is_opened_by_the_next_page() {
    let world = World::fresh_with(on).await;
    let anna = Partition::of("anna");
    assert!(world.put(URL, "for all").await);
    assert!(world.put_for(&anna, URL, "for anna").await);
    assert!(world.put(&url(1), "").await);
    assert_eq!(world.get(URL).await.as_deref(), Some("for all"));
    let next = World::with(on);
    let entry = next.entry(URL).await.unwrap();
    assert_eq!((&entry.kept, entry.bytes), (&kept(URL), 7));
    assert_eq!(next.get(URL).await.as_deref(), Some("for all"));
    let anna = Partition::of("anna");
    assert_eq!(next.get_for(&anna, URL).await.as_deref(), Some("for anna"));
    assert_eq!(next.get(&url(1)).await.as_deref(), Some(""));
    assert_eq!(next.get(&url(2)).await, None);
}

#[wasm_bindgen_test]
async fn the_same_answer_is_never_the_same_on_disk() {
    let world = World::fresh_with(on).await;
    let mut seen = Vec::new();
    for _ in 0..2 {
        world.put(URL, "hello").await;
        let (head, body) = (only("heads").await, only("bodies").await);
        assert_eq!(
            field(&head, "sum").as_f64(),
            Some(0.0),
            "it would say something of the body"
        );
        let seal = field(&head, "seal");
        seen.extend([bytes(&field(&head, "head")), bytes(&body)]);
        seen.extend(["head", "body"].map(|part| bytes(&field(&seal, part))));
    }
    let all = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), all);
}

#[wasm_bindgen_test]
async fn what_was_kept_before_is_found_whatever_the_settings_say_now() {
    for (first, then) in [
        (off as fn(&mut CacheSettings), on as fn(&mut CacheSettings)),
        (on, off),
    ] {
        for whose in [Partition::anonymous(), Partition::of("anna")] {
            let world = World::fresh_with(first).await;
            world.put_for(&whose, URL, "before").await;
            let next = World::with(then);
            assert_eq!(next.get_for(&whose, URL).await.as_deref(), Some("before"));
            assert_eq!(next.store.list(&whose).await.len(), 1);
            // There is one answer to a question, in one form or the other.
            assert!(next.put_for(&whose, URL, "after").await);
            for store in ["heads", "bodies", "uses"] {
                assert_eq!(on_disk(store).await.len(), 1, "{store}");
            }
            assert_eq!(next.get_for(&whose, URL).await.as_deref(), Some("after"));
            let last = World::with(first);
            assert_eq!(last.get_for(&whose, URL).await.as_deref(), Some("after"));
            assert_eq!(last.health().corrupt, 0);
        }
    }
}

#[wasm_bindgen_test]
async fn the_settings_may_change_while_the_page_lives() {
    let world = World::fresh().await;
    let mut settings = tidegate_core::Settings::default().cache;
    for (encrypt, sealed) in [(0, false), (1, true), (0, false)] {
        settings.encrypt = encrypt;
        world.store.configure(&settings);
        assert!(world.put(URL, "hello").await);
        assert_eq!(world.get(URL).await.as_deref(), Some("hello"));
        let seal = field(&only("heads").await, "seal");
        assert_eq!(seal.is_object(), sealed);
    }
}

#[wasm_bindgen_test]
async fn a_body_in_the_place_of_another_is_not_served() {
    let world = World::fresh_with(on).await;
    world.put(&url(1), "one").await;
    world.put(&url(2), "two").await;
    let keys = keys_on_disk("bodies").await;
    let bodies = on_disk("bodies").await;
    let heads = on_disk("heads").await;
    for (place, other) in [(0, 1), (1, 0)] {
        let key = JsValue::from(&*keys[place]);
        // With all that belongs to it.
        let moved = object(&[
            ("key", key.clone()),
            ("head", field(&heads[place], "head")),
            ("bytes", field(&heads[other], "bytes")),
            ("sum", 0.into()),
            (
                "seal",
                object(&[
                    ("head", field(&field(&heads[place], "seal"), "head")),
                    ("body", field(&field(&heads[other], "seal"), "body")),
                ]),
            ),
        ]);
        write("heads", &moved, &JsValue::UNDEFINED).await.unwrap();
        write("bodies", &bodies[other], &key).await.unwrap();
    }
    for number in 1..=2 {
        let entry = world.entry(&url(number)).await.unwrap();
        assert!(world.store.body(&entry).await.is_none());
        assert_eq!(world.get(&url(number)).await, None, "and it has gone");
    }
    assert_eq!(world.health().corrupt, 2);
}

#[wasm_bindgen_test]
async fn a_head_in_the_place_of_another_is_not_served() {
    let world = World::fresh_with(on).await;
    world.put(&url(1), "one").await;
    world.put(&url(2), "two").await;
    let heads = on_disk("heads").await;
    let moved = object(&[
        ("key", field(&heads[0], "key")),
        ("head", field(&heads[1], "head")),
        ("bytes", field(&heads[1], "bytes")),
        ("sum", 0.into()),
        ("seal", field(&heads[1], "seal")),
    ]);
    write("heads", &moved, &JsValue::UNDEFINED).await.unwrap();
    let mut found = Vec::new();
    for number in 1..=2 {
        found.push(world.entry(&url(number)).await.is_some());
    }
    found.sort();
    assert_eq!(found, [false, true]);
    assert_eq!(world.health().corrupt, 1);
}

#[wasm_bindgen_test]
async fn one_bit_is_enough_to_have_it_set_aside() {
    let world = World::fresh_with(on).await;
    world.put(URL, "hello").await;
    let bent = bytes(&only("bodies").await);
    let bent: Vec<u8> = bent
        .iter()
        .enumerate()
        .map(|(place, byte)| byte ^ u8::from(place == 2))
        .collect();
    let bent: ArrayBuffer = Uint8Array::from(&*bent).buffer();
    write("bodies", &bent, &only_key().await).await.unwrap();
    let entry = world.entry(URL).await.unwrap();
    assert!(world.store.body(&entry).await.is_none());
    assert_eq!(world.health().corrupt, 1);
    assert_eq!(world.get(URL).await, None);
    assert!(keys_on_disk("bodies").await.is_empty());
    assert_eq!(
        said_on_disk("api.example").await.unwrap(),
        false,
        "nor aside"
    );
}

#[wasm_bindgen_test]
async fn the_keys_cannot_be_read_out() {
    let world = World::fresh_with(on).await;
    world.put_for(&Partition::of("anna"), URL, "hello").await;
    world.put(URL, "hello").await;
    let rows = on_disk("partitions").await;
    assert_eq!(rows.len(), 2);
    for row in rows {
        for name in ["seal", "find"] {
            let key = field(&field(&row, "keys"), name);
            assert_eq!(field(&key, "type").as_string().as_deref(), Some("secret"));
            let refused = exported(&key).await.unwrap_err();
            let name = field(&refused, "name").as_string();
            assert_eq!(name.as_deref(), Some("InvalidAccessError"));
        }
    }
}

#[wasm_bindgen_test]
async fn after_a_logout_what_a_disk_still_has_does_not_open() {
    let world = World::fresh_with(on).await;
    let anna = Partition::of("anna");
    world.put_for(&anna, URL, "hello").await;
    let (head, body, key) = (only("heads").await, only("bodies").await, only_key().await);
    let before = world.entry_for(&anna, URL).await.unwrap();
    assert!(world.store.erase(&anna).await);
    assert_eq!(keys_on_disk("partitions").await, [""]);
    assert!(world.store.body(&before).await.is_none());
    assert_eq!(world.health().corrupt, 0);
    // A disk that had not forgotten.
    write("heads", &head, &JsValue::UNDEFINED).await.unwrap();
    write("bodies", &body, &key).await.unwrap();
    let (next, anna) = (World::with(on), Partition::of("anna"));
    assert_eq!(next.get_for(&anna, URL).await, None);
    assert!(next.store.list(&anna).await.is_empty());
    assert!(next.put_for(&anna, URL, "after").await);
    assert_eq!(next.get_for(&anna, URL).await.as_deref(), Some("after"));
}

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
