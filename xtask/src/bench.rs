//! `cargo xtask bench`: the policies and the simulator (`tests/benches`), then the stub and its load generator as they would be released,
//! with enough files open.
//!
//! What is measured of the stub, and how, is in `server-stub/benches/load`; the other words are handed on to it. What the cache costs in a
//! real browser is measured only when it is asked for: `--only browser`, and a part of that by its name.

mod browser;

use std::fs;

use anyhow::{Result, bail};

use crate::args::{Args, Misuse};
use crate::shell::Shell;
use crate::site::Site;

const SOCKETS: u64 = 5_000;
/// Everybody who waits in a full queue has a connection: a thousand for both brownouts, more when the machine is slow.
const CROWDS: u64 = 3_000;
/// Besides these: connections for requests, the runtime's own, and some room.
const OTHERS: u64 = 1_000;
/// What is measured in a browser, beside all of that.
const IN_BROWSER: [&str; 4] = ["kept", "network", "outbox", "sockets"];
const ELSEWHERE: [&str; 4] = ["browser", "cliff", "policies", "stub"];

pub(crate) fn command(mut args: Args) -> Result<()> {
    let json = args.flag("--json");
    let only = args.value::<String>("--only")?;
    match only.as_deref() {
        Some("browser") => return browser::command(args, "", json),
        Some(part) if IN_BROWSER.contains(&part) => return browser::command(args, part, json),
        Some(other) if !ELSEWHERE.contains(&other) => {
            let all = [ELSEWHERE, IN_BROWSER].concat().join(", ");
            return Err(Misuse(format!("--only can be one of {all}, not `{other}`")).into());
        }
        _ => {}
    }
    let queues = args.value::<String>("--queues")?;
    let sockets: u64 = args.value("--sockets")?.unwrap_or(SOCKETS);
    let seconds: u64 = args.value("--seconds")?.unwrap_or(30);
    let seed: u64 = args.value("--seed")?.unwrap_or(1);
    args.end()?;

    let sh = Shell::new(Site::here()?);
    if only.as_deref().is_none_or(|only| only == "policies") {
        sh.cargo("bench --package tidegate-bench").run()?;
    }
    if only.as_deref() == Some("policies") {
        return Ok(());
    }
    sh.cargo("bench --package server-stub --bench load --no-run")
        .run_aside()?;
    let sockets_needed = match only.as_deref() {
        Some("cliff") => CROWDS,
        Some(_) => sockets,
        None => sockets.max(CROWDS),
    };
    let raised = open_files(sockets_needed + OTHERS)?;
    let cargo = match &raised {
        None => sh.cmd("cargo"),
        Some(limit) => sh.cmd("prlimit").arg(limit).arg("cargo"),
    };
    let cargo = cargo
        .words("bench --quiet --package server-stub --bench load --")
        .args(["--seconds", &seconds.to_string()])
        .args(["--sockets", &sockets.to_string()])
        .args(["--seed", &seed.to_string()])
        .args(only.iter().flat_map(|only| ["--only", only]))
        .args(queues.iter().flat_map(|queues| ["--queues", queues]));
    let cargo = if json { cargo.arg("--json") } else { cargo };
    cargo.run()
}

/// What `prlimit` has to be told so that each of the two programs may open so many files; nothing if they may.
fn open_files(needed: u64) -> Result<Option<String>> {
    // There is no such file elsewhere than on Linux; there one has to see to it oneself.
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let Some((soft, hard)) = limit_of_files(&limits) else {
        return Ok(None);
    };
    if soft >= needed {
        return Ok(None);
    }
    if hard < needed {
        bail!(
            "{needed} files have to be open at the same time and this machine allows {hard}: raise the hard limit \
             (`nofile` in /etc/security/limits.conf, or `ulimit -Hn` as root), or measure less: --only stub --sockets {}",
            hard.saturating_sub(OTHERS)
        );
    }
    Ok(Some(format!("--nofile={needed}:")))
}

/// The soft and the hard limit.
fn limit_of_files(limits: &str) -> Option<(u64, u64)> {
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))?;
    let number = |word: &str| match word {
        "unlimited" => Some(u64::MAX),
        word => word.parse().ok(),
    };
    let mut words = line.split_whitespace();
    Some((number(words.next()?)?, number(words.next()?)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limits_are_read_as_linux_writes_them() {
        let text = "Limit                     Soft Limit           Hard Limit           Units     \n\
                    Max open files            1024                 unlimited            files     \n";
        assert_eq!(limit_of_files(text), Some((1_024, u64::MAX)));
        assert_eq!(limit_of_files(""), None);
    }
}
