//! What is made of a run: the figures of the tables.

use serde::Serialize;

use crate::meter::{Record, Second};
use crate::scenario::{CAPACITY, Spec, TAIL};

/// Fewer retries and probes in a bin than this, on average, and chance alone fills one of hundreds to three times the mean.
const FEWEST_PER_BIN: f64 = 5.0;
/// Seconds that have to be well in a row.
const SPAN: usize = 10;

/// The figures of one run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Figures {
    /// Answers that reached a user during the incident, by what the backend can do at best.
    pub goodput: f64,
    /// Attempts for each user's request that began in the incident; probes are not among them.
    pub attempts: f64,
    /// Probes sent during the incident, for each user's request that began in it.
    pub probes: f64,
    /// Seconds after the incident until 99 % of ten seconds' requests are answered; none if that never was.
    pub recovery: Option<f64>,
    /// Percent of the requests begun after the incident that failed.
    pub post: f64,
    /// Percent of the requests begun in the incident that failed.
    pub errors: f64,
    /// Milliseconds that 99 % of the answered requests begun in the incident took at most.
    pub p99: f64,
    /// Percent of the pool's work during the incident that was for nobody.
    pub waste: f64,
    /// The fullest 100 ms of retries and probes, by the mean; none where there are too few to tell.
    pub herd: Option<f64>,
    /// Failures at endpoints that were well.
    pub healthy: f64,
    /// Percent of the requests begun in the incident that were their client's first since it began.
    pub floor: f64,
}

impl Figures {
    /// The figures of a run.
    #[must_use]
    pub fn of(record: &Record) -> Figures {
        let spec = record.spec;
        let incident = spec.incident();
        let (from, to) = (incident.from as usize, incident.to as usize);
        let during = sum(record, from, to);
        let after = sum(record, to, (spec.horizon - TAIL) as usize);
        let capacity = (CAPACITY * (incident.to - incident.from)) as f64;
        Figures {
            goodput: during.useful as f64 / capacity,
            attempts: share(during.attempts, during.begun),
            probes: share(during.probes, during.begun),
            recovery: recovery(record, &spec),
            post: 100.0 * share(after.begun - after.answered, after.begun),
            errors: 100.0 * share(during.begun - during.answered, during.begun),
            p99: p99(record),
            waste: 100.0 * share(during.waste, during.work),
            herd: herd(&record.bins),
            healthy: record
                .seconds
                .iter()
                .map(|second| second.failures_of_the_healthy)
                .sum::<u64>() as f64,
            floor: 100.0 * share(during.first, during.begun),
        }
    }
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        return 0.0;
    }
    part as f64 / whole as f64
}

fn seconds(record: &Record, from: usize, to: usize) -> &[Second] {
    let end = to.min(record.seconds.len());
    record.seconds.get(from..end).unwrap_or_default()
}

fn sum(record: &Record, from: usize, to: usize) -> Second {
    let mut sum = Second::default();
    for second in seconds(record, from, to) {
        sum.begun += second.begun;
        sum.first += second.first;
        sum.answered += second.answered;
        sum.attempts += second.attempts;
        sum.probes += second.probes;
        sum.useful += second.useful;
        sum.work += second.work;
        sum.waste += second.waste;
    }
    sum
}

fn recovery(record: &Record, spec: &Spec) -> Option<f64> {
    let after = seconds(
        record,
        spec.incident().to as usize,
        (spec.horizon - TAIL) as usize,
    );
    let well = |span: &[Second]| {
        let begun: u64 = span.iter().map(|second| second.begun).sum();
        let answered: u64 = span.iter().map(|second| second.answered).sum();
        begun > 0 && answered * 100 >= begun * 99
    };
    let first = after.windows(SPAN).position(well)?;
    Some(first as f64)
}

fn p99(record: &Record) -> f64 {
    let mut all = record.latencies.clone();
    let place = all.len() * 99 / 100;
    if place >= all.len() {
        return 0.0;
    }
    let (_, at, _) = all.select_nth_unstable(place);
    at.0 as f64 / 1_000.0
}

fn herd(bins: &[u32]) -> Option<f64> {
    let all: u32 = bins.iter().sum();
    let mean = f64::from(all) / bins.len().max(1) as f64;
    let fullest = bins.iter().max()?;
    (mean >= FEWEST_PER_BIN).then(|| f64::from(*fullest) / mean)
}

/// The same over several seeds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Means. That of `recovery` is over the runs that recovered, that of `herd` over those that have one.
    pub mean: Figures,
    /// How many runs never recovered.
    pub never: usize,
    /// Each run.
    pub runs: Vec<Figures>,
}

impl Summary {
    /// The summary of some runs.
    #[must_use]
    pub fn of(runs: Vec<Figures>) -> Summary {
        let mean = |figure: fn(&Figures) -> f64| {
            runs.iter().map(figure).sum::<f64>() / runs.len().max(1) as f64
        };
        let some = |figure: fn(&Figures) -> Option<f64>| {
            let there: Vec<f64> = runs.iter().filter_map(figure).collect();
            (!there.is_empty()).then(|| there.iter().sum::<f64>() / there.len() as f64)
        };
        Summary {
            mean: Figures {
                goodput: mean(|run| run.goodput),
                attempts: mean(|run| run.attempts),
                probes: mean(|run| run.probes),
                recovery: some(|run| run.recovery),
                post: mean(|run| run.post),
                errors: mean(|run| run.errors),
                p99: mean(|run| run.p99),
                waste: mean(|run| run.waste),
                herd: some(|run| run.herd),
                healthy: mean(|run| run.healthy),
                floor: mean(|run| run.floor),
            },
            never: runs.iter().filter(|run| run.recovery.is_none()).count(),
            runs,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{BackendKind, Scenario};

    fn record(seconds: Vec<Second>) -> Record {
        let spec = Spec::new(Scenario::O2, BackendKind::Naive, 10, 1);
        Record {
            spec,
            seconds,
            latencies: Vec::new(),
            bins: vec![0; 300],
            under_way: 0,
            events: 0,
            trace: 0,
        }
    }

    #[test]
    fn recovery_is_where_ten_good_seconds_begin() {
        let well = Second {
            begun: 100,
            answered: 100,
            ..Second::default()
        };
        let mut seconds = vec![well; 300];
        for second in &mut seconds[60..127] {
            second.answered = 0;
        }
        // One percent may fail in a span of ten seconds.
        seconds[125].answered = 100;
        seconds[126].answered = 90;
        let figures = Figures::of(&record(seconds));
        assert_eq!(figures.recovery, Some(5.0));
        assert_eq!(figures.errors, 100.0);
    }

    #[test]
    fn a_herd_is_only_seen_where_there_are_enough() {
        assert_eq!(herd(&[5, 5, 20, 10]), Some(2.0));
        assert_eq!(herd(&[0, 0, 16, 0]), None);
        assert_eq!(herd(&[]), None);
    }

    #[test]
    fn the_mean_of_recovery_leaves_out_those_who_never_did_and_counts_them() {
        let mut one = Figures::of(&record(Vec::new()));
        let never = one;
        one.recovery = Some(8.0);
        let summary = Summary::of(vec![one, never]);
        assert_eq!((summary.mean.recovery, summary.never), (Some(8.0), 1));
    }
}
