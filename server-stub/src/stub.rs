//! The stub itself, one space of it: everything its routers share, behind a cheap handle.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tidegate_contract::{FaultProgram, Listener, Preset};
use tidegate_core::Instant;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, watch};

use crate::arrival::Arrival;
use crate::catalog::Catalog;
use crate::clock::Clock;
use crate::data::Data;
use crate::door::Door;
use crate::feed::{self, Feed};
use crate::hints;
use crate::origins::Origins;
use crate::pump;
use crate::scribe::Scribe;
use crate::settings::Settings;
use crate::turn::Brought;
use crate::world::World;

/// 64 MiB: thousands of usual writes. Requests that wait for the pool would otherwise hold as much as their clients like.
const BODIES_KIB: usize = 64 << 10;

/// A handle to one stub; clones share everything.
#[derive(Clone, Debug)]
pub struct Stub(Arc<Inner>);

/// A handle that does not keep a stub alive.
#[derive(Clone, Debug)]
pub(crate) struct WeakStub(Weak<Inner>);

impl WeakStub {
    pub(crate) fn upgrade(&self) -> Option<Stub> {
        self.0.upgrade().map(Stub)
    }
}

#[derive(Debug)]
struct Inner {
    seed: u64,
    /// What a reset leads back to.
    known: (FaultProgram, Preset),
    requested_faults: bool,
    data: Mutex<Data>,
    origins: Origins,
    door: Door,
    feed: Feed,
    clock: Clock,
    world: Mutex<World>,
    /// Programs are put in force one after the other: the listener has to follow each before the next.
    installing: tokio::sync::Mutex<()>,
    /// Counts programs; a new one releases whatever the old one holds.
    programs: watch::Sender<u64>,
    /// Counts changes of the journal, for those who wait for one.
    journal_changes: watch::Sender<u64>,
    /// What bodies of requests that wait may take, in KiB.
    room: Arc<Semaphore>,
    /// Something may be due earlier than it was.
    rescheduled: Arc<Notify>,
    pumping: AtomicBool,
}

impl Drop for Inner {
    fn drop(&mut self) {
        // Whoever waits for something to do learns that there will be nothing.
        self.rescheduled.notify_one();
    }
}

impl Stub {
    /// A stub that nobody serves yet.
    #[must_use]
    pub fn new(settings: &Settings) -> Stub {
        let catalog = Catalog::generate(settings.seed, settings.assets);
        Stub::over(Arc::new(catalog), settings)
    }

    /// A stub over a catalogue that was made from the same seed already.
    pub(crate) fn over(catalog: Arc<Catalog>, settings: &Settings) -> Stub {
        let clock = Clock::start(settings.clock);
        let preset = settings.preset;
        let program = settings.program();
        let stub = Stub(Arc::new(Inner {
            seed: settings.seed,
            known: (program.clone(), preset),
            requested_faults: settings.requested_faults,
            data: Mutex::new(Data::over(catalog)),
            origins: Origins::new(settings.allow_origins.clone()),
            door: Door::default(),
            world: Mutex::new(World::new(clock.now(), program, Some(preset))),
            clock,
            feed: Feed::new(settings.seed, settings.event_every_ms),
            installing: tokio::sync::Mutex::new(()),
            programs: watch::Sender::new(0),
            journal_changes: watch::Sender::new(0),
            room: Arc::new(Semaphore::new(BODIES_KIB)),
            rescheduled: Arc::default(),
            pumping: AtomicBool::new(false),
        }));
        let program = settings.program();
        stub.feed().configure(program.feed);
        stub.data().keys.set_mode(program.idempotency);
        stub.feed().witnessed_by(Box::new(Scribe::of(&stub)));
        stub
    }

    /// Puts a program in force. When this returns, the API listener is in the state the program asks for, and requests that the
    /// program before was holding have been let go.
    ///
    /// # Errors
    /// When the API's port cannot be opened again.
    pub async fn install(&self, program: FaultProgram, preset: Option<Preset>) -> io::Result<()> {
        let _turn = self.0.installing.lock().await;
        let listener = program.listener;
        if listener == Listener::Closed {
            self.0.door.set(listener).await?;
        }
        let now = self.now();
        self.0.feed.configure(program.feed);
        self.data().keys.set_mode(program.idempotency);
        self.world().start(now, program, preset);
        self.0.programs.send_modify(|count| *count += 1);
        if listener == Listener::Open {
            self.0.door.set(listener).await?;
        }
        // What the script says of its beginning has happened as well.
        self.catch_up().await;
        Ok(())
    }

    /// Back to the known state: the program of the start, the seed's data, an empty journal and every count at zero.
    ///
    /// # Errors
    /// When the API's port cannot be opened again.
    pub async fn reset(&self) -> io::Result<()> {
        let (program, preset) = self.0.known.clone();
        let feed = program.feed;
        self.install(program, Some(preset)).await?;
        let now = self.now();
        let last_stream = self.0.feed.reset(now);
        self.0.feed.configure(feed);
        // Before the data: no write of before can slip in behind it.
        self.change_journal(|world| world.clear(now, last_stream));
        self.data().reset();
        Ok(())
    }

    /// Does what is due at this moment, before anybody asks for anything.
    pub(crate) async fn catch_up(&self) {
        pump::catch_up(self).await;
        self.reschedule();
    }

    /// Lets go of everybody who waits, for the last time.
    pub(crate) fn end(&self) {
        let now = self.now();
        self.world()
            .start(now, FaultProgram::new(self.0.seed), None);
        self.0.programs.send_modify(|count| *count += 1);
    }

    /// The seed of the catalogue and the presets.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.0.seed
    }

    pub(crate) fn weak(&self) -> WeakStub {
        WeakStub(Arc::downgrade(&self.0))
    }

    /// Whether requests may ask for faults themselves.
    pub(crate) fn takes_requested_faults(&self) -> bool {
        self.0.requested_faults
    }

    /// The data, locked; never held across an await.
    pub(crate) fn data(&self) -> MutexGuard<'_, Data> {
        // A write that panicked changed nothing or everything of one thing; there is no half of it to be afraid of.
        self.0.data.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the data was made from.
    pub(crate) fn catalog(&self) -> Arc<Catalog> {
        self.data().snapshot().catalog().clone()
    }

    pub(crate) fn origins(&self) -> &Origins {
        &self.0.origins
    }

    pub(crate) fn door(&self) -> &Door {
        &self.0.door
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.0.clock
    }

    pub(crate) fn feed(&self) -> &Feed {
        &self.0.feed
    }

    /// Time since the stub was made.
    pub(crate) fn now(&self) -> Instant {
        self.0.clock.now()
    }

    /// The changing part, locked; never held across an await.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        // Whoever panicked left counters at worst, and a stub that stops answering helps nobody.
        self.0.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the journal and tells those who wait.
    pub(crate) fn change_journal<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        let result = change(&mut self.world());
        self.0.journal_changes.send_modify(|count| *count += 1);
        result
    }

    /// Brings a request's work to the backend.
    pub(crate) fn bring(&self, arrival: &Arrival) -> Brought {
        let brought = self.world().bring(self.now(), self.0.seed, arrival);
        self.reschedule();
        brought
    }

    /// Something has been done that may be followed by something else as time goes by.
    pub(crate) fn reschedule(&self) {
        if !self.0.pumping.swap(true, Ordering::Relaxed) {
            let (clock, rescheduled) = (self.0.clock.clone(), self.0.rescheduled.clone());
            tokio::spawn(pump::run(self.weak(), clock.clone(), rescheduled));
            let programs = self.watch_programs();
            tokio::spawn(hints::tell(self.weak(), clock.clone(), programs));
            tokio::spawn(feed::tick(self.weak(), clock, self.feed().watch_settings()));
        }
        self.0.rescheduled.notify_one();
    }

    /// Memory for the body of a request that may have to wait; `None` when too many do already.
    pub(crate) fn room_for(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        let kib = u32::try_from(bytes.div_ceil(1_024)).ok()?;
        self.0.room.clone().try_acquire_many_owned(kib).ok()
    }

    pub(crate) fn watch_programs(&self) -> watch::Receiver<u64> {
        self.0.programs.subscribe()
    }

    pub(crate) fn watch_journal(&self) -> watch::Receiver<u64> {
        self.0.journal_changes.subscribe()
    }
}
