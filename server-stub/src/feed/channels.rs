//! The channels there are.
//!
//! The stub opens them, never a client: subscribing to a name that nobody opened is an error, as on a server with declared namespaces.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;
use tidegate_contract::feed::GOVERNANCE;
use tidegate_core::mix;

use crate::feed::history::{History, Post};

/// Each has a memory of up to half a mebibyte. Beyond this many, messages for further channels are dropped.
const MAX_CHANNELS: usize = 64;

/// All channels by name.
#[derive(Debug)]
pub(crate) struct Channels {
    seed: u64,
    resets: u64,
    by_name: BTreeMap<String, History>,
}

impl Channels {
    /// The governance channel alone.
    pub(crate) fn new(seed: u64) -> Channels {
        let mut channels = Channels {
            seed,
            resets: 0,
            by_name: BTreeMap::new(),
        };
        channels.open(GOVERNANCE);
        channels
    }

    /// Opens a channel, unless it is open already or there are too many. Returns whether it is there.
    pub(crate) fn open(&mut self, name: &str) -> bool {
        let known = self.by_name.contains_key(name);
        if !known && self.by_name.len() < MAX_CHANNELS {
            let history = History::new(name, self.seed ^ mix(self.resets));
            self.by_name.insert(name.to_owned(), history);
            return true;
        }
        known
    }

    /// The governance channel alone again, empty. Its epoch is another one: a client may have kept a position from before.
    pub(crate) fn reset(&mut self) {
        self.resets += 1;
        self.by_name.clear();
        self.open(GOVERNANCE);
    }

    /// The memory of a channel.
    pub(crate) fn history(&self, name: &str) -> Option<&History> {
        self.by_name.get(name)
    }

    /// The memory of a channel, to be changed.
    pub(crate) fn history_mut(&mut self, name: &str) -> Option<&mut History> {
        self.by_name.get_mut(name)
    }

    /// Adds a message to a channel that is there.
    pub(crate) fn publish(&mut self, name: &str, data: Value) -> Option<Arc<Post>> {
        Some(self.by_name.get_mut(name)?.publish(data, None))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_from_before_a_reset_are_void() {
        let mut channels = Channels::new(1);
        let before = channels.history(GOVERNANCE).map(History::position);
        channels.reset();
        assert_ne!(channels.history(GOVERNANCE).map(History::position), before);
    }

    #[test]
    fn the_number_of_channels_is_bounded() {
        let mut channels = Channels::new(1);
        let opened = (0..100).filter(|n| channels.open(&n.to_string())).count();
        assert_eq!(opened, MAX_CHANNELS - 1);
        assert!(channels.open("0") && channels.publish("99", Value::Null).is_none());
    }
}
