//! The numbers of a channel: which is next, which was here before, and what is missing.
//!
//! Nobody's promise counts for the order but the numbers: exactly the next one is taken; an earlier one was here before; a later one waits
//! behind a gap, which is asked for once. centrifuge-js 5.8 passes 1, 2, 2, 5, 3 through and would resume from 3.

use alloc::string::String;

use super::channel::{Channel, Hole, News};
use super::moment::Moment;
use super::news::SocketChange;
use super::position::Position;
use super::wire::{Publication, Stand};
use crate::rng::Rng;
use crate::settings::SocketSettings;
use crate::time::Millis;

impl Channel {
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
}

fn size(publication: Option<&Publication>) -> u64 {
    publication.map_or(0, |publication| publication.data.len() as u64)
}
