//! One run: a fleet, the server's backlog, and one loop of virtual time.
//!
//! The network takes no time. All luck is drawn by hash of the seed and the client, so that the same seed gives the same run.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use tidegate_contract::Draw;

use super::case::Case;
use super::client::{Act, Client};
use super::queue::{Place, Queue};

/// After half an hour whoever is not back counts as lost.
const HORIZON: u64 = 1_800_000_000;
const SECOND: u64 = 1_000_000;

/// A run.
#[derive(Clone, Debug)]
pub struct Record {
    /// What was run.
    pub case: Case,
    /// When each of those that are back was accepted, in microseconds after the drop, in order.
    pub back: Vec<u64>,
    /// Attempts that reached the server, second by second.
    pub tried: Vec<u64>,
    /// The most attempts of one client.
    pub most: u32,
    /// Turns of the server that nobody was there for any more.
    pub missed: u64,
}

struct Fleet<C> {
    /// Whoever is back is remembered no longer.
    clients: Vec<Option<Box<C>>>,
    attempts: Vec<u32>,
    /// When each wants to be asked, as far as the heap knows.
    due: Vec<u64>,
    wakes: BinaryHeap<Reverse<(u64, u32)>>,
    queue: Queue,
    record: Record,
}

/// Runs a fleet.
pub(super) fn run<C: Client>(case: &Case, seed: u64, make: impl Fn(Draw) -> C) -> Record {
    let root = Draw::from_seed(seed);
    let clients = case.clients as usize;
    let mut fleet = Fleet {
        clients: Vec::with_capacity(clients),
        attempts: vec![0; clients],
        due: vec![u64::MAX; clients],
        wakes: BinaryHeap::with_capacity(clients),
        queue: Queue::new(case),
        record: Record {
            case: case.clone(),
            back: Vec::with_capacity(clients),
            tried: Vec::new(),
            most: 0,
            missed: 0,
        },
    };
    for number in 0..case.clients {
        let client = make(root.at(number.into()));
        fleet.clients.push(Some(Box::new(client)));
    }
    for number in 0..case.clients {
        fleet.drive(0, number);
    }
    fleet.go();
    fleet.record.most = fleet.attempts.iter().copied().max().unwrap_or(0);
    fleet.record
}

impl<C: Client> Fleet<C> {
    fn go(&mut self) {
        loop {
            let wake = self.wakes.peek().map(|Reverse((at, _))| *at);
            let accept = self.queue.due();
            let now = match (wake, accept) {
                (Some(wake), Some(accept)) => wake.min(accept),
                (Some(at), None) | (None, Some(at)) => at,
                (None, None) => return,
            };
            let done = self.record.back.len() == self.clients.len();
            if now >= HORIZON || done {
                return;
            }
            if accept.is_some_and(|at| at <= now) {
                self.accept(now);
            } else if let Some(Reverse((at, number))) = self.wakes.pop()
                && self.due.get(number as usize) == Some(&at)
            {
                if let Some(due) = self.due.get_mut(number as usize) {
                    *due = u64::MAX;
                }
                self.drive(now, number);
            }
        }
    }

    fn accept(&mut self, now: u64) {
        let Some(Place { client, link }) = self.queue.accept() else {
            return;
        };
        let Some(slot) = self.clients.get_mut(client as usize) else {
            return;
        };
        let there = slot.as_mut().is_some_and(|it| it.accepted(now, link));
        if there {
            *slot = None;
            self.record.back.push(now);
        } else {
            self.record.missed += 1;
        }
    }

    /// Does what a client wants until it wants to wait.
    fn drive(&mut self, now: u64, number: u32) {
        let index = number as usize;
        loop {
            let Some(client) = self.clients.get_mut(index).and_then(Option::as_mut) else {
                return;
            };
            match client.poll(now) {
                Act::Connect(link) => {
                    self.attempts[index] += 1;
                    let second = (now / SECOND) as usize;
                    if self.record.tried.len() <= second {
                        self.record.tried.resize(second + 1, 0);
                    }
                    self.record.tried[second] += 1;
                    let place = Place {
                        client: number,
                        link,
                    };
                    if !self.queue.takes(now, place) {
                        client.refused(now, link);
                    }
                }
                Act::Wait(until) => {
                    let until = until.unwrap_or(u64::MAX).max(now);
                    if until < HORIZON && until != self.due[index] {
                        self.due[index] = until;
                        self.wakes.push(Reverse((until, number)));
                    }
                    return;
                }
            }
        }
    }
}
