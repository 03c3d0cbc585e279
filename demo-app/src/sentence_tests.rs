//! Tests of `sentence.rs`, told by a real engine.

use tidegate_core::{CallSpec, Engine, Found, Head, Instant, Millis, Outcome, Settings, Step};

use super::*;

const BASE: &str = "http://127.0.0.1:4780";

/// An engine, a route and the time.
struct World {
    engine: Engine,
    now: Instant,
}

impl World {
    fn new() -> World {
        let mut settings = Settings::default();
        // Refused at once, where it would else be held for a moment.
        settings.gate.hold_ms = 0;
        World {
            engine: Engine::new(settings, 1).unwrap(),
            now: Instant::START,
        }
    }

    /// One call, all of whose attempts come to the same.
    fn call(&mut self, outcome: Outcome, found: Found) {
        self.call_of("/api/assets", outcome, found);
    }

    fn call_of(&mut self, path: &str, outcome: Outcome, found: Found) {
        let scope = self.engine.scope(BASE, path);
        let mut call = self.engine.begin(self.now, CallSpec::read(scope));
        let mut step = call.poll(&mut self.engine, self.now);
        loop {
            step = match step {
                Step::Send { .. } => {
                    call.settle(&mut self.engine, self.now, outcome);
                    call.poll(&mut self.engine, self.now)
                }
                Step::Wait(until) => {
                    self.now = until;
                    call.poll(&mut self.engine, self.now)
                }
                Step::ReadCache => call.cached(&mut self.engine, self.now, found),
                _ => return,
            }
        }
    }

    fn log(&mut self) -> Vec<String> {
        let events = self.engine.drain_events();
        events
            .filter_map(|event| sentence(&event, BASE))
            .map(|(_, text)| text)
            .collect()
    }
}

const FINE: Outcome = Outcome::Head(Head {
    status: 200,
    retry_after: None,
});
const FAULTY: Outcome = Outcome::Head(Head {
    status: 500,
    retry_after: None,
});

#[test]
fn an_answer_as_it_should_be_is_not_worth_a_sentence() {
    let mut world = World::new();
    world.call(FINE, Found::Miss);
    assert!(world.log().is_empty());
}

#[test]
fn a_failing_call_is_told_attempt_by_attempt() {
    let mut world = World::new();
    world.call(
        FAULTY,
        Found::Hit {
            age: Millis(42_000),
            fresh: false,
        },
    );
    let log = world.log();
    assert_eq!(log.len(), 3, "{log:?}");
    assert!(
        log[0].starts_with(
            "Attempt 1 at /api/assets failed (the backend answers with errors); again in "
        ),
        "{log:?}"
    );
    assert_eq!(
        log[2],
        "Gave a kept copy of /api/assets, 42 s old: the backend answers with errors"
    );
}

#[test]
fn a_breaker_that_opens_says_after_what_and_for_how_long() {
    let mut world = World::new();
    for _ in 0..5 {
        world.call(Outcome::Unreachable, Found::Miss);
    }
    let log = world.log();
    let opened: Vec<&String> = log
        .iter()
        .filter(|text| text.starts_with("Opened"))
        .collect();
    assert!(
        opened[0].starts_with("Opened /api/assets after 6 of 6 attempts failed; next try in 1."),
        "{log:?}"
    );
    let last = log.last().map(String::as_str);
    assert_eq!(
        last,
        Some("No answer from /api/assets: the circuit breaker is open")
    );
}

#[test]
fn a_gate_that_is_shut_is_that_of_every_route() {
    let mut world = World::new();
    for path in ["/api/assets", "/api/policies"] {
        world.call_of(path, Outcome::Unreachable, Found::Miss);
    }
    let log = world.log();
    assert!(
        log.iter()
            .any(|text| text.starts_with("Opened every route after ")),
        "{log:?}"
    );
}

#[test]
fn a_recovery_is_told() {
    let mut world = World::new();
    for _ in 0..5 {
        world.call(Outcome::Unreachable, Found::Miss);
    }
    world.now = world.now + Millis(60_000);
    world.call(FINE, Found::Miss);
    let log = world.log();
    let tail = &log[log.len() - 3..];
    assert_eq!(
        tail,
        [
            "Lets one trial call to /api/assets through",
            "Closed /api/assets: calls go through again",
            "/api/assets answers again"
        ]
    );
}

#[test]
fn the_network_and_the_place_of_copies_are_told() {
    let mut world = World::new();
    world.engine.set_online(world.now, false);
    world.engine.set_online(world.now, true);
    world
        .engine
        .set_storage(world.now, StorageMode::Memory, None);
    let told = [
        "The network is gone",
        "The network is back",
        "Copies are kept in this page’s memory; they are gone after a reload",
    ];
    assert_eq!(world.log(), told);
}
