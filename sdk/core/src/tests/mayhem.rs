//! Everything at once: whatever servers, users and developers do, under whatever settings, calls end in time, are counted once, leave
//! nothing behind, and a recording of it replays.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::deeds::{Deed, Which, deed, settings};
use super::laws::config;
use super::world::{OK, World};
use crate::testing::test;
use crate::{Call, CallSpec, Found, Instant, Millis, ScopeId, Settings, Step, Verdict};

/// Answers from which it is known what is slow, of three routes.
const WARM: usize = 90;

struct Live {
    call: Call,
    ends: Instant,
    /// When it is to be polled.
    due: Instant,
    asks: bool,
}

struct Mayhem {
    world: World,
    routes: Vec<ScopeId>,
    calls: Vec<Live>,
}

impl Mayhem {
    fn new(change: impl FnOnce(&mut Settings)) -> Mayhem {
        let mut world = World::with(|settings| {
            change(settings);
            settings.trace.bytes = 10_000_000;
        });
        let routes = ["/assets", "/owners", "/places"];
        let routes = routes.map(|path| world.engine.scope("https://a.example", path));
        let mut mayhem = Mayhem {
            world,
            routes: routes.into(),
            calls: Vec::new(),
        };
        mayhem.warm();
        mayhem
    }

    /// Enough answers to know what is slow.
    fn warm(&mut self) {
        for n in 0..WARM {
            self.begin(CallSpec::read(self.routes[n % 3]));
            self.world.pass(10);
            let World { engine, now, .. } = &mut self.world;
            if let Some(live) = self.calls.last_mut() {
                live.call.settle(engine, *now, OK);
                self.poll(self.calls.len() - 1);
            }
            self.world.pass(100);
        }
    }

    fn begin(&mut self, spec: CallSpec) {
        let total = Millis(self.world.engine.settings().timeout.total_ms.into());
        self.calls.push(Live {
            ends: self.world.now + total,
            due: Instant::NEVER,
            asks: false,
            call: self.world.begin_as(spec),
        });
        self.poll(self.calls.len() - 1);
    }

    fn poll(&mut self, index: usize) {
        let World { engine, now, .. } = &mut self.world;
        let live = &mut self.calls[index];
        let step = live.call.poll(engine, *now);
        self.follow(index, step);
    }

    fn follow(&mut self, index: usize, mut step: Step) {
        let World { engine, now, .. } = &mut self.world;
        let live = &mut self.calls[index];
        for _ in 0..20 {
            match step {
                Step::Done(_) => {
                    let _ = self.calls.swap_remove(index);
                    return;
                }
                Step::ReadCache => {
                    live.asks = true;
                    live.due = Instant::NEVER;
                    return;
                }
                Step::Wait(until) => {
                    assert!(until > *now, "{until:?} at {now:?}: {:?}", live.call);
                    live.due = until;
                    return;
                }
                Step::Abandon | Step::Answer(_) | Step::Hedge { .. } | Step::Send { .. } => {
                    step = live.call.poll(engine, *now);
                }
            }
        }
        panic!("too many steps: {:?}", live.call);
    }

    fn cached(&mut self, index: usize, found: Found) {
        let World { engine, now, .. } = &mut self.world;
        let live = &mut self.calls[index];
        live.asks = false;
        let step = live.call.cached(engine, *now, found);
        self.follow(index, step);
    }

    /// Polls whoever is woken, and whose time has come, until nothing happens any more.
    fn settle_down(&mut self) {
        for _ in 0..2_000 * (self.calls.len() + 1) {
            let woken = self.world.engine.next_wake();
            let now = self.world.now;
            let index = match woken {
                Some(id) => self.calls.iter().position(|live| live.call.id() == id),
                None => match self.calls.iter().position(|live| live.due <= now) {
                    Some(index) => Some(index),
                    None => return,
                },
            };
            if let Some(index) = index.filter(|index| !self.calls[*index].asks) {
                self.poll(index);
            }
        }
        panic!("calls wake each other for ever");
    }

    fn act(&mut self, deed: &Deed) {
        let now = self.world.now;
        let route = |at: &Which| self.routes[at.index(self.routes.len().min(6))];
        match deed {
            Deed::Begin(at, lookup, write, priority, weight) => {
                let scope = route(at);
                let spec = if *write {
                    CallSpec::write(scope)
                } else {
                    CallSpec {
                        lookup: *lookup,
                        ..CallSpec::read(scope)
                    }
                };
                self.begin(CallSpec {
                    priority: *priority,
                    weight: *weight,
                    ..spec
                });
            }
            Deed::Configure(path, value) => {
                let mut settings = self.world.engine.settings().clone();
                settings.set(path, (*value).into()).unwrap();
                self.world.engine.configure(now, settings).unwrap();
            }
            Deed::Hand(at, shut) => {
                let name = String::from(self.world.engine.scope_name(route(at)));
                assert!(match shut {
                    true => self.world.engine.isolate(now, &name),
                    false => self.world.engine.release_scope(now, &name),
                });
            }
            Deed::Hear(at, word) => self.world.engine.hear(now, route(at), word),
            Deed::Online(online) => self.world.engine.set_online(now, *online),
            Deed::Pass(millis) => self.world.pass(*millis),
            Deed::Probe => {
                if let Some(scope) = self.world.engine.due_probe(now) {
                    self.begin(CallSpec::probe(scope));
                }
            }
            Deed::Visit(word) => {
                // Words that there are too many of turn out to be data.
                for word in [*word, word.wrapping_mul(3), word.wrapping_add(77)] {
                    let letter = |n: u8| char::from(b'a' + n % 26);
                    let path = format!("/users/{}{}/orders", letter(word), letter(word / 26));
                    let scope = self.world.engine.scope("https://a.example", &path);
                    self.routes.push(scope);
                }
            }
            _ if self.calls.is_empty() => {}
            Deed::Cached(at, found) => {
                let index = at.index(self.calls.len());
                if self.calls[index].asks {
                    self.cached(index, *found);
                }
            }
            Deed::Cancel(at) => {
                let live = self.calls.swap_remove(at.index(self.calls.len()));
                live.call.cancel(&mut self.world.engine, now);
            }
            Deed::Outcome(at, outcome, hedge) => {
                let index = at.index(self.calls.len());
                let (engine, call) = (&mut self.world.engine, &mut self.calls[index].call);
                match hedge {
                    true => call.settle_hedge(engine, now, *outcome),
                    false => call.settle(engine, now, *outcome),
                }
                // Whoever asks the cache is polled when that has answered; another may be cancelled before it is.
                if !self.calls[index].asks && outcome.retry_after().is_none() {
                    self.poll(index);
                } else if !self.calls[index].asks {
                    self.calls[index].due = now;
                }
            }
            Deed::Poll(at) => {
                let index = at.index(self.calls.len());
                if !self.calls[index].asks {
                    self.poll(index);
                }
            }
        }
        self.settle_down();
        let now = self.world.now;
        for live in self.calls.iter().filter(|live| !live.asks) {
            assert!(now < live.ends, "for too long: {:?}", live.call);
        }
    }

    /// Everybody loses interest.
    fn end(&mut self) {
        for live in core::mem::take(&mut self.calls) {
            live.call.cancel(&mut self.world.engine, self.world.now);
        }
        // As long as work that was given up may count.
        self.world.pass(600_000);
        let health = self.world.engine.health(self.world.now);
        assert_eq!((health.in_flight, health.queued), (0, 0));
        assert!(health.origins.iter().all(|origin| origin.in_flight == 0));
        assert!(self.world.engine.is_idle(self.world.now));
        let told = &health.counters;
        let ends = told.failed + told.from_network + told.from_cache + told.cancelled;
        assert_eq!(ends, told.calls, "{told:?}");
    }

    fn replays(&self) {
        let trace = self.world.engine.trace().unwrap();
        let replayed = trace.replay(|_, _, _| {}).unwrap();
        assert_eq!(replayed.hash, trace.hash);
        let now = self.world.now;
        let (told, again) = (self.world.engine.health(now), replayed.engine.health(now));
        assert_eq!(told.counters, again.counters);
        assert_eq!(told.scopes, again.scopes);
    }
}

fn usual(settings: &mut Settings) {
    settings.concurrency.limit = 3;
    settings.concurrency.queue = 4;
    settings.concurrency.adaptive = 1;
    settings.hedge.share_permille = 200;
    settings.hedge.least_samples = 20;
    settings.breaker.minimum_calls = 3;
    settings.rate.limit = 50;
    settings.rate.burst = 10;
}

#[test]
fn the_runs_have_everything_in_them() {
    let mut runner = TestRunner::deterministic();
    let mut sums = [0; 8];
    for _ in 0..60 {
        let deeds = prop::collection::vec(deed(), 200).new_tree(&mut runner);
        let mut mayhem = Mayhem::new(usual);
        deeds
            .unwrap()
            .current()
            .iter()
            .for_each(|deed| mayhem.act(deed));
        let name = |scope: &ScopeId| mayhem.world.engine.scope_name(*scope);
        let merged = mayhem
            .routes
            .iter()
            .any(|route| name(route).contains(":id"));
        let told = &mayhem.world.engine.counters;
        let counts = [
            told.hedges,
            told.retries,
            told.cancelled,
            told.from_cache,
            told.from_network - WARM as u64,
            told.failed,
            told.probes,
            merged.into(),
        ];
        sums.iter_mut()
            .zip(counts)
            .for_each(|(sum, count)| *sum += count);
    }
    assert!(sums.iter().all(|sum| *sum > 4), "{sums:?}");
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn nothing_is_left_of_calls_whatever_happens(deeds in prop::collection::vec(deed(), 1..200)) {
        let mut mayhem = Mayhem::new(usual);
        deeds.iter().for_each(|deed| mayhem.act(deed));
        // A call that asks a cache waits for that alone.
        mayhem.end();
        mayhem.replays();
    }

    #[test]
    fn nothing_is_left_of_calls_under_any_settings(settings in settings(), deeds in prop::collection::vec(deed(), 1..100)) {
        let mut mayhem = Mayhem::new(|usual| *usual = settings);
        deeds.iter().for_each(|deed| mayhem.act(deed));
        mayhem.end();
        mayhem.replays();
    }

    #[test]
    fn a_backend_that_is_well_is_reached_again_whatever_happened(deeds in prop::collection::vec(deed(), 1..100)) {
        let mut mayhem = Mayhem::new(usual);
        deeds.iter().for_each(|deed| mayhem.act(deed));
        mayhem.end();
        let Mayhem { world, routes, .. } = &mut mayhem;
        world.engine.set_online(world.now, true);
        for route in routes.iter() {
            let name = String::from(world.engine.scope_name(*route));
            world.engine.release_scope(world.now, &name);
        }
        let mut verdict = None;
        for _ in 0..60 {
            world.pass(2_000);
            let call = world.begin_as(CallSpec::read(routes[0]));
            verdict = Some(world.drive(call, &[OK]).0);
            while let Some(scope) = world.engine.due_probe(world.now) {
                let probe = world.begin_as(CallSpec::probe(scope));
                world.drive(probe, &[OK]);
            }
        }
        prop_assert_eq!(verdict, Some(Verdict::Network));
    }
}
