//! Writes what waits, in batches: a transaction is what a write costs, whether it holds one record or fifty.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use tidegate_core::kept::Budget;
use tidegate_core::{Millis, StorageMode};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::ahead::Sending;
use super::connection::{Done, Work};
use super::depot::{Depot, settle};
use super::keys::Keys;
use super::partition::Partition;
use super::receipt::Receipt;
use super::row::{Row, Use};
use super::trouble::Trouble;
use crate::clock;

/// Answers to what a page asks for at once arrive within it, and nobody notices it.
const BATCH_WAIT: Millis = Millis(10);
/// 500 records in one transaction are no quicker than fifty in each of ten.
const BATCH_ENTRIES: usize = 50;
/// A batch of this size takes a phone a second.
const BATCH_BYTES: u64 = 4_000_000;

impl Depot {
    /// Takes an answer to be written.
    pub(super) fn keep(self: &Rc<Depot>, whose: &Partition, row: Row, renewal: bool) -> Receipt {
        let used = Use {
            key: row.key.clone(),
            cost: row.cost(),
            used: clock::wall(),
        };
        let receipt = self.ahead.borrow_mut().put(whose, row, used, renewal);
        self.arrange();
        receipt
    }

    /// Sees to it that what waits is written in time.
    pub(super) fn arrange(self: &Rc<Depot>) {
        if self.is_in_memory() {
            self.hold();
            self.try_again();
            return;
        }
        if self.is_due() {
            self.send();
        } else if !self.scheduled.replace(true) {
            let depot = self.clone();
            spawn_local(async move {
                let until = depot.timer.clock.now() + BATCH_WAIT;
                depot.timer.sleep(until, None).await;
                depot.scheduled.set(false);
                depot.send();
            });
        }
    }

    /// Whether as much waits as a batch takes.
    fn is_due(&self) -> bool {
        let (entries, bytes) = self.ahead.borrow().waiting();
        entries >= BATCH_ENTRIES || bytes >= BATCH_BYTES
    }

    /// Without a database what waits stays in memory, within the budgets.
    pub(super) fn hold(&self) {
        let budget = Budget::of(&self.settings.borrow());
        let (receipts, gone, (entries, bytes)) = {
            let mut ahead = self.ahead.borrow_mut();
            (ahead.hold(), ahead.trim(budget), ahead.weights())
        };
        self.tell(&mut |standing| {
            standing.evicted += gone as u64;
            (standing.entries, standing.bytes) = (entries, bytes);
        });
        settle(receipts);
    }

    /// Writes all that waits, now. Its first transaction begins before anything else has a turn, so a page that is about to be frozen
    /// or closed may count on it.
    pub(super) fn send(self: &Rc<Depot>) {
        if self.is_in_memory() || self.sending.replace(true) {
            self.hurried.set(true);
            return;
        }
        let depot = self.clone();
        let sent = Receipt::default();
        self.sent.replace(sent.clone());
        spawn_local(async move {
            loop {
                depot.hurried.set(false);
                depot.seal_waiting().await;
                let next = depot.ahead.borrow_mut().next();
                let Some(mut sending) = next else { break };
                let Some(kept) = depot.write(&mut sending).await else {
                    break;
                };
                let receipts = depot.ahead.borrow_mut().settle(&sending, kept);
                settle(receipts);
                // A batch each, or whoever writes quickly would have a transaction for each answer.
                if !depot.hurried.get() && !depot.is_due() {
                    break;
                }
            }
            depot.sending.set(false);
            sent.settle(true);
            if depot.ahead.borrow().has_changes() {
                depot.arrange();
            }
        });
    }

    /// Whether a batch was written; `None` when memory has taken over, and has it.
    async fn write(self: &Rc<Depot>, sending: &mut Sending) -> Option<bool> {
        let whose = sending.whose.clone();
        if !self.claim(&whose).await {
            return (!self.is_in_memory()).then_some(false);
        }
        let mut batch = std::mem::take(&mut sending.batch);
        batch.token = whose.token().filter(|_| !whose.is_anonymous());
        let costs: Vec<Use> = batch.puts.iter().map(|(_, used)| used.clone()).collect();
        let mut work = Work::Write(batch);
        let mut done = self.access(&work).await;
        // Once it is known that the disk is full, others fill it: there is no use in giving up more and more.
        if matches!(done, Err(Trouble::Full)) && self.mode() != StorageMode::ReadOnly {
            self.make_room().await;
            if let Work::Write(batch) = &mut work {
                // What was forgotten meanwhile must not come back.
                self.ahead.borrow().strike(sending.number, batch);
            }
            done = self.access(&work).await;
        }
        match done {
            Ok(_) => {
                self.settle_in(StorageMode::IndexedDb, None);
                self.weigh(&costs).await;
                Some(true)
            }
            Err(Trouble::Full) => {
                let reason = "the disk is full: new answers are not kept";
                self.settle_in(StorageMode::ReadOnly, Some(reason.into()));
                Some(false)
            }
            Err(Trouble::Revoked) => {
                // Unless the storage was cleared just now: then the next answer is kept.
                if whose.is_of(self.era.get()) {
                    whose.die();
                }
                Some(false)
            }
            Err(Trouble::Failed(reason)) => {
                self.mention(&reason);
                Some(false)
            }
            Err(Trouble::Broken(_) | Trouble::Lost(_) | Trouble::Refused(_)) => {
                (!self.is_in_memory()).then_some(false)
            }
        }
    }

    /// Makes sure of a partition's token, and of its keys where those are wanted, at its first use. Whether it may be used.
    pub(super) fn claim<'a>(
        self: &'a Rc<Depot>,
        whose: &'a Partition,
    ) -> Pin<Box<dyn Future<Output = bool> + 'a>> {
        Box::pin(async move {
            if !self.logouts.borrow().spare(whose) {
                return false;
            }
            let owner = self.owner(whose);
            // Finds out whether the storage was cleared, and reads the anonymous row; without a database the token of before will do for what
            // memory has.
            self.connection().await;
            if !owner.is_anonymous() && !owner.is_of(self.era.get()) {
                // It may have been logged out meanwhile; the row is another's then.
                self.claim_row(owner, JsValue::UNDEFINED).await;
                if !owner.is_of(self.era.get()) {
                    return false;
                }
            }
            if self.seals() && owner.keys().is_none() && !self.is_in_memory() {
                // Where a browser stores no keys, as in some private modes, that is all that fails.
                let failed = match Keys::make().await {
                    Some(keys) => self.claim_row(owner, keys).await,
                    None => true,
                };
                if failed {
                    self.keyless.set(true);
                    self.refuse_plain();
                }
            }
            let has_keys = !self.seals() || owner.keys().is_some();
            has_keys && self.logouts.borrow().spare(whose)
        })
    }

    /// Reads or makes a partition's row. Whether the database works, but for that.
    async fn claim_row(self: &Rc<Depot>, owner: &Partition, keys: JsValue) -> bool {
        let whose = owner.clone();
        let done = self.access(&Work::Claim { whose, keys }).await;
        if let Ok(Done::Row(row)) = &done {
            owner.adopt(row, self.era.get());
        }
        matches!(done, Err(Trouble::Failed(_)))
    }

    /// Everything asked for so far is written, or has failed.
    pub(super) async fn flush(self: &Rc<Depot>) {
        self.send();
        let receipts = self.ahead.borrow().receipts();
        for receipt in receipts {
            receipt.await;
        }
        // New times alone have no receipt.
        if self.sending.get() {
            let sent = self.sent.borrow().clone();
            sent.await;
        }
    }
}
