//! Errors as RFC 9457 words them: `application/problem+json`.

use serde::{Deserialize, Serialize};

/// The body of an answer that says what is wrong.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// What kind of problem it is, as a URI: `tag:tidegate,2026:` and a word such as `not-found`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in a few words, always the same for one kind.
    pub title: String,
    /// The status of the answer.
    pub status: u16,
    /// What happened this time.
    pub detail: String,
    /// The rule of the fault program that made this answer, when one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The entity tag that would have been right, when `If-Match` named another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current_etag: Option<Box<str>>,
}

impl Problem {
    /// The media type of a problem.
    pub const MEDIA_TYPE: &str = "application/problem+json";

    /// A problem of the kind `word`.
    ///
    /// ```
    /// use tidegate_contract::Problem;
    /// let problem = Problem::new(404, "not-found", "Not found", "there is no asset ds-1");
    /// assert_eq!(problem.kind, "tag:tidegate,2026:not-found");
    /// ```
    #[must_use]
    pub fn new(status: u16, word: &str, title: &str, detail: impl Into<String>) -> Problem {
        Problem {
            kind: format!("tag:tidegate,2026:{word}"),
            title: title.to_owned(),
            status,
            detail: detail.into(),
            rule: None,
            current_etag: None,
        }
    }

    /// The same problem, made by the rule of this name.
    #[must_use]
    pub fn with_rule(mut self, rule: &str) -> Problem {
        self.rule = Some(rule.to_owned());
        self
    }
}
