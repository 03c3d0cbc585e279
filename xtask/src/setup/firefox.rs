//! Firefox, which only `cargo xtask conformance --browser firefox` asks for.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::{Found, Requirement, apt};
use crate::shell::Shell;
use crate::site::{named, on_path};
use crate::version::Version;

const BROWSERS: &[&str] = &["firefox-esr", "firefox"];

pub(super) struct Firefox;

impl Requirement for Firefox {
    fn name(&self) -> String {
        "Firefox".to_owned()
    }

    fn why(&self) -> &'static str {
        "the HTTP cache tests were asked for in it"
    }

    fn find(&self, sh: &Shell) -> Option<Found> {
        let (file, version) = search(sh)?;
        let what = format!("{}, {}", version.major, file.display());
        Some(Found::new(what))
    }

    fn install(&self, sh: &Shell) -> Result<()> {
        apt::install(sh, &["firefox-esr"])
    }

    fn by_hand(&self) -> String {
        "install Firefox, on PATH or named by the variable FIREFOX".to_owned()
    }
}

/// The program.
pub(crate) fn located(sh: &Shell) -> Result<PathBuf> {
    let (file, _) = search(sh).context("there is no Firefox")?;
    Ok(file)
}

fn search(sh: &Shell) -> Option<(PathBuf, Version)> {
    let file = named("FIREFOX").or_else(|| BROWSERS.iter().find_map(|name| on_path(name)))?;
    let text = sh.cmd(file.to_str()?).arg("--version").read().ok()?;
    let version = Version::within(&text)?;
    Some((file, version))
}
