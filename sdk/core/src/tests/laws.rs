//! What holds whatever happens: many calls, any order of outcomes, waits, cancellations and clock gaps.

use alloc::vec::Vec;

use proptest::prelude::*;

use super::world::{World, busy, status};
use crate::testing::test;
use crate::{BreakerState, Call, CallSpec, Event, Found, Instant, Millis, Outcome, Step, Verdict};

#[derive(Clone, Debug)]
enum Deed {
    Begin { write: bool },
    Cancel(prop::sample::Index),
    Outcome(prop::sample::Index, Outcome, bool),
    Pass(u64),
    Poll(prop::sample::Index),
    Probe,
    Online(bool),
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        4 => Just(status(200)),
        2 => Just(status(503)),
        1 => Just(status(404)),
        1 => (0..100_000_u64).prop_map(|wait| busy(429, Millis(wait))),
        2 => Just(Outcome::Unreachable),
    ]
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        3 => any::<bool>().prop_map(|write| Deed::Begin { write }),
        1 => any::<prop::sample::Index>().prop_map(Deed::Cancel),
        4 => (any::<prop::sample::Index>(), outcome(), any::<bool>()).prop_map(|(which, outcome, hedge)| Deed::Outcome(which, outcome, hedge)),
        3 => prop_oneof![0..50_u64, 0..5_000_u64, 0..100_000_u64, Just(86_400_000)].prop_map(Deed::Pass),
        4 => any::<prop::sample::Index>().prop_map(Deed::Poll),
        1 => Just(Deed::Probe),
        1 => any::<bool>().prop_map(Deed::Online),
    ]
}

struct Run {
    world: World,
    calls: Vec<Call>,
    sends: u64,
    begun: u64,
    open_until: Instant,
    trace: u64,
}

impl Run {
    fn new() -> Run {
        let world = World::with(|settings| {
            settings.concurrency.limit = 3;
            settings.concurrency.queue = 4;
            settings.breaker.minimum_calls = 3;
        });
        Run {
            world,
            calls: Vec::new(),
            sends: 0,
            begun: 0,
            open_until: Instant::START,
            trace: 0,
        }
    }

    fn act(&mut self, deed: &Deed) {
        match deed {
            Deed::Begin { write } => {
                let scope = self.world.scope;
                let spec = if *write {
                    CallSpec::write(scope)
                } else {
                    CallSpec::read(scope)
                };
                self.begun += 1;
                let call = self.world.begin_as(spec);
                self.calls.push(call);
                self.poll(self.calls.len() - 1);
            }
            Deed::Cancel(which) if !self.calls.is_empty() => {
                let call = self.calls.swap_remove(which.index(self.calls.len()));
                call.cancel(&mut self.world.engine, self.world.now);
            }
            Deed::Outcome(which, outcome, hedge) if !self.calls.is_empty() => {
                let index = which.index(self.calls.len());
                let World { engine, now, .. } = &mut self.world;
                match hedge {
                    true => self.calls[index].settle_hedge(engine, *now, *outcome),
                    false => self.calls[index].settle(engine, *now, *outcome),
                }
                self.poll(index);
            }
            Deed::Poll(which) if !self.calls.is_empty() => self.poll(which.index(self.calls.len())),
            Deed::Pass(millis) => self.world.pass(*millis),
            Deed::Probe => {
                if let Some(scope) = self.world.engine.due_probe(self.world.now) {
                    let call = self.world.begin_as(CallSpec::probe(scope));
                    self.calls.push(call);
                    self.poll(self.calls.len() - 1);
                }
            }
            Deed::Online(online) => self.world.engine.set_online(self.world.now, *online),
            Deed::Cancel(_) | Deed::Outcome(..) | Deed::Poll(_) => {}
        }
        self.watch();
    }

    fn poll(&mut self, index: usize) {
        let World { engine, now, .. } = &mut self.world;
        let call = &mut self.calls[index];
        let mut step = call.poll(engine, *now);
        for _ in 0..8 {
            self.trace = crate::mix(self.trace ^ u64::from(format_step(step)));
            step = match step {
                Step::Hedge { .. } => {
                    self.sends += 1;
                    return;
                }
                Step::Send { .. } => {
                    assert!(
                        *now >= self.open_until || engine.offline(call.scope()),
                        "sent while the breaker was open"
                    );
                    self.sends += 1;
                    return;
                }
                Step::ReadCache => {
                    // One in four is kept, and which depends on nothing else than the run so far.
                    let found = match self.trace % 4 {
                        0 => Found::Hit {
                            age: Millis(5),
                            fresh: false,
                        },
                        _ => Found::Miss,
                    };
                    call.cached(engine, *now, found)
                }
                Step::Abandon | Step::Answer(_) => call.poll(engine, *now),
                Step::Wait(until) => {
                    assert!(until > *now, "a wait that is over is not a wait");
                    return;
                }
                Step::Done(_) => {
                    let _ = self.calls.swap_remove(index);
                    return;
                }
            };
        }
        panic!("a call that takes more than eight steps without anything happening");
    }

    /// What must hold after every deed.
    fn watch(&mut self) {
        let now = self.world.now;
        for event in self.world.engine.drain_events() {
            if let Event::Breaker(change) = event {
                self.open_until = if change.to == BreakerState::Open {
                    now + Millis(change.retry_in_ms)
                } else {
                    Instant::START
                };
            }
        }
        let health = self.world.engine.health(now);
        assert!(health.in_flight <= 3 && health.queued <= 8, "{health:?}");
    }
}

fn format_step(step: Step) -> u32 {
    match step {
        Step::Abandon => 1,
        Step::Answer(_) => 2,
        Step::Done(Verdict::Network) => 3,
        Step::Done(_) => 4,
        Step::ReadCache => 5,
        Step::Hedge { attempt } => 60 + attempt,
        Step::Send { attempt } => 6 + attempt,
        Step::Wait(until) => until.as_micros() as u32,
    }
}

pub(super) fn config() -> ProptestConfig {
    // In a browser there is no file to keep a failing case in; it is printed either way.
    let mut config = ProptestConfig::with_cases(256);
    if cfg!(target_arch = "wasm32") {
        config.failure_persistence = None;
    }
    config
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn permits_and_places_come_back_and_amplification_is_bounded(deeds in prop::collection::vec(deed(), 1..200)) {
        let mut run = Run::new();
        for deed in &deeds {
            run.act(deed);
        }
        let probes = run.world.engine.counters.probes;
        prop_assert!(run.sends <= 3 * run.begun + probes, "{} sends for {} calls and {} probes", run.sends, run.begun, probes);
        for call in run.calls.drain(..) {
            call.cancel(&mut run.world.engine, run.world.now);
        }
        let health = run.world.engine.health(run.world.now);
        prop_assert_eq!((health.in_flight, health.queued), (0, 0));
        let told = &health.counters;
        prop_assert_eq!(told.calls + told.probes >= told.from_network + told.from_cache + told.failed, true);
    }

    #[test]
    fn the_same_history_gives_the_same_decisions(deeds in prop::collection::vec(deed(), 1..100)) {
        let trace = || {
            let mut run = Run::new();
            deeds.iter().for_each(|deed| run.act(deed));
            run.trace
        };
        prop_assert_eq!(trace(), trace());
    }

    #[test]
    fn every_call_ends_by_itself_within_its_total_timeout(outcomes in prop::collection::vec(outcome(), 1..12)) {
        let mut world = World::with(|settings| settings.retry.attempts = 10);
        let began = world.now;
        world.read(&outcomes);
        prop_assert!(world.now - began <= Millis(30_000 + 10));
    }
}
