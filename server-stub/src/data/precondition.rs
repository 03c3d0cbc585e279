//! `If-Match`: a write that only happens when the client knew what it was writing over.
//!
//! RFC 9110, 13.1.1: a list of tags, compared strongly, or `*`, which any existing thing fulfils. Checked under the lock under which
//! the write happens, so that of two writes with the same tag one is refused.

use axum::http::{HeaderMap, header};
use serde::Serialize;

use super::refusal::Refusal;
use crate::answer::tag_of;

/// What has to be true before a write.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Precondition {
    /// Nothing: the last write wins.
    None,
    /// The tag is one of these.
    OneOf(Vec<String>),
}

impl Precondition {
    /// The condition of a request.
    pub(crate) fn of(headers: &HeaderMap) -> Precondition {
        let mut known = Vec::new();
        let mut asked = false;
        for value in headers.get_all(header::IF_MATCH) {
            asked = true;
            // What is not text matches nothing, but was asked for.
            let tags = value.to_str().unwrap_or_default().split(',');
            known.extend(tags.map(|tag| tag.trim().to_owned()));
        }
        if !asked || known.iter().any(|tag| tag == "*") {
            return Precondition::None;
        }
        Precondition::OneOf(known)
    }

    /// Refuses when the thing that is there is not the one that the client knew.
    pub(super) fn check<T: Serialize>(&self, there_is: impl FnOnce() -> T) -> Result<(), Refusal> {
        let Precondition::OneOf(known) = self else {
            return Ok(());
        };
        let current = tag_of(&there_is());
        if known.contains(&current) {
            return Ok(());
        }
        Err(Refusal::Stale { current })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(if_match: Option<&str>) -> Result<(), Refusal> {
        let mut headers = HeaderMap::new();
        if let Some(value) = if_match {
            headers.insert(header::IF_MATCH, value.parse().unwrap());
        }
        Precondition::of(&headers).check(|| "body")
    }

    #[test]
    fn tags_are_compared_strongly() {
        let current = tag_of(&"body");
        assert_eq!(check(None), Ok(()));
        assert_eq!(check(Some("*")), Ok(()));
        assert_eq!(check(Some(&current)), Ok(()));
        assert_eq!(check(Some(&format!("\"x\", {current}"))), Ok(()));
        for stale in ["\"x\"".to_owned(), format!("W/{current}"), String::new()] {
            let current = current.clone();
            assert_eq!(
                check(Some(&stale)),
                Err(Refusal::Stale { current }),
                "{stale}"
            );
        }
    }
}
