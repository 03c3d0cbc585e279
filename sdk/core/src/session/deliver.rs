//! Giving messages to handlers, one of each channel at a time and the channels in turn.

use alloc::collections::VecDeque;
use alloc::string::{String, ToString};
use core::ops::Bound::{Excluded, Included, Unbounded};

use super::channel::{Channel, Hole};
use super::channels::Channels;
use super::inbox::Handled;
use super::input::DeliveryId;
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
        let found = self.all.iter_mut().find(|(_, each)| each.inbox.is_out(id));
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
        while let Some(name) = self.next_ready(at.now) {
            self.turn.clone_from(&name);
            if let Some(step) = self.deliver_of(&name, at, settings, hidden) {
                steps.push_back(step);
                return;
            }
        }
    }

    /// The next channel after the one that went last which has something to give out.
    fn next_ready(&self, now: Instant) -> Option<String> {
        let mut after = self.all.range::<str, _>((Excluded(&*self.turn), Unbounded));
        let mut before = self.all.range::<str, _>((Unbounded, Included(&*self.turn)));
        let ready = |(_, channel): &(&String, &Channel)| match &channel.hole {
            Hole::Snapshot(anew) => anew.due <= now,
            _ => channel.inbox.deadline() <= now,
        };
        let found = after.find(ready).or_else(|| before.find(ready));
        found.map(|(name, _)| name.clone())
    }

    fn deliver_of(
        &mut self,
        name: &str,
        at: Moment,
        settings: &SocketSettings,
        hidden: bool,
    ) -> Option<Step> {
        let channel = self.all.get_mut(name)?;
        if let Hole::Snapshot(anew) = &mut channel.hole {
            if at.now < anew.due || anew.due == Instant::NEVER {
                return None;
            }
            anew.due = Instant::NEVER;
            return Some(Step::Snapshot(Snapshot {
                channel: name.to_string(),
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
            channel: name.to_string(),
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
