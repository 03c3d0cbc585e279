//! What happens to a session, and what follows.

use super::cause::Cause;
use super::dial::Stage;
use super::input::{Input, LinkId};
use super::machine::{NORMAL, Phase, Session};
use super::moment::Moment;
use super::news::SocketChange;
use super::step::Step;
use crate::engine::Engine;
use crate::time::Millis;

/// A connection that has been under way for this long when the network comes back was begun without one.
const STALE: Millis = Millis(1_000);

impl Session {
    /// Something happened. Then poll.
    pub fn on(&mut self, engine: &mut Engine, at: Moment, input: Input) {
        if self.is_closed() {
            return;
        }
        match input {
            Input::Buffered { link, bytes } => self.buffered(at, link, bytes),
            Input::Closed { link, code } => self.closed(engine, at, link, code),
            Input::Drain { by, window } => self.drained(at, by, window),
            Input::Frame { link, text } => self.frame(engine, at, link, text),
            Input::Frozen => self.frozen(engine, at),
            Input::Handled { delivery, ok } => {
                let settings = &self.manner.settings;
                let hidden = self.page.hidden.is_some();
                self.channels.handled(at, delivery, ok, settings, hidden);
                self.tell_channels(at);
            }
            Input::Heard { link } => self.heard(at, link),
            Input::Hidden(hidden) => self.hidden(at, hidden),
            Input::Hint(hint) => self.hint = Some(hint.within(&self.manner.settings)),
            Input::NotReady { link } if self.manner.is_raw() => {
                self.not_had(engine, at, link, Stage::Greeting, Cause::Hello);
            }
            Input::NotReady { .. } => {}
            Input::Online(online) => {
                engine.set_online(at.now, online);
                self.online(engine, at, online);
            }
            Input::Opened { link } => self.opened(engine, at, link),
            Input::Provided { link } => self.provided(at, link),
            Input::ProviderFailed { link } if self.renews_token(link) => self.lost_token(at),
            Input::ProviderFailed { link } => {
                self.not_had(engine, at, link, Stage::Resolving, Cause::Provider);
            }
            Input::Ready { link } => self.ready(at, link),
            Input::Restored => self.restored(engine, at),
            Input::Snapshot { snapshot, ok } => {
                self.channels
                    .snapshot(at, snapshot, ok, &self.manner.settings, &mut self.rng);
                self.tell_channels(at);
            }
            Input::Token { link, token } => self.has_token(at, link, token),
            Input::StreamAnswered {
                stream,
                status,
                events,
                retry_after,
            } => self.answered(engine, at, stream, status, events, retry_after),
            Input::StreamEnded { stream } => self.stream_ended(engine, at, stream),
            Input::StreamNotProvided { stream } => self.stream_not_provided(engine, at, stream),
            Input::StreamSaid { stream, text } => self.stream_said(engine, at, stream, &text),
        }
    }

    pub(super) fn tell_channels(&mut self, at: Moment) {
        let transport = self.transport();
        let news = (self.channels).take_news(at, self.trouble.attempts, transport);
        self.steps.extend(news.map(Step::Tell));
    }

    /// Any frame says that the other end is there.
    pub(super) fn heard(&mut self, at: Moment, link: LinkId) {
        if let Phase::Open(live) = &mut self.phase
            && live.link == link
        {
            live.pulse.hear(at);
        }
    }

    fn buffered(&mut self, at: Moment, link: LinkId, bytes: u64) {
        if let Phase::Open(live) = &mut self.phase
            && live.link == link
        {
            live.pulse.hold(at, bytes);
            if self.outbound.hold(bytes, &self.manner.settings) {
                let drain = self.event(at, SocketChange::Drain);
                self.tell(drain);
            }
        }
    }

    fn ready(&mut self, at: Moment, link: LinkId) {
        let greets = self.manner.is_raw();
        if greets
            && self
                .dial_of(link)
                .is_some_and(|dial| dial.stage == Stage::Greeting)
        {
            self.become_live(at, link, None);
        }
    }

    /// What the application has to give for a connection is not to be had.
    fn not_had(
        &mut self,
        engine: &mut Engine,
        at: Moment,
        link: LinkId,
        stage: Stage,
        cause: Cause,
    ) {
        if self.dial_of(link).is_none_or(|dial| dial.stage != stage) {
            return;
        }
        match core::mem::replace(&mut self.phase, Phase::Idle) {
            Phase::Dialling(dial) => {
                self.drop_dial(engine, at, dial);
                self.failed(engine, at, cause, None);
            }
            Phase::Open(mut live) => {
                if let Some(dial) = live.successor.take() {
                    self.drop_dial(engine, at, dial);
                }
                live.move_again(at, &mut self.rng);
                self.phase = Phase::Open(live);
            }
            other => self.phase = other,
        }
    }

    fn online(&mut self, engine: &mut Engine, at: Moment, online: bool) {
        let was_offline = core::mem::replace(&mut self.page.offline, engine.offline(self.scope));
        if !online {
            // What was lost just before was the network.
            if let Phase::Waiting { cause, .. } = &mut self.phase
                && matches!(*cause, Cause::Lost | Cause::Failed | Cause::Dead)
            {
                *cause = Cause::Network;
                self.trouble.own();
                self.trouble.cause = Cause::Network;
            }
            return;
        }
        if was_offline {
            self.network_changed(engine, at);
        }
        let soon = at.now + self.rng.jitter(Millis(self.manner.settings.own_ms.into()));
        match &mut self.phase {
            Phase::Waiting { until, cause } if !self.trouble.fleet => {
                self.trouble.failures = 0;
                self.trouble.cause = Cause::Network;
                *cause = Cause::Network;
                *until = soon.min(*until);
            }
            Phase::Waiting { until, .. } => *until = soon.max(*until),
            Phase::Dialling(dial) if at.now - dial.began >= STALE => {
                self.give_up(engine, at, Cause::Network, NORMAL);
            }
            Phase::Open(_) => self.doubt(at),
            _ => {}
        }
    }

    fn hidden(&mut self, at: Moment, hidden: bool) {
        if hidden {
            self.page.hidden.get_or_insert(at);
            return;
        }
        let Some(since) = self.page.hidden.take() else {
            return;
        };
        let settings = &self.manner.settings;
        match &mut self.phase {
            // What the server has said holds for those who look as well.
            Phase::Waiting { until, .. } if !self.trouble.is_told() => {
                let most = match self.trouble.fleet {
                    true => self.trouble.ceiling(settings, false),
                    false => Millis(settings.own_ms.into()),
                };
                *until = (at.now + self.rng.jitter(most)).min(*until);
            }
            Phase::Open(_) if at.since(since) >= Millis(settings.ping_ms.into()) => self.doubt(at),
            _ => {}
        }
    }

    fn frozen(&mut self, engine: &mut Engine, at: Moment) {
        self.page.frozen = true;
        if self.link().is_some() {
            self.give_up(engine, at, Cause::Restored, NORMAL);
        }
    }

    fn restored(&mut self, engine: &mut Engine, at: Moment) {
        if core::mem::take(&mut self.page.frozen) {
            self.network_changed(engine, at);
        }
        match &mut self.phase {
            Phase::Waiting { until, cause } => {
                *cause = Cause::Restored;
                *until = at.now;
                self.trouble.own();
                self.trouble.cause = Cause::Restored;
            }
            Phase::Open(_) => self.doubt(at),
            _ => {}
        }
    }
}
