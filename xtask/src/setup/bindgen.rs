//! wasm-bindgen's command line tools, in the version of Cargo.lock: crate and tool must match to the patch.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::cargo_tool::CargoTool;
use super::shim::Shim;
use super::{Found, Requirement};
use crate::lock;
use crate::shell::Shell;
use crate::site::on_path;
use crate::version::Version;

const PACKAGE: &str = "wasm-bindgen-cli";
const TOOL: &str = "wasm-bindgen";
const RUNNER: &str = "wasm-bindgen-test-runner";

pub(super) struct Bindgen;

impl Requirement for Bindgen {
    fn name(&self) -> String {
        TOOL.to_owned()
    }

    fn why(&self) -> &'static str {
        "it writes the JavaScript between the browser and the compiled module, and runs tests in browsers"
    }

    fn find(&self, sh: &Shell) -> Option<Found> {
        let wanted = lock::version_of(&sh.site, TOOL).ok()?;
        let (tool, runner) = installed(sh, &wanted).or_else(|| {
            let cached = tool(&wanted);
            Some((
                cached.cached(&sh.site, TOOL)?,
                cached.cached(&sh.site, RUNNER)?,
            ))
        })?;
        Some(
            Found::new(format!("{wanted}, {}", tool.display()))
                .with_shim(Shim::new(TOOL, tool))
                .with_shim(Shim::new(RUNNER, runner)),
        )
    }

    fn install(&self, sh: &Shell) -> Result<()> {
        tool(&lock::version_of(&sh.site, TOOL)?).install(sh)
    }

    fn by_hand(&self) -> String {
        format!("`cargo install {PACKAGE} --version <the version of {TOOL} in Cargo.lock>`")
    }
}

fn tool(version: &str) -> CargoTool<'_> {
    CargoTool {
        package: PACKAGE,
        version,
        flags: &[],
    }
}

fn installed(sh: &Shell, wanted: &str) -> Option<(PathBuf, PathBuf)> {
    let (tool, runner) = (on_path(TOOL)?, on_path(RUNNER)?);
    let wanted = Version::within(wanted)?;
    let serve = says(sh, &tool)? == wanted && says(sh, &runner)? == wanted;
    serve.then_some((tool, runner))
}

fn says(sh: &Shell, file: &Path) -> Option<Version> {
    let text = sh.cmd(file.to_str()?).arg("--version").read().ok()?;
    Version::within(&text)
}
