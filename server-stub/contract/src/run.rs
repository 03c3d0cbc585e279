//! A fault program at work: request heads in, decisions out.
//!
//! Pure: the time is handed in and the verdicts are hashes (see `draw.rs`), so the stub, with real time, and a simulator, with virtual
//! time, get the same decisions. The only memory is the count of each client's matches to each rule. It holds [`MAX_CLIENTS`] clients;
//! those that come later share one count, which keeps memory bounded and their verdicts still differ by their name.

use std::collections::HashMap;

use tidegate_core::Instant;

use crate::draw::Draw;
use crate::fault::{Content, Cors, Fault, FaultProgram, Garble, RetryAfter, Rule};
use crate::micros::Micros;
use crate::socket_fault::SocketFault;
use crate::socket_run::DrawnSocketFault;
use crate::when::{Busyness, Match};

/// Far above the number of browsers in a test; a few megabytes at most.
const MAX_CLIENTS: usize = 4_096;

/// The rule that stands for what a request asked for itself.
pub const REQUESTED: &str = "(requested)";

/// The part of a request that a decision depends on.
#[derive(Clone, Copy, Debug)]
pub struct RequestHead<'a> {
    /// In capitals.
    pub method: &'a str,
    /// Without the query string.
    pub path: &'a str,
    /// The query string, without its question mark.
    pub query: &'a str,
    /// Names in small letters, with their values.
    pub headers: &'a [(&'a str, &'a str)],
    /// Who asks.
    pub client: &'a str,
    /// Whether it is a CORS preflight.
    pub preflight: bool,
}

/// What is to be done with one request.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[must_use]
pub struct Decision {
    /// What happens to the request, in order; the last one may be its end.
    pub steps: Vec<Step>,
    /// What happens to its answer, if there is one, in order.
    pub shapes: Vec<Shape>,
    /// The rules that had a part in it, in the program's order.
    pub rules: Vec<String>,
    /// The faults that were chosen, by name, in order.
    pub faults: Vec<String>,
}

/// Something that happens to a request.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Step {
    /// It is held for so long.
    Delay(Micros),
    /// Its work is done.
    Effect,
    /// It ends like this.
    End(Ending),
    /// It is held until its client leaves or the program is over, and goes on then.
    Hang,
}

/// How a request ends other than with the answer to it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Ending {
    /// The connection is closed.
    Close,
    /// Bytes that are not HTTP, and then the connection is closed.
    Garble(Garble),
    /// The connection is reset.
    Reset,
    /// Another answer.
    Status {
        /// Its status.
        code: u16,
        /// When to come back, if it says so.
        retry_after: Option<RetryAfter>,
        /// The rule that chose it.
        rule: String,
    },
}

/// Something that happens to an answer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Shape {
    /// It is something else.
    Content(Content),
    /// A page may not read all of it.
    Cors(Cors),
    /// Its body ends early, and the connection with it.
    Cut {
        /// After so many bytes.
        after_bytes: u64,
        /// Whether the connection is reset.
        reset: bool,
    },
    /// A header is set or taken away.
    Header {
        /// Its name.
        name: String,
        /// Its value, or none.
        value: Option<String>,
    },
    /// Its connection is reset when it has been idle for so long.
    KillIdle(Micros),
    /// Its body arrives in pieces.
    SlowBody {
        /// How many.
        chunks: u32,
        /// Over how long.
        over: Micros,
    },
    /// Something goes wrong on the stream that it opens.
    Socket(DrawnSocketFault),
}

impl Decision {
    /// Whether the request ends in another way than with the answer to it.
    #[must_use]
    pub fn is_ended(&self) -> bool {
        matches!(self.steps.last(), Some(Step::End(_)))
    }

    /// Adds what one rule does, until the request has an end.
    fn carry_out(&mut self, hit: &Hit<'_>, faults: &[Fault]) {
        self.rules.push(hit.rule.to_owned());
        let mut draw = hit.draw;
        for fault in faults {
            if self.is_ended() {
                return;
            }
            draw = draw.next();
            self.faults.push(fault.name().to_owned());
            self.add(hit, fault, draw);
        }
    }

    fn add(&mut self, hit: &Hit<'_>, fault: &Fault, draw: Draw) {
        match fault {
            Fault::Close => self.steps.push(Step::End(Ending::Close)),
            Fault::Content { variant } => self.shapes.push(Shape::Content(*variant)),
            Fault::Cors { variant } => self.shapes.push(Shape::Cors(*variant)),
            Fault::Cut { after_bytes, reset } => self.shapes.push(Shape::Cut {
                after_bytes: *after_bytes,
                reset: *reset,
            }),
            Fault::Delay { time } => self.steps.push(Step::Delay(time.draw(draw))),
            // Work is done once, however many rules ask for it.
            Fault::Effect if self.steps.contains(&Step::Effect) => {}
            Fault::Effect => self.steps.push(Step::Effect),
            Fault::Garble { variant } => self.steps.push(Step::End(Ending::Garble(*variant))),
            Fault::Hang => self.steps.push(Step::Hang),
            Fault::Header { name, value } => self.shapes.push(Shape::Header {
                name: name.clone(),
                value: value.clone(),
            }),
            Fault::KillIdle { after_ms } => self
                .shapes
                .push(Shape::KillIdle(Micros::from_millis(*after_ms))),
            Fault::Reset => self.steps.push(Step::End(Ending::Reset)),
            Fault::SlowBody { chunks, over_ms } => self.shapes.push(Shape::SlowBody {
                chunks: *chunks,
                over: Micros::from_millis(*over_ms),
            }),
            Fault::Socket { at, act } => self.shapes.push(Shape::Socket(DrawnSocketFault {
                seed: hit.seed,
                rule: hit.rule.to_owned(),
                client: hit.client.to_owned(),
                ordinal: hit.ordinal,
                fault: SocketFault::new(act.clone()).at(*at),
            })),
            Fault::Status { code, retry_after } => self.steps.push(Step::End(Ending::Status {
                code: *code,
                retry_after: *retry_after,
                rule: hit.rule.to_owned(),
            })),
        }
    }
}

/// A rule that hits a request.
#[derive(Clone, Copy, Debug)]
struct Hit<'a> {
    seed: u64,
    rule: &'a str,
    client: &'a str,
    ordinal: u64,
    draw: Draw,
}

impl<'a> Hit<'a> {
    fn new(seed: u64, rule: &'a str, client: &'a str, ordinal: u64) -> Hit<'a> {
        Hit {
            seed,
            rule,
            client,
            ordinal,
            draw: Draw::new(seed, rule, client, ordinal),
        }
    }
}

/// A program's rules in force and the counts their verdicts depend on.
///
/// ```
/// use tidegate_contract::{Busyness, FaultRun, Preset, RequestHead, Step};
/// use tidegate_core::Instant;
/// let mut run = FaultRun::start(Preset::Hang.program(1));
/// let head =
///     RequestHead { method: "GET", path: "/api/assets", query: "", headers: &[], client: "ann", preflight: false };
/// assert_eq!(run.decide(Instant::START, Busyness::default(), &head, &[]).steps, [Step::Hang]);
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

    /// Decides about one request that arrived `now`, counted from the start of the program, while the backend was that busy. What the
    /// request asks for itself comes before what the rules say.
    pub fn decide(
        &mut self,
        now: Instant,
        busyness: Busyness,
        head: &RequestHead<'_>,
        requested: &[Fault],
    ) -> Decision {
        let mut decision = Decision::default();
        if !requested.is_empty() {
            let hit = Hit::new(self.program.seed, REQUESTED, head.client, 0);
            decision.carry_out(&hit, requested);
        }
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
            if !covers(&rule.when, now, busyness, head) {
                continue;
            }
            let hit = Hit::new(self.program.seed, &rule.name, head.client, *ordinal);
            *ordinal += 1;
            // Counting goes on after the end, so that one rule's verdicts do not depend on another's.
            if is_hit(rule, &hit) && !decision.is_ended() {
                decision.carry_out(&hit, &rule.then);
            }
        }
        decision
    }
}

fn is_hit(rule: &Rule, hit: &Hit<'_>) -> bool {
    rule.when.count.holds(hit.ordinal) && hit.draw.hits(rule.when.share)
}

fn covers(when: &Match, now: Instant, busyness: Busyness, head: &RequestHead<'_>) -> bool {
    let method_fits = match &when.method {
        Some(method) => method == head.method,
        None => !head.preflight,
    };
    method_fits
        && when.window.holds(now.as_millis())
        && when.load.holds(busyness)
        && when.path.matches(head.path)
        && when
            .client
            .as_ref()
            .is_none_or(|wanted| wanted.matches(head.client))
        && when.headers.iter().all(|(name, wanted)| {
            let mut found = head.headers.iter();
            found.any(|(other, value)| other == name && wanted.matches(value))
        })
        && when.query.iter().all(|(name, wanted)| {
            let mut pairs = head.query.split('&').map(split_pair);
            pairs.any(|(other, value)| other == name && wanted.matches(value))
        })
}

fn split_pair(pair: &str) -> (&str, &str) {
    pair.split_once('=').unwrap_or((pair, ""))
}

#[cfg(test)]
#[path = "run_tests.rs"]
mod tests;
