//! What is made of a run: the columns of the tables.

use serde::Serialize;

use super::fleet::Record;

/// The figures of one run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Figures {
    /// The most attempts of a second.
    pub peak: u64,
    /// The same by what the server accepts in one.
    pub peak_by_rate: f64,
    /// The same by the fleet.
    pub peak_by_fleet: f64,
    /// Half of the fleet was back so many seconds after the drop; none, if it never was.
    pub t50: Option<f64>,
    /// 99 % of it.
    pub t99: Option<f64>,
    /// The same by the ideal.
    pub t99_by_ideal: Option<f64>,
    /// Attempts a client.
    pub attempts: f64,
    /// The most of one.
    pub most: u32,
    /// Percent of the server's turns that nobody was there for any more.
    pub missed: f64,
    /// Percent of the fleet that was not back after half an hour.
    pub lost: f64,
}

impl Figures {
    /// The figures of a run.
    #[must_use]
    pub fn of(record: &Record) -> Figures {
        let case = &record.case;
        let clients = case.clients as usize;
        let peak = record.tried.iter().copied().max().unwrap_or(0);
        let attempts: u64 = record.tried.iter().sum();
        let back_by = |percent: usize| {
            let which = (clients * percent).div_ceil(100).max(1) - 1;
            let micros = record.back.get(which)?;
            Some(*micros as f64 / 1e6)
        };
        let t99 = back_by(99);
        let turns = record.back.len() as u64 + record.missed;
        Figures {
            peak,
            peak_by_rate: peak as f64 / f64::from(case.per_second),
            peak_by_fleet: peak as f64 / clients as f64,
            t50: back_by(50),
            t99,
            t99_by_ideal: t99.map(|t99| t99 / case.ideal_t99_s()),
            attempts: attempts as f64 / clients as f64,
            most: record.most,
            missed: 100.0 * record.missed as f64 / turns.max(1) as f64,
            lost: 100.0 * (clients - record.back.len()) as f64 / clients as f64,
        }
    }
}

/// Runs that differ in the seed alone.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// Each run.
    pub runs: Vec<Figures>,
}

impl Summary {
    /// The mean of a figure.
    #[must_use]
    pub fn mean(&self, figure: fn(&Figures) -> f64) -> f64 {
        self.runs.iter().map(figure).sum::<f64>() / self.runs.len().max(1) as f64
    }

    /// The mean of a figure that every run has; none, if one has it not.
    #[must_use]
    pub fn mean_of_all(&self, figure: fn(&Figures) -> Option<f64>) -> Option<f64> {
        let there: Option<Vec<f64>> = self.runs.iter().map(figure).collect();
        there.map(|all| all.iter().sum::<f64>() / all.len().max(1) as f64)
    }
}
