//! Does what a session says, on real sockets, and writes down what became of it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use tidegate_core::session::{
    Frame, Input, LinkId, Manner, Moment, Overflow, Protocol, RpcEnd, RpcWish, SendState, Sent,
    Session, Snapshot, SocketChange, Step, Wish,
};
use tidegate_core::{Engine, Instant, Millis, Settings, Wall};
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::peer::{Heard, Line, dial};

/// Something is wrong, not slow.
const STUCK: Duration = Duration::from_secs(60);

/// A session, its clock and its sockets.
pub(crate) struct Driver {
    pub(crate) session: Session,
    engine: Engine,
    at: Moment,
    wake: Instant,
    url: String,
    lines: BTreeMap<LinkId, Line>,
    heard: mpsc::UnboundedReceiver<(LinkId, Heard)>,
    tell: mpsc::UnboundedSender<(LinkId, Heard)>,
    /// Offsets and data of what was delivered, by channel.
    pub(crate) delivered: BTreeMap<String, Vec<(u64, String)>>,
    pub(crate) snapshots: Vec<Snapshot>,
    pub(crate) told: Vec<SocketChange>,
    pub(crate) sent: Vec<Sent>,
    pub(crate) answers: Vec<RpcEnd>,
    /// What is said when it asks for tokens, in turn.
    pub(crate) tokens: VecDeque<String>,
    /// Frames that came or went, all in all.
    pub(crate) frames: u64,
    /// The fewest sockets that were open at once since it was last asked.
    pub(crate) fewest: usize,
    open: BTreeSet<LinkId>,
}

impl Driver {
    /// One that reads these channels and has asked for a connection.
    pub(crate) fn start(url: &str, protocol: Protocol, seed: u64, channels: &[&str]) -> Driver {
        let mut engine = Engine::new(Settings::default(), seed).expect("defaults are in range");
        let scope = engine.scope("http://127.0.0.1", "/api/feed");
        let mut manner = Manner::new(protocol, &format!("session-{seed}"));
        manner.settings.queue_age_ms = 86_400_000;
        manner.tokens = true;
        let mut session = Session::new(manner, scope, seed).expect("defaults are in range");
        for channel in channels {
            session.subscribe(channel, Wish::default());
        }
        let at = Moment {
            now: Instant::from_millis(1_000),
            wall: Wall(1_700_000_000_000),
        };
        session.reconnect(&mut engine, at);
        let (tell, heard) = mpsc::unbounded_channel();
        Driver {
            session,
            engine,
            at,
            wake: Instant::NEVER,
            url: url.to_owned(),
            lines: BTreeMap::new(),
            heard,
            tell,
            delivered: BTreeMap::new(),
            snapshots: Vec::new(),
            told: Vec::new(),
            sent: Vec::new(),
            answers: Vec::new(),
            tokens: VecDeque::new(),
            frames: 0,
            fewest: usize::MAX,
            open: BTreeSet::new(),
        }
    }

    pub(crate) fn publish(&mut self, channel: &str, data: u64, acknowledged: bool) {
        let data = data.to_string();
        let overflow = Overflow::RejectNew;
        let sent = self
            .session
            .publish(self.at, channel, &data, acknowledged, overflow);
        assert_eq!(sent.state, SendState::Queued, "{sent:?}");
        self.run();
    }

    /// Asks the server something.
    pub(crate) fn rpc(&mut self, method: &str, data: &str, repeats: bool) {
        let within = Some(Millis(86_400_000));
        let wish = RpcWish { within, repeats };
        self.session.rpc(self.at, method, data, wish).unwrap();
        self.run();
    }

    pub(crate) fn pause(&mut self, channel: &str, pauses: bool) {
        self.session.pause(channel, pauses);
        self.run();
    }

    /// It is as if the server had said something.
    pub(crate) fn stay_alive(&mut self) {
        if let Some(link) = self.session.link() {
            self.on(Input::Heard { link });
        }
    }

    /// How many have been acknowledged.
    pub(crate) fn acknowledged(&self) -> usize {
        let states = self.sent.iter().map(|sent| sent.state);
        states.filter(|s| *s == SendState::Acknowledged).count()
    }

    /// The connection is gone, and nobody has said goodbye.
    pub(crate) fn cut(&mut self) {
        self.lines.values_mut().for_each(Line::cut);
    }

    /// Goes on until this is so.
    pub(crate) async fn until(&mut self, mut done: impl FnMut(&Driver) -> bool) {
        self.run();
        while !done(self) {
            self.next().await;
        }
    }

    /// The next thing that happens: something is heard, or, when nothing can be, the session's time comes.
    pub(crate) async fn next(&mut self) {
        if self.lines.is_empty() {
            self.jump();
            return;
        }
        let heard = timeout(STUCK, self.heard.recv()).await;
        let Ok(Some((link, heard))) = heard else {
            panic!("nothing happens: {:?}\n{:?}", self.session, self.told);
        };
        self.hear(link, heard);
        self.run();
    }

    /// Time passes until the session has something to do.
    pub(crate) fn jump(&mut self) {
        assert!(self.wake < Instant::NEVER, "{:?}", self.session);
        let length = (self.wake - self.at.now).max(Millis(1));
        self.at.now = self.at.now + length;
        self.at.wall = Wall(self.at.wall.0 + length.0);
        self.run();
    }

    fn hear(&mut self, link: LinkId, heard: Heard) {
        match heard {
            Heard::Closed(code) => {
                self.lines.remove(&link);
                self.open.remove(&link);
                self.on(Input::Closed { link, code });
            }
            Heard::Open => {
                self.open.insert(link);
                self.on(Input::Opened { link });
            }
            Heard::Text(text) => {
                self.frames += 1;
                self.on(Input::Frame { link, text });
            }
        }
    }

    fn on(&mut self, input: Input) {
        self.session.on(&mut self.engine, self.at, input);
    }

    fn run(&mut self) {
        loop {
            let step = self.session.poll(&mut self.engine, self.at);
            match step {
                Step::Answer { end, .. } => self.answers.push(end),
                Step::Close { link, .. } => {
                    // Whoever speaks on it is told, and nobody waits.
                    self.lines.remove(&link);
                    self.open.remove(&link);
                }
                Step::Connect { link, .. } => {
                    let line = dial(&self.url, link, self.tell.clone());
                    self.lines.insert(link, line);
                }
                Step::Deliver(delivery) => {
                    let channel = self.delivered.entry(delivery.channel).or_default();
                    channel.push((delivery.offset, delivery.data));
                    self.on(Input::Handled {
                        delivery: delivery.id,
                        ok: true,
                    });
                }
                Step::Resolve { link, .. } => self.on(Input::Provided { link }),
                Step::Send { link, frame } => {
                    let Frame::Text(text) = frame else {
                        unreachable!("nobody sends bytes");
                    };
                    self.frames += 1;
                    if let Some(line) = self.lines.get_mut(&link) {
                        line.say(text);
                    }
                }
                Step::Sent(sent) => self.sent.push(sent),
                Step::Snapshot(snapshot) => {
                    let id = snapshot.id;
                    self.snapshots.push(snapshot);
                    self.on(Input::Snapshot {
                        snapshot: id,
                        ok: true,
                    });
                }
                Step::Tell(event) => {
                    self.fewest = self.fewest.min(self.open.len());
                    self.told.push(event.change);
                }
                Step::Token { link, .. } => {
                    let token = self.tokens.pop_front();
                    let token = token.unwrap_or_else(|| "good".to_owned());
                    self.on(Input::Token { link, token });
                }
                Step::Wait(until) => {
                    self.wake = until;
                    return;
                }
                step => panic!("{step:?}"),
            }
        }
    }
}
