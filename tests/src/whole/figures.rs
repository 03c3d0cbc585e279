//! What is made of a run: the columns of the tables.

use serde::Serialize;
use tidegate_contract::Micros;

use super::meter::{Record, Second};

/// How long after the cause intents still count as met by it, in seconds.
const AFTER: u64 = 60;
/// Seconds that have to be fresh in a row.
const SPAN: usize = 10;
/// "Has come back" is looked at from here to there, in seconds after the cause.
const BACK: (u64, u64) = (60, 110);

/// The figures of one run. Shares are percent of the intents begun in the cause and the minute after it, unless it says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Figures {
    /// Work that was waited for, percent of what the pool can do while the cause lasts; none, if that is nothing.
    pub goodput: Option<f64>,
    /// Percent of the pool's work that was for nobody.
    pub waste: f64,
    /// Attempts, probes and replays for each intent.
    pub amplification: f64,
    /// The probes among these.
    pub probes: f64,
    /// The replays among these.
    pub replays: f64,
    /// Whose user saw an error or reloaded.
    pub errors: f64,
    /// The same of what was seen before, and writes: `errC`.
    pub familiar_errors: f64,
    /// The same of all that began in the minute after the cause.
    pub errors_after: f64,
    /// Whose user got a kept copy.
    pub stale: f64,
    /// Half of these copies were this old at most, in seconds.
    pub age_p50: Option<f64>,
    /// 95 % of them.
    pub age_p95: Option<f64>,
    /// Whose user was told that the write is saved.
    pub deferred: f64,
    /// Half of these were done within this many seconds.
    pub delay_p50: Option<f64>,
    /// Half of the users who got something got it within this many seconds.
    pub p50: f64,
    /// 99 % of them.
    pub p99: f64,
    /// Percent of the intents begun in the minute after the cause that were answered by the network at first go.
    pub fresh_after: f64,
    /// The same of reads and polls alone: what people read. A write that is told "saved" is not fresh, and is none of these.
    pub fresh_reads_after: f64,
    /// Percent of the intents begun from 60 to 110 s after the cause that were answered by the network at first go.
    pub fresh_back: f64,
    /// Seconds after the cause until 95 % of ten seconds' intents are fresh; none, if that never was.
    pub recovery: Option<f64>,
    /// Percent of the writes that were done more than once.
    pub duplicates: f64,
    /// Percent that were decided in the client without an attempt.
    pub refused: f64,
    /// Work that was waited for from the tenth second of the run on, percent of what the pool can usually do.
    pub goodput_from_10: f64,
    /// The same from the 120th second on.
    pub goodput_from_120: f64,
    /// Saved writes that were not sent by the end.
    pub undelivered: f64,
    /// How often the requests of a browser woke each other without end: a page would hang.
    pub spins: f64,
}

impl Figures {
    /// The figures of a run.
    #[must_use]
    pub fn of(record: &Record) -> Figures {
        let case = &record.case;
        let (from, to) = case.cause_at();
        let met = (from, (to + AFTER).min(case.horizon()));
        let all = sum(record, met);
        let during = sum(record, (from, to));
        let after = sum(record, (to, met.1));
        let back = sum(record, (to + BACK.0, to + BACK.1));
        let probes = all.probes;
        let sent = all.attempts + all.replays + probes;
        let ages = among(&record.ages, met, |age| age.0 as f64 / 1_000.0);
        let times = among(&record.latencies, met, secs);
        let delays = among(&record.delays, met, secs);
        let writes = among(&record.writes, met, |done| f64::from(*done));
        let twice = writes.iter().filter(|done| **done > 1.5).count();
        let pool = case.pool_per_s() * (to - from) as f64;
        let steady = |from| {
            let seconds = case.horizon().saturating_sub(from);
            let able = case.usual_pool_per_s() * seconds as f64;
            let useful = sum(record, (from, case.horizon())).useful;
            100.0 * useful as f64 / able.max(1.0)
        };
        Figures {
            goodput: (pool > 0.0).then(|| 100.0 * during.useful as f64 / pool),
            waste: percent(all.wasted, all.useful + all.wasted),
            amplification: percent(sent, all.begun) / 100.0,
            probes: percent(probes, all.begun) / 100.0,
            replays: percent(all.replays, all.begun) / 100.0,
            errors: percent(all.failed, all.begun),
            familiar_errors: percent(all.familiar_failed, all.familiar),
            errors_after: percent(after.failed, after.begun),
            stale: percent(all.kept, all.begun),
            age_p50: quantile(&ages, 50),
            age_p95: quantile(&ages, 95),
            deferred: percent(all.deferred, all.begun),
            delay_p50: quantile(&delays, 50),
            p50: quantile(&times, 50).unwrap_or(0.0),
            p99: quantile(&times, 99).unwrap_or(0.0),
            fresh_after: percent(after.fresh, after.begun),
            fresh_reads_after: percent(after.fresh_reads, after.reads),
            fresh_back: percent(back.fresh, back.begun),
            recovery: recovery(record, to, case.horizon()),
            duplicates: percent(twice as u64, writes.len() as u64),
            refused: percent(all.refused, all.begun),
            goodput_from_10: steady(10),
            goodput_from_120: steady(120),
            undelivered: record.undelivered as f64,
            spins: record.spins as f64,
        }
    }
}

fn secs(time: &Micros) -> f64 {
    time.0 as f64 / 1e6
}

fn percent(part: u64, whole: u64) -> f64 {
    match whole {
        0 => 0.0,
        _ => 100.0 * part as f64 / whole as f64,
    }
}

fn span(record: &Record, (from, to): (u64, u64)) -> &[Second] {
    let to = (to as usize).min(record.seconds.len());
    record.seconds.get(from as usize..to).unwrap_or_default()
}

fn sum(record: &Record, seconds: (u64, u64)) -> Second {
    let mut sum = Second::default();
    for second in span(record, seconds) {
        sum.begun += second.begun;
        sum.familiar += second.familiar;
        sum.fresh += second.fresh;
        sum.reads += second.reads;
        sum.fresh_reads += second.fresh_reads;
        sum.kept += second.kept;
        sum.deferred += second.deferred;
        sum.failed += second.failed;
        sum.familiar_failed += second.familiar_failed;
        sum.refused += second.refused;
        sum.attempts += second.attempts;
        sum.replays += second.replays;
        sum.probes += second.probes;
        sum.useful += second.useful;
        sum.wasted += second.wasted;
    }
    sum
}

/// The values of what began in these seconds, in order.
fn among<T>(all: &[(u32, T)], (from, to): (u64, u64), value: fn(&T) -> f64) -> Vec<f64> {
    let within = all
        .iter()
        .filter(|(at, _)| (from..to).contains(&u64::from(*at)));
    let mut values: Vec<f64> = within.map(|(_, each)| value(each)).collect();
    values.sort_by(f64::total_cmp);
    values
}

fn quantile(sorted: &[f64], percent: usize) -> Option<f64> {
    sorted.get(sorted.len() * percent / 100).copied()
}

fn recovery(record: &Record, to: u64, horizon: u64) -> Option<f64> {
    let fresh = |span: &[Second]| {
        let begun: u64 = span.iter().map(|second| second.begun).sum();
        let fresh: u64 = span.iter().map(|second| second.fresh).sum();
        begun > 0 && fresh * 100 >= begun * 95
    };
    let first = span(record, (to, horizon)).windows(SPAN).position(fresh)?;
    Some(first as f64)
}

#[cfg(test)]
mod tests {
    use super::super::{Case, Server};
    use super::*;

    fn record(seconds: Vec<Second>) -> Record {
        Record {
            case: Case::named("brownout", Server::Deep).unwrap(),
            seconds,
            latencies: Vec::new(),
            ages: Vec::new(),
            delays: Vec::new(),
            writes: vec![(29, 2), (30, 2), (31, 1), (119, 3), (120, 3)],
            undelivered: 0,
            under_way: 0,
            spins: 0,
            trace: 0,
        }
    }

    #[test]
    fn recovery_is_where_ten_fresh_seconds_begin() {
        let well = Second {
            begun: 100,
            fresh: 96,
            ..Second::default()
        };
        let mut seconds = vec![well; 180];
        for second in &mut seconds[30..77] {
            second.fresh = 40;
        }
        let figures = Figures::of(&record(seconds.clone()));
        assert_eq!(figures.recovery, Some(17.0));
        assert_eq!(figures.fresh_back, 96.0);
        seconds[60..].fill(Second { fresh: 94, ..well });
        assert_eq!(Figures::of(&record(seconds)).recovery, None);
    }

    #[test]
    fn writes_of_the_cause_and_the_minute_after_it_count() {
        let figures = Figures::of(&record(vec![Second::default(); 180]));
        assert!((figures.duplicates - 200.0 / 3.0).abs() < 1e-9);
    }
}
