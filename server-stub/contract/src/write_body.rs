//! The bodies of writes, checked at the door.
//!
//! What is unknown, missing, too long or of another type is refused with its path: a client that misspells a field learns it from the
//! answer, not from data that did not change.

use std::fmt;

use serde::de::DeserializeOwned;

/// A body that a write may have.
pub trait WriteBody: DeserializeOwned {
    /// Whether every value is in its range.
    ///
    /// # Errors
    /// The first value that is not, with its path.
    fn check(&self) -> Result<(), BodyError>;

    /// Reads a body from JSON and checks it.
    ///
    /// ```
    /// use tidegate_contract::{AssetPatch, WriteBody};
    /// let error = AssetPatch::from_json(br#"{"ovner":"Mei Kim"}"#).unwrap_err();
    /// assert!(error.to_string().contains("ovner"), "{error}");
    /// ```
    ///
    /// # Errors
    /// What is wrong with it, with its path.
    fn from_json(bytes: &[u8]) -> Result<Self, BodyError> {
        let mut source = serde_json::Deserializer::from_slice(bytes);
        let body: Self = serde_path_to_error::deserialize(&mut source)
            .map_err(|error| BodyError(format!("{}: {}", error.path(), error.inner())))?;
        source
            .end()
            .map_err(|error| BodyError(format!(".: {error}")))?;
        body.check()?;
        Ok(body)
    }
}

/// What is wrong with a body, in a sentence.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BodyError(String);

impl BodyError {
    pub(crate) fn new(
        path: &str,
        accepted: impl fmt::Display,
        found: impl fmt::Display,
    ) -> BodyError {
        BodyError(format!("{path} must be {accepted}, not {found}"))
    }
}

impl fmt::Display for BodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BodyError {}

/// Refuses an empty text, and one with more than `most` characters.
pub(crate) fn text(path: &str, text: &str, most: usize) -> Result<(), BodyError> {
    let length = text.chars().count();
    if text.trim().is_empty() || length > most {
        let accepted = format!("1 to {most} characters");
        return Err(BodyError::new(path, accepted, length));
    }
    Ok(())
}

/// Refuses a list that is too long, and what `each` refuses.
pub(crate) fn list<T>(
    path: &str,
    items: &[T],
    most: usize,
    each: impl Fn(&str, &T) -> Result<(), BodyError>,
) -> Result<(), BodyError> {
    if items.len() > most {
        let accepted = format!("a list of at most {most}");
        return Err(BodyError::new(path, accepted, items.len()));
    }
    items
        .iter()
        .enumerate()
        .try_for_each(|(index, item)| each(&format!("{path}[{index}]"), item))
}
