//! What an origin is let do, whatever its route.
//!
//! A scope's breaker knows one route. The gate knows whether the *origin* is in trouble, and it takes more than one route to say so: bad
//! evidence of one route while others work is that route's affair. Three bad signs in a row, from at least two routes, shut the gate;
//! nothing goes until one attempt has come back well. Where only some of the signs are bad, and say overload, the traffic goes on at a
//! [`Pace`] that is learned.
//!
//! Routes are few and requests rare, so waiting for users to stumble over the second dead route would cost a request each. Once one
//! route looks bad the gate is in *doubt*, and asks for a probe of a route that worked lately: its answer decides at once.

use crate::breaker::BreakerState;
use crate::demand::Demand;
use crate::evidence::Evidence;
use crate::pace::Pace;
use crate::rest::rest;
use crate::rng::Rng;
use crate::scope::ScopeId;
use crate::settings::GateSettings;
use crate::time::{Instant, Millis};

/// Bad signs in a row that shut the gate.
const RUN: u32 = 3;
/// Signs that are further apart than this are no run.
const RUN_WITHIN: Millis = Millis(30_000);
/// So many of the latest ten signs saying overload begin a pace.
const OVERLOADS: usize = 3;
const LATEST: usize = 10;
/// The longest that a doubt holds retries back.
const DOUBT: Millis = Millis(1_000);

#[derive(Clone, Copy, Debug)]
enum State {
    Clear,
    /// Nothing goes until then; after it, one trial at a time.
    Shut {
        until: Instant,
    },
    /// A trial is out, and has until then.
    Trial {
        lease: Instant,
    },
}

/// Bad signs since the last good one.
#[derive(Clone, Copy, Debug, Default)]
struct Run {
    count: u32,
    first: Option<ScopeId>,
    several: bool,
    dear: bool,
    last: Instant,
}

/// What an attempt of a route says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sign {
    pub(crate) scope: ScopeId,
    pub(crate) evidence: Evidence,
    /// Another route worked lately, and can be asked.
    pub(crate) sibling: bool,
}

#[derive(Clone, Copy, Debug)]
enum Doubt {
    None,
    /// A route that worked lately is to be asked then.
    Due(Instant),
    /// It is being asked.
    Out(Instant),
}

/// What became of the gate.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Turned {
    Opened,
    Shut,
}

/// Why nothing may go now, and until when.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Block {
    /// Not before then.
    Until(Instant),
    /// An attempt is out that decides; it has until then.
    Verdict(Instant),
}

/// The gate of one origin.
#[derive(Debug)]
pub(crate) struct Gate {
    state: State,
    generation: u32,
    /// When the present trouble began.
    since: Instant,
    tries: u32,
    run: Run,
    /// Which routes the latest signs were of that said overload.
    latest: [Option<ScopeId>; LATEST],
    place: usize,
    doubt: Doubt,
    pub(crate) demand: Demand,
    /// The client wants much more than it usually does.
    pub(crate) surge: bool,
    pub(crate) pace: Option<Pace>,
}

impl Gate {
    pub(crate) fn new() -> Gate {
        Gate {
            state: State::Clear,
            generation: 0,
            since: Instant::START,
            tries: 0,
            run: Run::default(),
            latest: [None; LATEST],
            place: 0,
            doubt: Doubt::None,
            demand: Demand::new(),
            surge: false,
            pace: None,
        }
    }

    /// Why nothing may go now.
    pub(crate) fn block(&self, now: Instant) -> Option<Block> {
        match self.state {
            State::Clear => None,
            State::Shut { until } => (now < until).then_some(Block::Until(until)),
            State::Trial { lease } => (now < lease).then_some(Block::Verdict(lease)),
        }
    }

    /// When the next trial may go, if the gate is shut.
    pub(crate) fn trial_at(&self) -> Option<Instant> {
        match self.state {
            State::Clear => None,
            State::Shut { until } | State::Trial { lease: until } => Some(until),
        }
    }

    /// The state by the name that a breaker would have for it.
    pub(crate) fn state(&self, now: Instant) -> BreakerState {
        match self.state {
            State::Clear => BreakerState::Closed,
            State::Shut { until } if now < until => BreakerState::Open,
            State::Shut { .. } | State::Trial { .. } => BreakerState::HalfOpen,
        }
    }

    /// Bad signs in a row.
    pub(crate) fn run(&self) -> u32 {
        self.run.count
    }

    pub(crate) fn is_clear(&self) -> bool {
        matches!(self.state, State::Clear)
    }

    /// Whether the trouble is of the kind that every attempt adds to.
    pub(crate) fn is_dear(&self) -> bool {
        self.run.dear || self.latest.iter().any(Option::is_some)
    }

    /// The client wants something.
    pub(crate) fn want(&mut self, now: Instant) {
        self.demand.add(now, self.is_troubled());
        self.surge = self.demand.surges(now);
        if let Some(pace) = &mut self.pace {
            pace.tick(now);
        }
    }

    /// The network is back: what failed without one says nothing, but nobody is to come back with everybody else.
    pub(crate) fn hurry(&mut self, now: Instant, rng: &mut Rng) {
        if let State::Shut { until } = &mut self.state {
            *until = (*until).min(now + rng.jitter(Millis(1_000)));
        }
    }

    /// Whether all is not well.
    pub(crate) fn is_troubled(&self) -> bool {
        !self.is_clear() || self.pace.is_some() || self.run.count > 0
    }

    /// The generation of an attempt that goes out now; it takes the trial where one is due.
    pub(crate) fn pass(&mut self, now: Instant, lease: Millis) -> u32 {
        if !self.is_clear() {
            self.enter(State::Trial { lease: now + lease });
        } else if let Some(pace) = &mut self.pace {
            pace.take(now);
        }
        self.generation
    }

    /// What an attempt of this generation says.
    pub(crate) fn heed(
        &mut self,
        now: Instant,
        generation: u32,
        sign: Sign,
        settings: &GateSettings,
        rng: &mut Rng,
    ) -> Option<Turned> {
        if !self.is_clear() && generation != self.generation {
            // It left before the gate was shut.
            return None;
        }
        match sign.evidence {
            Evidence::Neither if !self.is_clear() => {
                self.enter(State::Shut { until: now });
                None
            }
            // A trial that is late may still come back; a quick answer of one that is not says nothing.
            Evidence::Quick | Evidence::Tardy if self.is_clear() => None,
            Evidence::Neither => None,
            evidence if evidence.is_good() => self.works(now, evidence),
            _ => self.fails(now, sign, settings, rng),
        }
    }

    fn works(&mut self, now: Instant, evidence: Evidence) -> Option<Turned> {
        self.note(None);
        let prompt = evidence == Evidence::Works;
        let dear = self.run.dear;
        self.run = Run::default();
        self.doubt = Doubt::None;
        if !self.is_clear() {
            self.enter(State::Clear);
            self.tries = 0;
            // What was too much before would be too much again.
            self.pace = (dear || self.surge)
                .then(|| Pace::new(now, self.demand.usual(now), self.demand.slowest(now)));
            return Some(Turned::Opened);
        }
        if let Some(pace) = &mut self.pace
            && !pace.grow(now, prompt, self.demand)
        {
            self.pace = None;
        }
        None
    }

    fn fails(
        &mut self,
        now: Instant,
        sign: Sign,
        settings: &GateSettings,
        rng: &mut Rng,
    ) -> Option<Turned> {
        let Sign {
            scope,
            evidence,
            sibling,
        } = sign;
        let overload = evidence.is_dear();
        self.note(overload.then_some(scope));
        if now - self.run.last > RUN_WITHIN && self.is_clear() {
            self.run = Run::default();
        }
        if self.run.count == 0 {
            self.since = now;
        }
        self.run.count += 1;
        self.run.last = now;
        self.run.dear |= overload;
        self.run.several |= self.run.first.is_some_and(|first| first != scope);
        self.run.first = self.run.first.or(Some(scope));
        // A doubt's answer decides at once, unless it is only late: two late ones happen to a backend that is well.
        let answered = matches!(self.doubt, Doubt::Out(_)) && evidence != Evidence::Late;
        let decided = answered || self.run.count >= RUN;
        if !self.is_clear() || (self.run.several && decided) {
            self.shut(now, settings, rng);
            return Some(Turned::Shut);
        }
        let overloaded = self.overloaded();
        match &mut self.pace {
            Some(pace) if overload => pace.cut(now, self.demand.slowest(now)),
            None if overload && overloaded => {
                let slowest = self.demand.slowest(now);
                self.pace = Some(Pace::new(
                    now,
                    Millis(self.demand.present(now).0 * 2),
                    slowest,
                ));
            }
            _ => {}
        }
        let slow = matches!(evidence, Evidence::Late | Evidence::TimedOut);
        let odd = slow || evidence == Evidence::Unreachable;
        if sibling
            && !self.run.several
            && (self.run.count >= 2 || odd)
            && let Doubt::None = self.doubt
        {
            // A slow answer is nobody's news within the second; a refused one is.
            let spread = if slow { 1_000 } else { 50 };
            self.doubt = Doubt::Due(now + rng.jitter(Millis(spread)));
        }
        None
    }

    fn note(&mut self, overloaded: Option<ScopeId>) {
        self.place = (self.place + 1) % LATEST;
        if let Some(sign) = self.latest.get_mut(self.place) {
            *sign = overloaded;
        }
    }

    /// Whether enough of the latest signs say overload, and not of one route alone.
    fn overloaded(&self) -> bool {
        let mut signs = self.latest.iter().flatten();
        let first = signs.clone().next();
        let several = signs.any(|scope| Some(scope) != first);
        several && self.latest.iter().flatten().count() >= OVERLOADS
    }

    /// The route that looks bad.
    pub(crate) fn suspect(&self) -> Option<ScopeId> {
        self.run.first
    }

    /// Routes have turned out to be one: what was said of either was said of that.
    pub(crate) fn rename(&mut self, now_called: impl Fn(ScopeId) -> ScopeId) {
        let latest = self.latest.iter_mut();
        for route in latest.chain([&mut self.run.first]) {
            *route = route.map(&now_called);
        }
    }

    /// When a route that worked lately is to be asked.
    pub(crate) fn doubt_due(&self) -> Instant {
        match self.doubt {
            Doubt::Due(at) if self.is_clear() => at,
            _ => Instant::NEVER,
        }
    }

    /// It is being asked.
    pub(crate) fn ask(&mut self, now: Instant) {
        self.doubt = Doubt::Out(now + DOUBT);
    }

    /// Nobody can be asked, or the answer is there.
    pub(crate) fn settle_doubt(&mut self) {
        self.doubt = Doubt::None;
    }

    /// Until when a retry waits for the answer to a doubt.
    pub(crate) fn doubted(&self, now: Instant) -> Option<Instant> {
        match self.doubt {
            Doubt::Due(at) if self.is_clear() && now < at + DOUBT => Some(at + DOUBT),
            Doubt::Out(until) if self.is_clear() && now < until => Some(until),
            _ => None,
        }
    }

    fn shut(&mut self, now: Instant, settings: &GateSettings, rng: &mut Rng) {
        let rest = rest(now - self.since, self.tries, self.run.dear, settings, rng);
        self.tries = self.tries.saturating_add(1);
        self.pace = None;
        self.doubt = Doubt::None;
        self.enter(State::Shut { until: now + rest });
    }

    fn enter(&mut self, state: State) {
        self.state = state;
        self.generation = self.generation.wrapping_add(1);
    }
}
