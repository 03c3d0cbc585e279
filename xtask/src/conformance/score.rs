//! What the suite's own rules make of raw results: a verdict for every test.

use std::fmt;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::stage::Stage;
use crate::shell::Shell;

/// By suite, in the suites' order.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(super) struct Scores {
    pub(super) suites: Vec<Suite>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Suite {
    pub(super) id: String,
    pub(super) tests: Vec<Test>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Test {
    pub(super) id: String,
    pub(super) kind: Kind,
    pub(super) verdict: Verdict,
    /// Why it is not passed.
    pub(super) said: String,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    /// What a cache does where there is no right or wrong.
    Check,
    /// What makes a cache better.
    Optimal,
    /// What the standard asks of a cache.
    Required,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Verdict {
    /// A test that it builds on is not passed.
    Dependency,
    Fail,
    Harness,
    No,
    Pass,
    /// The browser sent a request twice.
    Retry,
    /// It did not come to what is tested.
    Setup,
    Untested,
    Yes,
}

impl Scores {
    pub(super) fn of(sh: &Shell, stage: &Stage, results: &Path) -> Result<Self> {
        let text = sh
            .cmd("node")
            .arg("tests/conformance/score.mjs")
            .arg(&stage.site)
            .arg(stage.engine)
            .arg(results)
            .read()?;
        serde_json::from_str(&text).context("reading what the suite makes of the results")
    }

    pub(super) fn tests(&self) -> impl Iterator<Item = &Test> {
        self.suites.iter().flat_map(|suite| &suite.tests)
    }

    pub(super) fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Test> {
        self.tests().filter(move |test| test.kind == kind)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Dependency => "what it builds on is not passed",
            Self::Fail => "fails",
            Self::Harness => "the harness fails",
            Self::No => "no",
            Self::Pass => "passes",
            Self::Retry => "a request was sent twice",
            Self::Setup => "it did not come to what is tested",
            Self::Untested => "was not run",
            Self::Yes => "yes",
        })
    }
}
