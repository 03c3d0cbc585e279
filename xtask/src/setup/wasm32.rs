//! The standard library for wasm32: from rustup, else from Debian's packages.

use anyhow::{Context, Result, bail};

use super::toolchain::{self, Toolchain, WASM32};
use super::{Found, Requirement, apt, debian};
use crate::shell::Shell;
use crate::site::on_path;

pub(super) struct Wasm32;

impl Requirement for Wasm32 {
    fn name(&self) -> String {
        "Rust for wasm32".to_owned()
    }

    fn why(&self) -> &'static str {
        "the SDK and the demo are compiled to WebAssembly"
    }

    fn find(&self, _sh: &Shell) -> Option<Found> {
        Some(Found::new(match toolchain::find()? {
            Toolchain::Active { .. } => "standard library of the active toolchain",
            Toolchain::Debian { .. } => "standard library built from Debian's packages",
        }))
    }

    fn install(&self, sh: &Shell) -> Result<()> {
        let Err(refused) = from_rustup(sh) else {
            return Ok(());
        };
        if !apt::usable() {
            bail!(refused);
        }
        eprintln!("{refused:#}. Trying Debian's packages.");
        debian::install(sh).with_context(|| format!("after rustup ({refused:#})"))
    }

    fn by_hand(&self) -> String {
        format!("install rustup, then `rustup target add {WASM32}`")
    }
}

fn from_rustup(sh: &Shell) -> Result<()> {
    if on_path("rustup").is_none() {
        bail!("rustup is not on PATH");
    }
    sh.cmd("rustup")
        .words("target add")
        .arg(WASM32)
        .run_patiently("installing wasm32's standard library with rustup")?;
    // rustup trusts its own list, even where the files are gone.
    if toolchain::find().is_none() {
        bail!("rustup takes {WASM32} for installed, but its files are not there");
    }
    Ok(())
}
