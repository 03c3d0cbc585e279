//! What `cargo xtask bench` hands on.

use std::ffi::OsString;

use lexopt::{Arg, Parser, ValueExt};

use crate::cliff;

/// What is to be done.
#[derive(Debug)]
pub(crate) enum Args {
    /// Be the bare handler that the stub is compared with.
    Floor,
    /// Measure.
    Measure(Plan),
}

/// What is to be measured.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) json: bool,
    pub(crate) only: Option<Only>,
    /// How many may wait: each is a brownout of its own.
    pub(crate) queues: Vec<u32>,
    /// Requests a second.
    pub(crate) rate: u64,
    pub(crate) seconds: u64,
    pub(crate) seed: u64,
    pub(crate) sockets: usize,
}

/// One of the two benches.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Only {
    Cliff,
    Stub,
}

impl Args {
    pub(crate) fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Args, lexopt::Error> {
        let mut parser = Parser::from_args(args);
        let mut plan = Plan {
            json: false,
            only: None,
            queues: cliff::QUEUES.to_vec(),
            rate: 500,
            seconds: 30,
            seed: 1,
            sockets: 5_000,
        };
        while let Some(arg) = parser.next()? {
            match arg {
                Arg::Value(word) if word == "floor" => return Ok(Args::Floor),
                // What cargo adds.
                Arg::Long("bench") => {}
                Arg::Long("json") => plan.json = true,
                Arg::Long("only") => plan.only = Some(parser.value()?.parse_with(only)?),
                Arg::Long("queues") => plan.queues = parser.value()?.parse_with(queues)?,
                Arg::Long("rate") => plan.rate = parser.value()?.parse_with(positive)?,
                Arg::Long("seconds") => plan.seconds = parser.value()?.parse_with(positive)?,
                Arg::Long("seed") => plan.seed = parser.value()?.parse()?,
                Arg::Long("sockets") => plan.sockets = parser.value()?.parse()?,
                _ => return Err(arg.unexpected()),
            }
        }
        Ok(Args::Measure(plan))
    }
}

fn only(text: &str) -> Result<Only, String> {
    match text {
        "cliff" => Ok(Only::Cliff),
        "stub" => Ok(Only::Stub),
        _ => Err("only can be stub or cliff".to_owned()),
    }
}

fn queues(text: &str) -> Result<Vec<u32>, std::num::ParseIntError> {
    text.split(',').map(str::parse).collect()
}

fn positive(text: &str) -> Result<u64, String> {
    match text.parse() {
        Ok(number) if (1..=100_000).contains(&number) => Ok(number),
        _ => Err("it must be 1 to 100000".to_owned()),
    }
}
