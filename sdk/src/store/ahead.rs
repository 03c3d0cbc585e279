//! What this page has that the disk does not have yet: what waits for the next batch, what is being written, and, where there is no
//! database, all that is kept.
//!
//! Reads lay it over what the database says. It is short: fifty answers at most wait for a batch, and memory has its budget.

use std::rc::Rc;

use tidegate_core::kept::{Budget, Weight};

use super::connection::Batch;
use super::partition::Partition;
use super::receipt::Receipt;
use super::row::{Row, Use};

#[derive(Debug, Default)]
pub(super) struct Ahead {
    /// In the order in which they came.
    changes: Vec<Change>,
    /// New times of answers that the database has.
    touched: Vec<(Partition, Use)>,
    batches: u64,
}

/// A kept answer on its way.
#[derive(Debug)]
struct Change {
    whose: Partition,
    row: Row,
    used: Use,
    /// Whether only the head is new.
    renewal: bool,
    /// Which batch it is in.
    batch: Option<u64>,
    receipts: Vec<Receipt>,
}

/// What is being written.
#[derive(Debug)]
pub(super) struct Sending {
    pub(super) whose: Partition,
    pub(super) batch: Batch,
    pub(super) number: u64,
}

impl Ahead {
    /// Takes an answer, in the place of one to the same key that nobody is writing yet.
    pub(super) fn put(&mut self, whose: &Partition, row: Row, used: Use, renewal: bool) -> Receipt {
        let receipt = Receipt::default();
        let mut change = Change {
            whose: whose.clone(),
            row,
            used,
            renewal,
            batch: None,
            receipts: vec![receipt.clone()],
        };
        self.touched.retain(|(_, each)| each.key != change.row.key);
        let earlier = self
            .changes
            .iter()
            .position(|each| each.batch.is_none() && change.row.replaces(&each.row.key));
        if let Some(earlier) = earlier {
            let earlier = self.changes.remove(earlier);
            change.renewal &= earlier.renewal;
            change.receipts.extend(earlier.receipts);
        }
        self.changes.push(change);
        receipt
    }

    /// The first that waits and is not sealed; one that is only renewed stays as it is on disk.
    pub(super) fn unsealed(&self) -> Option<(Partition, Row)> {
        let mut changes = self.changes.iter();
        let unsealed = changes
            .find(|each| each.batch.is_none() && !each.renewal && each.row.seal.is_undefined())?;
        Some((unsealed.whose.clone(), unsealed.row.clone()))
    }

    /// Puts another row in the place of this very one, if it still waits, or forgets it.
    pub(super) fn replace(&mut self, key: &Rc<str>, row: Option<Row>) -> Vec<(Receipt, bool)> {
        let is_it = |each: &Change| each.batch.is_none() && Rc::ptr_eq(&each.row.key, key);
        match (self.changes.iter_mut().find(|each| is_it(each)), row) {
            (Some(change), Some(row)) => {
                (change.used.key, change.used.cost) = (row.key.clone(), row.cost());
                change.row = row;
                Vec::new()
            }
            _ => self.take(false, is_it),
        }
    }

    /// An answer was used.
    pub(super) fn touch(&mut self, whose: &Partition, used: Use) {
        let unsent = |each: &&mut Change| each.batch.is_none() && each.row.key == used.key;
        if let Some(change) = self.changes.iter_mut().find(unsent) {
            change.used.used = used.used;
            return;
        }
        self.touched.retain(|(_, each)| each.key != used.key);
        self.touched.push((whose.clone(), used));
    }

    /// The answers whose keys begin with this, the later one of two to the same key last.
    pub(super) fn find(&self, prefix: &str) -> Vec<(Row, Use)> {
        let found = self
            .changes
            .iter()
            .filter(|each| each.row.key.starts_with(prefix));
        found
            .map(|each| (each.row.clone(), each.used.clone()))
            .collect()
    }

    /// How many answers wait for a batch, and their bytes. New times alone are worth none: they go with the next one, or with the page.
    pub(super) fn waiting(&self) -> (usize, u64) {
        let waiting = self.changes.iter().filter(|each| each.batch.is_none());
        waiting.fold((0, 0), |(count, bytes), each| {
            (count + 1, bytes + each.used.cost)
        })
    }

    /// Whether an answer waits for a batch.
    pub(super) fn has_changes(&self) -> bool {
        self.waiting().0 > 0
    }

    /// All that waits of one partition, to be written; `None` when nothing does.
    pub(super) fn next(&mut self) -> Option<Sending> {
        let waiting = self.changes.iter().find(|each| each.batch.is_none());
        let touched = self.touched.first().map(|(whose, _)| whose);
        let whose = waiting.map(|each| &each.whose).or(touched)?.clone();
        self.batches += 1;
        let number = self.batches;
        let mut batch = Batch {
            name: whose.name().into(),
            ..Batch::default()
        };
        for change in &mut self.changes {
            if change.batch.is_none() && change.whose.is(&whose) {
                change.batch = Some(number);
                let written = (change.row.clone(), change.used.clone());
                match change.renewal {
                    true => batch.renewals.push(written),
                    false => batch.puts.push(written),
                }
            }
        }
        self.touched.retain(|(owner, used)| {
            let mine = owner.is(&whose);
            if mine {
                batch.uses.push(used.clone());
            }
            !mine
        });
        Some(Sending {
            whose,
            batch,
            number,
        })
    }

    /// Takes out of a batch what was forgotten after it had been made.
    pub(super) fn strike(&self, number: u64, batch: &mut Batch) {
        let is_awaited = |key: &str| {
            let mut changes = self.changes.iter();
            changes.any(|each| each.batch == Some(number) && *each.row.key == *key)
        };
        batch.puts.retain(|(row, _)| is_awaited(&row.key));
    }

    /// A batch is on disk, or never will be.
    pub(super) fn settle(&mut self, sending: &Sending, kept: bool) -> Vec<(Receipt, bool)> {
        self.take(kept, |each| each.batch == Some(sending.number))
    }

    /// There is no database: what was on its way stays here, whole.
    pub(super) fn hold(&mut self) -> Vec<(Receipt, bool)> {
        self.touched.clear();
        let mut receipts = Vec::new();
        for change in &mut self.changes {
            change.batch = None;
            change.renewal = false;
            receipts.extend(change.receipts.drain(..).map(|receipt| (receipt, true)));
        }
        receipts
    }

    /// Brings what is held within the budget; how many had to go.
    pub(super) fn trim(&mut self, budget: Budget) -> usize {
        let weights: Vec<Weight<'_>> = self.changes.iter().map(|each| weight(&each.used)).collect();
        let gone: Vec<Rc<str>> = budget
            .excess(&weights)
            .into_iter()
            .filter_map(|place| Some(self.changes.get(place)?.row.key.clone()))
            .collect();
        self.changes.retain(|each| !gone.contains(&each.row.key));
        gone.len()
    }

    /// Forgets what fits; how many answers, and whom to tell that they were not kept.
    pub(super) fn forget(
        &mut self,
        fits: impl Fn(&Partition, &str) -> bool,
    ) -> Vec<(Receipt, bool)> {
        self.touched.retain(|(whose, used)| !fits(whose, &used.key));
        self.take(false, |each| fits(&each.whose, &each.row.key))
    }

    fn take(&mut self, kept: bool, fits: impl Fn(&Change) -> bool) -> Vec<(Receipt, bool)> {
        let mut receipts = Vec::new();
        self.changes.retain_mut(|each| {
            let fits = fits(each);
            if fits {
                receipts.extend(each.receipts.drain(..).map(|receipt| (receipt, kept)));
            }
            !fits
        });
        receipts
    }

    /// Everything that somebody waits for.
    pub(super) fn receipts(&self) -> Vec<Receipt> {
        let receipts = self.changes.iter().flat_map(|each| each.receipts.iter());
        receipts.cloned().collect()
    }

    pub(super) fn weights(&self) -> (u32, u64) {
        let bytes = self.changes.iter().map(|each| each.used.cost).sum();
        (self.changes.len() as u32, bytes)
    }
}

pub(super) fn weight(used: &Use) -> Weight<'_> {
    Weight {
        user: used.user(),
        bytes: used.cost,
        used: used.used,
    }
}
