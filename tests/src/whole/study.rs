//! Many runs, on all processors.

use super::case::Case;
use super::entrant::Entrant;
use super::figures::Figures;
use super::meter::Second;
use super::summary::Summary;
use crate::parallel::in_parallel;
use crate::tidegate::Tidegate;

/// What is to be run.
#[derive(Clone, Debug)]
pub struct Study {
    /// Tidegate with its settings.
    pub tidegate: Tidegate,
    /// What goes wrong for whom.
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
    /// The first seed's run, second by second.
    pub seconds: Vec<Second>,
}

impl Study {
    /// Runs one case with every client and seed: a row for each client.
    #[must_use]
    pub fn run(&self, case: &Case) -> Vec<Row> {
        let jobs: Vec<(Entrant, u64)> = self
            .entrants
            .iter()
            .flat_map(|each| (1..=self.seeds).map(|seed| (*each, seed)))
            .collect();
        let done = in_parallel(&jobs, |(entrant, seed)| {
            let record = entrant.run(&self.tidegate, case, *seed);
            (Figures::of(&record), record.seconds)
        });
        let rows = self.entrants.iter().zip(done.chunks(self.seeds as usize));
        rows.map(|(entrant, done)| Row {
            case: case.clone(),
            entrant: *entrant,
            summary: Summary::of(done.iter().map(|(figures, _)| *figures).collect()),
            seconds: done
                .first()
                .map(|(_, each)| each.clone())
                .unwrap_or_default(),
        })
        .collect()
    }
}
