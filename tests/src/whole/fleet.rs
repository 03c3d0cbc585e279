//! One run: people, browsers, the wire and the backend in one loop of virtual time.
//!
//! At the end nobody wants anything new, and what is under way is carried through: every intent ends exactly once, and what was saved is
//! sent, for ten minutes at most.

use tidegate_contract::Draw;
use tidegate_core::{Instant, Millis};

use super::case::Case;
use super::copies::Popularity;
use super::intent::{Intent, IntentId};
use super::meter::{Meter, Record};
use super::outbox::Entry;
use super::parcel::Hint;
use super::user::User;
use super::wire::Wire;
use crate::demand::Demand;
use crate::fleet::{Agenda, Slab};
use crate::policy::{Habits, Policy, Token};

/// How long after the last intent saved writes may still be sent.
const DRAIN: Millis = Millis::from_secs(600);
const SECOND: Millis = Millis::from_secs(1);

/// Something that will happen.
#[derive(Clone, Copy, Debug)]
pub(super) enum Event {
    /// Somebody wants something.
    Arrive(Draw),
    /// Somebody clicks again.
    Click(IntentId),
    /// A browser looks at what it has saved.
    Flush(u32),
    /// The answer to an attempt reaches its client.
    Land(u32),
    /// A browser wants to probe.
    Probe(u32),
    /// The backend says to all who listen how it is.
    Push,
    /// An attempt reaches the backend.
    Reach(u32),
    /// Somebody has waited long enough for this ask.
    Reload(IntentId, u32),
    /// A write has waited long enough to be saved.
    Save(Token),
    /// The cause begins, or ends.
    Shift(bool),
    /// A request said to wait until now.
    Wake(Token),
}

/// Whom a request is for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Owner {
    Intent(IntentId),
    /// Its user has got a kept copy: the answer makes that new.
    Nobody,
    Probe,
    /// A saved write, sent from the outbox.
    Replay(Entry),
    /// A write whose user was told that it is saved; it may be answered all the same.
    Saved(Entry),
}

/// A request under way.
#[derive(Debug)]
pub(super) struct Request<C> {
    pub(super) call: C,
    pub(super) user: u32,
    pub(super) owner: Owner,
    /// When its intent began.
    pub(super) begun: Instant,
    /// The intent's luck, and that of this ask.
    pub(super) luck: Draw,
    pub(super) ask: Draw,
    pub(super) number: u64,
    pub(super) view: Option<usize>,
    pub(super) write: bool,
    pub(super) attempts: u32,
    /// The backend is at work on an earlier attempt of the same key.
    pub(super) conflict: bool,
    /// The attempt that is out, by its number on the wire.
    pub(super) flight: Option<u32>,
    /// When it is polled again at the latest.
    pub(super) wake: Instant,
}

pub(super) struct Fleet<'p, P: Policy> {
    pub(super) policy: &'p P,
    pub(super) habits: Habits,
    pub(super) case: Case,
    root: Draw,
    popularity: Popularity,
    demand: Demand,
    pub(super) agenda: Agenda<Event>,
    pub(super) wire: Wire,
    pub(super) users: Vec<Option<User<P::Client>>>,
    pub(super) intents: Slab<Intent>,
    pub(super) requests: Slab<Request<P::Call>>,
    pub(super) meter: Meter,
    pub(super) woken: Vec<Token>,
    /// What was pushed last, and how often that was done.
    pub(super) pushed: (u64, Option<Hint>),
    /// When nobody wants anything new any more.
    pub(super) end: Instant,
    wanted: u64,
    pub(super) probes: u64,
}

/// Runs a fleet of browsers with one policy.
pub fn run<P: Policy>(policy: &P, case: &Case, seed: u64) -> Record {
    let root = Draw::from_seed(seed);
    let mut fleet = Fleet {
        policy,
        habits: policy.habits(),
        case: case.clone(),
        root,
        popularity: Popularity::new(&case.people),
        demand: Demand::of_rates(root, case.rates()),
        agenda: Agenda::new(),
        wire: Wire::new(case),
        users: (0..case.people.users).map(|_| None).collect(),
        intents: Slab::new(),
        requests: Slab::new(),
        meter: Meter::new(case.clone()),
        woken: Vec::new(),
        pushed: (0, None),
        end: Instant::from_millis(case.horizon() * 1_000),
        wanted: 0,
        probes: 0,
    };
    fleet.prepare();
    let now = fleet.go();
    fleet.close(now)
}

impl<P: Policy> Fleet<'_, P> {
    fn prepare(&mut self) {
        let (from, to) = self.case.cause_at();
        let at = |second: u64| Instant::from_millis(second * 1_000);
        self.agenda.add(at(from), Event::Shift(true));
        self.agenda.add(at(to), Event::Shift(false));
        if self.habits.listens {
            self.agenda.add(at(1), Event::Push);
        }
        self.expect();
    }

    /// Enters the next want of all.
    fn expect(&mut self) {
        if let Some((at, luck)) = self.demand.next() {
            self.agenda.add(at, Event::Arrive(luck));
        }
    }

    fn go(&mut self) -> Instant {
        let mut latest = Instant::START;
        loop {
            let now = match (self.agenda.next_at(), self.wire.deadline()) {
                (Some(next), Some(deadline)) => next.min(deadline),
                (Some(at), None) | (None, Some(at)) => at,
                (None, None) => return latest,
            };
            latest = now;
            self.wire.advance(now, &mut self.agenda, &mut self.meter);
            while self.agenda.next_at() == Some(now)
                && let Some((_, event)) = self.agenda.pop()
            {
                self.happen(now, event);
            }
        }
    }

    fn happen(&mut self, now: Instant, event: Event) {
        match event {
            Event::Arrive(luck) => {
                self.expect();
                let number = self.wanted;
                self.wanted += 1;
                let people = &self.case.people;
                let intent = Intent::new(number, luck, now, people, &self.popularity);
                self.want(now, intent);
            }
            Event::Click(id) => self.ask(now, id),
            Event::Flush(user) => self.flush(now, user),
            Event::Land(flight) => self.land(now, flight),
            Event::Probe(user) => self.probe(now, user),
            Event::Push => {
                self.pushed = (self.pushed.0 + 1, self.wire.hint(now));
                if now < self.last() {
                    self.agenda.add(now + SECOND, Event::Push);
                }
            }
            Event::Reach(flight) => {
                self.wire
                    .reach(now, flight, &mut self.agenda, &mut self.meter);
            }
            Event::Reload(id, asked) => self.reload(now, id, asked),
            Event::Save(token) => self.save(now, token),
            Event::Shift(lasts) => self.wire.shift(now, lasts),
            Event::Wake(token) => self.wake(now, token),
        }
    }

    /// When nothing that is saved is sent any more.
    pub(super) fn last(&self) -> Instant {
        self.end + DRAIN
    }

    /// A user's browser, made now if this is the first that happens to it.
    pub(super) fn user(&mut self, number: u32) -> &mut User<P::Client> {
        let policy = self.policy;
        let luck = self.root.next().at(number.into());
        let copies = &self.popularity;
        self.users[number as usize].get_or_insert_with(|| User {
            client: policy.client(luck),
            copies: copies.copies(luck.at(0)),
            saved: Vec::new(),
            probe: Instant::NEVER,
            flush: Instant::NEVER,
            heard: 0,
        })
    }

    /// The luck of a probe.
    pub(super) fn probe_luck(&mut self) -> Draw {
        self.probes += 1;
        self.root.next().next().at(self.probes)
    }

    fn close(self, now: Instant) -> Record {
        let made = || self.users.iter().flatten();
        let saved = |user: &User<P::Client>| self.policy.saved(&user.client);
        let saved: usize = made().map(saved).sum();
        let busy = made().filter(|user| !self.policy.is_idle(&user.client, now));
        let under_way = busy.count() + self.intents.len() + self.requests.len() + self.wire.len();
        self.meter.finish(saved as u64, under_way as u64)
    }
}
