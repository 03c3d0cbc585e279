//! `cargo xtask conformance`: the HTTP cache tests (RFC 9111) in a real browser, through `tide.fetch` or through the browser's own cache.
//!
//! A page in tests/conformance runs the suite against the suite's own server and posts its raw results; the suite's own rules make
//! verdicts of them. What they must be is checked in beside the page. Nothing of the suite is: npm has it.

mod browser;
mod collector;
mod expected;
mod files;
mod list;
mod record;
mod reload;
mod run;
mod score;
mod server;
mod stage;
mod table;

use anyhow::{Context, Result, bail};

use crate::args::{Args, Misuse};
use crate::setup::{self, Need};
use crate::shell::Shell;
use browser::Browser;
use expected::Difference;
use files::Files;
use list::Reasons;
use record::Record;
use reload::Exceptions;
use run::Run;
use score::Scores;

/// What [`check`] needs.
pub(crate) const NEEDS: &[Need] = &[
    Need::Wasm32,
    Need::Bindgen,
    Need::Node,
    Need::WasmOpt,
    Need::Packages,
    Need::Browser,
    Need::CacheTests,
];

/// The step of `cargo xtask test`: Chromium, through the SDK. The suite waits in real time for answers to become stale, so on a machine that
/// stands still for two seconds a test may fail by itself: what fails twice has failed.
pub(crate) fn check(sh: &Shell) -> Result<()> {
    let run = Run {
        browser: Browser::Chromium,
        suite: None,
        native: false,
        reload: false,
    };
    let files = Files::of(&run, &sh.site);
    let scores = run.scores(sh)?;
    show(&run, &files, &scores)?;
    if let Err(error) = judge(&run, &files, &scores) {
        eprintln!("{error}: once more");
        return judge(&run, &files, &run.scores(sh)?);
    }
    Ok(())
}

pub(crate) fn command(mut args: Args) -> Result<()> {
    let run = Run {
        browser: args.value("--browser")?.unwrap_or(Browser::Chromium),
        suite: args.value("--suite")?,
        native: args.flag("--native"),
        reload: args.flag("--reload"),
    };
    let update = args.flag("--update");
    args.end()?;
    if update && run.suite.is_some() {
        return Err(Misuse("--update is for the pinned suite".to_owned()).into());
    }
    let sh = setup::ready(&run.needs())?;
    let scores = run.scores(&sh)?;
    if run.suite.is_some() {
        println!("\n{}", table::markdown(&scores, None));
        println!("{}", list::markdown(&scores, &Reasons::default()));
        return Ok(());
    }
    let files = Files::of(&run, &sh.site);
    show(&run, &files, &scores)?;
    match update {
        true => write_down(&sh, &run, &files, &scores),
        false => judge(&run, &files, &scores),
    }
}

/// The browser's own cache stands for itself: nobody here answers for it.
fn show(run: &Run, files: &Files, scores: &Scores) -> Result<()> {
    if run.native {
        println!("\n{}", table::markdown(scores, None));
    } else {
        println!("\n{}", table::markdown(scores, files.native()?.as_ref()));
        println!("{}", list::markdown(scores, &files.reasons()?));
    }
    Ok(())
}

/// # Errors
/// When it is worse than what was written down, or decides otherwise.
fn judge(run: &Run, files: &Files, scores: &Scores) -> Result<()> {
    let file = files.record();
    let file = file.display();
    let record = Record::read(&files.record())?
        .with_context(|| format!("there is no {file}: `--update` writes what is measured"))?;
    let exceptions = files.expected_of_reload(run)?;
    let difference = Difference::between(&record, &exceptions, scores);
    print!("{difference}");
    if difference.is_worse() && !run.native {
        bail!("the cache does not do what {file} says");
    }
    Ok(())
}

/// What was measured is what is expected from now on.
fn write_down(sh: &Shell, run: &Run, files: &Files, scores: &Scores) -> Result<()> {
    let file = if run.reload {
        let record = Record::read(&files.record())?
            .context("the run without --reload has to be written down first")?;
        let file = files.exceptions();
        let known = Exceptions::read(&file)?;
        known.updated(&record, scores).write(&file)?;
        file
    } else {
        let file = files.record();
        Record::of(scores, run.browser.version(sh)?).write(&file)?;
        file
    };
    eprintln!("written: {}", file.display());
    Ok(())
}
