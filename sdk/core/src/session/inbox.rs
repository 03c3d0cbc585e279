//! What of a channel is here, in order, and not handled yet.
//!
//! One thing at a time is out with the channel's handlers, a message or a snapshot: two could overtake each other, and older state would come
//! over newer. The position moves when it has succeeded: who moves it when the message is given out loses
//! the message when the page dies in between. A handler that fails is given the message again, a few times.

use alloc::collections::VecDeque;

use super::input::{DeliveryId, SnapshotId};
use super::wire::Publication;
use crate::backoff::Backoff;
use crate::settings::SocketSettings;
use crate::time::{Instant, Millis};

#[derive(Debug)]
struct Entry {
    /// 0: it moves no position.
    offset: u64,
    /// None: there is nothing of this number, nor of those between it and the entry before.
    publication: Option<Publication>,
    serial: u64,
}

/// What can be out with a handler, by number.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum What {
    /// The first of what is here.
    Message(DeliveryId),
    Snapshot(SnapshotId),
}

#[derive(Clone, Copy, Debug)]
struct Out {
    what: What,
    /// Everything was read anew since then: what comes of it counts for nothing, but the next one waits for it.
    void: bool,
}

/// What came of a handler's word.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Handled {
    /// Up to this number; 0 moves no position.
    Done(u64),
    Again,
    PassedOver(u64),
}

#[derive(Debug, Default)]
pub(super) struct Inbox {
    entries: VecDeque<Entry>,
    bytes: u64,
    last_serial: u64,
    out: Option<Out>,
    attempts: u32,
    /// Not before this is the next one given out.
    next: Instant,
    /// Of what is conflated, all up to this one may go now.
    batch: u64,
    /// Something was not taken for want of room.
    full: bool,
    pub(super) conflated: u64,
}

impl Inbox {
    pub(super) fn is_full(&self) -> bool {
        self.full
    }

    /// Takes one, if there is room.
    pub(super) fn put(
        &mut self,
        offset: u64,
        publication: Option<Publication>,
        conflates: bool,
        settings: &SocketSettings,
    ) -> bool {
        // What has no number cannot be asked for again, and holds nobody up.
        if self.full && offset > 0 {
            return false;
        }
        let last = self.entries.back_mut();
        if publication.is_none()
            && let Some(last) = last.filter(|last| last.publication.is_none())
        {
            last.offset = offset;
            return true;
        }
        let earlier = publication.as_ref().filter(|_| conflates);
        let earlier = earlier.and_then(|later| self.earlier(later));
        let freed = earlier.and_then(|place| self.entries.get(place));
        let freed = freed.map_or((0, 0), |entry| (1, size(entry)));
        let bytes = publication
            .as_ref()
            .map_or(0, |each| each.data.len() as u64);
        if !self.fits(freed, bytes, settings) {
            self.full |= offset > 0;
            return false;
        }
        if let Some(place) = earlier {
            self.entries.remove(place);
            self.conflated += 1;
            // It is the first one that failed.
            if place == 0 {
                self.attempts = 0;
            }
        }
        self.bytes = self.bytes + bytes - freed.1;
        self.last_serial += 1;
        self.entries.push_back(Entry {
            offset,
            publication,
            serial: self.last_serial,
        });
        true
    }

    /// Whether one of so many bytes would be taken.
    pub(super) fn has_room(&self, bytes: u64, settings: &SocketSettings) -> bool {
        self.fits((0, 0), bytes, settings)
    }

    /// Whether one of so many bytes would be taken, if so many entries and bytes went for it. Where no message waits (each has bytes), any is:
    /// it is only when one is handled that there is room again.
    fn fits(&self, freed: (usize, u64), bytes: u64, settings: &SocketSettings) -> bool {
        let left = self.bytes - freed.1;
        let entries = self.entries.len() - freed.0;
        let fits =
            entries < settings.held_entries as usize && left + bytes <= settings.held_bytes.into();
        fits || left == 0
    }

    /// Where one of the same key is that is not worth giving out any more, unless it is out.
    fn earlier(&self, later: &Publication) -> Option<usize> {
        let same =
            |entry: &Entry| matches!(&entry.publication, Some(each) if each.key == later.key);
        let first = |out: &Out| matches!(out.what, What::Message(_)) && !out.void;
        let skip = usize::from(self.out.as_ref().is_some_and(first));
        let place = self.entries.iter().skip(skip).position(same);
        place.map(|place| place + skip)
    }

    /// The next one, when it may go: its number, how often it was given out, and what it says. What has nothing in it is passed; `moves` is told.
    pub(super) fn give(
        &mut self,
        now: Instant,
        every: Option<Millis>,
        last: &mut u64,
        mut moves: impl FnMut(u64),
    ) -> Option<(DeliveryId, u64, u32, &Publication)> {
        if self.out.is_some() {
            return None;
        }
        while self
            .entries
            .front()
            .is_some_and(|entry| entry.publication.is_none())
        {
            if let Some(entry) = self.entries.pop_front() {
                moves(entry.offset);
            }
        }
        if now < self.next {
            return None;
        }
        let entry = self.entries.front()?;
        if every.is_some() && entry.serial > self.batch {
            self.batch = self.last_serial;
        }
        *last += 1;
        let id = DeliveryId(*last);
        let what = What::Message(id);
        self.out = Some(Out { what, void: false });
        self.attempts = self.attempts.saturating_add(1);
        let publication = entry.publication.as_ref()?;
        Some((id, entry.offset, self.attempts, publication))
    }

    pub(super) fn is_busy(&self) -> bool {
        self.out.is_some()
    }

    pub(super) fn lend(&mut self, what: What) {
        self.out = Some(Out { what, void: false });
    }

    /// The handler is done with this: whether it was out, and is not void.
    pub(super) fn take_back(&mut self, what: What) -> bool {
        let out = self.out.take_if(|out| out.what == what);
        out.is_some_and(|out| !out.void)
    }

    /// The handler is done with the message that was out.
    pub(super) fn handled(
        &mut self,
        now: Instant,
        ok: bool,
        every: Option<Millis>,
        settings: &SocketSettings,
    ) -> Handled {
        if !ok && self.attempts < settings.handler_attempts {
            let rest = Backoff {
                base: Millis(settings.base_ms.into()),
                cap: Millis(settings.cap_ms.into()),
            };
            self.next = now + rest.ceiling(self.attempts.saturating_sub(1));
            return Handled::Again;
        }
        self.attempts = 0;
        let entry = self.entries.pop_front();
        let offset = entry.as_ref().map_or(0, |entry| entry.offset);
        self.bytes -= entry.as_ref().map_or(0, size).min(self.bytes);
        let next = self.entries.iter().find(|it| it.publication.is_some());
        self.next = match (every, next) {
            (Some(every), first) if first.is_none_or(|entry| entry.serial > self.batch) => {
                now + every
            }
            _ => now,
        };
        match ok {
            true => Handled::Done(offset),
            false => Handled::PassedOver(offset),
        }
    }

    /// When the next one may go; never while one is out.
    pub(super) fn deadline(&self) -> Instant {
        match (self.out, self.entries.is_empty()) {
            (None, false) => self.next,
            _ => Instant::NEVER,
        }
    }

    /// Whether something was not taken, and half of the room is free again.
    pub(super) fn has_room_again(&mut self, settings: &SocketSettings) -> bool {
        let free = self.entries.len() <= settings.held_entries as usize / 2
            && self.bytes <= u64::from(settings.held_bytes) / 2;
        let again = self.full && free;
        self.full &= !again;
        again
    }

    /// Whether it is nearly full, or has not been emptied enough since then: what is under way when the server hears of it still has room.
    pub(super) fn has_enough(&self, before: bool, settings: &SocketSettings) -> bool {
        let quarters = if before { 2 } else { 3 };
        self.full
            || self.entries.len() as u64 > u64::from(settings.held_entries) * quarters / 4
            || self.bytes > u64::from(settings.held_bytes) * quarters / 4
    }

    /// All of it is void. What is out stays with its handler, which nobody can stop.
    pub(super) fn clear(&mut self) -> u64 {
        let lost = self.entries.len() as u64;
        self.entries.clear();
        self.bytes = 0;
        if let Some(out) = &mut self.out {
            out.void = true;
        }
        self.attempts = 0;
        self.full = false;
        lost
    }
}

fn size(entry: &Entry) -> u64 {
    let publication = entry.publication.as_ref();
    publication.map_or(0, |each| each.data.len() as u64)
}
