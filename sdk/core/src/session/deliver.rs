//! Giving messages to handlers, one of each channel at a time and the channels in turn.

use alloc::collections::VecDeque;

use super::channel::{Channel, Hole};
use super::channels::Channels;
use super::inbox::{Handled, What};
use super::input::{DeliveryId, SnapshotId};
use super::moment::Moment;
use super::news::SocketChange;
use super::position::Position;
use super::step::{Delivery, Snapshot, Step};
use crate::settings::SocketSettings;
use crate::time::{Instant, Millis};

impl Channels {
    /// A handler is done.
    pub(super) fn handled(
        &mut self,
        at: Moment,
        id: DeliveryId,
        ok: bool,
        settings: &SocketSettings,
        hidden: bool,
    ) {
        let mut all = self.all.iter_mut();
        let what = What::Message(id);
        let found = all.find_map(|each| each.1.inbox.take_back(what).then_some(each));
        let Some((name, channel)) = found else {
            return;
        };
        let every = every(channel, settings, hidden);
        let (moved, news) = match channel.inbox.handled(at.now, ok, every, settings) {
            Handled::Again => (0, Some(SocketChange::HandlerFailed)),
            Handled::Done(offset) => (offset, None),
            Handled::PassedOver(offset) => (offset, Some(SocketChange::PassedOver)),
        };
        advance(&mut channel.handled, channel.read.as_ref(), moved);
        channel.refill(settings);
        if let Some(change) = news {
            self.news.push((name.clone(), (change, 1)));
        }
    }

    /// One message, of the channel after the one whose message went last.
    pub(super) fn deliver(
        &mut self,
        at: Moment,
        settings: &SocketSettings,
        hidden: bool,
        steps: &mut VecDeque<Step>,
    ) {
        while let Some(place) = self.next_ready(at.now) {
            self.turn = place + 1;
            if let Some(step) = self.deliver_of(place, at, settings, hidden) {
                steps.push_back(step);
                return;
            }
        }
    }

    /// The place of the next channel, from the one whose turn it is, which has something to give out.
    fn next_ready(&self, now: Instant) -> Option<usize> {
        let ready = |place: &usize| match self.all.get(*place) {
            Some((_, channel)) if channel.paused => false,
            Some((_, channel)) => match &channel.hole {
                Hole::Snapshot(anew) => anew.due <= now && !channel.inbox.is_busy(),
                _ => channel.inbox.deadline() <= now,
            },
            None => false,
        };
        let all = self.all.len();
        (self.turn..all).chain(0..self.turn.min(all)).find(ready)
    }

    fn deliver_of(
        &mut self,
        place: usize,
        at: Moment,
        settings: &SocketSettings,
        hidden: bool,
    ) -> Option<Step> {
        let (name, channel) = self.all.get_mut(place)?;
        if let Hole::Snapshot(anew) = &channel.hole {
            self.last_delivery += 1;
            let id = SnapshotId(self.last_delivery);
            channel.inbox.lend(What::Snapshot(id));
            return Some(Step::Snapshot(Snapshot {
                id,
                channel: name.clone(),
                url: anew.url.clone(),
                data: anew.data.clone(),
                position: anew.position.clone(),
            }));
        }
        let every = every(channel, settings, hidden);
        let (handled, read) = (&mut channel.handled, channel.read.as_ref());
        let moves = |offset| advance(handled, read, offset);
        let given = channel
            .inbox
            .give(at.now, every, &mut self.last_delivery, moves)?;
        let (id, offset, attempt, publication) = given;
        Some(Step::Deliver(Delivery {
            id,
            channel: name.clone(),
            offset,
            attempt,
            data: publication.data.clone(),
        }))
    }
}

/// How often a channel is given out, if it is conflated.
fn every(channel: &Channel, settings: &SocketSettings, hidden: bool) -> Option<Millis> {
    let rare = Millis(settings.hidden_every_ms.into());
    let every = channel.wish.every?;
    Some(if hidden { every.max(rare) } else { every })
}

/// All up to this number was handled.
fn advance(handled: &mut Option<Position>, read: Option<&Position>, offset: u64) {
    if offset > 0 {
        let epoch = read.map(|read| read.epoch.clone()).unwrap_or_default();
        *handled = Some(Position { epoch, offset });
    }
}
