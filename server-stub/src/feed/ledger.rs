//! Which commands have been carried out: for clients that send them again on the next connection.
//!
//! A client numbers the commands of one session from 1 and keeps those that are not acknowledged. The ledger accepts each number once
//! and in order, so one acknowledgement covers everything before it. It remembers 4,096 sessions; the one that was quiet for longest
//! makes room.

use std::collections::HashMap;

const MAX_SESSIONS: usize = 4_096;

/// The last number carried out, by session.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    sessions: HashMap<String, Line>,
    uses: u64,
}

#[derive(Debug, Default)]
struct Line {
    acked: u64,
    used: u64,
}

/// What to do with a numbered command.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Turn {
    /// It is the next one: carry it out.
    Due,
    /// It was carried out before: say so again.
    Done,
    /// One before it is missing.
    Early,
}

impl Ledger {
    /// The last number of a session that was carried out.
    pub(crate) fn acked(&self, session: &str) -> u64 {
        self.sessions.get(session).map_or(0, |line| line.acked)
    }

    /// Decides about a numbered command; a due one counts as carried out from now on.
    pub(crate) fn take(&mut self, session: &str, seq: u64) -> Turn {
        self.uses += 1;
        if !self.sessions.contains_key(session) && self.sessions.len() >= MAX_SESSIONS {
            self.forget_quietest();
        }
        let line = self.sessions.entry(session.to_owned()).or_default();
        line.used = self.uses;
        if seq <= line.acked {
            return Turn::Done;
        }
        if seq > line.acked + 1 {
            return Turn::Early;
        }
        line.acked = seq;
        Turn::Due
    }

    fn forget_quietest(&mut self) {
        let quietest = self.sessions.iter().min_by_key(|(_, line)| line.used);
        if let Some(name) = quietest.map(|(name, _)| name.clone()) {
            self.sessions.remove(&name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_is_due_once_and_in_order() {
        let mut ledger = Ledger::default();
        let turns = [1, 1, 3, 2, 3].map(|seq| ledger.take("s", seq));
        assert_eq!(
            turns,
            [Turn::Due, Turn::Done, Turn::Early, Turn::Due, Turn::Due]
        );
        assert_eq!((ledger.acked("s"), ledger.acked("t")), (3, 0));
    }

    #[test]
    fn the_quietest_session_makes_room() {
        let mut ledger = Ledger::default();
        for n in 0..MAX_SESSIONS {
            let _ = ledger.take(&n.to_string(), 1);
        }
        let _ = ledger.take("0", 2);
        let _ = ledger.take("new", 1);
        assert_eq!(ledger.sessions.len(), MAX_SESSIONS);
        assert_eq!((ledger.acked("0"), ledger.acked("1")), (2, 0));
    }
}
