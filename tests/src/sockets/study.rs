//! Many runs, on all processors; fleets of a million whole pages one at a time, so that they fit.

use super::case::Case;
use super::entrant::Entrant;
use super::figures::{Figures, Summary};
use crate::parallel::in_parallel;

/// More pages than this are run alone: a page takes about 7.5 KB.
const LARGE: u32 = 250_000;

/// What is to be run.
#[derive(Clone, Debug)]
pub struct Study {
    /// What happens to whom.
    pub cases: Vec<Case>,
    /// Which clients.
    pub entrants: Vec<Entrant>,
    /// Seeds from 1 to this.
    pub seeds: u64,
}

/// One case with one client, over all seeds.
#[derive(Clone, Debug)]
pub struct Row {
    /// What was run.
    pub case: Case,
    /// By whom.
    pub entrant: Entrant,
    /// What came of it.
    pub summary: Summary,
}

impl Study {
    /// Runs one case with every client and seed: a row for each client.
    #[must_use]
    pub fn run(&self, case: &Case) -> Vec<Row> {
        let seeds = || 1..=self.seeds;
        let rows = self.entrants.iter().map(|entrant| {
            let runs = match entrant.is_large() && case.clients > LARGE {
                true => seeds().map(|seed| one(*entrant, case, seed)).collect(),
                false => {
                    let seeds: Vec<u64> = seeds().collect();
                    in_parallel(&seeds, |seed| one(*entrant, case, *seed))
                }
            };
            Row {
                case: case.clone(),
                entrant: *entrant,
                summary: Summary { runs },
            }
        });
        rows.collect()
    }
}

fn one(entrant: Entrant, case: &Case, seed: u64) -> Figures {
    Figures::of(&entrant.run(case, seed))
}
