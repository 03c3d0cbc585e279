//! A connection that is in use, and the one that takes its place when the server has announced that it will go.

use super::cause::Cause;
use super::dial::Dial;
use super::input::LinkId;
use super::machine::{GIVEN_UP, NORMAL, Phase, Session};
use super::moment::Moment;
use super::news::{SocketChange, SocketEvent};
use super::pulse::{Beat, Finding, Pulse};
use super::sending::Frame;
use super::step::Step;
use super::transport::Transport;
use super::wire::{Greeting, encode};
use crate::engine::Engine;
use crate::outcome::Outcome;
use crate::rng::Rng;
use crate::settings::SocketSettings;
use crate::time::{Instant, Millis};

/// What is left of the time until a server goes is not worth another attempt.
const TOO_LATE: Millis = Millis(500);

#[derive(Debug)]
pub(super) struct Live {
    pub(super) link: LinkId,
    pub(super) transport: Transport,
    since: Moment,
    /// It has lasted.
    pub(super) proven: bool,
    pub(super) pulse: Pulse,
    /// When the server goes, and when to move before that. Event streams do not go; they are moved from to a WebSocket.
    moves: Option<(Instant, Instant)>,
    /// Nothing more is asked on it.
    leaving: bool,
    pub(super) successor: Option<Dial>,
}

impl Live {
    pub(super) fn deadline(&self, settings: &SocketSettings) -> Instant {
        let proven = match self.proven {
            true => Instant::NEVER,
            false => self.since.now + Millis(settings.uptime_ms.into()),
        };
        let moves = match (&self.successor, self.moves) {
            (Some(dial), _) => dial.deadline,
            (None, Some((_, at))) => at,
            (None, None) => Instant::NEVER,
        };
        self.pulse.deadline(settings).min(proven).min(moves)
    }

    /// Whether what is asked now is asked on the next connection.
    pub(super) fn is_leaving(&self) -> bool {
        self.leaving && self.moves.is_some()
    }

    /// It is time to move. What was asked here and has no answer yet has half of what is left for one.
    fn leave(&mut self, at: Moment, out: bool) -> bool {
        let before = core::mem::replace(&mut self.leaving, true);
        let Some((by, due)) = &mut self.moves else {
            return false;
        };
        if before || !out || *by - at.now <= TOO_LATE {
            return true;
        }
        *due = at.now + Millis((*by - at.now).0 / 2);
        false
    }

    /// The server goes within this time.
    fn go(&mut self, at: Moment, by: Millis, window: Millis, rng: &mut Rng) {
        // A connection takes time, too: the last quarter is for that.
        let spread = window.min(Millis(by.0 - by.0 / 4));
        let when = at.now + rng.jitter(spread);
        self.moves = Some((at.now + by, when));
    }

    /// The attempt to move failed.
    pub(super) fn move_again(&mut self, at: Moment, rng: &mut Rng) {
        self.leaving = false;
        self.moves = self.moves.and_then(|(by, next)| {
            if by == Instant::NEVER {
                return Some((by, next));
            }
            let left = by - at.now;
            let again = at.now + Millis(left.0 / 8) + rng.jitter(Millis(left.0 / 4));
            (left > TOO_LATE).then_some((by, again))
        });
    }
}

impl Session {
    /// Who comes, and how far it has read.
    pub(super) fn say_hello(&mut self, link: LinkId) {
        self.last_command += 1;
        let numbered = self.manner.protocol == super::Protocol::Tidegate;
        let session = numbered.then_some(self.outbound.session());
        let (token, subs) = (self.token.text(), self.channels.standing());
        let text = encode::connect(self.last_command, token, session, subs);
        self.steps.push_back(Step::Send {
            link,
            frame: Frame::Text(text),
        });
    }

    /// Both ends have said what they say first.
    pub(super) fn become_live(&mut self, at: Moment, link: LinkId, greeting: Option<Greeting>) {
        let Some(transport) = self.dial_of(link).map(|dial| dial.transport) else {
            return;
        };
        let ours = Millis(self.manner.settings.ping_ms.into());
        let beat = match &greeting {
            Some(greeting) => greeting.ping.map_or(Beat::Client(ours), Beat::Server),
            None if self.manner.is_raw() && self.manner.ping.is_some() => Beat::Client(ours),
            None => Beat::Nobody,
        };
        let back = self.way_open(at, transport);
        let live = Live {
            link,
            transport,
            since: at,
            proven: false,
            pulse: Pulse::new(at, beat),
            moves: back.map(|due| (Instant::NEVER, due)),
            leaving: false,
            successor: None,
        };
        let mut cause = self.trouble.cause;
        let moved = match core::mem::replace(&mut self.phase, Phase::Open(live)) {
            Phase::Open(old) => {
                if old.transport == Transport::Sse {
                    cause = Cause::Back;
                    // It was said of streams.
                    self.hint = None;
                }
                self.close_link(old.link, NORMAL, "moved");
                true
            }
            _ => false,
        };
        self.outbound.lose_link();
        match transport {
            Transport::Sse => {
                self.trouble.wants_token = false;
                // They have none that could be renewed in place.
                self.grant(at, None);
            }
            Transport::Websocket => {
                self.channels.lose_link();
                let lasts = greeting.as_ref().and_then(|greeting| greeting.lasts);
                self.grant(at, lasts);
            }
        }
        self.counts.opened += 1;
        let downtime = self.trouble.since.take().map(|since| (at.now - since).0);
        let change = match moved {
            true => SocketChange::Moved,
            false => SocketChange::Open,
        };
        self.tell(SocketEvent {
            cause: Some(cause),
            downtime_ms: downtime,
            ..self.event(at, change)
        });
        if self.outbound.take_drained() {
            let drain = self.event(at, SocketChange::Drain);
            self.tell(drain);
        }
        if let Some(greeting) = greeting {
            self.greeted(at, greeting);
        }
    }

    fn greeted(&mut self, at: Moment, greeting: Greeting) {
        if let Some(hint) = greeting.hint {
            self.hint = Some(hint.within(&self.manner.settings));
        }
        let spread = self.spread();
        self.channels
            .greeted(at, greeting.subs, spread, &self.manner, &mut self.rng);
        self.tell_channels(at);
    }

    /// Snapshots are requests, too: a fleet that is back must not ask for all of them at once.
    pub(super) fn spread(&self) -> Millis {
        let window = self
            .hint
            .map_or(self.manner.settings.window_ms.into(), |hint| hint.window.0);
        Millis(if self.trouble.fleet { window / 4 } else { 0 })
    }

    /// What is due on the connection in use.
    pub(super) fn look_at_link(&mut self, engine: &mut Engine, at: Moment) {
        let Phase::Open(live) = &mut self.phase else {
            return;
        };
        let settings = &self.manner.settings;
        if !live.proven && at.now - live.since.now >= Millis(settings.uptime_ms.into()) {
            live.proven = true;
            self.trouble.end();
            self.trouble.attempts = 0;
        }
        let link = live.link;
        match live.pulse.check(at, settings) {
            Finding::Alive => {}
            Finding::Dead => {
                self.give_up(engine, at, Cause::Dead, GIVEN_UP);
                return;
            }
            Finding::Ping => self.ping(link),
        }
        self.look_at_token(at);
        self.look_at_streams(engine, at);
        self.look_at_move(engine, at);
    }

    fn look_at_move(&mut self, engine: &mut Engine, at: Moment) {
        let Phase::Open(live) = &mut self.phase else {
            return;
        };
        if let Some(dial) = live.successor.take_if(|dial| dial.deadline <= at.now) {
            live.move_again(at, &mut self.rng);
            self.abandon(engine, at, dial, Outcome::TimedOut);
            return;
        }
        let out = self.rpcs.is_out();
        let asked = live.leaving && !out;
        let due = live.moves.is_some_and(|(_, due)| due <= at.now || asked);
        if live.successor.is_some() || !due || !live.leave(at, out) {
            return;
        }
        let mut cause = Cause::Restart;
        if live.transport == Transport::Sse {
            cause = Cause::Back;
            let back = self.way_back(at);
            if let Phase::Open(live) = &mut self.phase {
                live.moves = back.map(|due| (Instant::NEVER, due));
            }
        }
        match self.begin_dial(engine, at, cause, Transport::Websocket) {
            Ok(mut dial) => {
                if let Phase::Open(live) = &mut self.phase {
                    // Whoever has not greeted by then has missed its turn.
                    let by = live.moves.map_or(dial.deadline, |(by, _)| by);
                    dial.deadline = dial.deadline.min(by.max(at.now + TOO_LATE));
                    live.successor = Some(dial);
                }
            }
            Err(_) => {
                if let Phase::Open(live) = &mut self.phase {
                    live.move_again(at, &mut self.rng);
                }
            }
        }
    }

    /// The server goes: another connection is made before this one is closed.
    pub(super) fn drained(&mut self, at: Moment, by: Millis, window: Millis) {
        let cap = Millis(self.manner.settings.told_cap_ms.into());
        let (by, window) = (by.min(cap), window.min(cap));
        if let Phase::Open(live) = &mut self.phase
            && live.moves.is_none()
            && live.transport == Transport::Websocket
        {
            live.go(at, by, window, &mut self.rng);
            self.tell(SocketEvent {
                cause: Some(Cause::Restart),
                ..self.event(at, SocketChange::Draining)
            });
        }
    }

    /// Asks whether anybody is there.
    pub(super) fn ping(&mut self, link: LinkId) {
        let text = match self.manner.is_raw() {
            true => self.manner.ping.clone(),
            false => {
                self.last_command += 1;
                Some(encode::ping(self.last_command))
            }
        };
        if let Some(text) = text {
            let frame = Frame::Text(text);
            self.steps.push_back(Step::Send { link, frame });
        }
    }

    /// The page or the network was away: what still says that it is open may not be.
    pub(super) fn doubt(&mut self, at: Moment) {
        if let Phase::Open(live) = &mut self.phase
            && live.pulse.doubt(at, &self.manner.settings)
        {
            let link = live.link;
            self.ping(link);
        }
    }
}
