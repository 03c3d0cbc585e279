//! What was measured once and is expected from then on: a file beside the page, one for each browser.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::score::{Kind, Scores, Test, Verdict};

#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Record {
    /// The browser that it was measured in.
    pub(super) browser: String,
    pub(super) required: Passes,
    pub(super) optimal: Passes,
    /// What a cache does where there is no right or wrong.
    pub(super) check: BTreeMap<String, Verdict>,
}

#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Passes {
    pub(super) pass: usize,
    pub(super) not_passed: BTreeSet<String>,
}

impl Record {
    /// `None` where nothing was written down yet.
    pub(super) fn read(file: &Path) -> Result<Option<Self>> {
        let text = match fs::read(file) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).with_context(|| format!("reading {}", file.display())),
        };
        let record = serde_json::from_slice(&text);
        Ok(Some(
            record.with_context(|| format!("reading {}", file.display()))?,
        ))
    }

    pub(super) fn of(scores: &Scores, browser: String) -> Self {
        Self {
            browser,
            required: Passes::of(scores, Kind::Required),
            optimal: Passes::of(scores, Kind::Optimal),
            check: scores
                .of_kind(Kind::Check)
                .map(|test| (test.id.clone(), test.verdict))
                .collect(),
        }
    }

    pub(super) fn write(&self, file: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self)? + "\n";
        fs::write(file, text).with_context(|| format!("writing {}", file.display()))
    }

    /// What it says of a test: for a required or an optimal one, whether it passes.
    pub(super) fn verdict(&self, test: &Test) -> Option<Verdict> {
        let passes = match test.kind {
            Kind::Check => return self.check.get(&test.id).copied(),
            Kind::Optimal => &self.optimal,
            Kind::Required => &self.required,
        };
        Some(match passes.not_passed.contains(&test.id) {
            true => Verdict::Fail,
            false => Verdict::Pass,
        })
    }
}

impl Passes {
    fn of(scores: &Scores, kind: Kind) -> Self {
        let (passed, not_passed): (Vec<_>, Vec<_>) = scores
            .of_kind(kind)
            .partition(|test| test.verdict == Verdict::Pass);
        Self {
            pass: passed.len(),
            not_passed: not_passed.into_iter().map(|test| test.id.clone()).collect(),
        }
    }
}
