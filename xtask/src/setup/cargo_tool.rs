//! Tools that come as crates: one folder of the cache per version, found again by its path alone.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;

use crate::shell::Shell;
use crate::site::Site;

/// Quick to build rather than quick to run. With trunk's own release profile two busy cores took 25 minutes, with this one under 8.
const QUICK_BUILD: &[(&str, &str)] = &[
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
    ("CARGO_PROFILE_RELEASE_DEBUG", "0"),
];

#[derive(Debug)]
pub(super) struct CargoTool<'a> {
    pub(super) package: &'static str,
    pub(super) version: &'a str,
    pub(super) flags: &'static [&'static str],
}

impl CargoTool<'_> {
    /// Where the program `name` is once the tool is installed.
    pub(super) fn program(&self, site: &Site, name: &str) -> PathBuf {
        let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        self.folder(site).join("bin").join(file)
    }

    pub(super) fn cached(&self, site: &Site, name: &str) -> Option<PathBuf> {
        Some(self.program(site, name)).filter(|file| file.is_file())
    }

    /// With the versions its authors tested, else with the newest that fit: its lock file may name a release that a registry mirror
    /// does not have yet.
    pub(super) fn install(&self, sh: &Shell) -> Result<()> {
        let result = self.attempt(sh, &["--locked"]).or_else(|refused| {
            eprintln!("{refused:#}. Trying again without --locked.");
            self.attempt(sh, &[])
        });
        if result.is_ok() {
            // Gives the disk space back; what cannot be removed only takes it up.
            let _ = fs::remove_dir_all(self.build_dir(&sh.site));
        }
        result
    }

    fn attempt(&self, sh: &Shell, lock: &[&str]) -> Result<()> {
        let label = format!("installing {} {}", self.package, self.version);
        let mut command = sh
            .cargo("install")
            .args([self.package, "--version", self.version, "--root"])
            .arg(self.folder(&sh.site))
            .args(self.flags)
            .args(lock)
            .env("CARGO_TARGET_DIR", self.build_dir(&sh.site));
        for (name, value) in QUICK_BUILD {
            command = command.env(name, value);
        }
        command.run_patiently(&label)
    }

    /// A folder for this tool alone: two commands that set up different tools at the same time must not sweep each other's.
    fn build_dir(&self, site: &Site) -> PathBuf {
        site.cache.join(format!("build-{}", self.package))
    }

    fn folder(&self, site: &Site) -> PathBuf {
        site.cache
            .join(format!("{}-{}", self.package, self.version))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_found_by_package_and_version() {
        let base = std::env::temp_dir().join(format!("tidegate-cache-{}", std::process::id()));
        let site = Site {
            root: base.clone(),
            target: base.clone(),
            cache: base.clone(),
            shims: base.clone(),
        };
        let tool = |version| CargoTool {
            package: "trunk",
            version,
            flags: &[],
        };
        let program = tool("0.21.14").program(&site, "trunk");
        assert_eq!(tool("0.21.14").cached(&site, "trunk"), None);
        fs::create_dir_all(base.join("trunk-0.21.14/bin")).unwrap();
        fs::write(&program, "").unwrap();
        assert_eq!(tool("0.21.14").cached(&site, "trunk"), Some(program));
        assert_eq!(tool("0.21.13").cached(&site, "trunk"), None);
        fs::remove_dir_all(base).unwrap();
    }
}
