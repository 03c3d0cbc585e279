//! The server's side of one WebSocket: commands in, frames out.
//!
//! Pure: time is handed in, and the channels it speaks about are lent for each command.

use std::sync::Arc;

use tidegate_contract::feed::{
    Command, Connect, Connected, Done, Error, FeedSettings, Hint, Publish, Push, Reply, Term,
    Unsubscribed, close_code, error_code,
};
use tidegate_contract::hash::fnv1a;
use tidegate_core::Instant;

use crate::data::{Claim, Kept, Keys};
use crate::feed::alive::{Alive, Sign};
use crate::feed::channels::Channels;
use crate::feed::history::{Post, to_json};
use crate::feed::ledger::{Ledger, Turn};
use crate::feed::outlet::Outlet;
use crate::feed::replies::{disconnect, no_channel, push, refusal};
use crate::feed::rpc::Rpcs;
use crate::feed::step::{How, Last, Parcel, Step};
use crate::feed::subscriptions::{MAX_CHANNELS, Subscriptions, close_gap};
use crate::feed::token::{self, Token};
use crate::feed::view::View;
use crate::idempotency::MAX_KEY;

const MAX_SESSION_NAME: usize = 64;
const VERSION: &str = concat!("server-stub ", env!("CARGO_PKG_VERSION"));

/// One WebSocket's conversation.
#[derive(Debug)]
pub(crate) struct Session {
    id: u64,
    /// Whether it speaks `tidegate.v1`.
    extended: bool,
    settings: FeedSettings,
    alive: Alive,
    /// What outlives the connection; empty when nothing does.
    name: String,
    subscribed: Subscriptions,
    outlet: Outlet,
    rpcs: Rpcs,
    /// When its token is too old.
    expires: Instant,
    /// The disconnect push is out; this comes next.
    farewell: Option<Last>,
}

/// What all connections have in common, lent for a command.
#[derive(Debug)]
pub(crate) struct Memory<'a> {
    pub(crate) channels: &'a mut Channels,
    pub(crate) ledger: &'a mut Ledger,
    /// Of the messages that were carried out.
    pub(crate) keys: &'a mut Keys,
    /// Whose keys they are.
    pub(crate) client: &'a str,
}

impl Session {
    pub(crate) fn new(
        now: Instant,
        id: u64,
        extended: bool,
        settings: FeedSettings,
        outlet: Outlet,
    ) -> Session {
        Session {
            id,
            extended,
            settings,
            alive: Alive::new(now),
            name: String::new(),
            subscribed: Subscriptions::default(),
            outlet,
            rpcs: Rpcs::default(),
            expires: Instant::NEVER,
            farewell: None,
        }
    }

    pub(crate) fn extended(&self) -> bool {
        self.extended
    }

    pub(crate) fn outlet(&self) -> &Outlet {
        &self.outlet
    }

    pub(crate) fn outlet_mut(&mut self) -> &mut Outlet {
        &mut self.outlet
    }

    /// The client broke the protocol.
    pub(crate) fn on_nonsense(&mut self) {
        let code = close_code::BAD_REQUEST;
        self.outlet
            .end(Last::closed_by_protocol(code, "bad request"));
    }

    /// A message was added to a channel.
    pub(crate) fn on_post(&mut self, now: Instant, post: &Arc<Post>) {
        if self.subscribed.hears(&post.channel) {
            self.outlet.post(now, post);
        }
    }

    /// A channel lost its memory: its subscribers have to subscribe again.
    pub(crate) fn on_lost(&mut self, now: Instant, channel: &str) {
        if !self.subscribed.remove(channel) {
            return;
        }
        let text = push(Push {
            channel: channel.to_owned(),
            unsubscribe: Some(Unsubscribed {
                code: close_code::UNSUBSCRIBED_INSUFFICIENT_STATE,
                reason: "insufficient state".to_owned(),
            }),
            ..Push::default()
        });
        self.outlet.say(now, text);
    }

    /// The client said something. Returns the message that it added to a channel.
    pub(crate) fn on_command(
        &mut self,
        now: Instant,
        command: Command,
        mut memory: Memory<'_>,
    ) -> Option<Arc<Post>> {
        if !self.outlet.is_open() {
            return None;
        }
        if command.is_pong() {
            self.alive.on_pong();
            return None;
        }
        if !self.alive.is_connected() {
            match command.connect {
                Some(connect) => self.connect(now, command.id, connect, &memory),
                // As in Centrifugo: who does not begin with connect does not speak the protocol.
                None => self.on_nonsense(),
            }
            return None;
        }
        if command.ping.is_some() {
            let fault = self.outlet.oddities.ping();
            if let Some(text) = self.alive.on_ping(now, command.id, fault) {
                self.outlet.say(now, text);
            }
            return None;
        }
        let id = command.id;
        if let Some(wish) = &command.refresh {
            if let Some(reply) = self.refresh(now, id, &wish.token) {
                self.outlet.say(now, to_json(&Reply { id, ..reply }));
            }
            return None;
        }
        if let Some(wish) = &command.rpc {
            let reply = self.rpcs.ask(now, id, wish);
            if let Some(reply) = reply.filter(|_| id > 0) {
                self.outlet.say(now, to_json(&Reply { id, ..reply }));
            }
            return None;
        }
        let publishes = command.publish.is_some();
        // Only what outlasts the connection needs to be told apart from its repetition.
        let numbered = publishes && command.seq > 0 && !self.name.is_empty();
        let turn = if numbered {
            memory.ledger.take(&self.name, command.seq)
        } else {
            Turn::Due
        };
        let mut posted = None;
        let mut reply = match turn {
            Turn::Done => published(),
            Turn::Due => self
                .carry_out(command, &mut memory, &mut posted)
                .unwrap_or_else(refused),
            Turn::Early => {
                let code = error_code::BAD_REQUEST;
                refused(refusal(code, "a seq before this one is missing"))
            }
        };
        if numbered {
            reply.ack = memory.ledger.acked(&self.name);
        }
        reply.id = id;
        // Who asks for no reply still gets the acknowledgement.
        let text = (id > 0 || numbered).then(|| to_json(&reply));
        let texts = match publishes {
            true => self.outlet.oddities.answer(text),
            false => text.into_iter().collect(),
        };
        for text in texts {
            self.outlet.say(now, text);
        }
        posted
    }

    /// The next thing to do.
    pub(crate) fn poll(&mut self, now: Instant) -> Step<Parcel> {
        if let Some(last) = self.farewell.take() {
            return Step::End(last);
        }
        if self.outlet.is_open() {
            let fault = self.outlet.oddities.ping();
            match self.alive.poll(now, &self.settings, self.extended, fault) {
                Sign::Dead { code, reason } => {
                    self.outlet.end(Last::closed_by_protocol(code, reason));
                }
                Sign::None => {}
                Sign::Say(text) => return Step::Send(Parcel::Text(text)),
            }
            if self.expires <= now {
                let last = Last::closed_by_protocol(close_code::EXPIRED, "connection expired");
                self.outlet.end(last);
            }
            while let Some(text) = self.rpcs.due(now) {
                self.outlet.say(now, text);
            }
        }
        match self.outlet.poll(now) {
            Step::End(last) => match &last.how {
                How::Close(close) if self.extended => {
                    let text = disconnect(close, self.settings.hint);
                    self.farewell = Some(last);
                    Step::Send(Parcel::Text(text))
                }
                _ => Step::End(last),
            },
            Step::Wait(until) if self.outlet.is_open() => {
                let own = self.expires.min(self.rpcs.deadline());
                Step::Wait(until.min(self.alive.deadline()).min(own))
            }
            step => step,
        }
    }

    fn connect(&mut self, now: Instant, id: u32, connect: Connect, memory: &Memory<'_>) {
        let Connect {
            token,
            session,
            subs,
            ..
        } = connect;
        if session.len() > MAX_SESSION_NAME || subs.len() > MAX_CHANNELS {
            self.on_nonsense();
            return;
        }
        if let Some(code) = self.outlet.oddities.refuse() {
            let error = Some(refusal(code, "refused by a fault"));
            let reply = Reply {
                id,
                error,
                ..Reply::default()
            };
            self.outlet.say(now, to_json(&reply));
            return;
        }
        let Some(term) = self.let_in(now, id, &token) else {
            return;
        };
        if self.extended {
            self.name = session;
        }
        let mut connected = Connected {
            client: format!("stream-{}", self.id),
            version: VERSION.to_owned(),
            ping: self.settings.ping_s,
            pong: true,
            term,
            session: self.name.clone(),
            hint: self.settings.hint.filter(|_| self.extended).map(Hint::from),
            ..Connected::default()
        };
        let view = self.view();
        for (channel, wish) in subs {
            // A channel that is not there is left out, as in Centrifugo.
            let since = wish.recover.then_some(&wish.position);
            if let Ok(subscribed) = self.subscribed.add(&channel, since, view, memory.channels) {
                connected.subs.insert(channel, subscribed);
            }
        }
        let reply = Reply {
            id,
            ack: memory.ledger.acked(&self.name),
            connect: Some(connected),
            ..Reply::default()
        };
        self.alive.on_connect(now, &self.settings);
        self.outlet.say(now, to_json(&reply));
    }

    /// Takes a token: for how long it is good. Whose is not good is told so, or closed.
    fn let_in(&mut self, now: Instant, id: u32, token: &str) -> Option<Term> {
        if self.settings.token_ttl_s.is_none() {
            return Some(Term::default());
        }
        match token::look(now, token) {
            Token::Good { until, term } => {
                self.expires = until;
                Some(term)
            }
            Token::Nonsense => {
                let code = close_code::INVALID_TOKEN;
                let last = Last::closed_by_protocol(code, "invalid token");
                self.outlet.end(last);
                None
            }
            Token::Old => {
                let error = refusal(error_code::TOKEN_EXPIRED, "token expired");
                let reply = Reply {
                    id,
                    ..refused(error)
                };
                self.outlet.say(now, to_json(&reply));
                None
            }
        }
    }

    /// Another token for this connection; `None`: it has been told what is wrong with it.
    fn refresh(&mut self, now: Instant, id: u32, token: &str) -> Option<Reply> {
        if let Some(code) = self.outlet.oddities.refuse_refresh() {
            return Some(refused(refusal(code, "refused by a fault")));
        }
        let term = self.let_in(now, id, token)?;
        Some(Reply {
            refresh: Some(term),
            ..Reply::default()
        })
    }

    fn carry_out(
        &mut self,
        command: Command,
        memory: &mut Memory<'_>,
        posted: &mut Option<Arc<Post>>,
    ) -> Result<Reply, Error> {
        let channels = &mut *memory.channels;
        if command.connect.is_some() {
            return Err(refusal(error_code::BAD_REQUEST, "connected already"));
        }
        if let Some(wish) = command.subscribe {
            let since = wish.recover.then_some(&wish.position);
            let view = self.view();
            let subscribed = self.subscribed.add(&wish.channel, since, view, channels)?;
            return Ok(Reply {
                subscribe: Some(subscribed),
                ..Reply::default()
            });
        }
        if let Some(wish) = command.unsubscribe {
            self.subscribed.remove(&wish.channel);
            return Ok(Reply {
                unsubscribe: Some(Done::default()),
                ..Reply::default()
            });
        }
        if let Some(publish) = command.publish {
            *posted = self.publish(publish, memory)?;
            return Ok(published());
        }
        if let Some(wish) = command.pause.filter(|_| self.extended) {
            return self.subscribed.pause(wish.channel);
        }
        match command.gap.filter(|_| self.extended) {
            Some(gap) => {
                self.subscribed.resume(&gap.channel);
                close_gap(gap, self.view(), channels)
            }
            None => Err(refusal(error_code::METHOD_NOT_FOUND, "method not found")),
        }
    }

    /// Adds a message to its channel, unless that was done before.
    fn publish(
        &self,
        publish: Publish,
        memory: &mut Memory<'_>,
    ) -> Result<Option<Arc<Post>>, Error> {
        let Publish {
            idem,
            channel,
            data,
        } = publish;
        if idem.is_empty() || !self.extended {
            let post = memory.channels.publish(&channel, data);
            return post.ok_or_else(no_channel).map(Some);
        }
        let code = error_code::BAD_REQUEST;
        if idem.len() > MAX_KEY {
            return Err(refusal(code, "the key is too long"));
        }
        let print = fnv1a(format!("PUBLISH {channel}\n{data}").as_bytes());
        let ticket = match memory.keys.claim(memory.client, &idem, print) {
            Claim::Again(_) => return Ok(None),
            Claim::New(ticket) => ticket,
            Claim::OtherWrite => {
                return Err(refusal(code, "the key belongs to another message"));
            }
            // None runs beside another here, and what has ended makes room.
            Claim::Full | Claim::Running => {
                return Err(Error {
                    temporary: true,
                    ..refusal(error_code::INTERNAL, "no room for the key")
                });
            }
        };
        let Some(post) = memory.channels.publish(&channel, data) else {
            memory.keys.release(&ticket);
            return Err(no_channel());
        };
        memory.keys.complete(ticket, Kept::nothing());
        Ok(Some(post))
    }

    fn view(&self) -> View {
        View {
            stream: self.id,
            fault: self.outlet.faults().resume(),
        }
    }
}

fn refused(error: Error) -> Reply {
    Reply {
        error: Some(error),
        ..Reply::default()
    }
}

fn published() -> Reply {
    Reply {
        publish: Some(Done::default()),
        ..Reply::default()
    }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
