//! How a brownout went.

use std::ops::Range;

use serde::Serialize;
use tidegate_contract::Crowd;

use crate::brownout::{HEAL_AT, LAST_MINUTE, PEACE};

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Outcome {
    /// How many of a thousand intents were answered before their users saw an error, before there was a cause.
    fresh_in_peace_permille: u64,
    /// The same in the last minute.
    fresh_at_the_end_permille: u64,
    /// Seconds of the space from the end of the cause to the first of ten fresh ones.
    recovered_after_s: Option<u64>,
    /// How much of the pool's work was for nobody.
    waste_permille: u64,
    amplification_permille: u64,
}

impl Outcome {
    pub(crate) const HEADS: [&str; 5] = [
        "fresh before",
        "at the end",
        "recovered",
        "for nobody",
        "attempts each",
    ];

    pub(crate) fn of(crowd: &Crowd, useful: u64, wasted: u64) -> Outcome {
        let after: Vec<_> = crowd.seconds().filter(|s| s.second >= HEAL_AT).collect();
        let fresh = after
            .windows(10)
            .find(|ten| ten.iter().all(|second| second.is_fresh()));
        Outcome {
            fresh_in_peace_permille: fresh_permille(crowd, PEACE),
            fresh_at_the_end_permille: fresh_permille(crowd, LAST_MINUTE),
            recovered_after_s: fresh.map(|ten| ten[0].second - HEAL_AT),
            waste_permille: wasted * 1_000 / (useful + wasted).max(1),
            amplification_permille: crowd.totals().amplification_permille(),
        }
    }

    /// The cells of a table's row.
    pub(crate) fn cells(&self) -> [String; 5] {
        let recovered = match self.recovered_after_s {
            Some(seconds) => format!("after {seconds} s"),
            None => "never".to_owned(),
        };
        let percent = |permille: u64| format!("{:.1}%", permille as f64 / 10.0);
        let attempts = self.amplification_permille as f64 / 1_000.0;
        [
            percent(self.fresh_in_peace_permille),
            percent(self.fresh_at_the_end_permille),
            recovered,
            percent(self.waste_permille),
            format!("{attempts:.2}"),
        ]
    }
}

fn fresh_permille(crowd: &Crowd, seconds: Range<u64>) -> u64 {
    let during = crowd.seconds().filter(|s| seconds.contains(&s.second));
    let (answered, intents) = during.fold((0, 0), |(answered, intents), second| {
        (
            answered + u64::from(second.answered),
            intents + u64::from(second.intents),
        )
    });
    answered * 1_000 / intents.max(1)
}
