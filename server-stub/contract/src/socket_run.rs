//! The faults of one stream at work: numbered messages and time in, acts out.
//!
//! Pure, like [`crate::FaultRun`]. A share is drawn for each message from (seed, rule, client, stream and message), so the n-th message
//! on the k-th stream of one client has the same fate in every run.

use tidegate_core::{Instant, Millis};

use crate::draw::Draw;
use crate::socket_fault::{ResumeFault, SocketAct, SocketFault, SocketPoint};

/// A fault that hit a request which asked for a stream, with what its verdicts depend on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DrawnSocketFault {
    /// The program's seed.
    pub seed: u64,
    /// The rule it comes from.
    pub rule: String,
    /// Who opened the stream.
    pub client: String,
    /// How often the rule had hit this client before.
    pub ordinal: u64,
    /// What happens.
    pub fault: SocketFault,
}

/// One act and the rule behind it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SocketHit {
    /// The rule.
    pub rule: String,
    /// The act.
    pub act: SocketAct,
}

/// The faults of one stream.
///
/// ```
/// use tidegate_contract::{DrawnSocketFault, SocketAct, SocketFault, SocketPoint, SocketRun};
/// use tidegate_core::Instant;
/// let fault = SocketFault::new(SocketAct::Drop).at(SocketPoint::Message(2));
/// let drawn = DrawnSocketFault { seed: 1, rule: "gap".into(), client: "ann".into(), ordinal: 0, fault };
/// let mut run = SocketRun::open(Instant::START, vec![drawn]);
/// assert!(run.on_message(Instant::START).is_empty());
/// assert_eq!(run.on_message(Instant::START)[0].act, SocketAct::Drop);
/// ```
#[derive(Clone, Debug)]
pub struct SocketRun {
    opened: Instant,
    faults: Vec<Armed>,
    messages: u64,
    resume: Option<ResumeFault>,
}

#[derive(Clone, Debug)]
struct Armed {
    drawn: DrawnSocketFault,
    /// It happens once, and has happened.
    spent: bool,
}

impl SocketRun {
    /// The faults of a stream that is opened `now`.
    #[must_use]
    pub fn open(now: Instant, faults: Vec<DrawnSocketFault>) -> SocketRun {
        let arm = |drawn| Armed {
            drawn,
            spent: false,
        };
        SocketRun {
            opened: now,
            faults: faults.into_iter().map(arm).collect(),
            messages: 0,
            resume: None,
        }
    }

    /// What happens to, and right after, the next numbered message.
    #[must_use]
    pub fn on_message(&mut self, now: Instant) -> Vec<SocketHit> {
        self.messages += 1;
        let (message, opened) = (self.messages, self.opened);
        self.take(|fault| match fault.drawn.fault.at {
            SocketPoint::AfterMs(ms) => now >= opened + Millis(ms),
            SocketPoint::Every(n) => message.is_multiple_of(n.max(1)),
            SocketPoint::Message(n) => message == n,
            SocketPoint::Share(share) => fault.drawn.draw(message).below(1_000) < share.into(),
        })
    }

    /// What has become due by time alone. A call too many finds nothing.
    #[must_use]
    pub fn poll(&mut self, now: Instant) -> Vec<SocketHit> {
        let opened = self.opened;
        self.take(|fault| fault.due(opened).is_some_and(|due| now >= due))
    }

    /// When something becomes due by time alone.
    #[must_use]
    pub fn deadline(&self) -> Instant {
        let waiting = self.faults.iter().filter(|fault| !fault.spent);
        waiting
            .filter_map(|fault| fault.due(self.opened))
            .min()
            .unwrap_or(Instant::NEVER)
    }

    /// How positions are treated at the moment, if not honestly.
    #[must_use]
    pub fn resume(&self) -> Option<ResumeFault> {
        self.resume
    }

    fn take(&mut self, hits: impl Fn(&Armed) -> bool) -> Vec<SocketHit> {
        let mut taken = Vec::new();
        for fault in &mut self.faults {
            if fault.spent || !hits(fault) {
                continue;
            }
            let SocketFault { at, act } = &fault.drawn.fault;
            fault.spent = matches!(at, SocketPoint::AfterMs(_) | SocketPoint::Message(_));
            match act {
                SocketAct::Resume(resume) => self.resume = Some(*resume),
                act => taken.push(SocketHit {
                    rule: fault.drawn.rule.clone(),
                    act: act.clone(),
                }),
            }
        }
        taken
    }
}

impl Armed {
    /// When it happens, if it needs no message for that.
    fn due(&self, opened: Instant) -> Option<Instant> {
        match &self.drawn.fault {
            SocketFault {
                at: SocketPoint::AfterMs(ms),
                act,
            } if !act.is_about_a_message() => Some(opened + Millis(*ms)),
            _ => None,
        }
    }
}

impl DrawnSocketFault {
    fn draw(&self, message: u64) -> Draw {
        // Both parts stay apart for the first four billion streams and messages.
        let ordinal = self.ordinal.rotate_left(32) ^ message;
        Draw::new(self.seed, &self.rule, &self.client, ordinal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(ordinal: u64, faults: &[SocketFault]) -> SocketRun {
        let drawn = faults.iter().map(|fault| DrawnSocketFault {
            seed: 7,
            rule: "rule".to_owned(),
            client: "ann".to_owned(),
            ordinal,
            fault: fault.clone(),
        });
        SocketRun::open(Instant::START, drawn.collect())
    }

    fn hits(run: &mut SocketRun, messages: u64) -> Vec<u64> {
        (1..=messages)
            .filter(|_| !run.on_message(Instant::START).is_empty())
            .collect()
    }

    #[test]
    fn a_message_is_hit_once_and_every_nth_again_and_again() {
        let drop = SocketFault::new(SocketAct::Drop);
        let mut once = run(0, &[drop.clone().at(SocketPoint::Message(3))]);
        assert_eq!(hits(&mut once, 9), [3]);
        let mut every = run(0, &[drop.at(SocketPoint::Every(3))]);
        assert_eq!(hits(&mut every, 9), [3, 6, 9]);
    }

    #[test]
    fn a_share_is_drawn_for_each_message_of_each_stream() {
        let some = SocketFault::new(SocketAct::Drop).at(SocketPoint::Share(300));
        let first = hits(&mut run(0, std::slice::from_ref(&some)), 1_000);
        assert_eq!(first, hits(&mut run(0, std::slice::from_ref(&some)), 1_000));
        assert_ne!(first, hits(&mut run(1, &[some]), 1_000));
        assert!((250..350).contains(&first.len()), "{}", first.len());
    }

    #[test]
    fn time_alone_ends_a_stream_but_a_message_act_waits_for_a_message() {
        let at = SocketPoint::AfterMs(50);
        let faults =
            [SocketAct::Vanish, SocketAct::Duplicate].map(|act| SocketFault::new(act).at(at));
        let mut run = run(0, &faults);
        let then = Instant::from_millis(50);
        assert_eq!(run.deadline(), then);
        assert_eq!(run.poll(Instant::from_millis(49)), []);
        assert_eq!(run.poll(then)[0].act, SocketAct::Vanish);
        assert_eq!(run.poll(then), []);
        assert_eq!(run.deadline(), Instant::NEVER);
        assert_eq!(run.on_message(then)[0].act, SocketAct::Duplicate);
        assert_eq!(run.on_message(then), []);
    }

    #[test]
    fn positions_are_treated_otherwise_from_the_point_on() {
        let expired = SocketFault::new(SocketAct::Resume(ResumeFault::Expired));
        let mut run = run(0, &[expired.at(SocketPoint::Message(2))]);
        let _ = run.on_message(Instant::START);
        assert_eq!(run.resume(), None);
        let _ = run.on_message(Instant::START);
        assert_eq!(run.resume(), Some(ResumeFault::Expired));
    }
}
