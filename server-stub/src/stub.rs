//! The stub itself: everything both routers share, behind a cheap handle.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tidegate_contract::{FaultProgram, Listener, Preset};
use tidegate_core::Instant;
use tokio::sync::watch;

use crate::catalog::Catalog;
use crate::door::Door;
use crate::origins::Origins;
use crate::settings::Settings;
use crate::world::World;

/// A handle to one stub; clones share everything.
#[derive(Clone, Debug)]
pub struct Stub(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    seed: u64,
    catalog: Catalog,
    origins: Origins,
    door: Door,
    born: tokio::time::Instant,
    world: Mutex<World>,
    /// Programs are put in force one after the other: the listener has to follow each before the next.
    installing: tokio::sync::Mutex<()>,
    /// Counts programs; a new one releases whatever the old one holds.
    programs: watch::Sender<u64>,
    /// Counts changes of the journal, for those who wait for one.
    journal_changes: watch::Sender<u64>,
}

impl Stub {
    /// A stub that nobody serves yet.
    #[must_use]
    pub fn new(settings: &Settings) -> Stub {
        Stub(Arc::new(Inner {
            seed: settings.seed,
            catalog: Catalog::generate(settings.seed, settings.assets),
            origins: Origins::new(settings.allow_origins.clone()),
            door: Door::default(),
            born: tokio::time::Instant::now(),
            world: Mutex::new(World::new(settings.preset, settings.seed)),
            installing: tokio::sync::Mutex::new(()),
            programs: watch::Sender::new(0),
            journal_changes: watch::Sender::new(0),
        }))
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
        self.world().start(now, program, preset);
        self.0.programs.send_modify(|count| *count += 1);
        if listener == Listener::Open {
            self.0.door.set(listener).await?;
        }
        Ok(())
    }

    /// Back to the known state: healthy, with an empty journal and every count at zero.
    ///
    /// # Errors
    /// When the API's port cannot be opened again.
    pub async fn reset(&self) -> io::Result<()> {
        let healthy = Preset::Healthy;
        self.install(healthy.program(self.0.seed), Some(healthy))
            .await?;
        let now = self.now();
        self.change_journal(|world| world.book.clear(now));
        Ok(())
    }

    /// The seed of the catalogue and the presets.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.0.seed
    }

    pub(crate) fn catalog(&self) -> &Catalog {
        &self.0.catalog
    }

    pub(crate) fn origins(&self) -> &Origins {
        &self.0.origins
    }

    pub(crate) fn door(&self) -> &Door {
        &self.0.door
    }

    /// Time since the stub was made. Tokio's clock, which tests can stop.
    pub(crate) fn now(&self) -> Instant {
        Instant::from_micros(u64::try_from(self.0.born.elapsed().as_micros()).unwrap_or(u64::MAX))
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

    pub(crate) fn watch_programs(&self) -> watch::Receiver<u64> {
        self.0.programs.subscribe()
    }

    pub(crate) fn watch_journal(&self) -> watch::Receiver<u64> {
        self.0.journal_changes.subscribe()
    }
}
