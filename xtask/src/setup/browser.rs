//! Chromium and the driver that tests steer it with. Their major versions must be equal.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::{Found, Requirement, apt};
use crate::shell::Shell;
use crate::site::{named, on_path};
use crate::version::Version;

const BROWSERS: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];
const PACKAGES: &[&str] = &["chromium", "chromium-driver", "fonts-liberation"];

#[derive(Debug, PartialEq)]
pub(crate) struct Browser {
    pub(crate) chrome: PathBuf,
    pub(crate) driver: PathBuf,
}

pub(super) struct Chromium;

impl Requirement for Chromium {
    fn name(&self) -> String {
        "Chromium and its driver".to_owned()
    }

    fn why(&self) -> &'static str {
        "the browser tests run in it"
    }

    fn find(&self, sh: &Shell) -> Option<Found> {
        let (browser, version) = search(sh)?;
        let what = format!("{}, {}", version.major, browser.chrome.display());
        Some(Found::new(what))
    }

    fn install(&self, sh: &Shell) -> Result<()> {
        apt::install(sh, PACKAGES)
    }

    fn by_hand(&self) -> String {
        "install Chromium or Chrome and a chromedriver of the same major version,\n\
         on PATH or named by the variables CHROME and CHROMEDRIVER"
            .to_owned()
    }
}

/// The browser that tests use.
pub(crate) fn located(sh: &Shell) -> Result<Browser> {
    let (browser, _) = search(sh).context("there is no Chromium with a driver of its version")?;
    Ok(browser)
}

fn search(sh: &Shell) -> Option<(Browser, Version)> {
    let browser = Browser {
        chrome: named("CHROME").or_else(|| BROWSERS.iter().find_map(|name| on_path(name)))?,
        driver: named("CHROMEDRIVER").or_else(|| on_path("chromedriver"))?,
    };
    let says = |file: &PathBuf| {
        let text = sh.cmd(file.to_str()?).arg("--version").read().ok()?;
        Version::within(&text)
    };
    let version = says(&browser.chrome)?;
    (says(&browser.driver)?.major == version.major).then_some((browser, version))
}
