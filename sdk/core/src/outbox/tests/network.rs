//! The network and the server of the model: what is sent arrives late or never, is applied or not, and is applied once by its key.

use alloc::string::String;

use super::stage::{Page, Stage};
use crate::outbox::{Claim, EntryId};
use crate::{Head, Millis, Outcome};

/// What a server does with a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Server {
    /// Applies it.
    Applies,
    /// Applies it, and says that it failed.
    Stumbles,
    /// Says so with this status, and does nothing.
    Says(u16),
}

/// A request on its way.
#[derive(Clone, Debug)]
pub(super) struct Request {
    /// Which life of which page waits for the answer.
    pub(super) drainer: u64,
    pub(super) claim: Claim,
    key: String,
    repeatable: bool,
    /// What it does.
    label: u64,
    lane: String,
    /// What stands in the place of its placeholder.
    taken: Option<String>,
    pub(super) arrived: bool,
    pub(super) answer: Option<Outcome>,
}

impl Stage {
    /// The driver sends what was claimed, if it still may.
    pub(super) fn send(&mut self, page: usize, which: usize) {
        let Page {
            outbox, pending, ..
        } = &mut self.pages[page];
        let claim = pending.swap_remove(which);
        if !outbox.may_send(self.wall, claim) {
            return outbox.release(claim);
        }
        let entry = outbox.entry(claim.id).unwrap();
        assert_eq!(entry.owner, outbox.owner);
        let takes = entry.url.contains("{made}");
        let taken = entry.taken.first().map(|(_, value)| value.clone());
        assert!(!takes || taken.is_some(), "{entry:?}");
        let Some(label) = self.bodies.get(&claim.id.0) else {
            // Somebody has settled it meanwhile; this page has not heard yet, and finds no body.
            return outbox.release(claim);
        };
        self.sent.insert(*label);
        self.requests.push(Request {
            drainer: outbox.drainer,
            claim,
            key: entry.key.clone(),
            repeatable: entry.repeatable,
            label: *label,
            lane: [&*entry.owner, " ", &*entry.lane].concat(),
            taken,
            arrived: false,
            answer: None,
        });
    }

    /// A request reaches the server.
    pub(super) fn arrive(&mut self, which: usize, server: Server) {
        let request = &mut self.requests[which];
        if core::mem::replace(&mut request.arrived, true) {
            return;
        }
        let request = request.clone();
        let known = self
            .answers
            .get(&request.key)
            .filter(|_| request.repeatable);
        let status = match (known, server) {
            (Some(status), _) => *status,
            (None, Server::Applies | Server::Stumbles) => {
                self.apply(&request);
                self.answers.insert(request.key.clone(), 200);
                if server == Server::Stumbles { 502 } else { 200 }
            }
            (None, Server::Says(status)) => {
                if (400..500).contains(&status) && status != 401 && status != 429 {
                    self.answers.insert(request.key.clone(), status);
                }
                status
            }
        };
        self.requests[which].answer = Some(Outcome::Head(Head {
            status,
            retry_after: (status == 429).then_some(Millis(3_000)),
        }));
    }

    fn apply(&mut self, request: &Request) {
        let EntryId(id) = request.claim.id;
        let times = self
            .effects
            .iter()
            .filter(|it| it.2 == request.label)
            .count();
        let allowed = match request.repeatable {
            true => 0,
            false => self.again.get(&request.label).copied().unwrap_or_default(),
        };
        assert!(
            times <= allowed,
            "entry {id} is applied {} times",
            times + 1
        );
        let replaced = self.replaced.contains(&request.label);
        assert!(!replaced, "entry {id} does what it did before");
        let later = |(lane, other, _): &&(String, u64, u64)| *lane == request.lane && *other > id;
        let overtaken = self.effects.iter().find(later);
        let in_order = overtaken.is_none() || self.reopened.contains(&id);
        assert!(in_order, "entry {id} comes after {overtaken:?}");
        for after in self.after.get(&request.label).into_iter().flatten() {
            let waits = self.rows.contains_key(&after.0) && !self.reopened.contains(&id);
            assert!(!waits, "entry {id} comes before {after}");
        }
        if let Some(taken) = &request.taken {
            assert!(taken.starts_with("made-"), "{taken}");
        }
        self.effects.push((request.lane.clone(), id, request.label));
    }

    /// A request is over for the page that waits for it.
    pub(super) fn answer(&mut self, which: usize, otherwise: Outcome) {
        let request = self.requests[which].clone();
        // One that nobody waits for may arrive still.
        if request.arrived {
            self.requests.swap_remove(which);
        }
        let mut pages = self.pages.iter_mut();
        let waits = pages.find(|page| page.outbox.drainer == request.drainer);
        if let Some(Page { outbox, engine, .. }) = waits {
            let outcome = request.answer.unwrap_or(otherwise);
            outbox.settle(engine, self.now, request.claim, outcome);
        }
    }
}
