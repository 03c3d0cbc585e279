//! Reading a channel anew, because what is missing is gone.

use alloc::string::String;

use super::channel::{Anew, Channel, Hole, News, Seat};
use super::channels::Channels;
use super::inbox::What;
use super::input::SnapshotId;
use super::moment::Moment;
use super::news::SocketChange;
use super::position::Position;
use crate::backoff::Backoff;
use crate::rng::Rng;
use crate::settings::SocketSettings;
use crate::time::Millis;

impl Channels {
    /// What a snapshot holds was taken over, or could not be.
    pub(super) fn snapshot(
        &mut self,
        at: Moment,
        id: SnapshotId,
        ok: bool,
        settings: &SocketSettings,
        rng: &mut Rng,
    ) {
        let mut all = self.all.iter_mut();
        let what = What::Snapshot(id);
        let found = all.find_map(|each| each.1.inbox.take_back(what).then_some(each));
        if let Some((_, channel)) = found {
            channel.snapshot(at, ok, settings, rng);
        }
    }
}

impl Channel {
    /// It was read as far as this in an earlier life of the page; of no use to one that has been asked for.
    pub(super) fn begin_at(&mut self, position: Position) {
        if self.seat == Seat::Away && self.read.is_none() {
            self.void = false;
            self.handled = Some(position.clone());
            self.read = Some(position);
        }
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
    fn snapshot(&mut self, at: Moment, ok: bool, settings: &SocketSettings, rng: &mut Rng) {
        let Hole::Snapshot(anew) = &mut self.hole else {
            return;
        };
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
        } else if !self.beyond.is_empty() {
            // A gap behind it was nobody's business till now.
            self.miss();
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
