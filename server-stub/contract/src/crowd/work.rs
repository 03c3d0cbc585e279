//! What users and their clients do, one thing at a time.

use tidegate_core::Instant;

use super::call::{Call, Intent, State};
use super::settings::CrowdSettings;
use super::{Crowd, CrowdStep, GAP, OPEN_PER_USER, Ticket, Timer};
use crate::backend::Attempt;
use crate::micros::Micros;

impl Crowd {
    /// Draws when somebody next wants something. Poisson arrivals have no memory, so it may be drawn again at any time.
    pub(super) fn schedule(&mut self, now: Instant) {
        if self.settings.users == 0 {
            self.next = Instant::NEVER;
            return;
        }
        let luck = self.root.at(self.totals.intents).at(GAP).unit();
        let every = Micros::from_millis(self.settings.every_ms).0 as f64;
        let gap = -libm::log(luck) * every / f64::from(self.settings.users);
        self.next = now + Micros(gap as u64);
    }

    /// Somebody wants something.
    pub(super) fn begin(&mut self) {
        let number = self.totals.intents;
        let draw = self.root.at(number);
        self.totals.intents += 1;
        self.schedule(self.next);
        if self.calls.len() >= OPEN_PER_USER.saturating_mul(self.settings.users as usize) {
            self.totals.skipped += 1;
            return;
        }
        let call = Call::new(self.now, draw, &self.settings);
        self.calls.insert(number, call);
        if let Some(second) = self.seconds.entry(self.now) {
            second.intents += 1;
        }
        self.sent(number);
    }

    /// An attempt arrives or is given up, or a user clicks again.
    pub(super) fn wake(&mut self, number: u64) {
        let Some(call) = self.calls.get_mut(&number) else {
            return;
        };
        match call.state {
            State::Travelling { gives_up, .. } => {
                self.unset(number);
                self.arrive(number, gives_up);
            }
            State::Out { .. } => {
                self.totals.timeouts += 1;
                self.leave(number);
                self.fail(number);
            }
            State::Pausing { .. } => {
                self.totals.reclicks += 1;
                self.again(number, Call::ask);
            }
        }
    }

    /// A user reloads.
    pub(super) fn reload(&mut self, number: u64) {
        self.totals.reloads += 1;
        self.mark_failed(number);
        self.leave(number);
        self.again(number, Call::reload);
    }

    /// The client has an answer.
    pub(super) fn answer(&mut self, number: u64) {
        self.unset(number);
        let Some(call) = self.calls.remove(&number) else {
            return;
        };
        if call.failed {
            self.totals.late += 1;
            return;
        }
        self.totals.answered += 1;
        if let Some(second) = self.seconds.entry(call.began) {
            second.answered += 1;
        }
    }

    /// The client has none: again, or the user sees it.
    pub(super) fn fail(&mut self, number: u64) {
        self.unset(number);
        let Some(call) = self.calls.get_mut(&number) else {
            return;
        };
        if call.retry(self.now, &self.settings) {
            self.sent(number);
            return;
        }
        let stays = call.pause(self.now, &self.settings);
        self.mark_failed(number);
        if stays {
            self.set(number);
        } else {
            self.calls.remove(&number);
        }
    }

    fn again(&mut self, number: u64, ask: fn(&mut Call, Instant, &CrowdSettings)) {
        self.unset(number);
        if let Some(call) = self.calls.get_mut(&number) {
            ask(call, self.now, &self.settings);
        }
        self.sent(number);
    }

    fn sent(&mut self, number: u64) {
        self.set(number);
        self.totals.attempts += 1;
        if let Some(second) = self.seconds.entry(self.now) {
            second.attempts += 1;
        }
    }

    fn arrive(&mut self, number: u64, gives_up: Instant) {
        let Some(call) = self.calls.get_mut(&number) else {
            return;
        };
        call.state = State::Out { gives_up };
        let write = call.intent == Intent::Write;
        let step = CrowdStep::Arrive {
            at: self.now,
            attempt: Attempt {
                deadline: self.settings.deadlines.then_some(gives_up),
                intent: call.luck(),
                key: (write && self.settings.keys).then(|| call.key()),
                service: call.service(),
                write,
            },
            intent: call.intent,
            ticket: Ticket {
                call: number,
                attempt: call.attempts,
            },
            user: call.user(self.settings.users),
        };
        self.steps.push_back(step);
        self.set(number);
    }

    /// Tells the backend, if there is anything to tell.
    fn leave(&mut self, number: u64) {
        if let Some(call) = self.calls.get(&number)
            && let State::Out { .. } = call.state
        {
            let ticket = Ticket {
                call: number,
                attempt: call.attempts,
            };
            let at = self.now;
            self.steps.push_back(CrowdStep::Leave { at, ticket });
        }
    }

    fn mark_failed(&mut self, number: u64) {
        let Some(call) = self.calls.get_mut(&number).filter(|call| !call.failed) else {
            return;
        };
        call.failed = true;
        self.totals.failed += 1;
        if let Some(second) = self.seconds.entry(call.began) {
            second.failed += 1;
        }
    }

    fn timers_of(&self, number: u64) -> impl Iterator<Item = (Instant, u64, Timer)> + use<> {
        let call = self.calls.get(&number);
        let wake = call.map(|call| (call.state.wakes(), number, Timer::Wake));
        let reload = call.and_then(|call| call.reloads);
        wake.into_iter()
            .chain(reload.map(|at| (at, number, Timer::Reload)))
    }

    fn set(&mut self, number: u64) {
        let timers = self.timers_of(number);
        self.timers.extend(timers);
    }

    fn unset(&mut self, number: u64) {
        for timer in self.timers_of(number) {
            self.timers.remove(&timer);
        }
    }
}
