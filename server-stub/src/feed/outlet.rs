//! What goes out on one stream, in order, with its faults.
//!
//! Numbered messages pass through the stream's [`SocketRun`], which may drop, double, swap, delay or pad them, and end or silence the
//! stream behind one of them. Answers and pings are not touched. The queue holds a mebibyte, as Centrifugo's does; a client that reads
//! more slowly than that is closed with code 3008 and what was queued is dropped.

use std::collections::VecDeque;
use std::sync::Arc;

use tidegate_contract::feed::{EndedBy, close_code};
use tidegate_contract::{SocketAct, SocketClose, SocketDrain, SocketHit, SocketRun};
use tidegate_core::{Instant, Millis};

use crate::feed::history::Post;
use crate::feed::oddity::Oddities;
use crate::feed::replies;
use crate::feed::step::{How, Last, Parcel, Step};

const MAX_QUEUED: usize = 1 << 20;
/// What an entry costs besides its text.
const ENTRY: usize = 64;

/// The outgoing side of one stream.
#[derive(Debug)]
pub(crate) struct Outlet {
    faults: SocketRun,
    queue: VecDeque<Entry>,
    queued: usize,
    /// Messages that go out after the next one.
    held: Vec<Parcel>,
    pub(crate) oddities: Oddities,
    /// What its client understands.
    speaks: Tongue,
    /// It has been said that this comes at this time.
    announced: Option<(Instant, Last)>,
    /// Nothing that is queued later goes out before this.
    not_before: Instant,
    phase: Phase,
}

/// What the other end understands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Tongue {
    Centrifugo,
    Events,
    Extended,
}

#[derive(Debug)]
struct Entry {
    parcel: Parcel,
    due: Instant,
}

#[derive(Debug)]
enum Phase {
    /// The last thing comes when the queue is empty; `cut` when the queue was emptied for it.
    Closing {
        last: Last,
        cut: bool,
    },
    Open,
    Over,
    Stalled,
}

impl Outlet {
    pub(crate) fn new(faults: SocketRun, speaks: Tongue) -> Outlet {
        Outlet {
            faults,
            speaks,
            announced: None,
            oddities: Oddities::default(),
            queue: VecDeque::new(),
            queued: 0,
            held: Vec::new(),
            not_before: Instant::START,
            phase: Phase::Open,
        }
    }

    /// The stream's faults.
    pub(crate) fn faults(&self) -> &SocketRun {
        &self.faults
    }

    /// Whether anything that is queued now will go out.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.phase, Phase::Open)
    }

    /// Whether it has fallen silent.
    pub(crate) fn is_stalled(&self) -> bool {
        matches!(self.phase, Phase::Stalled)
    }

    /// Whether it is being ended without regard for what was queued: waiting for the client to read is in vain.
    pub(crate) fn is_cut(&self) -> bool {
        matches!(self.phase, Phase::Closing { cut: true, .. } | Phase::Over)
    }

    /// Queues a text as it is.
    pub(crate) fn say(&mut self, now: Instant, text: String) {
        self.push(now, Parcel::Text(text));
    }

    /// Queues a numbered message, with whatever befalls it.
    pub(crate) fn post(&mut self, now: Instant, post: &Arc<Post>) {
        if !self.is_open() {
            return;
        }
        let (mut copies, mut delay, mut pad_to) = (1, Millis::ZERO, 0);
        let (mut dropped, mut swap, mut last) = (false, false, None);
        let mut before = Vec::new();
        for SocketHit { rule, act } in self.faults.on_message(now) {
            match act {
                act if self.oddities.take(&act) => {}
                SocketAct::Drain(drain) => self.drain(now, drain, EndedBy::Fault(rule)),
                SocketAct::DelayMs(ms) => delay.0 = delay.0.saturating_add(ms),
                SocketAct::Drop => dropped = true,
                SocketAct::Duplicate => copies += 1,
                SocketAct::Garbage => before.push(Parcel::Garbage),
                SocketAct::OversizeBytes(bytes) => {
                    pad_to = pad_to.max(usize::try_from(bytes).unwrap_or(usize::MAX));
                }
                SocketAct::Skip => {
                    dropped = true;
                    if self.speaks == Tongue::Extended {
                        before.push(Parcel::Text(replies::skip(post)));
                    }
                }
                SocketAct::Swap => swap = true,
                SocketAct::Tear => {
                    dropped = true;
                    let how = How::Tear(post.push.clone());
                    let by = EndedBy::Fault(rule);
                    last = last.or(Some(Last { how, by }));
                }
                SocketAct::Volatile => before.push(Parcel::Text(self.volatile(post))),
                act => last = last.or_else(|| Last::of(act, rule)),
            }
        }
        self.not_before = self.not_before.max(now + delay);
        for parcel in before {
            self.push(now, parcel);
        }
        if !dropped {
            let post = post.clone();
            let parcels = vec![Parcel::Post { post, pad_to }; copies];
            if swap && self.held.is_empty() {
                self.held = parcels;
            } else {
                let held = std::mem::take(&mut self.held);
                for parcel in parcels.into_iter().chain(held) {
                    self.push(now, parcel);
                }
            }
        }
        if let Some(last) = last {
            self.end_after_queue(last);
        }
    }

    /// Ends the stream at once; what is queued is dropped.
    pub(crate) fn end(&mut self, last: Last) {
        if !matches!(self.phase, Phase::Over) {
            self.clear();
            self.phase = Phase::Closing { last, cut: true };
        }
    }

    /// Lets happen what is due by time alone. [`Outlet::poll`] does it too; a stream that is just being opened must not wait for that.
    pub(crate) fn settle(&mut self, now: Instant) {
        for SocketHit { rule, act } in self.faults.poll(now) {
            match act {
                act if self.oddities.take(&act) => {}
                SocketAct::Drain(drain) => self.drain(now, drain, EndedBy::Fault(rule)),
                SocketAct::Garbage => self.push(now, Parcel::Garbage),
                act => {
                    if let Some(last) = Last::of(act, rule) {
                        self.end_after_queue(last);
                    }
                }
            }
        }
        if let Some((_, last)) = self.announced.take_if(|(at, _)| *at <= now) {
            self.end_after_queue(last);
        }
    }

    /// Says that the connection will be closed, and closes it then. The first word stands.
    pub(crate) fn drain(&mut self, now: Instant, drain: SocketDrain, by: EndedBy) {
        if self.announced.is_some() {
            return;
        }
        if self.speaks == Tongue::Extended {
            self.say(now, replies::drain(drain));
        }
        let close = SocketClose::new(close_code::SERVICE_RESTART, "drained");
        let how = How::Close(close);
        self.announced = Some((now + Millis(drain.by_ms), Last { how, by }));
    }

    /// The next thing to do. A call too many is a [`Step::Wait`].
    pub(crate) fn poll(&mut self, now: Instant) -> Step<Parcel> {
        self.settle(now);
        let due = self.queue.front().map_or(Instant::NEVER, |entry| entry.due);
        if due <= now
            && let Some(entry) = self.queue.pop_front()
        {
            self.queued -= entry.size();
            return Step::Send(entry.parcel);
        }
        if self.queue.is_empty()
            && let Phase::Closing { last, .. } = &self.phase
        {
            let last = last.clone();
            if last.how == How::Stall {
                self.phase = Phase::Stalled;
                return Step::Stall(last.by);
            }
            self.phase = Phase::Over;
            return Step::End(last);
        }
        let announced = self
            .announced
            .as_ref()
            .map_or(Instant::NEVER, |(at, _)| *at);
        Step::Wait(due.min(self.faults.deadline()).min(announced))
    }

    /// Something said in the channel of a message that is not one of its messages.
    fn volatile(&self, post: &Post) -> String {
        match self.speaks {
            Tongue::Centrifugo | Tongue::Extended => replies::volatile(&post.channel),
            Tongue::Events => "data: null\n\n".to_owned(),
        }
    }

    /// Ends the stream once everything queued has gone out. The first end wins, except that silence may still be ended.
    fn end_after_queue(&mut self, last: Last) {
        if self.is_open() || (self.is_stalled() && last.how != How::Stall) {
            self.phase = Phase::Closing { last, cut: false };
        }
    }

    fn push(&mut self, now: Instant, parcel: Parcel) {
        if !self.is_open() {
            return;
        }
        let due = self.not_before.max(now);
        let entry = Entry { parcel, due };
        self.queued += entry.size();
        self.queue.push_back(entry);
        if self.queued > MAX_QUEUED {
            self.end(Last::closed_by_protocol(close_code::SLOW, "slow"));
        }
    }

    fn clear(&mut self) {
        self.queue.clear();
        self.queued = 0;
        self.held.clear();
    }
}

impl Entry {
    fn size(&self) -> usize {
        // Padding is made when it is sent, one message at a time.
        let text = match &self.parcel {
            Parcel::Garbage => 0,
            Parcel::Post { post, .. } => post.push.len(),
            Parcel::Text(text) => text.len(),
        };
        text + ENTRY
    }
}

#[cfg(test)]
#[path = "outlet_tests.rs"]
mod tests;
