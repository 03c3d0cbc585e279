//! One channel: where it stands with the server, what of it was read, and what is missing.

use alloc::string::String;
use alloc::vec::Vec;

use super::inbox::Inbox;
use super::moment::Moment;
use super::news::SocketChange;
use super::position::Position;
use super::wire::{Publication, Stand};
use crate::backoff::Backoff;
use crate::rng::Rng;
use crate::settings::SocketSettings;
use crate::time::{Instant, Millis};

/// What is wanted of a channel.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Wish {
    /// Only the latest message of each key is given to the handler, and no sooner than this after the one before. For figures that change
    /// more often than anybody looks.
    pub every: Option<Millis>,
    /// It is read anew (a snapshot) before the first message; not after a reload that could resume.
    pub anew: bool,
}

/// Whether the server sends it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Seat {
    Asked { command: u64, until: Instant },
    Away,
    Live,
    Refused { until: Instant },
}

/// What is missing.
#[derive(Debug)]
pub(super) enum Hole {
    /// It was asked for.
    Asked {
        command: u64,
        until: Instant,
    },
    /// It is to be asked for.
    Missing,
    None,
    /// It is gone, and everything is read anew, when nothing of the channel is out with a handler.
    Snapshot(Anew),
}

#[derive(Debug)]
pub(super) struct Anew {
    pub(super) position: Position,
    pub(super) url: Option<String>,
    pub(super) data: Option<String>,
    /// When it may be asked for.
    pub(super) due: Instant,
    pub(super) tries: u32,
}

/// What happened, for whoever listens, and how many messages it is about.
pub(super) type News = (SocketChange, u64);

#[derive(Debug)]
pub(super) struct Channel {
    pub(super) wish: Wish,
    pub(super) seat: Seat,
    pub(super) hole: Hole,
    /// All up to here was handled.
    pub(super) handled: Option<Position>,
    /// All up to here is here.
    pub(super) read: Option<Position>,
    /// What the server was last told of that.
    pub(super) asked: u64,
    /// The subscription is to be ended before it is made.
    pub(super) leaves: bool,
    /// Its owner wants no more messages for now.
    pub(super) paused: bool,
    /// The server was told to send no more of them.
    pub(super) halted: bool,
    /// There are too many event streams already.
    pub(super) crowded: bool,
    /// How often the server has ended it since it last sent a message, or let it stand for long.
    pub(super) ends: u32,
    /// Since when it stands.
    stood: Option<Instant>,
    /// The position is void.
    pub(super) void: bool,
    pub(super) inbox: Inbox,
    /// What came beyond a gap: messages, or stretches without any, with their first and last numbers, in order.
    pub(super) beyond: Vec<(u64, u64, Option<Publication>)>,
    pub(super) beyond_bytes: u64,
    pub(super) duplicates: u64,
    pub(super) gaps: u64,
    pub(super) snapshots: u64,
}

impl Channel {
    pub(super) fn new(wish: Wish, position: Option<Position>) -> Channel {
        Channel {
            void: wish.anew && position.is_none(),
            wish,
            seat: Seat::Away,
            hole: Hole::None,
            handled: position.clone(),
            read: position,
            asked: 0,
            leaves: false,
            paused: false,
            halted: false,
            crowded: false,
            ends: 0,
            stood: None,
            inbox: Inbox::default(),
            beyond: Vec::new(),
            beyond_bytes: 0,
            duplicates: 0,
            gaps: 0,
            snapshots: 0,
        }
    }

    /// Where to go on from, as the server is told.
    pub(super) fn standing(&self) -> Option<&Position> {
        self.read.as_ref().filter(|_| !self.void)
    }

    pub(super) fn note_standing(&mut self) {
        self.asked = self.read.as_ref().map_or(0, |read| read.offset);
    }

    /// Whether it, or its handler, has enough for now.
    pub(super) fn halts(&self, settings: &SocketSettings) -> bool {
        self.paused || self.inbox.has_enough(self.halted, settings)
    }

    /// The server has ended it, and is to be asked again: at once, and while nothing comes of that, more and more rarely.
    pub(super) fn ask_again(&mut self, at: Moment, settings: &SocketSettings, rng: &mut Rng) {
        let rest = Backoff {
            base: Millis(settings.base_ms.into()),
            cap: Millis(settings.cap_ms.into()),
        };
        let lasts = Millis(settings.uptime_ms.into());
        if self
            .stood
            .take()
            .is_some_and(|since| at.now - since >= lasts)
        {
            self.ends = 0;
        }
        self.seat = match self.ends {
            0 => Seat::Away,
            ends => Seat::Refused {
                until: at.now + rest.equal_jitter(ends - 1, rng),
            },
        };
        self.ends = self.ends.saturating_add(1);
    }

    pub(super) fn lose_link(&mut self) {
        self.seat = Seat::Away;
        self.leaves = false;
        self.halted = false;
        self.crowded = false;
        if !matches!(self.hole, Hole::Snapshot(_)) {
            self.hole = Hole::None;
        }
        self.beyond.clear();
        self.beyond_bytes = 0;
    }

    /// The subscription stands.
    pub(super) fn stand(
        &mut self,
        at: Moment,
        stand: Stand,
        spread: Millis,
        settings: &SocketSettings,
        rng: &mut Rng,
    ) -> Option<News> {
        self.seat = Seat::Live;
        self.stood = Some(at.now);
        let top = stand.position;
        let void = core::mem::take(&mut self.void);
        let Some(read) = self.read.clone().filter(|_| !void) else {
            if void {
                return Some(self.anew(at, top, None, None, spread, rng));
            }
            if stand.positioned || top.offset > 0 {
                self.read = Some(top.clone());
                self.handled = Some(top);
            }
            return None;
        };
        let unchanged = top.offset == self.asked;
        if read.epoch != top.epoch || top.offset < self.asked || !(stand.recovered || unchanged) {
            return Some(self.anew(at, top, None, None, spread, rng));
        }
        let before = read.offset;
        for publication in stand.publications {
            self.take(publication, settings);
        }
        let now = self.read.as_ref().map_or(0, |read| read.offset);
        if now < top.offset && matches!(self.hole, Hole::Snapshot(_)) {
            // What is read anew may as well be newer.
            return Some(self.anew(at, top, None, None, spread, rng));
        }
        if now < top.offset && !self.inbox.is_full() {
            self.miss();
        }
        Some((SocketChange::Resumed, now - before))
    }
}
