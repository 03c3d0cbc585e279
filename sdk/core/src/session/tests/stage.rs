//! A session with its engine and its clocks, driven as a browser would drive it, and everything that it asked for.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::session::{
    Cause, Delivery, Frame, Input, Kept, LinkId, Manner, Moment, Protocol, RpcEnd, RpcId, Sent,
    Session, Snapshot, SocketChange, SocketEvent, Step, StreamId,
};
use crate::{Engine, Instant, Millis, Settings, Wall};

pub(super) const CHANNEL: &str = "governance";

pub(super) struct Stage {
    pub(super) engine: Engine,
    pub(super) session: Session,
    pub(super) at: Moment,
    /// Sockets that were opened and not closed.
    pub(super) sockets: Vec<LinkId>,
    pub(super) connects: Vec<Instant>,
    /// Event streams that were asked for: of which link, and whether with another token.
    pub(super) listens: Vec<Listened>,
    pub(super) leaves: Vec<StreamId>,
    pub(super) resolves: Vec<(LinkId, bool)>,
    /// Answers to `Resolve` at once.
    pub(super) provides: bool,
    /// Says that a delivery was handled, at once.
    pub(super) handles: bool,
    pub(super) sent: Vec<(LinkId, String)>,
    pub(super) told: Vec<SocketEvent>,
    pub(super) fates: Vec<Sent>,
    pub(super) kept: Vec<Kept>,
    pub(super) delivered: Vec<Delivery>,
    pub(super) messages: Vec<String>,
    pub(super) snapshots: Vec<Snapshot>,
    pub(super) closes: Vec<(LinkId, u16)>,
    pub(super) answers: Vec<(RpcId, RpcEnd)>,
    /// When the application was asked for tokens, for which sockets, and whether for others than the last.
    pub(super) tokens: Vec<(Instant, LinkId, bool)>,
    pub(super) wake: Instant,
}

impl Stage {
    pub(super) fn new(protocol: Protocol) -> Stage {
        Stage::with(protocol, 1, |_| {})
    }

    pub(super) fn with(protocol: Protocol, seed: u64, change: impl FnOnce(&mut Manner)) -> Stage {
        let mut engine = Engine::new(Settings::default(), seed).unwrap();
        let scope = engine.scope("https://a.example", "/feed");
        let mut manner = Manner::new(protocol, "s");
        change(&mut manner);
        Stage {
            session: Session::new(manner, scope, seed).unwrap(),
            engine,
            at: Moment {
                now: Instant::from_millis(1_000),
                wall: Wall(1_700_000_000_000),
            },
            sockets: Vec::new(),
            connects: Vec::new(),
            listens: Vec::new(),
            leaves: Vec::new(),
            resolves: Vec::new(),
            provides: true,
            handles: true,
            sent: Vec::new(),
            told: Vec::new(),
            fates: Vec::new(),
            kept: Vec::new(),
            delivered: Vec::new(),
            messages: Vec::new(),
            snapshots: Vec::new(),
            closes: Vec::new(),
            answers: Vec::new(),
            tokens: Vec::new(),
            wake: Instant::NEVER,
        }
    }

    /// A raw one that is open.
    pub(super) fn open_raw() -> Stage {
        let mut stage = Stage::new(Protocol::Raw);
        stage.start();
        stage.open();
        stage
    }

    /// One that was greeted, with a channel that stands at this offset.
    pub(super) fn greeted(offset: u64) -> Stage {
        let mut stage = Stage::new(Protocol::Tidegate);
        stage
            .session
            .subscribe(CHANNEL, crate::session::Wish::default());
        stage.start();
        stage.open();
        stage.greet(offset, "");
        stage
    }

    pub(super) fn start(&mut self) {
        self.session.reconnect(&mut self.engine, self.at);
        self.run();
    }

    /// Polls until there is nothing more to do now.
    pub(super) fn run(&mut self) {
        for _ in 0..10_000 {
            let step = self.session.poll(&mut self.engine, self.at);
            match step {
                Step::Answer { id, end } => self.answers.push((id, end)),
                Step::Close { link, code, .. } => {
                    assert!(code == 1_000 || (3_000..=4_999).contains(&code), "{code}");
                    self.sockets.retain(|each| *each != link);
                    self.closes.push((link, code));
                }
                Step::Connect { link, .. } => {
                    self.sockets.push(link);
                    self.connects.push(self.at.now);
                }
                Step::Deliver(delivery) => {
                    let id = delivery.id;
                    self.delivered.push(delivery);
                    if self.handles {
                        self.on(Input::Handled {
                            delivery: id,
                            ok: true,
                        });
                    }
                }
                Step::Kept(kept) => self.kept.push(kept),
                Step::Leave { stream } => self.leaves.push(stream),
                Step::Listen {
                    link,
                    stream,
                    channel,
                    since,
                    refresh,
                } => {
                    if !self.sockets.contains(&link) {
                        self.sockets.push(link);
                        self.connects.push(self.at.now);
                    }
                    self.listens.push(Listened {
                        stream,
                        channel,
                        since,
                        refresh,
                    });
                }
                Step::Message(text) => self.messages.push(text),
                Step::Resolve { link, refresh } => {
                    self.resolves.push((link, refresh));
                    if self.provides {
                        self.on(Input::Provided { link });
                    }
                }
                Step::Send { link, frame } => {
                    let text = match frame {
                        Frame::Text(text) => text,
                        Frame::Handle { id, .. } => format!("#{id}"),
                    };
                    self.sent.push((link, text));
                }
                Step::Sent(sent) => self.fates.push(sent),
                Step::Snapshot(snapshot) => self.snapshots.push(snapshot),
                Step::Tell(event) => self.told.push(event),
                Step::Token { link, refresh } => {
                    self.tokens.push((self.at.now, link, refresh));
                    if self.provides {
                        let token = format!("t{}", self.tokens.len());
                        self.on(Input::Token { link, token });
                    }
                }
                Step::Wait(until) => {
                    self.wake = until;
                    return;
                }
            }
        }
        panic!("it never comes to rest");
    }

    pub(super) fn on(&mut self, input: Input) {
        self.session.on(&mut self.engine, self.at, input);
    }

    pub(super) fn say(&mut self, input: Input) {
        self.on(input);
        self.run();
    }

    /// Time passes on both clocks, and timers fire when they should.
    pub(super) fn pass(&mut self, millis: u64) {
        let end = self.at.now + Millis(millis);
        while self.wake <= end {
            self.jump_to(self.wake);
            let before = self.at.now;
            self.run();
            assert!(self.wake > before, "a timer for now, again and again");
        }
        self.jump_to(end);
    }

    fn jump_to(&mut self, to: Instant) {
        let length = to - self.at.now;
        self.at.wall = Wall(self.at.wall.0 + length.0);
        self.at.now = self.at.now.max(to);
    }

    /// Time passes until it opens a socket.
    pub(super) fn await_connect(&mut self) {
        let connects = self.connects.len();
        while self.connects.len() == connects {
            assert!(self.wake < Instant::NEVER, "it never connects");
            self.jump_to(self.wake);
            self.run();
        }
    }

    /// The machine sleeps: the calendar goes on, no timer fires.
    pub(super) fn sleep(&mut self, millis: u64) {
        self.at.wall = Wall(self.at.wall.0 + millis);
    }

    pub(super) fn link(&self) -> LinkId {
        self.session.link().unwrap()
    }

    pub(super) fn open(&mut self) {
        let link = self.link();
        self.say(Input::Opened { link });
    }

    /// The socket of this moment is gone.
    pub(super) fn drop_with(&mut self, code: u16) {
        let link = self.link();
        self.sockets.retain(|each| *each != link);
        self.say(Input::Closed { link, code });
    }

    pub(super) fn hear(&mut self, text: &str) {
        let link = self.link();
        self.say(Input::Frame {
            link,
            text: text.into(),
        });
    }

    pub(super) fn hear_if_linked(&mut self, text: &str) {
        if self.session.link().is_some() {
            self.hear(text);
        }
    }

    /// The server greets; the channel stands there, and `more` is said of it.
    pub(super) fn greet(&mut self, offset: u64, more: &str) {
        self.hear(&format!(
            r#"{{"id":1,"connect":{{"ping":25,"pong":true,"session":"s","subs":{{"governance":{{"positioned":true,"recoverable":true,"epoch":"e","offset":{offset}{more}}}}}}}}}"#
        ));
    }

    pub(super) fn publish(&mut self, offset: u64) {
        self.hear(&publication(offset));
    }

    pub(super) fn offsets(&self) -> Vec<u64> {
        self.delivered.iter().map(|each| each.offset).collect()
    }

    pub(super) fn last_sent(&self) -> &str {
        self.sent.last().map_or("", |(_, text)| text)
    }

    pub(super) fn changes(&self) -> Vec<SocketChange> {
        self.told.iter().map(|event| event.change).collect()
    }

    /// The wait that was told of last.
    pub(super) fn wait(&self) -> (Option<Cause>, Option<u64>) {
        let mut waits = self.told.iter().rev();
        let last = waits
            .find(|event| event.change == SocketChange::Waiting)
            .unwrap();
        (last.cause, last.retry_in_ms)
    }
}

/// An event stream that was asked for.
#[derive(Clone, Debug)]
pub(super) struct Listened {
    pub(super) stream: StreamId,
    pub(super) channel: String,
    pub(super) since: Option<String>,
    pub(super) refresh: bool,
}

pub(super) fn publication(offset: u64) -> String {
    format!(r#"{{"push":{{"channel":"governance","pub":{{"offset":{offset},"data":{offset}}}}}}}"#)
}
