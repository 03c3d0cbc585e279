//! A peer's decisions as a [`Policy`]: attempts one after another, each given up after a while.

use tidegate_contract::Draw;
use tidegate_core::{Instant, Millis, Outcome};

use super::{Landed, Peer};
use crate::policy::{End, Policy, Step, Token, Want};
use crate::scenario::TIMEOUT;
use crate::tidegate::is_well;

// Beside those that the fleet takes of the same luck.
const OF_ADMISSION: u64 = 16;
const OF_PAUSE: u64 = 17;
/// A copy that is older than an hour is not shown.
const OLDEST: Millis = Millis::from_secs(3_600);

/// A fleet in which everybody has this peer.
#[derive(Clone, Copy, Debug)]
pub struct Peered<P> {
    peer: P,
    timeout: Millis,
    keeps: bool,
}

/// One request.
#[derive(Debug)]
pub struct Call {
    luck: Draw,
    attempts: u32,
    has_copy: bool,
    state: State,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Flying { deadline: Instant },
    Over(End),
    Ready,
    Resting { until: Instant },
}

impl<P: Peer> Peered<P> {
    /// With the model's end of an attempt, 3 s.
    #[must_use]
    pub fn new(peer: P) -> Peered<P> {
        Peered {
            peer,
            timeout: TIMEOUT,
            keeps: false,
        }
    }

    /// With another end of an attempt.
    #[must_use]
    pub fn giving_up_after(self, timeout: Millis) -> Peered<P> {
        Peered { timeout, ..self }
    }

    /// With copies of what it was answered, shown for up to an hour where all attempts have failed.
    #[must_use]
    pub fn keeping(self) -> Peered<P> {
        Peered {
            keeps: true,
            ..self
        }
    }

    fn landed(&self, client: &mut P::Client, call: &mut Call, now: Instant, well: bool) {
        let landed = Landed {
            attempt: call.attempts,
            well,
            luck: call.luck.at(OF_PAUSE).at(call.attempts.into()),
        };
        let pause = self.peer.settle(client, now, landed);
        call.state = match pause {
            _ if well => State::Over(End::Answered),
            Some(pause) => State::Resting { until: now + pause },
            None => State::Over(call.failed()),
        };
    }
}

impl Call {
    fn failed(&self) -> End {
        match self.has_copy {
            true => End::Kept,
            false => End::Failed,
        }
    }
}

impl<P: Peer> Policy for Peered<P> {
    type Client = P::Client;
    type Call = Call;

    fn client(&self, _: Draw) -> P::Client {
        self.peer.client()
    }

    fn begin(&self, _: &mut P::Client, _: Instant, want: Want, _: Token) -> Call {
        Call {
            luck: want.luck,
            attempts: 0,
            has_copy: self.keeps && want.kept.is_some_and(|age| age <= OLDEST),
            state: State::Ready,
        }
    }

    fn poll(&self, client: &mut P::Client, call: &mut Call, now: Instant) -> Step {
        loop {
            match call.state {
                State::Ready => {
                    let luck = call.luck.at(OF_ADMISSION).at(call.attempts.into());
                    if self.peer.admits(client, now, luck) {
                        call.attempts += 1;
                        let deadline = now + self.timeout;
                        call.state = State::Flying { deadline };
                        return Step::Send;
                    }
                    call.state = State::Over(call.failed());
                }
                State::Flying { deadline } if deadline <= now => {
                    self.landed(client, call, now, false);
                    return Step::Abandon;
                }
                State::Resting { until } if until <= now => call.state = State::Ready,
                State::Flying { deadline: until } | State::Resting { until } => {
                    return Step::Wait(until);
                }
                State::Over(end) => return Step::Done(end),
            }
        }
    }

    fn settle(&self, client: &mut P::Client, call: &mut Call, now: Instant, outcome: Outcome) {
        if let State::Flying { .. } = call.state {
            self.landed(client, call, now, is_well(outcome));
        }
    }

    /// What was given up counts as failed: a breaker that tries one request must not wait for it for ever.
    fn cancel(&self, client: &mut P::Client, mut call: Call, now: Instant) {
        if let State::Flying { .. } = call.state {
            self.landed(client, &mut call, now, false);
        }
    }
}
