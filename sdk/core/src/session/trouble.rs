//! How long to wait before the next connection, and how long it may take.
//!
//! - The first wait depends on the *cause*: nothing for somebody who waits, half a second at most for one's own trouble, the whole window
//!   for a fleet that was dropped together, and the server's own window where it has named one.
//! - Every further one is a draw between nothing and a ceiling that doubles up to a cap. The draw comes after the cap: where it comes before
//!   it, from the fifth attempt on all clients wait for exactly the cap (socket.io-client 4.8).
//! - A series ends when a connection has lasted, not when it opens.

use super::cause::{Cause, Crowd};
use super::hint::Hint;
use crate::backoff::Backoff;
use crate::rng::Rng;
use crate::settings::SocketSettings;
use crate::time::{Instant, Millis};

/// A series of attempts to be connected again.
#[derive(Clone, Debug)]
pub(super) struct Trouble {
    /// Attempts in a row without a connection that lasted.
    pub(super) failures: u32,
    /// Those that took too long.
    timeouts: u32,
    /// Everybody is in it.
    pub(super) fleet: bool,
    /// What the server said for this series.
    hint: Option<Hint>,
    /// It was dropped just now, and what the server said counts from this moment.
    dropped: bool,
    /// Another token was asked for already.
    pub(super) refreshed: bool,
    /// It has not been had yet.
    pub(super) wants_token: bool,
    /// Since when there is no connection.
    pub(super) since: Option<Instant>,
    /// Attempts since then.
    pub(super) attempts: u32,
    pub(super) cause: Cause,
}

impl Trouble {
    pub(super) fn new() -> Trouble {
        Trouble {
            failures: 0,
            timeouts: 0,
            fleet: false,
            hint: None,
            dropped: false,
            refreshed: false,
            wants_token: false,
            since: None,
            attempts: 0,
            cause: Cause::Start,
        }
    }

    /// A connection has lasted: the next loss is another matter.
    pub(super) fn end(&mut self) {
        self.failures = 0;
        self.timeouts = 0;
        self.fleet = false;
        self.hint = None;
        self.refreshed = false;
    }

    /// It is this client's own trouble from now on, and begins anew.
    pub(super) fn own(&mut self) {
        self.fleet = false;
        self.hint = None;
        self.failures = 0;
    }

    /// Why there is no connection. `hint` is what the server said last.
    pub(super) fn befall(&mut self, now: Instant, cause: Cause, hint: Option<Hint>) {
        self.since.get_or_insert(now);
        self.cause = cause;
        match cause.crowd() {
            Crowd::Fleet => {
                self.fleet = true;
                self.dropped = true;
                self.hint = hint.or(self.hint);
            }
            Crowd::Own => {
                self.fleet = false;
                self.hint = None;
            }
            Crowd::Same => {}
        }
        if cause == Cause::TimedOut {
            self.timeouts = self.timeouts.saturating_add(1);
        }
    }

    /// The server has said when to come back, and it need not be paid for.
    pub(super) fn is_told(&self) -> bool {
        self.fleet && self.hint.is_some()
    }

    /// The longest that the next wait may be.
    pub(super) fn ceiling(&self, settings: &SocketSettings, hidden: bool) -> Millis {
        let cap = Millis(match hidden {
            true => settings.hidden_cap_ms.max(settings.cap_ms).into(),
            false => settings.cap_ms.into(),
        });
        let doubled = |base: u32, times: u32| {
            Backoff {
                base: Millis(base.into()),
                cap,
            }
            .ceiling(times)
        };
        match (self.fleet, self.hint, self.failures) {
            // Who comes too early comes again within much the same window: it is what accepting everybody takes. Unless it takes much longer.
            // Four fifths, because those who came later are in: with ten seconds of nothing before it, a fleet of 10,000 is then back after 1.23
            // times the ideal time with 1.9 attempts each, and after 1.34 times with 1.8 where the window stays the same.
            (true, Some(hint), 0) => hint.window,
            (true, Some(hint), failures) => {
                Millis(hint.window.0 * 4 / 5).max(doubled(settings.base_ms, failures - 1))
            }
            (true, None, failures) => doubled(settings.window_ms, failures),
            (false, _, 0) if self.cause.is_prompt() => Millis::ZERO,
            // It happens once in a series.
            (false, _, _) if self.cause == Cause::Refresh => Millis::ZERO,
            (false, _, 0) => Millis(settings.own_ms.into()),
            (false, _, failures) => doubled(settings.base_ms, failures - 1),
        }
    }

    /// A draw of the next wait.
    pub(super) fn delay(
        &mut self,
        settings: &SocketSettings,
        hidden: bool,
        rng: &mut Rng,
    ) -> Millis {
        let dropped = core::mem::take(&mut self.dropped);
        let ceiling = self.ceiling(settings, hidden);
        match (self.fleet, self.hint, self.failures) {
            (true, Some(hint), 0) if dropped => hint.draw(rng),
            // It accepts and drops: its word alone would make a hammer of it.
            (true, Some(hint), _) if dropped => Millis(hint.draw(rng).0 + rng.jitter(ceiling).0),
            _ => rng.jitter(ceiling),
        }
    }

    /// How long the next connection may take.
    pub(super) fn patience(&self, settings: &SocketSettings) -> Millis {
        Backoff {
            base: Millis(settings.connect_ms.into()),
            cap: Millis(settings.connect_cap_ms.max(settings.connect_ms).into()),
        }
        .ceiling(self.timeouts)
    }
}
