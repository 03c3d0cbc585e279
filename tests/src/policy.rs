//! What the fleet asks of a policy: the same of Tidegate's engine and of every peer.
//!
//! A policy decides, the fleet does. One value of [`Policy`] serves all browsers of a run; what each browser and each of its requests
//! remember is in [`Policy::Client`] and [`Policy::Call`].

use tidegate_contract::Draw;
use tidegate_core::{Instant, Millis, Outcome};

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
    /// It changes something.
    pub write: bool,
    /// Nobody looks: a page asks by itself, or something saved is sent in the background.
    pub background: bool,
    /// It is the saved write that is [due](Policy::due_saved).
    pub saved: bool,
    /// The age of the copy that its browser has kept, if it has one.
    pub kept: Option<Millis>,
}

impl Want {
    /// Somebody wants to see something of which nothing is kept.
    #[must_use]
    pub fn read(luck: Draw) -> Want {
        Want {
            endpoint: 0,
            luck,
            probe: false,
            write: false,
            background: false,
            saved: false,
            kept: None,
        }
    }
}

/// How a client is made, apart from what its policy decides.
#[derive(Clone, Copy, Debug, Default)]
pub struct Habits {
    /// Writes carry an idempotency key, one for each thing that is wanted.
    pub keys: bool,
    /// A write without an answer after so long, or that failed, is saved and sent later. Never, if there is none.
    pub defers: Option<Millis>,
    /// It reads the server's word on every answer.
    pub hears: bool,
    /// It also gets the server's word once a second, by a socket.
    pub listens: bool,
    /// Its probes ask the readiness document rather than an endpoint.
    pub asks_readiness: bool,
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
    /// Show the user the kept copy; the request goes on for nobody.
    Show,
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
    /// With the kept copy.
    Kept,
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

    /// The request is given up from outside: its user has reloaded.
    fn cancel(&self, client: &mut Self::Client, call: Self::Call, now: Instant) {
        let _ = (client, call, now);
    }

    /// How its client is made.
    fn habits(&self) -> Habits {
        Habits::default()
    }

    /// The server's word came.
    fn hear(&self, client: &mut Self::Client, now: Instant, word: &str) {
        let _ = (client, now, word);
    }

    /// Saves a write, by its number; it may have been sent before.
    fn save(&self, client: &mut Self::Client, now: Instant, number: u64, sent: bool) {
        let _ = (client, now, number, sent);
    }

    /// How many writes are saved.
    fn saved(&self, client: &Self::Client) -> usize {
        let _ = client;
        0
    }

    /// When it wants to send what is saved.
    fn next_saved(&self, client: &Self::Client) -> Instant {
        let _ = client;
        Instant::NEVER
    }

    /// A saved write that is to be sent now, by its number. The fleet begins a request for it.
    fn due_saved(&self, client: &mut Self::Client, now: Instant) -> Option<u64> {
        let _ = (client, now);
        None
    }

    /// Whether it holds nothing for any request: no permit, no place in a queue.
    fn is_idle(&self, client: &Self::Client, now: Instant) -> bool {
        let _ = (client, now);
        true
    }

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
