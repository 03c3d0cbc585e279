//! How long things take: a distribution of times.
//!
//! Real services answer along a log-normal curve: most answers near the median, a long tail to the right. The reference service of the
//! overload model has a median of 200 ms and a sigma of 0.668, which gives a mean of 250 ms and a 99th percentile of 0.95 s. The
//! exponential distribution is there because queueing theory has closed formulas for it, the uniform one because it is easy to explain.
//!
//! The same [`Draw`] gives the same time on every platform: logarithms and the like come from `libm`, never from the system.
//!
//! **Caps are clamped, not drawn again.** WireMock draws again (up to ten times), which moves *every* quantile down: with a cap at the
//! 95th percentile its p99 is the p94 of what was asked for. Clamped, all quantiles below the cap are exactly those of the
//! distribution, and those above it are the cap.

use serde::{Deserialize, Serialize};

use crate::check::{ProgramError, range};
use crate::draw::Draw;
use crate::micros::Micros;

// Ten minutes: longer than any client waits.
const MAX_MS: u64 = 600_000;
// exp(3) = 20: the 84th percentile is twenty medians. Measured services have 0.3 to 1.5.
const MAX_SIGMA_PERMILLE: u64 = 3_000;

/// A distribution of times.
///
/// ```
/// use tidegate_contract::{Draw, Micros, Spread};
/// let spread: Spread = serde_json::from_str(r#"{"uniformMs":{"from":100,"to":300}}"#).unwrap();
/// assert_eq!(spread.mean(), Micros::from_millis(200));
/// assert_eq!(Spread::FixedMs(80).draw(Draw::from_seed(1)), Micros::from_millis(80));
/// ```
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(
    deny_unknown_fields,
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Spread {
    /// Memoryless: many short times and a few long ones.
    ExponentialMs {
        /// The mean in milliseconds.
        mean: u64,
    },
    /// Always the same.
    FixedMs(u64),
    /// As services are: a median and a long tail to the right.
    LogNormal {
        /// Half of the times are shorter than this.
        median_ms: u64,
        /// The standard deviation of the logarithm, in thousandths. 0 makes all times equal.
        sigma_permille: u64,
        /// Longer times are cut to this; never beyond ten minutes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cap_ms: Option<u64>,
    },
    /// Anything between two ends, evenly.
    UniformMs {
        /// The shortest time in milliseconds.
        from: u64,
        /// The longest time in milliseconds.
        to: u64,
    },
}

impl Spread {
    /// No time at all.
    pub const ZERO: Spread = Spread::FixedMs(0);

    /// The service of the reference backend: median 200 ms, mean 250 ms, 99th percentile 0.95 s.
    pub const REFERENCE: Spread = Spread::LogNormal {
        median_ms: 200,
        sigma_permille: 668,
        cap_ms: None,
    };

    /// The time that belongs to a draw; never more than ten minutes.
    #[must_use]
    pub fn draw(&self, draw: Draw) -> Micros {
        let drawn = match *self {
            Spread::ExponentialMs { mean } => {
                whole(-libm::log(draw.unit()) * Micros::from_millis(mean).0 as f64)
            }
            Spread::FixedMs(ms) => Micros::from_millis(ms),
            Spread::LogNormal {
                median_ms,
                sigma_permille,
                cap_ms,
            } => {
                let median = Micros::from_millis(median_ms).0 as f64;
                let drawn = whole(median * libm::exp(sigma(sigma_permille) * draw.normal()));
                cap_ms.map_or(drawn, |cap| drawn.min(Micros::from_millis(cap)))
            }
            Spread::UniformMs { from, to } => {
                let (from, to) = (Micros::from_millis(from), Micros::from_millis(to));
                from + Micros(draw.below((to - from).0.saturating_add(1)))
            }
        };
        drawn.min(Micros::from_millis(MAX_MS))
    }

    /// The mean of all draws, cap included.
    #[must_use]
    pub fn mean(&self) -> Micros {
        match *self {
            Spread::ExponentialMs { mean } => Micros::from_millis(mean),
            Spread::FixedMs(ms) => Micros::from_millis(ms),
            Spread::LogNormal {
                median_ms,
                sigma_permille,
                cap_ms,
            } => {
                let cap = cap_ms.unwrap_or(MAX_MS).min(MAX_MS);
                whole(capped_mean(
                    Micros::from_millis(median_ms).0 as f64,
                    sigma(sigma_permille),
                    Micros::from_millis(cap).0 as f64,
                ))
            }
            Spread::UniformMs { from, to } => {
                Micros((Micros::from_millis(from).0 + Micros::from_millis(to).0) / 2)
            }
        }
    }

    /// Whether every value is in its range. `path` is where the spread stands in what was sent.
    ///
    /// # Errors
    /// The first value that is not, with its path.
    pub(crate) fn check(&self, path: &str) -> Result<(), ProgramError> {
        match *self {
            Spread::ExponentialMs { mean } => {
                range(&format!("{path}.exponentialMs.mean"), mean, 0, MAX_MS)
            }
            Spread::FixedMs(ms) => range(&format!("{path}.fixedMs"), ms, 0, MAX_MS),
            Spread::LogNormal {
                median_ms,
                sigma_permille,
                cap_ms,
            } => {
                let path = format!("{path}.logNormal");
                range(&format!("{path}.medianMs"), median_ms, 0, MAX_MS)?;
                let sigma = format!("{path}.sigmaPermille");
                range(&sigma, sigma_permille, 0, MAX_SIGMA_PERMILLE)?;
                match cap_ms {
                    None => Ok(()),
                    Some(cap) => range(&format!("{path}.capMs"), cap, median_ms, MAX_MS),
                }
            }
            Spread::UniformMs { from, to } => {
                let path = format!("{path}.uniformMs");
                range(&format!("{path}.from"), from, 0, MAX_MS)?;
                range(&format!("{path}.to"), to, from, MAX_MS)
            }
        }
    }
}

fn sigma(permille: u64) -> f64 {
    permille as f64 / 1_000.0
}

/// To the nearest microsecond. The conversion saturates, so whatever was computed becomes a time.
fn whole(micros: f64) -> Micros {
    Micros((micros + 0.5) as u64)
}

/// The mean of min(X, cap) for a log-normal X.
fn capped_mean(median: f64, sigma: f64, cap: f64) -> f64 {
    if sigma == 0.0 || median == 0.0 {
        return median.min(cap);
    }
    let z = libm::log(cap / median) / sigma;
    let below = median * libm::exp(sigma * sigma / 2.0) * normal_share_below(z - sigma);
    below + cap * normal_share_below(-z)
}

fn normal_share_below(z: f64) -> f64 {
    libm::erfc(-z / core::f64::consts::SQRT_2) / 2.0
}

#[cfg(test)]
#[path = "spread_tests.rs"]
mod tests;
