//! Forgetting: by hand, at a logout, and what turns out not to be what was stored.

use std::rc::Rc;

use js_sys::Array;

use tidegate_core::Millis;
use wasm_bindgen_futures::spawn_local;

use super::connection::{Done, Work};
use super::depot::{Depot, settle};
use super::open;
use super::pack;
use super::partition::Partition;
use super::row::Row;
use super::schema::{HEADS, USES};
use super::seal;
use crate::boundary::property;

/// A deletion waits for other tabs to close the database, which they do when they are asked to.
const LONGEST_DELETION: Millis = Millis::from_secs(5);

/// Which answers of a partition.
#[derive(Clone, Debug)]
pub(crate) enum Which {
    /// All of them.
    All,
    /// Those that the application calls so.
    Tag(String),
    /// Those to a URL, without fragment.
    Url(String),
}

impl Depot {
    /// Forgets answers; how many.
    pub(super) async fn remove(self: &Rc<Depot>, whose: &Partition, which: &Which) -> u32 {
        self.claim(whose).await;
        let keys = self.owner(whose).keys();
        let prefixes = match which {
            Which::Url(url) => seal::prefixes(keys.as_deref(), whose, url).await,
            Which::All | Which::Tag(_) => vec![whose.prefix()],
        };
        let mut stored: Vec<pack::Stored> = Vec::new();
        let scan = Work::Scan([HEADS, USES], prefixes.clone());
        let reached = match self.access(&scan).await {
            Ok(Done::Scanned(stores)) => {
                let heads = stores.iter().step_by(2).flat_map(Array::iter);
                stored.extend(heads.filter_map(|head| pack::Stored::of_record(&head)));
                true
            }
            _ => false,
        };
        for prefix in prefixes {
            let here = self.ahead.borrow().find(&prefix);
            stored.extend(here.iter().map(|(row, _)| pack::Stored::of_row(row)));
        }
        if !reached {
            self.owed
                .borrow_mut()
                .push((whose.clone(), Some(which.clone())));
        }
        if let Which::Tag(tag) = which {
            let heads = seal::heads(keys.as_deref(), &stored, self.life).await;
            let mut heads = heads.into_iter();
            stored.retain(|_| {
                let head = heads.next().flatten();
                head.is_some_and(|(_, kept)| kept.tags.contains(tag))
            });
        }
        let mut keys: Vec<Rc<str>> = Vec::new();
        for each in stored {
            if !keys.contains(&each.key) {
                keys.push(each.key);
            }
        }
        let gone = keys.len();
        if gone > 0 {
            let receipts = self
                .ahead
                .borrow_mut()
                .forget(|_, key| keys.iter().any(|each| **each == *key));
            settle(receipts);
            // Without a database it is owed.
            let _ = self.access(&Work::Delete(keys)).await;
            self.estimate.take();
        }
        gone as u32
    }

    /// Nothing is read or written any more for those who have this name now, and what waits for them is dropped.
    pub(super) fn bury(&self, whose: &Partition) {
        self.logouts.borrow_mut().add(whose);
        let dropped = self
            .ahead
            .borrow_mut()
            .forget(|each, _| each.name() == whose.name());
        settle(dropped);
    }

    /// What is on the disk of this life of a partition, and not of a later one.
    pub(super) async fn erase_own(self: &Rc<Depot>, whose: &Partition) {
        if let Some(token) = whose.token() {
            self.erase_stored(whose, Some(token)).await;
        }
    }

    /// After [`Depot::bury`]: whether nothing is left; otherwise that is done as soon as there is a database again, in this page.
    ///
    /// Where the user's answers cannot be reached everybody's are deleted: the next page may find the database in order, and would know of no
    /// logout.
    pub(super) async fn erase(self: &Rc<Depot>, whose: &Partition) -> bool {
        let erased = self.erase_stored(whose, None).await || self.delete_all().await;
        if !erased {
            self.owed.borrow_mut().push((whose.clone(), None));
        }
        erased
    }

    /// Whether there is no database any more.
    async fn delete_all(self: &Rc<Depot>) -> bool {
        if !property(&js_sys::global(), "indexedDB").is_object() {
            return true;
        }
        let until = self.timer.clock.now() + LONGEST_DELETION;
        let deleted = self.timer.in_time(Box::pin(open::delete()), until).await;
        let deleted = deleted.is_some_and(|deleted| deleted.is_ok());
        // The others who are signed in have not gone.
        self.cleared.set(deleted);
        deleted
    }

    async fn erase_stored(self: &Rc<Depot>, whose: &Partition, of: Option<f64>) -> bool {
        let work = Work::Erase {
            name: whose.name().into(),
            prefix: whose.prefix(),
            of,
        };
        let erased = self.access(&work).await.is_ok();
        self.estimate.take();
        erased
    }

    /// Does what could not be done while there was no database.
    pub(super) async fn pay(self: &Rc<Depot>) {
        let owed = self.owed.take();
        for (whose, which) in owed {
            match which {
                Some(which) => drop(self.remove(&whose, &which).await),
                None if self.erase_stored(&whose, None).await => {}
                None => self.owed.borrow_mut().push((whose, None)),
            }
        }
    }

    /// A record that is not what was stored: it is never served, and goes.
    pub(super) fn set_aside(self: &Rc<Depot>, key: Rc<str>, head: wasm_bindgen::JsValue) {
        self.tell(&mut |standing| {
            standing.corrupt += 1;
            standing.incident = Some("corrupt: a kept answer was not what was stored".into());
        });
        let depot = self.clone();
        spawn_local(async move {
            let receipts = depot.ahead.borrow_mut().forget(|_, each| each == &*key);
            settle(receipts);
            let _ = depot.access(&Work::SetAside { key, head }).await;
        });
    }

    pub(super) fn set_row_aside(self: &Rc<Depot>, row: &Row) {
        self.set_aside(row.key.clone(), row.head_record());
    }
}
