//! The words on the command line.

use anyhow::{Result, bail};
use lexopt::prelude::*;

use crate::browser::Kind;

pub(crate) const USAGE: &str =
    "usage: chaos [--writes 2000] [--seed 1] [--browser chromium|firefox | --simulated]";

#[derive(Clone, Copy, Debug)]
pub(crate) struct Words {
    pub(crate) writes: u32,
    pub(crate) seed: u64,
    pub(crate) browser: Kind,
    /// No browser: the core alone, in virtual time.
    pub(crate) simulated: bool,
}

impl Words {
    pub(crate) fn read() -> Result<Words> {
        let mut words = Words {
            writes: 2_000,
            seed: 1,
            browser: Kind::Chromium,
            simulated: false,
        };
        let mut given = lexopt::Parser::from_env();
        while let Some(word) = given.next()? {
            match word {
                Long("writes") => words.writes = given.value()?.parse()?,
                Long("seed") => words.seed = given.value()?.parse()?,
                Long("browser") => words.browser = given.value()?.parse()?,
                Long("simulated") => words.simulated = true,
                _ => return Err(word.unexpected().into()),
            }
        }
        if !(1..=1_000_000).contains(&words.writes) {
            bail!("--writes must be 1 to 1000000, not {}", words.writes);
        }
        Ok(words)
    }
}
