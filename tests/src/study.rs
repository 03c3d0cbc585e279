//! Many runs, on all cores, in an order that does not depend on which is ready first.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::contender::Contender;
use crate::figures::{Figures, Summary};
use crate::meter::{Record, Second};
use crate::scenario::{BackendKind, Scenario, Spec};
use crate::tidegate::Tidegate;

/// What is to be run.
#[derive(Clone, Debug)]
pub struct Study {
    /// Tidegate with its settings.
    pub tidegate: Tidegate,
    /// What goes wrong.
    pub scenarios: Vec<Scenario>,
    /// Which backends.
    pub backends: Vec<BackendKind>,
    /// How many clients.
    pub clients: Vec<u32>,
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
    /// What is run, with the first seed: by scenario, backend, number of clients.
    #[must_use]
    pub fn specs(&self) -> Vec<Spec> {
        let mut specs = Vec::new();
        for &scenario in &self.scenarios {
            for &backend in &self.backends {
                for &clients in &self.clients {
                    specs.push(Spec::new(scenario, backend, clients, 1));
                }
            }
        }
        specs
    }

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
        let next = AtomicUsize::new(0);
        let done = Mutex::new(vec![None; jobs.len()]);
        let work = || {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let Some((contender, spec)) = jobs.get(number) else {
                    return;
                };
                let record = contender.run(&self.tidegate, *spec);
                let figures = Figures::of(&record);
                let Record { seconds, .. } = record;
                if let Ok(mut done) = done.lock() {
                    done[number] = Some((figures, seconds));
                }
            }
        };
        let threads = thread::available_parallelism().map_or(1, usize::from);
        thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(work);
            }
        });
        let done = done.into_inner().unwrap_or_default();
        done.into_iter().flatten().collect()
    }
}
