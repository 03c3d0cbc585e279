//! The shipped `Session`, with the engine that is its page's.

use tidegate_contract::Draw;
use tidegate_core::session::{Hint, Input, LinkId, Manner, Moment, Protocol, Session, Step};
use tidegate_core::{Engine, Instant, Millis, Settings, Wall};

use super::case::{Case, UPTIME_MS};
use super::client::{Act, Client};

/// When the run begins, by the calendar.
const BEGIN: Wall = Wall(1_700_000_000_000);
/// When a page connects, on its clock.
const CONNECTED_MS: u64 = 1_000;

/// One of a fleet.
#[derive(Debug)]
pub(super) struct Shipped {
    engine: Engine,
    session: Session,
}

impl Shipped {
    /// A page that has been connected for a minute, and is dropped now; whether the server had said when to come back.
    pub(super) fn new(case: &Case, told: bool, luck: Draw) -> Shipped {
        let seed = luck.below(u64::MAX);
        let mut engine =
            Engine::new(Settings::default(), seed).expect("the defaults are in their ranges");
        let scope = engine.scope("https://a.example", "/feed");
        let manner = Manner::new(Protocol::Raw, "s");
        let session = Session::new(manner, scope, seed).expect("the defaults are in their ranges");
        let mut page = Shipped { engine, session };
        page.connect();
        if told {
            let window = Millis(case.window_ms());
            let min = Millis::ZERO;
            page.on(moment(0), Input::Hint(Hint { min, window }));
        }
        // What time did meanwhile.
        page.poll(0);
        if let Some(link) = page.session.link() {
            let code = case.code;
            page.on(moment(0), Input::Closed { link, code });
        }
        page
    }

    fn connect(&mut self) {
        let before = at(Instant::from_millis(CONNECTED_MS));
        self.session.reconnect(&mut self.engine, before);
        loop {
            match self.session.poll(&mut self.engine, before) {
                Step::Resolve { link, .. } => self.on(before, Input::Provided { link }),
                Step::Connect { link, .. } => self.on(before, Input::Opened { link }),
                Step::Wait(_) => return,
                _ => {}
            }
        }
    }

    fn on(&mut self, at: Moment, input: Input) {
        self.session.on(&mut self.engine, at, input);
    }
}

impl Client for Shipped {
    fn poll(&mut self, now: u64) -> Act {
        let at = moment(now);
        // Nobody listens.
        while self.engine.next_event().is_some() {}
        loop {
            match self.session.poll(&mut self.engine, at) {
                Step::Resolve { link, .. } => self.on(at, Input::Provided { link }),
                Step::Connect { link, .. } => return Act::Connect(link.0),
                Step::Wait(until) if until == Instant::NEVER => return Act::Wait(None),
                Step::Wait(until) => {
                    return Act::Wait(Some(until.as_micros().saturating_sub(dropped())));
                }
                // Who gives up stays in the backlog.
                _ => {}
            }
        }
    }

    fn refused(&mut self, now: u64, link: u64) {
        let (link, code) = (LinkId(link), 1006);
        self.on(moment(now), Input::Closed { link, code });
    }

    fn accepted(&mut self, now: u64, link: u64) -> bool {
        let link = LinkId(link);
        let mine = self.session.link() == Some(link);
        if mine {
            self.on(moment(now), Input::Opened { link });
        }
        mine
    }
}

/// When all are dropped, on their clocks, in microseconds.
const fn dropped() -> u64 {
    (CONNECTED_MS + UPTIME_MS) * 1_000
}

/// So many microseconds after the drop.
fn moment(micros: u64) -> Moment {
    at(Instant::from_micros(dropped() + micros))
}

fn at(now: Instant) -> Moment {
    Moment {
        now,
        wall: Wall(BEGIN.0 + now.as_millis()),
    }
}
