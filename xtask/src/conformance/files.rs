//! Where it is written down what was measured and what is expected: in tests/conformance, by browser.

use std::path::PathBuf;

use anyhow::Result;

use super::list::Reasons;
use super::record::Record;
use super::reload::Exceptions;
use super::run::Run;
use crate::site::Site;

#[derive(Debug)]
pub(super) struct Files {
    folder: PathBuf,
    browser: &'static str,
    native: bool,
}

impl Files {
    pub(super) fn of(run: &Run, site: &Site) -> Self {
        Self {
            folder: site.root.join("tests/conformance"),
            browser: run.browser.name(),
            native: run.native,
        }
    }

    /// What a run without a reload is compared with. Of the browser's own cache it is what it did, and nothing is expected.
    pub(super) fn record(&self) -> PathBuf {
        let whose = if self.native { "native" } else { "expected" };
        self.folder.join(format!("{whose}-{}.json", self.browser))
    }

    pub(super) fn exceptions(&self) -> PathBuf {
        let whose = if self.native { "native" } else { "expected" };
        let name = format!("{whose}-{}-reload.json", self.browser);
        self.folder.join(name)
    }

    /// What the browser's own cache did.
    pub(super) fn native(&self) -> Result<Option<Record>> {
        Record::read(&self.folder.join(format!("native-{}.json", self.browser)))
    }

    pub(super) fn reasons(&self) -> Result<Reasons> {
        Reasons::read(&self.folder)
    }

    pub(super) fn expected_of_reload(&self, run: &Run) -> Result<Exceptions> {
        match run.reload {
            true => Exceptions::expected(&self.exceptions()),
            false => Ok(Exceptions::default()),
        }
    }
}
