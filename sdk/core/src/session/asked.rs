//! What an owner asks of the connection: to be there, and not to be there any more.

use super::cause::Cause;
use super::dial::Dial;
use super::machine::{GIVEN_UP, NORMAL, Phase, Session};
use super::moment::Moment;
use super::news::{SocketChange, SocketEvent};
use super::step::Step;
use crate::engine::Engine;

impl Session {
    /// Asks for a connection, or for another one in place of that which is there, at once. Also when it had stopped. `false`: it is closed
    /// for good.
    pub fn reconnect(&mut self, engine: &mut Engine, at: Moment) -> bool {
        self.page.offline = engine.offline(self.scope);
        let first = matches!(self.phase, Phase::Idle) && self.last_link == 0;
        let cause = if first { Cause::Start } else { Cause::Asked };
        match core::mem::replace(&mut self.phase, Phase::Idle) {
            Phase::Closed => {
                self.phase = Phase::Closed;
                return false;
            }
            Phase::Open(mut live) => {
                self.close_link(live.link, NORMAL, "asked");
                self.outbound.lose_link();
                self.channels.lose_link();
                if let Some(dial) = live.successor.take() {
                    self.drop_dial(engine, at, dial);
                }
            }
            Phase::Dialling(dial) => self.drop_dial(engine, at, dial),
            Phase::Idle | Phase::Stopped | Phase::Waiting { .. } => {}
        }
        self.trouble.own();
        self.trouble.refreshed = false;
        self.trouble.befall(at.now, cause, None);
        self.phase = Phase::Waiting {
            until: at.now,
            cause,
        };
        true
    }

    /// Closes it for good. What has not been written is dropped, and told of. Whether the code is one that the browser takes.
    pub fn close(&mut self, engine: &mut Engine, at: Moment, code: u16, reason: &str) -> bool {
        if !matches!(code, 1_000 | 3_000..=4_999) {
            return false;
        }
        if self.is_closed() {
            return true;
        }
        match core::mem::replace(&mut self.phase, Phase::Closed) {
            Phase::Open(mut live) => {
                self.close_link(live.link, code, reason);
                if let Some(dial) = live.successor.take() {
                    self.drop_dial(engine, at, dial);
                }
            }
            Phase::Dialling(dial) => {
                self.withdraw_quietly(engine, at, dial, code);
            }
            _ => {}
        }
        self.steps.retain(|step| {
            matches!(
                step,
                Step::Answer { .. } | Step::Close { .. } | Step::Sent(_)
            )
        });
        self.outbound.close(&mut self.steps);
        self.rpcs.close(&mut self.steps);
        self.channels.close();
        self.tell(SocketEvent {
            code: Some(code),
            ..self.event(at, SocketChange::Closed)
        });
        true
    }

    fn withdraw_quietly(&mut self, engine: &mut Engine, at: Moment, dial: Dial, code: u16) {
        let code = if code == NORMAL {
            NORMAL
        } else {
            GIVEN_UP.max(code)
        };
        let link = dial.link;
        self.drop_dial(engine, at, dial);
        if let Some(Step::Close {
            link: last,
            code: each,
            ..
        }) = self.steps.back_mut()
            && *last == link
        {
            *each = code;
        }
    }
}
