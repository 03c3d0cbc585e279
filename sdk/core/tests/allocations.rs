//! A call that is admitted costs no memory once its engine is warm.
#![cfg(not(target_arch = "wasm32"))]

use tidegate_core::{CallSpec, Engine, Head, Instant, Millis, Outcome, ScopeId, Settings, Step};

fn call(engine: &mut Engine, now: &mut Instant, scope: ScopeId) {
    let mut call = engine.begin(*now, CallSpec::read(scope));
    assert!(matches!(call.poll(engine, *now), Step::Send { .. }));
    *now = *now + Millis(20);
    let outcome = Outcome::Head(Head {
        status: 200,
        retry_after: None,
    });
    call.settle(engine, *now, outcome);
    assert!(matches!(call.poll(engine, *now), Step::Done(_)));
    while engine.next_event().is_some() {}
    while engine.next_wake().is_some() {}
}

#[test]
fn an_admitted_call_allocates_nothing() {
    let mut engine = Engine::new(Settings::default(), 1).unwrap();
    let mut now = Instant::START;
    let scope = engine.scope("https://a.example", "/assets");
    (0..100).for_each(|_| call(&mut engine, &mut now, scope));
    let asked = allocation_counter::measure(|| {
        (0..1_000).for_each(|_| call(&mut engine, &mut now, scope));
    });
    assert_eq!(asked.count_total, 0);
}
