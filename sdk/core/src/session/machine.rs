//! The session itself: its state, and what is done in turn.

use alloc::collections::VecDeque;
use alloc::string::String;
use alloc::vec::Vec;

use super::cause::Cause;
use super::channels::Channels;
use super::dial::Dial;
use super::durable::Durables;
use super::hint::Hint;
use super::input::LinkId;
use super::live::Live;
use super::manner::Manner;
use super::moment::Moment;
use super::news::{SocketChange, SocketEvent};
use super::outbound::Outbound;
use super::rpc::Rpcs;
use super::step::Step;
use super::streams::Stream;
use super::token::Token;
use super::transport::{Transport, Ways};
use super::trouble::Trouble;
use crate::engine::Engine;
use crate::rng::Rng;
use crate::scope::ScopeId;
use crate::settings::{Settings, SettingsError};
use crate::time::Instant;

/// What the browser takes as the code of an orderly end.
pub(super) const NORMAL: u16 = 1_000;
/// Of a connection that is given up: a server that still reads it knows why.
pub(super) const GIVEN_UP: u16 = 4_499;

#[derive(Debug)]
pub(super) enum Phase {
    /// For good.
    Closed,
    Dialling(Dial),
    /// Nobody has asked for a connection yet.
    Idle,
    Open(Live),
    /// Until somebody asks for another connection.
    Stopped,
    Waiting {
        until: Instant,
        cause: Cause,
    },
}

/// What is known of the page.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Page {
    pub(super) offline: bool,
    pub(super) frozen: bool,
    pub(super) hidden: Option<Moment>,
}

/// What happened so often.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) attempts: u64,
    pub(super) opened: u64,
    pub(super) nonsense: u64,
}

/// A socket that comes back. See the [module](super) for how it is driven.
///
/// ```
/// use tidegate_core::session::{Input, LinkId, Manner, Moment, Protocol, Session, Step};
/// use tidegate_core::{Engine, Settings};
/// let mut engine = Engine::new(Settings::default(), 1)?;
/// let scope = engine.scope("https://a.example", "/feed");
/// let mut session = Session::new(Manner::new(Protocol::Raw, "5f0c"), scope, 1)?;
/// let at = Moment::default();
///
/// session.reconnect(&mut engine, at);
/// let Step::Tell(_) = session.poll(&mut engine, at) else { unreachable!() };
/// let Step::Resolve { link, .. } = session.poll(&mut engine, at) else { unreachable!() };
/// session.on(&mut engine, at, Input::Provided { link });
/// assert!(matches!(session.poll(&mut engine, at), Step::Connect { attempt: 1, .. }));
/// session.on(&mut engine, at, Input::Opened { link });
/// assert!(session.is_open());
/// # Ok::<(), tidegate_core::SettingsError>(())
/// ```
#[derive(Debug)]
pub struct Session {
    pub(super) manner: Manner,
    pub(super) scope: ScopeId,
    /// The same of event streams, where that is another one.
    pub(super) streams_scope: Option<ScopeId>,
    pub(super) ways: Ways,
    /// The event streams that were asked for and not given up.
    pub(super) streams: Vec<Stream>,
    pub(super) rng: Rng,
    pub(super) phase: Phase,
    pub(super) page: Page,
    pub(super) trouble: Trouble,
    /// What the server said last on when to come back.
    pub(super) hint: Option<Hint>,
    pub(super) last_link: u64,
    pub(super) last_command: u64,
    pub(super) last_stream: u64,
    pub(super) steps: VecDeque<Step>,
    pub(super) outbound: Outbound,
    pub(super) durables: Durables,
    pub(super) rpcs: Rpcs,
    pub(super) token: Token,
    pub(super) channels: Channels,
    pub(super) counts: Counts,
}

impl Session {
    /// One that nobody has asked to connect yet. `scope` is whose breaker and retry budget its connections come under.
    ///
    /// # Errors
    /// When a setting is out of its range.
    pub fn new(manner: Manner, scope: ScopeId, seed: u64) -> Result<Session, SettingsError> {
        let socket = manner.settings.clone();
        Settings {
            socket,
            ..Settings::default()
        }
        .check()?;
        Ok(Session {
            outbound: Outbound::new(&manner.session),
            rpcs: Rpcs::default(),
            token: Token::new(),
            ways: Ways::new(&manner),
            manner,
            scope,
            streams_scope: None,
            streams: Vec::new(),
            rng: Rng::new(seed),
            phase: Phase::Idle,
            page: Page::default(),
            trouble: Trouble::new(),
            hint: None,
            last_link: 0,
            last_command: 0,
            last_stream: 0,
            steps: VecDeque::new(),
            durables: Durables::default(),
            channels: Channels::default(),
            counts: Counts::default(),
        })
    }

    /// What to do next. To poll once too often changes nothing.
    pub fn poll(&mut self, engine: &mut Engine, at: Moment) -> Step {
        if let Some(step) = self.steps.pop_front() {
            return step;
        }
        if !self.is_closed() {
            self.tick(engine, at);
            if self.steps.is_empty() {
                self.pump(at);
            }
        }
        let step = self.steps.pop_front();
        step.unwrap_or_else(|| Step::Wait(self.deadline()))
    }

    /// Whether frames go out at this moment.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.phase, Phase::Open(_))
    }

    /// Whether there is a connection that takes what is sent: event streams carry nothing to the server.
    #[must_use]
    pub fn is_writable(&self) -> bool {
        matches!(&self.phase, Phase::Open(live) if live.transport == Transport::Websocket)
    }

    /// Whether it is closed for good.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        matches!(self.phase, Phase::Closed)
    }

    /// Whose breaker and retry budget its next connections come under, once it is known where they go.
    pub fn reside(&mut self, scope: ScopeId) {
        self.scope = scope;
    }

    /// Whose breaker and retry budget that is.
    #[must_use]
    pub fn scope(&self) -> ScopeId {
        self.scope
    }

    /// The socket that is in use, or will be when it is open.
    #[must_use]
    pub fn link(&self) -> Option<LinkId> {
        match &self.phase {
            Phase::Dialling(dial) => Some(dial.link),
            Phase::Open(live) => Some(live.link),
            _ => None,
        }
    }

    /// What is due by time alone.
    fn tick(&mut self, engine: &mut Engine, at: Moment) {
        self.page.offline = engine.offline(self.scope);
        self.rest(engine, at);
        match &self.phase {
            Phase::Waiting { until, cause } if *until <= at.now && self.may_dial() => {
                let cause = *cause;
                self.dial(engine, at, cause);
            }
            Phase::Dialling(dial) if dial.deadline <= at.now => self.dial_timed_out(engine, at),
            Phase::Open(_) => self.look_at_link(engine, at),
            _ => {}
        }
        self.outbound
            .tick(at, &self.manner.settings, &mut self.steps);
        self.rpcs.tick(at, &mut self.steps);
        self.channels.tick(at, &self.manner);
    }

    /// What goes out and what goes to handlers.
    fn pump(&mut self, at: Moment) {
        if self.listen(at) {
            return;
        }
        if let Phase::Open(live) = &self.phase
            && live.transport == Transport::Websocket
        {
            let (link, leaving) = (live.link, live.is_leaving());
            if self.write(at, link) || self.write_kept(at, link) {
                return;
            }
            if !leaving && self.ask(at, link) {
                return;
            }
        }
        let hidden = self.page.hidden.is_some();
        self.channels
            .deliver(at, &self.manner.settings, hidden, &mut self.steps);
    }

    /// Writes a command of a channel, or else the next message: whether there was one.
    fn write(&mut self, at: Moment, link: LinkId) -> bool {
        let command = (self.channels).command(at, &self.manner, &mut self.last_command);
        if let Some(text) = command {
            let frame = super::Frame::Text(text);
            self.steps.push_back(Step::Send { link, frame });
            return true;
        }
        self.outbound.write(
            at,
            link,
            self.manner.protocol == super::Protocol::Tidegate,
            &self.manner.settings,
            &mut self.last_command,
            &mut self.steps,
        )
    }

    /// Writes the next question: whether there was one.
    fn ask(&mut self, at: Moment, link: LinkId) -> bool {
        if self.outbound.is_full() {
            return false;
        }
        let settings = &self.manner.settings;
        let asked = (self.rpcs).write(at, link, settings, &mut self.last_command);
        let wrote = asked.is_some();
        self.steps.extend(asked);
        wrote
    }

    fn deadline(&self) -> Instant {
        let settings = &self.manner.settings;
        let own = match &self.phase {
            Phase::Closed => return Instant::NEVER,
            Phase::Idle | Phase::Stopped => Instant::NEVER,
            Phase::Waiting { until, .. } if self.may_dial() => *until,
            Phase::Waiting { .. } => Instant::NEVER,
            Phase::Dialling(dial) => dial.deadline,
            Phase::Open(live) => (self.silence())
                .min(live.deadline(settings))
                .min(self.token.deadline()),
        };
        own.min(self.outbound.deadline(settings))
            .min(self.kept_deadline())
            .min(self.rpcs.deadline())
            .min(self.channels.deadline(self.is_open()))
    }

    pub(super) fn may_dial(&self) -> bool {
        !self.page.offline && !self.page.frozen && !self.has_nothing_to_hear()
    }

    pub(super) fn next_link(&mut self) -> LinkId {
        self.last_link += 1;
        LinkId(self.last_link)
    }

    /// A socket is given up. Nothing that was meant for it goes any more.
    pub(super) fn close_link(&mut self, link: LinkId, code: u16, reason: &str) {
        self.forget_link(link);
        self.steps.push_back(Step::Close {
            link,
            code,
            reason: String::from(reason),
        });
    }

    pub(super) fn forget_link(&mut self, link: LinkId) {
        self.steps.retain(|step| match step {
            Step::Connect { link: of, .. }
            | Step::Listen { link: of, .. }
            | Step::Resolve { link: of, .. }
            | Step::Send { link: of, .. }
            | Step::Token { link: of, .. } => *of != link,
            _ => true,
        });
        let settings = &self.manner.settings;
        self.rpcs.lose_link(link, settings, &mut self.steps);
        let streams = self.streams.len();
        self.streams.retain(|stream| stream.link != link);
        if self.streams.len() < streams {
            self.channels.lose_link();
        }
    }

    pub(super) fn event(&self, at: Moment, change: SocketChange) -> SocketEvent {
        SocketEvent {
            attempt: self.trouble.attempts,
            transport: self.transport(),
            ..SocketEvent::new(at.now.as_millis(), change)
        }
    }

    pub(super) fn tell(&mut self, event: SocketEvent) {
        self.steps.push_back(Step::Tell(event));
    }
}
