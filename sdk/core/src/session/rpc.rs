//! Questions to the server, and its answers.
//!
//! An answer belongs to the question by its command's number, is given once, and comes in time or not at all. What a connection takes with it is
//! `lost`: nobody knows whether the server has carried it out. A question that may be asked twice is asked again on the next connection instead.

use alloc::collections::VecDeque;
use alloc::string::String;
use alloc::vec::Vec;

use super::input::LinkId;
use super::machine::Session;
use super::manner::Protocol;
use super::moment::Moment;
use super::sending::Frame;
use super::step::Step;
use super::wire::json::Json;
use super::wire::{Refusal, encode};
use crate::record::words;
use crate::settings::SocketSettings;
use crate::time::{Instant, Millis};

/// It waits for a connection.
const NOWHERE: LinkId = LinkId(0);

/// The number of a question.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct RpcId(pub u64);

/// What is wished of a question.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct RpcWish {
    /// How long it takes at most, the wait for a connection included. Without it, it waits for as long as whatever is queued, and its answer takes as
    /// long as any.
    pub within: Option<Millis>,
    /// To carry it out twice is as good as once: what a connection has taken with it is asked again on the next one.
    pub repeats: bool,
}

words! {
    /// Why a question has no answer.
    pub enum RpcFailure {
        /// It waited for too long for a connection, and was not sent.
        Age = "age",
        /// The socket is closed, and it was not sent.
        Closed = "closed",
        /// There are too many already.
        Full = "full",
        /// It was sent, the connection is gone, and nobody knows whether it was carried out.
        Lost = "lost",
        /// It is no JSON, or nothing is spoken that has questions.
        Malformed = "malformed",
        /// There are only event streams, which carry nothing to the server.
        ReceiveOnly = "receive-only",
        /// It was sent, no answer came in time, and nobody knows whether it was carried out.
        TimedOut = "timed-out",
    }
}

/// What came of a question.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum RpcEnd {
    /// What the server says, as JSON.
    Answered(String),
    /// There is no answer.
    Failed(RpcFailure),
    /// The server will not.
    Refused {
        /// Its code.
        code: u64,
        /// In its words.
        message: String,
        /// The same may succeed later.
        temporary: bool,
    },
}

#[derive(Debug)]
struct Entry {
    id: RpcId,
    method: String,
    data: String,
    repeats: bool,
    /// On which connection it was written, under which number.
    link: LinkId,
    command: u64,
    written: bool,
    since: Moment,
    within: Option<Millis>,
    /// It ends at this much after `since`.
    lasts: Millis,
}

impl Entry {
    fn bytes(&self) -> u64 {
        (self.method.len() + self.data.len()) as u64
    }
}

#[derive(Debug, Default)]
pub(super) struct Rpcs {
    all: Vec<Entry>,
    last: u64,
}

impl Rpcs {
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn bytes(&self) -> u64 {
        self.all.iter().map(Entry::bytes).sum()
    }

    /// Whether something that must not be asked twice is to be answered on the connection in use.
    pub(super) fn is_out(&self) -> bool {
        let out = |entry: &Entry| entry.link != NOWHERE && !entry.repeats;
        self.all.iter().any(out)
    }

    fn waiting(&self) -> usize {
        let waits = |entry: &&Entry| entry.link == NOWHERE;
        self.all.iter().filter(waits).count()
    }

    /// The next one, if one may go.
    pub(super) fn write(
        &mut self,
        at: Moment,
        link: LinkId,
        settings: &SocketSettings,
        last_command: &mut u64,
    ) -> Option<Step> {
        if self.all.len() - self.waiting() >= settings.in_flight as usize {
            return None;
        }
        let entry = self.all.iter_mut().find(|entry| entry.link == NOWHERE)?;
        *last_command += 1;
        entry.command = *last_command;
        entry.link = link;
        entry.written = true;
        if entry.within.is_none() {
            entry.since = at;
            entry.lasts = Millis(settings.reply_ms.into());
        }
        let frame = Frame::Text(encode::rpc(entry.command, &entry.method, &entry.data));
        Some(Step::Send { link, frame })
    }

    /// The server's answer to a command; whether it was one of these.
    pub(super) fn end(&mut self, command: u64, steps: &mut VecDeque<Step>, end: RpcEnd) -> bool {
        let of = |entry: &Entry| entry.link != NOWHERE && entry.command == command;
        let place = self.all.iter().position(of);
        let Some(place) = place else {
            return false;
        };
        let id = self.all.remove(place).id;
        steps.push_back(Step::Answer { id, end });
        true
    }

    /// A connection is gone, with what was written on it.
    pub(super) fn lose_link(
        &mut self,
        link: LinkId,
        settings: &SocketSettings,
        steps: &mut VecDeque<Step>,
    ) {
        for entry in &mut self.all {
            if entry.link == link && entry.repeats {
                entry.link = NOWHERE;
                entry.lasts = (entry.within).unwrap_or(Millis(settings.queue_age_ms.into()));
            }
        }
        self.fail(steps, &|entry| {
            (entry.link == link).then_some(RpcFailure::Lost)
        });
    }

    /// What has taken too long.
    pub(super) fn tick(&mut self, at: Moment, steps: &mut VecDeque<Step>) {
        self.fail(steps, &|entry| {
            (at.since(entry.since) >= entry.lasts).then_some(match entry.written {
                true => RpcFailure::TimedOut,
                false => RpcFailure::Age,
            })
        });
    }

    pub(super) fn close(&mut self, steps: &mut VecDeque<Step>) {
        self.fail(steps, &|entry| {
            Some(match entry.written {
                true => RpcFailure::Lost,
                false => RpcFailure::Closed,
            })
        });
    }

    fn fail(&mut self, steps: &mut VecDeque<Step>, why: &dyn Fn(&Entry) -> Option<RpcFailure>) {
        self.all.retain(|entry| {
            let why = why(entry);
            if let Some(why) = why {
                let (id, end) = (entry.id, RpcEnd::Failed(why));
                steps.push_back(Step::Answer { id, end });
            }
            why.is_none()
        });
    }

    pub(super) fn deadline(&self) -> Instant {
        let ends = self.all.iter().map(|entry| entry.since.now + entry.lasts);
        ends.min().unwrap_or(Instant::NEVER)
    }
}

impl Session {
    /// Asks the server something; `data` is JSON. [`Step::Answer`] has its answer. Questions go in order; a message and a
    /// question have none.
    ///
    /// ```
    /// use tidegate_core::session::{Manner, Moment, Protocol, RpcId, RpcWish, Session};
    /// use tidegate_core::{Engine, Settings};
    /// let mut engine = Engine::new(Settings::default(), 1)?;
    /// let scope = engine.scope("https://a.example", "/feed");
    /// let mut session = Session::new(Manner::new(Protocol::Tidegate, "5f0c"), scope, 1)?;
    /// let asked = session.rpc(Moment::default(), "echo", r#"{"a":1}"#, RpcWish::default());
    /// assert_eq!(asked, Ok(RpcId(1)), "it waits for a connection");
    /// # Ok::<(), tidegate_core::SettingsError>(())
    /// ```
    ///
    /// # Errors
    /// When it is not asked at all.
    pub fn rpc(
        &mut self,
        at: Moment,
        method: &str,
        data: &str,
        wish: RpcWish,
    ) -> Result<RpcId, RpcFailure> {
        // A line break ends a command.
        let whole = Json::whole(data).is_some_and(|json| !json.text().contains('\n'));
        if !whole || self.manner.is_raw() {
            return Err(RpcFailure::Malformed);
        }
        if self.is_closed() {
            return Err(RpcFailure::Closed);
        }
        if self.manner.protocol == Protocol::Sse {
            return Err(RpcFailure::ReceiveOnly);
        }
        let settings = &self.manner.settings;
        let entry = Entry {
            id: RpcId(self.rpcs.last + 1),
            method: method.into(),
            data: data.trim().into(),
            repeats: wish.repeats,
            link: NOWHERE,
            command: 0,
            written: false,
            since: at,
            within: wish.within,
            lasts: (wish.within).unwrap_or(Millis(settings.queue_age_ms.into())),
        };
        let waiting = self.rpcs.waiting() + self.outbound.waiting();
        let bytes = self.queued_bytes() + entry.bytes();
        if waiting >= settings.queue_entries as usize || bytes > settings.queue_bytes.into() {
            return Err(RpcFailure::Full);
        }
        let id = entry.id;
        self.rpcs.last = id.0;
        self.rpcs.all.push(entry);
        Ok(id)
    }

    /// Nobody waits for this answer any more. What was sent may be carried out all the same.
    pub fn forget_rpc(&mut self, id: RpcId) {
        self.rpcs.all.retain(|entry| entry.id != id);
    }

    /// The server refuses a command; whether it was a question.
    pub(super) fn refused_rpc(&mut self, command: u64, refusal: &Refusal) -> bool {
        let end = RpcEnd::Refused {
            code: refusal.code,
            message: refusal.message.clone(),
            temporary: refusal.temporary,
        };
        self.rpcs.end(command, &mut self.steps, end)
    }
}
