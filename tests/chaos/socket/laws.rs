//! What must be so in the end.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::notes::Notes;

#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Breach {
    pub(crate) law: &'static str,
    what: String,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "- {}: {}", self.law, self.what)
    }
}

/// Every law that was broken.
pub(crate) fn breaches(notes: &Notes) -> Vec<Breach> {
    let mut breaches = Vec::new();
    one_way(&notes.announced, &notes.read, "to the page", &mut breaches);
    one_way(
        &notes.handed_in,
        &notes.applied,
        "from the page",
        &mut breaches,
    );
    for (channel, number) in &notes.acknowledged {
        let applied = notes.applied.get(channel);
        if !applied.is_some_and(|all| all.contains(number)) {
            breaches.push(Breach {
                law: "what is acknowledged took effect",
                what: format!("{number} of {channel} did not"),
            });
        }
    }
    breaches.extend(notes.odd.iter().map(|what| Breach {
        law: "what is handed in is acknowledged",
        what: what.clone(),
    }));
    for change in ["snapshot", "session-lost", "passed-over", "stopped"] {
        if let Some(times) = notes.changes.get(change) {
            breaches.push(Breach {
                law: "nothing has to be read anew or given up",
                what: format!("`{change}` was told {times} times"),
            });
        }
    }
    breaches
}

/// Numbers from 1 to the last one of each channel, once and in order.
fn one_way(
    wanted: &BTreeMap<String, u64>,
    got: &BTreeMap<String, Vec<u64>>,
    way: &str,
    breaches: &mut Vec<Breach>,
) {
    for (channel, last) in wanted {
        let nothing = Vec::new();
        let got = got.get(channel).unwrap_or(&nothing);
        let mut breach = |law, numbers: &[u64]| {
            if let Some(first) = numbers.first() {
                let count = numbers.len();
                let what = format!("{count} {way} in {channel}, the first is {first}");
                breaches.push(Breach { law, what });
            }
        };
        let seen: BTreeSet<u64> = got.iter().copied().collect();
        let missing: Vec<u64> = (1..=*last)
            .filter(|number| !seen.contains(number))
            .collect();
        breach("nothing is lost", &missing);
        let mut once = BTreeSet::new();
        let twice: Vec<u64> = got.iter().copied().filter(|n| !once.insert(*n)).collect();
        breach("nothing comes twice", &twice);
        let turned = got.windows(2).filter(|pair| pair[0] > pair[1]);
        breach(
            "order is kept",
            &turned.map(|pair| pair[1]).collect::<Vec<_>>(),
        );
        let unknown: Vec<u64> = seen.into_iter().filter(|number| number > last).collect();
        breach("nothing is made up", &unknown);
    }
}
