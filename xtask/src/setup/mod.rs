//! Finding the tools this repository needs and installing what is missing.
//!
//! Rule: each requirement is tried where the machine can have it, nothing that is there is installed again, and what cannot be had is
//! named together with how to get it by hand. Every command asks only for what it needs.

mod apt;
mod bindgen;
pub(crate) mod browser;
pub(crate) mod cache_tests;
mod cargo_tool;
mod debian;
pub(crate) mod firefox;
mod node;
pub(crate) mod packages;
pub(crate) mod shim;
pub(crate) mod toolchain;
mod trunk;
mod wasm32;
mod wasm_opt;

use std::fmt::Write;
use std::thread;

use anyhow::{Result, bail};

use crate::args::Args;
use crate::shell::Shell;
use crate::site::Site;
use shim::Shim;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Need {
    Wasm32,
    Bindgen,
    Trunk,
    Node,
    WasmOpt,
    Packages,
    Browser,
    CacheTests,
    Firefox,
}

/// In the order of installation: what others build on comes first.
const ALL: &[Need] = &[
    Need::Wasm32,
    Need::Bindgen,
    Need::Trunk,
    Need::Node,
    Need::WasmOpt,
    Need::Packages,
    Need::Browser,
    Need::CacheTests,
    Need::Firefox,
];

/// What one command alone asks for, when somebody wishes it.
const BY_WISH: &[Need] = &[Need::Firefox];

/// One thing the repository needs from the machine.
trait Requirement: Sync {
    fn name(&self) -> String;
    fn why(&self) -> &'static str;
    /// `None` when it is missing or does not serve.
    fn find(&self, sh: &Shell) -> Option<Found>;
    fn install(&self, sh: &Shell) -> Result<()>;
    /// What a person can do where `install` cannot.
    fn by_hand(&self) -> String;
}

/// What was found, and the programs to put on PATH for it.
#[derive(Debug)]
struct Found {
    what: String,
    shims: Vec<Shim>,
}

impl Found {
    fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            shims: Vec::new(),
        }
    }

    fn with_shim(mut self, shim: Shim) -> Self {
        self.shims.push(shim);
        self
    }
}

/// `cargo xtask setup`
pub(crate) fn command(args: Args) -> Result<()> {
    args.end()?;
    let sh = Shell::new(Site::here()?);
    let usual: Vec<_> = ALL
        .iter()
        .filter(|need| !BY_WISH.contains(need))
        .copied()
        .collect();
    let sh = provide(sh, &usual, |name, found| println!("  {name:<24} {found}"))?;
    println!(
        "\nEverything is here. `cargo xtask demo` starts the demo, `cargo xtask test` runs every check."
    );
    println!("To call trunk, wasm-bindgen or wasm-opt yourself:");
    println!("  export PATH=\"{}:$PATH\"", sh.site.shims.display());
    Ok(())
}

/// Makes sure that `needs` are met, and gives the shell in which they are.
pub(crate) fn ready(needs: &[Need]) -> Result<Shell> {
    provide(Shell::new(Site::here()?), needs, |_, _| ())
}

fn provide(mut sh: Shell, needs: &[Need], report: impl Fn(&str, &str)) -> Result<Shell> {
    let needs: Vec<_> = ALL.iter().filter(|need| needs.contains(need)).collect();
    let mut missing = Vec::new();
    for (need, found) in needs.iter().zip(look(&sh, &needs)) {
        let requirement = need.requirement();
        let found = match found {
            Some(found) => Ok(found),
            None => {
                eprintln!("{} is missing: {}.", requirement.name(), requirement.why());
                let found = install(&sh, requirement);
                // A new toolchain or tool changes what the next command runs in.
                sh = Shell::new(sh.site);
                found
            }
        };
        match found {
            Ok(found) => {
                report(&requirement.name(), &found.what);
                shim::write(&sh.site.shims, &found.shims)?;
            }
            Err(error) => missing.push((requirement, error)),
        }
    }
    match missing.is_empty() {
        true => Ok(sh),
        false => bail!("{}", what_is_missing(&missing)),
    }
}

/// Looks for everything at once: some tools take a third of a second to say their version.
fn look(sh: &Shell, needs: &[&Need]) -> Vec<Option<Found>> {
    thread::scope(|scope| {
        let searches: Vec<_> = needs
            .iter()
            .map(|need| scope.spawn(|| need.requirement().find(sh)))
            .collect();
        searches
            .into_iter()
            .map(|search| search.join().ok().flatten())
            .collect()
    })
}

fn install(sh: &Shell, requirement: &dyn Requirement) -> Result<Found> {
    requirement.install(sh)?;
    // A fresh shell, since the installation may have changed the environment.
    match requirement.find(&Shell::new(sh.site.clone())) {
        Some(found) => Ok(found),
        None => bail!("it was installed, but does not serve"),
    }
}

fn what_is_missing(missing: &[(&dyn Requirement, anyhow::Error)]) -> String {
    let mut text = "this machine still lacks:\n".to_owned();
    for (requirement, error) in missing {
        // Writing into a String cannot fail.
        let _ = write!(
            text,
            "\n  {}: {}\n    went wrong: {error:#}\n    by hand: {}\n",
            requirement.name(),
            requirement.why(),
            requirement.by_hand().replace('\n', "\n             "),
        );
    }
    text
}

impl Need {
    fn requirement(self) -> &'static dyn Requirement {
        match self {
            Self::Bindgen => &bindgen::Bindgen,
            Self::Browser => &browser::Chromium,
            Self::CacheTests => &cache_tests::CacheTests,
            Self::Firefox => &firefox::Firefox,
            Self::Node => &node::Node,
            Self::Packages => &packages::Packages,
            Self::Trunk => &trunk::Trunk,
            Self::Wasm32 => &wasm32::Wasm32,
            Self::WasmOpt => &wasm_opt::WasmOpt,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_had_comes_with_its_reason_and_a_way_by_hand() {
        let text = what_is_missing(&[(Need::Node.requirement(), anyhow::anyhow!("no network"))]);
        assert!(text.contains("Node.js"), "{text}");
        assert!(text.contains("no network"), "{text}");
        assert!(text.contains("by hand: install"), "{text}");
    }
}
