//! What the page told, and what was seen at the stub, by channel. Times are milliseconds since the run began.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use tokio::time::Instant;

use super::kill::Kill;

#[derive(Debug)]
pub(crate) struct Notes {
    began: Instant,
    /// What the page's handlers were given, in order.
    pub(crate) read: BTreeMap<String, Vec<u64>>,
    /// What took effect at the stub, in order.
    pub(crate) applied: BTreeMap<String, Vec<u64>>,
    /// What was announced to the page.
    pub(crate) announced: BTreeMap<String, u64>,
    /// What the page handed in.
    pub(crate) handed_in: BTreeMap<String, u64>,
    pub(crate) acknowledged: BTreeSet<(String, u64)>,
    /// What became otherwise of a message than that it was acknowledged.
    pub(crate) odd: Vec<String>,
    /// How often each change was told.
    pub(crate) changes: BTreeMap<String, u32>,
    /// How long there was no connection, each time.
    pub(crate) downtimes: Vec<u64>,
    pub(crate) kills: Vec<(u64, Kill)>,
    /// How often it was open, or moved.
    pub(crate) opened: u32,
    pub(crate) done: bool,
}

impl Notes {
    pub(crate) fn new() -> Notes {
        Notes {
            began: Instant::now(),
            read: BTreeMap::new(),
            applied: BTreeMap::new(),
            announced: BTreeMap::new(),
            handed_in: BTreeMap::new(),
            acknowledged: BTreeSet::new(),
            odd: Vec::new(),
            changes: BTreeMap::new(),
            downtimes: Vec::new(),
            kills: Vec::new(),
            opened: 0,
            done: false,
        }
    }

    pub(crate) fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// What a page said.
    pub(crate) fn hear(&mut self, said: &Value) {
        for (channel, number) in pairs(&said["read"]) {
            self.read.entry(channel).or_default().push(number);
        }
        for (channel, number) in pairs(&said["handedIn"]) {
            self.handed_in.insert(channel, number);
        }
        self.acknowledged.extend(pairs(&said["acknowledged"]));
        for change in items(&said["changes"]) {
            let name = change["change"].as_str().unwrap_or_default();
            *self.changes.entry(name.to_owned()).or_default() += 1;
            if matches!(name, "open" | "moved") {
                self.opened += 1;
            }
            if name == "open" {
                self.downtimes.extend(change["downtimeMs"].as_u64());
            }
        }
        let at = self.now();
        for odd in items(&said["odd"]) {
            self.odd.push(format!("at {at} ms: {odd}"));
        }
        self.done |= said["done"].as_bool() == Some(true);
    }

    /// How much is still under way.
    pub(crate) fn is_quiet(&self) -> bool {
        let all = |of: &BTreeMap<String, Vec<u64>>, wanted: &BTreeMap<String, u64>| {
            let there = |(channel, number): (&String, &u64)| {
                of.get(channel).and_then(|all| all.iter().max()) >= Some(number)
            };
            wanted.iter().all(there)
        };
        self.done && all(&self.read, &self.announced) && all(&self.applied, &self.handed_in)
    }

    /// What a run that is stuck is told by.
    pub(crate) fn standing(&self) -> (usize, usize, usize) {
        let sum = |of: &BTreeMap<String, Vec<u64>>| of.values().map(Vec::len).sum();
        (sum(&self.read), sum(&self.applied), self.acknowledged.len())
    }
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn pairs(value: &Value) -> impl Iterator<Item = (String, u64)> + '_ {
    items(value).filter_map(|pair| Some((pair[0].as_str()?.to_owned(), pair[1].as_u64()?)))
}
