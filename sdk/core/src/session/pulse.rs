//! Whether the other end is still there.
//!
//! Any frame says so. Silence is judged by clocks when something happens, and never counted in ticks: background pages run their timers once
//! a minute, sleeping machines not at all, and a check that is late has heard as little as the timer that woke it. So a verdict on time is
//! final; a late one gives the other end a short while more, once: frames that came meanwhile are delivered before it ends.

use super::moment::Moment;
use crate::settings::SocketSettings;
use crate::time::{Instant, Millis};

/// Bytes that the browser holds and does not get rid of for this long: nobody is there to take them.
const STALLED: Millis = Millis(30_000);

/// Who pings whom.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Beat {
    /// The server, so often.
    Server(Millis),
    /// The client, after so much silence.
    Client(Millis),
    /// Nobody: there is nothing to ping with.
    Nobody,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Listening,
    /// Something has to be heard until then.
    Asked {
        until: Instant,
        last: bool,
    },
}

/// What to do about it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Finding {
    Alive,
    Dead,
    /// Ask whether it is there.
    Ping,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Pulse {
    beat: Beat,
    heard: Moment,
    state: State,
    /// Bytes that the browser holds, and since when they have not become fewer.
    held: (u64, Moment),
}

impl Pulse {
    pub(super) fn new(at: Moment, beat: Beat) -> Pulse {
        Pulse {
            beat,
            heard: at,
            state: State::Listening,
            held: (0, at),
        }
    }

    /// A frame came.
    pub(super) fn hear(&mut self, at: Moment) {
        self.heard = at;
        self.state = State::Listening;
    }

    /// The browser holds so many bytes.
    pub(super) fn hold(&mut self, at: Moment, bytes: u64) {
        if bytes == 0 || bytes < self.held.0 || self.held.0 == 0 {
            self.held = (bytes, at);
        } else {
            self.held.0 = bytes;
        }
    }

    /// It may be dead: the network or the page was away. Whether to ping.
    pub(super) fn doubt(&mut self, at: Moment, settings: &SocketSettings) -> bool {
        let asks = self.beat != Beat::Nobody;
        if asks {
            let until = at.now + Millis(settings.verify_ms.into());
            self.state = State::Asked { until, last: true };
        }
        asks
    }

    /// Looks at the clocks.
    pub(super) fn check(&mut self, at: Moment, settings: &SocketSettings) -> Finding {
        if self.held.0 > 0 && at.since(self.held.1) >= STALLED {
            if at.now - self.held.1.now >= STALLED {
                return Finding::Dead;
            }
            // The machine slept; it may get rid of them now.
            self.held.1 = at;
        }
        let late = Millis(settings.late_ms.into());
        match self.state {
            State::Asked { until, .. } if at.now < until => Finding::Alive,
            State::Asked { until, last } => {
                if last || at.now - until <= late {
                    return Finding::Dead;
                }
                let until = at.now + Millis(settings.verify_ms.into());
                self.state = State::Asked { until, last: true };
                Finding::Alive
            }
            State::Listening => {
                let Some(limit) = self.limit(settings) else {
                    return Finding::Alive;
                };
                let silence = at.since(self.heard);
                if silence < limit {
                    return Finding::Alive;
                }
                let on_time =
                    Millis(silence.0 - limit.0) <= late && at.now - self.heard.now >= limit;
                match self.beat {
                    Beat::Server(_) if on_time => Finding::Dead,
                    Beat::Server(_) => {
                        self.doubt(at, settings);
                        Finding::Ping
                    }
                    _ => {
                        let until = at.now + Millis(settings.pong_ms.into());
                        self.state = State::Asked { until, last: false };
                        Finding::Ping
                    }
                }
            }
        }
    }

    /// When to look again.
    pub(super) fn deadline(&self, settings: &SocketSettings) -> Instant {
        let silence = match self.state {
            State::Asked { until, .. } => until,
            State::Listening => self
                .limit(settings)
                .map_or(Instant::NEVER, |limit| self.heard.now + limit),
        };
        match self.held.0 {
            0 => silence,
            _ => silence.min(self.held.1.now + STALLED),
        }
    }

    fn limit(&self, settings: &SocketSettings) -> Option<Millis> {
        match self.beat {
            Beat::Client(every) => Some(every),
            Beat::Nobody => None,
            Beat::Server(every) => {
                Some(Millis(every.0.saturating_add(u64::from(settings.pong_ms))))
            }
        }
    }
}
