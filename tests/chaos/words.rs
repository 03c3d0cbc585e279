//! The words on the command line.

use anyhow::{Result, bail};
use lexopt::prelude::*;

use crate::browser::Kind;

pub(crate) const USAGE: &str =
    "usage: chaos [outbox] [--writes 2000] [--calm 8] [--seed 1] [--browser chromium|firefox | --simulated]
       chaos socket [--kills 200] [--seed 1] [--browser chromium|firefox]";

/// What is tried.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Trial {
    Outbox,
    Socket,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Words {
    pub(crate) trial: Trial,
    pub(crate) kills: u32,
    pub(crate) writes: u32,
    /// So many writes are taken in between two blows, on average: were it a time, tabs on a busy machine would never come to queue anything.
    pub(crate) calm: u32,
    pub(crate) seed: u64,
    pub(crate) browser: Kind,
    /// No browser: the core alone, in virtual time.
    pub(crate) simulated: bool,
}

impl Words {
    pub(crate) fn read() -> Result<Words> {
        let mut words = Words {
            trial: Trial::Outbox,
            kills: 200,
            writes: 2_000,
            calm: 8,
            seed: 1,
            browser: Kind::Chromium,
            simulated: false,
        };
        let mut given = lexopt::Parser::from_env();
        while let Some(word) = given.next()? {
            match word {
                Value(name) if name == "outbox" => words.trial = Trial::Outbox,
                Value(name) if name == "socket" => words.trial = Trial::Socket,
                Long("kills") => words.kills = given.value()?.parse()?,
                Long("writes") => words.writes = given.value()?.parse()?,
                Long("calm") => words.calm = given.value()?.parse()?,
                Long("seed") => words.seed = given.value()?.parse()?,
                Long("browser") => words.browser = given.value()?.parse()?,
                Long("simulated") => words.simulated = true,
                _ => return Err(word.unexpected().into()),
            }
        }
        if !(1..=1_000_000).contains(&words.writes) {
            bail!("--writes must be 1 to 1000000, not {}", words.writes);
        }
        if !(1..=1_000).contains(&words.calm) {
            bail!("--calm must be 1 to 1000, not {}", words.calm);
        }
        if !(1..=100_000).contains(&words.kills) {
            bail!("--kills must be 1 to 100000, not {}", words.kills);
        }
        Ok(words)
    }
}
