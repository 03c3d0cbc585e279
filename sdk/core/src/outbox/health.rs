//! How the outbox is.

use super::machine::Outbox;
use super::state::{EntryState, State};
use crate::engine::Engine;
use crate::record::record;
use crate::time::{Instant, Wall};

record! {
    /// How the outbox is, as far as the present identity's entries go.
    pub struct OutboxHealth {
        /// Entries that are to go still; dead letters are not among them.
        pub length: u32,
        /// The bytes of all bodies, dead letters included.
        pub bytes: u64,
        /// The age of the oldest that is to go still, in milliseconds; left out when there is none.
        pub oldest_ms: Option<u64>,
        /// Entries that may go as soon as it is their turn.
        pub waiting: u32,
        /// Entries that are out.
        pub sending: u32,
        /// Entries that failed and go again later.
        pub resting: u32,
        /// Entries that wait until somebody signs in; while there are any, all others wait as well.
        pub parked: u32,
        /// Entries of which nobody knows whether they were applied: somebody has to decide.
        pub in_doubt: u32,
        /// Dead letters: somebody has to decide.
        pub dead: u32,
        /// Entries that come after a dead letter, or one in doubt, and wait for what is decided about it.
        pub held_up: u32,
        /// Entries of other identities.
        pub others: u32,
        /// Records that this release cannot read; they are left as they are.
        pub unreadable: u32,
    }
}

impl OutboxHealth {
    /// That of a queue with nothing in it.
    pub(crate) const EMPTY: OutboxHealth = OutboxHealth {
        length: 0,
        bytes: 0,
        oldest_ms: None,
        waiting: 0,
        sending: 0,
        resting: 0,
        parked: 0,
        in_doubt: 0,
        dead: 0,
        held_up: 0,
        others: 0,
        unreadable: 0,
    };
}

impl Outbox {
    /// Whether what is known is what is stored, as far as anybody has said.
    #[must_use]
    pub fn is_read(&self) -> bool {
        self.read
    }

    /// Tells the engine how it is now, where nothing is drained that would.
    pub fn report(&self, engine: &mut Engine, now: Instant, wall: Wall) {
        engine.report_outbox(now, self.health(wall));
    }

    /// How it is now.
    #[must_use]
    pub fn health(&self, wall: Wall) -> OutboxHealth {
        let mut health = OutboxHealth {
            others: self
                .queue
                .entries
                .values()
                .filter(|it| !self.is_own(it))
                .count() as u32,
            unreadable: self.unreadable,
            ..OutboxHealth::EMPTY
        };
        for entry in self.entries() {
            health.bytes = health.bytes.saturating_add(entry.bytes);
            let count = match entry.state.word() {
                EntryState::Dead => &mut health.dead,
                EntryState::InDoubt => &mut health.in_doubt,
                EntryState::Parked => &mut health.parked,
                EntryState::Resting => &mut health.resting,
                EntryState::Sending => &mut health.sending,
                EntryState::Unknown | EntryState::Waiting => &mut health.waiting,
            };
            *count += 1;
            if entry.state.is_dead() {
                continue;
            }
            health.length += 1;
            health.oldest_ms = health.oldest_ms.max(Some(entry.age(wall).0));
            let stuck = |state: &State| state.is_dead() || *state == State::InDoubt;
            let stuck =
                |after: &super::After| self.own(after.id).is_some_and(|it| stuck(&it.state));
            health.held_up += u32::from(entry.after.iter().any(stuck));
        }
        health
    }
}
