//! `cargo xtask size`: what users of the npm package download, and what each dependency adds to it.
//!
//! Weighed are the default entry (module inlined), the slim entry and the module file, each raw, with gzip -9 and with brotli 11. The
//! code of the module is attributed to crates by its function names. Past its budget an artefact fails the command.

mod artefact;
mod attribution;
mod budget;
mod report;
mod weight;

use std::fs;

use anyhow::{Context, Result, bail};

use crate::args::Args;
use crate::npm::Manifest;
use crate::pack;
use crate::setup;
use crate::shell::Shell;
use crate::site::Site;
use crate::wasm;
use artefact::Artefact;
use attribution::Share;
use budget::Budget;
use report::Report;

pub(crate) const NEEDS: &[setup::Need] = pack::NEEDS;

pub(crate) fn command(mut args: Args) -> Result<()> {
    let json = args.flag("--json");
    args.end()?;
    let sh = setup::ready(NEEDS)?;
    pack::fill(&sh)?;
    let report = measure(&sh.site)?;
    if json {
        println!("{:#}", report.json());
    } else {
        print!("{}", report.table());
    }
    verdict(&report)
}

/// The step of `cargo xtask test`.
pub(crate) fn check(sh: &Shell) -> Result<()> {
    pack::fill(sh)?;
    let report = measure(&sh.site)?;
    print!("{}", report.table());
    verdict(&report)
}

fn measure(site: &Site) -> Result<Report> {
    let manifest = Manifest::read(site)?;
    let artefacts = Artefact::all(&manifest)?;
    let named = wasm::named(site);
    let module = fs::read(&named).with_context(|| format!("reading {}", named.display()))?;
    Ok(Report {
        over: Budget::read(site)?.over(&artefacts),
        artefacts,
        shares: Share::all(&module)?,
    })
}

fn verdict(report: &Report) -> Result<()> {
    match report.over.is_empty() {
        true => Ok(()),
        false => bail!("{}", report.complaint()),
    }
}
