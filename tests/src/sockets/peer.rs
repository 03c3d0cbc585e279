//! A client by the law of another library.

use tidegate_contract::Draw;

use super::client::{Act, Client};
use super::law::Law;

#[derive(Clone, Copy, Debug)]
enum Phase {
    /// Its next attempt is due then; never, where it has given up.
    Waiting(Option<u64>),
    /// It waits to be accepted, until then at most.
    Opening(Option<u64>),
    Open,
}

/// One of a fleet.
#[derive(Debug)]
pub(super) struct Peer {
    law: Law,
    luck: Draw,
    attempts: u32,
    phase: Phase,
}

impl Peer {
    pub(super) fn new(law: Law, luck: Draw) -> Peer {
        let mut peer = Peer {
            law,
            luck,
            attempts: 0,
            phase: Phase::Open,
        };
        peer.lost(0);
        peer
    }

    /// There is no connection: when the next is tried.
    fn lost(&mut self, now: u64) {
        let luck = self.luck.at(u64::from(self.attempts) + 1);
        let wait = (self.law.delay_ms)(self.attempts, self.luck.at(0), luck, now / 1_000);
        self.phase = Phase::Waiting(wait.map(|wait| now + (wait * 1_000.0) as u64));
    }

    fn is_opening(&self, link: u64) -> bool {
        matches!(self.phase, Phase::Opening(_)) && link == u64::from(self.attempts)
    }
}

impl Client for Peer {
    fn poll(&mut self, now: u64) -> Act {
        if let Phase::Opening(Some(until)) = self.phase
            && until <= now
        {
            self.lost(now);
        }
        match self.phase {
            Phase::Waiting(Some(at)) if at <= now => {
                self.attempts += 1;
                let timeout = self.law.timeout_ms;
                self.phase = Phase::Opening(timeout.map(|timeout| now + timeout * 1_000));
                Act::Connect(self.attempts.into())
            }
            Phase::Waiting(until) | Phase::Opening(until) => Act::Wait(until),
            Phase::Open => Act::Wait(None),
        }
    }

    fn refused(&mut self, now: u64, link: u64) {
        if self.is_opening(link) {
            self.lost(now);
        }
    }

    fn accepted(&mut self, now: u64, link: u64) -> bool {
        // Whose time is over at this moment has left.
        let there = match self.phase {
            Phase::Opening(until) => until.is_none_or(|until| now < until),
            _ => false,
        };
        let mine = there && self.is_opening(link);
        if mine {
            self.phase = Phase::Open;
        }
        mine
    }
}
