use std::cell::{Cell, RefCell};
use std::future::{pending, poll_fn};
use std::rc::Rc;
use std::task::Poll;

use futures::FutureExt;
use tidegate::{Attempt, Error, Failure, Head, Outcome, Reason};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{AbortController, AbortSignal};

use super::stub::scenario;

#[derive(Clone, Debug, PartialEq)]
enum Trouble {
    Broken,
    Denied,
}

fn classify(trouble: &Trouble) -> Outcome {
    let status = match trouble {
        Trouble::Broken => 500,
        Trouble::Denied => 403,
    };
    Outcome::Head(Head {
        status,
        retry_after: None,
    })
}

#[wasm_bindgen_test]
async fn work_that_may_be_repeated_is_repeated() {
    let test = scenario(|_| {}).await;
    let attempts = RefCell::new(Vec::new());
    let policy = test.client.policy("index").repeatable(true);
    let task = |attempt: Attempt| {
        attempts.borrow_mut().push(attempt.number);
        async move { (attempt.number == 3).then_some(7).ok_or("not yet") }
    };
    assert_eq!(policy.run(task).await, Ok(7));
    assert_eq!(*attempts.borrow(), [1, 2, 3]);
    let health = test.client.health();
    assert_eq!(&*health.scopes[0].scope, "policy:index");
}

#[wasm_bindgen_test]
async fn an_error_that_says_no_is_neither_repeated_nor_held_against_anybody() {
    let test = scenario(|_| {}).await;
    let policy = test.client.policy("index").repeatable(true);
    let denied = policy.run_with(|_| async { Err::<(), _>(Trouble::Denied) }, classify);
    assert_eq!(denied.await, Err(Failure::Task(Trouble::Denied)));
    let health = test.client.health();
    assert_eq!(
        (health.counters.attempts, health.scopes[0].failures),
        (1, 0)
    );
    let broken = policy.run_with(|_| async { Err::<(), _>(Trouble::Broken) }, classify);
    assert_eq!(broken.await, Err(Failure::Task(Trouble::Broken)));
    assert_eq!(test.client.health().scopes[0].failures, 3);
}

#[wasm_bindgen_test]
async fn an_isolated_policy_runs_nothing() {
    let test = scenario(|_| {}).await;
    let policy = test.client.policy("index");
    assert_eq!(policy.run(|_| async { Ok::<_, ()>(1) }).await, Ok(1));
    test.client.isolate("policy:index").unwrap();
    let Err(Failure::Refused(Error::Refused {
        reason, attempts, ..
    })) = policy.run(|_| async { Ok::<_, ()>(1) }).await
    else {
        panic!("it ran")
    };
    assert_eq!((reason, attempts), (Reason::CircuitOpen, 0));
    test.client.release("policy:index").unwrap();
    assert_eq!(policy.run(|_| async { Ok::<_, ()>(1) }).await, Ok(1));
}

#[wasm_bindgen_test]
async fn a_dropped_run_aborts_its_attempt() {
    let test = scenario(|_| {}).await;
    let given: Cell<Option<AbortSignal>> = Cell::new(None);
    let policy = test.client.policy("index");
    let mut run = Box::pin(policy.run(|attempt: Attempt| {
        given.set(Some(attempt.signal));
        pending::<Result<(), ()>>()
    }));
    assert!(run.as_mut().now_or_never().is_none());
    drop(run);
    assert!(given.take().unwrap().aborted());
    let health = test.client.health();
    assert_eq!((health.counters.cancelled, health.in_flight), (1, 0));
}

#[wasm_bindgen_test]
async fn the_signal_of_the_caller_ends_a_run_and_its_attempt() {
    let test = scenario(|_| {}).await;
    let controller = AbortController::new().unwrap();
    let given: Cell<Option<AbortSignal>> = Cell::new(None);
    let policy = test
        .client
        .policy("index")
        .signal(Some(controller.signal()));
    let run = policy.run(|attempt: Attempt| {
        given.set(Some(attempt.signal));
        controller.abort_with_reason(&"enough".into());
        pending::<Result<(), ()>>()
    });
    let reason = "enough".into();
    assert_eq!(run.await, Err(Failure::Refused(Error::Aborted(reason))));
    assert_eq!(given.take().unwrap().reason(), "enough");
}

#[wasm_bindgen_test]
async fn runs_with_an_equal_key_are_one_run() {
    let test = scenario(|_| {}).await;
    let runs = Rc::new(Cell::new(0));
    let policy = test.client.policy("index");
    let run = |key: Option<&'static str>| {
        let (policy, runs) = (policy.clone(), runs.clone());
        async move {
            let task = move |_| {
                runs.set(runs.get() + 1);
                async {
                    later().await;
                    Ok::<_, Trouble>("found".to_owned())
                }
            };
            policy.run_shared(key, task, classify).await
        }
    };
    let results =
        futures::future::join4(run(Some("a")), run(Some("a")), run(Some("b")), run(None)).await;
    let found = Ok("found".to_owned());
    assert_eq!(
        results,
        (found.clone(), found.clone(), found.clone(), found)
    );
    assert_eq!(
        (runs.get(), test.client.health().counters.coalesced),
        (3, 1)
    );
}

/// Work that is not done at once.
async fn later() {
    let mut polled = false;
    poll_fn(|cx| match std::mem::replace(&mut polled, true) {
        true => Poll::Ready(()),
        false => {
            cx.waker().wake_by_ref();
            Poll::Pending
        }
    })
    .await;
}
