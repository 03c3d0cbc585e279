//! What becomes of a connection that is gone, or was not to be had.

use super::cause::{Cause, Crowd};
use super::code::Fate;
use super::hint::Hint;
use super::input::LinkId;
use super::live::Live;
use super::machine::{NORMAL, Phase, Session};
use super::moment::Moment;
use super::news::{SocketChange, SocketEvent};
use crate::engine::Engine;
use crate::time::Millis;

/// A message is larger than the server takes (RFC 6455).
const TOO_LARGE: u16 = 1_009;

impl Session {
    /// A socket said that it is closed.
    pub(super) fn closed(&mut self, engine: &mut Engine, at: Moment, link: LinkId, code: u16) {
        match core::mem::replace(&mut self.phase, Phase::Idle) {
            Phase::Dialling(dial) if dial.link == link => {
                let (transport, stage) = (dial.transport, dial.stage);
                self.dial_failed(engine, at, dial);
                match self.manner.codes.fate(code) {
                    Fate::Retry(_) if code == 1_006 => {
                        self.not_opened(engine, transport, stage);
                        self.failed(engine, at, Cause::Failed, None);
                    }
                    fate => {
                        // It has lasted for nothing.
                        if matches!(fate, Fate::Retry(_)) {
                            self.trouble.failures = self.trouble.failures.saturating_add(1);
                        }
                        self.ended(engine, at, link, code, fate);
                    }
                }
            }
            Phase::Open(mut live) if live.link == link => {
                self.forget_link(link);
                self.outbound.lose_link();
                self.channels.lose_link();
                match (self.manner.codes.fate(code), live.successor.take()) {
                    (Fate::Retry(_), Some(dial)) => {
                        self.trouble.befall(at.now, Cause::Restart, self.hint);
                        self.phase = Phase::Dialling(dial);
                    }
                    (fate, successor) => {
                        if let Some(dial) = successor {
                            self.drop_dial(engine, at, dial);
                        }
                        self.unproven(&live);
                        self.ended(engine, at, link, code, fate);
                    }
                }
            }
            Phase::Open(mut live) => {
                if let Some(dial) = live.successor.take_if(|dial| dial.link == link) {
                    self.dial_failed(engine, at, dial);
                    live.move_again(at, &mut self.rng);
                }
                self.phase = Phase::Open(live);
            }
            other => self.phase = other,
        }
    }

    /// The server, or somebody for it, ends the connection with this code.
    pub(super) fn ended(
        &mut self,
        engine: &mut Engine,
        at: Moment,
        link: LinkId,
        code: u16,
        fate: Fate,
    ) {
        match fate {
            // What it was about would end each connection of each page to come.
            Fate::Stop if code == TOO_LARGE && self.give_up_largest(link) => {
                self.failed(engine, at, Cause::Closed, Some(code));
            }
            Fate::Refresh if !self.trouble.refreshed => {
                self.trouble.refreshed = true;
                self.trouble.wants_token = true;
                self.failed(engine, at, Cause::Refresh, Some(code));
            }
            Fate::Refresh | Fate::Stop => self.stop(at, code),
            Fate::Retry(cause) => self.failed(engine, at, cause, Some(code)),
        }
    }

    /// A connection is given up because nothing is heard on it, or because it has lost its worth.
    pub(super) fn give_up(&mut self, engine: &mut Engine, at: Moment, cause: Cause, code: u16) {
        match core::mem::replace(&mut self.phase, Phase::Idle) {
            Phase::Open(mut live) => {
                self.close_link(live.link, code, cause.as_str());
                self.outbound.lose_link();
                self.channels.lose_link();
                match live.successor.take() {
                    Some(dial) if cause == Cause::Dead => {
                        self.trouble.befall(at.now, Cause::Restart, self.hint);
                        self.phase = Phase::Dialling(dial);
                        return;
                    }
                    Some(dial) => self.drop_dial(engine, at, dial),
                    None => {}
                }
                self.unproven(&live);
            }
            Phase::Dialling(dial) => self.drop_dial(engine, at, dial),
            other => {
                self.phase = other;
                return;
            }
        }
        self.failed(engine, at, cause, None);
    }

    /// What did not last counts as an attempt that failed.
    pub(super) fn unproven(&mut self, live: &Live) {
        if !live.proven {
            self.trouble.failures = self.trouble.failures.saturating_add(1);
        }
    }

    /// There is no connection. The next one comes after a wait, when it may.
    pub(super) fn failed(
        &mut self,
        engine: &mut Engine,
        at: Moment,
        cause: Cause,
        code: Option<u16>,
    ) {
        if !self.manner.reconnects {
            self.stop(at, code.unwrap_or(1_006));
            return;
        }
        // What fails without a network says nothing, and costs nothing.
        let offline = engine.offline(self.scope);
        let cause = match cause.crowd() {
            Crowd::Same if offline => {
                self.trouble.attempts = self.trouble.attempts.saturating_sub(1);
                Cause::Network
            }
            _ => cause,
        };
        // Who waited in vain has waited, and waits for longer the next time.
        if cause.crowd() == Crowd::Same && cause != Cause::TimedOut {
            self.trouble.failures = self.trouble.failures.saturating_add(1);
        }
        self.trouble.befall(at.now, cause, self.hint);
        let delay = self.delay(engine, at, cause);
        self.wait(at, cause, delay, code, offline);
    }

    pub(super) fn wait(
        &mut self,
        at: Moment,
        cause: Cause,
        delay: Millis,
        code: Option<u16>,
        offline: bool,
    ) {
        let blocked = offline || self.page.frozen;
        self.phase = Phase::Waiting {
            until: at.now + delay,
            cause,
        };
        self.tell(SocketEvent {
            cause: Some(cause),
            code,
            retry_in_ms: (!blocked).then_some(delay.0),
            ..self.event(at, SocketChange::Waiting)
        });
    }

    /// A draw. What repeats an attempt that failed is paid for from what calls pay from; who has no credit waits twice as long, and comes
    /// all the same. When the server has said when to come back, it wants to be come back to.
    fn delay(&mut self, engine: &mut Engine, at: Moment, cause: Cause) -> Millis {
        let settings = &self.manner.settings;
        let hidden = self.page.hidden.is_some();
        let delay = self.trouble.delay(settings, hidden, &mut self.rng);
        let repeats = self.trouble.failures > 0 && !self.trouble.is_told();
        let dear = cause == Cause::TimedOut;
        if repeats && !engine.pay_replay(at.now, self.guard(), dear) {
            return Millis(delay.0 + self.trouble.ceiling(settings, hidden).0);
        }
        delay
    }

    /// It does not come back by itself.
    pub(super) fn stop(&mut self, at: Moment, code: u16) {
        self.phase = Phase::Stopped;
        self.trouble.since.get_or_insert(at.now);
        self.tell(SocketEvent {
            code: Some(code),
            ..self.event(at, SocketChange::Stopped)
        });
    }

    /// The server announces the end of this connection.
    pub(super) fn dismissed(
        &mut self,
        engine: &mut Engine,
        at: Moment,
        code: u16,
        reconnect: bool,
        hint: Option<Hint>,
    ) {
        if let Some(hint) = hint {
            self.hint = Some(hint.within(&self.manner.settings));
        }
        let fate = match self.manner.codes.fate(code) {
            Fate::Retry(_) if !reconnect && !self.manner.codes.retry.contains(&code) => Fate::Stop,
            Fate::Retry(_) => Fate::Retry(Cause::Restart),
            fate => fate,
        };
        let Some(link) = self.link() else { return };
        self.close_link(link, NORMAL, "dismissed");
        match core::mem::replace(&mut self.phase, Phase::Idle) {
            Phase::Open(mut live) => {
                self.outbound.lose_link();
                self.channels.lose_link();
                match (fate, live.successor.take()) {
                    (Fate::Retry(_), Some(dial)) => {
                        self.trouble.befall(at.now, Cause::Restart, self.hint);
                        self.phase = Phase::Dialling(dial);
                        return;
                    }
                    (_, Some(dial)) => self.drop_dial(engine, at, dial),
                    (_, None) => {}
                }
                self.unproven(&live);
            }
            Phase::Dialling(dial) => {
                self.forget_link(dial.link);
                self.trouble.failures = self.trouble.failures.saturating_add(1);
            }
            _ => {}
        }
        self.ended(engine, at, link, code, fate);
    }
}
