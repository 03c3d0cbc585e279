//! How many streams there are and were, by client.

use tidegate_contract::feed::{StreamCounts, Tally};

/// As many as the fault program keeps apart.
const MAX_CLIENTS: usize = 4_096;
/// The name under which the others are counted.
const OTHERS: &str = "";

/// A stream of this client was opened. Returns the name it is counted under.
pub(crate) fn opened(counts: &mut StreamCounts, client: &str) -> String {
    let known = counts.by_client.contains_key(client) || counts.by_client.len() < MAX_CLIENTS;
    let name = if known { client } else { OTHERS };
    for tally in [
        &mut counts.all,
        counts.by_client.entry(name.to_owned()).or_default(),
    ] {
        tally.open += 1;
        tally.total += 1;
        tally.peak = tally.peak.max(tally.open);
    }
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
    };
    open(&mut counts.all);
    counts.by_client.values_mut().for_each(open);
}
