//! `cargo xtask e2e`: the demo and the npm package in a real browser.
//!
//! Builds what the tests look at and tells them where it is; the tests start the stub and serve the demo themselves.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::args::Args;
use crate::pack;
use crate::setup::{self, Need, browser};
use crate::shell::Shell;
use crate::site::Site;
use crate::stub::Stub;

pub(crate) const NEEDS: &[Need] = &[
    Need::Wasm32,
    Need::Bindgen,
    Need::Trunk,
    Need::Node,
    Need::WasmOpt,
    Need::Packages,
    Need::Browser,
];

pub(crate) fn command(args: Args) -> Result<()> {
    let sh = setup::ready(NEEDS)?;
    run(&sh, &args.rest())
}

/// Builds everything and runs the tests; `words` go to the test binary.
pub(crate) fn run(sh: &Shell, words: &[String]) -> Result<()> {
    run_with(sh, words, &[])
}

/// The same with more in the environment of the tests.
pub(crate) fn run_with(sh: &Shell, words: &[String], more: &[(&str, &Path)]) -> Result<()> {
    let browser = browser::located(sh)?;
    Stub::build(sh)?;
    build_demo(sh)?;
    let package = pack::pack(sh)?;
    let mut tests = sh
        .cargo("test --package tidegate-tests --test e2e --")
        .args(words)
        .env("TIDEGATE_DEMO_DIST", demo(&sh.site))
        .env("TIDEGATE_STUB", sh.site.stub())
        .env("TIDEGATE_PACKAGE", package)
        .env("CHROME", &browser.chrome)
        .env("CHROMEDRIVER", &browser.driver);
    for (name, path) in more {
        tests = tests.env(name, path);
    }
    tests.run()
}

fn build_demo(sh: &Shell) -> Result<()> {
    sh.cmd("trunk")
        .words("build --offline --skip-version-check --cargo-profile demo --dist")
        .arg(demo(&sh.site))
        // Trunk understands only `true` and `false` there, and ends at the customary `1`.
        .without_env("NO_COLOR")
        .run()
}

fn demo(site: &Site) -> PathBuf {
    site.target.join("demo-dist")
}
