//! Binaryen's wasm-opt, which makes the module small.
//!
//! The npm package holds it compiled to WebAssembly, so one download serves every platform. Debian's own (108) is too old for what
//! rustc writes today.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::shim::Shim;
use super::{Found, Requirement};
use crate::shell::Shell;
use crate::site::{Site, on_path};
use crate::version::Version;

const BINARYEN: &str = "132.0.0";
/// The first that understands what rustc's wasm32 uses without being told every feature.
const OLDEST: Version = Version::new(120, 0, 0);

pub(super) struct WasmOpt;

impl Requirement for WasmOpt {
    fn name(&self) -> String {
        "wasm-opt".to_owned()
    }

    fn why(&self) -> &'static str {
        "it takes a third off the compiled module"
    }

    fn find(&self, sh: &Shell) -> Option<Found> {
        installed(sh).or_else(|| cached(&sh.site))
    }

    fn install(&self, sh: &Shell) -> Result<()> {
        let folder = folder(&sh.site);
        // Beside its place first: a download that breaks off is never taken for the tool.
        let partial = sh
            .site
            .cache
            .join(format!("partial-{}", std::process::id()));
        fs::create_dir_all(&partial)?;
        sh.cmd("npm")
            .words("install --no-audit --no-fund --prefix")
            .arg(&partial)
            .arg(format!("binaryen@{BINARYEN}"))
            .run_patiently(&format!("installing binaryen {BINARYEN}"))?;
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::rename(&partial, &folder).with_context(|| format!("moving to {}", folder.display()))
    }

    fn by_hand(&self) -> String {
        format!(
            "put Binaryen's wasm-opt, version {} or newer, on PATH",
            OLDEST.major
        )
    }
}

fn installed(sh: &Shell) -> Option<Found> {
    let file = on_path("wasm-opt")?;
    let text = sh.cmd(file.to_str()?).arg("--version").read().ok()?;
    let version = Version::within(&text).filter(|version| *version >= OLDEST)?;
    let what = format!("{}, {}", version.major, file.display());
    Some(Found::new(what).with_shim(Shim::new("wasm-opt", file)))
}

fn cached(site: &Site) -> Option<Found> {
    let script = folder(site).join("node_modules/binaryen/bin/wasm-opt");
    let node = on_path("node")?;
    script.is_file().then(|| {
        let shim = Shim::new("wasm-opt", node).with_first(script.clone());
        Found::new(format!("{BINARYEN}, {}", script.display())).with_shim(shim)
    })
}

fn folder(site: &Site) -> PathBuf {
    site.cache.join(format!("binaryen-{BINARYEN}"))
}
