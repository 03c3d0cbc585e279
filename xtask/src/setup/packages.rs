//! The Node packages that build and check the npm package.
//!
//! node_modules is up to date when it holds a copy of the lock file it was installed from.

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::{Found, Requirement};
use crate::shell::Shell;

const LOCK: &str = "package-lock.json";
const STAMP: &str = "node_modules/.tidegate-lock.json";

pub(super) struct Packages;

impl Requirement for Packages {
    fn name(&self) -> String {
        "Node packages".to_owned()
    }

    fn why(&self) -> &'static str {
        "the TypeScript compiler and the package checks come with them"
    }

    fn find(&self, sh: &Shell) -> Option<Found> {
        state(&sh.site.package()).map(Found::new)
    }

    fn install(&self, sh: &Shell) -> Result<()> {
        install(sh, &sh.site.package())
    }

    fn by_hand(&self) -> String {
        "`npm ci` in sdk/js".to_owned()
    }
}

/// Installs what a folder's lock file says, unless that is there.
pub(crate) fn ready(sh: &Shell, folder: &Path) -> Result<()> {
    match state(folder) {
        Some(_) => Ok(()),
        None => install(sh, folder),
    }
}

fn install(sh: &Shell, folder: &Path) -> Result<()> {
    let shown = folder.strip_prefix(&sh.site.root).unwrap_or(folder);
    sh.cmd("npm")
        .words("ci --no-audit --no-fund")
        .within(folder)
        .run_patiently(&format!(
            "installing the Node packages of {}",
            shown.display()
        ))?;
    fs::copy(folder.join(LOCK), folder.join(STAMP))?;
    Ok(())
}

fn state(folder: &Path) -> Option<&'static str> {
    let Ok(lock) = fs::read(folder.join(LOCK)) else {
        return Some("none asked for");
    };
    let stamp = fs::read(folder.join(STAMP)).ok()?;
    (stamp == lock).then_some("as package-lock.json says")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn are_out_of_date_as_soon_as_the_lock_file_changes() {
        let folder = std::env::temp_dir().join(format!("tidegate-packages-{}", std::process::id()));
        fs::create_dir_all(folder.join("node_modules")).unwrap();
        assert_eq!(state(&folder), Some("none asked for"));
        fs::write(folder.join(LOCK), "one").unwrap();
        assert_eq!(state(&folder), None);
        fs::copy(folder.join(LOCK), folder.join(STAMP)).unwrap();
        assert_eq!(state(&folder), Some("as package-lock.json says"));
        fs::write(folder.join(LOCK), "two").unwrap();
        assert_eq!(state(&folder), None);
        fs::remove_dir_all(folder).unwrap();
    }
}
