//! The live feed of governance events, over a WebSocket and as server-sent events.
//!
//! ```text
//! socket ─┐                    ┌─ session (WebSocket) ─┐
//!         ├─ Feed ── hub ──────┤                       ├── outlet: order, faults, bounds
//! sse ────┘            │       └─ events (SSE) ────────┘
//!                      └─ channels ── history            ledger: numbered commands
//! ```
//!
//! Everything right of `Feed` is pure and takes `now`; `socket` and `sse` do what the next [`step::Step`] says. The wire is declared in
//! [`tidegate_contract::feed`], the faults in [`tidegate_contract::SocketFault`].

mod alive;
mod channels;
mod events;
mod gate;
mod history;
mod hub;
mod ledger;
mod made_up;
mod oddity;
mod outlet;
mod pulse;
mod replies;
mod rpc;
mod seat;
mod session;
mod socket;
mod sse;
mod step;
mod stream;
mod subscriptions;
mod tally;
mod ticker;
mod token;
mod view;
mod wait;

#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

use axum::Router;
use axum::routing::get;
use serde::Serialize;
use serde_json::Value;
use tidegate_contract::feed::{
    Announcement, FeedNote, FeedOrder, FeedSettings, Position, StreamCounts, StreamInfo, close_code,
};
use tidegate_contract::{DrawnSocketFault, SocketClose, paths};
use tidegate_core::{Instant, Millis};
use tokio::sync::watch;

use crate::clock::Clock;
use crate::feed::hub::Hub;
use crate::feed::ticker::Ticker;
use crate::stub::{Stub, WeakStub};

/// The feed's routes.
pub(crate) fn routes() -> Router<Stub> {
    Router::new()
        .route(paths::FEED, get(socket::open))
        .route(paths::FEED_EVENTS, get(sse::open))
        .route(paths::FEED_TOKEN, get(token::give))
}

/// The faults that hit a request, in its extensions: whoever decides about requests puts them there.
#[derive(Clone, Debug, Default)]
pub(crate) struct SocketFaults(pub(crate) Vec<DrawnSocketFault>);

/// Hears of everything that happens on streams; must be quick and must not call the feed.
pub(crate) trait Witness: Send + Sync {
    /// Something happened on a stream of this client.
    fn note(&self, stream: u64, client: &str, note: &FeedNote);
}

/// The live feed of one stub.
pub(crate) struct Feed {
    seed: u64,
    /// A made-up event this often where the program does not say how often.
    usual_every_ms: Option<u64>,
    hub: Mutex<Hub>,
    witnesses: RwLock<Vec<Box<dyn Witness>>>,
    /// Counts changes of the settings, for the ticker.
    settings: watch::Sender<u64>,
}

impl Feed {
    /// A feed that nobody listens to. Epochs and made-up events belong to the seed.
    pub(crate) fn new(seed: u64, usual_every_ms: Option<u64>) -> Feed {
        Feed {
            seed,
            usual_every_ms,
            hub: Mutex::new(Hub::new(seed)),
            witnesses: RwLock::default(),
            settings: watch::Sender::new(0),
        }
    }

    /// Has somebody hear of everything from here on.
    pub(crate) fn witnessed_by(&self, witness: Box<dyn Witness>) {
        let mut witnesses = self
            .witnesses
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        witnesses.push(witness);
    }

    /// Gives an event to all who listen to a channel. `None` when there are too many channels already.
    pub(crate) fn publish(
        &self,
        now: Instant,
        channel: &str,
        event: &impl Serialize,
    ) -> Option<Position> {
        // Events are our own types, whose serialization cannot fail.
        let data = serde_json::to_value(event).unwrap_or(Value::Null);
        self.announce(now, Announcement::new(channel, data))
    }

    /// Gives a message to all who listen to a channel. `None` when there are too many channels already.
    pub(crate) fn announce(&self, now: Instant, said: Announcement) -> Option<Position> {
        self.hub().publish(now, said)
    }

    /// Does something to streams that are open. To how many.
    pub(crate) fn act(&self, now: Instant, order: &FeedOrder) -> usize {
        self.hub().act(now, order)
    }

    /// Says something to every WebSocket that speaks `tidegate.v1`.
    pub(crate) fn tell_extended(&self, now: Instant, text: &str) {
        self.hub().tell_extended(now, text);
    }

    /// Forgets all but the latest so many messages of a channel.
    pub(crate) fn trim(&self, channel: &str, keep: usize) {
        if let Some(history) = self.hub().channels.history_mut(channel) {
            history.trim(keep);
        }
    }

    /// A channel loses its memory and begins another epoch, whose messages are numbered from the one after this.
    pub(crate) fn lose(&self, now: Instant, channel: &str, offset: u64) {
        self.hub().lose(now, channel, offset);
    }

    /// How streams behave that are opened from here on, and how often an event is made up.
    pub(crate) fn configure(&self, settings: FeedSettings) {
        let before = std::mem::replace(&mut self.hub().settings, settings);
        // Events that are made up go on under another program: begun anew, they would be the same ones again.
        if before.event_every_ms != settings.event_every_ms {
            self.settings.send_modify(|count| *count += 1);
        }
    }

    /// How streams behave.
    pub(crate) fn settings(&self) -> FeedSettings {
        self.hub().settings
    }

    /// Back to the known state. Streams are closed with code 1012; the number of the last one is the answer.
    pub(crate) fn reset(&self, now: Instant) -> u64 {
        let close = SocketClose::new(close_code::SERVICE_RESTART, "reset");
        let last = self.hub().reset(now, &close);
        self.settings.send_modify(|count| *count += 1);
        last
    }

    /// All open streams, oldest first.
    pub(crate) fn list(&self) -> Vec<StreamInfo> {
        self.hub().list()
    }

    /// How many streams there are and were.
    pub(crate) fn counts(&self) -> StreamCounts {
        self.hub().counts.clone()
    }

    /// Changes of the settings, for [`tick`].
    pub(crate) fn watch_settings(&self) -> watch::Receiver<u64> {
        self.settings.subscribe()
    }

    /// What makes events up, if the settings ask for it.
    fn ticker(&self, now: Instant) -> Option<Ticker> {
        let every = (self.hub().settings.event_every_ms).or(self.usual_every_ms)?;
        Some(Ticker::new(now, self.seed, Millis(every)))
    }

    fn hub(&self) -> MutexGuard<'_, Hub> {
        // Whoever panicked left one stream in disorder at worst.
        self.hub.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, stream: u64, client: &str, note: impl FnOnce() -> FeedNote) {
        let witnesses = self
            .witnesses
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        if witnesses.is_empty() {
            return;
        }
        let note = note();
        for witness in &*witnesses {
            witness.note(stream, client, &note);
        }
    }
}

impl fmt::Debug for Feed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Feed").finish_non_exhaustive()
    }
}

/// Publishes made-up events for as long as the settings ask for them, while there is a stub.
pub(crate) async fn tick(stub: WeakStub, clock: Clock, mut changes: watch::Receiver<u64>) {
    loop {
        changes.mark_unchanged();
        let Some(mut ticker) = stub.upgrade().map(|stub| stub.feed().ticker(stub.now())) else {
            return;
        };
        loop {
            let until = ticker.as_ref().map_or(Instant::NEVER, Ticker::deadline);
            tokio::select! {
                () = clock.sleep_until(until) => {}
                change = changes.changed() => match change {
                    Ok(()) => break,
                    // The sender is gone, and with it the stub.
                    Err(_) => return,
                },
            }
            let Some(stub) = stub.upgrade() else {
                return;
            };
            let now = stub.now();
            if let Some(made_up) = ticker.as_mut().and_then(|ticker| ticker.poll(now)) {
                made_up.tell(&stub, now);
            }
        }
    }
}
