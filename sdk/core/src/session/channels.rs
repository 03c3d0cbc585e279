//! All channels of a session.

use alloc::collections::{BTreeMap, VecDeque};
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::ops::Bound::{Excluded, Included, Unbounded};

use super::channel::{Channel, Hole, News, Seat, Wish};
use super::inbox::Handled;
use super::input::DeliveryId;
use super::machine::Session;
use super::manner::{Manner, Protocol};
use super::moment::Moment;
use super::news::{SocketChange, SocketEvent};
use super::position::Position;
use super::settings::SocketSettings;
use super::step::{Delivery, Snapshot, Step};
use super::wire::{Anew, Publication, Refusal, Stand, decode, encode};
use crate::rng::Rng;
use crate::time::{Instant, Millis};

/// From this code on, a subscription that the server has ended is to be made again.
const AGAIN: u64 = 2_500;
/// Centrifugo's word for a position that is of another memory.
const UNRECOVERABLE: u64 = 112;
/// What the server will not have now is asked for again after this, where it says that it may have it later.
const TEMPORARY: Millis = Millis(10_000);

#[derive(Debug, Default)]
pub(super) struct Channels {
    all: BTreeMap<String, Channel>,
    /// Positions of an earlier life of the page.
    kept: BTreeMap<String, Position>,
    /// Subscriptions to end.
    left: Vec<String>,
    news: Vec<(String, News)>,
    last_delivery: u64,
    /// Whose message went last.
    turn: String,
}

impl Session {
    /// Asks for the messages of a channel, from where it was when [`Session::positions`] were kept, if they were.
    pub fn subscribe(&mut self, channel: &str, wish: Wish) {
        if self.is_closed() || self.manner.is_raw() {
            return;
        }
        let position = self.channels.kept.remove(channel);
        self.channels
            .all
            .entry(channel.into())
            .or_insert_with(|| Channel::new(wish, position))
            .wish = wish;
    }

    /// Asks for no more of them.
    pub fn unsubscribe(&mut self, channel: &str) {
        if let Some(gone) = self.channels.all.remove(channel)
            && matches!(gone.seat, Seat::Live | Seat::Asked { .. })
        {
            self.channels.left.push(channel.into());
        }
    }

    /// How far each channel was handled, as a text that can be kept over a reload.
    #[must_use]
    pub fn positions(&self) -> String {
        let channels = &self.channels;
        let live = channels.all.iter();
        let live = live.filter_map(|(name, each)| Some((&**name, each.handled.as_ref()?)));
        let kept = channels.kept.iter().map(|(name, each)| (&**name, each));
        encode::positions(live.chain(kept))
    }

    /// Takes over what [`Session::positions`] gave in an earlier life of the page, for channels that are subscribed to from now on. What is no
    /// such text is none.
    pub fn restore(&mut self, positions: &str) {
        self.channels.kept.extend(decode::positions(positions));
    }

    /// How far a channel was handled.
    #[must_use]
    pub fn position(&self, channel: &str) -> Option<&Position> {
        self.channels.all.get(channel)?.handled.as_ref()
    }
}

impl Channels {
    pub(super) fn iter(&self) -> impl Iterator<Item = &Channel> {
        self.all.values()
    }

    /// What the server is told of each when a connection begins.
    pub(super) fn standing(&mut self) -> impl Iterator<Item = (&str, Option<&Position>)> {
        for channel in self.all.values_mut() {
            channel.note_standing();
        }
        let all = self.all.iter();
        all.map(|(name, channel)| (&**name, channel.standing()))
    }

    pub(super) fn lose_link(&mut self) {
        self.left.clear();
        for channel in self.all.values_mut() {
            channel.lose_link();
        }
    }

    pub(super) fn close(&mut self) {
        self.all.clear();
        self.left.clear();
        self.news.clear();
    }

    pub(super) fn greeted(
        &mut self,
        at: Moment,
        subs: Vec<Stand>,
        spread: Millis,
        manner: &Manner,
        rng: &mut Rng,
    ) {
        for stand in subs {
            self.with(&stand.channel.clone(), |channel| {
                channel.stand(at, stand, spread, &manner.settings, rng)
            });
        }
    }

    pub(super) fn subscribed(
        &mut self,
        at: Moment,
        id: u64,
        stand: Stand,
        manner: &Manner,
        rng: &mut Rng,
    ) {
        let asked = |channel: &Channel| matches!(channel.seat, Seat::Asked { command, .. } if command == id);
        let named = self.all.iter().find(|(_, channel)| asked(channel));
        if let Some(name) = named.map(|(name, _)| name.clone()) {
            self.with(&name, |channel| {
                channel.stand(at, stand, Millis::ZERO, &manner.settings, rng)
            });
        }
    }

    pub(super) fn published(
        &mut self,
        name: &str,
        publication: Publication,
        settings: &SocketSettings,
    ) {
        self.with(name, |channel| match channel.seat {
            Seat::Live => channel.take(publication, settings),
            // It is of a subscription that is over, or comes before the word that says where it begins.
            _ => None,
        });
    }

    pub(super) fn skipped(&mut self, name: &str, from: u64, to: u64, settings: &SocketSettings) {
        self.with(name, |channel| match channel.seat {
            Seat::Live => channel.skip(from, to, settings),
            _ => None,
        });
    }

    pub(super) fn replayed(&mut self, at: Moment, stand: Stand, manner: &Manner, rng: &mut Rng) {
        self.with(&stand.channel.clone(), |channel| {
            channel.replay(at, stand, &manner.settings, rng)
        });
    }

    pub(super) fn read_anew(&mut self, at: Moment, anew: Anew, _: &Manner, rng: &mut Rng) {
        self.with(&anew.channel.clone(), |channel| {
            let asked = matches!(channel.hole, Hole::Asked { .. });
            let Anew {
                url,
                data,
                position,
                ..
            } = anew;
            asked.then(|| channel.anew(at, position, url, data, Millis::ZERO, rng))
        });
    }

    /// The server ended a subscription.
    pub(super) fn ended(&mut self, name: &str, code: u64) {
        self.with(name, |channel| {
            channel.lose_link();
            if code >= AGAIN {
                return None;
            }
            channel.seat = Seat::Refused {
                until: Instant::NEVER,
            };
            Some((SocketChange::SubscriptionRefused, 0))
        });
    }

    /// A command was refused; whether it was about a channel.
    pub(super) fn refused(
        &mut self,
        at: Moment,
        id: u64,
        refusal: Refusal,
        settings: &SocketSettings,
    ) -> bool {
        for (name, channel) in &mut self.all {
            match (&channel.seat, &channel.hole) {
                (Seat::Asked { command, .. }, _) if *command == id => {
                    if refusal.code == UNRECOVERABLE {
                        channel.void = true;
                        channel.seat = Seat::Away;
                        return true;
                    }
                    let until = match refusal.temporary {
                        true => at.now + TEMPORARY,
                        false => Instant::NEVER,
                    };
                    channel.seat = Seat::Refused { until };
                    let news = (SocketChange::SubscriptionRefused, 0);
                    self.news.push((name.clone(), news));
                    return true;
                }
                (_, Hole::Asked { command, .. }) if *command == id => {
                    channel.hole = Hole::Asked {
                        command: 0,
                        until: at.now + Millis(settings.late_ms.into()),
                    };
                    return true;
                }
                _ => {}
            }
        }
        false
    }

    pub(super) fn snapshot(
        &mut self,
        at: Moment,
        name: &str,
        ok: bool,
        settings: &SocketSettings,
        rng: &mut Rng,
    ) {
        if let Some(channel) = self.all.get_mut(name) {
            channel.snapshot(at, ok, settings, rng);
        }
    }

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

    /// What the server did not answer in time.
    pub(super) fn tick(&mut self, at: Moment, manner: &Manner, _: &mut Rng) {
        for channel in self.all.values_mut() {
            match channel.seat {
                // It may have been lost on the way; it is ended first in case that it was not.
                Seat::Asked { until, .. } if until <= at.now => {
                    channel.seat = Seat::Away;
                    channel.leaves = true;
                }
                Seat::Refused { until } if until <= at.now => channel.seat = Seat::Away,
                _ => {}
            }
            match channel.hole {
                Hole::Asked { until, .. } if until <= at.now => {
                    // Where the channel stands, the next subscription says; what is missing is read anew.
                    channel.lose_link();
                    channel.leaves = true;
                    channel.void = true;
                }
                Hole::Missing if manner.protocol == Protocol::Centrifugo => {
                    // It has no word for a gap but to subscribe from there.
                    channel.lose_link();
                    channel.leaves = true;
                }
                _ => {}
            }
        }
    }

    /// The next thing to ask of the server.
    pub(super) fn command(
        &mut self,
        at: Moment,
        manner: &Manner,
        last: &mut u64,
    ) -> Option<String> {
        let until = at.now + Millis(manner.settings.reply_ms.into());
        if let Some(name) = self.left.pop() {
            *last += 1;
            return Some(encode::unsubscribe(*last, &name));
        }
        for (name, channel) in &mut self.all {
            if channel.seat == Seat::Away {
                *last += 1;
                if core::mem::take(&mut channel.leaves) {
                    return Some(encode::unsubscribe(*last, name));
                }
                channel.note_standing();
                channel.seat = Seat::Asked {
                    command: *last,
                    until,
                };
                return Some(encode::subscribe(*last, name, channel.standing()));
            }
            if let (Seat::Live, Hole::Missing, Some(read)) =
                (channel.seat, &channel.hole, &channel.read)
            {
                *last += 1;
                let text = encode::gap(*last, name, read);
                channel.hole = Hole::Asked {
                    command: *last,
                    until,
                };
                return Some(text);
            }
        }
        None
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

    pub(super) fn deadline(&self, open: bool) -> Instant {
        let all = self.all.values().map(|channel| {
            let seat = match channel.seat {
                Seat::Asked { until, .. } | Seat::Refused { until } => until,
                _ => Instant::NEVER,
            };
            let hole = match &channel.hole {
                Hole::Asked { until, .. } => *until,
                Hole::Snapshot(anew) => return (anew.due, seat),
                Hole::Missing | Hole::None => Instant::NEVER,
            };
            (channel.inbox.deadline(), seat.min(hole))
        });
        let due = |(here, there): (Instant, Instant)| if open { here.min(there) } else { here };
        all.map(due).min().unwrap_or(Instant::NEVER)
    }

    pub(super) fn take_news(
        &mut self,
        at: Moment,
        attempt: u32,
    ) -> impl Iterator<Item = SocketEvent> + use<> {
        let news = core::mem::take(&mut self.news).into_iter();
        news.map(move |(channel, (change, messages))| SocketEvent {
            attempt,
            channel: Some(channel),
            messages,
            ..SocketEvent::new(at.now.as_millis(), change)
        })
    }

    fn with(&mut self, name: &str, act: impl FnOnce(&mut Channel) -> Option<News>) {
        if let Some(news) = self.all.get_mut(name).and_then(act) {
            self.news.push((name.into(), news));
        }
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
