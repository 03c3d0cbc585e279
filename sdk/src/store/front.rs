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
use super::lifecycle;
use super::pack;
use super::partition::Partition;
use super::place::Place;
use super::removal::Which;
use super::row::{Entry, Listed, Row, Use, key_of, uses};
use super::schema::{HEADS, USES};
use super::seal;
use crate::clock;
use crate::timer::Timer;

/// The kept answers.
pub(crate) struct Store(pub(super) Rc<Depot>);

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
        let lifecycle = lifecycle::listen(&depot);
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
        self.0.refuse_plain();
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
        // Whoever goes meanwhile takes them along.
        let keys = depot.owner(whose).keys();
        let prefixes = seal::prefixes(keys.as_deref(), whose, url).await;
        let mut rows: Vec<Row> = Vec::new();
        for (heads, bodies) in depot.read(&prefixes).await {
            rows.extend(self.paired(&heads, &bodies));
        }
        for (newer, _) in prefixes.iter().flat_map(|it| depot.ahead.borrow().find(it)) {
            rows.retain(|each| !newer.replaces(&each.key));
            rows.push(newer);
        }
        let stored: Vec<_> = rows.iter().map(pack::Stored::of_row).collect();
        let heads = seal::heads(keys.as_deref(), &stored, depot.life).await;
        let mut entries = Vec::new();
        for (row, head) in rows.into_iter().zip(heads) {
            match head {
                Some((url, kept)) => {
                    let entry = Entry {
                        kept,
                        bytes: row.bytes,
                        whose: whose.clone(),
                        url,
                        row,
                        keys: keys.clone(),
                    };
                    seal::add(&mut entries, entry);
                }
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
        let body = seal::body(entry.keys.as_deref(), &entry.row).await;
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
        let row = depot.pack(whose, url, &kept, body).await;
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
        let Some(row) = depot.renewed(entry, &kept.to_text(depot.life)).await else {
            return false;
        };
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
        let keys = depot.owner(whose).keys();
        let prefix = whose.prefix();
        let scan = Work::Scan([HEADS, USES], vec![prefix.clone()]);
        let (heads, times) = match depot.access(&scan).await {
            Ok(Done::Scanned(stores)) => match &*stores {
                [heads, times] => (heads.clone(), uses(times)),
                _ => return Vec::new(),
            },
            _ => (Array::new(), Vec::new()),
        };
        let mut stored: Vec<pack::Stored> = Vec::new();
        let mut used: Vec<Wall> = Vec::new();
        for record in heads.iter() {
            if let Some(each) = pack::Stored::of_record(&record) {
                let time = times.iter().find(|time| time.key == each.key);
                used.push(time.map_or(Wall(0), |time| time.used));
                stored.push(each);
            }
        }
        for (newer, time) in depot.ahead.borrow().find(&prefix) {
            let mut older = stored.iter().map(|each| newer.replaces(&each.key));
            used.retain(|_| older.next() == Some(false));
            stored.retain(|each| !newer.replaces(&each.key));
            stored.push(pack::Stored::of_row(&newer));
            used.push(time.used);
        }
        let heads = seal::heads(keys.as_deref(), &stored, depot.life).await;
        let listed = stored.iter().zip(heads).zip(used);
        let listed = listed.filter_map(|((each, head), used)| {
            let (url, kept) = head?;
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

    /// Whether a batch is being written.
    #[cfg(all(test, target_arch = "wasm32"))]
    pub(super) fn is_writing(&self) -> bool {
        self.0.sending.get()
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
