//! Many runs, on all cores, in an order that does not depend on which is ready first.

use crate::contender::Contender;
use crate::figures::{Figures, Summary};
use crate::meter::Second;
use crate::parallel::in_parallel;
use crate::scenario::Spec;
use crate::tidegate::Tidegate;

/// What is to be run.
#[derive(Clone, Debug)]
pub struct Study {
    /// Tidegate with its settings.
    pub tidegate: Tidegate,
    /// What is run, with the first seed.
    pub specs: Vec<Spec>,
    /// Which policies.
    pub contenders: Vec<Contender>,
    /// Seeds from 1 to this.
    pub seeds: u64,
}

/// One scenario with one policy, over all seeds.
#[derive(Clone, Debug)]
pub struct Row {
    /// What was run, with the first seed.
    pub spec: Spec,
    /// By whom.
    pub contender: Contender,
    /// What came of it.
    pub summary: Summary,
    /// The first seed's run, second by second.
    pub seconds: Vec<Second>,
}

impl Study {
    /// Runs one of them with every policy and seed: a row for each policy.
    #[must_use]
    pub fn run(&self, spec: Spec) -> Vec<Row> {
        let with_seed = |seed| Spec { seed, ..spec };
        let jobs: Vec<(Contender, Spec)> = self
            .contenders
            .iter()
            .flat_map(|each| (1..=self.seeds).map(|seed| (*each, with_seed(seed))))
            .collect();
        let done = self.run_all(&jobs);
        let rows = self.contenders.iter().zip(done.chunks(self.seeds as usize));
        rows.map(|(contender, done)| Row {
            spec,
            contender: *contender,
            summary: Summary::of(done.iter().map(|(figures, _)| *figures).collect()),
            seconds: done
                .first()
                .map(|(_, each)| each.clone())
                .unwrap_or_default(),
        })
        .collect()
    }

    fn run_all(&self, jobs: &[(Contender, Spec)]) -> Vec<(Figures, Vec<Second>)> {
        in_parallel(jobs, |(contender, spec)| {
            let record = contender.run(&self.tidegate, *spec);
            (Figures::of(&record), record.seconds)
        })
    }
}
