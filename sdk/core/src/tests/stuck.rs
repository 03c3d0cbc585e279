//! Nothing is ever stuck, whatever happens on three routes of one origin.

use alloc::vec::Vec;

use proptest::prelude::*;

use super::gate::Site;
use super::laws::config;
use super::world::{DOWN, OK, busy, status};
use crate::testing::test;
use crate::{Call, CallSpec, Millis, Outcome, Step, Verdict};

#[derive(Clone, Debug)]
enum Deed {
    Begin { route: usize, write: bool },
    Cancel(prop::sample::Index),
    Outcome(prop::sample::Index, Outcome),
    Pass(u64),
    Poll(prop::sample::Index),
    Probe,
}

fn deed() -> impl Strategy<Value = Deed> {
    let outcome = prop_oneof![
        3 => Just(OK),
        2 => Just(DOWN),
        1 => Just(Outcome::TimedOut),
        1 => Just(status(500)),
        1 => (0..100_000_u64).prop_map(|wait| busy(503, Millis(wait))),
    ];
    let which = any::<prop::sample::Index>;
    prop_oneof![
        4 => (0..3_usize, any::<bool>()).prop_map(|(route, write)| Deed::Begin { route, write }),
        1 => which().prop_map(Deed::Cancel),
        5 => (which(), outcome).prop_map(|(which, outcome)| Deed::Outcome(which, outcome)),
        3 => prop_oneof![0..50_u64, 0..5_000_u64, 0..100_000_u64, Just(86_400_000)].prop_map(Deed::Pass),
        3 => which().prop_map(Deed::Poll),
        1 => Just(Deed::Probe),
    ]
}

impl Site {
    /// Polls a call until it waits; whether it goes on.
    fn advance(&mut self, call: &mut Call) -> bool {
        let mut step = self.world.poll(call);
        loop {
            step = match step {
                Step::ReadCache => self.world.cached(call),
                Step::Abandon | Step::Answer(_) => self.world.poll(call),
                Step::Hedge { .. } | Step::Send { .. } | Step::Wait(_) => return true,
                Step::Done(_) => return false,
            };
        }
    }

    fn act(&mut self, deed: &Deed, calls: &mut Vec<Call>) {
        let index = match deed {
            Deed::Pass(millis) => return self.world.pass(*millis),
            Deed::Begin { route, write } => {
                let scope = self.routes[*route];
                let spec = if *write {
                    CallSpec::write(scope)
                } else {
                    CallSpec::read(scope)
                };
                calls.push(self.world.begin_as(spec));
                calls.len() - 1
            }
            Deed::Probe => {
                let Some(scope) = self.world.engine.due_probe(self.world.now) else {
                    return;
                };
                calls.push(self.world.begin_as(CallSpec::probe(scope)));
                calls.len() - 1
            }
            Deed::Cancel(_) | Deed::Outcome(..) | Deed::Poll(_) if calls.is_empty() => return,
            Deed::Cancel(which) => {
                let call = calls.swap_remove(which.index(calls.len()));
                return call.cancel(&mut self.world.engine, self.world.now);
            }
            Deed::Outcome(which, outcome) => {
                let index = which.index(calls.len());
                self.world.settle(&mut calls[index], *outcome);
                index
            }
            Deed::Poll(which) => which.index(calls.len()),
        };
        if !self.advance(&mut calls[index]) {
            let _ = calls.swap_remove(index);
        }
    }

    /// Sends whatever probe is due; each is answered well, in 10 ms.
    fn probe_well(&mut self) {
        while let Some(scope) = self.world.engine.due_probe(self.world.now) {
            let call = self.world.begin_as(CallSpec::probe(scope));
            self.world.drive(call, &[OK]);
        }
    }

    /// A read from a backend that is well, with probes beside it: its verdict and how long it took.
    fn read_well(&mut self, route: usize) -> (Verdict, Millis) {
        let began = self.world.now;
        let mut call = self.world.begin_as(CallSpec::read(self.routes[route]));
        let mut step = self.world.poll(&mut call);
        for _ in 0..10_000 {
            step = match step {
                Step::Hedge { .. } | Step::Send { .. } => {
                    self.world.pass(10);
                    self.world.settle(&mut call, OK);
                    self.world.poll(&mut call)
                }
                Step::Wait(until) => {
                    let next = until.min(self.world.engine.next_probe());
                    self.world.now = self.world.now.max(next);
                    self.probe_well();
                    self.world.poll(&mut call)
                }
                Step::ReadCache => self.world.cached(&mut call),
                Step::Abandon | Step::Answer(_) => self.world.poll(&mut call),
                Step::Done(verdict) => return (verdict, self.world.now - began),
            };
        }
        panic!("the call does not end: {call:?}");
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn nothing_is_ever_stuck(deeds in prop::collection::vec(deed(), 1..200)) {
        let (mut site, mut calls) = (Site::new(), Vec::new());
        deeds.iter().for_each(|deed| site.act(deed, &mut calls));
        for call in calls {
            call.cancel(&mut site.world.engine, site.world.now);
        }
        let end = site.world.now + Millis(120_000);
        for n in 0.. {
            let (verdict, took) = site.read_well(n % 3);
            // Its own attempt, and the probes of three routes that went first.
            prop_assert!(took <= Millis(3_000 + 4 * 10), "held for {took}");
            let over = site.world.now >= end;
            prop_assert!(!over || verdict == Verdict::Network, "{verdict:?}");
            if over && n % 3 == 2 && site.world.now >= end + Millis(3_000) {
                break;
            }
            site.world.pass(1_000);
            site.probe_well();
        }
    }
}

impl Site {
    /// Polls whoever is woken until nobody is.
    fn settle_down(&mut self, calls: &mut Vec<Call>) {
        for _ in 0..200 * (calls.len() + 1) {
            let Some(woken) = self.world.engine.next_wake() else {
                return;
            };
            let Some(index) = calls.iter().position(|call| call.id() == woken) else {
                continue;
            };
            if !self.advance(&mut calls[index]) {
                let _ = calls.swap_remove(index);
            }
        }
        panic!(
            "calls wake each other for ever: {:?}",
            self.world.engine.health(self.world.now)
        );
    }
}

/// An overload that leaves a pace behind, in a page with many calls and few permits.
fn crowd() -> impl Strategy<Value = Vec<Deed>> {
    let outcome = prop_oneof![
        6 => Just(OK),
        2 => Just(status(503)),
        1 => Just(Outcome::TimedOut),
    ];
    let which = any::<prop::sample::Index>;
    prop::collection::vec(
        prop_oneof![
            6 => (0..3_usize, any::<bool>()).prop_map(|(route, write)| Deed::Begin { route, write }),
            1 => which().prop_map(Deed::Cancel),
            4 => (which(), outcome).prop_map(|(which, outcome)| Deed::Outcome(which, outcome)),
            2 => prop_oneof![0..50_u64, 0..5_000_u64].prop_map(Deed::Pass),
            2 => which().prop_map(Deed::Poll),
            1 => Just(Deed::Probe),
        ],
        40..200,
    )
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn calls_do_not_wake_each_other_for_ever(deeds in crowd()) {
        let mut site = Site::with(|settings| {
            settings.concurrency.limit = 2;
            settings.cache.entries = 0;
        });
        let mut calls = Vec::new();
        for deed in &deeds {
            site.act(deed, &mut calls);
            site.settle_down(&mut calls);
        }
    }
}
