//! Hedging: a second attempt when the first takes longer than nearly all others.
//!
//! It cuts the slowest percents off and costs load, so it is off by default and the rules are the strictest known, Finagle's
//! `BackupRequestFilter` (`finagle-core`, 2024), with gRPC's one against hedging what is failing:
//!
//! - One number, the share of calls that may be doubled (20 permille). The delay is the latency that all but that share do not exceed.
//! - A budget of its own that starts empty, earns that share per call and keeps two hedges at most. Server-sized floors ("ten a second")
//!   never bind in a browser, so there is none. When the backend becomes slow for everybody, each call passes the delay, and the
//!   budget is what keeps the load from doubling (as tower's hedge lets it, which has none).
//! - Only reads, or what may be repeated; not while the scope fails, and not while the retry budget is spent.
//! - A hedge that fails never wins: [`Choice::between`].
//! - Latencies are recorded so that the delay does not drift: [`Ending::sample`]. Hedges that only record who won (tower, resilience4j) remove
//!   their slowest samples, so the delay falls and they hedge ever more.

use crate::breaker::Vote;
use crate::outcome::Outcome;
use crate::settings::HedgeSettings;
use crate::sketch::{Micros, Sketch};
use crate::time::{Instant, Millis};

/// What one hedge costs; a call earns the share in the same unit.
const COST: u32 = 1_000;

/// What hedging needs to know of a call and of its scope.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct HedgeAsk {
    /// It is a read, or sending it twice does what sending it once does.
    pub repeatable: bool,
    /// The scope's breaker is not closed, or the server allows no retries.
    pub failing: bool,
    /// There is no credit for retries.
    pub retries_spent: bool,
}

/// Why a call is not hedged.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum NoHedge {
    /// As many calls were hedged as may be.
    BudgetSpent,
    /// The scope fails; more load does not help it.
    Failing,
    /// Too few latencies are known to tell what is slow.
    FewSamples,
    /// Sending it twice may do it twice.
    NotRepeatable,
    /// The settings say so.
    Off,
    /// There is no credit for retries, and a hedge is one that comes early.
    RetriesSpent,
}

/// What hedges one scope, or one origin, may make.
///
/// ```
/// use tidegate_core::{Hedge, HedgeAsk, HedgeSettings, Instant, Micros, Millis, NoHedge, Sketch};
/// let settings = HedgeSettings { share_permille: 20, ..HedgeSettings::default() };
/// let (mut hedge, mut sketch, now) = (Hedge::new(), Sketch::new(Sketch::HALF), Instant::START);
/// let ask = HedgeAsk { repeatable: true, failing: false, retries_spent: false };
/// for n in 1..=100 {
///     sketch.record(now, Micros(n * 1_000));
///     hedge.earn(&settings);
/// }
/// let delay = hedge.delay(now, &sketch, ask, &settings).unwrap();
/// assert!(delay > Millis(90) && delay < Millis(105));
/// assert!(hedge.spend(ask, &settings).is_ok() && hedge.spend(ask, &settings).is_ok());
/// assert_eq!(hedge.spend(ask, &settings), Err(NoHedge::BudgetSpent));
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Hedge {
    credit: u32,
}

impl Hedge {
    /// No credit.
    #[must_use]
    pub const fn new() -> Hedge {
        Hedge { credit: 0 }
    }

    /// A call's first attempt was sent. Calls that cannot be hedged earn, too: it is the load that is bounded.
    pub fn earn(&mut self, settings: &HedgeSettings) {
        let most = settings.saved.saturating_mul(COST);
        let share = settings.share_permille.min(1_000);
        self.credit = self.credit.saturating_add(share).min(most);
    }

    /// How long after a call's first attempt its second one is due, asked when the first is sent.
    ///
    /// # Errors
    /// When there will be none, and why. Credit is not looked at: there may be some when the time has come.
    pub fn delay(
        &self,
        now: Instant,
        sketch: &Sketch,
        ask: HedgeAsk,
        settings: &HedgeSettings,
    ) -> Result<Millis, NoHedge> {
        allowed(ask, settings)?;
        if sketch.count(now) < settings.least_samples {
            return Err(NoHedge::FewSamples);
        }
        let slow = threshold(now, sketch, settings).ok_or(NoHedge::FewSamples)?;
        Ok(slow.millis().max(Millis(settings.least_delay_ms.into())))
    }

    /// The delay is over and the first attempt still out: pays for the second one.
    ///
    /// # Errors
    /// When it is not to be sent, and why; the first attempt simply goes on.
    pub fn spend(&mut self, ask: HedgeAsk, settings: &HedgeSettings) -> Result<(), NoHedge> {
        allowed(ask, settings)?;
        self.credit = self.credit.checked_sub(COST).ok_or(NoHedge::BudgetSpent)?;
        Ok(())
    }

    /// Hedges that could be sent at once.
    #[must_use]
    pub const fn saved(&self) -> u32 {
        self.credit / COST
    }
}

fn allowed(ask: HedgeAsk, settings: &HedgeSettings) -> Result<(), NoHedge> {
    match ask {
        _ if settings.share_permille == 0 => Err(NoHedge::Off),
        HedgeAsk {
            repeatable: false, ..
        } => Err(NoHedge::NotRepeatable),
        HedgeAsk { failing: true, .. } => Err(NoHedge::Failing),
        HedgeAsk {
            retries_spent: true,
            ..
        } => Err(NoHedge::RetriesSpent),
        _ => Ok(()),
    }
}

/// The latency that all but the share do not exceed.
fn threshold(now: Instant, sketch: &Sketch, settings: &HedgeSettings) -> Option<Micros> {
    sketch.percentile(now, 1_000 - settings.share_permille.min(1_000) as u16)
}

/// Where one of two attempts stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Standing {
    /// It failed.
    Failed,
    /// It has no outcome yet.
    Out,
    /// It has an answer.
    Succeeded,
}

impl From<Outcome> for Standing {
    fn from(outcome: Outcome) -> Standing {
        match outcome.vote() {
            Vote::Success => Standing::Succeeded,
            Vote::Failure | Vote::Neither => Standing::Failed,
        }
    }
}

/// Which of two attempts the caller is given.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Choice {
    /// The first one, whatever it is. A hedge that is out is superseded.
    First,
    /// The hedge. The first attempt, if it is out, is superseded.
    Hedge,
    /// None yet.
    Neither,
}

impl Choice {
    /// The first to succeed, or the first attempt's failure when both failed.
    ///
    /// ```
    /// use tidegate_core::{Choice, Standing};
    /// assert_eq!(Choice::between(Standing::Out, Standing::Failed), Choice::Neither);
    /// assert_eq!(Choice::between(Standing::Failed, Standing::Failed), Choice::First);
    /// ```
    #[must_use]
    pub const fn between(first: Standing, hedge: Standing) -> Choice {
        match (first, hedge) {
            (Standing::Succeeded, _) | (Standing::Failed, Standing::Failed) => Choice::First,
            (_, Standing::Succeeded) => Choice::Hedge,
            (Standing::Out, _) | (_, Standing::Out) => Choice::Neither,
        }
    }
}

/// How an attempt ended, for the sketch.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Ending {
    /// It has an answer.
    Answered,
    /// It failed, timed out, was cancelled by its caller, or superseded by the other attempt: it would have taken this long at least.
    Cut,
}

impl Ending {
    /// The latency to record for an attempt, if any; the driver reports each attempt, hedges included, when it is over or given up.
    ///
    /// An answer's counts. One that was cut off counts as what it took if that is no less than the delay, and not at all if it is less:
    /// where it would have ended above the delay is unknown, but it is above it, and that is all that the percentile depends on. A quick
    /// failure, a cancelled search or a hedge that was superseded at once is no quick answer.
    #[must_use]
    pub fn sample(
        self,
        now: Instant,
        sketch: &Sketch,
        took: Micros,
        settings: &HedgeSettings,
    ) -> Option<Micros> {
        let long = || threshold(now, sketch, settings).is_some_and(|slow| took >= slow);
        (self == Ending::Answered || long()).then_some(took)
    }
}

#[cfg(test)]
#[path = "tests/hedge.rs"]
mod tests;
