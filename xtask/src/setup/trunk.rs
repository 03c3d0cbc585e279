//! Trunk, which builds and serves the demo.

use anyhow::Result;

use super::cargo_tool::CargoTool;
use super::shim::Shim;
use super::{Found, Requirement};
use crate::shell::Shell;
use crate::site::on_path;
use crate::version::Version;

/// The last release that builds with Rust below 1.96; Trunk.toml is written for 0.21.
const TRUNK: CargoTool<'_> = CargoTool {
    package: "trunk",
    version: "0.21.14",
    flags: &["--no-default-features", "--features", "rustls"],
};

pub(super) struct Trunk;

impl Requirement for Trunk {
    fn name(&self) -> String {
        "trunk".to_owned()
    }

    fn why(&self) -> &'static str {
        "it builds and serves the demo"
    }

    fn find(&self, sh: &Shell) -> Option<Found> {
        let installed = || {
            let file = on_path("trunk")?;
            let text = sh.cmd(file.to_str()?).arg("--version").read().ok()?;
            let version = Version::within(&text).filter(serves)?;
            Some((file, version.to_string()))
        };
        let cached = || Some((TRUNK.cached(&sh.site, "trunk")?, TRUNK.version.to_owned()));
        let (file, version) = installed().or_else(cached)?;
        Some(
            Found::new(format!("{version}, {}", file.display()))
                .with_shim(Shim::new("trunk", file)),
        )
    }

    fn install(&self, sh: &Shell) -> Result<()> {
        TRUNK.install(sh)
    }

    fn by_hand(&self) -> String {
        format!("`cargo install trunk --version {}`", TRUNK.version)
    }
}

fn serves(version: &Version) -> bool {
    (version.major, version.minor) == (0, 21)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_trunk_of_the_same_line_serves() {
        assert!(serves(&Version::new(0, 21, 0)) && serves(&Version::new(0, 21, 14)));
        assert!(!serves(&Version::new(0, 20, 3)) && !serves(&Version::new(0, 22, 1)));
    }
}
