//! `cargo xtask chaos outbox`: writes in a browser whose tabs are killed, to a backend that fails, with users that change.
//! `cargo xtask chaos socket`: messages in both directions over a socket whose connection is killed.
//!
//! It builds what the run looks at and tells it where that is; the run itself, its laws and its report are in tests/chaos.

use std::path::PathBuf;

use anyhow::Result;

use crate::args::{Args, Misuse};
use crate::pack;
use crate::setup::{self, Need, browser, firefox};
use crate::shell::Shell;
use crate::stub::Stub;

/// What [`check`] needs.
pub(crate) const NEEDS: &[Need] = &[
    Need::Wasm32,
    Need::Bindgen,
    Need::Node,
    Need::WasmOpt,
    Need::Packages,
    Need::Browser,
];

/// So many writes in `cargo xtask test`.
const WRITES: u32 = 2_000;

/// The step of `cargo xtask test`. The same seed in every run, for a run that fails is one that somebody else can start.
pub(crate) fn check(sh: &Shell) -> Result<()> {
    let chromium = browser::located(sh)?.chrome;
    let words = ["--writes".to_owned(), WRITES.to_string()];
    run(sh, chromium, &words)
}

pub(crate) fn command(mut args: Args) -> Result<()> {
    let name: String = args.value("--browser")?.unwrap_or("chromium".to_owned());
    let writes: Option<u32> = args.value("--writes")?;
    let calm: Option<u32> = args.value("--calm")?;
    let kills: Option<u32> = args.value("--kills")?;
    let seed: Option<u64> = args.value("--seed")?;
    let simulated = args.flag("--simulated");
    let trial = match args.names()?.as_slice() {
        [trial] if trial == "outbox" || (trial == "socket" && !simulated) => trial.clone(),
        _ => {
            return Err(Misuse("what is to be tried is `outbox` or `socket`".to_owned()).into());
        }
    };
    let mut words = vec![trial, "--browser".to_owned(), name.clone()];
    for (name, number) in [("--calm", calm), ("--kills", kills), ("--writes", writes)] {
        words.extend(
            number
                .iter()
                .flat_map(|number| [name.to_owned(), number.to_string()]),
        );
    }
    words.extend(
        seed.iter()
            .flat_map(|seed| ["--seed".to_owned(), seed.to_string()]),
    );
    if simulated {
        words.push("--simulated".to_owned());
        return simulate(&setup::ready(&[])?, &words);
    }
    let needs = match &*name {
        "chromium" => NEEDS.to_vec(),
        "firefox" => [NEEDS, &[Need::Firefox]].concat(),
        other => return Err(Misuse(format!("there is no browser `{other}`")).into()),
    };
    let sh = setup::ready(&needs)?;
    let program = match &*name {
        "firefox" => firefox::located(&sh)?,
        _ => browser::located(&sh)?.chrome,
    };
    run(&sh, program, &words)
}

/// The core alone: optimised, for a million writes are many.
fn simulate(sh: &Shell, words: &[String]) -> Result<()> {
    sh.cargo("test --release --package tidegate-tests --test chaos --")
        .args(words)
        .run()
}

fn run(sh: &Shell, browser: PathBuf, words: &[String]) -> Result<()> {
    Stub::build(sh)?;
    let package = pack::pack(sh)?;
    sh.cargo("test --package tidegate-tests --test chaos --")
        .args(words)
        .env("TIDEGATE_STUB", sh.site.stub())
        .env("TIDEGATE_PACKAGE", package)
        .env("TIDEGATE_BROWSER", browser)
        .run()
}
