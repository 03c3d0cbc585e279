//! How many streams there are and were, by client.

use tidegate_contract::feed::{StreamCounts, Tally};
use tidegate_core::Instant;

/// As many as the fault program keeps apart.
const MAX_CLIENTS: usize = 4_096;
/// The name under which the others are counted.
const OTHERS: &str = "";

/// How many streams are being asked for within this second.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Crowd {
    second: u64,
    asked: u64,
}

impl Crowd {
    /// A stream is asked for, accepted or not.
    pub(crate) fn asked(&mut self, now: Instant, counts: &mut StreamCounts, client: &str) {
        let second = now.as_millis() / 1_000;
        if second != self.second {
            *self = Crowd { second, asked: 0 };
        }
        self.asked += 1;
        counts.peak_asked_per_second = counts.peak_asked_per_second.max(self.asked);
        count(counts, client, |tally| tally.asked += 1);
    }
}

/// A stream of this client was opened. Returns the name it is counted under.
pub(crate) fn opened(counts: &mut StreamCounts, client: &str) -> String {
    count(counts, client, |tally| {
        tally.open += 1;
        tally.total += 1;
        tally.peak = tally.peak.max(tally.open);
    })
}

/// A stream of this client was not accepted.
pub(crate) fn refused(counts: &mut StreamCounts, client: &str) {
    count(counts, client, |tally| tally.refused += 1);
}

/// Changes the count of all and that of a client. Returns the name it is counted under.
fn count(counts: &mut StreamCounts, client: &str, change: impl Fn(&mut Tally)) -> String {
    let known = counts.by_client.contains_key(client) || counts.by_client.len() < MAX_CLIENTS;
    let name = if known { client } else { OTHERS };
    change(&mut counts.all);
    change(counts.by_client.entry(name.to_owned()).or_default());
    name.to_owned()
}

/// A stream that is counted under this name is over.
pub(crate) fn closed(counts: &mut StreamCounts, name: &str) {
    let client = counts.by_client.get_mut(name);
    for tally in [Some(&mut counts.all), client].into_iter().flatten() {
        tally.open = tally.open.saturating_sub(1);
    }
}

/// Forgets everything but what is open.
pub(crate) fn restart(counts: &mut StreamCounts) {
    counts.by_client.retain(|_, tally| tally.open > 0);
    let open = |tally: &mut Tally| {
        tally.peak = tally.open;
        tally.total = tally.open;
        tally.asked = tally.open;
        tally.refused = 0;
    };
    counts.peak_asked_per_second = 0;
    open(&mut counts.all);
    counts.by_client.values_mut().for_each(open);
}
