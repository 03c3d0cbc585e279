//! Reads what is kept of many URLs in one transaction: a transaction is what a read costs, and a page asks for much at once.
//!
//! The first who asks begins a reading, and it takes along whoever comes before its transaction does.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen_futures::spawn_local;

use super::connection::{Done, Work};
use super::depot::Depot;
use super::receipt::Receipt;
use super::schema::{BODIES, HEADS};

/// What several wait for.
#[derive(Debug, Default)]
pub(super) struct Reading {
    prefixes: RefCell<Vec<String>>,
    found: RefCell<Vec<Array>>,
    done: Receipt,
}

impl Depot {
    /// Heads and bodies whose keys begin with these, by prefix; nothing where the database gives nothing.
    pub(super) async fn read(self: &Rc<Depot>, prefixes: &[String]) -> Vec<(Array, Array)> {
        let joined: Vec<_> = prefixes.iter().map(|it| self.join_reading(it)).collect();
        let mut records = Vec::new();
        for (reading, place) in joined {
            reading.done.clone().await;
            let found = reading.found.borrow();
            if let [heads, bodies, ..] = found.get(2 * place..).unwrap_or_default() {
                records.push((heads.clone(), bodies.clone()));
            }
        }
        records
    }

    fn join_reading(self: &Rc<Depot>, prefix: &str) -> (Rc<Reading>, usize) {
        let begun = self.reading.borrow().clone();
        let reading = begun.unwrap_or_else(|| self.begin_reading());
        let mut prefixes = reading.prefixes.borrow_mut();
        let known = prefixes.iter().position(|each| each == prefix);
        let place = known.unwrap_or_else(|| {
            prefixes.push(prefix.into());
            prefixes.len() - 1
        });
        drop(prefixes);
        (reading, place)
    }

    fn begin_reading(self: &Rc<Depot>) -> Rc<Reading> {
        let reading = Rc::new(Reading::default());
        self.reading.replace(Some(reading.clone()));
        let (depot, shared) = (self.clone(), reading.clone());
        spawn_local(async move {
            // Who comes from now on reads for themselves.
            depot.reading.take();
            let scan = Work::Scan([HEADS, BODIES], shared.prefixes.take());
            if let Ok(Done::Scanned(found)) = depot.access(&scan).await {
                shared.found.replace(found);
            }
            shared.done.settle(true);
        });
        reading
    }
}
