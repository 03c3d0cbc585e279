//! What Tidegate has to reach for its users: figures with limits, without the server's help and with it. The worst seed counts.
//!
//! T1 to T13 are the targets that were set before the policies were built; *peace* is that nobody notices them when nothing is wrong, *alive*
//! that no page hangs.

mod figure;
mod list;

use std::collections::BTreeMap;

use self::figure::Other;
use self::list::{GATES, Gate};
use super::case::Case;
use super::entrant::Entrant;
use super::figures::Figures;
use crate::parallel::in_parallel;
use crate::tidegate::Tidegate;

/// With what help.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Column {
    /// The client alone.
    Alone,
    /// With the server's word: on answers, pushed, and as readiness.
    Hints,
}

impl Column {
    const BOTH: [Column; 2] = [Column::Alone, Column::Hints];

    fn name(self) -> &'static str {
        match self {
            Column::Alone => "alone",
            Column::Hints => "hints",
        }
    }

    fn entrant(self) -> &'static str {
        match self {
            Column::Alone => "tidegate",
            Column::Hints => "tidegate+hints",
        }
    }

    fn without_outbox(self) -> &'static str {
        match self {
            Column::Alone => "tidegate-outbox",
            Column::Hints => "tidegate+hints-outbox",
        }
    }
}

/// A gate, judged.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Whether it was met.
    pub met: bool,
    /// A line for people.
    pub line: String,
}

/// A case with a client, as it is run once for all gates that look at it.
type Key = (&'static str, &'static str, u32, &'static str);

/// Runs what the gates of a case look at and judges: `seeds` runs each, and the worst counts.
#[must_use]
pub fn gates(tidegate: &Tidegate, case: &str, seeds: u64) -> Vec<Verdict> {
    let mut runs: BTreeMap<Key, Vec<Figures>> = BTreeMap::new();
    let asked = GATES
        .iter()
        .flat_map(|gate| Column::BOTH.map(|column| (gate, column)))
        .filter(|(gate, column)| gate.limit(*column).is_some())
        .filter(|(gate, _)| gate.case == case);
    for (gate, column) in asked.clone() {
        for entrant in [Some(column.entrant()), gate.other(column)]
            .into_iter()
            .flatten()
        {
            runs.insert(gate.key(column, entrant), Vec::new());
        }
    }
    let jobs: Vec<(Key, u64)> = runs
        .keys()
        .flat_map(|key| (1..=seeds).map(|seed| (*key, seed)))
        .collect();
    let done = in_parallel(&jobs, |(key, seed)| figures(tidegate, *key, *seed));
    for ((key, _), figures) in jobs.iter().zip(done) {
        runs.entry(*key).or_default().extend(figures);
    }
    asked
        .map(|(gate, column)| gate.judge(column, &runs))
        .collect()
}

fn figures(tidegate: &Tidegate, (name, server, users, entrant): Key, seed: u64) -> Option<Figures> {
    let servers = super::server::Server::ALL;
    let server = servers.into_iter().find(|each| each.name() == server)?;
    let case = Case::named(name, server)?.with_users(users);
    let entrant = Entrant::named(entrant).ok()?;
    Some(Figures::of(&entrant.run(tidegate, &case, seed)))
}

impl Gate {
    fn limit(&self, column: Column) -> Option<f64> {
        match column {
            Column::Alone => self.alone,
            Column::Hints => self.hints,
        }
    }

    fn other(&self, column: Column) -> Option<&'static str> {
        match self.figure.other() {
            Other::Naive => Some("naive"),
            Other::Nobody => None,
            Other::WithoutOutbox => Some(column.without_outbox()),
        }
    }

    fn users(&self, column: Column) -> u32 {
        match column {
            Column::Alone => self.users.0,
            Column::Hints => self.users.1,
        }
    }

    fn key(&self, column: Column, entrant: &'static str) -> Key {
        (self.case, self.server.name(), self.users(column), entrant)
    }

    fn judge(&self, column: Column, runs: &BTreeMap<Key, Vec<Figures>>) -> Verdict {
        let of = |entrant| runs.get(&self.key(column, entrant)).map(Vec::as_slice);
        let own = of(column.entrant()).unwrap_or_default();
        let others = self.other(column).and_then(of).unwrap_or(own);
        let values: Vec<Option<f64>> = own
            .iter()
            .zip(others)
            .map(|(run, other)| self.figure.of(run, other))
            .collect();
        self.line(column, &values)
    }

    fn line(&self, column: Column, values: &[Option<f64>]) -> Verdict {
        let there: Vec<f64> = values.iter().copied().flatten().collect();
        let never = values.len() - there.len();
        let least = there.iter().copied().fold(f64::INFINITY, f64::min);
        let most = there.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let limit = self.limit(column).unwrap_or(f64::NAN);
        let (sign, met) = match self.figure.is_floor() {
            true => (">=", least >= limit),
            false => ("<=", most <= limit),
        };
        let met = met && never == 0 && !there.is_empty();
        let word = if met { "pass" } else { "FAIL" };
        let measured = match there.is_empty() {
            true => "never".to_owned(),
            false if least < -1e9 => "sooner than naive, which never was".to_owned(),
            false => format!("{least:.3} to {most:.3}"),
        };
        let never = match never {
            0 => String::new(),
            _ if there.is_empty() => String::new(),
            _ => format!(", never in {never}"),
        };
        let line = format!(
            "{word}  {:<5} {:<5}  {:<8} {:<7} {:>5}  {:<21} {sign} {limit:<6} {measured}{never}",
            self.target,
            column.name(),
            self.case,
            self.server.name(),
            self.users(column),
            self.figure.name(),
        );
        Verdict { met, line }
    }
}

#[cfg(test)]
mod tests {
    use super::figure::Figure;
    use super::*;
    use crate::whole::Server;

    fn gate(figure: Figure) -> Gate {
        Gate {
            target: "T0",
            case: "brownout",
            server: Server::Deep,
            users: (2_000, 2_000),
            figure,
            alone: Some(10.0),
            hints: None,
        }
    }

    fn is_met(figure: Figure, values: &[Option<f64>]) -> bool {
        gate(figure).line(Column::Alone, values).met
    }

    #[test]
    fn the_worst_seed_counts() {
        assert!(is_met(Figure::Recovery, &[Some(9.0), Some(10.0)]));
        assert!(!is_met(Figure::Recovery, &[Some(9.0), Some(10.1)]));
        assert!(is_met(Figure::Goodput, &[Some(90.0), Some(10.0)]));
        assert!(!is_met(Figure::Goodput, &[Some(90.0), Some(9.9)]));
    }

    #[test]
    fn one_run_that_never_recovers_is_enough() {
        assert!(!is_met(Figure::Recovery, &[Some(1.0), None]));
        assert!(!is_met(Figure::Recovery, &[]));
    }
}
