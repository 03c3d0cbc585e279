//! One word, read and checked.

use alloc::boxed::Box;

use super::dictionary::{Dictionary, Item};
use super::error::WordError;
use crate::time::Millis;

/// A path on the server's own origin, to be asked instead of trying with real requests.
///
/// Another origin cannot be named: the path begins with one slash, and what browsers take for a second one (`\`) or drop (tabs, line
/// ends) is not accepted.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ProbePath(Box<str>);

impl ProbePath {
    /// The longest path, in bytes.
    pub const LONGEST: usize = 128;

    /// The path, if it is one.
    #[must_use]
    pub fn new(path: &str) -> Option<ProbePath> {
        let plain = path
            .bytes()
            .all(|byte| matches!(byte, b'!'..=b'~') && !b"\"#\\".contains(&byte));
        let absolute = path.starts_with('/') && !path.starts_with("//");
        (plain && absolute && path.len() <= ProbePath::LONGEST).then(|| ProbePath(path.into()))
    }

    /// The path as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a server says of itself.
///
/// ```
/// use tidegate_core::{Millis, Word, WordError};
/// let word = Word::parse("level=340, wait=1200, retries=?0")?;
/// assert_eq!((word.level, word.wait, word.retries), (340, Millis(1_200), false));
/// let error = Word::parse("level=340, embargo=86400").unwrap_err();
/// assert_eq!(error, WordError::OutOfRange { member: "embargo", least: 0, most: 300, found: 86_400 });
/// # Ok::<(), WordError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Word {
    /// Of the requests that a client would otherwise send, how many it may send, in permille (0 to 1000).
    pub level: u16,
    /// How long a newcomer would wait (0 to 10 min).
    pub wait: Millis,
    /// How long the word holds, from its arrival (1 s to 5 min).
    pub ttl: Millis,
    /// Whether a failed request may be repeated at all.
    pub retries: bool,
    /// For how long nothing is to be sent, from its arrival (0 to 5 min).
    pub embargo: Millis,
    /// Where to ask whether things have changed.
    pub probe: Option<ProbePath>,
}

impl Word {
    /// The level at which clients send all they have.
    pub const FULL: u16 = 1_000;
    /// The longest wait that can be announced: beyond ten minutes every client has given up.
    pub const MOST_WAIT_MS: u32 = 600_000;
    /// The longest that a word can hold, in seconds.
    pub const MOST_TTL: u32 = 300;
    /// The longest embargo, in seconds. A server that needs more says it again, see [`ServersWord`](super::ServersWord).
    pub const MOST_EMBARGO: u32 = 300;
    /// What is as good as no word: send what you like, as you like.
    pub const ALL_CLEAR: Word = Word {
        level: Word::FULL,
        wait: Millis::ZERO,
        ttl: Millis::from_secs(5),
        retries: true,
        embargo: Millis::ZERO,
        probe: None,
    };

    /// Reads the header's value; several fields are joined by a comma before.
    ///
    /// # Errors
    /// When it is no dictionary, a value is out of its bounds, or the level is missing. All of it is void then.
    pub fn parse(field: &str) -> Result<Word, WordError> {
        let mut word = Word::ALL_CLEAR;
        let mut level = None;
        // Of a member that comes twice, the last counts; so values are kept as they are until the end.
        let (mut wait, mut ttl, mut embargo) = (None, None, None);
        let (mut retries, mut probe) = (None, None);
        let mut members = Dictionary::new(field);
        while let Some((key, item)) = members.next_member()? {
            let slot = match key {
                "embargo" => &mut embargo,
                "level" => &mut level,
                "probe" => &mut probe,
                "retries" => &mut retries,
                "ttl" => &mut ttl,
                "wait" => &mut wait,
                _ => continue,
            };
            *slot = Some(item);
        }
        let level = level.ok_or(WordError::MissingLevel)?;
        word.level = within("level", level, 0, Word::FULL.into())? as u16;
        if let Some(item) = wait {
            word.wait = Millis(within("wait", item, 0, Word::MOST_WAIT_MS)?);
        }
        if let Some(item) = ttl {
            word.ttl = Millis::from_secs(within("ttl", item, 1, Word::MOST_TTL)?);
        }
        if let Some(item) = embargo {
            word.embargo = Millis::from_secs(within("embargo", item, 0, Word::MOST_EMBARGO)?);
        }
        if let Some(item) = retries {
            let Item::Boolean(allowed) = item else {
                return Err(WordError::NotABoolean { member: "retries" });
            };
            word.retries = allowed;
        }
        if let Some(item) = probe {
            word.probe = match item {
                Item::Text(path) => ProbePath::new(path),
                _ => None,
            };
            if word.probe.is_none() {
                return Err(WordError::NotAPath {
                    member: "probe",
                    longest: ProbePath::LONGEST,
                });
            }
        }
        Ok(word)
    }

    /// Whether it asks for nothing.
    #[must_use]
    pub fn is_all_clear(&self) -> bool {
        self.level == Word::FULL
            && self.wait == Millis::ZERO
            && self.retries
            && self.embargo == Millis::ZERO
    }
}

fn within(member: &'static str, item: Item<'_>, least: u32, most: u32) -> Result<u64, WordError> {
    let Item::Integer(found) = item else {
        return Err(WordError::NotAnInteger { member });
    };
    if !(i64::from(least)..=i64::from(most)).contains(&found) {
        return Err(WordError::OutOfRange {
            member,
            least,
            most,
            found,
        });
    }
    Ok(found as u64)
}

#[cfg(test)]
#[path = "../tests/word.rs"]
mod tests;
