//! A browser without a window and without a driver, on a page, with a profile that knows nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::str::FromStr;

use anyhow::{Context, Result};

use crate::running::Running;
use crate::setup::{browser, firefox};
use crate::shell::{Cmd, Shell};
use crate::version::Version;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Browser {
    Chromium,
    Firefox,
}

/// What keeps Chromium to the page, also as root in a container.
const CHROMIUM: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
];

/// What keeps Firefox to the page: no proxy, and none of the errands that it runs by itself.
const FIREFOX: &str = r#"user_pref("app.normandy.enabled", false);
user_pref("app.update.auto", false);
user_pref("browser.aboutwelcome.enabled", false);
user_pref("browser.region.update.enabled", false);
user_pref("browser.safebrowsing.downloads.remote.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("extensions.update.enabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("network.proxy.type", 0);
user_pref("toolkit.telemetry.enabled", false);
"#;

/// Ends with its handle, and its profile with it.
#[derive(Debug)]
pub(super) struct Open {
    running: Running,
    profile: PathBuf,
}

impl Browser {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
        }
    }

    /// Its name and version, as in `Firefox 153`.
    pub(super) fn version(self, sh: &Shell) -> Result<String> {
        let text = self.program(sh)?.arg("--version").read()?;
        let version = Version::within(&text).context("the browser does not say its version")?;
        let name = match self {
            Self::Chromium => "Chromium",
            Self::Firefox => "Firefox",
        };
        Ok(format!("{name} {}", version.major))
    }

    pub(super) fn open(self, sh: &Shell, folder: &Path, address: &str) -> Result<Open> {
        let profile = folder.join("profile");
        if profile.exists() {
            fs::remove_dir_all(&profile)?;
        }
        fs::create_dir_all(&profile)?;
        let program = self.program(sh)?;
        let program = match self {
            Self::Chromium => program
                .args(CHROMIUM)
                .arg(format!("--user-data-dir={}", profile.display())),
            Self::Firefox => {
                fs::write(profile.join("user.js"), FIREFOX)?;
                program
                    .words("--headless --no-remote --profile")
                    .arg(&profile)
            }
        };
        let log = fs::File::create(folder.join(format!("{}.log", self.name())))?;
        let running = program
            .arg(address)
            .errors_to(log)
            .start(Stdio::null(), Stdio::null())?;
        Ok(Open { running, profile })
    }

    fn program(self, sh: &Shell) -> Result<Cmd> {
        let file = match self {
            Self::Chromium => browser::located(sh)?.chrome,
            Self::Firefox => firefox::located(sh)?,
        };
        Ok(sh.cmd(&file.to_string_lossy()))
    }
}

impl FromStr for Browser {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        match word {
            "chromium" => Ok(Self::Chromium),
            "firefox" => Ok(Self::Firefox),
            _ => Err(()),
        }
    }
}

impl Open {
    pub(super) fn ended(&mut self) -> Result<bool> {
        Ok(self.running.ended()?.is_some())
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.running.end();
        // Its other processes may still be writing as they end. What stays goes before the next run.
        let _ = fs::remove_dir_all(&self.profile);
    }
}
