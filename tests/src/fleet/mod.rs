//! One run: browsers, the wire and the backend in one loop of virtual time.
//!
//! The next event and the backend's own deadline decide what time it is. A browser is made when its first request comes, so a million of
//! them cost a number each until they do something. At the end nobody wants anything new and what is under way is carried through: every
//! request ends exactly once.

mod agenda;
mod browser;
mod drive;
mod event;
mod slab;
mod wire;

use tidegate_contract::Draw;
use tidegate_core::Instant;

pub(crate) use self::agenda::Agenda;
pub(crate) use self::slab::Slab;

use self::browser::{Browser, Browsers};
use self::event::Event;
use self::wire::Wire;
use crate::demand::Demand;
use crate::meter::{Meter, Record};
use crate::policy::{Policy, Token, Want};
use crate::scenario::{ENDPOINTS, SLOWDOWN, Scenario, Spec};

/// Whoever reloads waits this long at least, and this much longer at most.
const RELOAD_AFTER: u64 = 1_000_000;
const RELOAD_WITHIN: u64 = 4_000_000;
/// A client reloads no sooner than this after it did.
const RELOAD_EVERY: u64 = 10_000_000;

// What hangs from a request's luck.
const OF_CLIENT: u64 = 0;
const OF_ENDPOINT: u64 = 1;
const OF_RELOAD: u64 = 2;
const OF_FAULT: u64 = 3;
const OF_SERVICE: u64 = 4;

/// A request under way.
#[derive(Debug)]
struct Request<C> {
    call: C,
    client: u32,
    endpoint: u8,
    begun: Instant,
    luck: Draw,
    probe: bool,
    attempts: u32,
    /// The attempt that is out, by its number on the wire.
    flight: Option<u32>,
    /// When it is polled again at the latest.
    wake: Instant,
}

struct Fleet<'p, P: Policy> {
    policy: &'p P,
    spec: Spec,
    root: Draw,
    agenda: Agenda<Event>,
    wire: Wire,
    browsers: Browsers<P::Client>,
    requests: Slab<Request<P::Call>>,
    demand: Demand,
    meter: Meter,
    woken: Vec<Token>,
    end: Instant,
    probes: u64,
}

/// Runs a fleet of browsers with one policy.
pub fn run<P: Policy>(policy: &P, spec: Spec) -> Record {
    let root = Draw::from_seed(spec.seed);
    let mut fleet = Fleet {
        policy,
        spec,
        root,
        agenda: Agenda::new(),
        wire: Wire::new(spec),
        browsers: Browsers::new(spec.clients),
        requests: Slab::new(),
        demand: Demand::new(&spec, root),
        meter: Meter::new(spec),
        woken: Vec::new(),
        end: Instant::from_millis(spec.horizon * 1_000),
        probes: 0,
    };
    fleet.prepare();
    fleet.go();
    let under_way = fleet.requests.len() + fleet.wire.len();
    fleet.meter.finish(under_way as u64)
}

impl<P: Policy> Fleet<'_, P> {
    fn prepare(&mut self) {
        if self.spec.scenario == Scenario::B {
            let incident = self.spec.incident();
            let at = |second: u64| Instant::from_millis(second * 1_000);
            self.agenda.add(at(incident.from), Event::Shift(SLOWDOWN));
            self.agenda.add(at(incident.to), Event::Shift(1_000));
        }
        self.expect();
    }

    /// Enters the next want of all.
    fn expect(&mut self) {
        if let Some((at, luck)) = self.demand.next() {
            self.agenda.add(at, Event::Arrive(luck));
        }
    }

    fn go(&mut self) {
        loop {
            let now = match (self.agenda.next_at(), self.wire.deadline()) {
                (Some(next), Some(deadline)) => next.min(deadline),
                (Some(at), None) | (None, Some(at)) => at,
                (None, None) => return,
            };
            self.wire.advance(now, &mut self.agenda, &mut self.meter);
            while self.agenda.next_at() == Some(now)
                && let Some((_, event)) = self.agenda.pop()
            {
                self.happen(now, event);
            }
        }
    }

    fn happen(&mut self, now: Instant, event: Event) {
        self.meter.happened();
        match event {
            Event::Arrive(luck) => {
                self.expect();
                let client = luck.at(OF_CLIENT).below(self.spec.clients.into()) as u32;
                let client = self.browser(client);
                self.begin_for_user(now, client, luck);
            }
            Event::Land(flight) => {
                let Some((token, outcome)) = self.wire.land(flight) else {
                    return;
                };
                let Some(request) = self.requests.find(token.slot, token.generation) else {
                    return;
                };
                request.flight = None;
                let client = &mut self.browsers.at(request.client).policy;
                self.policy.settle(client, &mut request.call, now, outcome);
                self.meter.landed(now, request.probe, outcome);
                self.drive(now, token);
            }
            Event::Probe(client) => self.probe(now, client),
            Event::Reach(flight) => {
                self.wire
                    .reach(now, flight, &mut self.agenda, &mut self.meter);
            }
            Event::Reload(client, luck) => self.begin_for_user(now, client, luck),
            Event::Shift(slowdown) => self.wire.slow_down(now, slowdown),
            Event::Wake(token) => {
                if let Some(request) = self.requests.find(token.slot, token.generation) {
                    // The time of this timer or an earlier one: either way none is set any more.
                    if request.wake <= now {
                        request.wake = Instant::NEVER;
                    }
                    self.drive(now, token);
                }
            }
        }
    }

    /// The place of a client's browser, made now if this is its first request.
    fn browser(&mut self, client: u32) -> u32 {
        let policy = self.policy;
        let luck = self.root.next().at(client.into());
        self.browsers
            .find(client, || Browser::new(policy.client(luck)))
    }

    fn begin_for_user(&mut self, now: Instant, client: u32, luck: Draw) {
        let want = Want {
            endpoint: luck.at(OF_ENDPOINT).below(ENDPOINTS.into()) as u8,
            ..Want::read(luck)
        };
        let in_incident = self.spec.incident().has(now);
        let first = in_incident && !self.browsers.at(client).wants();
        self.meter.begun(now, first);
        self.begin(now, client, want);
    }

    fn begin(&mut self, now: Instant, client: u32, want: Want) {
        let (slot, generation) = self.requests.next();
        let token = Token { slot, generation };
        let browser = self.browsers.at(client);
        let call = self.policy.begin(&mut browser.policy, now, want, token);
        self.requests.insert(Request {
            call,
            client,
            endpoint: want.endpoint,
            begun: now,
            luck: want.luck,
            probe: want.probe,
            attempts: 0,
            flight: None,
            wake: Instant::NEVER,
        });
        self.drive(now, token);
    }

    fn probe(&mut self, now: Instant, client: u32) {
        let browser = self.browsers.at(client);
        if browser.probe > now {
            return;
        }
        browser.probe = Instant::NEVER;
        while let Some(endpoint) = self
            .policy
            .due_probe(&mut self.browsers.at(client).policy, now)
        {
            self.probes += 1;
            let luck = self.root.next().next().at(self.probes);
            let want = Want {
                endpoint,
                probe: true,
                ..Want::read(luck)
            };
            self.begin(now, client, want);
        }
        self.tend(now, client);
    }
}
