//! A fleet that was dropped all at once, before a server that accepts so many connections a second.
//!
//! The model: a backlog of two seconds of work, first come first served; what comes when it is full is refused at once; who gives up has
//! taken its place all the same. All are dropped at 0, the server is down for a while.

extern crate std;

use alloc::collections::{BinaryHeap, VecDeque};
use alloc::vec::Vec;
use core::cmp::Reverse;

use crate::session::{Hint, Input, LinkId, Manner, Moment, Protocol, Session, Step};
use crate::testing::test;
use crate::{Engine, Instant, Millis, Settings, Wall};

/// Where all were dropped: everybody had been connected for a minute.
const DROP: u64 = 61_000;

struct Client {
    engine: Engine,
    session: Session,
    attempts: u32,
    back: Option<u64>,
    due: Instant,
}

struct Fleet {
    clients: Vec<Client>,
    /// Connections that wait to be accepted.
    backlog: VecDeque<(usize, LinkId)>,
    room: usize,
    per_second: u64,
    up_at: u64,
    /// Attempts by second.
    tried: Vec<u32>,
    wakes: BinaryHeap<Reverse<(Instant, usize)>>,
}

/// What came of it.
struct Result {
    peak: f64,
    /// When 99 in a hundred were back, by when they could have been.
    t99: f64,
    attempts: f64,
    lost: usize,
}

fn at(now: Instant) -> Moment {
    Moment {
        now,
        wall: Wall(1_700_000_000_000 + now.as_millis()),
    }
}

impl Fleet {
    fn new(
        clients: usize,
        per_second: u64,
        down: u64,
        backlog_s: u64,
        hint: Option<Hint>,
        code: u16,
    ) -> Fleet {
        let mut fleet = Fleet {
            clients: Vec::new(),
            backlog: VecDeque::new(),
            room: (per_second * backlog_s) as usize,
            per_second,
            up_at: DROP + down,
            tried: Vec::new(),
            wakes: BinaryHeap::new(),
        };
        for number in 0..clients {
            let seed = crate::mix(number as u64 + 1);
            let mut engine = Engine::new(Settings::default(), seed).unwrap();
            let scope = engine.scope("https://a.example", "/feed");
            let mut session = Session::new(Manner::new(Protocol::Raw, "s"), scope, seed).unwrap();
            let start = at(Instant::from_millis(1_000));
            session.reconnect(&mut engine, start);
            let link = loop {
                match session.poll(&mut engine, start) {
                    Step::Resolve { link, .. } => {
                        session.on(&mut engine, start, Input::Provided { link });
                    }
                    Step::Connect { link, .. } => break link,
                    _ => {}
                }
            };
            session.on(&mut engine, start, Input::Opened { link });
            session.on(
                &mut engine,
                start,
                hint.map_or(Input::Hidden(false), Input::Hint),
            );
            let dropped = at(Instant::from_millis(DROP));
            while !matches!(session.poll(&mut engine, dropped), Step::Wait(_)) {}
            session.on(&mut engine, dropped, Input::Closed { link, code });
            fleet.clients.push(Client {
                engine,
                session,
                attempts: 0,
                back: None,
                due: Instant::NEVER,
            });
            fleet.drive(number, dropped);
        }
        fleet
    }

    /// Does what a session asks for.
    fn drive(&mut self, number: usize, at: Moment) {
        loop {
            let Client {
                engine, session, ..
            } = &mut self.clients[number];
            match session.poll(engine, at) {
                Step::Resolve { link, .. } => session.on(engine, at, Input::Provided { link }),
                Step::Connect { link, .. } => self.arrive(number, link, at),
                Step::Wait(until) => {
                    self.clients[number].due = until;
                    if until < Instant::NEVER {
                        self.wakes.push(Reverse((until, number)));
                    }
                    return;
                }
                // Who gives up stays in the backlog.
                _ => {}
            }
        }
    }

    fn arrive(&mut self, number: usize, link: LinkId, at: Moment) {
        let now = at.now.as_millis();
        self.clients[number].attempts += 1;
        let second = ((now - DROP) / 1_000) as usize;
        if self.tried.len() <= second {
            self.tried.resize(second + 1, 0);
        }
        self.tried[second] += 1;
        if now < self.up_at || self.backlog.len() >= self.room {
            let Client {
                engine, session, ..
            } = &mut self.clients[number];
            session.on(engine, at, Input::Closed { link, code: 1_006 });
        } else {
            self.backlog.push_back((number, link));
        }
    }

    fn run(mut self, seconds: u64, down: u64) -> Result {
        let step = 10;
        let mut credit = 0;
        for tick in 0..seconds * 1_000 / step {
            let now = Instant::from_millis(DROP + tick * step);
            while let Some(Reverse((due, number))) = self.wakes.peek().copied() {
                if due > now {
                    break;
                }
                self.wakes.pop();
                if self.clients[number].due == due {
                    self.drive(number, at(due));
                }
            }
            if now.as_millis() < self.up_at {
                continue;
            }
            credit += self.per_second * step;
            while credit >= 1_000 {
                credit -= 1_000;
                let Some((number, link)) = self.backlog.pop_front() else {
                    credit = 0;
                    break;
                };
                let client = &mut self.clients[number];
                if client.session.link() == Some(link) {
                    let at = at(now);
                    client
                        .session
                        .on(&mut client.engine, at, Input::Opened { link });
                    client.back = Some(now.as_millis() - DROP);
                    self.drive(number, at);
                }
            }
        }
        let clients = self.clients.len();
        let mut back: Vec<u64> = self
            .clients
            .iter()
            .filter_map(|client| client.back)
            .collect();
        back.sort_unstable();
        let t99 = back.get(clients * 99 / 100 - 1).copied();
        let ideal = down as f64 + 990.0 * clients as f64 / self.per_second as f64;
        let attempts: u32 = self.clients.iter().map(|client| client.attempts).sum();
        Result {
            peak: f64::from(self.tried.iter().copied().max().unwrap_or(0)) / self.per_second as f64,
            t99: t99.map_or(f64::INFINITY, |t99| t99 as f64 / ideal),
            attempts: f64::from(attempts) / clients as f64,
            lost: clients - back.len(),
        }
    }
}

/// As wide as it takes to accept everybody, and a tenth more.
fn told(clients: u64, per_second: u64) -> Option<Hint> {
    Some(Hint {
        min: Millis::ZERO,
        window: Millis(clients * 1_100 / per_second),
    })
}

fn report(name: &str, result: &Result) {
    std::println!(
        "{name}: peak {:.2} of the rate, T99 {:.2} of ideal, {:.2} attempts, {} lost",
        result.peak,
        result.t99,
        result.attempts,
        result.lost
    );
}

#[test]
fn a_fleet_that_was_told_comes_back_as_fast_as_it_is_accepted_in_one_attempt_each() {
    for (clients, rate) in [(2_000, 200), (10_000, 500)] {
        let fleet = Fleet::new(clients, rate, 0, 2, told(clients as u64, rate), 1_012);
        let result = fleet.run(120, 0);
        report("told", &result);
        assert!(result.peak <= 1.2 && result.t99 <= 1.15 && result.attempts <= 1.1);
        assert_eq!(result.lost, 0);
    }
}

#[test]
fn a_fleet_that_was_told_and_meets_ten_seconds_of_nothing_is_back_soon_after() {
    // With forty clients for each that is accepted in a second those who come early meet those who come in time.
    for (clients, rate) in [(2_000, 200), (4_000, 100), (10_000, 500)] {
        let fleet = Fleet::new(clients, rate, 10_000, 2, told(clients as u64, rate), 1_006);
        let result = fleet.run(300, 10_000);
        report("told, down", &result);
        assert!(result.t99 <= 1.35 && result.attempts <= 3.5);
        assert_eq!(result.lost, 0);
    }
}

#[test]
fn a_fleet_that_nobody_told_needs_four_attempts_each_and_loses_nobody() {
    for (clients, rate, down) in [(2_000, 20, 0), (5_000, 50, 10_000)] {
        let fleet = Fleet::new(clients, rate, down, 2, None, 1_006);
        let result = fleet.run(1_200, down);
        report("untold", &result);
        assert!(result.attempts <= 4.0 && result.peak * rate as f64 <= 0.16 * clients as f64);
        assert_eq!(result.lost, 0);
    }
}

#[test]
fn no_backlog_however_deep_makes_a_fleet_collapse() {
    for backlog_s in [10, 30] {
        for hint in [None, told(2_000, 50)] {
            let fleet = Fleet::new(2_000, 50, 0, backlog_s, hint, 1_006);
            let result = fleet.run(600, 0);
            report("deep backlog", &result);
            assert_eq!(result.lost, 0);
            // The first wave of those whom nobody told gives up before its turn, and its turns are lost. With waits that do not grow, nearly all
            // are down after half an hour.
            let most = if hint.is_some() { 1.15 } else { 4.0 };
            assert!(result.t99 <= most);
        }
    }
}
