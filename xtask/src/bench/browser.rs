//! `cargo xtask bench --only browser`: what Tidegate's cache, outbox and sockets cost in a real browser, beside IndexedDB by hand
//! and what others use.
//!
//! The page, the libraries that it compares with and the program that runs it are in `tests/browser-bench`. Everything is measured in one
//! run, by turns, so that noise meets all alike. Speeds are reported and never asserted.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use anyhow::Result;

use crate::args::Args;
use crate::pack;
use crate::setup::{self, Need, browser, firefox, packages};
use crate::shell::Shell;
use crate::stub::Stub;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Browser {
    Chromium,
    Firefox,
}

/// All of it, or the part of this name.
pub(crate) fn command(mut args: Args, only: &str, json: bool) -> Result<()> {
    let browser = args.value("--browser")?.unwrap_or(Browser::Chromium);
    let rounds: u32 = args.value("--rounds")?.unwrap_or(5);
    let seed: u64 = args.value("--seed")?.unwrap_or(1);
    args.end()?;

    let sh = setup::ready(&browser.needs())?;
    let program = browser.program(&sh)?;
    let folder = sh.site.root.join("tests/browser-bench");
    packages::ready(&sh, &folder)?;
    pack::fill(&sh)?;
    Stub::build(&sh)?;
    let run = sh
        .cmd("node")
        .arg("run.mjs")
        .args(["--browser", &browser.to_string()])
        .arg("--program")
        .arg(program)
        .arg("--stub")
        .arg(sh.site.stub())
        .arg("--dist")
        .arg(sh.site.package().join("dist"))
        .args(["--only", only])
        .args(["--rounds", &rounds.max(1).to_string()])
        .args(["--seed", &seed.to_string()])
        .within(&folder);
    let run = if json { run.arg("--json") } else { run };
    run.run()
}

impl Browser {
    fn needs(self) -> Vec<Need> {
        let own = match self {
            Self::Chromium => Need::Browser,
            Self::Firefox => Need::Firefox,
        };
        pack::NEEDS.iter().copied().chain([own]).collect()
    }

    fn program(self, sh: &Shell) -> Result<PathBuf> {
        match self {
            Self::Chromium => Ok(browser::located(sh)?.chrome),
            Self::Firefox => firefox::located(sh),
        }
    }
}

impl fmt::Display for Browser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
        })
    }
}

impl FromStr for Browser {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        match word {
            "chromium" => Ok(Self::Chromium),
            "firefox" => Ok(Self::Firefox),
            _ => Err(()),
        }
    }
}
