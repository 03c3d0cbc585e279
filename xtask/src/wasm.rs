//! `cargo xtask wasm`: the module of the npm package, compiled, bound and optimised.
//!
//! Leaves in target/npm:
//! - `bindgen/`: wasm-bindgen's JavaScript and the module as it ships, without names;
//! - `named.wasm`: the same code with function names, from which `size` tells what each dependency adds.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::args::Args;
use crate::setup::{self, Need};
use crate::shell::Shell;
use crate::site::Site;

pub(crate) const NEEDS: &[Need] = &[Need::Wasm32, Need::Bindgen, Need::Node, Need::WasmOpt];

/// What rustc's wasm32 uses. Named one by one: with `--all-features` wasm-opt writes types that browsers refuse to compile.
const FEATURES: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

const MODULE: &str = "tidegate_bg.wasm";

pub(crate) fn command(args: Args) -> Result<()> {
    args.end()?;
    let sh = setup::ready(NEEDS)?;
    build(&sh)?;
    println!("{}", module(&sh.site).display());
    Ok(())
}

pub(crate) fn build(sh: &Shell) -> Result<()> {
    sh.cargo("build --package tidegate-js --profile wasm --target wasm32-unknown-unknown")
        .env("RUSTFLAGS", without_paths())
        .run_aside()?;
    let compiled = sh
        .site
        .target
        .join("wasm32-unknown-unknown/wasm/tidegate_js.wasm");
    let (module, named) = (module(&sh.site), named(&sh.site));
    if is_newer(&module, &named) && is_newer(&named, &compiled) {
        eprintln!("The optimised module is up to date.");
        return Ok(());
    }
    bind(sh, &compiled)?;
    optimise(sh)
}

/// Panics name their place in the source. In what ships, that place is a crate's, not this machine's.
fn without_paths() -> String {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(env::home_dir()?.join(".cargo")));
    let registries = home.and_then(|home| fs::read_dir(home.join("registry/src")).ok());
    let flags = registries.into_iter().flatten().flatten();
    let flags = flags.map(|entry| format!("--remap-path-prefix={}/=", entry.path().display()));
    flags.collect::<Vec<_>>().join(" ")
}

/// What wasm-bindgen made, and the module as it ships.
pub(crate) fn bindgen(site: &Site) -> PathBuf {
    site.npm().join("bindgen")
}

/// The module as it ships.
pub(crate) fn module(site: &Site) -> PathBuf {
    bindgen(site).join(MODULE)
}

/// The same code with function names.
pub(crate) fn named(site: &Site) -> PathBuf {
    site.npm().join("named.wasm")
}

fn bind(sh: &Shell, compiled: &Path) -> Result<()> {
    let folder = bindgen(&sh.site);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    sh.cmd("wasm-bindgen")
        .words("--target bundler --out-name tidegate --out-dir")
        .arg(&folder)
        .arg(compiled)
        .run_aside()
}

fn optimise(sh: &Shell) -> Result<()> {
    let (module, named) = (module(&sh.site), named(&sh.site));
    sh.cmd("wasm-opt")
        // Twice: what the first round makes of the module lets the second take another kilobyte out. A third finds little.
        .args(["-Oz", "-Oz", "--debuginfo"])
        .args(FEATURES)
        .arg(&module)
        .arg("--output")
        .arg(&named)
        .run_patiently("optimising the module")?;
    // Stripped in a step of its own, so that the size report speaks of exactly the code that ships.
    sh.cmd("wasm-opt")
        .words("--strip-debug --strip-producers --strip-target-features --zero-filled-memory")
        .args(FEATURES)
        .arg(&named)
        .arg("--output")
        .arg(&module)
        .run_patiently("taking the names out")
}

fn is_newer(made: &Path, source: &Path) -> bool {
    let changed = |file: &Path| file.metadata().and_then(|data| data.modified());
    match (changed(made), changed(source)) {
        (Ok(made), Ok(source)) => made > source,
        _ => false,
    }
}
