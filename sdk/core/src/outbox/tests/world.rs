//! One drainer, its engine, a store that is a map, and two clocks.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use crate::outbox::{
    Batch, Claim, DeadReason, Decision, EntryId, EntryState, Outbox, OutboxChange, Row, State,
    Step, Write,
};
use crate::{Engine, Event, Head, Instant, Millis, Outcome, Settings, Wall};

pub(super) const ORIGIN: &str = "https://a.example";

pub(super) const fn status(status: u16) -> Outcome {
    Outcome::Head(Head {
        status,
        retry_after: None,
    })
}

pub(super) const fn busy(status: u16, retry_after: Millis) -> Outcome {
    Outcome::Head(Head {
        status,
        retry_after: Some(retry_after),
    })
}

pub(super) struct World {
    pub(super) engine: Engine,
    pub(super) outbox: Outbox,
    pub(super) rows: BTreeMap<u64, String>,
    pub(super) now: Instant,
    pub(super) wall: Wall,
    keys: u32,
}

impl World {
    pub(super) fn new() -> World {
        World::with(|_| {})
    }

    pub(super) fn with(change: impl FnOnce(&mut Settings)) -> World {
        let mut settings = Settings::default();
        change(&mut settings);
        let mut world = World {
            engine: Engine::new(settings, 7).unwrap(),
            outbox: Outbox::new("ann", 1, 1),
            rows: BTreeMap::new(),
            now: Instant::from_millis(1_000),
            wall: Wall(1_700_000_000_000),
            keys: 0,
        };
        world.load();
        world
    }

    /// A keyed write in the lane of this name.
    pub(super) fn write(lane: &str) -> Write {
        let mut write = Write::new("POST", &[ORIGIN, "/", lane].concat(), "");
        write.keyed = true;
        write.bytes = 10;
        write
    }

    pub(super) fn pass(&mut self, millis: u64) {
        self.now = self.now + Millis(millis);
        self.wall = Wall(self.wall.0 + millis);
    }

    /// The page is closed and another one opened.
    pub(super) fn reload(&mut self, drainer: u64) {
        let owner = self.outbox.owner.clone();
        self.outbox = Outbox::new(&owner, drainer, drainer);
        self.load();
    }

    pub(super) fn load(&mut self) {
        let rows = self.rows.iter().map(|(id, text)| (*id, &**text));
        self.outbox.load(&self.engine, self.wall, rows);
    }

    pub(super) fn fits(&self, batch: &Batch) -> bool {
        batch.fits(self.rows.get(&Batch::REGISTER).map(|text| &**text))
    }

    /// Stores a batch, and reports it.
    pub(super) fn store(&mut self, batch: Batch) -> Vec<Claim> {
        assert!(self.fits(&batch));
        for Row { id, text } in batch.rows() {
            match text {
                Some(text) => drop(self.rows.insert(id, text)),
                None => drop(self.rows.remove(&id)),
            }
        }
        self.outbox
            .applied(&mut self.engine, self.now, self.wall, batch)
    }

    pub(super) fn enqueue(&mut self, mut write: Write) -> EntryId {
        self.keys += 1;
        if write.key.is_empty() {
            write.key = alloc::format!("key-{}", self.keys);
        }
        let batch = self
            .outbox
            .enqueue(&self.engine, self.wall, &write)
            .unwrap();
        let id = batch.added().unwrap();
        self.store(batch);
        id
    }

    pub(super) fn poll(&mut self) -> Step {
        self.outbox.poll(&mut self.engine, self.now, self.wall)
    }

    /// Polls until there is nothing to do at this moment: what is to be sent.
    pub(super) fn drain(&mut self) -> Vec<Claim> {
        let mut claims = Vec::new();
        for _ in 0..100 {
            match self.poll() {
                Step::Store(batch) if self.fits(&batch) => claims.extend(self.store(batch)),
                Step::Store(batch) => self.outbox.refused(batch),
                Step::Load => self.load(),
                Step::Read { .. } | Step::Wait(_) => return claims,
            }
        }
        panic!("it never rests: {:?}", self.outbox);
    }

    /// Lets time pass until something is to be sent, an hour at most.
    pub(super) fn next(&mut self) -> Option<Claim> {
        for _ in 0..3_600 {
            if let Some(claim) = self.drain().first() {
                return Some(*claim);
            }
            self.pass(1_000);
        }
        None
    }

    /// What became of an attempt, stored; what may be sent thereupon.
    pub(super) fn settle(&mut self, claim: Claim, outcome: Outcome) -> Vec<Claim> {
        self.outbox.settle(&self.engine, self.now, claim, outcome);
        self.drain()
    }

    pub(super) fn decide(&mut self, id: EntryId, decision: Decision) {
        let batch = self.outbox.decide(self.wall, id, decision).unwrap();
        self.store(batch);
    }

    pub(super) fn state(&self, id: EntryId) -> Option<EntryState> {
        Some(self.outbox.entry(id)?.state.word())
    }

    pub(super) fn dead(&self, id: EntryId) -> Option<(DeadReason, u16)> {
        match self.outbox.entry(id)?.state {
            State::Dead { reason, status, .. } => Some((reason, status)),
            _ => None,
        }
    }

    /// What happened to entries since the last time.
    pub(super) fn changes(&mut self) -> Vec<(u64, OutboxChange)> {
        let events = self.engine.drain_events();
        let changes = events.filter_map(|event| match event {
            Event::Outbox(event) => Some((event.entry, event.change)),
            _ => None,
        });
        changes.collect()
    }
}
