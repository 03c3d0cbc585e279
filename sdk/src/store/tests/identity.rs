use wasm_bindgen_test::wasm_bindgen_test;

use super::faults::{ALWAYS, Fault};
use super::world::{URL, World, field, keys_on_disk, on_disk};
use crate::store::Partition;

#[wasm_bindgen_test]
async fn one_user_does_not_see_the_answers_of_another() {
    let world = World::fresh().await;
    let (anna, ben) = (Partition::of("anna"), Partition::of("ben"));
    assert!(world.put_for(&anna, URL, "for anna").await);
    assert!(world.put_for(&ben, URL, "for ben").await);
    assert_eq!(world.get_for(&anna, URL).await.as_deref(), Some("for anna"));
    assert_eq!(world.get_for(&ben, URL).await.as_deref(), Some("for ben"));
    assert_eq!(world.get(URL).await, None);
}

#[wasm_bindgen_test]
async fn no_identity_reaches_into_another_by_the_way_it_is_spelt() {
    let world = World::fresh().await;
    let sly = [
        "a\nhttps://api.example/assets",
        "a%0Ahttps://api.example/assets",
        "",
        "a",
        "=a",
    ];
    for identity in sly {
        assert!(world.put_for(&Partition::of(identity), URL, identity).await);
    }
    for identity in sly {
        let found = world.get_for(&Partition::of(identity), URL).await;
        assert_eq!(found.as_deref(), Some(identity));
    }
    assert_eq!(world.get(URL).await, None);
}

#[wasm_bindgen_test]
async fn nothing_is_left_after_a_logout() {
    let world = World::fresh().await;
    let (anna, ben) = (Partition::of("anna"), Partition::of("ben"));
    world.put_for(&anna, URL, "for anna").await;
    world.put_for(&ben, URL, "for ben").await;
    world.put(URL, "for all").await;
    assert!(world.store.erase(&anna).await);
    for store in ["heads", "bodies", "uses"] {
        let keys = keys_on_disk(store).await;
        assert_eq!(keys.len(), 2, "{store}");
        assert!(keys.iter().all(|key| !key.contains("anna")), "{keys:?}");
    }
    assert_eq!(keys_on_disk("partitions").await, ["", "=ben"]);
    assert_eq!(world.get_for(&ben, URL).await.as_deref(), Some("for ben"));
    assert_eq!(world.get(URL).await.as_deref(), Some("for all"));
}

#[wasm_bindgen_test]
async fn a_partition_of_before_the_logout_is_dead() {
    let world = World::fresh().await;
    let (used, unused) = (Partition::of("anna"), Partition::of("anna"));
    world.put_for(&used, URL, "before").await;
    world.store.erase(&used.clone()).await;
    for dead in [&used, &unused] {
        assert!(!world.put_for(dead, URL, "late").await);
        assert_eq!(world.get_for(dead, URL).await, None);
        assert!(world.store.list(dead).await.is_empty());
    }
    assert!(on_disk("heads").await.is_empty());

    let again = Partition::of("anna");
    assert_eq!(world.get_for(&again, URL).await, None);
    assert!(world.put_for(&again, URL, "after").await);
    assert_eq!(world.get_for(&again, URL).await.as_deref(), Some("after"));
}

#[wasm_bindgen_test]
async fn an_answer_that_arrives_after_a_logout_in_another_tab_is_not_kept() {
    let (here, there) = (World::fresh().await, World::another());
    let of_here = Partition::of("anna");
    let of_there = Partition::of("anna");
    // Both tabs have asked for something, and one has no answer yet.
    here.put_for(&of_here, URL, "before").await;
    assert!(there.get_for(&of_there, URL).await.is_some());
    here.store.erase(&of_here).await;
    assert!(!there.put_for(&of_there, URL, "late").await);
    assert!(on_disk("heads").await.is_empty());
    assert!(on_disk("bodies").await.is_empty());
    // Nor after the same user has come back.
    assert!(here.put_for(&Partition::of("anna"), URL, "after").await);
    assert!(!there.put_for(&of_there, URL, "too late").await);
    let found = here.get_for(&Partition::of("anna"), URL).await;
    assert_eq!(found.as_deref(), Some("after"));
}

#[wasm_bindgen_test]
async fn a_logout_that_is_heard_of_late_spares_who_has_come_back() {
    let (here, there) = (World::fresh().await, World::another());
    let of_there = Partition::of("anna");
    there.put_for(&of_there, URL, "before").await;
    here.store.erase(&Partition::of("anna")).await;
    let back = Partition::of("anna");
    assert!(here.put_for(&back, URL, "back").await);
    there.store.erase_here(&of_there).await;
    let found = here.get_for(&back, URL).await;
    assert_eq!(found.as_deref(), Some("back"));
    assert!(here.put_for(&back, URL, "later").await);
}

#[wasm_bindgen_test]
async fn who_comes_while_a_logout_is_under_way_is_not_meant() {
    let world = World::fresh().await;
    world.put_for(&Partition::of("anna"), URL, "before").await;
    let going = world.store.erase(&Partition::of("anna"));
    let back = Partition::of("anna");
    assert!(going.await);
    assert_eq!(world.get_for(&back, URL).await, None);
    assert!(world.put_for(&back, URL, "back").await);
}

#[wasm_bindgen_test]
async fn a_tab_that_had_only_read_is_heard_of_as_well() {
    let (here, there) = (World::fresh().await, World::another());
    let of_there = Partition::of("anna");
    assert_eq!(there.get_for(&of_there, URL).await, None);
    here.store.erase(&Partition::of("anna")).await;
    assert!(!there.put_for(&of_there, URL, "late").await);
    assert!(on_disk("heads").await.is_empty());
}

#[wasm_bindgen_test]
async fn a_logout_takes_what_waits_with_it() {
    let world = World::fresh().await;
    let anna = Partition::of("anna");
    world.put_for(&anna, URL, "before").await;
    let late = world.put_for(&anna, "https://api.example/late", "late");
    let gone = async { world.store.erase(&anna).await };
    let (kept, erased) = futures::future::join(late, gone).await;
    assert_eq!((kept, erased), (false, true));
    assert!(on_disk("heads").await.is_empty());
}

#[wasm_bindgen_test]
async fn each_login_has_a_token_of_its_own() {
    let world = World::fresh().await;
    let token = async || {
        world.put_for(&Partition::of("anna"), URL, "x").await;
        let rows = on_disk("partitions").await;
        field(rows.last().unwrap(), "token").as_f64().unwrap()
    };
    let first = token().await;
    world.store.erase(&Partition::of("anna")).await;
    assert_ne!(token().await, first);
}

#[wasm_bindgen_test]
async fn a_first_use_that_is_done_once_more_does_not_bring_back_who_has_gone() {
    let world = World::fresh().await;
    world.put(URL, "for all").await;
    let anna = Partition::of("anna");
    let _dead = Fault::ClaimsAbort("UnknownError", 1).install();
    let read = world.get_for(&anna, URL);
    let gone = async { world.store.erase(&anna).await };
    let (read, erased) = futures::future::join(read, gone).await;
    assert_eq!((read, erased), (None, true));
    assert_eq!(world.health().reopened, 1);
    assert_eq!(keys_on_disk("partitions").await, [""]);
}

#[wasm_bindgen_test]
async fn where_one_users_answers_cannot_be_reached_everybodys_are_deleted() {
    for dead in [
        Fault::TransactionsThrow("InvalidStateError", ALWAYS),
        Fault::OpensFail("InvalidStateError", ALWAYS),
    ] {
        let world = World::fresh().await;
        let anna = Partition::of("anna");
        world.put_for(&anna, URL, "for anna").await;
        let dead = dead.install();
        assert!(World::another().store.erase(&anna).await);
        drop(dead);
        // The next page finds the database in order, and nothing in it.
        let next = World::another();
        assert_eq!(next.get_for(&Partition::of("anna"), URL).await, None);
        assert!(keys_on_disk("heads").await.is_empty());
    }
}
