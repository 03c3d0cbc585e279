//! Pings, the server's and the client's, as the faults of the stream let them through. Pure.

use std::collections::VecDeque;

use tidegate_contract::PingFault;
use tidegate_contract::feed::{FeedSettings, Reply};
use tidegate_core::{Instant, Millis};

use crate::feed::history::to_json;
use crate::feed::pulse::{Beat, Pulse};
use crate::feed::replies::{alive, ping};

/// The number of a command that no client gives in the life of a connection, as far as one of its pings is concerned.
const ANOTHER: u32 = 1_000;

/// Who asks whom whether anybody is there.
#[derive(Debug)]
pub(crate) struct Alive {
    pulse: Pulse,
    /// What goes out too late.
    late: VecDeque<(Instant, String)>,
}

/// What is due.
#[derive(Debug, Eq, PartialEq)]
pub(crate) enum Sign {
    /// The client is given up.
    Dead {
        code: u16,
        reason: &'static str,
    },
    None,
    Say(String),
}

impl Alive {
    /// A connection that was opened `now`.
    pub(crate) fn new(now: Instant) -> Alive {
        Alive {
            pulse: Pulse::new(now),
            late: VecDeque::new(),
        }
    }

    /// Whether the client has said `connect`.
    pub(crate) fn is_connected(&self) -> bool {
        self.pulse.is_connected()
    }

    pub(crate) fn on_connect(&mut self, now: Instant, settings: &FeedSettings) {
        self.pulse.on_connect(now, settings);
    }

    pub(crate) fn on_pong(&mut self) {
        self.pulse.on_pong();
    }

    /// The client asks; what it is answered now.
    pub(crate) fn on_ping(
        &mut self,
        now: Instant,
        id: u32,
        fault: Option<PingFault>,
    ) -> Option<String> {
        let mut reply = Reply { id, ..alive() };
        match fault {
            None => {}
            Some(PingFault::LateMs(ms)) => {
                self.late.push_back((now + Millis(ms), to_json(&reply)));
                return None;
            }
            Some(PingFault::Silent) => return None,
            Some(PingFault::Wrong) => reply.id = id.wrapping_add(ANOTHER),
        }
        Some(to_json(&reply))
    }

    /// What is due.
    pub(crate) fn poll(
        &mut self,
        now: Instant,
        settings: &FeedSettings,
        extended: bool,
        fault: Option<PingFault>,
    ) -> Sign {
        match self.pulse.poll(now, settings) {
            Beat::Dead { code, reason } => return Sign::Dead { code, reason },
            Beat::None => {}
            Beat::Ping => {
                let text = ping(extended, now, settings.hint);
                match fault {
                    None | Some(PingFault::Wrong) => return Sign::Say(text),
                    Some(PingFault::LateMs(ms)) => {
                        self.late.push_back((now + Millis(ms), text));
                    }
                    // Whoever is not asked owes no answer.
                    Some(PingFault::Silent) => self.pulse.on_pong(),
                }
            }
        }
        if self.late_at() <= now
            && let Some((_, text)) = self.late.pop_front()
        {
            return Sign::Say(text);
        }
        Sign::None
    }

    /// When something is due.
    pub(crate) fn deadline(&self) -> Instant {
        self.pulse.deadline().min(self.late_at())
    }

    fn late_at(&self) -> Instant {
        self.late.front().map_or(Instant::NEVER, |(due, _)| *due)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connected() -> Alive {
        let mut alive = Alive::new(Instant::START);
        alive.on_connect(Instant::START, &FeedSettings::default());
        alive
    }

    fn poll(alive: &mut Alive, second: u64, fault: PingFault) -> Sign {
        let now = Instant::from_millis(second * 1_000);
        alive.poll(now, &FeedSettings::default(), false, Some(fault))
    }

    #[test]
    fn a_server_that_does_not_ping_waits_for_no_answer() {
        let mut alive = connected();
        for second in [25, 50, 75, 300] {
            assert_eq!(poll(&mut alive, second, PingFault::Silent), Sign::None);
        }
    }

    #[test]
    fn a_late_ping_comes_late_and_so_does_an_answer() {
        let late = PingFault::LateMs(3_000);
        let mut alive = connected();
        assert_eq!(poll(&mut alive, 25, late), Sign::None);
        assert_eq!(poll(&mut alive, 28, late), Sign::Say("{}".to_owned()));
        alive.on_pong();
        let now = Instant::from_millis(30_000);
        assert_eq!(alive.on_ping(now, 7, Some(late)), None);
        assert_eq!(alive.deadline(), now + Millis(3_000));
        let answer = r#"{"id":7,"ping":{}}"#.to_owned();
        assert_eq!(poll(&mut alive, 33, late), Sign::Say(answer));
    }

    #[test]
    fn a_clients_ping_is_answered_by_its_number_or_by_another() {
        let mut alive = connected();
        let right = alive.on_ping(Instant::START, 7, None);
        assert_eq!(right.as_deref(), Some(r#"{"id":7,"ping":{}}"#));
        let wrong = alive.on_ping(Instant::START, 7, Some(PingFault::Wrong));
        assert_eq!(wrong.as_deref(), Some(r#"{"id":1007,"ping":{}}"#));
        assert_eq!(
            alive.on_ping(Instant::START, 7, Some(PingFault::Silent)),
            None
        );
    }
}
