//! What people do: they want something, click again, reload and give up.

use tidegate_core::{Instant, Millis};

use super::fleet::{Event, Fleet, Owner};
use super::intent::{Intent, IntentId, Kind};
use super::meter::Got;
use crate::policy::{Policy, Want};

impl<P: Policy> Fleet<'_, P> {
    /// Somebody wants something.
    pub(super) fn want(&mut self, now: Instant, intent: Intent) {
        self.meter.begun(&intent);
        let (slot, generation) = self.intents.next();
        self.intents.insert(intent);
        self.ask(now, IntentId { slot, generation });
    }

    /// A user asks, for the first time or again.
    pub(super) fn ask(&mut self, now: Instant, id: IntentId) {
        let Some(intent) = self.intents.find(id.slot, id.generation) else {
            return;
        };
        intent.asked += 1;
        let want = Want {
            endpoint: intent.endpoint(),
            write: intent.kind == Kind::Write,
            background: intent.kind == Kind::Poll,
            ..Want::read(intent.ask_luck())
        };
        let (user, number, luck) = (intent.user, intent.number, intent.luck);
        let (view, begun, asked) = (intent.view, intent.begun, intent.asked);
        if intent.reloads(&self.case.people) {
            let at = now + Millis(self.case.people.patience_ms);
            self.agenda.add(at, Event::Reload(id, asked));
        }
        let kept = view.and_then(|view| self.user(user).copies.age(now, view));
        let token = self.begin(
            now,
            Want { kept, ..want },
            super::drive::Errand {
                user,
                owner: Owner::Intent(id),
                begun,
                luck,
                number,
                view,
            },
        );
        if let Some(intent) = self.intents.find(id.slot, id.generation) {
            intent.call = Some(token);
        }
        if want.write
            && let Some(patience) = self.habits.defers
        {
            self.agenda.add(now + patience, Event::Save(token));
        }
        self.drive(now, token);
    }

    /// A user has waited long enough: the request is dropped, and asked for anew.
    pub(super) fn reload(&mut self, now: Instant, id: IntentId, asked: u32) {
        let Some(intent) = self.intents.find(id.slot, id.generation) else {
            return;
        };
        if intent.asked != asked || intent.call.is_none() {
            return;
        }
        let Some(token) = intent.call.take() else {
            return;
        };
        if !intent.failed {
            let refused = false;
            self.meter.failed(now, intent, refused);
            intent.failed = true;
        }
        self.drop_request(now, token);
        self.ask(now, id);
    }

    /// The user has got what it wanted, or something like it: the intent is over.
    pub(super) fn got(&mut self, now: Instant, id: IntentId, got: Got, refused: bool) {
        if let Some(intent) = self.intents.remove(id.slot) {
            self.meter.got(now, &intent, got, refused);
        }
    }

    /// The user sees an error, and clicks again or does not.
    pub(super) fn fail(&mut self, now: Instant, id: IntentId, refused: bool) {
        let people = &self.case.people;
        let Some(intent) = self.intents.find(id.slot, id.generation) else {
            return;
        };
        intent.call = None;
        if !intent.failed {
            self.meter.failed(now, intent, refused);
            intent.failed = true;
        }
        if intent.clicks(people) {
            let at = now + Millis(intent.pause_ms(people));
            self.agenda.add(at, Event::Click(id));
        } else if let Some(intent) = self.intents.remove(id.slot) {
            self.meter.given_up(now, &intent);
        }
    }
}
