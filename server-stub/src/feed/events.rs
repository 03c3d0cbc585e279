//! The server's side of one stream of server-sent events.
//!
//! Every event's `id` is `epoch:offset`, so the browser itself brings the position back in `Last-Event-ID`. Who cannot be brought up to
//! date is told so by an event of type `snapshot`, which says where the state is; Mercure has the same signal in a response header,
//! which `EventSource` cannot read.

use std::sync::Arc;

use tidegate_contract::feed::{FeedSettings, Position};
use tidegate_core::{Instant, Millis};

use crate::feed::channels::Channels;
use crate::feed::history::{Post, padded, to_json};
use crate::feed::outlet::Outlet;
use crate::feed::replies::snapshot;
use crate::feed::step::{Parcel, Step};
use crate::feed::view::View;

/// The HTML standard's advice (9.2.7): a comment every 15 seconds or so, against proxies that drop silent connections.
const COMMENT_EVERY: Millis = Millis::from_secs(15);

/// One event stream.
#[derive(Debug)]
pub(crate) struct EventStream {
    channel: String,
    id: u64,
    outlet: Outlet,
    next_comment: Instant,
}

impl EventStream {
    /// A stream of one channel, from a position on. `None` when there is no such channel.
    pub(crate) fn open(
        now: Instant,
        id: u64,
        channel: &str,
        since: Option<&Position>,
        settings: FeedSettings,
        mut outlet: Outlet,
        channels: &Channels,
    ) -> Option<EventStream> {
        let history = channels.history(channel)?;
        let view = View {
            stream: id,
            fault: outlet.faults().resume(),
        };
        let position = view.position(history);
        let retry = format!("retry: {}\n", settings.retry_ms);
        match since.map(|since| view.recover(history, since)) {
            None => outlet.say(now, format!("{retry}id: {}\n\n", position.to_event_id())),
            Some(None) => {
                let id = position.to_event_id();
                let data = to_json(&snapshot(channel.to_owned(), position));
                let event = format!("{retry}event: snapshot\nid: {id}\ndata: {data}\n\n");
                outlet.say(now, event);
            }
            Some(Some(missed)) => {
                outlet.say(now, format!("{retry}\n"));
                missed.iter().for_each(|post| outlet.post(now, post));
            }
        }
        Some(EventStream {
            channel: channel.to_owned(),
            id,
            outlet,
            next_comment: now + COMMENT_EVERY,
        })
    }

    pub(crate) fn outlet(&self) -> &Outlet {
        &self.outlet
    }

    pub(crate) fn outlet_mut(&mut self) -> &mut Outlet {
        &mut self.outlet
    }

    /// Whether it is a stream of this channel.
    pub(crate) fn is_of(&self, channel: &str) -> bool {
        self.channel == channel
    }

    /// A message was added to a channel.
    pub(crate) fn on_post(&mut self, now: Instant, post: &Arc<Post>) {
        if self.is_of(&post.channel) {
            self.outlet.post(now, post);
        }
    }

    /// The next thing to do. Comments go on when all else has fallen silent.
    pub(crate) fn poll(&mut self, now: Instant) -> Step<Parcel> {
        match self.outlet.poll(now) {
            Step::Wait(_) if now >= self.next_comment => {
                self.next_comment = now + COMMENT_EVERY;
                Step::Send(Parcel::Text(":\n\n".to_owned()))
            }
            Step::Wait(until) => Step::Wait(until.min(self.next_comment)),
            step => step,
        }
    }

    /// A message as an event.
    pub(crate) fn render(&self, post: &Post, pad_to: usize, channels: &Channels) -> String {
        let view = View {
            stream: self.id,
            fault: self.outlet.faults().resume(),
        };
        let epoch = channels
            .history(&post.channel)
            .map(|history| view.position(history).epoch);
        let position = Position {
            epoch: epoch.unwrap_or_default(),
            offset: post.publication.offset,
        };
        let id = position.to_event_id();
        let data = padded(&post.data, pad_to);
        format!("id: {id}\ndata: {data}\n\n")
    }
}
