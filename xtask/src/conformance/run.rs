//! One run of the suite: the server, the browser, the page, and the raw results that it posts.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::browser::Browser;
use super::collector::Collector;
use super::score::Scores;
use super::server::Server;
use super::stage::Stage;
use crate::pack;
use crate::setup::Need;
use crate::shell::Shell;

/// A run takes 45 to 60 s on two cores, most of it waiting for answers to become stale. This is for machines with much else to do.
const PATIENCE: Duration = Duration::from_secs(480);

#[derive(Debug)]
pub(super) struct Run {
    pub(super) browser: Browser,
    /// Another than the pinned one.
    pub(super) suite: Option<PathBuf>,
    /// The browser's own cache instead of Tidegate's.
    pub(super) native: bool,
    /// A new life of the page for every request of a test after its first.
    pub(super) reload: bool,
}

impl Run {
    pub(super) fn needs(&self) -> Vec<Need> {
        let mut needs = vec![Need::Node, Need::CacheTests];
        needs.push(match self.browser {
            Browser::Chromium => Need::Browser,
            Browser::Firefox => Need::Firefox,
        });
        if !self.native {
            needs.extend(pack::NEEDS);
        }
        needs
    }

    /// Runs the suite and scores what came of it.
    pub(super) fn scores(&self, sh: &Shell) -> Result<Scores> {
        if !self.native {
            pack::fill(sh)?;
        }
        let stage = Stage::set(sh, self.suite.as_deref(), !self.native)?;
        let report = self.report(sh, &stage)?;
        let file = stage.folder.join(format!("{}.json", self.name()));
        fs::write(&file, results(&report)?)?;
        eprintln!("raw results: {}", file.display());
        Scores::of(sh, &stage, &file)
    }

    fn name(&self) -> String {
        let native = if self.native { "-native" } else { "" };
        let reload = if self.reload { "-reload" } else { "" };
        format!("{}{native}{reload}", self.browser.name())
    }

    /// What the page posts.
    fn report(&self, sh: &Shell, stage: &Stage) -> Result<String> {
        let mut server = Server::start(sh, stage)?;
        let collector = Collector::start()?;
        let address = format!(
            "http://127.0.0.1:{}/page/index.html?cache={}&reload={}&engine={}&collector={}",
            server.port(),
            if self.native { "native" } else { "tidegate" },
            if self.reload { "yes" } else { "no" },
            stage.engine,
            collector.port(),
        );
        let mut browser = self.browser.open(sh, &stage.folder, &address)?;
        let name = self.browser.name();
        eprintln!("The suite runs in {name}: it takes a minute.");
        let began = Instant::now();
        loop {
            if let Some(report) = collector.posted()? {
                eprintln!("It took {:.0} s.", began.elapsed().as_secs_f64());
                return Ok(report);
            }
            if browser.ended()? {
                bail!("{name} ended before the suite did");
            }
            if server.ended()? {
                bail!("the suite's server ended before the suite did");
            }
            if began.elapsed() > PATIENCE {
                bail!("the suite is not done after {PATIENCE:?}");
            }
        }
    }
}

/// In the suite's own words.
///
/// # Errors
/// What went wrong in the page.
fn results(report: &str) -> Result<String> {
    let report: serde_json::Value =
        serde_json::from_str(report).context("the page posted no JSON")?;
    if let Some(error) = report["error"].as_str() {
        bail!("the page says: {error}");
    }
    Ok(serde_json::to_string_pretty(&report["results"])?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_wrong_in_the_page_is_an_error_here() {
        let error = results(r#"{"error": "no engine"}"#).unwrap_err();
        assert!(error.to_string().contains("no engine"), "{error}");
        let found = results(r#"{"results": {"stale-503": true}}"#).unwrap();
        assert!(found.contains("stale-503"), "{found}");
    }

    #[test]
    fn the_browsers_own_cache_needs_no_package() {
        let run = |native| Run {
            browser: Browser::Firefox,
            suite: None,
            native,
            reload: false,
        };
        assert!(!run(true).needs().contains(&Need::Wasm32));
        assert!(run(false).needs().contains(&Need::Wasm32));
        assert!(!run(false).needs().contains(&Need::Browser));
    }
}
