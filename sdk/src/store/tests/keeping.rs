use tidegate_core::StorageMode;
use wasm_bindgen_test::wasm_bindgen_test;

use super::faults::Full;
use super::world::{URL, World, body, kept, tagged, text, url, variant};
use crate::store::{Partition, Which};

#[wasm_bindgen_test]
async fn what_was_put_is_found_by_the_next_page() {
    let world = World::fresh().await;
    assert!(world.put(URL, "hello").await);
    let entry = World::another().entry(URL).await.unwrap();
    assert_eq!(entry.kept, kept(URL));
    assert_eq!(entry.bytes, 5);
    assert_eq!(World::another().get(URL).await.as_deref(), Some("hello"));
}

#[wasm_bindgen_test]
async fn an_empty_body_is_a_body() {
    let world = World::fresh().await;
    assert!(world.put(URL, "").await);
    assert_eq!(World::another().get(URL).await.as_deref(), Some(""));
}

#[wasm_bindgen_test]
async fn a_later_answer_takes_the_place_of_an_earlier_one() {
    let world = World::fresh().await;
    world.put(URL, "first").await;
    world.put(URL, "second").await;
    assert_eq!(World::another().get(URL).await.as_deref(), Some("second"));
}

#[wasm_bindgen_test]
async fn variants_are_kept_beside_each_other() {
    let world = World::fresh().await;
    let anyone = Partition::anonymous();
    for language in ["de", "en"] {
        let kept = variant(URL, &format!("accept-language:{language}\n"));
        assert!(world.store.put(&anyone, URL, kept, body(language)).await);
    }
    let mut found = Vec::new();
    for entry in world.store.entries(&anyone, URL).await {
        found.push(text(&world.store.body(&entry).await.unwrap()));
    }
    assert_eq!(found, ["de", "en"]);
}

#[wasm_bindgen_test]
async fn a_url_does_not_find_answers_to_a_longer_one() {
    let world = World::fresh().await;
    world.put(&url(1), "longer").await;
    assert_eq!(world.get(URL).await, None);
}

#[wasm_bindgen_test]
async fn what_waits_to_be_written_is_read() {
    let world = World::fresh().await;
    world.put(URL, "old").await;
    let (new, read) = futures::future::join(world.put(URL, "new"), async {
        loop {
            if let Some(body) = world.get(URL).await.filter(|body| body == "new") {
                return body;
            }
        }
    })
    .await;
    assert!(new);
    assert_eq!(read, "new");
}

#[wasm_bindgen_test]
async fn a_renewed_head_keeps_the_body() {
    let world = World::fresh().await;
    world.put(URL, "hello").await;
    let entry = world.entry(URL).await.unwrap();
    let mut newer = entry.kept.clone();
    newer.fields = vec![("etag".into(), "\"2\"".into())];
    assert!(world.store.renew(&entry, newer.clone()).await);
    let next = World::another();
    assert_eq!(next.entry(URL).await.unwrap().kept, newer);
    assert_eq!(next.get(URL).await.as_deref(), Some("hello"));
}

#[wasm_bindgen_test]
async fn what_was_removed_meanwhile_is_not_renewed() {
    let world = World::fresh().await;
    world.put(URL, "hello").await;
    let entry = world.entry(URL).await.unwrap();
    let other = World::another();
    other
        .store
        .remove(&Partition::anonymous(), &Which::All)
        .await;
    world.store.renew(&entry, entry.kept.clone()).await;
    assert_eq!(World::another().get(URL).await, None);
    assert!(super::world::on_disk("heads").await.is_empty());
    assert!(super::world::on_disk("uses").await.is_empty());
}

#[wasm_bindgen_test]
async fn answers_are_removed_by_url_by_tag_or_all() {
    let world = World::fresh().await;
    let anyone = Partition::anonymous();
    for number in 1..=5 {
        let tag = if number % 2 == 0 { "even" } else { "odd" };
        let kept = tagged(&url(number), tag);
        world
            .store
            .put(&anyone, &url(number), kept, body("x"))
            .await;
    }
    let remove = async |which| world.store.remove(&anyone, &which).await;
    assert_eq!(remove(Which::Url(url(1))).await, 1);
    assert_eq!(remove(Which::Url(url(1))).await, 0);
    assert_eq!(remove(Which::Tag("even".into())).await, 2);
    let left = world.store.list(&anyone).await;
    let left: Vec<_> = left.into_iter().map(|each| each.url).collect();
    assert_eq!(left, [url(3), url(5)]);
    assert_eq!(remove(Which::All).await, 2);
    assert!(world.store.list(&anyone).await.is_empty());
}

#[wasm_bindgen_test]
async fn a_list_says_what_there_is_and_when_it_was_used() {
    let world = World::fresh().await;
    let before = crate::clock::wall();
    world.put(URL, "hello").await;
    let listed = World::another().store.list(&Partition::anonymous()).await;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].url, URL);
    assert_eq!(listed[0].bytes, 5);
    assert_eq!(listed[0].kept, kept(URL));
    assert!(listed[0].used >= before);
}

#[wasm_bindgen_test]
async fn nothing_is_kept_where_the_settings_say_so() {
    let world = World::fresh_with(|settings| settings.entries = 0).await;
    assert!(!world.put(URL, "hello").await);
    assert_eq!(world.get(URL).await, None);
}

#[wasm_bindgen_test]
async fn what_is_removed_while_room_is_made_for_it_stays_removed() {
    let world = World::fresh().await;
    for number in 0..8 {
        world.put(&url(number), "x").await;
    }
    let anyone = Partition::anonymous();
    let full = Full::once();
    let removed = async {
        full.happened().await;
        world.store.remove(&anyone, &Which::Url(URL.into())).await
    };
    let (kept, removed) = futures::future::join(world.put(URL, "hello"), removed).await;
    assert_eq!((kept, removed), (false, 1));
    world.store.flush().await;
    assert_eq!(World::another().get(URL).await, None);
    assert_eq!(world.mode(), StorageMode::IndexedDb);
}
