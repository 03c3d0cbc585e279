//! What a fleet of sessions has to reach, with the server's word and without it. The worst seed counts.

use super::case::Case;
use super::entrant::Entrant;
use super::figures::Figures;
use super::study::Study;

/// What is judged.
#[derive(Clone, Copy, Debug)]
enum Figure {
    Attempts,
    Lost,
    PeakByFleet,
    PeakByRate,
    T99,
}

impl Figure {
    fn name(self) -> &'static str {
        match self {
            Figure::Attempts => "attempts a client",
            Figure::Lost => "lost %",
            Figure::PeakByFleet => "peak by fleet",
            Figure::PeakByRate => "peak by rate",
            Figure::T99 => "T99 by ideal",
        }
    }

    fn of(self, run: &Figures) -> f64 {
        match self {
            Figure::Attempts => run.attempts,
            Figure::Lost => run.lost,
            Figure::PeakByFleet => run.peak_by_fleet,
            Figure::PeakByRate => run.peak_by_rate,
            Figure::T99 => run.t99_by_ideal.unwrap_or(f64::INFINITY),
        }
    }
}

/// A case, a client, a figure and its limit.
type Gate = (&'static str, &'static str, Figure, f64);

const TOLD: &str = "tidegate+hints";
const ALONE: &str = "tidegate";

const GATES: &[Gate] = &[
    ("restart", TOLD, Figure::PeakByRate, 1.2),
    ("restart", TOLD, Figure::T99, 1.15),
    ("restart", TOLD, Figure::Attempts, 1.1),
    ("restart", TOLD, Figure::Lost, 0.0),
    ("restart", ALONE, Figure::PeakByFleet, 0.16),
    ("restart", ALONE, Figure::Lost, 0.0),
    ("outage", TOLD, Figure::T99, 1.35),
    ("outage", TOLD, Figure::Attempts, 3.5),
    ("outage", TOLD, Figure::Lost, 0.0),
    ("outage", ALONE, Figure::Lost, 0.0),
    ("crowd", ALONE, Figure::Attempts, 4.0),
    ("crowd", ALONE, Figure::PeakByFleet, 0.16),
    ("crowd", ALONE, Figure::Lost, 0.0),
    ("crowd-outage", ALONE, Figure::Attempts, 4.0),
    ("crowd-outage", ALONE, Figure::Lost, 0.0),
    // A fleet that collapses has not come back after half an hour, which is 45 times the ideal.
    ("deep10", TOLD, Figure::T99, 1.15),
    ("deep10", TOLD, Figure::Lost, 0.0),
    ("deep10", ALONE, Figure::T99, 4.0),
    ("deep10", ALONE, Figure::Lost, 0.0),
    ("deep30", TOLD, Figure::T99, 1.15),
    ("deep30", TOLD, Figure::Lost, 0.0),
    ("deep30", ALONE, Figure::T99, 4.0),
    ("deep30", ALONE, Figure::Lost, 0.0),
];

/// A gate, judged.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Whether it was met.
    pub met: bool,
    /// A line for people.
    pub line: String,
}

/// Runs what the gates of a case look at and judges: `seeds` runs each, and the worst counts.
#[must_use]
pub fn gates(case: &Case, seeds: u64) -> Vec<Verdict> {
    let own = || GATES.iter().filter(|gate| gate.0 == case.name);
    let entrants = [TOLD, ALONE]
        .into_iter()
        .filter(|name| own().any(|gate| gate.1 == *name));
    let study = Study {
        cases: Vec::new(),
        entrants: entrants
            .filter_map(|name| Entrant::named(name).ok())
            .collect(),
        seeds,
    };
    let rows = study.run(case);
    let verdicts = own().filter_map(|gate| {
        let row = rows.iter().find(|row| row.entrant.name == gate.1)?;
        Some(judge(case, gate, &row.summary.runs))
    });
    verdicts.collect()
}

fn judge(case: &Case, (_, entrant, figure, limit): &Gate, runs: &[Figures]) -> Verdict {
    let values = runs.iter().map(|run| figure.of(run));
    let least = values.clone().fold(f64::INFINITY, f64::min);
    let most = values.fold(f64::NEG_INFINITY, f64::max);
    let met = !runs.is_empty() && most <= *limit;
    let word = if met { "pass" } else { "FAIL" };
    let line = format!(
        "{word}  {:<14} {:<12} {:>7} at {:>4}/s  {:<17} <= {limit:<5} {least:.3} to {most:.3}",
        entrant,
        case.name,
        case.clients,
        case.per_second,
        figure.name(),
    );
    Verdict { met, line }
}
