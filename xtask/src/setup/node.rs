//! Node.js and npm: both from the machine, never pinned.

use anyhow::Result;

use super::{Found, Requirement, apt};
use crate::shell::Shell;
use crate::site::on_path;
use crate::version::Version;

/// Vite, in whose projects the package is tested, wants no older one; the package itself does with 18.
const OLDEST: Version = Version::new(20, 19, 0);

pub(super) struct Node;

impl Requirement for Node {
    fn name(&self) -> String {
        "Node.js and npm".to_owned()
    }

    fn why(&self) -> &'static str {
        "they build the npm package, run wasm-opt and test the package the way its users run it"
    }

    fn find(&self, sh: &Shell) -> Option<Found> {
        let npm = on_path("npm")?;
        let text = sh.cmd("node").arg("--version").read().ok()?;
        let version = Version::within(&text).filter(|version| *version >= OLDEST)?;
        Some(Found::new(format!("{version}, {}", npm.display())))
    }

    fn install(&self, sh: &Shell) -> Result<()> {
        apt::install(sh, &["nodejs", "npm"])
    }

    fn by_hand(&self) -> String {
        format!("install Node.js {OLDEST} or newer with npm")
    }
}
