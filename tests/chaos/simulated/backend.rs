//! A backend that heeds keys and fails before, while and after it applies a write; and what it was sent, for the laws.

use std::collections::HashMap;

use tidegate_core::{Head, Millis, Outcome};

use crate::luck::Luck;

/// A request under way.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) write: usize,
    pub(super) entry: u64,
    pub(super) lane: usize,
    pub(super) owner: usize,
    /// Who sends it.
    pub(super) sender: usize,
    /// How old its token is.
    pub(super) token: u32,
}

#[derive(Debug, Default)]
pub(super) struct Backend {
    /// How often each write took effect.
    pub(super) effects: Vec<u32>,
    /// The entry that was applied last in each lane.
    last: HashMap<usize, u64>,
    pub(super) breaches: Vec<String>,
    pub(super) calls: u64,
    /// Of a thousand requests, how many meet a fault.
    pub(super) bad: usize,
}

impl Backend {
    /// A request arrives. What its sender hears; none: never anything.
    pub(super) fn arrive(&mut self, sent: &Sent, good: u32, luck: &mut Luck) -> Option<Outcome> {
        self.calls += 1;
        if sent.owner != sent.sender {
            let (write, sender) = (sent.write, sent.sender);
            self.breaches
                .push(format!("write {write} was sent by {sender}"));
        }
        if sent.token < good {
            return Some(status(401));
        }
        if !luck.permille(self.bad) {
            self.apply(sent);
            return Some(status(200));
        }
        match luck.below(12) {
            0 => Some(status(503)),
            1 => Some(asked(luck)),
            2 => Some(status(500)),
            3 => Some(status(403)),
            4 => Some(status(409)),
            5 => Some(Outcome::Unreachable),
            6 => None,
            fault => {
                self.apply(sent);
                match fault {
                    7 => Some(status(500)),
                    8 => Some(status(502)),
                    9 => Some(Outcome::Unreachable),
                    10 => Some(Outcome::TimedOut),
                    _ => None,
                }
            }
        }
    }

    fn apply(&mut self, sent: &Sent) {
        let effects = &mut self.effects[sent.write];
        // Its key is known.
        if *effects > 0 {
            return;
        }
        *effects += 1;
        let last = self.last.entry(sent.lane).or_default();
        if *last > sent.entry {
            let (write, entry) = (sent.write, sent.entry);
            let breach =
                format!("write {write}, entry {entry}, was applied after entry {last} of its lane");
            self.breaches.push(breach);
        }
        *last = sent.entry.max(*last);
    }
}

const fn status(status: u16) -> Outcome {
    Outcome::Head(Head {
        status,
        retry_after: None,
    })
}

fn asked(luck: &mut Luck) -> Outcome {
    Outcome::Head(Head {
        status: 429,
        retry_after: Some(Millis(luck.between(1, 2_000) as u64)),
    })
}
