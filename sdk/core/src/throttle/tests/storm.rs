//! A storm of deeds in any order on one limit: a million in an optimised build, 20,000 otherwise.

use alloc::vec::Vec;

use crate::testing::test;
use crate::throttle::{Limit, LimitSettings, Priority, QueueOrder, Request, Turn};
use crate::{CallId, Instant, Millis, Rng};

const DEEDS: u32 = if cfg!(debug_assertions) {
    20_000
} else {
    1_000_000
};

/// What the driver of the limit knows.
struct Storm {
    rng: Rng,
    now: Instant,
    settings: LimitSettings,
    limit: Limit,
    /// Calls that were told that they wait.
    waiting: Vec<Request>,
    /// Calls with a permit.
    out: Vec<Request>,
    /// Calls whose work goes on, and until when it counts at most.
    abandoned: Vec<(Request, Instant)>,
    next: u64,
    grants: u64,
    /// Weight that was out before the latest change of the limit, which may stay above it.
    excess: u32,
    ends: [u64; 3],
}

impl Storm {
    fn new(seed: u64) -> Storm {
        Storm {
            rng: Rng::new(seed),
            now: Instant::START,
            settings: LimitSettings {
                limit: 4,
                queue: 6,
                order: QueueOrder::OldestFirst,
                ageing_ms: 100,
                abandoned_ms: 500,
            },
            limit: Limit::default(),
            waiting: Vec::new(),
            out: Vec::new(),
            abandoned: Vec::new(),
            next: 0,
            grants: 0,
            excess: 0,
            ends: [0; 3],
        }
    }

    fn below(&mut self, bound: usize) -> usize {
        self.rng.below(bound as u64) as usize
    }

    fn deed(&mut self) {
        match self.below(100) {
            0..30 => self.come(),
            30..50 => self.release(),
            50..55 => self.leave(),
            55..60 => self.cancel(),
            60..66 => self.abandon(),
            66..71 => self.settle(),
            71..84 => {
                let step = [0, 1, 20, 300][self.below(4)];
                self.pass(step);
            }
            84 => self.pass(86_400_000),
            85..88 => self.change(),
            88..92 => self.nonsense(),
            _ => self.ask_again(),
        }
        self.check();
    }

    fn come(&mut self) {
        let priority = Priority::ALL[self.below(3)];
        // A retry of a call whose earlier attempt still counts asks under the same name.
        let retried = match self.abandoned.last() {
            Some((earlier, _)) if self.rng.below(8) == 0 => Some(earlier.call),
            _ => None,
        };
        let taken = |call: &CallId| {
            let known = self.waiting.iter().chain(&self.out);
            known.into_iter().all(|other| other.call != *call)
        };
        let call = retried.filter(taken).unwrap_or_else(|| {
            self.next += 1;
            CallId(self.next)
        });
        let wait = [5, 50, 1_000, u64::MAX][self.below(4)];
        let request = Request {
            call,
            weight: [0, 1, 1, 1, 2, 3, 9][self.below(7)],
            priority,
            deadline: self.now + Millis(wait),
        };
        self.ask(request);
    }

    fn ask(&mut self, request: Request) {
        let (turn, wake) = self.limit.request(self.now, &request, &self.settings);
        self.waiting.retain(|other| other.call != request.call);
        match turn {
            Turn::Granted => {
                self.grants += 1;
                self.out.push(request);
            }
            Turn::Queued => self.waiting.push(request),
            Turn::Evicted => self.ends[0] += 1,
            Turn::Lapsed => {
                assert!(self.now >= request.deadline);
                self.ends[1] += 1;
            }
            Turn::Refused => self.ends[2] += 1,
        }
        self.wake(wake);
    }

    /// Most come when they are woken; some are slow and come when they please.
    fn wake(&mut self, woken: Vec<CallId>) {
        for call in woken {
            let known = self.waiting.iter().find(|request| request.call == call);
            let request = *known.expect("only a call that waits is woken");
            if self.rng.below(4) > 0 {
                self.ask(request);
            }
        }
    }

    fn ask_again(&mut self) {
        if !self.waiting.is_empty() {
            let which = self.below(self.waiting.len());
            self.ask(self.waiting[which]);
        }
    }

    fn release(&mut self) {
        if !self.out.is_empty() {
            let which = self.below(self.out.len());
            let call = self.out.swap_remove(which).call;
            let wake = self.limit.release(self.now, call, &self.settings);
            self.wake(wake);
        }
    }

    fn leave(&mut self) {
        if !self.waiting.is_empty() {
            let which = self.below(self.waiting.len());
            let call = self.waiting.swap_remove(which).call;
            let wake = self.limit.leave(self.now, call, &self.settings);
            self.wake(wake);
        }
    }

    fn cancel(&mut self) {
        let known: Vec<CallId> = self
            .waiting
            .iter()
            .chain(&self.out)
            .map(|r| r.call)
            .collect();
        if !known.is_empty() {
            let call = known[self.below(known.len())];
            self.waiting.retain(|request| request.call != call);
            self.out.retain(|request| request.call != call);
            let wake = self.limit.cancel(self.now, call, &self.settings);
            self.wake(wake);
        }
    }

    fn abandon(&mut self) {
        if !self.out.is_empty() {
            let which = self.below(self.out.len());
            let request = self.out.remove(which);
            let until = self.now + Millis(self.settings.abandoned_ms.into());
            self.abandoned.push((request, until));
            let wake = self.limit.abandon(self.now, request.call, &self.settings);
            self.wake(wake);
        }
    }

    fn settle(&mut self) {
        if !self.abandoned.is_empty() {
            let which = self.below(self.abandoned.len());
            let call = self.abandoned[which].0.call;
            let first = self.abandoned.iter().position(|(r, _)| r.call == call);
            self.abandoned.remove(first.expect("it was found above"));
            let wake = self.limit.settle(self.now, call, &self.settings);
            self.wake(wake);
        }
    }

    /// Time passes; the timer that was asked for fires if it was due.
    fn pass(&mut self, millis: u64) {
        let timer = self.limit.deadline();
        self.now = self.now + Millis(millis);
        if self.now >= timer {
            let wake = self.limit.poll(self.now, &self.settings);
            assert!(self.limit.deadline() > self.now, "a timer that was left");
            self.wake(wake);
        }
    }

    fn change(&mut self) {
        self.settings.limit = self.below(8) as u32;
        self.settings.queue = self.below(9) as u32;
        self.settings.ageing_ms = [0, 10, 1_000][self.below(3)];
        self.settings.order = QueueOrder::ALL[self.below(2)];
        let wake = self.limit.poll(self.now, &self.settings);
        self.excess = self.limit.in_flight();
        self.wake(wake);
    }

    /// Deeds of calls that are not there, and of permits that are not theirs.
    fn nonsense(&mut self) {
        let stranger = CallId(u64::MAX - self.rng.below(3));
        let waiting = self.waiting.first().map_or(stranger, |first| first.call);
        let out = self.out.first().map_or(stranger, |first| first.call);
        let (now, settings) = (self.now, self.settings);
        for wake in [
            self.limit.release(now, stranger, &settings),
            self.limit.release(now, waiting, &settings),
            self.limit.abandon(now, waiting, &settings),
            self.limit.leave(now, out, &settings),
            self.limit.leave(now, stranger, &settings),
        ] {
            self.wake(wake);
        }
    }

    fn check(&mut self) {
        self.abandoned.retain(|(_, until)| *until > self.now);
        let weight = |request: &Request| request.weight.max(1);
        let known: u32 = self.out.iter().map(weight).sum();
        let lingering: u32 = self
            .abandoned
            .iter()
            .map(|(request, _)| weight(request))
            .sum();
        let in_flight = self.limit.in_flight();
        // Offers that nobody took yet are out as well; lapsed ones are until the next deed.
        assert!(in_flight >= known + lingering, "a permit was lost");
        let alone = self.limit.permits() == 1;
        self.excess = self.excess.min(in_flight);
        assert!(
            in_flight <= self.settings.limit || alone || in_flight <= self.excess,
            "{in_flight} out at a limit of {}",
            self.settings.limit
        );
        assert!(self.limit.waiting().count() <= self.waiting.len());
    }
}

#[test]
fn after_a_storm_of_deeds_no_permit_place_or_timer_is_left() {
    let mut storm = Storm::new(11);
    for _ in 0..DEEDS {
        storm.deed();
    }
    assert!(storm.grants > u64::from(DEEDS) / 20, "{}", storm.grants);
    assert!(
        storm.ends.iter().all(|times| *times > 20),
        "{:?}",
        storm.ends
    );
    while !(storm.waiting.is_empty() && storm.out.is_empty() && storm.abandoned.is_empty()) {
        storm.cancel();
        storm.settle();
        storm.check();
    }
    assert!(storm.limit.is_idle());
    assert_eq!(storm.limit.deadline(), Instant::NEVER);
}
