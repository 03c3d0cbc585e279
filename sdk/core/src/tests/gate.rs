//! The gate of an origin: what shuts it, what opens it, who waits and who is told.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::world::{DOWN, OK, World, reason, status};
use crate::testing::test;
use crate::{
    Call, CallSpec, Event, Instant, Millis, Outcome, Reason, ScopeId, Settings, Step, Verdict,
};

/// Three routes of one origin.
pub(super) struct Site {
    pub(super) world: World,
    pub(super) routes: [ScopeId; 3],
}

impl Site {
    pub(super) fn new() -> Site {
        Site::with(|_| {})
    }

    pub(super) fn with(change: impl FnOnce(&mut Settings)) -> Site {
        let mut world = World::with(change);
        let routes = ["/assets", "/owners", "/places"];
        let routes = routes.map(|path| world.engine.scope("https://a.example", path));
        Site { world, routes }
    }

    /// A call that is out.
    fn send(&mut self, spec: CallSpec) -> Call {
        let mut call = self.world.begin_as(spec);
        assert!(matches!(self.world.poll(&mut call), Step::Send { .. }));
        call
    }

    /// One attempt of a route, of a call that is not repeated.
    fn attempt(&mut self, route: usize, outcome: Outcome) {
        let mut call = self.send(CallSpec::write(self.routes[route]));
        self.world.settle(&mut call, outcome);
        let _ = self.world.poll(&mut call);
    }

    fn read(&mut self, route: usize, outcomes: &[Outcome]) -> (Verdict, u32) {
        let call = self.world.begin_as(CallSpec::read(self.routes[route]));
        self.world.drive(call, outcomes)
    }

    /// A read that the gate holds: nothing is kept for it.
    fn held(&mut self, route: usize) -> (Call, Step) {
        let mut call = self.world.begin_as(CallSpec::read(self.routes[route]));
        assert_eq!(self.world.poll(&mut call), Step::ReadCache);
        let step = self.world.cached(&mut call);
        (call, step)
    }

    /// Until when nothing of a route may go.
    fn refusal(&self, route: usize) -> Option<Instant> {
        self.world
            .engine
            .refusal(self.routes[route], self.world.now)
    }

    /// Three attempts of two routes that reach nobody; until when the origin is shut.
    fn shut(&mut self) -> Instant {
        [0, 1, 0]
            .iter()
            .for_each(|&route| self.attempt(route, DOWN));
        self.refusal(2).expect("shut")
    }

    /// Sends the probe that is due next.
    fn probe(&mut self, outcome: Outcome) -> ScopeId {
        self.world.now = self.world.now.max(self.world.engine.next_probe());
        let scope = self
            .world
            .engine
            .due_probe(self.world.now)
            .expect("a probe is due");
        let mut call = self.send(CallSpec::probe(scope));
        self.world.settle(&mut call, outcome);
        let _ = self.world.poll(&mut call);
        scope
    }

    fn recovered(&mut self) -> Vec<String> {
        let told = self
            .world
            .events()
            .into_iter()
            .filter_map(|event| match event {
                Event::Recovered(recovered) => Some(recovered.scope.to_string()),
                _ => None,
            });
        told.collect()
    }
}

#[test]
fn three_attempts_of_two_routes_that_reach_nobody_shut_it_for_a_third() {
    let mut site = Site::with(|settings| settings.gate.hold_ms = 0);
    site.attempt(0, DOWN);
    site.attempt(1, DOWN);
    assert_eq!(site.refusal(2), None);
    site.attempt(0, DOWN);
    let until = site.refusal(2).expect("shut");
    assert!((500..=1_000).contains(&(until - site.world.now).0));
    let (verdict, attempts) = site.read(2, &[OK]);
    assert_eq!(attempts, 0);
    assert!(
        matches!(verdict, Verdict::Failed(why) if why.reason == Reason::CircuitOpen && why.retry_at == Some(until))
    );
}

#[test]
fn a_route_that_fails_while_another_works_never_shuts_it_and_costs_the_others_nothing() {
    for outcome in [DOWN, status(500), status(503)] {
        let mut site = Site::new();
        for _ in 0..50 {
            if site.refusal(0).is_none() {
                site.attempt(0, outcome);
            }
            for route in [1, 2] {
                assert_eq!(site.read(route, &[OK]), (Verdict::Network, 1));
            }
            site.world.pass(300);
        }
    }
}

#[test]
fn a_doubt_asks_a_route_that_worked_and_its_answer_lets_the_retry_go() {
    let mut site = Site::new();
    site.read(1, &[OK]);
    let mut call = site.send(CallSpec::read(site.routes[0]));
    site.world.settle(&mut call, DOWN);
    let _ = site.world.poll(&mut call);
    assert!(site.world.engine.next_probe() - site.world.now <= Millis(50));
    site.world.now = site.world.engine.next_probe();
    let asked = site.world.engine.due_probe(site.world.now);
    assert_eq!(asked, Some(site.routes[1]));
    let mut probe = site.send(CallSpec::probe(site.routes[1]));

    // The retry's own time is over by now.
    site.world.pass(200);
    assert!(matches!(site.world.poll(&mut call), Step::Wait(_)));
    site.world.settle(&mut probe, OK);
    assert!(site.world.engine.drain_wakes().any(|id| id == call.id()));
    assert_eq!(site.world.poll(&mut call), Step::Send { attempt: 2 });
}

#[test]
fn a_route_that_worked_and_fails_when_it_is_asked_shuts_it_and_no_retry_goes() {
    let mut site = Site::new();
    site.read(1, &[OK]);
    let mut calls = [(); 2].map(|()| site.send(CallSpec::read(site.routes[0])));
    for call in &mut calls {
        site.world.settle(call, DOWN);
        let _ = site.world.poll(call);
    }
    assert_eq!(site.probe(DOWN), site.routes[1]);
    let until = site.refusal(2).expect("shut");
    site.world.pass(200);
    assert!(until > site.world.now);
    for mut call in calls {
        assert_eq!(site.world.poll(&mut call), Step::ReadCache);
        assert_eq!(site.world.cached(&mut call), Step::Wait(until));
        assert_eq!(call.attempts(), 1);
    }
}

#[test]
fn one_good_trial_opens_it() {
    let mut site = Site::new();
    site.world.now = site.shut();
    site.attempt(2, OK);
    for route in [0, 1, 2] {
        assert_eq!(site.refusal(route), None);
        assert_eq!(site.read(route, &[OK]), (Verdict::Network, 1));
    }
}

#[test]
fn a_bad_trial_shuts_it_for_longer() {
    let mut site = Site::new();
    let mut lengths = Vec::new();
    site.shut();
    for _ in 0..5 {
        let until = site.refusal(2).expect("shut");
        lengths.push((until - site.world.now).0);
        site.world.now = until;
        site.attempt(2, DOWN);
    }
    let ceilings = [1_000, 2_000, 4_000, 8_000, 12_000];
    let within = |(&length, ceiling)| (ceiling / 2..=ceiling).contains(&length);
    assert!(lengths.iter().zip(ceilings).all(within), "{lengths:?}");
}

#[test]
fn a_trial_that_hangs_gives_its_lease_up() {
    let mut site = Site::new();
    site.world.now = site.shut();
    let mut hung = site.send(CallSpec::write(site.routes[2]));
    assert_eq!(site.refusal(0), Some(site.world.now + Millis(10_000)));
    site.world.pass(10_000);
    let mut second = site.send(CallSpec::write(site.routes[2]));
    site.world.settle(&mut hung, DOWN);
    assert!(site.refusal(0).is_some(), "the second trial is out");
    site.world.settle(&mut second, OK);
    assert_eq!(site.refusal(0), None);
}

#[test]
fn what_left_before_it_was_shut_decides_nothing() {
    for outcome in [OK, DOWN, status(503)] {
        let mut site = Site::new();
        let mut early = site.send(CallSpec::write(site.routes[2]));
        let until = site.shut();
        site.world.settle(&mut early, outcome);
        assert_eq!(site.refusal(2), Some(until), "{outcome:?}");
    }
}

#[test]
fn cancelled_attempts_say_nothing() {
    let mut site = Site::new();
    for n in 0..100 {
        let call = site.send(CallSpec::read(site.routes[n % 3]));
        call.cancel(&mut site.world.engine, site.world.now);
    }
    assert_eq!(
        (site.refusal(0), site.world.engine.next_probe()),
        (None, Instant::NEVER)
    );

    site.world.now = site.shut();
    let trial = site.send(CallSpec::write(site.routes[2]));
    trial.cancel(&mut site.world.engine, site.world.now);
    site.attempt(2, OK);
    assert_eq!(site.refusal(0), None, "another trial could go at once");
}

#[test]
fn a_held_call_goes_as_soon_as_it_opens() {
    let mut site = Site::new();
    let until = site.shut();
    let (mut call, step) = site.held(2);
    assert_eq!(step, Step::Wait(until));
    assert_eq!(call.attempts(), 0);
    site.probe(OK);
    assert_eq!(site.world.now, until);
    assert!(site.world.engine.drain_wakes().any(|id| id == call.id()));
    assert_eq!(site.world.poll(&mut call), Step::Send { attempt: 1 });
}

#[test]
fn a_call_that_would_be_held_too_long_is_refused_at_once_with_the_time() {
    let mut site = Site::with(|settings| settings.gate.rest_ms = 10_000);
    let until = site.shut();
    let began = site.world.now;
    let (verdict, attempts) = site.read(2, &[OK]);
    assert!(matches!(verdict, Verdict::Failed(why) if why.retry_at == Some(until)));
    assert_eq!((site.world.now, attempts), (began, 0));
}

#[test]
fn a_held_call_is_refused_when_its_time_is_over() {
    let mut site = Site::new();
    site.world.now = site.shut();
    let _hung = site.send(CallSpec::write(site.routes[2]));
    let began = site.world.now;
    let (verdict, attempts) = site.read(1, &[OK]);
    assert_eq!((reason(verdict), attempts), (Some(Reason::CircuitOpen), 0));
    assert_eq!(site.world.now - began, Millis(3_000));
}

#[test]
fn scopes_that_suffered_with_the_origin_are_told_when_it_opens() {
    let mut site = Site::with(|settings| settings.retry.attempts = 1);
    site.read(0, &[DOWN]);
    site.read(1, &[DOWN]);
    site.read(0, &[DOWN]);
    assert!(site.refusal(2).is_some());
    assert_eq!(site.recovered(), [""; 0]);
    site.probe(OK);
    let mut told = site.recovered();
    told.sort();
    assert_eq!(
        told,
        ["https://a.example/assets", "https://a.example/owners"]
    );
}

#[test]
fn in_overload_a_probe_is_paid_for_by_a_refused_call() {
    let mut site = Site::with(|settings| settings.gate.hold_ms = 0);
    [0, 1, 0]
        .iter()
        .for_each(|&route| site.attempt(route, Outcome::TimedOut));
    site.read(2, &[OK]);
    // One from the refused call, and another one in every fifth client.
    let mut probes = 0;
    while site.world.engine.next_probe() < Instant::NEVER {
        site.probe(Outcome::TimedOut);
        probes += 1;
        assert!(probes <= 2);
    }
    assert!(probes >= 1);
    site.world.pass(60_000);
    assert_eq!(
        site.world.engine.due_probe(site.world.now),
        None,
        "no credit, no probe"
    );
}

#[test]
fn a_doubt_decides_at_once_when_the_sibling_fails_as_well() {
    let mut site = Site::new();
    (0..6).for_each(|route| site.attempt(route % 2, OK));
    let mut call = site.send(CallSpec::read(site.routes[0]));
    site.world.settle(&mut call, DOWN);
    assert_eq!(site.refusal(2), None);
    site.world.now = site.world.engine.next_probe();
    let scope = site
        .world
        .engine
        .due_probe(site.world.now)
        .expect("a probe");
    assert_eq!(scope, site.routes[1]);
    let probe = site.world.begin_as(CallSpec::probe(scope));
    site.world.drive(probe, &[DOWN]);
    assert!(site.refusal(2).is_some());
}

#[test]
fn a_route_is_not_its_own_sibling() {
    let mut site = Site::new();
    (0..3).for_each(|_| site.attempt(0, OK));
    site.world.kept = Some(Millis(5));
    let (verdict, attempts) = site.read(0, &[DOWN, OK]);
    assert_eq!((verdict, attempts), (Verdict::Network, 2));
}

#[test]
fn a_doubt_that_nobody_asks_about_holds_a_retry_for_a_second_at_most() {
    let mut site = Site::new();
    (0..6).for_each(|route| site.attempt(route % 2, OK));
    let began = site.world.now;
    let (verdict, attempts) = site.read(0, &[DOWN, OK]);
    assert_eq!((verdict, attempts), (Verdict::Network, 2));
    assert!(site.world.now - began <= Millis(1_200));
}

#[test]
fn who_was_refused_because_it_was_shut_is_told_when_it_opens() {
    let mut site = Site::with(|settings| {
        settings.retry.attempts = 1;
        settings.gate.hold_ms = 0;
    });
    [0, 1, 0].iter().for_each(|&route| {
        site.read(route, &[DOWN]);
    });
    site.read(2, &[OK]);
    site.recovered();
    site.probe(OK);
    assert!(
        site.recovered()
            .contains(&site.world.engine.scope_name(site.routes[2]).to_string())
    );
}

/// A read that is out for longer than is usual.
fn late(site: &mut Site, spec: CallSpec) -> Call {
    let call = site.send(spec);
    site.world.pass(1_100);
    let mut call = call;
    let _ = site.world.poll(&mut call);
    call
}

#[test]
fn two_late_answers_happen_to_a_backend_that_is_well_and_three_do_not() {
    let mut site = Site::new();
    for route in 0..3 {
        site.read(route, &[OK]);
    }
    let routes = site.routes;
    let first = late(&mut site, CallSpec::read(routes[0]));
    site.world.now = site.world.now.max(site.world.engine.next_probe());
    let sibling = site.world.engine.due_probe(site.world.now).unwrap();
    let second = late(&mut site, CallSpec::probe(sibling));
    assert_eq!(site.refusal(2), None);
    let third = late(&mut site, CallSpec::read(routes[2]));
    assert!(site.refusal(2).is_some());
    for call in [first, second, third] {
        call.cancel(&mut site.world.engine, site.world.now);
    }
}
