//! Everything about the feed that changes, under one lock: channels, the ledger, and all open streams.
//!
//! A message and a subscription are therefore before or after each other, never beside: what a subscriber is told of the past and what
//! it gets live fit together without a gap or an overlap.

use std::collections::BTreeMap;
use std::sync::Arc;

use tidegate_contract::feed::{
    Announcement, Command, FeedAct, FeedOrder, FeedSettings, Position, StreamCounts, StreamInfo,
};
use tidegate_contract::{DrawnSocketFault, SocketClose, SocketRun};
use tidegate_core::Instant;
use tokio::sync::Notify;

use crate::data::Keys;
use crate::feed::channels::Channels;
use crate::feed::events::EventStream;
use crate::feed::gate::{Admission, Gate};
use crate::feed::history::Post;
use crate::feed::ledger::Ledger;
use crate::feed::outlet::{Outlet, Tongue};
use crate::feed::session::{Memory, Session};
use crate::feed::step::Step;
use crate::feed::stream::{Frame, Stream, Talk, Wish};
use crate::feed::tally::{self, Crowd};

/// More than the browsers of one machine open; its limit on files usually comes first. The next stream is answered 503.
const MAX_STREAMS: usize = 8_192;

/// The changing part of the feed.
#[derive(Debug)]
pub(crate) struct Hub {
    pub(crate) settings: FeedSettings,
    pub(crate) channels: Channels,
    ledger: Ledger,
    keys: Keys,
    gate: Gate,
    crowd: Crowd,
    streams: BTreeMap<u64, Stream>,
    last_id: u64,
    pub(crate) counts: StreamCounts,
}

/// Why a stream cannot be opened.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Refusal {
    Full,
    NoChannel,
}

impl Hub {
    pub(crate) fn new(seed: u64) -> Hub {
        Hub {
            settings: FeedSettings::default(),
            channels: Channels::new(seed),
            ledger: Ledger::default(),
            keys: Keys::default(),
            gate: Gate::default(),
            crowd: Crowd::default(),
            streams: BTreeMap::new(),
            last_id: 0,
            counts: StreamCounts::default(),
        }
    }

    /// A place in the queue for a stream that is asked for now.
    pub(crate) fn admit(&mut self, now: Instant, client: &str) -> Result<Admission, Refusal> {
        self.crowd.asked(now, &mut self.counts, client);
        let limit = self.settings.accept;
        let admission = self.gate.admit(now, limit);
        admission.ok_or_else(|| self.refuse(client))
    }

    /// When a stream that waits is to ask again; `None` when its turn has come.
    pub(crate) fn turn(&mut self, now: Instant, ticket: u64) -> Option<Instant> {
        self.gate.poll(now, ticket)
    }

    /// A stream that waits is no longer wanted.
    pub(crate) fn leave(&mut self, ticket: u64) {
        self.gate.leave(ticket);
    }

    fn refuse(&mut self, client: &str) -> Refusal {
        tally::refused(&mut self.counts, client);
        Refusal::Full
    }

    /// Opens a stream. Its number, and what wakes it.
    pub(crate) fn open(
        &mut self,
        now: Instant,
        client: &str,
        faults: Vec<DrawnSocketFault>,
        wish: Wish,
    ) -> Result<(u64, Arc<Notify>), Refusal> {
        if self.streams.len() >= MAX_STREAMS {
            return Err(self.refuse(client));
        }
        let id = self.last_id + 1;
        let speaks = match &wish {
            Wish::Events { .. } => Tongue::Events,
            Wish::Socket { extended: true } => Tongue::Extended,
            Wish::Socket { extended: false } => Tongue::Centrifugo,
        };
        let mut outlet = Outlet::new(SocketRun::open(now, faults), speaks);
        outlet.settle(now);
        let settings = self.settings;
        let talk = match wish {
            Wish::Events { channel, since } => {
                let since = since.as_ref();
                let channels = &self.channels;
                let stream =
                    EventStream::open(now, id, &channel, since, settings, outlet, channels);
                Talk::Events(Box::new(stream.ok_or(Refusal::NoChannel)?))
            }
            Wish::Socket { extended } => {
                let session = Session::new(now, id, extended, settings, outlet);
                Talk::Socket(Box::new(session))
            }
        };
        self.last_id = id;
        let wake = Arc::new(Notify::new());
        let stream = Stream {
            client: client.to_owned(),
            counted_as: tally::opened(&mut self.counts, client),
            since: now,
            talk,
            wake: wake.clone(),
            received: 0,
            sent: 0,
        };
        self.streams.insert(id, stream);
        Ok((id, wake))
    }

    /// A stream is over.
    pub(crate) fn close(&mut self, id: u64) {
        if let Some(stream) = self.streams.remove(&id) {
            tally::closed(&mut self.counts, &stream.counted_as);
        }
    }

    /// A text arrived on a WebSocket: one or more commands.
    pub(crate) fn receive(&mut self, now: Instant, id: u64, text: &str) {
        if let Some(stream) = self.streams.get_mut(&id) {
            stream.received += 1;
        }
        for command in serde_json::Deserializer::from_str(text).into_iter::<Command>() {
            let Some(Stream {
                talk: Talk::Socket(session),
                client,
                ..
            }) = self.streams.get_mut(&id)
            else {
                return;
            };
            let Ok(command) = command else {
                session.on_nonsense();
                return;
            };
            let memory = Memory {
                channels: &mut self.channels,
                ledger: &mut self.ledger,
                keys: &mut self.keys,
                client,
            };
            if let Some(post) = session.on_command(now, command, memory) {
                self.deliver(now, &post);
            }
        }
    }

    /// Something other than text arrived, which the protocol does not know.
    pub(crate) fn receive_nonsense(&mut self, id: u64) {
        if let Some(stream) = self.streams.get_mut(&id) {
            stream.received += 1;
            if let Talk::Socket(session) = &mut stream.talk {
                session.on_nonsense();
            }
        }
    }

    /// Adds a message to a channel, which is opened if need be, and gives it to all who listen.
    pub(crate) fn publish(&mut self, now: Instant, said: Announcement) -> Option<Position> {
        let Announcement {
            channel,
            data,
            key,
            volatile,
        } = said;
        self.channels.open(&channel);
        let history = self.channels.history_mut(&channel)?;
        let post = match volatile {
            true => history.mention(data, key),
            false => history.publish(data, key),
        };
        let position = history.position();
        self.deliver(now, &post);
        Some(position)
    }

    /// The next thing to do on a stream.
    pub(crate) fn poll(&mut self, now: Instant, id: u64) -> Step<Frame> {
        match self.streams.get_mut(&id) {
            Some(stream) => stream.poll(now, &self.channels),
            None => Step::Wait(Instant::NEVER),
        }
    }

    /// Whether waiting for the client to read is in vain.
    pub(crate) fn is_cut(&self, id: u64) -> bool {
        let stream = self.streams.get(&id);
        stream.is_some_and(|stream| stream.talk.outlet().is_cut())
    }

    /// How many bytes a second are read on a stream, and how many of an event go out at a time.
    pub(crate) fn oddly(&self, id: u64) -> (Option<u64>, Option<usize>) {
        let outlet = self.streams.get(&id).map(|stream| stream.talk.outlet());
        outlet.map_or((None, None), |outlet| {
            (outlet.oddities.read_rate(), outlet.oddities.chunk())
        })
    }

    /// Does something to streams that are open. To how many.
    pub(crate) fn act(&mut self, now: Instant, order: &FeedOrder) -> usize {
        let meant = self.streams.iter_mut();
        meant
            .filter(|(id, stream)| stream.is_meant(**id, order))
            .map(|(_, stream)| stream.obey(now, &order.act))
            .count()
    }

    /// Says something to every WebSocket that speaks `tidegate.v1`; others would not understand it.
    pub(crate) fn tell_extended(&mut self, now: Instant, text: &str) {
        let extended = self.streams.values_mut();
        extended
            .filter(|stream| stream.talk.is_extended())
            .for_each(|stream| stream.obey(now, &FeedAct::Send(text.to_owned())));
    }

    /// A channel loses its memory.
    pub(crate) fn lose(&mut self, now: Instant, channel: &str, offset: u64) {
        let Some(history) = self.channels.history_mut(channel) else {
            return;
        };
        history.renew(offset);
        for stream in self.streams.values_mut() {
            stream.on_lost(now, channel);
        }
    }

    /// Back to the known state: streams are closed, the memory is empty and counts are zero. Tells the number of the last stream.
    pub(crate) fn reset(&mut self, now: Instant, close: &SocketClose) -> u64 {
        let order = FeedOrder {
            client: None,
            stream: None,
            act: FeedAct::Close(close.clone()),
        };
        self.act(now, &order);
        self.settings = FeedSettings::default();
        self.channels.reset();
        self.ledger = Ledger::default();
        self.keys = Keys::default();
        self.gate.restart();
        self.crowd = Crowd::default();
        tally::restart(&mut self.counts);
        self.last_id
    }

    /// All open streams, oldest first.
    pub(crate) fn list(&self) -> Vec<StreamInfo> {
        let streams = self.streams.iter();
        streams.map(|(id, stream)| stream.info(*id)).collect()
    }

    fn deliver(&mut self, now: Instant, post: &Arc<Post>) {
        for stream in self.streams.values_mut() {
            stream.on_post(now, post);
        }
    }
}
