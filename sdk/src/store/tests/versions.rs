use js_sys::Array;
use tidegate_core::StorageMode;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::IdbDatabase;

use super::faults::{deleted_as_it_opens, other_version, version};
use super::world::{URL, World, no_database};

async fn made_by_another(version: u32, stores: &[&str]) -> IdbDatabase {
    let stores: Array = stores.iter().map(|name| JsValue::from(*name)).collect();
    other_version(version, &stores)
        .await
        .unwrap()
        .unchecked_into()
}

#[wasm_bindgen_test]
async fn a_database_of_version_one_is_brought_up_to_date() {
    no_database().await;
    made_by_another(1, &["responses"]).await.close();
    let world = World::another();
    assert!(world.put(URL, "hello").await);
    assert_eq!(world.mode(), StorageMode::IndexedDb);
    assert_eq!(version().await.unwrap(), 200);
    let left = made_by_another(200, &[]).await;
    assert!(!left.object_store_names().contains("responses"));
    left.close();
}

#[wasm_bindgen_test]
async fn a_later_version_of_the_same_hundred_is_read_and_written() {
    World::fresh().await.put(URL, "of 200").await;
    for later in [201, 299] {
        made_by_another(later, &[&later.to_string()]).await.close();
        let world = World::another();
        assert_eq!(world.get(URL).await.as_deref(), Some("of 200"));
        assert!(world.put("https://api.example/more", "more").await);
        assert_eq!(world.mode(), StorageMode::IndexedDb);
        assert_eq!(version().await.unwrap(), later);
    }
}

#[wasm_bindgen_test]
async fn a_version_of_the_next_hundred_is_left_alone() {
    no_database().await;
    made_by_another(300, &["theirs"]).await.close();
    let world = World::another();
    assert!(world.put(URL, "hello").await);
    assert_eq!(world.mode(), StorageMode::Memory);
    assert!(world.reasons()[0].contains("newer release"));
    assert_eq!(world.get(URL).await.as_deref(), Some("hello"));
    assert_eq!(version().await.unwrap(), 300);
}

#[wasm_bindgen_test]
async fn a_newer_release_in_another_tab_is_not_kept_waiting() {
    let world = World::fresh().await;
    world.put(URL, "hello").await;
    // It would never open if this tab held on.
    made_by_another(300, &["theirs"]).await.close();
    assert_eq!(world.get(URL).await, None);
    assert_eq!(world.mode(), StorageMode::Memory);
}

#[wasm_bindgen_test]
async fn an_older_version_in_another_tab_is_waited_for_in_memory() {
    no_database().await;
    let older = made_by_another(1, &["responses"]).await;
    let world = World::another();
    assert!(world.put(URL, "hello").await);
    assert_eq!(world.mode(), StorageMode::Memory);
    assert!(world.reasons()[0].starts_with("blocked"));
    older.close();
    world
        .hears(|said| said.mode == StorageMode::IndexedDb)
        .await;
    world.store.flush().await;
    assert_eq!(World::another().get(URL).await.as_deref(), Some("hello"));
}

#[wasm_bindgen_test]
async fn a_database_without_its_stores_is_made_anew() {
    no_database().await;
    made_by_another(200, &["heads"]).await.close();
    let world = World::another();
    assert!(world.put(URL, "hello").await);
    assert_eq!(world.mode(), StorageMode::IndexedDb);
    assert_eq!(World::another().get(URL).await.as_deref(), Some("hello"));
}

#[wasm_bindgen_test]
async fn a_database_that_another_tab_wants_gone_while_it_opens_is_let_go() {
    let world = World::fresh().await;
    let gone = deleted_as_it_opens();
    world.put(URL, "x").await;
    wasm_bindgen_futures::JsFuture::from(gone).await.unwrap();
    world.put(URL, "y").await;
    assert_eq!(world.get(URL).await.as_deref(), Some("y"));
    assert_eq!(world.mode(), StorageMode::IndexedDb);
}
