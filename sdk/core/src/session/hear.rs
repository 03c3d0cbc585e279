//! What the server says, and what follows.

use alloc::string::String;

use super::cause::Cause;
use super::code::Fate;
use super::dial::Stage;
use super::input::LinkId;
use super::machine::{NORMAL, Phase, Session};
use super::manner::Protocol;
use super::moment::Moment;
use super::news::SocketChange;
use super::rpc::RpcEnd;
use super::sending::Frame;
use super::step::Step;
use super::wire::{Greeting, Refusal, Said, decode, encode};
use crate::engine::Engine;

/// Centrifugo's words for a token, and a connection, that is too old.
const TOO_OLD: [u64; 2] = [109, 110];

impl Session {
    pub(super) fn frame(&mut self, engine: &mut Engine, at: Moment, link: LinkId, text: String) {
        if !self.listens_to(link) {
            return;
        }
        self.heard(at, link);
        if self.manner.is_raw() {
            self.steps.push_back(Step::Message(text));
            return;
        }
        let Some(said) = decode::frame(&text) else {
            self.counts.nonsense += 1;
            let event = self.event(at, SocketChange::Nonsense);
            self.tell(event);
            return;
        };
        for each in said {
            // What was said before may have been the last.
            if self.listens_to(link) {
                self.hear(engine, at, link, each);
            }
        }
        self.tell_channels(at);
    }

    /// Whether it is the connection in use, or has been opened to become that.
    fn listens_to(&mut self, link: LinkId) -> bool {
        let live = matches!(&self.phase, Phase::Open(live) if live.link == link);
        live || self
            .dial_of(link)
            .is_some_and(|dial| dial.stage == Stage::Greeting)
    }

    fn hear(&mut self, engine: &mut Engine, at: Moment, link: LinkId, said: Said) {
        if self.dial_of(link).is_some() {
            self.hear_first(engine, at, link, said);
            return;
        }
        match said {
            Said::Ack(seq) => {
                self.outbound
                    .acknowledged(at, seq, &self.manner.settings, &mut self.steps)
            }
            Said::Anew(anew) => {
                self.channels.read_anew(at, anew, &mut self.rng);
            }
            Said::Disconnect {
                code,
                reconnect,
                hint,
                ..
            } => self.dismissed(engine, at, code, reconnect, hint),
            Said::Done { id } if self.durables.done(id, &mut self.steps) => {}
            Said::Done { id } if self.manner.protocol == Protocol::Centrifugo => {
                let settings = &self.manner.settings;
                self.outbound.answered(at, id, settings, &mut self.steps);
            }
            Said::Drain { by, window } => self.drained(at, by, window),
            Said::Answer { id, data } => {
                let end = RpcEnd::Answered(data);
                self.rpcs.end(id, &mut self.steps, end);
            }
            Said::Done { .. } | Said::Greeting(_) => {}
            Said::Ping { time, hint } => {
                if let Some(hint) = hint {
                    self.hint = Some(hint.within(&self.manner.settings));
                }
                self.steps.push_back(Step::Send {
                    link,
                    frame: Frame::Text(encode::pong(time)),
                });
            }
            Said::Publication(channel, publication) => {
                let settings = &self.manner.settings;
                self.channels.published(&channel, publication, settings);
            }
            Said::Refused { id, refusal } => {
                let settings = &self.manner.settings;
                let (rng, steps) = (&mut self.rng, &mut self.steps);
                let taken = (self.durables).refused(at, id, &refusal, settings, rng, steps)
                    || (self.channels).refused(at, id, &refusal, settings, rng)
                    || self.refused_rpc(id, &refusal)
                    || self.refused_token(at, id);
                if !taken {
                    let numbered = self.manner.protocol == Protocol::Tidegate;
                    let (settings, steps) = (&self.manner.settings, &mut self.steps);
                    self.outbound.refused(at, id, numbered, settings, steps);
                }
            }
            Said::Renewed { id, lasts } => self.renewed(at, id, lasts),
            Said::Replay(stand) => {
                let (manner, rng) = (&self.manner, &mut self.rng);
                self.channels.replayed(at, stand, manner, rng);
            }
            Said::Skip { channel, from, to } => {
                self.channels
                    .skipped(&channel, from, to, &self.manner.settings);
            }
            Said::Subscribed { id, stand } => {
                let (manner, rng) = (&self.manner, &mut self.rng);
                self.channels.subscribed(at, id, stand, manner, rng);
            }
            Said::Unsubscribed { channel, code } => {
                let settings = &self.manner.settings;
                self.channels
                    .ended(at, &channel, code, settings, &mut self.rng);
            }
        }
    }

    /// Before the greeting, nothing but the greeting counts.
    fn hear_first(&mut self, engine: &mut Engine, at: Moment, link: LinkId, said: Said) {
        match said {
            Said::Greeting(greeting) => self.greeting(engine, at, link, greeting),
            Said::Refused { refusal, .. } => self.turned_away(engine, at, link, refusal),
            Said::Disconnect {
                code,
                reconnect,
                hint,
                ..
            } => {
                let first = matches!(&self.phase, Phase::Dialling(_));
                match first {
                    true => self.dismissed(engine, at, code, reconnect, hint),
                    false => self.drop_successor(engine, at),
                }
            }
            _ => {}
        }
    }

    fn greeting(&mut self, engine: &mut Engine, at: Moment, link: LinkId, greeting: Greeting) {
        let named = greeting
            .session
            .as_ref()
            .is_some_and(|name| !name.is_empty());
        let known = self.dial_of(link).map_or(0, |dial| dial.acked);
        if named && greeting.acked < known {
            // What it says of numbers is of another memory. A new name makes them new, on a new connection: the server that is in use
            // would take them for the old ones.
            self.outbound.rename();
            let event = self.event(at, SocketChange::SessionLost);
            self.tell(event);
            self.give_up(engine, at, Cause::SessionLost, NORMAL);
            return;
        }
        let acked = greeting.acked;
        self.become_live(at, link, Some(greeting));
        self.outbound
            .acknowledged(at, acked, &self.manner.settings, &mut self.steps);
    }

    /// The server refuses the greeting.
    fn turned_away(&mut self, engine: &mut Engine, at: Moment, link: LinkId, refusal: Refusal) {
        if !matches!(&self.phase, Phase::Dialling(_)) {
            self.drop_successor(engine, at);
            return;
        }
        self.close_link(link, NORMAL, "refused");
        self.phase = Phase::Idle;
        let code = u16::try_from(refusal.code).unwrap_or(0);
        if TOO_OLD.contains(&refusal.code) {
            self.ended(engine, at, link, code, Fate::Refresh);
        } else {
            self.trouble.failures = self.trouble.failures.saturating_add(1);
            self.failed(engine, at, Cause::Closed, Some(code));
        }
    }

    fn drop_successor(&mut self, engine: &mut Engine, at: Moment) {
        if let Phase::Open(live) = &mut self.phase
            && let Some(dial) = live.successor.take()
        {
            live.move_again(at, &mut self.rng);
            self.drop_dial(engine, at, dial);
        }
    }
}
