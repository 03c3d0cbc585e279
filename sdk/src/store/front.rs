//! The handle of the store: what can be asked of it.

use std::fmt;
use std::future::Future;
use std::rc::Rc;

use js_sys::{Array, ArrayBuffer};
use tidegate_core::kept::Kept;
use tidegate_core::{CacheSettings, StorageMode, StorageReport, Wall};
use wasm_bindgen_futures::spawn_local;

use super::connection::{Done, Work};
use super::depot::Depot;
use super::lifecycle::Lifecycle;
use super::pack;
use super::partition::Partition;
use super::place::Place;
use super::removal::Which;
use super::row::{Entry, Listed, Row, Use, key_of, uses};
use super::schema::{BODIES, HEADS, USES};
use crate::clock;
use crate::timer::Timer;

/// The kept answers.
pub(crate) struct Store(Rc<Depot>);

impl Store {
    /// A store that opens when it is first used, and reports where it keeps things whenever that changes. `life` names this life of the
    /// page and is not 0.
    pub(crate) fn new(
        timer: Rc<Timer>,
        settings: &CacheSettings,
        life: u64,
        report: impl Fn(StorageReport) + 'static,
    ) -> Store {
        let depot = Rc::new(Depot::new(timer, settings, life, Box::new(report)));
        let lifecycle = Lifecycle::listen(&depot);
        depot.lifecycle.replace(Some(lifecycle));
        Store(depot)
    }

    /// Opens the database while the network is still busy: between an answer and its copy, the shorter the better.
    pub(crate) fn prepare(&self) {
        let unopened = matches!(*self.0.place.borrow(), Place::Unopened);
        if unopened && self.0.is_on() {
            self.0.open();
        }
    }

    /// Other settings from now on. Where it keeps things then, if it kept none before or keeps none any more.
    pub(crate) fn configure(&self, settings: &CacheSettings) -> Option<StorageMode> {
        let before = self.0.settings.replace(settings.clone()).entries;
        // The budgets may be others: the next write counts.
        self.0.estimate.take();
        match (before, settings.entries) {
            (0, 1..) => Some(StorageMode::Unopened),
            (1.., 0) => Some(StorageMode::Off),
            _ => None,
        }
    }

    /// All kept answers to a URL (without fragment), one for each variant; what waits to be written included.
    pub(crate) async fn entries(&self, whose: &Partition, url: &str) -> Vec<Entry> {
        let depot = &self.0;
        if !depot.is_on() || !self.may_use(whose).await {
            return Vec::new();
        }
        let prefix = pack::url_prefix(whose, url);
        let scan = Work::Scan([HEADS, BODIES], prefix.clone());
        let mut rows: Vec<Row> = match depot.access(&scan).await {
            Ok(Done::Scanned(heads, bodies)) => self.paired(&heads, &bodies),
            _ => Vec::new(),
        };
        for (newer, _) in depot.ahead.borrow().find(&prefix) {
            rows.retain(|each| each.key != newer.key);
            rows.push(newer);
        }
        let mut entries = Vec::new();
        for row in rows {
            match pack::head(&pack::Stored::of_row(&row), depot.life) {
                Some((_, kept)) => entries.push(Entry {
                    kept,
                    bytes: row.bytes,
                    whose: whose.clone(),
                    row,
                }),
                None => depot.set_row_aside(&row),
            }
        }
        // It may have been logged out meanwhile.
        match depot.logouts.borrow().spare(whose) {
            true => entries,
            false => Vec::new(),
        }
    }

    /// Its body, if it is what was stored; one that is not is set aside, reported, and never served.
    pub(crate) async fn body(&self, entry: &Entry) -> Option<ArrayBuffer> {
        let body = pack::body(&entry.row).await;
        if body.is_none() {
            self.0.set_row_aside(&entry.row);
        }
        body.filter(|_| self.0.logouts.borrow().spare(&entry.whose))
    }

    /// An entry was used, and is among the last to go; written with the next batch.
    pub(crate) fn used(&self, entry: &Entry) {
        let used = Use {
            key: entry.row.key.clone(),
            cost: entry.row.cost(),
            used: clock::wall(),
        };
        self.0.ahead.borrow_mut().touch(&entry.whose, used);
    }

    /// Keeps an answer in the place of one to the same URL with the same `selecting` text. Resolves when the transaction is complete:
    /// whether it was kept.
    pub(crate) async fn put(
        &self,
        whose: &Partition,
        url: &str,
        kept: Kept,
        body: ArrayBuffer,
    ) -> bool {
        let depot = &self.0;
        let most = depot.settings.borrow().entry_bytes;
        if !depot.is_on() || body.byte_length() > most || !depot.logouts.borrow().spare(whose) {
            return false;
        }
        let row = pack::row(whose, url, &kept, body, depot.life).await;
        if !depot.logouts.borrow().spare(whose) {
            return false;
        }
        let receipt = depot.keep(whose, row, false);
        receipt.await
    }

    /// The same head anew, after a 304; the body stays as it is. Whether it was kept.
    pub(crate) async fn renew(&self, entry: &Entry, kept: Kept) -> bool {
        let depot = &self.0;
        if !depot.is_on() || !depot.logouts.borrow().spare(&entry.whose) {
            return false;
        }
        let mut row = entry.row.clone();
        row.head = kept.to_text(depot.life).into();
        let receipt = depot.keep(&entry.whose, row, true);
        receipt.await
    }

    /// Forgets answers; how many.
    pub(crate) async fn remove(&self, whose: &Partition, which: &Which) -> u32 {
        match self.0.logouts.borrow().spare(whose) {
            true => {}
            false => return 0,
        }
        self.0.remove(whose, which).await
    }

    /// The kept answers, without their bodies.
    pub(crate) async fn list(&self, whose: &Partition) -> Vec<Listed> {
        let depot = &self.0;
        if !self.may_use(whose).await {
            return Vec::new();
        }
        let prefix = whose.prefix();
        let scan = Work::Scan([HEADS, USES], prefix.clone());
        let (heads, times) = match depot.access(&scan).await {
            Ok(Done::Scanned(heads, records)) => (heads, uses(&records)),
            _ => (Array::new(), Vec::new()),
        };
        let mut stored: Vec<(pack::Stored, Wall)> = Vec::new();
        for record in heads.iter() {
            let Some(each) = pack::Stored::of_record(&record) else {
                continue;
            };
            let used = times.iter().find(|time| time.key == each.key);
            stored.push((each, used.map_or(Wall(0), |time| time.used)));
        }
        for (newer, used) in depot.ahead.borrow().find(&prefix) {
            stored.retain(|(each, _)| each.key != newer.key);
            stored.push((pack::Stored::of_row(&newer), used.used));
        }
        let listed = stored.into_iter().filter_map(|(each, used)| {
            let (url, kept) = pack::head(&each, depot.life)?;
            Some(Listed {
                url,
                kept,
                bytes: each.bytes,
                used,
            })
        });
        listed.collect()
    }

    /// A logout: deletes all that is kept for a partition, here, on disk and on its way there, in other tabs as well. Every `Partition` of
    /// this name that exists now is dead: reads give nothing, writes are refused. Whether nothing is left; without a database that is
    /// done as soon as there is one.
    pub(crate) fn erase(&self, whose: &Partition) -> impl Future<Output = bool> + use<> {
        self.0.bury(whose);
        let (depot, whose) = (self.0.clone(), whose.clone());
        async move { depot.erase(&whose).await }
    }

    /// A logout in another tab, which erases what is on the disk: whoever has come back meanwhile is spared.
    pub(crate) async fn erase_here(&self, whose: &Partition) {
        self.0.bury(whose);
        self.0.erase_own(whose).await;
    }

    /// Everything asked for so far is on disk, or has failed.
    pub(crate) async fn flush(&self) {
        self.0.flush().await;
    }

    /// Closes the database, which would be in the way of its deletion; what is under way is finished first.
    pub(crate) fn close(&self) {
        self.0.lifecycle.take();
        let depot = self.0.clone();
        spawn_local(async move {
            depot.flush().await;
            depot.leave();
        });
    }

    /// Whether a partition may be used; without a database it may, for what memory has.
    async fn may_use(&self, whose: &Partition) -> bool {
        self.0.claim(whose).await || self.0.is_in_memory() && self.0.logouts.borrow().spare(whose)
    }

    /// Heads and bodies are written together; where they do not fit, something else has been at work.
    fn paired(&self, heads: &Array, bodies: &Array) -> Vec<Row> {
        let paired = heads.length() == bodies.length();
        let mut rows = Vec::new();
        for (place, head) in heads.iter().enumerate() {
            let body = bodies.get(place as u32);
            match Row::read(&head, body).filter(|_| paired) {
                Some(row) => rows.push(row),
                None => {
                    if let Some(key) = key_of(&head) {
                        self.0.set_aside(key.into(), head);
                    }
                }
            }
        }
        rows
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = match &*self.0.place.borrow() {
            Place::Database(_) => "database",
            Place::Memory { .. } => "memory",
            Place::Opening { .. } => "opening",
            Place::Unopened => "unopened",
        };
        f.debug_struct("Store")
            .field("place", &place)
            .finish_non_exhaustive()
    }
}
