//! What the fleet asks of a policy: the same of Tidegate's engine and of every peer.
//!
//! A policy decides, the fleet does. One value of [`Policy`] serves all browsers of a run; what each browser and each of its requests
//! remember is in [`Policy::Client`] and [`Policy::Call`].

use tidegate_contract::Draw;
use tidegate_core::{Instant, Outcome};

/// A request of the fleet. One that is over is never mistaken for a later one.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Token {
    pub(crate) slot: u32,
    pub(crate) generation: u32,
}

/// What somebody wants to have.
#[derive(Clone, Copy, Debug)]
pub struct Want {
    /// The endpoint, by number.
    pub endpoint: u8,
    /// The request's own luck: the same under every policy.
    pub luck: Draw,
    /// Nobody waits for it: the policy wants to know whether the endpoint works.
    pub probe: bool,
}

/// What to do next for a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[must_use]
pub enum Step {
    /// The attempt that is out is given up.
    Abandon,
    /// It is over.
    Done(End),
    /// Send an attempt.
    Send,
    /// Ask again when the attempt has an outcome, or at this time.
    Wait(Instant),
}

/// How a request ends.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum End {
    /// With the backend's answer.
    Answered,
    /// With a failure that the user sees.
    Failed,
}

/// What stands between a user and the network.
pub trait Policy {
    /// What one browser remembers.
    type Client;
    /// What one request remembers.
    type Call;

    /// A browser that has seen nothing.
    fn client(&self, luck: Draw) -> Self::Client;

    /// A request begins.
    fn begin(
        &self,
        client: &mut Self::Client,
        now: Instant,
        want: Want,
        token: Token,
    ) -> Self::Call;

    /// What to do next for it. Asked once too often, it says to wait.
    fn poll(&self, client: &mut Self::Client, call: &mut Self::Call, now: Instant) -> Step;

    /// The attempt that is out has an outcome.
    fn settle(
        &self,
        client: &mut Self::Client,
        call: &mut Self::Call,
        now: Instant,
        outcome: Outcome,
    );

    /// When the browser wants to probe by itself.
    fn next_probe(&self, client: &Self::Client) -> Instant {
        let _ = client;
        Instant::NEVER
    }

    /// An endpoint whose probe is due now. The fleet sends it.
    fn due_probe(&self, client: &mut Self::Client, now: Instant) -> Option<u8> {
        let _ = (client, now);
        None
    }

    /// The requests of this browser that are to be polled although their time has not come.
    fn woken(&self, client: &mut Self::Client, tokens: &mut Vec<Token>) {
        let _ = (client, tokens);
    }
}
