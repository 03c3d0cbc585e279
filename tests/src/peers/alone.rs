//! A peer's decisions as a [`Policy`]: attempts one after another, each given up after 3 s.

use tidegate_contract::Draw;
use tidegate_core::{Instant, Outcome};

use super::{Landed, Peer};
use crate::policy::{End, Policy, Step, Token, Want};
use crate::scenario::TIMEOUT;
use crate::tidegate::is_well;

// Beside those that the fleet takes of the same luck.
const OF_ADMISSION: u64 = 16;
const OF_PAUSE: u64 = 17;

/// A fleet in which everybody has this peer.
#[derive(Clone, Copy, Debug)]
pub struct Peered<P>(pub P);

/// One request.
#[derive(Debug)]
pub struct Call {
    luck: Draw,
    attempts: u32,
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
    fn landed(&self, client: &mut P::Client, call: &mut Call, now: Instant, well: bool) {
        let landed = Landed {
            attempt: call.attempts,
            well,
            luck: call.luck.at(OF_PAUSE).at(call.attempts.into()),
        };
        let pause = self.0.settle(client, now, landed);
        call.state = match pause {
            _ if well => State::Over(End::Answered),
            Some(pause) => State::Resting { until: now + pause },
            None => State::Over(End::Failed),
        };
    }
}

impl<P: Peer> Policy for Peered<P> {
    type Client = P::Client;
    type Call = Call;

    fn client(&self, _: Draw) -> P::Client {
        self.0.client()
    }

    fn begin(&self, _: &mut P::Client, _: Instant, want: Want, _: Token) -> Call {
        Call {
            luck: want.luck,
            attempts: 0,
            state: State::Ready,
        }
    }

    fn poll(&self, client: &mut P::Client, call: &mut Call, now: Instant) -> Step {
        loop {
            match call.state {
                State::Ready => {
                    let luck = call.luck.at(OF_ADMISSION).at(call.attempts.into());
                    if self.0.admits(client, now, luck) {
                        call.attempts += 1;
                        let deadline = now + TIMEOUT;
                        call.state = State::Flying { deadline };
                        return Step::Send;
                    }
                    call.state = State::Over(End::Failed);
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
}
