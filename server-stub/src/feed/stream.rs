//! One open stream of either kind, as the hub keeps it.

use std::sync::Arc;

use tidegate_contract::SocketClose;
use tidegate_contract::feed::{EndedBy, FeedAct, FeedOrder, Position, StreamInfo, StreamKind};
use tidegate_core::Instant;
use tokio::sync::Notify;

use crate::feed::channels::Channels;
use crate::feed::events::EventStream;
use crate::feed::history::{Post, padded};
use crate::feed::outlet::Outlet;
use crate::feed::session::Session;
use crate::feed::step::{How, Last, Parcel, Step};

/// Not JSON in any reading of it. Valid UTF-8 all the same: a WebSocket would break at anything else, before its content does.
const GARBAGE: &str = "\u{fffd}\u{0}{]garbage";

/// What a client asks for when it opens a stream.
#[derive(Clone, Debug)]
pub(crate) enum Wish {
    Events {
        channel: String,
        since: Option<Position>,
    },
    Socket {
        extended: bool,
    },
}

/// One frame on its way out.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Frame {
    pub(crate) text: String,
    /// The number of the message in it.
    pub(crate) offset: Option<u64>,
}

/// A stream that is open.
#[derive(Debug)]
pub(crate) struct Stream {
    pub(crate) client: String,
    /// The name its client is counted under.
    pub(crate) counted_as: String,
    pub(crate) since: Instant,
    pub(crate) talk: Talk,
    /// Tells the stream's driver that there may be something to do.
    pub(crate) wake: Arc<Notify>,
    pub(crate) received: u64,
    pub(crate) sent: u64,
}

/// What is spoken on it.
#[derive(Debug)]
pub(crate) enum Talk {
    Events(Box<EventStream>),
    Socket(Box<Session>),
}

impl Stream {
    /// A message was added to a channel.
    pub(crate) fn on_post(&mut self, now: Instant, post: &Arc<Post>) {
        match &mut self.talk {
            Talk::Events(events) => events.on_post(now, post),
            Talk::Socket(session) => session.on_post(now, post),
        }
        self.wake.notify_one();
    }

    /// A channel lost its memory. A WebSocket's client is told to subscribe again; an event stream ends, so that its client comes back
    /// and learns it then.
    pub(crate) fn on_lost(&mut self, now: Instant, channel: &str) {
        match &mut self.talk {
            Talk::Events(events) if events.is_of(channel) => {
                self.obey(now, &FeedAct::Close(SocketClose::new(1000, "")));
            }
            Talk::Events(_) => {}
            Talk::Socket(session) => session.on_lost(now, channel),
        }
        self.wake.notify_one();
    }

    /// The next thing to do.
    pub(crate) fn poll(&mut self, now: Instant, channels: &Channels) -> Step<Frame> {
        let step = match &mut self.talk {
            Talk::Events(events) => events.poll(now),
            Talk::Socket(session) => session.poll(now),
        };
        match step {
            Step::End(last) => Step::End(last),
            Step::Send(parcel) => {
                self.sent += 1;
                Step::Send(self.talk.render(parcel, channels))
            }
            Step::Stall(by) => Step::Stall(by),
            Step::Wait(until) => Step::Wait(until),
        }
    }

    /// Whether an order means this stream, which has this number.
    pub(crate) fn is_meant(&self, id: u64, order: &FeedOrder) -> bool {
        order.stream.is_none_or(|wanted| wanted == id)
            && (order.client.as_ref()).is_none_or(|wanted| *wanted == self.client)
    }

    /// Carries out an order at once.
    pub(crate) fn obey(&mut self, now: Instant, act: &FeedAct) {
        let how = match act {
            FeedAct::Close(close) => How::Close(close.clone()),
            FeedAct::Drain(drain) => {
                let outlet = self.talk.outlet_mut();
                outlet.drain(now, *drain, EndedBy::Order);
                self.wake.notify_one();
                return;
            }
            FeedAct::Reset => How::Reset,
            FeedAct::Send(text) => {
                self.talk.outlet_mut().say(now, text.clone());
                self.wake.notify_one();
                return;
            }
            FeedAct::Stall => How::Stall,
            FeedAct::Vanish => How::Vanish,
        };
        let by = EndedBy::Order;
        self.talk.outlet_mut().end(Last { how, by });
        self.wake.notify_one();
    }

    /// The stream as control sees it.
    pub(crate) fn info(&self, id: u64) -> StreamInfo {
        let (kind, extended) = match &self.talk {
            Talk::Events(_) => (StreamKind::Events, false),
            Talk::Socket(session) => (StreamKind::Socket, session.extended()),
        };
        StreamInfo {
            id,
            client: self.client.clone(),
            kind,
            extended,
            since_ms: self.since.as_millis(),
            received: self.received,
            sent: self.sent,
            stalled: self.talk.outlet().is_stalled(),
        }
    }
}

impl Talk {
    /// Whether it speaks `tidegate.v1`.
    pub(crate) fn is_extended(&self) -> bool {
        matches!(self, Talk::Socket(session) if session.extended())
    }

    pub(crate) fn outlet(&self) -> &Outlet {
        match self {
            Talk::Events(events) => events.outlet(),
            Talk::Socket(session) => session.outlet(),
        }
    }

    fn outlet_mut(&mut self) -> &mut Outlet {
        match self {
            Talk::Events(events) => events.outlet_mut(),
            Talk::Socket(session) => session.outlet_mut(),
        }
    }

    fn render(&self, parcel: Parcel, channels: &Channels) -> Frame {
        let offset = match &parcel {
            Parcel::Post { post, .. } => Some(post.publication.offset),
            Parcel::Garbage | Parcel::Text(_) => None,
        };
        let text = match (parcel, self) {
            (Parcel::Garbage, Talk::Events(_)) => format!("data: {GARBAGE}\n\n"),
            (Parcel::Garbage, Talk::Socket(_)) => GARBAGE.to_owned(),
            (Parcel::Post { post, pad_to }, Talk::Events(events)) => {
                events.render(&post, pad_to, channels)
            }
            (Parcel::Post { post, pad_to }, Talk::Socket(_)) => padded(&post.push, pad_to),
            (Parcel::Text(text), _) => text,
        };
        Frame { text, offset }
    }
}
