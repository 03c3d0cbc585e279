//! A fault program at work: request heads in, decisions out.
//!
//! Pure: the time is handed in and the verdicts are hashes (see `draw.rs`), so the stub, with real time, and a simulator, with virtual
//! time, get the same decisions. The only memory is the count of each client's matches to each rule. It holds [`MAX_CLIENTS`] clients;
//! those that come later share one count, which keeps memory bounded and their verdicts still differ by their name.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use tidegate_core::{Instant, Millis};

use crate::draw::Draw;
use crate::fault::{Fault, FaultProgram, Match, RetryAfter, Rule, Window};

/// Far above the number of browsers in a test; a few megabytes at most.
const MAX_CLIENTS: usize = 4_096;

/// The part of a request that a decision depends on.
#[derive(Clone, Copy, Debug)]
pub struct RequestHead<'a> {
    /// In capitals.
    pub method: &'a str,
    /// Without the query string.
    pub path: &'a str,
    /// Who asks.
    pub client: &'a str,
    /// Whether it is a CORS preflight.
    pub preflight: bool,
}

/// What is to be done with one request.
#[derive(Clone, Debug, Eq, PartialEq)]
#[must_use]
pub struct Decision {
    /// How long it is held first.
    pub delay: Millis,
    /// What happens after that.
    pub fate: Fate,
    /// The rules that had a part in it, in the program's order.
    pub rules: Vec<String>,
}

/// How a request ends.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "kind"
)]
pub enum Fate {
    /// Never answered, until the client leaves or the program changes.
    Hung,
    /// The connection is reset.
    Refused,
    /// Answered with the data.
    Served,
    /// Answered with a status of the program's choice.
    Status {
        /// The status.
        code: u16,
        /// When to come back, if the answer says so.
        retry_after: Option<RetryAfter>,
        /// The rule that chose it.
        rule: String,
    },
}

impl Fate {
    /// The fate in one word, as the wire spells it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Fate::Hung => "hung",
            Fate::Refused => "refused",
            Fate::Served => "served",
            Fate::Status { .. } => "status",
        }
    }
}

/// A program in force and the counts its verdicts depend on.
///
/// ```
/// use tidegate_contract::{Fate, FaultRun, Preset, RequestHead};
/// use tidegate_core::Instant;
/// let mut run = FaultRun::start(Preset::Hang.program(1));
/// let head = RequestHead { method: "GET", path: "/api/assets", client: "ann", preflight: false };
/// assert_eq!(run.decide(Instant::START, &head).fate, Fate::Hung);
/// ```
#[derive(Clone, Debug)]
pub struct FaultRun {
    program: FaultProgram,
    ordinals: HashMap<String, Vec<u64>>,
    latecomers: Vec<u64>,
}

impl FaultRun {
    /// Puts a program in force with all counts at zero.
    #[must_use]
    pub fn start(program: FaultProgram) -> FaultRun {
        let latecomers = vec![0; program.rules.len()];
        FaultRun {
            program,
            ordinals: HashMap::new(),
            latecomers,
        }
    }

    /// The program in force.
    #[must_use]
    pub fn program(&self) -> &FaultProgram {
        &self.program
    }

    /// Decides about one request that arrived `now`, counted from the start of the program.
    pub fn decide(&mut self, now: Instant, head: &RequestHead<'_>) -> Decision {
        let mut decision = Decision {
            delay: Millis::ZERO,
            fate: Fate::Served,
            rules: Vec::new(),
        };
        let zeros = self.latecomers.len();
        let ordinals =
            if self.ordinals.contains_key(head.client) || self.ordinals.len() < MAX_CLIENTS {
                self.ordinals
                    .entry(head.client.to_owned())
                    .or_insert_with(|| vec![0; zeros])
            } else {
                &mut self.latecomers
            };
        for (rule, ordinal) in self.program.rules.iter().zip(ordinals) {
            if !covers(&rule.when, now, head) {
                continue;
            }
            let draw = Draw::new(self.program.seed, &rule.name, head.client, *ordinal);
            *ordinal += 1;
            if draw.below(Match::ALL.into()) < u64::from(rule.when.share) {
                apply(&mut decision, rule, draw.next());
            }
        }
        decision
    }
}

fn apply(decision: &mut Decision, rule: &Rule, draw: Draw) {
    let fate = match rule.then {
        Fault::Latency { ms, jitter_ms } => {
            let earliest = ms.saturating_sub(jitter_ms);
            let delay = earliest + draw.below(2 * jitter_ms + 1);
            decision.delay = Millis(decision.delay.0 + delay);
            decision.rules.push(rule.name.clone());
            return;
        }
        Fault::Hang => Fate::Hung,
        Fault::Refuse => Fate::Refused,
        Fault::Status { code, retry_after } => Fate::Status {
            code,
            retry_after,
            rule: rule.name.clone(),
        },
    };
    if decision.fate == Fate::Served {
        decision.fate = fate;
        decision.rules.push(rule.name.clone());
    }
}

fn covers(when: &Match, now: Instant, head: &RequestHead<'_>) -> bool {
    let method_fits = match &when.method {
        Some(method) => method == head.method,
        None => !head.preflight,
    };
    method_fits && is_open(when.window, now) && when.path.matches(head.path)
}

fn is_open(window: Window, now: Instant) -> bool {
    let now = match window.every_ms {
        Some(period) => now.as_millis() % period.max(1),
        None => now.as_millis(),
    };
    now >= window.from_ms && window.to_ms.is_none_or(|to| now < to)
}

#[cfg(test)]
#[path = "run_tests.rs"]
mod tests;
