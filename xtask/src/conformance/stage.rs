//! The site that the browser visits, set up in Cargo's output folder: the suite, our page, the npm package as it was built.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::setup::cache_tests;
use crate::shell::Shell;

#[derive(Debug)]
pub(super) struct Stage {
    /// For what a run leaves behind.
    pub(super) folder: PathBuf,
    /// What is served.
    pub(super) site: PathBuf,
    /// Where in the suite its own code is: a checkout of today has it in a folder of its own.
    pub(super) engine: &'static str,
}

const OF_TODAY: &str = "test-engine/";

/// What a checkout has besides the suite.
const NOT_SERVED: &[&str] = &[".git", "node_modules"];

impl Stage {
    /// With the pinned suite unless another is named.
    pub(super) fn set(sh: &Shell, suite: Option<&Path>, with_package: bool) -> Result<Self> {
        let folder = sh.site.target.join("conformance");
        let site = folder.join("site");
        if site.exists() {
            fs::remove_dir_all(&site)?;
        }
        let pinned = cache_tests::suite(&sh.site);
        let suite = suite.unwrap_or(&pinned);
        copy(suite, &site.join("suite"))?;
        copy(
            &sh.site.root.join("tests/conformance/page"),
            &site.join("page"),
        )?;
        if with_package {
            copy(&sh.site.package().join("dist"), &site.join("tidegate"))?;
        }
        let engine = match suite.join(OF_TODAY).is_dir() {
            true => OF_TODAY,
            false => "",
        };
        Ok(Self {
            folder,
            site,
            engine,
        })
    }
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    let entries = fs::read_dir(from).with_context(|| format!("reading {}", from.display()))?;
    for entry in entries {
        let entry = entry?;
        if NOT_SERVED.iter().any(|name| entry.file_name() == *name) {
            continue;
        }
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
