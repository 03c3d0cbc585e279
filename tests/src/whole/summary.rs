//! The figures of several seeds.

use serde::Serialize;

use super::figures::Figures;

/// Runs that differ in the seed alone.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// How many runs never recovered.
    pub never: usize,
    /// Each run.
    pub runs: Vec<Figures>,
}

impl Summary {
    /// The summary of some runs.
    #[must_use]
    pub fn of(runs: Vec<Figures>) -> Summary {
        Summary {
            never: runs.iter().filter(|run| run.recovery.is_none()).count(),
            runs,
        }
    }

    /// The mean of a figure.
    #[must_use]
    pub fn mean(&self, figure: fn(&Figures) -> f64) -> f64 {
        self.runs.iter().map(figure).sum::<f64>() / self.runs.len().max(1) as f64
    }

    /// The mean of a figure over the runs that have it.
    #[must_use]
    pub fn mean_of_some(&self, figure: fn(&Figures) -> Option<f64>) -> Option<f64> {
        let there: Vec<f64> = self.runs.iter().filter_map(figure).collect();
        (!there.is_empty()).then(|| there.iter().sum::<f64>() / there.len() as f64)
    }
}
