//! Quality runs: a history from the seed, and runs that clients asked for.
//!
//! What the n-th run of an asset finds is drawn from the seed too: asking again in another test finds the same.

use tidegate_contract::{
    GovernanceEvent, Page, QualityCheck, QualityOrder, QualityResult, QualityRun,
};
use tidegate_core::Rng;

use super::Data;
use super::deed::{Deed, Written};
use super::refusal::Refusal;
use super::window::Window;
use crate::catalog::{DAY_MS, Place, Purpose, TODAY_MS, generator};

/// A run that a client asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ordered {
    check: QualityCheck,
    ran_at: u64,
}

impl Ordered {
    /// What it takes; vectors may have twice the room they need.
    const BYTES: usize = 2 * size_of::<Ordered>();
}

impl Data {
    /// What the checks of an asset found, newest first.
    pub(crate) fn quality_runs(
        &self,
        asset: &str,
        window: Window,
    ) -> Result<Page<QualityRun>, Refusal> {
        let at = self.snapshot.place(asset)?;
        Ok(window.cut((0..self.runs_of(at)).rev(), |index| self.run(at, index)))
    }

    /// One run of an asset.
    pub(crate) fn quality_run(&self, asset: &str, id: &str) -> Result<QualityRun, Refusal> {
        let at = self.snapshot.place(asset)?;
        let index = id
            .strip_prefix("run-")
            .and_then(|digits| digits.parse::<u32>().ok()?.checked_sub(1));
        index
            .filter(|&index| index < self.runs_of(at) && run_id(index) == id)
            .map(|index| self.run(at, index))
            .ok_or_else(|| Refusal::NoSuch {
                what: "quality run",
                id: id.to_owned(),
            })
    }

    /// Runs a check now.
    pub(crate) fn run_check(
        &mut self,
        asset: &str,
        order: QualityOrder,
        deed: &Deed,
    ) -> Result<Written<QualityRun>, Refusal> {
        let at = self.snapshot.place(asset)?;
        self.budget.swap(0, Ordered::BYTES)?;
        self.runs.entry(at).or_default().push(Ordered {
            check: order.check,
            ran_at: deed.at_ms,
        });
        let run = self.run(at, self.runs_of(at) - 1);
        let (asset_id, run_id, check) = (asset.to_owned(), run.id.clone(), run.check);
        let event = match run.result {
            QualityResult::Failed => GovernanceEvent::QualityCheckFailed {
                asset_id,
                run_id,
                check,
                failing_rows: run.failing_rows,
            },
            QualityResult::Passed => GovernanceEvent::QualityCheckPassed {
                asset_id,
                run_id,
                check,
            },
        };
        Ok(self.done(deed, format!("{asset} {}", run.id), run, vec![event]))
    }

    /// How many runs an asset has: 20 to 99 from the seed, and those asked for.
    fn runs_of(&self, at: Place) -> u32 {
        self.seeded_runs(at) + self.runs.get(&at).map_or(0, |runs| runs.len() as u32)
    }

    fn seeded_runs(&self, at: Place) -> u32 {
        20 + self.draws(at).below(80) as u32
    }

    fn draws(&self, at: Place) -> Rng {
        let catalog = self.snapshot.catalog();
        generator(catalog.seed(), catalog.number(at), Purpose::Quality)
    }

    fn run(&self, at: Place, index: u32) -> QualityRun {
        let catalog = self.snapshot.catalog();
        let seeded = self.seeded_runs(at);
        let ordered = index
            .checked_sub(seeded)
            .and_then(|later| self.runs.get(&at)?.get(later as usize));
        // Every run draws for itself, or the last of many would take as many draws.
        let own_seed = catalog.seed().wrapping_add(u64::from(index) + 1);
        let mut rng = generator(own_seed, catalog.number(at), Purpose::Quality);
        // The asset's quality is the share of its checks that pass.
        let passed = rng.below(100) < u64::from(catalog.quality(at));
        let rows = 1 + rng.below(10_000);
        QualityRun {
            id: run_id(index),
            asset_id: catalog.id(at),
            check: ordered.map_or_else(
                || QualityCheck::ALL[index as usize % QualityCheck::ALL.len()],
                |ordered| ordered.check,
            ),
            result: if passed {
                QualityResult::Passed
            } else {
                QualityResult::Failed
            },
            failing_rows: if passed { 0 } else { rows },
            ran_at: ordered.map_or_else(
                || TODAY_MS - u64::from(seeded.saturating_sub(index)) * DAY_MS,
                |ordered| ordered.ran_at,
            ),
        }
    }
}

fn run_id(index: u32) -> String {
    format!("run-{:03}", index + 1)
}
