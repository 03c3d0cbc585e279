//! `cargo xtask pack`: the npm package as its users get it.
//!
//! build.mjs fills sdk/js/dist out of the module and the TypeScript sources; npm packs the folder.

use std::path::PathBuf;

use anyhow::Result;

use crate::args::Args;
use crate::npm::Manifest;
use crate::setup::{self, Need};
use crate::shell::Shell;
use crate::site::Site;
use crate::wasm;

pub(crate) const NEEDS: &[Need] = &[
    Need::Wasm32,
    Need::Bindgen,
    Need::Node,
    Need::WasmOpt,
    Need::Packages,
];

pub(crate) fn command(args: Args) -> Result<()> {
    args.end()?;
    let sh = setup::ready(NEEDS)?;
    println!("{}", pack(&sh)?.display());
    Ok(())
}

/// Builds the package and gives the path of its .tgz.
pub(crate) fn pack(sh: &Shell) -> Result<PathBuf> {
    let archive = archive(&sh.site)?;
    fill(sh)?;
    sh.cmd("npm")
        .words("pack --pack-destination")
        .arg(sh.site.npm())
        .within(&sh.site.package())
        .run_aside()?;
    Ok(archive)
}

/// Builds sdk/js/dist.
pub(crate) fn fill(sh: &Shell) -> Result<()> {
    wasm::build(sh)?;
    sh.cmd("node")
        .arg("build.mjs")
        .within(&sh.site.package())
        .env("TIDEGATE_BINDGEN", wasm::bindgen(&sh.site))
        .run_aside()
}

/// Where `pack` leaves the package.
pub(crate) fn archive(site: &Site) -> Result<PathBuf> {
    let manifest = Manifest::read(site)?;
    Ok(site
        .npm()
        .join(format!("tidegate-{}.tgz", manifest.version()?)))
}
