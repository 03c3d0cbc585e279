//! One channel: what of it was read, and what is missing.
//!
//! Nobody's promise counts for the order but the numbers: exactly the next one is taken; an earlier one was here before; a later one waits
//! behind a gap, which is asked for once. centrifuge-js 5.8 passes 1, 2, 2, 5, 3 through and would resume from 3.

use alloc::collections::BTreeMap;
use alloc::string::String;

use super::inbox::Inbox;
use super::moment::Moment;
use super::news::SocketChange;
use super::position::Position;
use super::settings::SocketSettings;
use super::wire::{Publication, Stand};
use crate::backoff::Backoff;
use crate::rng::Rng;
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
    /// It is gone, and everything is read anew.
    Snapshot(Anew),
}

#[derive(Debug)]
pub(super) struct Anew {
    pub(super) position: Position,
    pub(super) url: Option<String>,
    pub(super) data: Option<String>,
    /// When it may be asked for; [`Instant::NEVER`] while it is read.
    pub(super) due: Instant,
    tries: u32,
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
    asked: u64,
    /// The subscription is to be ended before it is made.
    pub(super) leaves: bool,
    /// The position is void.
    pub(super) void: bool,
    pub(super) inbox: Inbox,
    /// What came beyond a gap: messages, or stretches without any, by their first number.
    beyond: BTreeMap<u64, (u64, Option<Publication>)>,
    beyond_bytes: u64,
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
            inbox: Inbox::default(),
            beyond: BTreeMap::new(),
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

    pub(super) fn lose_link(&mut self) {
        self.seat = Seat::Away;
        self.leaves = false;
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
        if now < top.offset && !self.inbox.is_full() {
            self.miss();
        }
        Some((SocketChange::Resumed, now - before))
    }

    /// A message came, or was missed and comes now.
    pub(super) fn take(
        &mut self,
        publication: Publication,
        settings: &SocketSettings,
    ) -> Option<News> {
        if publication.offset == 0 {
            if !self
                .inbox
                .put(0, Some(publication), self.wish.every.is_some(), settings)
            {
                return Some((SocketChange::PassedOver, 1));
            }
            return None;
        }
        let offset = publication.offset;
        self.advance(offset, offset, Some(publication), settings)
    }

    /// Of these numbers there is nothing for this client.
    pub(super) fn skip(&mut self, from: u64, to: u64, settings: &SocketSettings) -> Option<News> {
        if from == 0 || to < from {
            return None;
        }
        self.advance(from, to, None, settings)
    }

    fn advance(
        &mut self,
        from: u64,
        to: u64,
        publication: Option<Publication>,
        settings: &SocketSettings,
    ) -> Option<News> {
        let read = self.read.get_or_insert_with(|| Position {
            epoch: String::new(),
            offset: from - 1,
        });
        if to <= read.offset {
            self.duplicates += u64::from(publication.is_some());
            return None;
        }
        if from > read.offset.saturating_add(1) {
            return self.hold(from, to, publication, settings);
        }
        let conflates = self.wish.every.is_some();
        if self.inbox.put(to, publication, conflates, settings) {
            read.offset = to;
            self.catch_up(settings);
        }
        None
    }

    /// What was held and is next now.
    pub(super) fn catch_up(&mut self, settings: &SocketSettings) {
        let conflates = self.wish.every.is_some();
        while let (Some(read), Some(first)) = (&mut self.read, self.beyond.first_entry()) {
            let (from, to) = (*first.key(), first.get().0);
            if from > read.offset.saturating_add(1) {
                return;
            }
            let (_, publication) = first.remove();
            self.beyond_bytes -= size(publication.as_ref()).min(self.beyond_bytes);
            if to <= read.offset {
                continue;
            }
            if !self.inbox.put(to, publication, conflates, settings) {
                return;
            }
            read.offset = to;
        }
        if self.beyond.is_empty() && matches!(self.hole, Hole::Missing) && !self.inbox.is_full() {
            self.hole = Hole::None;
        }
    }

    fn hold(
        &mut self,
        from: u64,
        to: u64,
        publication: Option<Publication>,
        settings: &SocketSettings,
    ) -> Option<News> {
        if self.inbox.is_full() {
            // It has to be asked for in any case.
            return None;
        }
        let size = size(publication.as_ref());
        let fits = self.beyond.len() < settings.held_entries as usize
            && self.beyond_bytes + size <= settings.held_bytes.into();
        // What does not fit is missing later, and comes with the rest.
        if fits && !self.beyond.contains_key(&from) {
            self.beyond_bytes += size;
            self.beyond.insert(from, (to, publication));
        }
        let missing = from - 1 - self.read.as_ref().map_or(0, |read| read.offset);
        self.miss().then_some((SocketChange::Gap, missing))
    }

    /// Something is missing; whether that is news.
    pub(super) fn miss(&mut self) -> bool {
        let news = matches!(self.hole, Hole::None);
        if news {
            self.hole = Hole::Missing;
            self.gaps += 1;
        }
        news
    }

    /// What was missing.
    pub(super) fn replay(
        &mut self,
        at: Moment,
        stand: Stand,
        settings: &SocketSettings,
        rng: &mut Rng,
    ) -> Option<News> {
        if !matches!(self.hole, Hole::Asked { .. }) {
            return None;
        }
        let top = stand.position;
        let before = self.read.as_ref().map_or(0, |read| read.offset);
        if self
            .read
            .as_ref()
            .is_some_and(|read| read.epoch != top.epoch)
        {
            return Some(self.anew(at, top, None, None, Millis::ZERO, rng));
        }
        self.hole = Hole::None;
        for publication in stand.publications {
            self.take(publication, settings);
        }
        self.catch_up(settings);
        let now = self.read.as_ref().map_or(0, |read| read.offset);
        if self.inbox.is_full() {
            return None;
        }
        if now == before && now < top.offset {
            // It is gone, whatever the server says.
            return Some(self.anew(at, top, None, None, Millis::ZERO, rng));
        }
        if now < top.offset || !self.beyond.is_empty() {
            self.hole = Hole::Missing;
        }
        None
    }

    /// Everything is read anew; what is here is older than that.
    pub(super) fn anew(
        &mut self,
        at: Moment,
        position: Position,
        url: Option<String>,
        data: Option<String>,
        spread: Millis,
        rng: &mut Rng,
    ) -> News {
        let lost = self.inbox.clear();
        self.beyond.clear();
        self.beyond_bytes = 0;
        self.snapshots += 1;
        self.read = Some(position.clone());
        self.asked = position.offset;
        self.hole = Hole::Snapshot(Anew {
            position,
            url,
            data,
            due: at.now + rng.jitter(spread),
            tries: 0,
        });
        (SocketChange::Snapshot, lost)
    }

    /// What the snapshot holds was taken over, or could not be.
    pub(super) fn snapshot(
        &mut self,
        at: Moment,
        ok: bool,
        settings: &SocketSettings,
        rng: &mut Rng,
    ) {
        let Hole::Snapshot(anew) = &mut self.hole else {
            return;
        };
        if anew.due != Instant::NEVER {
            return;
        }
        if !ok {
            let rest = Backoff {
                base: Millis(settings.base_ms.into()),
                cap: Millis(settings.cap_ms.into()),
            };
            anew.due = at.now + rest.equal_jitter(anew.tries, rng);
            anew.tries = anew.tries.saturating_add(1);
            return;
        }
        self.handled = Some(anew.position.clone());
        self.hole = Hole::None;
        if self.inbox.is_full() {
            self.refill(settings);
        }
    }

    /// There is room again: what came meanwhile was not taken.
    pub(super) fn refill(&mut self, settings: &SocketSettings) {
        if self.inbox.has_room_again(settings) {
            self.catch_up(settings);
            self.miss();
        }
    }
}

fn size(publication: Option<&Publication>) -> u64 {
    publication.map_or(0, |publication| publication.data.len() as u64)
}
