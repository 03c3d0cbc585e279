//! A model of everything around the outbox that may go wrong: two pages over one store, a network that loses and delays, a server that
//! de-duplicates by key, people who sign in and out and decide. It keeps count of what must hold whatever happens:
//!
//! - an entry leaves the store only when it was applied, was replaced before it was ever sent, or somebody decided so;
//! - nothing is applied twice, unless the server heeds no keys and somebody said "again";
//! - what one lane's entries do happens in their order;
//! - nothing goes out in another identity's session;
//! - what an entry did before it was changed is never applied, neither before nor after;
//! - what a later release wrote beside an entry stays there as long as the entry does.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use super::network::Request;
use crate::outbox::register::Register;
use crate::outbox::{
    After, Batch, Claim, Decision, Edit, Entry, EntryId, Outbox, Row, State, Step, Take, Write,
};
use crate::{Engine, Instant, Millis, Settings, Wall};

/// What the store makes of a transaction, and the page of that.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Disk {
    /// It is complete, and the page hears of it.
    Good,
    /// It fails.
    Fails,
    /// It is complete, and the page is told that it failed.
    Lies,
    /// It is complete, and the page dies before it hears.
    DiesAfter,
    /// The page dies before it is complete.
    DiesBefore,
}

pub(super) struct Page {
    pub(super) outbox: Outbox,
    pub(super) engine: Engine,
    /// Claims that are stored and not sent yet.
    pub(super) pending: Vec<Claim>,
}

pub(super) struct Stage {
    pub(super) pages: [Page; 2],
    pub(super) now: Instant,
    pub(super) wall: Wall,
    pub(super) settings: Settings,
    pub(super) rows: BTreeMap<u64, String>,
    /// What each entry does.
    pub(super) bodies: BTreeMap<u64, u64>,
    pub(super) requests: Vec<Request>,
    /// What was applied, in order: lane, entry and body.
    pub(super) effects: Vec<(String, u64, u64)>,
    /// What the server answered to a key.
    pub(super) answers: BTreeMap<String, u16>,
    /// Bodies that may be applied once more, because somebody said so.
    pub(super) again: BTreeMap<u64, usize>,
    /// Entries that somebody sent again out of their order.
    pub(super) reopened: BTreeSet<u64>,
    /// What each body comes after.
    pub(super) after: BTreeMap<u64, Vec<EntryId>>,
    /// What entries did before they were changed.
    pub(super) replaced: BTreeSet<u64>,
    pub(super) sent: BTreeSet<u64>,
    pub(super) noted: BTreeSet<u64>,
    pub(super) lives: u64,
    pub(super) labels: u64,
}

impl Stage {
    pub(super) fn new() -> Stage {
        let mut settings = Settings::default();
        settings.outbox.doubted = 1;
        settings.outbox.attempts = 3;
        settings.outbox.unreachable_attempts = 3;
        settings.outbox.base_ms = 500;
        settings.outbox.cap_ms = 10_000;
        settings.outbox.lease_ms = 5_000;
        settings.outbox.spread_ms = 2_000;
        let page = |life| Page {
            outbox: Outbox::new("ann", life, life),
            engine: Engine::new(settings.clone(), life).unwrap(),
            pending: Vec::new(),
        };
        Stage {
            pages: [page(1), page(2)],
            now: Instant::START,
            wall: Wall(1_700_000_000_000),
            settings: settings.clone(),
            rows: BTreeMap::new(),
            bodies: BTreeMap::new(),
            requests: Vec::new(),
            effects: Vec::new(),
            answers: BTreeMap::new(),
            again: BTreeMap::new(),
            reopened: BTreeSet::new(),
            after: BTreeMap::new(),
            replaced: BTreeSet::new(),
            sent: BTreeSet::new(),
            noted: BTreeSet::new(),
            lives: 2,
            labels: 0,
        }
    }

    pub(super) fn pass(&mut self, millis: u64) {
        self.now = self.now + Millis(millis);
        self.wall = Wall(self.wall.0 + millis);
    }

    /// The page dies, and another one is opened in its place.
    pub(super) fn crash(&mut self, page: usize) {
        self.lives += 1;
        let owner = self.pages[page].outbox.owner.clone();
        self.pages[page] = Page {
            outbox: Outbox::new(&owner, self.lives, self.lives),
            engine: Engine::new(self.settings.clone(), self.lives).unwrap(),
            pending: Vec::new(),
        };
    }

    pub(super) fn entries(&self) -> Vec<Entry> {
        let rows = self.rows.iter().filter(|(id, _)| **id != Batch::REGISTER);
        rows.map(|(_, text)| Entry::from_text(text).unwrap())
            .collect()
    }

    /// One turn of a page's driver.
    pub(super) fn poll(&mut self, page: usize, disk: Disk) -> Option<Instant> {
        let (now, wall) = (self.now, self.wall);
        let Page { outbox, engine, .. } = &mut self.pages[page];
        match outbox.poll(engine, now, wall) {
            Step::Load => match disk {
                Disk::Fails | Disk::Lies => outbox.unread(now),
                _ => {
                    let rows = self.rows.iter().map(|(id, text)| (*id, &**text));
                    outbox.load(engine, wall, rows);
                }
            },
            Step::Read { claim, fields } => {
                let found = fields.into_iter().map(|field| {
                    let value = (field == "id").then(|| alloc::format!("made-{}", claim.id));
                    (field, value)
                });
                outbox.found(claim, found);
            }
            Step::Store(batch) => self.store(page, batch, disk, None, false),
            Step::Wait(until) => return Some(until),
        }
        None
    }

    /// A transaction: with the body of what is added, or of what somebody decided.
    fn store(&mut self, page: usize, batch: Batch, disk: Disk, body: Option<u64>, by_hand: bool) {
        let register = self.rows.get(&Batch::REGISTER).map(|text| &**text);
        if !batch.fits(register) {
            return self.pages[page].outbox.refused(batch);
        }
        if matches!(disk, Disk::Fails) {
            return self.pages[page].outbox.failed(self.now, batch);
        }
        if matches!(disk, Disk::DiesBefore) {
            return self.crash(page);
        }
        for Row { id, text } in batch.rows() {
            self.write(id, text, body, by_hand);
        }
        if let (Some(EntryId(id)), Some(body)) = (batch.added(), body) {
            self.bodies.insert(id, body);
        }
        match disk {
            Disk::DiesAfter => self.crash(page),
            Disk::Lies => self.pages[page].outbox.failed(self.now, batch),
            _ => {
                let (now, wall) = (self.now, self.wall);
                let Page {
                    outbox,
                    engine,
                    pending,
                } = &mut self.pages[page];
                pending.extend(outbox.applied(engine, now, wall, batch));
            }
        }
    }

    fn write(&mut self, id: u64, text: Option<String>, body: Option<u64>, by_hand: bool) {
        let Some(text) = text else {
            self.rows.remove(&id);
            self.noted.remove(&id);
            let label = self.bodies.remove(&id).unwrap();
            let applied = self.effects.iter().any(|(.., effect)| *effect == label);
            let replaced = body.is_some() && !self.sent.contains(&label);
            assert!(applied || replaced || by_hand, "entry {id} is lost");
            self.give_up(id);
            return;
        };
        if self.noted.contains(&id) {
            assert!(text.contains("\ncolour blue\n"), "{text}");
        }
        if id != Batch::REGISTER && Entry::from_text(&text).unwrap().state.is_dead() {
            self.give_up(id);
        }
        self.rows.insert(id, text);
    }

    /// What is still on its way of an entry that is over gets nowhere: how long a network may keep a request is not for us to say.
    fn give_up(&mut self, id: u64) {
        for request in &mut self.requests {
            request.arrived |= request.claim.id.0 == id;
        }
    }

    pub(super) fn enqueue(&mut self, page: usize, write: &Write, disk: Disk) {
        self.labels += 1;
        let label = self.labels;
        let mut write = write.clone();
        write.key = alloc::format!("key-{label}");
        let Page { outbox, engine, .. } = &mut self.pages[page];
        if let Ok(batch) = outbox.enqueue(engine, self.wall, &write) {
            let after = write.after.iter().map(|after| after.id);
            // Nobody waits for what is somebody else's.
            let own = after.filter(|id| outbox.entry(*id).is_some());
            self.after.insert(label, own.collect());
            self.store(page, batch, disk, Some(label), false);
        }
    }

    pub(super) fn decide(&mut self, page: usize, id: EntryId, decision: Decision, disk: Disk) {
        let outbox = &self.pages[page].outbox;
        let Ok(batch) = outbox.decide(self.wall, id, decision.clone()) else {
            return;
        };
        let goes_again = matches!(decision, Decision::Again | Decision::Anew { .. });
        let fits = batch.fits(self.rows.get(&Batch::REGISTER).map(|text| &**text));
        let stored = fits && !matches!(disk, Disk::Fails | Disk::DiesBefore);
        if let (Some(label), true) = (self.bodies.get(&id.0), goes_again && stored) {
            *self.again.entry(*label).or_default() += 1;
            self.reopened.insert(id.0);
        }
        self.store(page, batch, disk, None, !goes_again);
    }

    pub(super) fn edit(&mut self, page: usize, entry: &Entry, disk: Disk) {
        self.labels += 1;
        let label = self.labels;
        let edit = Edit {
            method: entry.method.clone(),
            url: entry.url.clone(),
            fields: Vec::new(),
            bytes: 1,
            key: alloc::format!("key-{label}"),
        };
        let (Page { outbox, engine, .. }, id) = (&self.pages[page], entry.id);
        let Ok(batch) = outbox.edit(engine, self.wall, id, &edit) else {
            return;
        };
        let fits = batch.fits(self.rows.get(&Batch::REGISTER).map(|text| &**text));
        if let (Some(old), true) = (
            self.bodies.get(&id.0).copied(),
            fits && !matches!(disk, Disk::Fails | Disk::DiesBefore),
        ) {
            let applied = self.effects.iter().any(|(.., effect)| *effect == old);
            assert!(!applied, "entry {id} was applied, and is changed");
            self.replaced.insert(old);
            let after = self.after.get(&old).cloned().unwrap_or_default();
            self.after.insert(label, after);
            if entry.state.is_dead() {
                self.reopened.insert(id.0);
            }
        }
        self.store(page, batch, disk, Some(label), false);
    }

    pub(super) fn sign_in(&mut self, page: usize) {
        if let Some(batch) = self.pages[page].outbox.signed_in(self.wall) {
            self.store(page, batch, Disk::Good, None, false);
        }
    }

    /// A later release writes something beside an entry, or leaves it in a state that only it knows.
    pub(super) fn annotate(&mut self, which: usize, freeze: bool) {
        let entries = self.entries();
        let Some(mut entry) = entries.get(which % entries.len().max(1)).cloned() else {
            return;
        };
        let id = entry.id.0;
        if self.noted.insert(id) {
            entry.others.push("colour blue".into());
        }
        if freeze && entry.state == State::Waiting {
            entry.state = State::Unknown("frozen 7".into());
        }
        self.rows.insert(id, entry.to_text());
        let text = &self.rows[&Batch::REGISTER];
        let mut register = Register::from_text(text).unwrap();
        register.revision += 1;
        self.rows.insert(Batch::REGISTER, register.to_text());
    }

    /// An entry to come after another one.
    pub(super) fn after(&self, which: usize, takes: bool) -> Option<After> {
        let entries = self.entries();
        let entry = entries.get(which % entries.len().max(1))?;
        let take = Take {
            placeholder: "{made}".into(),
            field: "id".into(),
        };
        Some(After {
            id: entry.id,
            takes: takes.then_some(take).into_iter().collect(),
        })
    }
}
