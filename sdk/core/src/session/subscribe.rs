//! What an owner asks of channels.

use alloc::string::String;

use super::channel::{Channel, Seat, Wish};
use super::machine::Session;
use super::position::Position;
use super::wire::{decode, encode};

/// Positions that are kept for channels that nobody has asked for in this life of the page. Those of channels that are in use come first, so what goes is
/// what nobody has wanted for longest.
const MOST_KEPT: usize = 256;

impl Session {
    /// Asks for the messages of a channel, from where it was when [`Session::positions`] were kept, if they were.
    pub fn subscribe(&mut self, channel: &str, wish: Wish) {
        if self.is_closed() || self.manner.is_raw() {
            return;
        }
        let channels = &mut self.channels;
        if let Some(known) = channels.of(channel) {
            known.wish = wish;
            return;
        }
        let kept = channels.kept.iter().position(|(name, _)| name == channel);
        let position = kept.map(|place| channels.kept.remove(place).1);
        (channels.all).push((channel.into(), Channel::new(wish, position)));
    }

    /// Asks for no more of them.
    pub fn unsubscribe(&mut self, channel: &str) {
        let place = self
            .channels
            .all
            .iter()
            .position(|(name, _)| name == channel);
        if let Some((_, gone)) = place.map(|place| self.channels.all.remove(place))
            && matches!(gone.seat, Seat::Live | Seat::Asked { .. })
        {
            self.channels.left.push(channel.into());
        }
    }

    /// Gives out no more messages of a channel, or goes on with them. A server that speaks `tidegate.v1` keeps them meanwhile, as long as its memory
    /// lasts; what is gone by then is read anew.
    pub fn pause(&mut self, channel: &str, pauses: bool) {
        if let Some(channel) = self.channels.of(channel) {
            channel.paused = pauses;
        }
    }

    /// Whether a channel was paused by [`Session::pause`].
    #[must_use]
    pub fn is_paused(&self, channel: &str) -> bool {
        let mut all = self.channels.all.iter();
        all.any(|(name, each)| name == channel && each.paused)
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

    /// Takes over what [`Session::positions`] gave in an earlier life of the page, for channels that were not asked for yet, and those that are
    /// subscribed to from now on. What was said first counts; what is no such text is none.
    pub fn restore(&mut self, positions: &str) {
        for (name, position) in decode::positions(positions) {
            let room = self.channels.kept.len() < MOST_KEPT;
            match self.channels.of(&name) {
                Some(channel) => channel.begin_at(position),
                None if room => self.channels.kept.push((name, position)),
                None => {}
            }
        }
    }

    /// How far a channel was handled.
    #[must_use]
    pub fn position(&self, channel: &str) -> Option<&Position> {
        let found = self.channels.all.iter().find(|(name, _)| name == channel);
        found?.1.handled.as_ref()
    }
}
