//! Making a connection: the URL, the socket, the greeting.
//!
//! An attempt is a call of the engine: it asks the breaker and the gate of its origin for leave like any other, counts for or against them,
//! and its success earns retry credit. Who is refused waits as long as the refusal says, and has made no attempt.

use super::cause::Cause;
use super::input::LinkId;
use super::machine::{GIVEN_UP, Phase, Session};
use super::moment::Moment;
use super::news::{SocketChange, SocketEvent};
use super::step::Step;
use super::transport::Transport;
use crate::call::Call;
use crate::engine::Engine;
use crate::outcome::{Head, Outcome, Verdict};
use crate::spec::{CallSpec, Lookup};
use crate::step::Step as CallStep;
use crate::throttle::Priority;
use crate::time::{Instant, Millis};

/// How soon to ask again where nobody knows when.
const LOOK: Millis = Millis(1_000);
/// The same where only somebody's hand opens what is shut.
const BY_HAND: Millis = Millis(60_000);

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Stage {
    Resolving,
    Opening,
    /// It is open, and the server or the application has to say something first.
    Greeting,
}

/// A connection that is being made.
#[derive(Debug)]
pub(super) struct Dial {
    pub(super) link: LinkId,
    pub(super) transport: Transport,
    pub(super) stage: Stage,
    pub(super) began: Instant,
    pub(super) deadline: Instant,
    /// What was acknowledged when this one said hello: its server knows of no less, unless it has forgotten the session. Meanwhile the connection
    /// that is in use still may have heard of more.
    pub(super) acked: u64,
    pub(super) call: Option<Call>,
}

impl Session {
    /// Asks for leave, and for the URL.
    pub(super) fn begin_dial(
        &mut self,
        engine: &mut Engine,
        at: Moment,
        cause: Cause,
        transport: Transport,
    ) -> Result<Dial, Instant> {
        let spec = CallSpec {
            lookup: Lookup::Never,
            priority: Priority::Normal,
            // It is one attempt, and nobody's call.
            ..CallSpec {
                read: false,
                ..CallSpec::probe(self.scope_of(transport))
            }
        };
        let mut call = engine.begin(at.now, spec);
        let wait = match call.poll(engine, at.now) {
            CallStep::Send { .. } => None,
            CallStep::Done(Verdict::Failed(why)) => Some(why.retry_at.unwrap_or(at.now + BY_HAND)),
            _ => Some(at.now + LOOK),
        };
        if let Some(until) = wait {
            self.cancel(engine, at, call);
            // All who are refused until then would come then.
            return Err(until.max(at.now + Millis(1)) + self.rng.jitter(LOOK));
        }
        let link = self.next_link();
        self.trouble.attempts = self.trouble.attempts.saturating_add(1);
        self.counts.attempts += 1;
        self.tell(SocketEvent {
            cause: Some(cause),
            transport,
            ..self.event(at, SocketChange::Connecting)
        });
        let stage = match transport {
            // Where each stream is, is asked for when it is.
            Transport::Sse => Stage::Opening,
            Transport::Websocket => {
                let refresh = self.trouble.wants_token;
                self.steps.push_back(Step::Resolve { link, refresh });
                Stage::Resolving
            }
        };
        Ok(Dial {
            link,
            transport,
            stage,
            began: at.now,
            deadline: at.now + self.trouble.patience(&self.manner.settings),
            acked: 0,
            call: Some(call),
        })
    }

    pub(super) fn dial(&mut self, engine: &mut Engine, at: Moment, cause: Cause) {
        let transport = self.next_way();
        self.phase = match self.begin_dial(engine, at, cause, transport) {
            Ok(dial) => Phase::Dialling(dial),
            Err(until) => {
                self.tell(SocketEvent {
                    cause: Some(Cause::Refused),
                    retry_in_ms: Some((until - at.now).0),
                    ..self.event(at, SocketChange::Waiting)
                });
                Phase::Waiting { until, cause }
            }
        };
    }

    /// The connection that is being made under this number, in place of the one in use or beside it.
    pub(super) fn dial_of(&mut self, link: LinkId) -> Option<&mut Dial> {
        let dial = match &mut self.phase {
            Phase::Dialling(dial) => Some(dial),
            Phase::Open(live) => live.successor.as_mut(),
            _ => None,
        };
        dial.filter(|dial| dial.link == link)
    }

    pub(super) fn provided(&mut self, at: Moment, link: LinkId) {
        let resolving = |dial: &mut Dial| dial.stage == Stage::Resolving;
        if !self.dial_of(link).is_some_and(resolving) || self.lacks_token(at, link) {
            return;
        }
        let patience = self.trouble.patience(&self.manner.settings);
        let attempt = self.trouble.attempts;
        if let Some(dial) = self.dial_of(link) {
            dial.stage = Stage::Opening;
            dial.deadline = at.now + patience;
            self.trouble.wants_token = false;
            self.steps.push_back(Step::Connect {
                link,
                attempt,
                within: patience,
            });
        }
    }

    pub(super) fn opened(&mut self, engine: &mut Engine, at: Moment, link: LinkId) {
        let waits = !self.manner.is_raw() || self.manner.hello;
        let acked = self.outbound.acked();
        let Some(dial) = self.dial_of(link) else {
            return;
        };
        if dial.stage != Stage::Opening || dial.transport == Transport::Sse {
            return;
        }
        dial.stage = Stage::Greeting;
        dial.acked = acked;
        // The upgrade is an answer.
        let call = dial.call.take();
        let head = Head {
            status: 200,
            retry_after: None,
        };
        self.settle(engine, at, call, Outcome::Head(head));
        if !self.manner.is_raw() {
            self.say_hello(link);
        }
        if !waits {
            self.become_live(at, link, None);
        }
    }

    pub(super) fn dial_timed_out(&mut self, engine: &mut Engine, at: Moment) {
        if let Phase::Dialling(dial) = core::mem::replace(&mut self.phase, Phase::Idle) {
            let (transport, stage) = (dial.transport, dial.stage);
            self.abandon(engine, at, dial, Outcome::TimedOut);
            self.not_opened(engine, transport, stage);
            self.failed(engine, at, Cause::TimedOut, None);
        }
    }

    /// An attempt is given up, for a reason that is the other end's.
    pub(super) fn abandon(
        &mut self,
        engine: &mut Engine,
        at: Moment,
        dial: Dial,
        outcome: Outcome,
    ) {
        match dial.stage {
            // The URL's provider is nobody's backend.
            Stage::Resolving => self.withdraw(engine, at, dial.call),
            _ => self.settle(engine, at, dial.call, outcome),
        }
        self.close_link(dial.link, GIVEN_UP, "given up");
    }

    /// An attempt is given up, for a reason of this page.
    pub(super) fn drop_dial(&mut self, engine: &mut Engine, at: Moment, dial: Dial) {
        self.withdraw(engine, at, dial.call);
        self.close_link(dial.link, GIVEN_UP, "given up");
    }

    /// Its socket is closed already.
    pub(super) fn dial_failed(&mut self, engine: &mut Engine, at: Moment, dial: Dial) {
        self.forget_link(dial.link);
        self.settle(engine, at, dial.call, Outcome::Unreachable);
    }

    pub(super) fn withdraw(&mut self, engine: &mut Engine, at: Moment, call: Option<Call>) {
        if let Some(call) = call {
            self.cancel(engine, at, call);
        }
    }

    pub(super) fn settle(
        &self,
        engine: &mut Engine,
        at: Moment,
        call: Option<Call>,
        outcome: Outcome,
    ) {
        if let Some(mut call) = call {
            call.settle(engine, at.now, outcome);
            // Its verdict is for nobody.
            let _ = call.poll(engine, at.now);
        }
    }

    /// A call that comes to nothing says nothing, and leaves nobody waiting.
    fn cancel(&self, engine: &mut Engine, at: Moment, call: Call) {
        let scope = call.scope();
        let wanted = engine.is_wanted(scope);
        call.cancel(engine, at.now);
        if !wanted {
            engine.forget(scope);
        }
    }
}
