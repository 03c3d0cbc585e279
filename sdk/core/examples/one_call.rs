//! Drives one call by hand and prints every step: two failures, then an answer.
//!
//! `cargo run -p tidegate-core --example one_call`

use tidegate_core::{CallSpec, Engine, Found, Head, Instant, Outcome, Settings, Step};

fn main() {
    let mut engine =
        Engine::new(Settings::default(), 42).expect("the defaults are within their ranges");
    let mut now = Instant::START;
    let scope = engine.scope("https://api.example", "/assets/17");
    let mut call = engine.begin(now, CallSpec::read(scope));
    let mut outcomes = [Outcome::Unreachable, answered(503), answered(200)].into_iter();

    let mut step = call.poll(&mut engine, now);
    loop {
        println!("{:>5} ms  {step:?}", now.as_millis());
        step = match step {
            Step::Send { .. } => {
                now = now + tidegate_core::Millis(20);
                call.settle(&mut engine, now, outcomes.next().unwrap_or(answered(200)));
                call.poll(&mut engine, now)
            }
            Step::Wait(until) => {
                now = until;
                call.poll(&mut engine, now)
            }
            Step::ReadCache => call.cached(&mut engine, now, Found::Miss),
            Step::Abandon | Step::Answer(_) | Step::Hedge { .. } => call.poll(&mut engine, now),
            Step::Done(_) => break,
        };
    }
    for event in engine.drain_events() {
        println!("{event:?}");
    }
}

fn answered(status: u16) -> Outcome {
    Outcome::Head(Head {
        status,
        retry_after: None,
    })
}
