//! Pages of three people, who queue writes until enough are taken in, in virtual time.

use anyhow::{Result, bail};
use tidegate_core::outbox::{Claim, EntryId, Write};
use tidegate_core::{Outcome, Settings};

use super::backend::{Backend, Sent};
use super::disk::Disk;
use super::page::{Page, now, wall};
use crate::luck::Luck;

const USERS: usize = 3;
const PAGES: usize = 6;
const LANES: usize = 12;
/// While more are in the queue, nothing is added.
const BACKLOG: usize = 60;
/// An attempt that has no answer by then is over.
const TOTAL_MS: u64 = 2_500;
/// In the end everything goes within this: the longest rest, over and over.
const END_MS: u64 = 600_000;
/// So many breaches are told.
const TOLD: usize = 12;

struct World {
    at: u64,
    luck: Luck,
    settings: Settings,
    disk: Disk,
    backend: Backend,
    pages: Vec<Page>,
    /// Who may drain, of each user, by the page's number.
    locks: [Option<u64>; USERS],
    tokens: [u32; USERS],
    flights: Vec<Flight>,
    writes: Vec<bool>,
    accepted: usize,
    opened: u64,
    kills: u64,
    freezes: u64,
}

struct Flight {
    page: u64,
    claim: Claim,
    sent: Sent,
    arrives: Option<u64>,
    /// When its page hears of it, and what.
    ends: (u64, Outcome),
    refused: bool,
}

pub(super) fn name(user: usize) -> &'static str {
    ["ann", "bob", "cleo"][user]
}

/// Whether every law was kept.
pub(crate) fn simulate(writes: u32, seed: u64) -> Result<bool> {
    let mut world = World::new(seed);
    while world.accepted < writes as usize {
        world.deed();
        world.go_on();
    }
    world.backend.bad = 0;
    let end = world.at + END_MS;
    while world.disk.len() > 0 && world.at < end {
        for page in 0..world.pages.len() {
            world.pages[page].frozen = false;
            // Somebody has a page each.
            if world.pages[page].user != page % USERS {
                world.succeed(page, page % USERS);
            }
            world.decide(page);
        }
        world.go_on();
    }
    world.report(writes, seed)
}

impl World {
    fn new(seed: u64) -> World {
        let mut settings = Settings::default();
        settings.outbox.attempts = 1_000;
        settings.outbox.unreachable_attempts = 1_000;
        settings.outbox.base_ms = 50;
        settings.outbox.cap_ms = 1_000;
        settings.outbox.lease_ms = 5_000;
        settings.outbox.spread_ms = 100;
        settings.outbox.dead_halts = 1;
        let mut world = World {
            at: 1,
            luck: Luck::of(seed),
            settings,
            disk: Disk::default(),
            backend: Backend::default(),
            pages: Vec::new(),
            locks: [None; USERS],
            tokens: [0; USERS],
            flights: Vec::new(),
            writes: Vec::new(),
            accepted: 0,
            opened: 0,
            kills: 0,
            freezes: 0,
        };
        for page in 0..PAGES {
            let opened = world.open(page % USERS);
            world.pages.push(opened);
        }
        world
    }

    fn open(&mut self, user: usize) -> Page {
        self.opened += 1;
        Page::new(self.opened, user, self.tokens[user], &self.settings)
    }

    /// One thing happens.
    fn deed(&mut self) {
        let page = self.luck.below(PAGES);
        match self.luck.below(1_000) {
            0..10 => {
                self.kills += 1;
                let user = self.pages[page].user;
                self.succeed(page, user);
            }
            10..16 => {
                self.freezes += 1;
                self.pages[page].frozen = true;
            }
            16..40 => self.pages[page].frozen = false,
            40..46 => {
                let user = self.luck.below(USERS);
                self.succeed(page, user);
            }
            46..52 => self.tokens[self.luck.below(USERS)] += 1,
            52..60 => self.backend.bad = self.luck.below(700),
            60..90 => self.decide(page),
            _ => self.enqueue(page),
        }
    }

    /// A page is gone, and another one in its place.
    fn succeed(&mut self, page: usize, user: usize) {
        let gone = self.pages[page].number;
        self.pages[page] = self.open(user);
        for lock in &mut self.locks {
            lock.take_if(|holder| *holder == gone);
        }
    }

    fn enqueue(&mut self, page: usize) {
        if self.disk.len() >= BACKLOG || self.pages[page].frozen {
            return;
        }
        let (number, at) = (self.writes.len(), self.at);
        let user = self.pages[page].user;
        let lane = user * LANES + self.luck.below(LANES);
        let url = format!("https://a.example/lanes/{lane}?write={number}");
        let mut write = Write::new("PATCH", &url, &format!("key-{number}"));
        write.keyed = true;
        write.bytes = 30;
        self.writes.push(false);
        self.backend.effects.push(0);
        let entry = self.pages[page].enqueue(&write, at, &mut self.disk, &mut self.luck);
        if entry.is_some() {
            self.writes[number] = true;
            self.accepted += 1;
        }
        self.tell(page);
    }

    fn decide(&mut self, page: usize) {
        if !self.pages[page].frozen {
            self.pages[page].token = self.tokens[self.pages[page].user];
            let at = self.at;
            self.pages[page].decide(at, &mut self.disk, &mut self.luck);
            self.tell(page);
        }
    }

    /// The others have to read the queue again, and to look.
    fn tell(&mut self, by: usize) {
        for (place, page) in self.pages.iter_mut().enumerate() {
            if place != by {
                page.outbox.outdated();
            }
            page.next = 0;
        }
    }

    /// Lets some time pass, and everything happen that is due by then.
    fn go_on(&mut self) {
        self.at += self.luck.between(1, 12) as u64;
        for user in 0..USERS {
            self.grant(user);
        }
        for page in 0..self.pages.len() {
            let is_due = self.pages[page].next <= self.at && !self.pages[page].frozen;
            if is_due && self.locks.contains(&Some(self.pages[page].number)) {
                self.turn(page);
            }
        }
        self.arrive();
        self.hear();
    }

    /// The lock goes to the next in the line when its holder is gone, or is another one's page.
    fn grant(&mut self, user: usize) {
        if self.locks[user].is_none() {
            let heir = self
                .pages
                .iter_mut()
                .find(|page| page.user == user && !page.frozen);
            if let Some(heir) = heir {
                heir.outbox.set_alone(true);
                heir.next = 0;
                self.locks[user] = Some(heir.number);
            }
        }
    }

    fn turn(&mut self, page: usize) {
        let at = self.at;
        let (claims, changed) = self.pages[page].turn(at, &mut self.disk, &mut self.luck);
        for claim in claims {
            self.send(page, claim, false);
        }
        if changed {
            let next = self.pages[page].next;
            self.tell(page);
            self.pages[page].next = next;
        }
    }

    fn send(&mut self, page: usize, claim: Claim, refused: bool) {
        let (number, user) = (self.pages[page].number, self.pages[page].user);
        let Some(sent) = self.sent(page, claim.id) else {
            self.pages[page].outbox.release(claim);
            return;
        };
        if !self.pages[page].outbox.may_send(wall(self.at), claim) {
            self.pages[page].outbox.release(claim);
            return;
        }
        let both = |flight: &Flight| flight.claim.id == claim.id && flight.page != number;
        let lives = |flight: &Flight| self.pages.iter().any(|page| page.number == flight.page);
        if self
            .flights
            .iter()
            .any(|flight| both(flight) && lives(flight))
        {
            let breach = format!(
                "write {} is sent by two pages of {user} at once",
                sent.write
            );
            self.backend.breaches.push(breach);
        }
        let arrives = self.at + self.luck.between(1, 40) as u64;
        self.flights.push(Flight {
            page: number,
            claim,
            sent,
            arrives: Some(arrives),
            ends: (self.at + TOTAL_MS, Outcome::TimedOut),
            refused,
        });
    }

    fn sent(&self, page: usize, id: EntryId) -> Option<Sent> {
        let page = &self.pages[page];
        let entry = page.outbox.entry(id)?;
        let write = entry.key.strip_prefix("key-")?.parse().ok()?;
        let lane: usize = entry.lane.rsplit('/').next()?.parse().ok()?;
        Some(Sent {
            write,
            entry: id.0,
            lane,
            owner: lane / LANES,
            sender: page.user,
            token: page.token,
        })
    }

    fn arrive(&mut self) {
        for flight in &mut self.flights {
            if flight.arrives.is_none_or(|arrives| arrives > self.at) {
                continue;
            }
            flight.arrives = None;
            let good = self.tokens[flight.sent.owner];
            let answer = self.backend.arrive(&flight.sent, good, &mut self.luck);
            if let Some(answer) = answer {
                let takes = self.luck.between(1, 60) as u64;
                flight.ends = (self.at + takes, answer);
            }
        }
    }

    /// Pages hear what became of what they sent; one that is gone does not, and what it sent arrives all the same.
    fn hear(&mut self) {
        let flights = std::mem::take(&mut self.flights);
        for flight in flights {
            let page = self
                .pages
                .iter()
                .position(|page| page.number == flight.page);
            let Some(page) = page else {
                if flight.arrives.is_some() {
                    self.flights.push(flight);
                }
                continue;
            };
            let (at, outcome) = flight.ends;
            if at > self.at || self.pages[page].frozen {
                self.flights.push(flight);
                continue;
            }
            let signed_out = matches!(outcome, Outcome::Head(head) if head.status == 401);
            if signed_out && !flight.refused {
                self.pages[page].token = self.tokens[self.pages[page].user];
                self.send(page, flight.claim, true);
                continue;
            }
            let now = now(self.at);
            let Page {
                engine,
                outbox,
                next,
                ..
            } = &mut self.pages[page];
            outbox.settle(engine, now, flight.claim, outcome);
            *next = 0;
        }
    }

    fn report(&self, writes: u32, seed: u64) -> Result<bool> {
        let mut breaches = self.backend.breaches.clone();
        for (number, (accepted, effects)) in
            self.writes.iter().zip(&self.backend.effects).enumerate()
        {
            if *accepted && *effects != 1 {
                breaches.push(format!("write {number} has {effects} effects"));
            }
        }
        if self.disk.len() > 0 {
            breaches.push(format!("{} entries are left", self.disk.len()));
        }
        println!(
            "# Chaos: the outbox in virtual time, {writes} writes, seed {seed}\n\n| | |\n|---|---:|"
        );
        let unknown = self.writes.iter().filter(|accepted| !**accepted).count();
        for (what, figure) in [
            ("seconds of virtual time", self.at / 1_000),
            ("writes that were accepted", self.accepted as u64),
            ("of which nobody knows", unknown as u64),
            ("arrived at the backend", self.backend.calls),
            ("pages", self.opened),
            ("killed", self.kills),
            ("frozen", self.freezes),
        ] {
            println!("| {what} | {figure} |");
        }
        for breach in breaches.iter().take(TOLD) {
            println!("- {breach}");
        }
        match breaches.len() {
            0 => println!("\nEvery law was kept."),
            count => bail!("{count} breaches"),
        }
        Ok(true)
    }
}
