//! When users want something: a Poisson process whose rate is another during the incident.
//!
//! Distances are drawn for a rate of one a second and then stretched by the rate of the moment, so that one sequence of draws serves
//! every scenario. Whole numbers throughout: the same everywhere.

use tidegate_contract::{Draw, Spread};
use tidegate_core::Instant;

use crate::scenario::{BASE, Spec};

const UNIT: Spread = Spread::ExponentialMs { mean: 1_000 };
const SECOND: u64 = 1_000_000;
/// Rates are wants in so many seconds: a tenth of a want a second is a rate, too.
const PER: u64 = 1_000;

/// The moments at which somebody wants something.
#[derive(Debug)]
pub(crate) struct Demand {
    /// The draws of all wants hang from it.
    root: Draw,
    wants: u64,
    /// The sum of the distances so far, at a rate of one a second.
    sum: u64,
    /// A rate, in wants per thousand seconds, and until when it holds, in seconds.
    rates: [(u64, u64); 3],
}

impl Demand {
    pub(crate) fn new(spec: &Spec, root: Draw) -> Demand {
        let incident = spec.incident();
        Demand::of_rates(
            root,
            [
                (BASE * PER, incident.from),
                (spec.scenario.demand() * PER, incident.to),
                (BASE * PER, spec.horizon.max(incident.to)),
            ],
        )
    }

    /// Wants at these rates, each in wants per thousand seconds and until so many seconds.
    pub(crate) fn of_rates(root: Draw, rates: [(u64, u64); 3]) -> Demand {
        Demand {
            root,
            wants: 0,
            sum: 0,
            rates,
        }
    }

    /// The next want and its luck; none after the last second.
    pub(crate) fn next(&mut self) -> Option<(Instant, Draw)> {
        let luck = self.root.at(self.wants);
        self.wants += 1;
        self.sum += UNIT.draw(luck).0;
        let mut left = self.sum;
        let mut from = 0;
        for (rate, to) in self.rates {
            let wants = (to - from) * SECOND * rate / PER;
            if left < wants {
                return Some((
                    Instant::from_micros(from * SECOND + left * PER / rate),
                    luck,
                ));
            }
            left -= wants;
            from = to;
        }
        None
    }
}
