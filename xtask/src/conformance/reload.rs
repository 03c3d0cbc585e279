//! What a reload changes, test by test, each with its reason; everything else is expected as without one.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use super::record::Record;
use super::score::{Scores, Verdict};

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(transparent)]
pub(super) struct Exceptions {
    tests: BTreeMap<String, Exception>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Exception {
    verdict: Verdict,
    because: String,
}

impl Exceptions {
    /// None where there is no file.
    ///
    /// # Errors
    /// When one has no reason.
    pub(super) fn expected(file: &Path) -> Result<Self> {
        let exceptions = Self::read(file)?;
        for (id, exception) in &exceptions.tests {
            if exception.because.is_empty() {
                bail!("{} gives no reason for {id}", file.display());
            }
        }
        Ok(exceptions)
    }

    pub(super) fn read(file: &Path) -> Result<Self> {
        match fs::read(file) {
            Ok(text) => {
                serde_json::from_slice(&text).with_context(|| format!("reading {}", file.display()))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error).with_context(|| format!("reading {}", file.display())),
        }
    }

    pub(super) fn verdict(&self, id: &str) -> Option<Verdict> {
        self.tests.get(id).map(|exception| exception.verdict)
    }

    /// What differs now. A reason that was given stays; a new one has to be.
    pub(super) fn updated(&self, record: &Record, scores: &Scores) -> Self {
        let differs = |id: &str, verdict: Verdict| {
            let known = self.tests.get(id);
            let because = known.map_or_else(String::new, |known| known.because.clone());
            (id.to_owned(), Exception { verdict, because })
        };
        let tests = scores
            .tests()
            .filter(|test| record.verdict(test) != Some(test.verdict.plain(test.kind)))
            .map(|test| differs(&test.id, test.verdict.plain(test.kind)))
            .collect();
        Self { tests }
    }

    /// Removes the file where nothing differs.
    pub(super) fn write(&self, file: &Path) -> Result<()> {
        if self.tests.is_empty() {
            return match fs::remove_file(file) {
                Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
                _ => Ok(()),
            };
        }
        let text = serde_json::to_string_pretty(self)? + "\n";
        fs::write(file, text).with_context(|| format!("writing {}", file.display()))
    }
}
