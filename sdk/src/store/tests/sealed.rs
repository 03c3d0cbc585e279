use js_sys::{ArrayBuffer, Uint8Array};
use tidegate_core::CacheSettings;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::faults::{exported, said_on_disk, write};
use super::world::{URL, World, body, field, kept, keys_on_disk, on_disk, url, variant};
use crate::store::Partition;
use crate::store::row::object;

pub(super) fn on(settings: &mut CacheSettings) {
    settings.encrypt = 1;
}

pub(super) fn off(_: &mut CacheSettings) {}

pub(super) fn bytes(value: &JsValue) -> Vec<u8> {
    Uint8Array::new(value).to_vec()
}

/// The one record of a store.
pub(super) async fn only(store: &str) -> JsValue {
    let mut records = on_disk(store).await;
    assert_eq!(records.len(), 1, "{store}");
    records.remove(0)
}

pub(super) async fn only_key() -> JsValue {
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
