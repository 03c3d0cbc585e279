//! Everything a client can read and write: the seed's catalogue, and what has been written over it.
//!
//! The catalogue itself never changes. Writes are kept beside it and looked at first, so going back to the known state is forgetting
//! them. Nothing a client does makes it grow without end: what clients write takes at most [`Budget::MAX`] bytes, after which writes
//! are refused with 507; the audit log keeps its latest [`Log::CAPACITY`] lines; keys and their answers are forgotten, oldest first,
//! beyond [`Keys::CAPACITY`] and [`Keys::MAX_BYTES`]. With 10,000 assets that is 180 KB at the start, with a million 18 MB; full of
//! everything it can hold, it is some 80 MB more.
//!
//! One lock guards all of it and is held for one read or one write. Scans of the whole list work on a [`Snapshot`], which is taken
//! under the lock and read without it.

mod access;
mod assets;
mod budget;
mod deed;
mod edit;
mod effects;
mod handle;
mod keys;
mod log;
mod policy;
mod precondition;
mod quality;
mod refusal;
mod snapshot;
mod violations;
mod window;

use std::collections::BTreeMap;
use std::sync::Arc;

use tidegate_contract::{AccessDecision, AccessStatus, AuditEntry, GovernanceEvent, KeyEffects};

use crate::api::Effect;
use crate::catalog::{Catalog, Place};
use access::Asked;
use budget::Budget;
pub(crate) use deed::{Deed, Written};
use effects::Effects;
pub(crate) use keys::{Claim, Kept, Keys, Ticket};
use log::Log;
pub(crate) use policy::{POLICIES, policy};
pub(crate) use precondition::Precondition;
use quality::Ordered;
pub(crate) use refusal::Refusal;
pub(crate) use snapshot::Snapshot;
pub(crate) use window::Window;

/// The data of one stub.
#[derive(Debug)]
pub(crate) struct Data {
    snapshot: Snapshot,
    /// Runs of checks that clients asked for, in order.
    runs: BTreeMap<Place, Vec<Ordered>>,
    /// Access requests made by clients, in order; their indices follow the seed's.
    asked: Vec<Asked>,
    /// What has been decided since, by the request's index.
    decided: BTreeMap<u32, (AccessStatus, AccessDecision)>,
    log: Log,
    effects: Effects,
    budget: Budget,
    /// Idempotency keys and the answers that belong to them.
    pub(crate) keys: Keys,
}

impl Data {
    /// The data of a seed with this many assets.
    #[cfg(test)]
    pub(crate) fn generate(seed: u64, count: usize) -> Data {
        Data::over(Arc::new(Catalog::generate(seed, count)))
    }

    /// Data over a catalogue that others may use too.
    pub(crate) fn over(catalog: Arc<Catalog>) -> Data {
        Data {
            snapshot: Snapshot::of(catalog),
            runs: BTreeMap::new(),
            asked: Vec::new(),
            decided: BTreeMap::new(),
            log: Log::default(),
            effects: Effects::default(),
            budget: Budget::default(),
            keys: Keys::default(),
        }
    }

    /// Back to the known state; takes as long as there is something to forget.
    pub(crate) fn reset(&mut self) {
        let mut keys = std::mem::take(&mut self.keys);
        keys.clear();
        *self = Data {
            keys,
            ..Data::over(self.snapshot.catalog().clone())
        };
    }

    /// The assets and violations as they stand, to be read without the lock.
    pub(crate) fn snapshot(&self) -> Snapshot {
        self.snapshot.clone()
    }

    /// Whether this is not the first effect of its key.
    pub(crate) fn has_repeated(&self, effect: &Effect) -> bool {
        let key = effect.key.as_deref();
        key.is_some_and(|key| self.effects.of(&effect.client, key) > 1)
    }

    /// How often the writes with each key took effect, oldest key first.
    pub(crate) fn key_effects(&self) -> Vec<KeyEffects> {
        self.effects.by_key()
    }

    /// How many writes took effect since the last reset, with or without a key.
    pub(crate) fn effects(&self) -> u64 {
        self.effects.total()
    }

    /// Bytes of what clients have written, of [`Budget::MAX`].
    pub(crate) fn written_bytes(&self) -> usize {
        self.budget.used()
    }

    /// The last act of every write: counts it, and writes it down unless it was a line of the log itself.
    fn done<T>(
        &mut self,
        deed: &Deed,
        target: String,
        value: T,
        events: Vec<GovernanceEvent>,
    ) -> Written<T> {
        let what = events.first().map_or("nothing", GovernanceEvent::name);
        let line = self.write_down(deed, what, target, None);
        self.counted(deed, what, line, value, events)
    }

    /// Something happened that nobody wrote: it changes nothing, and leaves a line like everything else. The line's number.
    pub(crate) fn write_down(
        &mut self,
        deed: &Deed,
        what: &str,
        target: String,
        note: Option<String>,
    ) -> u64 {
        self.log.push(AuditEntry {
            seq: 0,
            at: deed.at_ms,
            who: deed.client.clone(),
            action: what.to_owned(),
            target,
            key: deed.key.clone(),
            note,
        })
    }

    fn counted<T>(
        &mut self,
        deed: &Deed,
        what: &'static str,
        line: u64,
        value: T,
        events: Vec<GovernanceEvent>,
    ) -> Written<T> {
        self.effects.count(deed);
        Written {
            value,
            what,
            line,
            events,
        }
    }
}

#[cfg(test)]
mod tests;
