//! All channels of a session.

use alloc::string::String;
use alloc::vec::Vec;

use super::channel::{Channel, Hole, News, Seat};
use super::manner::{Manner, Protocol};
use super::moment::Moment;
use super::news::SocketEvent;
use super::position::Position;
use super::transport::Transport;
use super::wire::encode;
use crate::time::{Instant, Millis};

#[derive(Debug, Default)]
pub(super) struct Channels {
    /// In the order in which they were asked for. There are few of them: a map would be more code than it is worth.
    pub(super) all: Vec<(String, Channel)>,
    /// Positions of an earlier life of the page.
    pub(super) kept: Vec<(String, Position)>,
    /// Subscriptions to end.
    pub(super) left: Vec<String>,
    pub(super) news: Vec<(String, News)>,
    pub(super) last_delivery: u64,
    /// The place of the one whose turn it is.
    pub(super) turn: usize,
}

impl Channels {
    pub(super) fn iter(&self) -> impl Iterator<Item = &Channel> {
        self.all.iter().map(|(_, channel)| channel)
    }

    pub(super) fn of(&mut self, name: &str) -> Option<&mut Channel> {
        let found = self.all.iter_mut().find(|(each, _)| each == name);
        found.map(|(_, channel)| channel)
    }

    /// What the server is told of each when a connection begins.
    pub(super) fn standing(&mut self) -> impl Iterator<Item = (&str, Option<&Position>)> {
        for (_, channel) in &mut self.all {
            channel.note_standing();
        }
        let all = self.all.iter();
        all.map(|(name, channel)| (&**name, channel.standing()))
    }

    pub(super) fn lose_link(&mut self) {
        self.left.clear();
        for (_, channel) in &mut self.all {
            channel.lose_link();
        }
    }

    pub(super) fn close(&mut self) {
        self.all.clear();
        self.left.clear();
        self.news.clear();
    }

    /// What the server did not answer in time.
    pub(super) fn tick(&mut self, at: Moment, manner: &Manner) {
        for (_, channel) in &mut self.all {
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
                    // The connection may be dead and nobody knows it yet. The next subscription, on it or on another one, asks from the
                    // same place, and says whether that is gone.
                    channel.lose_link();
                    channel.leaves = true;
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
            let halts = channel.halts(&manner.settings);
            let (Seat::Live, Some(read)) = (channel.seat, &channel.read) else {
                continue;
            };
            // It has a word for what is missing only.
            let tidegate = manner.protocol == Protocol::Tidegate;
            if tidegate && halts && !channel.halted {
                *last += 1;
                channel.halted = true;
                return Some(encode::pause(*last, name));
            }
            let goes_on = channel.halted && !halts;
            if match channel.hole {
                Hole::Missing => goes_on || !channel.halted,
                Hole::None => goes_on,
                _ => false,
            } {
                channel.halted = false;
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

    pub(super) fn deadline(&self, open: bool) -> Instant {
        let all = self.iter().map(|channel| {
            let seat = match channel.seat {
                Seat::Asked { until, .. } | Seat::Refused { until } => until,
                _ => Instant::NEVER,
            };
            let hole = match &channel.hole {
                Hole::Asked { until, .. } => *until,
                Hole::Snapshot(_) if channel.paused || channel.inbox.is_busy() => {
                    return (Instant::NEVER, seat);
                }
                Hole::Snapshot(anew) => return (anew.due, seat),
                Hole::Missing | Hole::None => Instant::NEVER,
            };
            let out = match channel.paused {
                true => Instant::NEVER,
                false => channel.inbox.deadline(),
            };
            (out, seat.min(hole))
        });
        let due = |(here, there): (Instant, Instant)| if open { here.min(there) } else { here };
        all.map(due).min().unwrap_or(Instant::NEVER)
    }

    pub(super) fn take_news(
        &mut self,
        at: Moment,
        attempt: u32,
        transport: Transport,
    ) -> impl Iterator<Item = SocketEvent> + use<> {
        let news = core::mem::take(&mut self.news).into_iter();
        news.map(move |(channel, (change, messages))| SocketEvent {
            attempt,
            transport,
            channel: Some(channel),
            messages,
            ..SocketEvent::new(at.now.as_millis(), change)
        })
    }

    pub(super) fn with(&mut self, name: &str, act: impl FnOnce(&mut Channel) -> Option<News>) {
        if let Some(news) = self.of(name).and_then(act) {
            self.news.push((name.into(), news));
        }
    }
}
