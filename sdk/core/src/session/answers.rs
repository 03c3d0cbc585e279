//! What the server says of channels.

use alloc::vec::Vec;

use super::channel::{Channel, Hole, Seat};
use super::channels::Channels;
use super::manner::{Manner, Protocol};
use super::moment::Moment;
use super::news::SocketChange;
use super::wire::{Anew, Publication, Refusal, Stand};
use crate::rng::Rng;
use crate::settings::SocketSettings;
use crate::time::{Instant, Millis};

/// From this code on, a subscription that the server has ended is to be made again.
const AGAIN: u64 = 2_500;
/// Centrifugo's word for a position that is of another memory.
const UNRECOVERABLE: u64 = 112;
/// What the server will not have now is asked for again after this and a draw of as much, where it says that it may have it later.
const TEMPORARY: Millis = Millis(5_000);

impl Channels {
    pub(super) fn greeted(
        &mut self,
        at: Moment,
        subs: Vec<Stand>,
        spread: Millis,
        manner: &Manner,
        rng: &mut Rng,
    ) {
        for stand in subs {
            // It was given up since the server was told of it. Centrifugo names channels that nobody has asked for.
            if manner.protocol == Protocol::Tidegate && self.of(&stand.channel).is_none() {
                self.left.push(stand.channel);
                continue;
            }
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
            Seat::Live => {
                channel.ends = 0;
                channel.take(publication, settings)
            }
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

    pub(super) fn read_anew(&mut self, at: Moment, anew: Anew, rng: &mut Rng) {
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
    pub(super) fn ended(
        &mut self,
        at: Moment,
        name: &str,
        code: u64,
        settings: &SocketSettings,
        rng: &mut Rng,
    ) {
        self.with(name, |channel| {
            channel.lose_link();
            if code >= AGAIN {
                channel.ask_again(at, settings, rng);
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
        refusal: &Refusal,
        settings: &SocketSettings,
        rng: &mut Rng,
    ) -> bool {
        for (name, channel) in &mut self.all {
            match (&channel.seat, &channel.hole) {
                (Seat::Asked { command, .. }, _) if *command == id => {
                    if refusal.code == UNRECOVERABLE {
                        channel.void = true;
                        channel.ask_again(at, settings, rng);
                        return true;
                    }
                    let until = match refusal.temporary {
                        true => at.now + TEMPORARY + rng.jitter(TEMPORARY),
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
}
