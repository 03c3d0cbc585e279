//! The queue as one drainer knows it.

use alloc::string::String;
use alloc::vec::Vec;

use super::batch::Batch;
use super::entry::{Entry, EntryId};
use super::flight::{Claim, Flight};
use super::pace::{PaceSettings, Paces};
use super::register::{Queue, ROW, Register};
use crate::backoff::Backoff;
use crate::engine::Engine;
use crate::event::Event;
use crate::rng::Rng;
use crate::scope::{ScopeId, split_url};
use crate::sorted::Sorted;
use crate::time::{Instant, Millis, Wall};

/// How long a store that failed is left alone.
const STORE_REST: Backoff = Backoff {
    base: Millis(500),
    cap: Millis(30_000),
};

/// The queue as one drainer knows it. See the [module](super) for how it is driven.
///
/// ```
/// use tidegate_core::outbox::{Outbox, Step, Write};
/// use tidegate_core::{Engine, Instant, Settings, Wall};
/// let mut engine = Engine::new(Settings::default(), 1)?;
/// let (now, wall) = (Instant::START, Wall(1_700_000_000_000));
/// let mut outbox = Outbox::new("u-17", 1, 1);
/// outbox.load(&engine, wall, []);
///
/// let write = Write::new("PUT", "https://a.example/assets/7", "5f0c");
/// let batch = outbox.enqueue(&engine, wall, &write)?;
/// assert!(batch.fits(None));
/// outbox.applied(&mut engine, now, wall, batch);
///
/// let Step::Store(batch) = outbox.poll(&mut engine, now, wall) else { unreachable!() };
/// let claims = outbox.applied(&mut engine, now, wall, batch);
/// assert_eq!(outbox.entry(claims[0].id).map(|entry| &*entry.key), Some("5f0c"));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Outbox {
    pub(super) queue: Queue,
    pub(super) unreadable: u32,
    /// What is known is what is stored, as far as anybody has said.
    pub(super) read: bool,
    pub(super) owner: String,
    pub(super) drainer: u64,
    pub(super) alone: bool,
    pub(super) flights: Vec<Flight>,
    pub(super) paces: Paces,
    /// Whose breaker and limit an entry comes under.
    pub(super) scopes: Sorted<EntryId, ScopeId>,
    pub(super) hurried: Option<Wall>,
    /// A batch of a poll is out.
    pub(super) storing: bool,
    /// How often in a row the store failed, and until when it is left alone.
    pub(super) store: (u32, Instant),
    pub(super) rng: Rng,
}

impl Outbox {
    /// A queue of which nothing is known yet. `owner` is the present identity, `""` for nobody; `drainer` a random number that no other one has,
    /// in this or another tab, now or later.
    #[must_use]
    pub fn new(owner: &str, drainer: u64, seed: u64) -> Outbox {
        Outbox {
            queue: Queue::default(),
            unreadable: 0,
            read: false,
            owner: owner.into(),
            drainer,
            alone: false,
            flights: Vec::new(),
            paces: Paces::default(),
            scopes: Sorted::default(),
            hurried: None,
            storing: false,
            store: (0, Instant::START),
            rng: Rng::new(seed),
        }
    }

    /// All that is stored: the rows' numbers and texts. What cannot be read stays where it is, and is counted.
    pub fn load<'a>(
        &mut self,
        engine: &Engine,
        wall: Wall,
        rows: impl IntoIterator<Item = (u64, &'a str)>,
    ) {
        self.queue = Queue::default();
        self.unreadable = 0;
        self.read = true;
        for (row, text) in rows {
            self.queue.last = self.queue.last.max(row);
            if row == ROW {
                self.queue.register = Register::from_text(text);
                continue;
            }
            match Entry::from_text(text).filter(|entry| entry.id.0 == row) {
                Some(entry) => self.queue.entries.insert(entry.id, entry),
                None => self.unreadable = self.unreadable.saturating_add(1),
            }
        }
        let spread = Millis(engine.settings().outbox.spread_ms.into());
        let held_up = |entry: &&Entry| {
            let waits = !entry.state.is_dead() && entry.state.rest(wall, None).is_some();
            waits && (entry.failures > 0 || entry.lost > 0 || entry.age(wall) > spread)
        };
        for entry in self.queue.entries.values().filter(held_up) {
            self.paces.began_with(split_url(&entry.url).0);
        }
        let entries = &self.queue.entries;
        self.scopes.retain(|id| entries.contains(id));
    }

    /// Another tab has changed the queue: it has to be read again.
    pub fn outdated(&mut self) {
        self.read = false;
    }

    /// Another identity from now on; `""` for nobody. What was claimed in the name of the one before must not be sent any more, see
    /// [`Outbox::may_send`].
    pub fn set_owner(&mut self, owner: &str) {
        self.owner = owner.into();
    }

    /// Whether this drainer holds the lock that all drainers hold in turn: then whoever else has a lease is gone, and nobody waits for its end.
    pub fn set_alone(&mut self, alone: bool) {
        if alone && !self.alone {
            // Who was in the way of the store may be gone too: others must not wait for the end of a rest before somebody drains again.
            self.store.1 = Instant::START;
        }
        self.alone = alone;
    }

    /// The network is back: what rests because there was none goes soon.
    pub fn hurry(&mut self, wall: Wall) {
        self.hurried = Some(wall);
    }

    /// A batch is stored. What may be sent now, each with its number; ask [`Outbox::may_send`] at that very moment.
    pub fn applied(
        &mut self,
        engine: &mut Engine,
        now: Instant,
        wall: Wall,
        batch: Batch,
    ) -> Vec<Claim> {
        self.storing &= !batch.polled;
        self.store.0 = 0;
        self.queue.register = Some(batch.register);
        for (id, entry) in batch.changes {
            match entry {
                Some(entry) => self.queue.entries.insert(id, entry),
                None => self.queue.entries.remove(&id),
            }
        }
        self.flights
            .retain(|flight| !batch.settled.contains(&flight.claim));
        for claim in &batch.claims {
            self.take_off(engine, now, *claim);
        }
        for mut news in batch.news {
            news.at_ms = now.as_millis();
            engine.emit(Event::Outbox(news));
        }
        engine.report_outbox(now, self.health(wall));
        batch.claims
    }

    /// A batch was for another state of the queue, and is not stored: the queue has to be read again.
    pub fn refused(&mut self, batch: Batch) {
        self.storing &= !batch.polled;
        self.read = false;
    }

    /// The store failed, and nobody knows whether a batch is stored: the queue has to be read again, after a while.
    pub fn failed(&mut self, now: Instant, batch: Batch) {
        self.storing &= !batch.polled;
        self.unread(now);
    }

    /// The store could not be read.
    pub fn unread(&mut self, now: Instant) {
        self.read = false;
        let rest = STORE_REST.equal_jitter(self.store.0, &mut self.rng);
        self.store = (self.store.0.saturating_add(1), now + rest);
    }

    /// An entry of the present identity.
    #[must_use]
    pub fn entry(&self, id: EntryId) -> Option<&Entry> {
        self.own(id)
    }

    /// All entries of the present identity, in order.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.queue
            .entries
            .values()
            .filter(|entry| self.is_own(entry))
    }

    pub(super) fn own(&self, id: EntryId) -> Option<&Entry> {
        self.queue
            .entries
            .of(&id)
            .filter(|entry| self.is_own(entry))
    }

    pub(super) fn is_own(&self, entry: &Entry) -> bool {
        entry.owner == self.owner
    }

    /// Whose breaker and limit an entry comes under.
    pub(super) fn scope(&mut self, engine: &mut Engine, entry: &Entry) -> ScopeId {
        let (origin, path) = split_url(&entry.url);
        let find = || engine.scope(origin, path);
        *self.scopes.or_insert_with(entry.id, find)
    }

    fn take_off(&mut self, engine: &mut Engine, now: Instant, claim: Claim) {
        let Some(entry) = self.queue.entries.of(&claim.id).cloned() else {
            return;
        };
        let origin = split_url(&entry.url).0;
        let scope = self.scope(engine, &entry);
        let calm = engine.calm(scope);
        let paces = PaceSettings::from(&engine.settings().outbox);
        let pace = self.paces.of(origin);
        pace.sent(now, &paces, calm, &mut self.rng);
        self.flights.push(Flight {
            claim,
            origin: origin.into(),
            scope,
            sent: now,
            end: None,
            told: false,
            found: Vec::new(),
        });
    }
}
