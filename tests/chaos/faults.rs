//! What the stub does wrong: before, while and after it applies a write.
//!
//! A mix is a few of these at a time, each for a share of the writes. Tokens that have expired are refused in every mix.

use std::fmt;

use tidegate_contract::{
    Cors, Fault, FaultProgram, Garble, Listener, Pattern, RetryAfter, Rule, Spread,
};

use crate::cast::{NOBODY, USERS};
use crate::luck::Luck;

const PATH: &str = "/api/assets/*";
/// A page has an older token than that only if nobody has sent anything with it since.
const REMEMBERED: u32 = 6;
/// Verdicts of a program are drawn from its seed; JavaScript must be able to hold it.
const SEEDS: u64 = 1 << 53;

#[derive(Clone, Debug)]
pub(crate) struct Mix {
    seed: u64,
    rules: Vec<Rule>,
    closed: bool,
}

impl Mix {
    /// Nothing goes wrong.
    pub(crate) fn none() -> Mix {
        Mix {
            seed: 0,
            rules: Vec::new(),
            closed: false,
        }
    }

    /// Nobody can connect.
    pub(crate) fn outage() -> Mix {
        Mix {
            closed: true,
            ..Mix::none()
        }
    }

    pub(crate) fn is_outage(&self) -> bool {
        self.closed
    }

    /// Three to six faults.
    pub(crate) fn drawn(luck: &mut Luck) -> Mix {
        let mut kinds = kinds();
        let wanted = luck.between(3, 6);
        let mut rules = Vec::new();
        while rules.len() < wanted {
            let (name, then, most) = kinds.swap_remove(luck.below(kinds.len()));
            let share = u32::try_from(luck.between(20, most)).unwrap_or(20);
            let mut rule = Rule::new(name, Fault::Reset);
            rule.then = then;
            rules.push(rule.on_path(PATH).on_method("PATCH").with_share(share));
        }
        Mix {
            seed: luck.draw() % SEEDS,
            rules,
            closed: false,
        }
    }

    /// With these tokens being the good ones.
    pub(crate) fn program(&self, tokens: &[u32; USERS.len()]) -> FaultProgram {
        let mut program = FaultProgram::new(self.seed);
        if self.closed {
            program.listener = Listener::Closed;
        }
        for (user, good) in USERS
            .iter()
            .zip(tokens)
            .filter(|(user, _)| **user != NOBODY)
        {
            for old in good.saturating_sub(REMEMBERED)..*good {
                let expired = status(401);
                let mut rule = Rule::new(format!("expired-{user}-{old}"), expired).on_path(PATH);
                let token = Pattern::from(&*format!("Bearer {user}.{old}"));
                rule.when.headers.insert("authorization".to_owned(), token);
                program.rules.push(rule.on_method("PATCH"));
            }
        }
        program.rules.extend(self.rules.iter().cloned());
        program
    }
}

impl fmt::Display for Mix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.closed {
            return f.write_str("nobody can connect");
        }
        let rules = self.rules.iter();
        let rules = rules.map(|rule| format!("{} {}", rule.name, rule.when.share));
        write!(f, "{}", rules.collect::<Vec<_>>().join(", "))
    }
}

/// Every fault: its name, what happens, and for how many of a thousand writes at most.
fn kinds() -> Vec<(&'static str, Vec<Fault>, usize)> {
    let soon = Fault::Status {
        code: 503,
        retry_after: Some(RetryAfter::Seconds(1)),
    };
    vec![
        ("refused-before", vec![status(503)], 250),
        ("refused-with-a-time", vec![soon], 60),
        ("failed-before", vec![status(500)], 250),
        ("reset-before", vec![Fault::Reset], 200),
        ("closed-before", vec![Fault::Close], 150),
        (
            "late-and-reset-before",
            vec![wait(0, 900), Fault::Reset],
            100,
        ),
        ("forbidden-before", vec![status(403)], 40),
        ("conflict-before", vec![status(409)], 40),
        ("hung-before", vec![Fault::Hang], 30),
        ("slow", vec![wait(100, 1_200)], 250),
        (
            "garbled-while",
            vec![Fault::Effect, garble(Garble::Noise)],
            100,
        ),
        (
            "broken-while",
            vec![Fault::Effect, garble(Garble::BadChunk)],
            100,
        ),
        (
            "cut-while",
            vec![Fault::Cut {
                after_bytes: 9,
                reset: true,
            }],
            150,
        ),
        ("reset-after", vec![Fault::Effect, Fault::Reset], 250),
        ("closed-after", vec![Fault::Effect, Fault::Close], 150),
        ("failed-after", vec![Fault::Effect, status(500)], 250),
        ("gateway-after", vec![Fault::Effect, status(502)], 150),
        ("late-after", vec![Fault::Effect, wait(200, 1_500)], 200),
        ("hung-after", vec![Fault::Effect, Fault::Hang], 30),
        (
            "hidden-after",
            vec![Fault::Cors {
                variant: Cors::NoAllowOrigin,
            }],
            100,
        ),
    ]
}

fn status(code: u16) -> Fault {
    Fault::Status {
        code,
        retry_after: None,
    }
}

fn wait(from: u64, to: u64) -> Fault {
    Fault::Delay {
        time: Spread::UniformMs { from, to },
    }
}

fn garble(variant: Garble) -> Fault {
    Fault::Garble { variant }
}
