//! What Tidegate has to reach: figures with limits.
//!
//! A limit below the share of first requests cannot be met by anything that runs in a client, since a client that has sent nothing has
//! nothing to go by; nor can one that asks for goodput when the first requests alone are more than the backend can do. Such gates are
//! *moot*, and said to be; but more than one attempt for each request is never excused.

mod list;

use self::list::{GATES, Gate, MANY};
use crate::figures::{Figures, Summary};
use crate::scenario::{CAPACITY, Spec};

/// A figure under judgement.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Figure {
    /// Attempts per request.
    Attempts,
    /// Percent of failed requests.
    Errors,
    /// Goodput by capacity.
    Goodput,
    /// Failures at healthy endpoints.
    Healthy,
    /// The fullest 100 ms by the mean.
    Herd,
    /// Percent of failed requests after the incident.
    Post,
    /// Seconds to recovery.
    Recovery,
    /// The 99th percentile, by that of a run in which nothing goes wrong.
    Slowness,
}

impl Figure {
    fn name(self) -> &'static str {
        match self {
            Figure::Attempts => "attempts/request",
            Figure::Errors => "errors %",
            Figure::Goodput => "goodput/C",
            Figure::Healthy => "healthy failures",
            Figure::Herd => "herd",
            Figure::Post => "errors after %",
            Figure::Recovery => "recovery s",
            Figure::Slowness => "p99/p99 without",
        }
    }

    /// Its value in one run; none where it cannot be told, or never came.
    fn of(self, run: &Figures, normal: &Figures) -> Option<f64> {
        match self {
            Figure::Attempts => Some(run.attempts),
            Figure::Errors => Some(run.errors),
            Figure::Goodput => Some(run.goodput),
            Figure::Healthy => Some(run.healthy),
            Figure::Herd => run.herd,
            Figure::Post => Some(run.post),
            Figure::Recovery => run.recovery,
            Figure::Slowness => Some(run.p99 / normal.p99),
        }
    }
}

/// How a gate was met.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Judgement {
    /// It was not.
    Failed,
    /// Nothing in a client could.
    Moot,
    /// It was.
    Passed,
}

/// A gate, judged.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// How.
    pub judgement: Judgement,
    /// A line for people.
    pub line: String,
}

/// Judges the runs of one scenario by every gate it has; `normal` are those in which nothing goes wrong.
#[must_use]
pub fn judge(spec: Spec, summary: &Summary, normal: &Summary) -> Vec<Verdict> {
    let gates = GATES.iter().filter(|gate| {
        gate.scenario == spec.scenario && gate.backend.is_none_or(|each| each == spec.backend)
    });
    gates
        .map(|gate| gate.judge(spec, summary, &normal.mean))
        .collect()
}

impl Gate {
    fn judge(&self, spec: Spec, summary: &Summary, normal: &Figures) -> Verdict {
        let limit = match spec.clients < MANY {
            true => self.limits.0,
            false => self.limits.1,
        };
        let values: Vec<f64> = summary
            .runs
            .iter()
            .filter_map(|run| self.figure.of(run, normal))
            .collect();
        let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let upwards = self.figure == Figure::Goodput;
        let met = match (upwards, self.figure) {
            (true, _) => mean >= limit,
            (false, Figure::Recovery) => values.len() == summary.runs.len() && mean <= limit,
            (false, _) => mean <= limit,
        };
        let judgement = match met {
            true => Judgement::Passed,
            false if self.is_moot(spec, &summary.mean, limit) => Judgement::Moot,
            false => Judgement::Failed,
        };
        let word = match judgement {
            Judgement::Failed => "FAIL",
            Judgement::Moot => "moot",
            Judgement::Passed => "pass",
        };
        let sign = if upwards { ">=" } else { "<=" };
        let measured = match values.is_empty() {
            true if self.figure == Figure::Recovery => "never".to_owned(),
            true => "too few to tell".to_owned(),
            false => format!("{mean:.2} ({least:.2} to {most:.2})"),
        };
        let never = match self.figure {
            Figure::Recovery if summary.never > 0 => format!(", never in {}", summary.never),
            _ => String::new(),
        };
        let line = format!(
            "{word}  {:<6} {:<8} {:>7}  {:<17} {sign} {limit:<5}  {measured}{never}",
            spec.scenario.name(),
            spec.backend.name(),
            spec.clients,
            self.figure.name(),
        );
        Verdict { judgement, line }
    }

    fn is_moot(&self, spec: Spec, mean: &Figures, limit: f64) -> bool {
        let floor = mean.floor / 100.0;
        let first = floor * spec.scenario.demand() as f64 / CAPACITY as f64;
        match self.figure {
            Figure::Attempts => floor > limit && mean.attempts <= 1.0,
            Figure::Goodput => first > 1.0,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{BackendKind, Scenario};

    fn figures() -> Figures {
        Figures {
            goodput: 0.7,
            attempts: 0.4,
            probes: 0.0,
            recovery: Some(5.0),
            post: 0.0,
            errors: 0.0,
            p99: 100.0,
            waste: 0.0,
            herd: None,
            healthy: 0.0,
            floor: 2.0,
        }
    }

    fn judgements(scenario: Scenario, clients: u32, runs: Vec<Figures>) -> Vec<Judgement> {
        let spec = Spec::new(scenario, BackendKind::Naive, clients, 1);
        let normal = Summary::of(vec![figures()]);
        let verdicts = judge(spec, &Summary::of(runs), &normal);
        verdicts.iter().map(|each| each.judgement).collect()
    }

    #[test]
    fn goodput_recovery_and_herd_are_judged_in_an_overload() {
        use Judgement::{Failed, Passed};
        let good = figures();
        let o2 = |run| judgements(Scenario::O2, 2_000, vec![good, run]);
        assert_eq!(o2(good), [Passed; 3]);
        let low = Figures {
            goodput: 0.1,
            herd: Some(4.0),
            ..good
        };
        assert_eq!(o2(low), [Failed, Passed, Failed]);
        // One that never recovers is enough.
        let never = Figures {
            recovery: None,
            ..good
        };
        assert_eq!(o2(never), [Passed, Failed, Passed]);
    }

    #[test]
    fn a_gate_below_the_floor_is_moot_unless_it_is_met() {
        use Judgement::{Moot, Passed};
        let mostly_first = Figures {
            attempts: 1.0,
            goodput: 0.1,
            floor: 90.0,
            ..figures()
        };
        let o2 = judgements(Scenario::O2, 200_000, vec![mostly_first]);
        assert_eq!(o2, [Moot, Passed, Passed]);
        let d = judgements(Scenario::D, 200_000, vec![mostly_first]);
        assert_eq!(d, [Moot, Passed, Passed, Passed]);
        let retries = Figures {
            attempts: 1.2,
            ..mostly_first
        };
        let d = judgements(Scenario::D, 200_000, vec![retries]);
        assert_eq!(d, [Judgement::Failed, Passed, Passed, Passed]);
    }
}
