//! The door for fault programs: what is unknown or out of range is refused, by path.
//!
//! The limits keep one stub on one laptop sane rather than model anything: ten minutes is longer than any client waits, a day is longer
//! than any demonstration, 64 rules are more than anybody reads.

use std::fmt;

use serde::de::DeserializeOwned;

use crate::fault::{FaultProgram, Health};
use crate::rule_check;

const MAX_SEED: u64 = (1 << 53) - 1;
const MAX_RULES: usize = 64;
const MAX_MOMENTS: usize = 256;
const MAX_QUOTA: u64 = 1_000_000;
/// A day.
pub(crate) const MAX_WINDOW_MS: u64 = 86_400_000;
/// Ten minutes.
pub(crate) const MAX_DELAY_MS: u64 = 600_000;

/// Why a fault program was refused.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ProgramError {
    /// It does not have the shape of a program: not JSON, a field that is unknown, missing or of another type.
    Malformed {
        /// Where, such as `rules[0].when`.
        path: String,
        /// What the parser says, with what it would have taken.
        message: String,
    },
    /// A value is not among those accepted.
    OutOfRange {
        /// Where, such as `rules[0].then[0].code`.
        path: String,
        /// What would have been accepted.
        accepted: String,
        /// What was there instead.
        found: String,
    },
}

impl ProgramError {
    /// Where in the program the fault lies.
    #[must_use]
    pub fn path(&self) -> &str {
        match self {
            ProgramError::Malformed { path, .. } | ProgramError::OutOfRange { path, .. } => path,
        }
    }
}

impl fmt::Display for ProgramError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProgramError::Malformed { path, message } => write!(f, "{path}: {message}"),
            ProgramError::OutOfRange {
                path,
                accepted,
                found,
            } => write!(f, "{path} must be {accepted}, not {found}"),
        }
    }
}

impl std::error::Error for ProgramError {}

impl FaultProgram {
    /// Reads a program from JSON and checks it.
    ///
    /// ```
    /// use tidegate_contract::FaultProgram;
    /// let text = r#"{"seed":1,"rules":[{"name":"gone","then":[{"kind":"status","code":200}]}]}"#;
    /// let error = FaultProgram::from_json(text).unwrap_err();
    /// assert_eq!(error.to_string(), "rules[0].then[0].code must be 400 to 599, not 200");
    /// ```
    ///
    /// # Errors
    /// Whatever is unknown, missing, of another type or out of range, with its path.
    pub fn from_json(text: &str) -> Result<FaultProgram, ProgramError> {
        let program: FaultProgram = from_json(text)?;
        program.check()?;
        Ok(program)
    }

    /// Whether every value is in its range.
    ///
    /// # Errors
    /// The first value that is not, with its path.
    pub fn check(&self) -> Result<(), ProgramError> {
        range("seed", self.seed, 0, MAX_SEED)?;
        self.backend.check_at("backend.")?;
        if let Some(quota) = self.quota {
            range("quota.limit", quota.limit, 1, MAX_QUOTA)?;
            range("quota.windowMs", quota.window_ms, 1, MAX_WINDOW_MS)?;
        }
        match self.health {
            Health::Flapping { every_ms } => {
                range("health.flapping.everyMs", every_ms, 1, MAX_WINDOW_MS)?;
            }
            Health::Slow { ms } => range("health.slow.ms", ms, 0, MAX_DELAY_MS)?,
            Health::AlwaysFailing | Health::AlwaysFine | Health::Honest | Health::ThroughPool => {}
        }
        self.feed.check("feed")?;
        at_most("rules", self.rules.len(), MAX_RULES)?;
        for (index, rule) in self.rules.iter().enumerate() {
            let path = format!("rules[{index}]");
            rule_check::rule(&path, rule)?;
            if self.rules[..index]
                .iter()
                .any(|other| other.name == rule.name)
            {
                let accepted = "unlike the other names".to_owned();
                return refuse(format!("{path}.name"), accepted, &rule.name);
            }
        }
        // A moment that can be written down is in range.
        at_most("script", self.script.len(), MAX_MOMENTS)
    }
}

/// Reads JSON to its end, and says where it is not what was expected. Whether the values are in range is another question.
///
/// # Errors
/// Whatever is unknown, missing or of another type, with its path.
pub fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, ProgramError> {
    let mut source = serde_json::Deserializer::from_str(text);
    let value =
        serde_path_to_error::deserialize(&mut source).map_err(|error| ProgramError::Malformed {
            path: error.path().to_string(),
            message: error.inner().to_string(),
        })?;
    source.end().map_err(|error| ProgramError::Malformed {
        path: ".".to_owned(),
        message: error.to_string(),
    })?;
    Ok(value)
}

/// A list, or a text in bytes, that is not too long.
pub(crate) fn at_most(path: &str, found: usize, most: usize) -> Result<(), ProgramError> {
    if found <= most {
        return Ok(());
    }
    refuse(path.to_owned(), format!("at most {most} long"), found)
}

pub(crate) fn range(path: &str, found: u64, least: u64, most: u64) -> Result<(), ProgramError> {
    if (least..=most).contains(&found) {
        return Ok(());
    }
    refuse(path.to_owned(), format!("{least} to {most}"), found)
}

pub(crate) fn refuse<T>(
    path: String,
    accepted: String,
    found: impl fmt::Display,
) -> Result<T, ProgramError> {
    Err(ProgramError::OutOfRange {
        path,
        accepted,
        found: found.to_string(),
    })
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
