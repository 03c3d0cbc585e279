//! The token that connections are made with, and another one before it is too old.
//!
//! - The application is asked for it before the first connection, and again when the server wants another or its time is over. In between, the
//!   one that is here is good for every connection: a fleet that comes back asks nobody for tokens.
//! - While a connection lasts, another one is asked for when between 80 and 90 % of the time are over, which is a draw: those who came
//!   together do not ask together. What fails is tried again, ever more rarely, until the time is over.
//! - What ends with the time is the server's business. It closes the connection (3005, 4401), and the next one has another token.

use alloc::collections::VecDeque;
use alloc::string::String;

use super::input::LinkId;
use super::machine::{Phase, Session};
use super::moment::Moment;
use super::news::SocketChange;
use super::sending::Frame;
use super::step::Step;
use super::wire::encode;
use crate::backoff::Backoff;
use crate::rng::Rng;
use crate::settings::SocketSettings;
use crate::time::{Instant, Millis};

#[derive(Clone, Copy, Debug)]
enum Stage {
    /// The application is asked for another one.
    Asked,
    /// Not before this.
    Resting { until: Instant },
    /// The server was told the new one.
    Told { command: u64, until: Instant },
}

#[derive(Debug)]
pub(super) struct Token {
    text: Option<String>,
    /// For which connection that is being made the application is asked.
    asked: Option<LinkId>,
    /// Since when it is good, and for how long.
    term: Option<(Moment, Millis)>,
    /// After so much of that another one is asked for.
    after: Millis,
    stage: Stage,
    tries: u32,
}

impl Token {
    pub(super) fn new() -> Token {
        Token {
            text: None,
            asked: None,
            term: None,
            after: Millis::ZERO,
            stage: Stage::Resting {
                until: Instant::NEVER,
            },
            tries: 0,
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    fn is_old(&self, at: Moment) -> bool {
        self.term
            .is_some_and(|(since, lasts)| at.since(since) >= lasts)
    }

    /// The server takes it, for this long.
    fn granted(&mut self, at: Moment, lasts: Option<Millis>, rng: &mut Rng) {
        self.term = lasts.map(|lasts| (at, lasts));
        self.tries = 0;
        let until = lasts.map_or(Instant::NEVER, |lasts| {
            let draw = rng.jitter(Millis(lasts.0 / 10));
            self.after = Millis(lasts.0 - lasts.0 / 5 + draw.0);
            at.now + self.after
        });
        self.stage = Stage::Resting { until };
    }

    /// What is due while it is in use on this connection.
    fn tick(
        &mut self,
        at: Moment,
        link: LinkId,
        settings: &SocketSettings,
        rng: &mut Rng,
        steps: &mut VecDeque<Step>,
    ) {
        let Some((since, _)) = self.term else { return };
        match self.stage {
            Stage::Resting { .. } if self.is_old(at) => self.rest(Instant::NEVER),
            // A machine may have slept through most of it.
            Stage::Resting { until }
                if until <= at.now || (self.tries == 0 && at.since(since) >= self.after) =>
            {
                self.stage = Stage::Asked;
                let refresh = true;
                steps.push_back(Step::Token { link, refresh });
            }
            Stage::Told { until, .. } if until <= at.now => self.again(at, settings, rng),
            _ => {}
        }
    }

    /// Another one was not to be had. It is tried again while this one is good.
    fn again(&mut self, at: Moment, settings: &SocketSettings, rng: &mut Rng) {
        let rest = Backoff {
            base: Millis(settings.base_ms.into()),
            cap: Millis(settings.cap_ms.into()),
        };
        let until = at.now + rest.equal_jitter(self.tries, rng);
        self.tries = self.tries.saturating_add(1);
        self.rest(until);
    }

    fn rest(&mut self, until: Instant) {
        self.stage = Stage::Resting { until };
    }

    pub(super) fn deadline(&self) -> Instant {
        match (self.term, self.stage) {
            (None, _) | (_, Stage::Asked) => Instant::NEVER,
            (_, Stage::Resting { until } | Stage::Told { until, .. }) => until,
        }
    }

    fn is_told(&self, id: u64) -> bool {
        matches!(self.stage, Stage::Told { command, .. } if command == id)
    }
}

impl Session {
    /// Whether the connection that is being made under this number has to wait for a token.
    pub(super) fn lacks_token(&mut self, at: Moment, link: LinkId) -> bool {
        let refresh = self.trouble.wants_token || self.token.is_old(at);
        if !self.manner.tokens || (self.token.text.is_some() && !refresh) {
            return false;
        }
        if self.token.asked != Some(link) {
            self.token.asked = Some(link);
            self.steps.push_back(Step::Token { link, refresh });
        }
        true
    }

    /// The application says the token.
    pub(super) fn has_token(&mut self, at: Moment, link: LinkId, text: String) {
        if self.token.asked == Some(link) {
            self.token.asked = None;
            self.token.text = Some(text);
            self.token.term = None;
            self.trouble.wants_token = false;
            self.provided(at, link);
        } else if self.renews_token(link) {
            self.last_command += 1;
            let command = self.last_command;
            let frame = Frame::Text(encode::refresh(command, &text));
            self.steps.push_back(Step::Send { link, frame });
            self.token.text = Some(text);
            let until = at.now + Millis(self.manner.settings.reply_ms.into());
            self.token.stage = Stage::Told { command, until };
        }
    }

    /// Whether the application is asked for another token for this connection, which is in use.
    pub(super) fn renews_token(&self, link: LinkId) -> bool {
        let live = matches!(&self.phase, Phase::Open(live) if live.link == link);
        live && matches!(self.token.stage, Stage::Asked)
    }

    /// The server takes the token, for this long. Who has no tokens cannot renew one.
    pub(super) fn grant(&mut self, at: Moment, lasts: Option<Millis>) {
        let lasts = lasts.filter(|_| self.manner.tokens);
        self.token.granted(at, lasts, &mut self.rng);
    }

    /// Another token was not to be had, or the server will not have it.
    pub(super) fn lost_token(&mut self, at: Moment) {
        self.token.again(at, &self.manner.settings, &mut self.rng);
        let event = self.event(at, SocketChange::TokenFailed);
        self.tell(event);
    }

    /// The server answers the new token, or says of itself how long the old one is good.
    pub(super) fn renewed(&mut self, at: Moment, id: u64, lasts: Option<Millis>) {
        if id == 0 || self.token.is_told(id) {
            self.grant(at, lasts);
            let event = self.event(at, SocketChange::TokenRenewed);
            self.tell(event);
        }
    }

    /// A command was refused; whether it was the new token.
    pub(super) fn refused_token(&mut self, at: Moment, id: u64) -> bool {
        let told = id > 0 && self.token.is_told(id);
        if told {
            self.lost_token(at);
        }
        told
    }

    pub(super) fn look_at_token(&mut self, at: Moment) {
        if let Phase::Open(live) = &self.phase {
            let (settings, rng) = (&self.manner.settings, &mut self.rng);
            (self.token).tick(at, live.link, settings, rng, &mut self.steps);
        }
    }
}
