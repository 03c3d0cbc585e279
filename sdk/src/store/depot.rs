//! What a store's handle and its work in the background share.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use tidegate_core::{CacheSettings, StorageMode, StorageReport};

use super::ahead::Ahead;
use super::evict::Estimate;
use super::partition::{Logouts, Partition};
use super::place::Place;
use super::reading::Reading;
use super::receipt::Receipt;
use super::removal::Which;
use crate::freeze::Freeze;
use crate::signals::Signals;
use crate::timer::Timer;

pub(super) struct Depot {
    pub(super) timer: Rc<Timer>,
    /// Names this life of the page, in the heads that are written in it.
    pub(super) life: u64,
    pub(super) settings: RefCell<CacheSettings>,
    pub(super) place: RefCell<Place>,
    pub(super) ahead: RefCell<Ahead>,
    pub(super) logouts: RefCell<Logouts>,
    /// Has what the row of the anonymous partition says, which is the database's own.
    pub(super) nobody: Partition,
    /// Whether this browser could keep no keys.
    pub(super) keyless: Cell<bool>,
    /// What is to be forgotten, or with `None` erased, as soon as there is a database again.
    pub(super) owed: RefCell<Vec<(Partition, Option<Which>)>>,
    pub(super) estimate: RefCell<Estimate>,
    /// The token of the database that was opened last.
    pub(super) generation: Cell<Option<f64>>,
    /// Whether what is gone when the database is opened next was cleared by nobody's logout.
    pub(super) cleared: Cell<bool>,
    /// How often that was so.
    pub(super) era: Cell<u32>,
    /// Whether a connection was lost and none has come after it.
    pub(super) lost: Cell<bool>,
    /// Whether somebody writes batches.
    pub(super) sending: Cell<bool>,
    /// Settled when the batch that is being written, if there is one, is.
    pub(super) sent: RefCell<Receipt>,
    /// Whether what has come since the batch that is being written is to be written at once.
    pub(super) hurried: Cell<bool>,
    /// Whether the next batch has its time.
    pub(super) scheduled: Cell<bool>,
    pub(super) freeze: Freeze,
    pub(super) lifecycle: RefCell<Option<Signals>>,
    /// What whoever reads now may join.
    pub(super) reading: RefCell<Option<Rc<Reading>>>,
    standing: RefCell<StorageReport>,
    report: Box<dyn Fn(StorageReport)>,
}

impl Depot {
    pub(super) fn new(
        timer: Rc<Timer>,
        settings: &CacheSettings,
        life: u64,
        report: Box<dyn Fn(StorageReport)>,
    ) -> Depot {
        Depot {
            timer,
            life,
            settings: RefCell::new(settings.clone()),
            place: RefCell::new(Place::Unopened),
            ahead: RefCell::default(),
            logouts: RefCell::default(),
            nobody: Partition::anonymous(),
            keyless: Cell::default(),
            owed: RefCell::default(),
            estimate: RefCell::default(),
            generation: Cell::default(),
            cleared: Cell::default(),
            era: Cell::default(),
            lost: Cell::default(),
            sending: Cell::default(),
            sent: RefCell::default(),
            hurried: Cell::default(),
            scheduled: Cell::default(),
            freeze: Freeze::listen(),
            lifecycle: RefCell::default(),
            reading: RefCell::default(),
            standing: RefCell::new(StorageReport::new(StorageMode::Unopened)),
            report,
        }
    }

    pub(super) fn is_on(&self) -> bool {
        self.settings.borrow().entries > 0
    }

    pub(super) fn mode(&self) -> StorageMode {
        self.standing.borrow().mode
    }

    /// Things are kept here from now on.
    pub(super) fn settle_in(&self, mode: StorageMode, reason: Option<String>) {
        self.tell(&mut |standing| {
            standing.mode = mode;
            standing.reason.clone_from(&reason);
        });
    }

    /// Something happened, and is over.
    pub(super) fn mention(&self, incident: &str) {
        self.tell(&mut |standing| standing.incident = Some(incident.into()));
    }

    /// Changes what is said of this store, and says it if that is something new.
    pub(super) fn tell(&self, change: &mut dyn FnMut(&mut StorageReport)) {
        let report = {
            let mut standing = self.standing.borrow_mut();
            let before = standing.clone();
            change(&mut standing);
            if *standing == before {
                return;
            }
            let report = standing.clone();
            standing.incident = None;
            report
        };
        (self.report)(report);
    }
}

/// After the borrow that it came from: whoever is woken may use the store.
pub(super) fn settle(receipts: Vec<(Receipt, bool)>) {
    for (receipt, kept) in receipts {
        receipt.settle(kept);
    }
}
