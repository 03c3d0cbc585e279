//! Random runs, recorded and replayed.

use alloc::string::String;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::*;
use crate::testing::test;
use crate::{Answer, CallSpec, Found, Head, Millis, Outcome, Reason, Rng, Verdict};

const MOST: usize = 1_000_000;

/// One page's life, all of it drawn from a seed.
struct Page {
    engine: Engine,
    now: Instant,
    calls: Vec<Call>,
    scopes: Vec<ScopeId>,
    rng: Rng,
}

impl Page {
    fn new(seed: u64, most: usize) -> Page {
        let mut settings = Settings::default();
        settings.concurrency.limit = 3;
        settings.breaker.minimum_calls = 3;
        settings.trace.bytes = most as u32;
        Page {
            engine: Engine::new(settings, seed).unwrap(),
            now: Instant::START,
            calls: Vec::new(),
            scopes: Vec::new(),
            rng: Rng::new(seed),
        }
    }

    fn live(seed: u64, deeds: u32, most: usize) -> Page {
        let mut page = Page::new(seed, most);
        page.visit("/assets/7/lineage");
        page.visit("/policies");
        (0..deeds).for_each(|_| page.act());
        page
    }

    fn trace(&self) -> Trace {
        self.engine.trace().unwrap()
    }

    fn visit(&mut self, path: &str) {
        let origin = "https://a.example";
        let scope = self.engine.scope(origin, path);
        self.scopes.push(scope);
    }

    fn outcome(&mut self) -> Outcome {
        let head = |status, retry_after| {
            Outcome::Head(Head {
                status,
                retry_after,
            })
        };
        match self.rng.below(12) {
            0..=7 => head(200, None),
            8 => head(503, None),
            9 => head(429, Some(Millis(self.rng.below(1_000)))),
            10 => Outcome::TimedOut,
            _ => Outcome::Unreachable,
        }
    }

    fn begin(&mut self, spec: CallSpec) {
        let call = self.engine.begin(self.now, spec);
        self.calls.push(call);
    }

    /// What developers and servers do to an engine.
    fn manage(&mut self) {
        let (engine, now) = (&mut self.engine, self.now);
        match self.rng.below(4) {
            0 => {
                engine.isolate(now, "https://a.example/policies");
            }
            1 => {
                engine.release_scope(now, "https://a.example/policies");
            }
            2 => engine.hear(now, self.scopes[0], "level=500, ttl=3, retries=?0"),
            _ => {
                let mut settings = engine.settings().clone();
                settings.concurrency.limit = 1 + self.rng.below(4) as u32;
                engine.configure(now, settings).unwrap();
            }
        }
    }

    fn act(&mut self) {
        let (engine, now) = (&mut self.engine, self.now);
        let pick = self.rng.below(self.calls.len().max(1) as u64) as usize;
        match self.rng.below(12) {
            0 | 1 if self.calls.len() < 6 => {
                let scope = self.scopes[self.rng.below(2) as usize];
                let write = self.rng.below(3) == 0;
                self.begin(if write {
                    CallSpec::write(scope)
                } else {
                    CallSpec::read(scope)
                });
            }
            2 => {
                let most = [500, 500, 500, 500, 500, 20_000][self.rng.below(6) as usize];
                self.now = now + Millis(self.rng.below(most));
            }
            3 => self.now = Instant::from_micros(now.as_micros() + self.rng.below(900)),
            4 => {
                let online = self.rng.below(8) > 0;
                engine.set_online(now, online);
            }
            5 => {
                if let Some(scope) = engine.due_probe(now) {
                    if self.rng.below(4) == 0 {
                        self.engine.forget(scope);
                    } else {
                        self.begin(CallSpec::probe(scope));
                    }
                }
            }
            _ if self.calls.is_empty() => {}
            6 if self.rng.below(4) == 0 => {
                let call = self.calls.swap_remove(pick);
                call.cancel(engine, now);
            }
            7 | 8 => {
                let outcome = self.outcome();
                if self.rng.below(9) == 0 {
                    self.manage();
                }
                let call = &mut self.calls[pick];
                call.settle(&mut self.engine, now, outcome);
            }
            9 => {
                let age = Millis(self.rng.below(100_000));
                let found =
                    [Found::Miss, Found::Hit { age, fresh: true }][self.rng.below(2) as usize];
                let call = &mut self.calls[pick];
                let _ = call.cached(engine, now, found);
            }
            _ => {
                let call = &mut self.calls[pick];
                if let Step::Done(_) = call.poll(engine, now) {
                    let _ = self.calls.swap_remove(pick);
                }
            }
        }
    }
}

fn replay(trace: &Trace) -> Replayed {
    trace.replay(|_, _, _| {}).unwrap()
}

#[test]
fn a_recorded_run_replays_to_the_same_decisions_and_the_same_health() {
    let page = Page::live(42, 3_000, MOST);
    let trace = page.trace();
    let replayed = replay(&trace);
    assert_eq!(replayed.hash, trace.hash);
    assert_eq!(
        replayed.engine.health(page.now),
        page.engine.health(page.now)
    );
    let told = page.engine.health(page.now).counters;
    assert!(
        told.attempts > 50 && told.retries > 0 && told.cancelled > 5,
        "{told:?}"
    );
}

#[test]
fn the_hash_of_known_decisions_is_the_same_on_every_platform() {
    let why = Answer {
        reason: Reason::CircuitOpen,
        retry_at: Some(Instant::from_millis(9_000)),
    };
    let mut hash = DecisionHash::default();
    hash.step(Step::Send { attempt: 1 });
    hash.step(Step::Wait(Instant::from_micros(10_000_001)));
    hash.step(Step::ReadCache);
    let age = Millis(7);
    hash.step(Step::Answer(Verdict::Cached { age, why }));
    hash.step(Step::Abandon);
    hash.step(Step::Done(Verdict::Failed(why)));
    assert_eq!(hash.value(), 17_037_384_520_600_372_489);
}

#[test]
fn a_known_life_has_the_same_hash_on_every_platform() {
    let page = Page::live(7, 5_000, MOST);
    assert_eq!(replay(&page.trace()).hash, 17_468_985_663_198_059_724);
}

#[test]
fn another_seed_makes_other_decisions() {
    let mut trace = Page::live(42, 3_000, MOST).trace();
    assert_eq!(trace.bytes[1], 42);
    trace.bytes[1] = 43;
    assert_ne!(replay(&trace).hash, trace.hash);
}

#[test]
fn a_deed_takes_few_bytes() {
    let trace = Page::live(9, 5_000, MOST).trace();
    let mut deeds = 0;
    let _ = trace.replay(|_, _, _| deeds += 1).unwrap();
    let each = trace.bytes.len() / deeds;
    assert!(each <= 6, "{each}");
}

#[test]
fn a_full_recorder_keeps_the_beginning() {
    // Settings and seed are written in any case.
    let least = Page::new(5, MOST).trace().bytes.len();
    for most in [1, least, least + 1, least + 2, least + 9, 500, 2_000] {
        let trace = Page::live(5, 2_000, most).trace();
        assert_eq!(replay(&trace).hash, trace.hash, "{most}");
        assert!(trace.bytes.len() <= most.max(least));
    }
}

#[test]
fn identifiers_are_not_written_down() {
    let mut page = Page::new(1, MOST);
    page.visit("/users/4711/orders");
    let bytes = page.trace().bytes;
    let text = String::from_utf8_lossy(&bytes);
    assert!(text.contains("/users/:id/orders") && !text.contains("4711"));
}

#[test]
fn a_watcher_sees_each_deed_with_its_step() {
    let mut page = Page::new(1, MOST);
    page.visit("/policies");
    page.begin(CallSpec::read(page.scopes[0]));
    page.now = page.now + Millis(3);
    let _ = page.calls[0].poll(&mut page.engine, page.now);
    let mut seen = Vec::new();
    let trace = page.trace();
    let replayed = trace.replay(|now, deed, step| seen.push((now, deed.clone(), step)));
    let id = page.calls[0].id();
    assert_eq!(
        seen.last(),
        Some(&(page.now, Deed::Poll(id), Some(Step::Send { attempt: 1 })))
    );
    assert_eq!(replayed.unwrap().now, page.now);
}

#[test]
fn text_survives_quoting_and_broken_lines() {
    let trace = Page::live(3, 200, MOST).trace();
    let text = trace.to_text();
    assert!(text.starts_with("tidegate-trace."));
    let mut quoted = String::from("> `");
    for (place, letter) in text.chars().enumerate() {
        quoted.push(letter);
        if place % 72 == 71 {
            quoted.push_str("\r\n>  ");
        }
    }
    quoted.push_str("`\n");
    assert_eq!(Trace::parse(&quoted), Ok(trace));
}

#[test]
fn what_is_no_trace_is_refused() {
    for text in [
        "",
        "tidegate-trace",
        "tidegate-trace.AQ",
        "tidegate-trace.AQ.zz",
        "tidegate-trace.A!.00",
        "tidegate-trace.AQ.00.00",
        "other.AQ.00",
    ] {
        assert_eq!(Trace::parse(text), Err(TraceError::Text), "{text}");
    }
    let refused = |bytes: &[u8]| {
        let trace = Trace {
            bytes: bytes.to_vec(),
            hash: 0,
        };
        trace.replay(|_, _, _| {}).unwrap_err()
    };
    assert_eq!(refused(&[]), TraceError::Malformed { at: 0 });
    assert_eq!(refused(&[9, 0, 0]), TraceError::OtherVersion);
    assert_eq!(refused(&[VERSION, 0, 1, 0]), TraceError::OtherVersion);
}

#[test]
fn a_call_or_a_scope_that_does_not_exist_is_refused() {
    let empty = Page::new(1, MOST).trace().bytes;
    for deed in [&[6, 1][..], &[0, 0, 0], &[4, 0], &[3, 9], &[12, 0], &[99]] {
        let mut bytes = empty.clone();
        bytes.push(0);
        bytes.extend(deed);
        let at = bytes.len();
        let refused = Trace { bytes, hash: 0 }.replay(|_, _, _| {}).err();
        assert_eq!(refused, Some(TraceError::Malformed { at }), "{deed:?}");
    }
}

fn config() -> ProptestConfig {
    let mut config = ProptestConfig::with_cases(64);
    if cfg!(target_arch = "wasm32") {
        config.failure_persistence = None;
    }
    config
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_run_replays_to_its_own_hash(seed: u64, deeds in 0..600_u32) {
        let trace = Page::live(seed, deeds, MOST).trace();
        prop_assert_eq!(replay(&trace).hash, trace.hash);
        prop_assert_eq!(Trace::parse(&trace.to_text()), Ok(trace));
    }

    #[test]
    fn a_damaged_trace_never_makes_it_panic(seed: u64, damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let mut trace = Page::live(seed, 100, MOST).trace();
        for (place, byte) in damage {
            let place = place.index(trace.bytes.len());
            trace.bytes[place] = byte;
        }
        let _ = trace.replay(|_, _, _| {});
    }

    #[test]
    fn no_text_makes_it_panic(text in ".*", body in "[A-Za-z0-9_-]{0,200}") {
        let _ = Trace::parse(&text);
        let trace = Trace::parse(&(String::from("tidegate-trace.AQ") + &body + ".0")).unwrap();
        let _ = trace.replay(|_, _, _| {});
    }
}
