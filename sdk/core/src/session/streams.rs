//! Event streams in the place of a socket: one for each channel.
//!
//! Together they are one *link*. It is open when the first of them is answered, and lost when one that was open ends: what ends one ends all,
//! as a rule, and who comes back for all of them at once waits once. What was read of each is in the `Last-Event-ID` of its next request, so
//! nothing is missed, and the numbers tell what came twice.
//!
//! | what a request is answered | what follows |
//! |---|---|
//! | 200, `text/event-stream` | the channel goes on where it was |
//! | 401 | another token is asked for, once |
//! | 204, or any other status that would only come again | the channel is refused; when there is none left, the session stops |
//! | 408, 425, 429, 5xx, 200 of another kind | again, and not before `Retry-After`: as an attempt that failed, or for this channel alone, where others are open |
//!
//! Nothing can be asked on a stream: silence is judged by its comments alone, of each stream by itself, and a gap is closed by another request
//! from the same place. Where the first number of that one is not the next one either, what is missing is gone. What its handler has no room for is not
//! read, so that a stream waits with the server, and silence that is ours is none.

use alloc::collections::VecDeque;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::cause::Cause;
use super::channel::{Channel, Hole, News, Seat};
use super::code::Fate;
use super::dial::Stage;
use super::hint::Hint;
use super::input::{LinkId, StreamId};
use super::machine::{GIVEN_UP, NORMAL, Phase, Session};
use super::moment::Moment;
use super::news::{SocketChange, SocketEvent};
use super::position::Position;
use super::pulse::{Beat, Finding, Pulse};
use super::sending::DropReason;
use super::sse::{Block, Reader};
use super::step::Step;
use super::transport::Transport;
use super::wire::json::Json;
use super::wire::{Publication, Stand};
use crate::engine::Engine;
use crate::outcome::{Head, Outcome};
use crate::rng::Rng;
use crate::settings::SocketSettings;
use crate::time::{Instant, Millis};

/// What is not to be had now is asked for again after this and a draw of as much, while other channels are open.
const TEMPORARY: Millis = Millis(10_000);
/// The close code of what is too large, and would be so again.
const TOO_LARGE: u16 = 1_009;

/// A stream that was asked for.
#[derive(Debug)]
pub(super) struct Stream {
    id: StreamId,
    pub(super) link: LinkId,
    channel: String,
    reader: Reader,
    /// What it has said and its handler has no room for yet.
    blocks: VecDeque<Block>,
    /// Once it is open.
    pulse: Option<Pulse>,
    /// It begins where the server says, and the server has not said it yet.
    fresh: bool,
    /// It has said something.
    said: bool,
    /// Something with a number was among it.
    numbered: bool,
}

impl Session {
    /// The link whose streams may be asked for, and how long their answers may take.
    fn listening(&self, at: Moment) -> Option<(LinkId, Instant)> {
        let reply = at.now + Millis(self.manner.settings.reply_ms.into());
        match &self.phase {
            Phase::Dialling(dial) => {
                (dial.transport == Transport::Sse).then(|| (dial.link, dial.deadline.max(reply)))
            }
            Phase::Open(live) => (live.transport == Transport::Sse).then_some((live.link, reply)),
            _ => None,
        }
    }

    /// Asks for the next stream, or gives one up. Whether there was one.
    pub(super) fn listen(&mut self, at: Moment) -> bool {
        let Some((link, until)) = self.listening(at) else {
            return false;
        };
        while let Some(name) = self.channels.left.pop() {
            if self.leave(&name) {
                return true;
            }
        }
        let settings = &self.manner.settings;
        let soon = at.now + self.rng.jitter(Millis(settings.own_ms.into()));
        let room = self.streams.len() < settings.sse_streams as usize;
        let (mut away, mut crowded) = (None, None);
        for (name, channel) in &mut self.channels.all {
            if channel.seat == Seat::Away {
                away.get_or_insert((name, channel));
            } else if channel.crowded && room {
                crowded.get_or_insert((name, channel));
            } else if matches!(channel.hole, Hole::Missing) {
                // Another request from the same place, and not one for each message of a server that leaves out every other one.
                channel.hole = Hole::Asked {
                    command: 0,
                    until: soon,
                };
            }
        }
        let Some((name, channel)) = away.or(crowded) else {
            return false;
        };
        let name = name.clone();
        channel.crowded = false;
        if core::mem::take(&mut channel.leaves) {
            return self.leave(&name) || self.listen(at);
        }
        if !room {
            channel.seat = Seat::Refused {
                until: Instant::NEVER,
            };
            channel.crowded = true;
            self.tell(SocketEvent {
                channel: Some(name),
                why: Some(DropReason::Full),
                ..self.event(at, SocketChange::SubscriptionRefused)
            });
            return true;
        }
        channel.seat = Seat::Asked { command: 0, until };
        let since = channel.standing().map(event_id);
        self.last_stream += 1;
        let stream = StreamId(self.last_stream);
        self.streams.push(Stream {
            id: stream,
            link,
            channel: name.clone(),
            reader: Reader::new(settings.sse_bytes as usize),
            blocks: VecDeque::new(),
            pulse: None,
            fresh: since.is_none(),
            said: false,
            numbered: false,
        });
        self.steps.push_back(Step::Listen {
            link,
            stream,
            channel: name,
            since,
            refresh: self.trouble.wants_token,
        });
        true
    }

    /// Gives up the stream of a channel. Whether there was one.
    fn leave(&mut self, name: &str) -> bool {
        let place = (self.streams.iter()).position(|stream| stream.channel == name);
        let Some(stream) = place.map(|place| self.streams.remove(place).id) else {
            return false;
        };
        let asks = |step: &Step| matches!(step, Step::Listen { stream: of, .. } if *of == stream);
        self.steps.retain(|step| !asks(step));
        self.steps.push_back(Step::Leave { stream });
        true
    }

    /// Whether there is no channel, and therefore no stream to ask for.
    pub(super) fn has_nothing_to_hear(&self) -> bool {
        self.channels.all.is_empty() && self.transport() == Transport::Sse
    }

    /// Without channels there is no connection, until there is one.
    pub(super) fn rest(&mut self, engine: &mut Engine, at: Moment) {
        if !self.has_nothing_to_hear() {
            return;
        }
        match core::mem::replace(&mut self.phase, Phase::Idle) {
            Phase::Dialling(dial) => self.drop_dial(engine, at, dial),
            Phase::Open(mut live) => {
                self.close_link(live.link, NORMAL, "no channels");
                if let Some(dial) = live.successor.take() {
                    self.drop_dial(engine, at, dial);
                }
            }
            other => {
                self.phase = other;
                return;
            }
        }
        self.trouble.befall(at.now, Cause::Asked, None);
        self.phase = Phase::Waiting {
            until: at.now,
            cause: Cause::Asked,
        };
    }

    fn stream(&mut self, id: StreamId) -> Option<&mut Stream> {
        self.streams.iter_mut().find(|stream| stream.id == id)
    }

    /// The head of an answer is there.
    pub(super) fn answered(
        &mut self,
        engine: &mut Engine,
        at: Moment,
        id: StreamId,
        status: u16,
        events: bool,
        retry_after: Option<Millis>,
    ) {
        let Some(stream) = self.stream(id).filter(|stream| stream.pulse.is_none()) else {
            return;
        };
        let (link, channel) = (stream.link, stream.channel.clone());
        let head = Outcome::Head(Head {
            status,
            retry_after,
        });
        match status {
            200 if events => {
                self.settle_streams(engine, at, link, head);
                self.stream_open(at, id, link, &channel);
            }
            401 => {
                self.settle_streams(engine, at, link, head);
                self.put_down(engine, at, link);
                self.ended(engine, at, link, status, Fate::Refresh);
            }
            200 | 408 | 425 | 429 | 500..=599 => {
                if status == 200 {
                    self.nonsense(at);
                }
                let hint = retry_after.map(|min| self.not_before(min));
                let busy = (status, hint);
                self.not_now(engine, at, link, &channel, head, busy);
            }
            _ => self.refuse(engine, at, &channel, head, status),
        }
    }

    /// The first answer is that of the attempt.
    fn settle_streams(&mut self, engine: &mut Engine, at: Moment, link: LinkId, outcome: Outcome) {
        let call = self.dial_of(link).and_then(|dial| dial.call.take());
        self.settle(engine, at, call, outcome);
    }

    fn stream_open(&mut self, at: Moment, id: StreamId, link: LinkId, channel: &str) {
        let every = Millis(self.manner.settings.ping_ms.into());
        if let Some(stream) = self.stream(id) {
            stream.pulse = Some(Pulse::new(at, Beat::Server(every)));
        }
        // The first one makes the link.
        self.become_live(at, link, None);
        if let Some(channel) = self.channels.of(channel) {
            channel.seat = Seat::Live;
        }
    }

    /// A server's word on when to come back. It is no fleet's window: all who are told the same come after it, spread as ever.
    fn not_before(&self, min: Millis) -> Hint {
        let settings = &self.manner.settings;
        let window = Millis(settings.window_ms.into());
        Hint { min, window }.within(settings)
    }

    /// A stream is not to be had now.
    fn not_now(
        &mut self,
        engine: &mut Engine,
        at: Moment,
        link: LinkId,
        name: &str,
        outcome: Outcome,
        (status, hint): (u16, Option<Hint>),
    ) {
        if self.dial_of(link).is_none() {
            self.leave(name);
            let wait = hint.map_or(TEMPORARY, |hint| hint.min.max(TEMPORARY));
            let until = at.now + wait + self.rng.jitter(TEMPORARY);
            if let Some(channel) = self.channels.of(name) {
                channel.seat = Seat::Refused { until };
            }
            return;
        }
        self.settle_streams(engine, at, link, outcome);
        if hint.is_some() {
            self.dismissed(engine, at, status, true, hint);
            return;
        }
        self.not_opened(engine, Transport::Sse, Stage::Opening);
        self.put_down(engine, at, link);
        let status = (status > 0).then_some(status);
        self.failed(engine, at, Cause::Failed, status);
    }

    /// A channel is not to be had, and would not be if it were asked for again.
    fn refuse(
        &mut self,
        engine: &mut Engine,
        at: Moment,
        name: &str,
        outcome: Outcome,
        status: u16,
    ) {
        self.leave(name);
        if let Some(channel) = self.channels.of(name) {
            channel.seat = Seat::Refused {
                until: Instant::NEVER,
            };
        }
        self.tell(SocketEvent {
            channel: Some(name.into()),
            code: Some(status),
            ..self.event(at, SocketChange::SubscriptionRefused)
        });
        let never = Seat::Refused {
            until: Instant::NEVER,
        };
        let is_lost = |channel: &Channel| channel.seat == never && !channel.crowded;
        let all = self.channels.iter().all(is_lost);
        if let Some(link) = self.link().filter(|_| all) {
            self.settle_streams(engine, at, link, outcome);
            self.put_down(engine, at, link);
            self.stop(at, status);
        }
    }

    /// All streams are given up. What becomes of that is for whoever says so.
    fn put_down(&mut self, engine: &mut Engine, at: Moment, link: LinkId) {
        self.close_link(link, NORMAL, "given up");
        self.channels.lose_link();
        match core::mem::replace(&mut self.phase, Phase::Idle) {
            Phase::Dialling(dial) => self.withdraw(engine, at, dial.call),
            Phase::Open(mut live) => {
                if let Some(dial) = live.successor.take() {
                    self.drop_dial(engine, at, dial);
                }
                self.unproven(&live);
            }
            _ => {}
        }
    }

    pub(super) fn stream_ended(&mut self, engine: &mut Engine, at: Moment, id: StreamId) {
        let Some(stream) = self.stream(id) else {
            return;
        };
        let (link, channel) = (stream.link, stream.channel.clone());
        let open = stream.pulse.is_some();
        if !open && self.dial_of(link).is_none() {
            self.not_now(engine, at, link, &channel, Outcome::Unreachable, (0, None));
            return;
        }
        self.close_link(link, NORMAL, "ended");
        self.closed(engine, at, link, 1_006);
        self.tell_successor(at);
    }

    /// Where the connection is lost while a WebSocket is tried beside it, that is the next one.
    fn tell_successor(&mut self, at: Moment) {
        if let Phase::Dialling(_) = self.phase {
            let connecting = SocketEvent {
                cause: Some(Cause::Lost),
                ..self.event(at, SocketChange::Connecting)
            };
            self.tell(connecting);
        }
    }

    /// Whoever says where a stream is, is nobody's backend.
    pub(super) fn stream_not_provided(&mut self, engine: &mut Engine, at: Moment, id: StreamId) {
        let Some(stream) = self.stream(id) else {
            return;
        };
        let (link, channel) = (stream.link, stream.channel.clone());
        if self.dial_of(link).is_none() {
            self.not_now(engine, at, link, &channel, Outcome::Unreachable, (0, None));
        } else {
            self.put_down(engine, at, link);
            self.failed(engine, at, Cause::Provider, None);
        }
    }

    /// When something has to be heard on a stream.
    pub(super) fn silence(&self) -> Instant {
        let settings = &self.manner.settings;
        let pulses = self.streams.iter().filter_map(|each| each.pulse.as_ref());
        let due = pulses.map(|pulse| pulse.deadline(settings)).min();
        due.unwrap_or(Instant::NEVER)
    }

    /// Whether a stream has said more than its handler has room for, and is not to be read on meanwhile.
    #[must_use]
    pub fn holds(&self, stream: StreamId) -> bool {
        let mut all = self.streams.iter();
        all.any(|each| each.id == stream && !each.blocks.is_empty())
    }

    /// Takes what a stream has said, as far as there is room for it.
    fn feed(&mut self, at: Moment, place: usize) {
        while let Some(stream) = self.streams.get_mut(place) {
            let Some(block) = stream.blocks.front() else {
                return;
            };
            let size = block.data.as_ref().map_or(0, |data| data.len() as u64);
            let settings = &self.manner.settings;
            let channel = self.channels.of(&stream.channel);
            if channel.is_some_and(|channel| !channel.inbox.has_room(size, settings)) {
                if let Some(pulse) = &mut stream.pulse {
                    pulse.hear(at);
                }
                return;
            }
            if let Some(block) = stream.blocks.pop_front() {
                let id = stream.id;
                self.hear_block(at, id, block);
            }
        }
    }

    pub(super) fn look_at_streams(&mut self, engine: &mut Engine, at: Moment) {
        (0..self.streams.len()).for_each(|place| self.feed(at, place));
        self.tell_channels(at);
        let settings = &self.manner.settings;
        let mut pulses = self
            .streams
            .iter_mut()
            .filter_map(|each| each.pulse.as_mut());
        if pulses.any(|pulse| pulse.check(at, settings) == Finding::Dead) {
            self.give_up(engine, at, Cause::Dead, GIVEN_UP);
            self.tell_successor(at);
        }
    }

    pub(super) fn stream_said(
        &mut self,
        engine: &mut Engine,
        at: Moment,
        id: StreamId,
        text: &str,
    ) {
        let Some(stream) = self.stream(id) else {
            return;
        };
        let Some(pulse) = &mut stream.pulse else {
            return;
        };
        pulse.hear(at);
        match stream.reader.read(text) {
            Ok(blocks) => {
                stream.blocks.extend(blocks);
                self.look_at_streams(engine, at);
            }
            Err(_) => {
                // It would come again with the next request from the same place.
                let channel = stream.channel.clone();
                self.nonsense(at);
                self.refuse(engine, at, &channel, Outcome::Unreachable, TOO_LARGE);
            }
        }
    }

    fn nonsense(&mut self, at: Moment) {
        self.counts.nonsense += 1;
        let event = self.event(at, SocketChange::Nonsense);
        self.tell(event);
    }

    fn hear_block(&mut self, at: Moment, id: StreamId, block: Block) {
        let Block {
            data,
            id: number,
            kind,
            retry,
        } = block;
        if let Some(min) = retry {
            self.hint = Some(self.not_before(Millis(min)));
        }
        let number = number.filter(|it| !it.is_empty());
        let position = number.as_deref().and_then(position);
        let plain = kind.as_deref().is_none_or(|kind| kind == "message");
        let json = data.as_deref().is_none_or(|it| Json::whole(it).is_some());
        if position.is_some() != number.is_some() || (plain && !json) {
            self.nonsense(at);
            if position.is_none() {
                return;
            }
        }
        let spread = self.spread();
        let (settings, rng) = (&self.manner.settings, &mut self.rng);
        let Some(stream) = self.streams.iter_mut().find(|stream| stream.id == id) else {
            return;
        };
        let first = !core::mem::replace(&mut stream.said, true);
        let Some(channel) = self.channels.of(&stream.channel) else {
            return;
        };
        let mut news = Vec::new();
        let anew = kind.as_deref() == Some("snapshot");
        if first && !stream.fresh && !anew {
            news.push((SocketChange::Resumed, 0));
        }
        match (position, data) {
            (Some(position), data) if anew => {
                let said = data.as_deref().and_then(Json::whole);
                let url = said.and_then(|said| said.at("url")?.string());
                let data = said.and_then(|said| Some(said.at("data")?.text().into()));
                channel.void = false;
                news.push(channel.anew(at, position, url, data, spread, rng));
            }
            (Some(position), data) => {
                if stream.fresh {
                    let before = Position {
                        offset: position.offset - u64::from(data.is_some() && position.offset > 0),
                        ..position.clone()
                    };
                    let stand = Stand {
                        positioned: true,
                        position: before,
                        ..Stand::default()
                    };
                    news.extend(channel.stand(at, stand, spread, settings, rng));
                }
                let data = data.filter(|_| plain && json);
                let resumed = !stream.fresh && !stream.numbered;
                news.extend(channel.hear(at, position, data, resumed, settings, rng));
            }
            (None, Some(data)) if plain => {
                news.extend(channel.take(publication(0, data), settings));
            }
            _ => {}
        }
        stream.fresh &= number.is_none();
        stream.numbered |= number.is_some();
        let name = stream.channel.clone();
        let all = news.into_iter().map(|each| (name.clone(), each));
        self.channels.news.extend(all);
    }
}

impl Channel {
    /// A number came on a stream, and a message or nothing for this client. `resumed`: it is the first one after a request that said how far
    /// the channel was read.
    fn hear(
        &mut self,
        at: Moment,
        position: Position,
        data: Option<String>,
        resumed: bool,
        settings: &SocketSettings,
        rng: &mut Rng,
    ) -> Option<News> {
        let read = self.read.as_ref()?;
        let next = read.offset.saturating_add(1);
        let gone = resumed && data.is_some() && position.offset > next;
        if gone || read.epoch != position.epoch {
            return Some(self.anew(at, position, None, None, Millis::ZERO, rng));
        }
        match data {
            Some(data) => self.take(publication(position.offset, data), settings),
            // What is before it is nothing for this client either: it would be asked for from here on.
            None => self.skip(next, position.offset, settings),
        }
    }
}

/// Without a key: each is worth giving out.
fn publication(offset: u64, data: String) -> Publication {
    Publication {
        offset,
        key: (offset > 0).then(|| offset.to_string()),
        data,
    }
}

fn event_id(position: &Position) -> String {
    [&*position.epoch, ":", &position.offset.to_string()].concat()
}

fn position(id: &str) -> Option<Position> {
    let colon = id.bytes().rposition(|byte| byte == b':')?;
    let (epoch, offset) = id.split_at_checked(colon)?;
    Some(Position {
        epoch: epoch.into(),
        offset: offset.strip_prefix(':')?.parse().ok()?,
    })
}
