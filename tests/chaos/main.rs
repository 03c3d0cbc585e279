//! `cargo xtask chaos outbox`: writes from several tabs of one browser, of which some are always being killed, frozen or reloaded, to a backend
//! that fails, while users change and tokens expire. When all that has stopped, the stub's journal says whether every write that was taken
//! in was applied once, in order, by the one who had queued it.
//!
//! `cargo xtask chaos socket` is another trial, in `socket`; browser, luck and places are those of both.
//!
//! # Map
//! `play` is the run: what is done to the `browser` and to the stub (`faults`) is drawn from a seed (`luck`). The tabs are a page of
//! their own (`page`), which asks the `site` what to do and tells it what became of it; all of it stands in the `book`. `follow` reads
//! the stub's journal along. `simulated` is another run, of the core alone. In the end `laws` compares the two, `takeover` measures how soon another tab went on, and `report` says it.

mod book;
mod browser;
mod cast;
mod faults;
mod files;
mod follow;
mod laws;
mod luck;
mod place;
mod play;
mod report;
mod settle;
mod simulated;
mod site;
mod socket;
mod stage;
mod stop;
mod takeover;
mod words;

use std::process::ExitCode;

use anyhow::{Result, bail};
use words::Words;

fn main() -> ExitCode {
    let words = match Words::read() {
        Ok(words) => words,
        Err(error) => {
            eprintln!("{error}\n\n{}", words::USAGE);
            return ExitCode::from(2);
        }
    };
    match run(&words) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}\n(seed {})", words.seed);
            ExitCode::FAILURE
        }
    }
}

/// Whether every law was kept.
fn run(words: &Words) -> Result<bool> {
    if words.simulated {
        return simulated::simulate(words.writes, words.seed);
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    if words.trial == words::Trial::Socket {
        return runtime.block_on(socket::run(words));
    }
    runtime.block_on(async {
        let stage = stage::Stage::set(words).await?;
        let report = tokio::select! {
            report = play_and_tell(&stage, words) => report,
            // Left to itself, the browser would go on for ever.
            stopped = stop::told_to_stop() => stopped.and_then(|()| bail!("it was told to stop")),
        };
        stage.strike().await;
        let report = report?;
        print!("{report}");
        report.keep()?;
        Ok(report.is_kept())
    })
}

async fn play_and_tell(stage: &stage::Stage, words: &Words) -> Result<report::Report> {
    play::play(stage, words).await?;
    report::Report::of(stage, words).await
}
