//! One request from step to step.

use tidegate_contract::Draw;
use tidegate_core::{Head, Instant, Outcome};

use super::fleet::{Event, Fleet, Owner, Request};
use super::intent::{cache_luck, fault_luck, key, service_luck};
use super::meter::Purpose;
use super::parcel::Parcel;
use crate::policy::{Policy, Step, Token, Want};

/// More wakes than this at one moment in one browser are requests that wake each other for ever: a page would hang.
const MOST_WAKES: u32 = 2_000;

/// What a request is made for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Errand {
    pub(super) user: u32,
    pub(super) owner: Owner,
    pub(super) begun: Instant,
    pub(super) luck: Draw,
    pub(super) number: u64,
    pub(super) view: Option<usize>,
}

impl<P: Policy> Fleet<'_, P> {
    /// A request begins; [`Fleet::drive`] takes its first step.
    pub(super) fn begin(&mut self, now: Instant, want: Want, errand: Errand) -> Token {
        self.listen(now, errand.user);
        let (slot, generation) = self.requests.next();
        let token = Token { slot, generation };
        let policy = self.policy;
        let user = self.user(errand.user);
        let call = policy.begin(&mut user.client, now, want, token);
        self.requests.insert(Request {
            call,
            user: errand.user,
            owner: errand.owner,
            begun: errand.begun,
            luck: errand.luck,
            ask: want.luck,
            number: errand.number,
            view: errand.view,
            write: want.write,
            attempts: 0,
            conflict: false,
            flight: None,
            wake: Instant::NEVER,
        });
        token
    }

    /// Does what the policy says until it says to wait, and then sees to what that meant for others of the same browser.
    pub(super) fn drive(&mut self, now: Instant, token: Token) {
        if let Some(user) = self.advance(now, token) {
            self.tend(now, user);
        }
    }

    pub(super) fn tend(&mut self, now: Instant, number: u32) {
        let policy = self.policy;
        let mut woken = std::mem::take(&mut self.woken);
        policy.woken(&mut self.user(number).client, &mut woken);
        let mut wakes = 0;
        while let Some(token) = woken.pop() {
            wakes += 1;
            if wakes > MOST_WAKES {
                // Whoever is left has a timer.
                self.meter.spun();
                woken.clear();
                break;
            }
            self.advance(now, token);
            policy.woken(&mut self.user(number).client, &mut woken);
        }
        self.woken = woken;
        let (end, last) = (self.end, self.last());
        let user = self.user(number);
        let probe = policy.next_probe(&user.client);
        let until = if policy.saved(&user.client) > 0 {
            last
        } else {
            end
        };
        if probe < user.probe && probe < until {
            user.probe = probe;
            self.agenda.add(probe.max(now), Event::Probe(number));
        }
        let user = self.user(number);
        let flush = policy.next_saved(&user.client);
        if flush < user.flush && flush < last {
            user.flush = flush;
            self.agenda.add(flush.max(now), Event::Flush(number));
        }
    }

    /// The user of the request, if it was still under way.
    fn advance(&mut self, now: Instant, token: Token) -> Option<u32> {
        let request = self.requests.find(token.slot, token.generation)?;
        let number = request.user;
        loop {
            let request = self.requests.find(token.slot, token.generation)?;
            let user = self.users.get_mut(number as usize)?.as_mut()?;
            match self.policy.poll(&mut user.client, &mut request.call, now) {
                Step::Abandon => {
                    if let Some(flight) = request.flight.take() {
                        self.wire
                            .leave(now, flight, &mut self.agenda, &mut self.meter);
                    }
                }
                Step::Send => self.send(now, token),
                Step::Show => self.show(now, token),
                Step::Wait(until) => {
                    let until = until.max(now);
                    if until < request.wake {
                        request.wake = until;
                        self.agenda.add(until, Event::Wake(token));
                    }
                    return Some(number);
                }
                Step::Done(end) => {
                    let over = self.requests.remove(token.slot)?;
                    self.finish(now, over, end);
                    return Some(number);
                }
            }
        }
    }

    fn send(&mut self, now: Instant, token: Token) {
        let Some(request) = self.requests.find(token.slot, token.generation) else {
            return;
        };
        request.attempts += 1;
        let purpose = match request.owner {
            Owner::Probe => Purpose::Probe,
            Owner::Replay(_) => Purpose::Replay,
            Owner::Intent(_) | Owner::Nobody | Owner::Saved(_) => Purpose::Ask,
        };
        self.meter.sent(now, request.begun, purpose);
        let parcel = Parcel {
            token,
            write: request.write.then_some(request.number),
            key: (request.write && self.habits.keys).then(|| key(request.luck)),
            intent: cache_luck(request.luck),
            service: service_luck(request.ask, request.attempts),
            fault: fault_luck(request.ask, request.attempts),
            readiness: purpose == Purpose::Probe && self.habits.asks_readiness,
        };
        let flight = self.wire.send(now, parcel, &mut self.agenda);
        request.flight = Some(flight);
    }

    /// The answer to an attempt has reached its client.
    pub(super) fn land(&mut self, now: Instant, flight: u32) {
        let Some(landed) = self.wire.land(flight) else {
            return;
        };
        let token = landed.token;
        let Some(request) = self.requests.find(token.slot, token.generation) else {
            return;
        };
        request.flight = None;
        let is_conflict = matches!(landed.outcome, Outcome::Head(Head { status: 409, .. }));
        request.conflict = is_conflict;
        let Some(user) = self.users[request.user as usize].as_mut() else {
            return;
        };
        if let Some(word) = landed.word.filter(|_| self.habits.hears) {
            self.policy.hear(&mut user.client, now, &word.field());
        }
        self.policy
            .settle(&mut user.client, &mut request.call, now, landed.outcome);
        self.drive(now, token);
    }

    pub(super) fn wake(&mut self, now: Instant, token: Token) {
        if let Some(request) = self.requests.find(token.slot, token.generation) {
            // The time of this timer or an earlier one: either way none is set any more.
            if request.wake <= now {
                request.wake = Instant::NEVER;
            }
            self.drive(now, token);
        }
    }

    /// The request is dropped with its page.
    pub(super) fn drop_request(&mut self, now: Instant, token: Token) {
        if self.requests.find(token.slot, token.generation).is_none() {
            return;
        }
        let Some(request) = self.requests.remove(token.slot) else {
            return;
        };
        if let Some(flight) = request.flight {
            self.wire
                .leave(now, flight, &mut self.agenda, &mut self.meter);
        }
        if let Some(user) = self.users[request.user as usize].as_mut() {
            self.policy.cancel(&mut user.client, request.call, now);
        }
        self.tend(now, request.user);
    }
}
