//! One thing that is sent.

use alloc::string::String;

use super::moment::Moment;
use super::sending::{Frame, Overflow, Ticket};
use super::wire::encode;

#[derive(Clone, Debug)]
pub(super) enum Body {
    Frame(Frame),
    Publish { channel: String, data: String },
}

#[derive(Debug)]
pub(super) struct Item {
    pub(super) ticket: Ticket,
    pub(super) body: Body,
    pub(super) since: Moment,
    pub(super) overflow: Overflow,
    pub(super) acknowledged: bool,
    /// Its number in the session, once it has one.
    pub(super) seq: u64,
    /// The command that it went with last.
    pub(super) command: u64,
    pub(super) refused: bool,
}

impl Item {
    pub(super) fn bytes(&self) -> u64 {
        match &self.body {
            Body::Frame(Frame::Handle { bytes, .. }) => (*bytes).into(),
            Body::Frame(Frame::Text(text)) => text.len() as u64,
            Body::Publish { channel, data } => (channel.len() + data.len()) as u64,
        }
    }

    /// As it is written.
    pub(super) fn frame(&self, numbered: bool) -> Frame {
        match &self.body {
            Body::Frame(frame) => frame.clone(),
            Body::Publish { channel, data } => {
                let seq = (numbered && self.seq > 0).then_some(self.seq);
                Frame::Text(encode::publish(self.command, seq, None, channel, data))
            }
        }
    }
}
