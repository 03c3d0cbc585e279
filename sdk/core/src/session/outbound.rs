//! What goes out: a bounded queue before the socket, and what was written and is not acknowledged yet.
//!
//! - `written` means that the browser has it, and no more: of five messages written into a connection that was dead already, three libraries
//!   lost all five, and one of them had returned `true`. Who has to know sends acknowledged.
//! - What is acknowledged has a number within the session, given when it is first written and never again, so that the server can tell a
//!   repetition. On a new connection, all that is out is written again, in order, before anything new.
//! - Nothing is dropped silently.

use alloc::collections::VecDeque;
use alloc::string::{String, ToString};

use super::input::LinkId;
use super::item::{Body, Item};
use super::moment::Moment;
use super::sending::{DropReason, Overflow, SendState, Sent, Ticket};
use super::step::Step;
use crate::settings::SocketSettings;
use crate::time::{Instant, Millis};

#[derive(Debug)]
pub(super) struct Outbound {
    waiting: VecDeque<Item>,
    flying: VecDeque<Item>,
    bytes: u64,
    /// So many of those that are out have been written on this connection.
    rewritten: usize,
    /// The oldest that is out is to be written once more.
    again: bool,
    /// When an acknowledgement is late.
    late_at: Instant,
    acked: u64,
    last_seq: u64,
    last_ticket: u64,
    name: String,
    session: String,
    renamed: u32,
    full: bool,
    /// A connection was lost while it was.
    drained: bool,
    pub(super) dropped: u64,
}

impl Outbound {
    pub(super) fn new(name: &str) -> Outbound {
        Outbound {
            waiting: VecDeque::new(),
            flying: VecDeque::new(),
            bytes: 0,
            rewritten: 0,
            again: false,
            late_at: Instant::NEVER,
            acked: 0,
            last_seq: 0,
            last_ticket: 0,
            name: name.into(),
            session: name.into(),
            renamed: 0,
            full: false,
            drained: false,
            dropped: 0,
        }
    }

    pub(super) fn session(&self) -> &str {
        &self.session
    }

    pub(super) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    pub(super) fn unacknowledged(&self) -> usize {
        self.flying.len()
    }

    /// The bytes of the largest that is out.
    pub(super) fn largest_out(&self) -> u64 {
        self.flying.iter().map(Item::bytes).max().unwrap_or(0)
    }

    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Whether the browser has more than enough.
    pub(super) fn is_full(&self) -> bool {
        self.full
    }

    /// Takes something, if there is room or room can be made.
    pub(super) fn add(
        &mut self,
        at: Moment,
        body: Body,
        acknowledged: bool,
        overflow: Overflow,
        settings: &SocketSettings,
        steps: &mut VecDeque<Step>,
    ) -> Sent {
        self.last_ticket += 1;
        let item = Item {
            ticket: Ticket(self.last_ticket),
            body,
            since: at,
            overflow,
            acknowledged,
            seq: 0,
            command: 0,
            refused: false,
        };
        let bytes = item.bytes();
        while !self.has_room(bytes, settings) {
            let oldest = match overflow {
                Overflow::DropOldest if bytes <= settings.queue_bytes.into() => self
                    .waiting
                    .iter()
                    .position(|each| each.overflow == Overflow::DropOldest),
                _ => None,
            };
            let Some(oldest) = oldest.and_then(|place| self.waiting.remove(place)) else {
                self.dropped += 1;
                return Sent {
                    ticket: item.ticket,
                    state: SendState::Dropped,
                    why: Some(DropReason::Full),
                };
            };
            self.drop_item(&oldest, DropReason::Full, steps);
        }
        let ticket = item.ticket;
        self.bytes += bytes;
        self.waiting.push_back(item);
        Sent {
            ticket,
            state: SendState::Queued,
            why: None,
        }
    }

    fn has_room(&self, bytes: u64, settings: &SocketSettings) -> bool {
        let entries = self.waiting.len() < settings.queue_entries as usize;
        entries && self.bytes + bytes <= settings.queue_bytes.into()
    }

    /// The next one, if one may go.
    pub(super) fn write(
        &mut self,
        at: Moment,
        link: LinkId,
        numbered: bool,
        settings: &SocketSettings,
        last_command: &mut u64,
        steps: &mut VecDeque<Step>,
    ) -> bool {
        if self.full {
            return false;
        }
        let again = core::mem::take(&mut self.again) && self.rewritten > 0;
        let place = if again { 0 } else { self.rewritten };
        if let Some(item) = self.flying.get_mut(place) {
            // A repetition goes by the same number: whichever is answered, it is the answer.
            if !again {
                *last_command += 1;
                item.command = *last_command;
                item.refused = false;
            }
            let frame = item.frame(numbered);
            self.rewritten += usize::from(!again);
            self.late_at = self.late_at.min(at.now + Millis(settings.reply_ms.into()));
            steps.push_back(Step::Send { link, frame });
            return true;
        }
        let blocked = self.flying.len() >= settings.in_flight as usize;
        let next = self.waiting.front();
        if next.is_none_or(|item| item.acknowledged && blocked) {
            return false;
        }
        let Some(mut item) = self.waiting.pop_front() else {
            return false;
        };
        if let Body::Publish { .. } = item.body {
            *last_command += 1;
            item.command = *last_command;
        }
        if item.acknowledged {
            self.last_seq += 1;
            item.seq = self.last_seq;
        }
        steps.push_back(Step::Send {
            link,
            frame: item.frame(numbered),
        });
        steps.push_back(sent(item.ticket, SendState::Written, None));
        if item.acknowledged {
            self.late_at = self.late_at.min(at.now + Millis(settings.reply_ms.into()));
            self.flying.push_back(item);
            self.rewritten += 1;
        } else {
            self.bytes = self.bytes.saturating_sub(item.bytes());
        }
        true
    }

    /// All up to this number have been carried out.
    pub(super) fn acknowledged(
        &mut self,
        at: Moment,
        seq: u64,
        settings: &SocketSettings,
        steps: &mut VecDeque<Step>,
    ) {
        let mut any = false;
        while let Some(item) = front_if(&mut self.flying, |item| item.seq <= seq) {
            any = true;
            self.acked = self.acked.max(item.seq);
            self.land(&item, steps);
        }
        if any {
            self.wait_on(at, settings);
        }
    }

    /// A command was answered, by a server that knows no numbers.
    pub(super) fn answered(
        &mut self,
        at: Moment,
        command: u64,
        settings: &SocketSettings,
        steps: &mut VecDeque<Step>,
    ) {
        let place = self.flying.iter().position(|item| item.command == command);
        if let Some(item) = place.and_then(|place| self.flying.remove(place)) {
            self.land(&item, steps);
            // It may have lost the oldest, and answer what came after it.
            if place == Some(0) {
                self.wait_on(at, settings);
            }
        }
    }

    /// The server answers: it has as long again for what is out still.
    fn wait_on(&mut self, at: Moment, settings: &SocketSettings) {
        self.late_at = match self.flying.is_empty() {
            true => Instant::NEVER,
            false => at.now + Millis(settings.reply_ms.into()),
        };
    }

    /// A command was refused. One that has a number is only over when that is acknowledged; till then it is repeated.
    pub(super) fn refused(
        &mut self,
        at: Moment,
        command: u64,
        numbered: bool,
        settings: &SocketSettings,
        steps: &mut VecDeque<Step>,
    ) {
        let of = |item: &&mut Item| command > 0 && item.command == command;
        if let Some(item) = self.flying.iter_mut().find(of) {
            item.refused = true;
        }
        if !numbered {
            self.answered(at, command, settings, steps);
        }
    }

    fn land(&mut self, item: &Item, steps: &mut VecDeque<Step>) {
        self.bytes = self.bytes.saturating_sub(item.bytes());
        self.rewritten = self.rewritten.saturating_sub(1);
        steps.push_back(match item.refused {
            true => sent(item.ticket, SendState::Dropped, Some(DropReason::Refused)),
            false => sent(item.ticket, SendState::Acknowledged, None),
        });
    }

    /// The browser holds so many bytes; whether it had too many and has no longer.
    pub(super) fn hold(&mut self, bytes: u64, settings: &SocketSettings) -> bool {
        let was = self.full;
        self.full = match was {
            true => bytes > settings.low_bytes.into(),
            false => bytes > settings.high_bytes.into(),
        };
        was && !self.full
    }

    /// Nothing of what is out has been written on the next connection.
    pub(super) fn lose_link(&mut self) {
        self.rewritten = 0;
        self.again = false;
        self.late_at = Instant::NEVER;
        self.drained |= core::mem::take(&mut self.full);
    }

    /// Whether the browser had too many bytes, and a connection was lost with them.
    pub(super) fn take_drained(&mut self) -> bool {
        core::mem::take(&mut self.drained)
    }

    /// What waited for too long goes no more; of what is out and not acknowledged in time, the oldest goes again: its acknowledgement is
    /// that of all that was carried out.
    pub(super) fn tick(
        &mut self,
        at: Moment,
        settings: &SocketSettings,
        steps: &mut VecDeque<Step>,
    ) {
        let age = Millis(settings.queue_age_ms.into());
        while let Some(item) = front_if(&mut self.waiting, |item| at.since(item.since) >= age) {
            self.drop_item(&item, DropReason::Age, steps);
        }
        if self.late_at <= at.now {
            self.again = self.rewritten > 0;
            self.late_at = match self.again {
                true => at.now + Millis(settings.reply_ms.into()),
                false => Instant::NEVER,
            };
        }
    }

    pub(super) fn deadline(&self, settings: &SocketSettings) -> Instant {
        let age = Millis(settings.queue_age_ms.into());
        let oldest = self.waiting.front().map(|item| item.since.now + age);
        self.late_at.min(oldest.unwrap_or(Instant::NEVER))
    }

    /// Of this session's commands, all up to this one have been carried out.
    pub(super) fn acked(&self) -> u64 {
        self.acked
    }

    /// Goes by another name, and numbers from 1 again.
    pub(super) fn rename(&mut self) {
        self.renamed += 1;
        self.session = [&*self.name, ".", &self.renamed.to_string()].concat();
        self.acked = 0;
        self.last_seq = 0;
        for item in &mut self.flying {
            self.last_seq += 1;
            item.seq = self.last_seq;
        }
        self.lose_link();
    }

    pub(super) fn close(&mut self, steps: &mut VecDeque<Step>) {
        while let Some(item) = self.flying.pop_front() {
            self.drop_item(&item, DropReason::Unconfirmed, steps);
        }
        while let Some(item) = self.waiting.pop_front() {
            self.drop_item(&item, DropReason::Closed, steps);
        }
    }

    fn drop_item(&mut self, item: &Item, why: DropReason, steps: &mut VecDeque<Step>) {
        self.dropped += 1;
        self.bytes = self.bytes.saturating_sub(item.bytes());
        steps.push_back(sent(item.ticket, SendState::Dropped, Some(why)));
    }
}

fn front_if(items: &mut VecDeque<Item>, goes: impl Fn(&Item) -> bool) -> Option<Item> {
    goes(items.front()?).then(|| items.pop_front())?
}

fn sent(ticket: Ticket, state: SendState, why: Option<DropReason>) -> Step {
    Step::Sent(Sent { ticket, state, why })
}
