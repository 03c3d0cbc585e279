//! What a request means for whom it was for: a kept copy meanwhile, a promise, and its end.

use tidegate_core::Instant;

use super::fleet::{Fleet, Owner, Request};
use super::intent::IntentId;
use super::meter::Got;
use super::outbox::Entry;
use crate::policy::{End, Policy, Token};

impl<P: Policy> Fleet<'_, P> {
    /// The user gets the kept copy, and the request goes on for nobody.
    pub(super) fn show(&mut self, now: Instant, token: Token) {
        let Some(request) = self.requests.find(token.slot, token.generation) else {
            return;
        };
        let Owner::Intent(id) = request.owner else {
            return;
        };
        request.owner = Owner::Nobody;
        let refused = request.attempts == 0;
        let (user, view) = (request.user, request.view);
        let age = view.and_then(|view| self.user(user).copies.age(now, view));
        self.got(now, id, Got::Kept(age.unwrap_or_default()), refused);
    }

    /// A write has waited long enough: its user is told that it is saved, and the request goes on.
    pub(super) fn save(&mut self, now: Instant, token: Token) {
        let Some(request) = self.requests.find(token.slot, token.generation) else {
            return;
        };
        let Owner::Intent(id) = request.owner else {
            return;
        };
        let refused = request.attempts == 0;
        let Some(entry) = self.entry(id) else {
            return;
        };
        if let Some(request) = self.requests.find(token.slot, token.generation) {
            request.owner = Owner::Saved(entry);
        }
        self.got(now, id, Got::Deferred, refused);
    }

    fn entry(&mut self, id: IntentId) -> Option<Entry> {
        let intent = self.intents.find(id.slot, id.generation)?;
        Some(Entry {
            number: intent.number,
            luck: intent.luck,
            begun: intent.begun,
            asked: intent.asked,
        })
    }

    pub(super) fn finish(&mut self, now: Instant, request: Request<P::Call>, end: End) {
        if let Some(flight) = request.flight {
            self.wire
                .leave(now, flight, &mut self.agenda, &mut self.meter);
        }
        let done = end == End::Answered && !request.conflict;
        let refused = request.attempts == 0;
        if done && let Some(view) = request.view {
            self.user(request.user).copies.keep(now, view);
        }
        match request.owner {
            Owner::Nobody | Owner::Probe => {}
            Owner::Intent(id) if done => self.got(now, id, Got::Fresh, refused),
            Owner::Intent(id) if end == End::Kept => {
                let (user, view) = (request.user, request.view);
                let age = view.and_then(|view| self.user(user).copies.age(now, view));
                self.got(now, id, Got::Kept(age.unwrap_or_default()), refused);
            }
            Owner::Intent(id) if request.write && self.habits.defers.is_some() => {
                if let Some(entry) = self.entry(id) {
                    self.put_off(now, request.user, entry, request.attempts);
                }
                self.got(now, id, Got::Deferred, refused);
            }
            Owner::Intent(id) => self.fail(now, id, refused),
            Owner::Saved(_) if done => self.meter.delivered(now, request.begun),
            Owner::Saved(entry) => self.put_off(now, request.user, entry, request.attempts),
            Owner::Replay(entry) => {
                if done {
                    self.meter.delivered(now, request.begun);
                    let others = |each: &Entry| each.number != entry.number;
                    self.user(request.user).saved.retain(others);
                }
            }
        }
    }

    /// It was sent as often as that, and is sent again later.
    fn put_off(&mut self, now: Instant, number: u32, entry: Entry, attempts: u32) {
        let policy = self.policy;
        let user = self.user(number);
        user.saved.push(entry);
        policy.save(&mut user.client, now, entry.number, attempts > 0);
    }
}
