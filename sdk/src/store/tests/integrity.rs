use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::faults::{Fault, erase, write};
use super::world::{URL, World, body, field, keys_on_disk, on_disk, url};
use crate::store::row::object;

const KEY: &str = "\nhttps://api.example/assets\n";

#[wasm_bindgen_test]
async fn a_body_that_is_not_what_was_stored_is_never_served() {
    let world = World::fresh().await;
    world.put(URL, "hello").await;
    write("bodies", &body("hallo"), &KEY.into()).await.unwrap();
    let entry = world.entry(URL).await.unwrap();
    assert!(world.store.body(&entry).await.is_none());
    assert_eq!(world.health().corrupt, 1);
    assert!(world.incidents()[0].starts_with("corrupt"));
    // Gone, and its head to be looked at.
    assert_eq!(world.get(URL).await, None);
    assert!(keys_on_disk("bodies").await.is_empty());
    let aside = on_disk("quarantine").await;
    assert_eq!(field(&aside[0], "key").as_string().as_deref(), Some(KEY));
    assert!(field(&aside[0], "body").is_undefined());
}

#[wasm_bindgen_test]
async fn a_head_that_is_not_what_was_stored_is_never_served() {
    let world = World::fresh().await;
    world.put(URL, "hello").await;
    let record = on_disk("heads").await.remove(0);
    let head = field(&record, "head").as_string().unwrap();
    let bent = object(&[
        ("key", KEY.into()),
        ("head", head.replace("status 200", "status 201").into()),
        ("bytes", field(&record, "bytes")),
        ("sum", field(&record, "sum")),
    ]);
    write("heads", &bent, &JsValue::UNDEFINED).await.unwrap();
    assert_eq!(world.get(URL).await, None);
    assert_eq!(world.health().corrupt, 1);
}

#[wasm_bindgen_test]
async fn a_head_without_its_body_is_never_served() {
    let world = World::fresh().await;
    world.put(URL, "hello").await;
    erase("bodies", KEY).await.unwrap();
    assert_eq!(world.get(URL).await, None);
    assert_eq!(world.health().corrupt, 1);
}

#[wasm_bindgen_test]
async fn a_record_of_another_shape_is_never_served() {
    for value in [JsValue::NULL, 7.into(), object(&[])] {
        let world = World::fresh().await;
        world.put(URL, "hello").await;
        write("bodies", &value, &KEY.into()).await.unwrap();
        assert_eq!(world.get(URL).await, None);
        assert_eq!(world.health().corrupt, 1);
    }
}

#[wasm_bindgen_test]
async fn at_most_ten_heads_are_set_aside() {
    let world = World::fresh().await;
    for number in 0..12 {
        world.put(&url(number), "hello").await;
        let key = format!("\n{}\n", url(number));
        write("bodies", &body("hallo"), &key.into()).await.unwrap();
        assert_eq!(world.get(&url(number)).await, None);
    }
    world.put(URL, "after").await;
    assert_eq!(world.health().corrupt, 12);
    assert_eq!(on_disk("quarantine").await.len(), 10);
}

#[wasm_bindgen_test]
async fn where_there_are_no_checksums_the_length_is_looked_at() {
    let world = World::fresh().await;
    let _insecure = Fault::WithoutSubtle.install();
    assert!(world.put(URL, "hello").await);
    assert_eq!(world.get(URL).await.as_deref(), Some("hello"));
    write("bodies", &body("hell"), &KEY.into()).await.unwrap();
    assert_eq!(World::another().get(URL).await, None);
}

#[wasm_bindgen_test]
async fn an_answer_kept_without_a_checksum_is_served_where_there_are_some() {
    let world = World::fresh().await;
    let insecure = Fault::WithoutSubtle.install();
    world.put(URL, "hello").await;
    drop(insecure);
    assert_eq!(World::another().get(URL).await.as_deref(), Some("hello"));
}
