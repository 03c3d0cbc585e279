//! The browser, by its own protocol: no driver stands between, so that a tab can be killed while others are at work.

mod chromium;
mod firefox;
mod program;
mod wire;

use std::str::FromStr;

use anyhow::Result;

use chromium::Chromium;
use firefox::Firefox;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    Chromium,
    Firefox,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Chromium => "chromium",
            Kind::Firefox => "firefox",
        }
    }

    /// Whether its protocol can crash a tab, and freeze one.
    pub(crate) fn can_crash_and_freeze(self) -> bool {
        self == Kind::Chromium
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(word: &str) -> Result<Kind, String> {
        match word {
            "chromium" => Ok(Kind::Chromium),
            "firefox" => Ok(Kind::Firefox),
            other => Err(format!("there is no browser `{other}`")),
        }
    }
}

/// Ends with its handle.
#[derive(Debug)]
pub(crate) enum Browser {
    Chromium(Chromium),
    Firefox(Firefox),
}

/// A tab, by the browser's own name for it.
#[derive(Clone, Debug)]
pub(crate) struct Tab {
    target: String,
    session: String,
}

impl Browser {
    pub(crate) async fn start(kind: Kind) -> Result<Browser> {
        Ok(match kind {
            Kind::Chromium => Browser::Chromium(Chromium::start().await?),
            Kind::Firefox => Browser::Firefox(Firefox::start().await?),
        })
    }

    pub(crate) async fn open(&self, address: &str) -> Result<Tab> {
        match self {
            Browser::Chromium(browser) => browser.open(address).await,
            Browser::Firefox(browser) => browser.open(address).await,
        }
    }

    pub(crate) async fn close(&self, tab: &Tab) -> Result<()> {
        match self {
            Browser::Chromium(browser) => browser.close(tab).await,
            Browser::Firefox(browser) => browser.close(tab).await,
        }
    }

    /// Ends the process that runs it, in the middle of whatever it does; then its window goes too.
    pub(crate) async fn crash(&self, tab: &Tab) -> Result<()> {
        match self {
            Browser::Chromium(browser) => browser.crash(tab).await,
            Browser::Firefox(browser) => browser.close(tab).await,
        }
    }

    pub(crate) async fn reload(&self, tab: &Tab) -> Result<()> {
        match self {
            Browser::Chromium(browser) => browser.reload(tab).await,
            Browser::Firefox(browser) => browser.reload(tab).await,
        }
    }

    /// Stops its page, as is done to those that nobody has looked at for long.
    pub(crate) async fn freeze(&self, tab: &Tab) -> Result<()> {
        match self {
            Browser::Chromium(browser) => browser.lifecycle(tab, "frozen").await,
            Browser::Firefox(_) => Ok(()),
        }
    }

    pub(crate) async fn wake(&self, tab: &Tab) -> Result<()> {
        match self {
            Browser::Chromium(browser) => browser.lifecycle(tab, "active").await,
            Browser::Firefox(_) => Ok(()),
        }
    }

    /// Tabs that crashed without being asked to, because they shared a process with one that was, by their addresses' names; told once.
    pub(crate) fn lost(&self) -> Vec<String> {
        match self {
            Browser::Chromium(browser) => browser.lost(),
            Browser::Firefox(_) => Vec::new(),
        }
    }

    pub(crate) async fn quit(self) {
        match self {
            Browser::Chromium(browser) => browser.quit().await,
            Browser::Firefox(browser) => browser.quit().await,
        }
    }
}

impl Tab {
    /// Whether this is the browser's name for it.
    pub(crate) fn is(&self, target: &str) -> bool {
        self.target == target
    }
}
