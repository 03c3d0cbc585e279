//! The channels that one WebSocket listens to, and what a reader is told of their past.

use std::collections::BTreeSet;

use tidegate_contract::feed::{Error, Gap, Position, Replay, Reply, Subscribed, error_code};

use crate::feed::channels::Channels;
use crate::feed::replies::{no_channel, publications, refusal, snapshot};
use crate::feed::view::View;

/// Centrifugo's `client.channel_limit`.
pub(crate) const MAX_CHANNELS: usize = 128;

/// The channels by name.
#[derive(Debug, Default)]
pub(crate) struct Subscriptions(BTreeSet<String>);

impl Subscriptions {
    pub(crate) fn contains(&self, channel: &str) -> bool {
        self.0.contains(channel)
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
        if self.0.contains(channel) {
            let code = error_code::ALREADY_SUBSCRIBED;
            return Err(refusal(code, "already subscribed"));
        }
        if self.0.len() >= MAX_CHANNELS {
            return Err(refusal(error_code::LIMIT_EXCEEDED, "limit exceeded"));
        }
        self.0.insert(channel.to_owned());
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
        self.0.remove(channel)
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
