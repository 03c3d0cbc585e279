//! The channels that one WebSocket listens to, and what a reader is told of their past.

use std::collections::BTreeSet;

use tidegate_contract::feed::{Done, Error, Gap, Position, Replay, Reply, Subscribed, error_code};

use crate::feed::channels::Channels;
use crate::feed::replies::{no_channel, publications, refusal, snapshot};
use crate::feed::view::View;

/// Centrifugo's `client.channel_limit`.
pub(crate) const MAX_CHANNELS: usize = 128;

/// The channels by name.
#[derive(Debug, Default)]
pub(crate) struct Subscriptions {
    all: BTreeSet<String>,
    /// Those whose messages are not wanted for now.
    paused: BTreeSet<String>,
}

impl Subscriptions {
    /// Whether the messages of a channel are wanted now.
    pub(crate) fn hears(&self, channel: &str) -> bool {
        self.all.contains(channel) && !self.paused.contains(channel)
    }

    /// No messages of a channel for now. What it remembers is for when it is wanted again.
    pub(crate) fn pause(&mut self, channel: String) -> Result<Reply, Error> {
        if !self.all.contains(&channel) {
            return Err(refusal(error_code::BAD_REQUEST, "not subscribed"));
        }
        self.paused.insert(channel);
        Ok(Reply {
            pause: Some(Done::default()),
            ..Reply::default()
        })
    }

    /// Its messages are wanted again.
    pub(crate) fn resume(&mut self, channel: &str) {
        self.paused.remove(channel);
    }

    /// Adds a channel, with everything after a position if it is still there.
    pub(crate) fn add(
        &mut self,
        channel: &str,
        since: Option<&Position>,
        view: View,
        channels: &Channels,
    ) -> Result<Subscribed, Error> {
        let history = channels.history(channel).ok_or_else(no_channel)?;
        if self.all.contains(channel) {
            let code = error_code::ALREADY_SUBSCRIBED;
            return Err(refusal(code, "already subscribed"));
        }
        if self.all.len() >= MAX_CHANNELS {
            return Err(refusal(error_code::LIMIT_EXCEEDED, "limit exceeded"));
        }
        self.all.insert(channel.to_owned());
        let missed = since.and_then(|since| view.recover(history, since));
        Ok(Subscribed {
            recoverable: true,
            positioned: true,
            position: view.position(history),
            recovered: missed.is_some(),
            was_recovering: since.is_some(),
            publications: publications(&missed.unwrap_or_default()),
        })
    }

    /// Takes a channel away. Whether it was there.
    pub(crate) fn remove(&mut self, channel: &str) -> bool {
        self.paused.remove(channel);
        self.all.remove(channel)
    }
}

/// Closes a gap: with everything after it, or with the advice to read the state anew.
pub(crate) fn close_gap(gap: Gap, view: View, channels: &Channels) -> Result<Reply, Error> {
    let Gap { channel, have } = gap;
    let history = channels.history(&channel).ok_or_else(no_channel)?;
    let position = view.position(history);
    let mut reply = Reply::default();
    match view.recover(history, &have) {
        Some(missed) => {
            reply.replay = Some(Replay {
                channel,
                position,
                publications: publications(&missed),
            });
        }
        None => reply.snapshot = Some(snapshot(channel, position)),
    }
    Ok(reply)
}
