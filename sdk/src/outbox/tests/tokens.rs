use std::cell::RefCell;
use std::future::pending;
use std::rc::Rc;

use futures::channel::oneshot;
use tidegate_core::Event;
use tidegate_core::outbox::{EntryState, OutboxChange, RestCause};
use wasm_bindgen_test::wasm_bindgen_test;

use super::server::{count, request, stored};
use super::world::{Tab, URL, browser};
use crate::{EntryId, TokenRequest};

type Fields = Vec<(String, String)>;

fn bearer(token: &str) -> Fields {
    vec![("authorization".into(), ["Bearer ", token].concat())]
}

/// Asks for `old`, and for `new` where that was refused; what it was asked.
fn with_tokens(tab: &Tab) -> Rc<RefCell<Vec<TokenRequest>>> {
    let all: Rc<RefCell<Vec<TokenRequest>>> = Rc::default();
    let asked = all.clone();
    tab.client.outbox().authorize(move |asking| {
        let token = if asking.refused { "new" } else { "old" };
        asked.borrow_mut().push(asking);
        async move { Ok::<_, ()>(bearer(token)) }
    });
    all
}

#[wasm_bindgen_test]
async fn who_sends_it_is_said_when_it_goes_and_never_stored() {
    browser("200").await;
    let tab = Tab::open();
    let asked = with_tokens(&tab);
    tab.put("x").await.unwrap();
    let rows: js_sys::Array = stored("rows").await.unwrap().into();
    let rows = rows.join("").as_string().unwrap();
    assert!(!rows.contains("Bearer"), "{rows}");
    assert_eq!(request(1).await.authorization, "Bearer old");
    let asked = asked.borrow();
    assert_eq!((asked.len(), asked[0].entry), (1, EntryId(1)));
    assert_eq!((&*asked[0].method, &*asked[0].url), ("PUT", URL));
    assert!(!asked[0].refused);
}

#[wasm_bindgen_test]
async fn a_token_that_is_refused_is_asked_for_once_more() {
    browser("401\n200").await;
    let tab = Tab::open();
    let asked = with_tokens(&tab);
    let id = tab.put("x").await.unwrap();
    tab.hears(id, OutboxChange::Done).await;
    let (first, second) = (request(1).await, request(2).await);
    assert_eq!(
        (&*first.authorization, &*second.authorization),
        ("Bearer old", "Bearer new")
    );
    assert_eq!((&first.key, &first.body), (&second.key, &second.body));
    assert!(asked.borrow()[1].refused);
}

#[wasm_bindgen_test]
async fn two_refusals_in_a_row_park_the_queue_until_somebody_says_who_sends_it() {
    browser("401\n401\n200").await;
    let tab = Tab::open();
    let asked = with_tokens(&tab);
    let id = tab.put("x").await.unwrap();
    tab.hears(id, OutboxChange::Parked).await;
    assert_eq!((count(), asked.borrow().len()), (2, 2));
    assert_eq!(tab.states().await, [EntryState::Parked]);
    let asked = with_tokens(&tab);
    tab.hears(id, OutboxChange::Done).await;
    assert!(!asked.borrow()[0].refused);
}

#[wasm_bindgen_test]
async fn without_anybody_to_ask_one_refusal_parks_the_queue() {
    browser("401").await;
    let tab = Tab::open();
    with_tokens(&tab);
    tab.client.outbox().unauthorize();
    let id = tab.put("x").await.unwrap();
    tab.hears(id, OutboxChange::Parked).await;
    assert_eq!((count(), &*request(1).await.authorization), (1, ""));
}

#[wasm_bindgen_test]
async fn what_nobody_can_say_who_sends_it_rests_and_goes_later() {
    browser("200").await;
    let tab = Tab::open();
    let tries = Rc::new(RefCell::new(0));
    tab.client.outbox().authorize(move |_| {
        let mut tries = tries.borrow_mut();
        *tries += 1;
        let fields = if *tries < 3 {
            Err(())
        } else {
            Ok(bearer("late"))
        };
        async move { fields }
    });
    let id = tab.put("x").await.unwrap();
    let rests = tab.hears(id, OutboxChange::Resting).await;
    assert_eq!(rests.cause, Some(RestCause::Unauthorized));
    tab.hears(id, OutboxChange::Done).await;
    assert_eq!(
        (count(), &*request(1).await.authorization),
        (1, "Bearer late")
    );
}

#[wasm_bindgen_test]
async fn a_hook_that_never_settles_is_not_waited_for() {
    browser("200").await;
    let tab = Tab::with(|settings| settings.timeout.total_ms = 100);
    let hook = |_| pending::<Result<Fields, ()>>();
    tab.client.outbox().authorize(hook);
    let id = tab.put("x").await.unwrap();
    let rests = tab.hears(id, OutboxChange::Resting).await;
    assert_eq!(rests.cause, Some(RestCause::Unauthorized));
    assert_eq!(count(), 0);
}

#[wasm_bindgen_test]
async fn what_is_no_header_field_is_no_answer_and_the_key_is_nobodys_to_change() {
    browser("200").await;
    let tab = Tab::open();
    let fields = |fields: [&'static str; 2]| {
        move |_| async move { Ok::<_, ()>(vec![(fields[0].into(), fields[1].into())]) }
    };
    tab.client.outbox().authorize(fields(["no field", "x"]));
    let key = "{\"idempotency-key\": \"mine\"}";
    let queue = tab.queue("PUT", URL, "x", key, crate::Queue::new());
    let id = queue.await.unwrap();
    tab.hears(id, OutboxChange::Resting).await;
    assert_eq!(count(), 0);
    let other = fields(["Idempotency-Key", "other"]);
    tab.client.outbox().authorize(other);
    tab.hears(id, OutboxChange::Done).await;
    assert_eq!(request(1).await.key, "mine");
}

#[wasm_bindgen_test]
async fn nothing_goes_with_the_token_of_who_came_while_it_was_asked_for() {
    browser("200").await;
    let tab = Tab::open();
    tab.client.set_identity(Some("ann"));
    let (asks, asked) = oneshot::channel();
    let (answers, answer) = oneshot::channel::<Fields>();
    let once = RefCell::new(Some((asks, answer)));
    tab.client.outbox().authorize(move |_| {
        let once = once.take();
        async move {
            let Some((asks, answer)) = once else {
                return Err(());
            };
            asks.send(()).unwrap();
            answer.await.map_err(drop)
        }
    });
    tab.put("ann's").await.unwrap();
    asked.await.unwrap();
    tab.client.set_identity(Some("bob"));
    answers.send(bearer("bob")).unwrap();
    let bobs = tab.queue(
        "PUT",
        "https://api.example/bob",
        "bob's",
        "",
        crate::Queue::new(),
    );
    with_tokens(&tab);
    tab.hears(bobs.await.unwrap(), OutboxChange::Done).await;
    let sent = request(1).await;
    assert_eq!((count(), &*sent.body), (1, "bob's"));
    tab.client.set_identity(Some("ann"));
    assert_eq!(request(2).await.authorization, "Bearer old");
}

#[wasm_bindgen_test]
async fn nobody_is_asked_for_a_token_of_somebody_who_has_gone() {
    browser("200").await;
    let tab = Tab::open();
    tab.client.set_identity(Some("ann"));
    let asked = with_tokens(&tab);
    let client = tab.client.clone();
    // It is claimed, and its body is still to be read.
    let _leaves = tab.client.on_event(move |event| {
        let Event::Outbox(event) = event else { return };
        if event.entry == 1 && event.change == OutboxChange::Sending {
            client.set_identity(Some("bob"));
        }
    });
    tab.put("ann's").await.unwrap();
    tab.hears(EntryId(1), OutboxChange::Sending).await;
    let bobs = tab.put("bob's").await.unwrap();
    tab.hears(bobs, OutboxChange::Done).await;
    let entries: Vec<_> = asked.borrow().iter().map(|it| it.entry).collect();
    assert_eq!(entries, [bobs]);
    assert_eq!((count(), &*request(1).await.body), (1, "bob's"));
}
