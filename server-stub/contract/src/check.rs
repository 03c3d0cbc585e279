//! The door for fault programs: what is unknown or out of range is refused, by path.
//!
//! The limits keep one stub on one laptop sane rather than model anything: ten minutes is longer than any client waits, a day is longer
//! than any demonstration, 64 rules are more than anybody reads.

use std::fmt;

use crate::fault::{Fault, FaultProgram, Match, RetryAfter, Rule, Window};

const MAX_SEED: u64 = (1 << 53) - 1;
const MAX_RULES: usize = 64;
const MAX_NAME: usize = 64;
const MAX_PATTERN: usize = 200;
const MAX_DELAY_MS: u64 = 600_000;
const MAX_WINDOW_MS: u64 = 86_400_000;
const MAX_RETRY_AFTER_S: u64 = 86_400;

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
        /// Where, such as `rules[0].then.code`.
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
    /// let text = r#"{"seed":1,"rules":[{"name":"gone","then":{"kind":"status","code":200}}]}"#;
    /// let error = FaultProgram::from_json(text).unwrap_err();
    /// assert_eq!(error.to_string(), "rules[0].then.code must be 400 to 599, not 200");
    /// ```
    ///
    /// # Errors
    /// Whatever is unknown, missing, of another type or out of range, with its path.
    pub fn from_json(text: &str) -> Result<FaultProgram, ProgramError> {
        let mut source = serde_json::Deserializer::from_str(text);
        let program: FaultProgram =
            serde_path_to_error::deserialize(&mut source).map_err(|error| {
                ProgramError::Malformed {
                    path: error.path().to_string(),
                    message: error.inner().to_string(),
                }
            })?;
        source.end().map_err(|error| ProgramError::Malformed {
            path: ".".to_owned(),
            message: error.to_string(),
        })?;
        program.check()?;
        Ok(program)
    }

    /// Whether every value is in its range.
    ///
    /// # Errors
    /// The first value that is not, with its path.
    pub fn check(&self) -> Result<(), ProgramError> {
        range("seed", self.seed, 0, MAX_SEED)?;
        if self.rules.len() > MAX_RULES {
            let accepted = format!("at most {MAX_RULES} rules");
            return refuse("rules".to_owned(), accepted, self.rules.len());
        }
        for (index, rule) in self.rules.iter().enumerate() {
            let path = format!("rules[{index}]");
            check_rule(&path, rule)?;
            if self.rules[..index]
                .iter()
                .any(|other| other.name == rule.name)
            {
                let accepted = "unlike the other names".to_owned();
                return refuse(format!("{path}.name"), accepted, &rule.name);
            }
        }
        Ok(())
    }
}

fn check_rule(path: &str, rule: &Rule) -> Result<(), ProgramError> {
    if !(1..=MAX_NAME).contains(&rule.name.len()) {
        let accepted = format!("1 to {MAX_NAME} bytes long");
        return refuse(format!("{path}.name"), accepted, rule.name.len());
    }
    check_match(&format!("{path}.when"), &rule.when)?;
    let then = format!("{path}.then");
    match rule.then {
        Fault::Hang | Fault::Refuse => Ok(()),
        Fault::Latency { ms, jitter_ms } => {
            range(&format!("{then}.ms"), ms, 0, MAX_DELAY_MS)?;
            range(&format!("{then}.jitterMs"), jitter_ms, 0, ms)
        }
        Fault::Status { code, retry_after } => {
            range(&format!("{then}.code"), code.into(), 400, 599)?;
            match retry_after {
                None => Ok(()),
                Some(RetryAfter::DateInSeconds(seconds)) => range(
                    &format!("{then}.retryAfter.dateInSeconds"),
                    seconds.into(),
                    0,
                    MAX_RETRY_AFTER_S,
                ),
                Some(RetryAfter::Seconds(seconds)) => range(
                    &format!("{then}.retryAfter.seconds"),
                    seconds.into(),
                    0,
                    MAX_RETRY_AFTER_S,
                ),
            }
        }
    }
}

fn check_match(path: &str, when: &Match) -> Result<(), ProgramError> {
    let pattern = when.path.as_str();
    if !(1..=MAX_PATTERN).contains(&pattern.len()) {
        let accepted = format!("1 to {MAX_PATTERN} bytes long");
        return refuse(format!("{path}.path"), accepted, pattern.len());
    }
    if let Some(method) = &when.method
        && (!(1..=16).contains(&method.len()) || !method.bytes().all(|b| b.is_ascii_uppercase()))
    {
        let accepted = "a method in capitals, such as GET".to_owned();
        return refuse(format!("{path}.method"), accepted, method);
    }
    range(
        &format!("{path}.share"),
        when.share.into(),
        0,
        Match::ALL.into(),
    )?;
    check_window(&format!("{path}.window"), when.window)
}

fn check_window(path: &str, window: Window) -> Result<(), ProgramError> {
    let last = window.every_ms.unwrap_or(MAX_WINDOW_MS);
    if let Some(every) = window.every_ms {
        range(&format!("{path}.everyMs"), every, 1, MAX_WINDOW_MS)?;
    }
    range(
        &format!("{path}.fromMs"),
        window.from_ms,
        0,
        last.saturating_sub(1),
    )?;
    if let Some(to) = window.to_ms {
        range(&format!("{path}.toMs"), to, window.from_ms + 1, last)?;
    }
    Ok(())
}

fn range(path: &str, found: u64, least: u64, most: u64) -> Result<(), ProgramError> {
    if (least..=most).contains(&found) {
        return Ok(());
    }
    refuse(path.to_owned(), format!("{least} to {most}"), found)
}

fn refuse<T>(path: String, accepted: String, found: impl fmt::Display) -> Result<T, ProgramError> {
    Err(ProgramError::OutOfRange {
        path,
        accepted,
        found: found.to_string(),
    })
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
