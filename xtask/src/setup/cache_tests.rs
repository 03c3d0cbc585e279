//! The HTTP cache tests (cache-tests.fyi), from npm: tests/conformance/package.json and its lock pin them.
//!
//! They are kept in the tool cache with the lock they were installed from, and nothing of them is in the repository.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::{Found, Requirement};
use crate::shell::Shell;
use crate::site::Site;
use crate::version::Version;

const LOCK: &str = "package-lock.json";
/// What npm reads to install them.
const PINS: &[&str] = &["package.json", LOCK, "unneeded/package.json"];

pub(super) struct CacheTests;

impl Requirement for CacheTests {
    fn name(&self) -> String {
        "HTTP cache tests".to_owned()
    }

    fn why(&self) -> &'static str {
        "they judge the cache by the standard, as they judge browsers"
    }

    fn find(&self, sh: &Shell) -> Option<Found> {
        let version = version(&suite(&sh.site))?;
        let lock = |folder: &Path| fs::read(folder.join(LOCK)).ok();
        let is_pinned = lock(&folder(&sh.site))? == lock(&pins(&sh.site))?;
        is_pinned.then(|| Found::new(format!("{version}, {}", folder(&sh.site).display())))
    }

    fn install(&self, sh: &Shell) -> Result<()> {
        let folder = folder(&sh.site);
        // Beside its place first: a download that breaks off is never taken for the suite.
        let partial = sh
            .site
            .cache
            .join(format!("partial-tests-{}", std::process::id()));
        for pin in PINS {
            let copy = partial.join(pin);
            fs::create_dir_all(copy.parent().unwrap_or(&partial))?;
            fs::copy(pins(&sh.site).join(pin), copy)?;
        }
        sh.cmd("npm")
            .words("ci --ignore-scripts --no-audit --no-fund")
            .within(&partial)
            .run_patiently("installing the HTTP cache tests")?;
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::rename(&partial, &folder).with_context(|| format!("moving to {}", folder.display()))
    }

    fn by_hand(&self) -> String {
        "`npm ci` in tests/conformance has to work: it needs npm and its registry".to_owned()
    }
}

/// Where the suite is, once it is there.
pub(crate) fn suite(site: &Site) -> PathBuf {
    folder(site).join("node_modules/http-cache-tests")
}

fn version(suite: &Path) -> Option<Version> {
    let text = fs::read(suite.join("package.json")).ok()?;
    let manifest: serde_json::Value = serde_json::from_slice(&text).ok()?;
    Version::within(manifest["version"].as_str()?)
}

fn pins(site: &Site) -> PathBuf {
    site.root.join("tests/conformance")
}

fn folder(site: &Site) -> PathBuf {
    site.cache.join("http-cache-tests")
}
