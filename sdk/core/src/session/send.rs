//! What a caller sends.

use alloc::string::String;

use super::item::Body;
use super::machine::Session;
use super::manner::Protocol;
use super::moment::Moment;
use super::news::{SocketChange, SocketEvent};
use super::sending::{DropReason, Frame, Overflow, SendState, Sent, Ticket};
use super::wire::json::Json;

impl Session {
    /// Sends a frame as it is, on a connection of which nothing is known. It is `queued`, or was dropped; a [`Step::Sent`](super::Step::Sent) says
    /// when it is written.
    pub fn send(&mut self, at: Moment, frame: Frame, overflow: Overflow) -> Sent {
        self.take(at, Body::Frame(frame), false, overflow)
    }

    /// Adds a message to a channel; `data` is JSON. `acknowledged`: it is repeated until the server says that it has carried it out.
    pub fn publish(
        &mut self,
        at: Moment,
        channel: &str,
        data: &str,
        acknowledged: bool,
        overflow: Overflow,
    ) -> Sent {
        if let Some(why) = self.refuses(data) {
            return refusal(why);
        }
        let body = Body::Publish {
            channel: String::from(channel),
            data: String::from(data.trim()),
        };
        self.take(at, body, acknowledged, overflow)
    }

    /// Why something cannot be published.
    #[must_use]
    pub fn refuses(&self, data: &str) -> Option<DropReason> {
        // A line break ends a command.
        let whole = Json::whole(data).is_some_and(|json| !json.text().contains('\n'));
        match whole && self.manner.protocol != Protocol::Raw {
            true if self.is_closed() => Some(DropReason::Closed),
            true if self.manner.protocol == Protocol::Sse => Some(DropReason::ReceiveOnly),
            true => None,
            false => Some(DropReason::Malformed),
        }
    }

    /// The event of something that was dropped, as [`Session::send`] and [`Step::Sent`](super::Step::Sent) say it.
    #[must_use]
    pub fn dropped(&self, at: Moment, sent: &Sent) -> Option<SocketEvent> {
        (sent.state == SendState::Dropped).then(|| SocketEvent {
            messages: 1,
            why: sent.why,
            ..self.event(at, SocketChange::Dropped)
        })
    }

    /// The bytes that wait for a connection or an acknowledgement.
    #[must_use]
    pub fn queued_bytes(&self) -> u64 {
        self.outbound.bytes() + self.rpcs.bytes()
    }

    /// Whether the browser has more than enough, and what is sent now waits until a `drain`.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.outbound.is_full()
    }

    fn take(&mut self, at: Moment, body: Body, acknowledged: bool, overflow: Overflow) -> Sent {
        if self.is_closed() {
            return refusal(DropReason::Closed);
        }
        if self.manner.protocol == Protocol::Sse {
            return refusal(DropReason::ReceiveOnly);
        }
        let settings = &self.manner.settings;
        self.outbound
            .add(at, body, acknowledged, overflow, settings, &mut self.steps)
    }
}

/// What was never taken has no number of its own.
fn refusal(why: DropReason) -> Sent {
    Sent {
        ticket: Ticket(0),
        state: SendState::Dropped,
        why: Some(why),
    }
}
