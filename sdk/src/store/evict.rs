//! Keeps within the budgets. What is used longest ago goes first, whoever kept it: other tabs write as well.
//!
//! How much there is, is counted once and then estimated; where a budget seems to be passed, it is counted again.

use std::rc::Rc;

use tidegate_core::kept::{Budget, Weight, oldest};

use super::ahead::weight;
use super::connection::{Done, Work};
use super::depot::Depot;
use super::row::{Use, uses};
use super::schema::{PARTITIONS, USES};

/// Writes after which it is counted again, for what other tabs have written.
const COUNT_AGAIN: u32 = 200;

/// How much is kept, at most: what replaces something is counted beside it.
#[derive(Debug, Default)]
pub(super) struct Estimate {
    known: bool,
    entries: u32,
    users: Vec<(String, u64)>,
    since: u32,
}

impl Estimate {
    fn of(uses: &[Use]) -> Estimate {
        let mut estimate = Estimate {
            known: true,
            ..Estimate::default()
        };
        uses.iter().for_each(|each| estimate.add(each));
        estimate.since = 0;
        estimate
    }

    fn add(&mut self, used: &Use) {
        self.entries += 1;
        self.since += 1;
        match self.users.iter_mut().find(|(user, _)| user == used.user()) {
            Some((_, bytes)) => *bytes += used.cost,
            None => self.users.push((used.user().into(), used.cost)),
        }
    }

    fn bytes(&self) -> u64 {
        self.users.iter().map(|(_, bytes)| bytes).sum()
    }

    fn is_within(&self, budget: Budget) -> bool {
        let mut users = self.users.iter().map(|(_, bytes)| *bytes);
        let users = users.all(|bytes| bytes <= budget.user_bytes);
        let all = self.entries <= budget.entries && self.bytes() <= budget.total_bytes;
        self.known && self.since < COUNT_AGAIN && users && all
    }
}

impl Depot {
    /// These were written: sweeps where that is too much.
    pub(super) async fn weigh(self: &Rc<Depot>, written: &[Use]) {
        let budget = Budget::of(&self.settings.borrow());
        let within = {
            let mut estimate = self.estimate.borrow_mut();
            written.iter().for_each(|each| estimate.add(each));
            estimate.is_within(budget)
        };
        match within {
            true => self.tell_weight(),
            false => self.sweep(&|weights| budget.excess(weights)).await,
        }
    }

    /// The disk is full: gives up a quarter of the bytes.
    pub(super) async fn make_room(self: &Rc<Depot>) {
        let quarter = |weights: &[Weight<'_>]| {
            let bytes = weights.iter().map(|each| each.bytes).sum::<u64>();
            oldest(weights, (bytes / 4).max(1))
        };
        self.sweep(&quarter).await;
    }

    /// Counts all that is kept, and deletes what is chosen.
    async fn sweep(self: &Rc<Depot>, choose: &dyn Fn(&[Weight<'_>]) -> Vec<usize>) {
        let scan = Work::Scan([USES, PARTITIONS], vec![String::new()]);
        let Ok(Done::Scanned(stores)) = self.access(&scan).await else {
            return;
        };
        let mut kept = stores.first().map_or_else(Vec::new, uses);
        let weights: Vec<Weight<'_>> = kept.iter().map(weight).collect();
        let places = choose(&weights);
        let keys: Vec<Rc<str>> = places
            .into_iter()
            .filter_map(|place| Some(kept.get(place)?.key.clone()))
            .collect();
        let gone = keys.len();
        let delete = Work::Delete(keys);
        if let Work::Delete(keys) = &delete
            && gone > 0
            && self.access(&delete).await.is_ok()
        {
            kept.retain(|each| !keys.contains(&each.key));
            self.tell(&mut |standing| standing.evicted += gone as u64);
        }
        self.estimate.replace(Estimate::of(&kept));
        self.tell_weight();
    }

    fn tell_weight(&self) {
        let (entries, bytes) = {
            let estimate = self.estimate.borrow();
            (estimate.entries, estimate.bytes())
        };
        self.tell(&mut |standing| (standing.entries, standing.bytes) = (entries, bytes));
    }
}
