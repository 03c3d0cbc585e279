//! Messages that a driver keeps on a disk until the server has carried them out.
//!
//! - They have a key that the server knows them by, on this connection and the next, of this page and the one that comes after it: a number within
//!   the session would mean nothing there.
//! - One of a channel is out at a time. A server that has no time for one would otherwise carry out those after it first, and a repetition
//!   of many could not be told from a new order.
//! - Nothing of them counts against the queue in memory, or gets too old in it: what is here is on the disk, and its owner looks after that.

use alloc::collections::VecDeque;
use alloc::string::String;

use super::input::LinkId;
use super::machine::Session;
use super::manner::Protocol;
use super::moment::Moment;
use super::news::{SocketChange, SocketEvent};
use super::sending::{DropReason, Frame, Kept, SendState};
use super::step::Step;
use super::transport::Transport;
use super::wire::{Refusal, encode};
use crate::backoff::Backoff;
use crate::rng::Rng;
use crate::settings::SocketSettings;
use crate::time::{Instant, Millis};

#[derive(Debug, Default)]
pub(super) struct Durables(VecDeque<Durable>);

#[derive(Debug)]
struct Durable {
    key: String,
    channel: String,
    data: String,
    stage: Stage,
    /// How often the server had no time for it.
    tries: u32,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Stage {
    /// It was written to this socket as this command, and is written again when there is no answer by then.
    Out {
        link: LinkId,
        command: u64,
        late_at: Instant,
    },
    /// It goes then.
    Rests(Instant),
}

impl Durable {
    /// When it goes.
    fn due(&self, on: LinkId) -> Instant {
        match self.stage {
            Stage::Out { link, late_at, .. } if link == on => late_at,
            // What an earlier connection has come to is in nobody's memory.
            Stage::Out { .. } => Instant::START,
            Stage::Rests(until) => until,
        }
    }
}

impl Durables {
    /// The next one that may go; of each channel only the oldest does.
    fn next(&self, link: LinkId) -> Option<(usize, Instant)> {
        let first = |place: usize, each: &Durable| {
            let mut before = self.0.iter().take(place);
            before.all(|other| other.channel != each.channel)
        };
        let all = self.0.iter().enumerate();
        let due = all.filter(|(place, each)| first(*place, each));
        due.map(|(place, each)| (place, each.due(link)))
            .min_by_key(|(_, due)| *due)
    }

    pub(super) fn deadline(&self, link: LinkId) -> Instant {
        self.next(link).map_or(Instant::NEVER, |(_, due)| due)
    }

    /// Writes the next one, if one may go.
    pub(super) fn write(
        &mut self,
        at: Moment,
        link: LinkId,
        numbered: bool,
        settings: &SocketSettings,
        last_command: &mut u64,
        steps: &mut VecDeque<Step>,
    ) -> bool {
        let place = self.next(link).filter(|(_, due)| *due <= at.now);
        let Some(each) = place.and_then(|(place, _)| self.0.get_mut(place)) else {
            return false;
        };
        // A repetition goes by the same number: whichever is answered, it is the answer.
        let command = match each.stage {
            Stage::Out {
                link: on, command, ..
            } if on == link => command,
            _ => {
                *last_command += 1;
                *last_command
            }
        };
        let key = numbered.then_some(&*each.key);
        let text = encode::publish(command, None, key, &each.channel, &each.data);
        let frame = Frame::Text(text);
        steps.push_back(Step::Send { link, frame });
        steps.push_back(kept(&each.key, SendState::Written, None));
        each.stage = Stage::Out {
            link,
            command,
            late_at: at.now + Millis(settings.reply_ms.into()),
        };
        true
    }

    fn place_of(&self, id: u64) -> Option<usize> {
        let is = |each: &Durable| matches!(each.stage, Stage::Out { command, .. } if command == id);
        self.0.iter().position(is)
    }

    /// The largest that is out on a socket goes no more, unless something else there was larger: whether there was one.
    fn give_up_largest(&mut self, on: LinkId, other: u64, steps: &mut VecDeque<Step>) -> bool {
        let size = |each: &Durable| (each.channel.len() + each.data.len()) as u64;
        let is_out = |each: &Durable| matches!(each.stage, Stage::Out { link, .. } if link == on);
        let all = self.0.iter().enumerate();
        let largest = all
            .filter(|(_, each)| is_out(each) && size(each) >= other)
            .max_by_key(|(_, each)| size(each));
        let largest = largest.map(|(place, _)| place);
        let gone = largest.and_then(|place| self.0.remove(place));
        let why = Some(DropReason::TooLarge);
        steps.extend((gone.as_ref()).map(|it| kept(&it.key, SendState::Dropped, why)));
        gone.is_some()
    }

    /// A command was answered: whether it was one of these.
    pub(super) fn done(&mut self, command: u64, steps: &mut VecDeque<Step>) -> bool {
        let done = self.place_of(command).and_then(|it| self.0.remove(it));
        steps.extend((done.as_ref()).map(|it| kept(&it.key, SendState::Acknowledged, None)));
        done.is_some()
    }

    /// A command was refused: whether it was one of these. What the server may have later rests, and all of its channel with it.
    pub(super) fn refused(
        &mut self,
        at: Moment,
        command: u64,
        refusal: &Refusal,
        settings: &SocketSettings,
        rng: &mut Rng,
        steps: &mut VecDeque<Step>,
    ) -> bool {
        let Some(place) = self.place_of(command) else {
            return false;
        };
        match self.0.get_mut(place) {
            Some(each) if refusal.temporary => {
                let rest = Backoff {
                    base: Millis(settings.base_ms.into()),
                    cap: Millis(settings.cap_ms.into()),
                };
                each.stage = Stage::Rests(at.now + rest.equal_jitter(each.tries, rng));
                each.tries = each.tries.saturating_add(1);
            }
            _ => {
                let gone = self.0.remove(place);
                let why = Some(DropReason::Refused);
                steps.extend((gone.as_ref()).map(|it| kept(&it.key, SendState::Dropped, why)));
            }
        }
        true
    }
}

fn kept(key: &str, state: SendState, why: Option<DropReason>) -> Step {
    let key = key.into();
    Step::Kept(Kept { key, state, why })
}

impl Session {
    /// Sends a message that is kept elsewhere under this key, after those before it: it is repeated until a [`Step::Kept`] says that the server has
    /// carried it out, or will not. `false`: it is closed.
    pub fn publish_kept(&mut self, key: &str, channel: &str, data: &str) -> bool {
        let taken = self.refuses(data).is_none();
        if taken {
            self.durables.0.push_back(Durable {
                key: key.into(),
                channel: channel.into(),
                data: data.trim().into(),
                stage: Stage::Rests(Instant::START),
                tries: 0,
            });
        }
        taken
    }

    /// Forgets what [`Session::publish_kept`] was given, of which nothing more is told: somebody else sends it.
    pub fn release_kept(&mut self) {
        self.durables.0.clear();
        self.steps.retain(|step| !matches!(step, Step::Kept(_)));
    }

    /// How many of them are here.
    #[must_use]
    pub fn kept(&self) -> usize {
        self.durables.0.len()
    }

    /// The event of what became of one that is kept.
    #[must_use]
    pub fn kept_event(&self, at: Moment, kept: &Kept) -> SocketEvent {
        SocketEvent {
            messages: 1,
            message: Some(kept.key.clone()),
            state: Some(kept.state),
            why: kept.why,
            ..self.event(at, SocketChange::Durable)
        }
    }

    /// The server has closed a connection over the size of something.
    pub(super) fn give_up_largest(&mut self, link: LinkId) -> bool {
        let other = self.outbound.largest_out();
        self.durables.give_up_largest(link, other, &mut self.steps)
    }

    /// Writes the next one: whether there was one.
    pub(super) fn write_kept(&mut self, at: Moment, link: LinkId) -> bool {
        let numbered = self.manner.protocol == Protocol::Tidegate;
        !self.outbound.is_full()
            && self.durables.write(
                at,
                link,
                numbered,
                &self.manner.settings,
                &mut self.last_command,
                &mut self.steps,
            )
    }

    /// When the next one goes.
    pub(super) fn kept_deadline(&self) -> Instant {
        match &self.phase {
            super::machine::Phase::Open(live)
                if live.transport == Transport::Websocket && !self.outbound.is_full() =>
            {
                self.durables.deadline(live.link)
            }
            _ => Instant::NEVER,
        }
    }
}
