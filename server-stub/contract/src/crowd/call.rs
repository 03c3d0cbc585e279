//! One intent of one user, and the attempts made for it.

use tidegate_core::Instant;

use super::settings::CrowdSettings;
use crate::draw::Draw;
use crate::micros::Micros;

// Which of an intent's draws is for what.
const KIND: u64 = 1;
const USER: u64 = 2;
const LUCK: u64 = 3;
const KEY: u64 = 4;
const SERVICE: u64 = 1 << 16;
const CLICK: u64 = 2 << 16;
const PAUSE: u64 = 3 << 16;
const RELOAD: u64 = 4 << 16;

/// What a user wants.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Intent {
    /// What a page asks for by itself.
    Poll,
    /// What somebody wants to see.
    Read,
    /// What somebody wants to change.
    Write,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum State {
    /// The attempt is at the backend.
    Out { gives_up: Instant },
    /// The user looks at an error and will click again.
    Pausing { until: Instant },
    /// The attempt is on its way.
    Travelling { arrives: Instant, gives_up: Instant },
}

impl State {
    /// When something happens by time alone.
    pub(super) fn wakes(self) -> Instant {
        match self {
            State::Out { gives_up } => gives_up,
            State::Pausing { until } => until,
            State::Travelling { arrives, .. } => arrives,
        }
    }
}

#[derive(Debug)]
pub(super) struct Call {
    pub(super) began: Instant,
    pub(super) failed: bool,
    pub(super) intent: Intent,
    pub(super) reloads: Option<Instant>,
    pub(super) state: State,
    /// Attempts so far.
    pub(super) attempts: u32,
    /// Clicks and reloads so far.
    asked_again: u32,
    draw: Draw,
    retries_left: u32,
}

impl Call {
    /// The call of a user who wants something now. Its first attempt is on the way.
    pub(super) fn new(now: Instant, draw: Draw, settings: &CrowdSettings) -> Call {
        let kind = draw.at(KIND).below(1_000);
        let polls = u64::from(settings.poll_permille);
        let intent = if kind < polls {
            Intent::Poll
        } else if kind < polls + u64::from(settings.write_permille) {
            Intent::Write
        } else {
            Intent::Read
        };
        let mut call = Call {
            began: now,
            failed: false,
            intent,
            reloads: None,
            state: State::Pausing { until: now },
            attempts: 0,
            asked_again: 0,
            draw,
            retries_left: 0,
        };
        call.ask(now, settings);
        call
    }

    pub(super) fn user(&self, users: u32) -> u32 {
        // Below `users`, which is a u32.
        self.draw.at(USER).below(users.into()) as u32
    }

    pub(super) fn luck(&self) -> Draw {
        self.draw.at(LUCK)
    }

    /// The luck of the latest attempt.
    pub(super) fn service(&self) -> Draw {
        self.draw.at(SERVICE + u64::from(self.attempts))
    }

    pub(super) fn key(&self) -> u64 {
        self.draw.at(KEY).below(u64::MAX)
    }

    /// Sends the first attempt of a click or a reload.
    pub(super) fn ask(&mut self, now: Instant, settings: &CrowdSettings) {
        self.retries_left = settings.retries;
        let impatient = self.may_ask_again(settings)
            && self
                .draw
                .at(RELOAD + u64::from(self.asked_again))
                .hits(settings.reload_permille);
        self.reloads = impatient.then(|| now + Micros::from_millis(settings.patience_ms));
        self.send(now, settings);
    }

    /// Sends the same once more, if the client may.
    pub(super) fn retry(&mut self, now: Instant, settings: &CrowdSettings) -> bool {
        let may = self.retries_left > 0;
        if may {
            self.retries_left -= 1;
            self.send(now, settings);
        }
        may
    }

    /// The user sees an error: whether they will click again.
    pub(super) fn pause(&mut self, now: Instant, settings: &CrowdSettings) -> bool {
        self.reloads = None;
        let nth = u64::from(self.asked_again);
        let clicks = self.draw.at(CLICK + nth).hits(settings.reclick_permille);
        if !(clicks && self.may_ask_again(settings)) {
            return false;
        }
        self.asked_again += 1;
        let from = Micros::from_millis(settings.reclick_from_ms);
        let to = Micros::from_millis(settings.reclick_to_ms);
        let more = self.draw.at(PAUSE + nth).below((to - from).0 + 1);
        self.state = State::Pausing {
            until: now + from + Micros(more),
        };
        true
    }

    /// The user reloads.
    pub(super) fn reload(&mut self, now: Instant, settings: &CrowdSettings) {
        self.asked_again += 1;
        self.ask(now, settings);
    }

    fn may_ask_again(&self, settings: &CrowdSettings) -> bool {
        self.intent != Intent::Poll && self.asked_again < settings.reclicks
    }

    fn send(&mut self, now: Instant, settings: &CrowdSettings) {
        self.attempts += 1;
        self.state = State::Travelling {
            arrives: now + Micros::from_millis(settings.round_trip_ms),
            gives_up: now + Micros::from_millis(settings.timeout_ms),
        };
    }
}
