//! Whatever a server sends to a session, and when: it never panics, has one socket, comes to rest, gives no answer twice, and its owner can close it.
//!
//! An input is text, a frame in each line. A line that begins with `@` lets so many milliseconds pass, one with `!` ends the connection with
//! that close code, `?` asks the server something, `|` and `^` pause and resume the channel. Anything after is heard as a frame of the connection that is
//! there, with `\n` for a line break within it.

#![no_main]

use std::collections::BTreeSet;

use libfuzzer_sys::fuzz_target;
use tidegate_core::session::{
    Input, LinkId, Manner, Moment, Overflow, Protocol, RpcId, RpcWish, Session, Step, Wish,
};
use tidegate_core::{Engine, Instant, Millis, Settings, Wall};

const CHANNEL: &str = "c";

struct Play {
    engine: Engine,
    session: Session,
    at: Moment,
    wake: Instant,
    sockets: BTreeSet<LinkId>,
    /// Two while one takes the place of the other.
    drains: bool,
    answered: BTreeSet<RpcId>,
}

impl Play {
    fn new(protocol: Protocol) -> Play {
        let mut engine = Engine::new(Settings::default(), 1).expect("defaults are in range");
        let scope = engine.scope("https://a.example", "/feed");
        let mut manner = Manner::new(protocol, "s");
        manner.tokens = true;
        manner.settings.held_entries = 4;
        let session = Session::new(manner, scope, 1).expect("defaults are in range");
        Play {
            engine,
            session,
            at: Moment {
                now: Instant::from_millis(1_000),
                wall: Wall(1_000_000),
            },
            wake: Instant::NEVER,
            sockets: BTreeSet::new(),
            drains: false,
            answered: BTreeSet::new(),
        }
    }

    fn on(&mut self, input: Input) {
        self.session.on(&mut self.engine, self.at, input);
    }

    fn run(&mut self) {
        for _ in 0..100_000 {
            match self.session.poll(&mut self.engine, self.at) {
                Step::Answer { id, .. } => assert!(self.answered.insert(id), "answered twice"),
                Step::Close { link, .. } => {
                    self.sockets.remove(&link);
                }
                Step::Connect { link, .. } => {
                    self.sockets.insert(link);
                    assert!(self.sockets.len() <= 1 + usize::from(self.drains));
                    self.on(Input::Opened { link });
                }
                Step::Deliver(delivery) => self.on(Input::Handled {
                    delivery: delivery.id,
                    ok: delivery.offset % 7 != 3,
                }),
                Step::Resolve { link, .. } => self.on(Input::Provided { link }),
                Step::Snapshot(snapshot) => self.on(Input::Snapshot {
                    snapshot: snapshot.id,
                    ok: snapshot.position.offset % 5 != 2,
                }),
                Step::Token { link, .. } => self.on(Input::Token {
                    link,
                    token: String::from("t"),
                }),
                Step::Wait(until) => {
                    self.wake = until;
                    return;
                }
                _ => {}
            }
        }
        panic!("it never comes to rest");
    }

    /// Time passes, and timers fire when they should.
    fn pass(&mut self, millis: u64) {
        let end = self.at.now + Millis(millis);
        for _ in 0..1_000 {
            let next = self.wake.min(end);
            let length = next - self.at.now;
            self.at.now = self.at.now.max(next);
            self.at.wall = Wall(self.at.wall.0 + length.0);
            self.run();
            if next == end {
                return;
            }
        }
    }

    fn act(&mut self, line: &str) {
        let number = |rest: &str| rest.parse::<u64>().unwrap_or(0);
        let mut letters = line.chars();
        let first = letters.next();
        let rest = letters.as_str();
        let Some(link) = self.session.link() else {
            return self.pass(number(rest).clamp(1, 1_000_000));
        };
        match first {
            Some('@') => self.pass(number(rest).min(1_000_000)),
            Some('!') => {
                self.sockets.remove(&link);
                let code = u16::try_from(number(rest)).unwrap_or(1_006);
                self.on(Input::Closed { link, code });
            }
            Some('?') => {
                let repeats = rest == "!";
                let wish = RpcWish {
                    within: None,
                    repeats,
                };
                let _ = self.session.rpc(self.at, "m", "1", wish);
                let reject = Overflow::RejectNew;
                let _ = self.session.publish(self.at, CHANNEL, "1", true, reject);
            }
            Some('|') => self.session.pause(CHANNEL, true),
            Some('^') => self.session.pause(CHANNEL, false),
            _ => {
                self.drains |= line.contains("drain");
                let text = line.replace("\\n", "\n");
                self.on(Input::Frame { link, text });
            }
        }
        self.run();
    }
}

fuzz_target!(|input: &str| {
    let protocol = match input.len() % 2 {
        0 => Protocol::Tidegate,
        _ => Protocol::Centrifugo,
    };
    let mut play = Play::new(protocol);
    play.session.subscribe(CHANNEL, Wish::default());
    play.session.reconnect(&mut play.engine, play.at);
    play.run();
    for line in input.lines() {
        play.act(line);
    }
    let asked = play.session.health(play.at).unanswered;
    let before = play.answered.len() as u64;
    assert!(play.session.close(&mut play.engine, play.at, 1_000, "over"));
    play.run();
    assert_eq!(
        play.answered.len() as u64,
        before + asked,
        "each has an answer"
    );
    assert!(play.sockets.is_empty() && play.wake == Instant::NEVER);
});
