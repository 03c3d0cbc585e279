//! The three numbers, checked.
//!
//! The bounds keep a wrong hint from doing harm: none holds for longer than five minutes, and no wait is longer than ten, beyond which every
//! client has given up anyway. A value out of range voids the hint instead of being clamped, as a sender that gets one number wrong
//! cannot be trusted with the others.

use std::fmt::{self, Write};
use std::str::FromStr;

use crate::error::HintError;
use crate::scan::{Scanner, Value};

/// What a backend tells its clients: how much they may send, how long they would wait, how long this holds.
///
/// ```
/// use tidegate_hint::Hint;
/// let hint = Hint::new(700, 1_200, 5)?;
/// assert_eq!(hint.to_string(), "level=700, wait=1200, ttl=5");
/// assert_eq!(hint.message(), r#"{"hint":{"level":700,"wait_ms":1200,"ttl":5}}"#);
/// # Ok::<(), tidegate_hint::HintError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Deserialize, serde::Serialize),
    serde(try_from = "Wire", into = "Wire")
)]
pub struct Hint {
    level: u16,
    wait_ms: u32,
    ttl: u16,
}

impl Hint {
    /// The header's name, in the spelling of `http::HeaderName`.
    pub const HEADER: &str = "tidegate-hint";
    /// The level at which clients send all they have.
    pub const FULL: u16 = 1_000;
    /// The longest wait that can be announced: ten minutes.
    pub const MAX_WAIT_MS: u32 = 600_000;
    /// How long a hint holds when it does not say: five seconds.
    pub const DEFAULT_TTL: u16 = 5;
    /// The longest that a hint can hold: five minutes.
    pub const MAX_TTL: u16 = 300;

    /// A hint of a level in permille and a wait in milliseconds that holds for so many seconds.
    ///
    /// # Errors
    /// When a number is out of its range.
    pub fn new(level: u16, wait_ms: u32, ttl: u16) -> Result<Hint, HintError> {
        Hint::checked(level.into(), wait_ms.into(), ttl.into())
    }

    /// Of the requests that a client would otherwise send, how many it may send, in permille.
    #[must_use]
    pub const fn level(self) -> u16 {
        self.level
    }

    /// How long a newcomer would wait, in milliseconds.
    #[must_use]
    pub const fn wait_ms(self) -> u32 {
        self.wait_ms
    }

    /// How long this holds, in seconds from its arrival.
    #[must_use]
    pub const fn ttl(self) -> u16 {
        self.ttl
    }

    /// The message for a socket.
    #[must_use]
    pub fn message(self) -> String {
        format!("{{\"hint\":{{{}}}}}", self.members())
    }

    /// The members of its JSON object.
    pub(crate) fn members(self) -> String {
        let Hint {
            level,
            wait_ms,
            ttl,
        } = self;
        format!("\"level\":{level},\"wait_ms\":{wait_ms},\"ttl\":{ttl}")
    }

    pub(crate) fn checked(level: i64, wait_ms: i64, ttl: i64) -> Result<Hint, HintError> {
        Ok(Hint {
            level: within("level", level, 0, Hint::FULL.into())? as u16,
            wait_ms: within("wait", wait_ms, 0, Hint::MAX_WAIT_MS.into())? as u32,
            ttl: within("ttl", ttl, 1, Hint::MAX_TTL.into())? as u16,
        })
    }
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        write!(
            text,
            "level={}, wait={}, ttl={}",
            self.level, self.wait_ms, self.ttl
        )?;
        f.pad(&text)
    }
}

impl FromStr for Hint {
    type Err = HintError;

    /// Reads the header's value; several fields are joined by a comma before.
    fn from_str(field: &str) -> Result<Hint, HintError> {
        let (mut level, mut wait, mut ttl) = (None, None, None);
        let mut members = Scanner::new(field);
        while let Some((key, value)) = members.next_member()? {
            match key {
                "level" => level = Some(("level", value)),
                "wait" => wait = Some(("wait", value)),
                "ttl" => ttl = Some(("ttl", value)),
                _ => {}
            }
        }
        let level = integer(level)?.ok_or(HintError::MissingLevel)?;
        let ttl = integer(ttl)?.unwrap_or(Hint::DEFAULT_TTL.into());
        Hint::checked(level, integer(wait)?.unwrap_or(0), ttl)
    }
}

fn integer(member: Option<(&'static str, Value)>) -> Result<Option<i64>, HintError> {
    match member {
        None => Ok(None),
        Some((_, Value::Integer(number))) => Ok(Some(number)),
        Some((member, Value::Other)) => Err(HintError::NotAnInteger { member }),
    }
}

fn within(member: &'static str, found: i64, least: i64, most: i64) -> Result<i64, HintError> {
    if (least..=most).contains(&found) {
        return Ok(found);
    }
    Err(HintError::OutOfRange {
        member,
        least,
        most,
        found,
    })
}

/// The JSON form before it is checked.
#[cfg(feature = "serde")]
#[derive(serde::Deserialize, serde::Serialize)]
pub(crate) struct Wire {
    level: i64,
    #[serde(default)]
    wait_ms: i64,
    #[serde(default = "default_ttl")]
    ttl: i64,
}

#[cfg(feature = "serde")]
fn default_ttl() -> i64 {
    Hint::DEFAULT_TTL.into()
}

#[cfg(feature = "serde")]
impl TryFrom<Wire> for Hint {
    type Error = HintError;
    fn try_from(wire: Wire) -> Result<Hint, HintError> {
        Hint::checked(wire.level, wire.wait_ms, wire.ttl)
    }
}

#[cfg(feature = "serde")]
impl From<Hint> for Wire {
    fn from(hint: Hint) -> Wire {
        Wire {
            level: hint.level.into(),
            wait_ms: hint.wait_ms.into(),
            ttl: hint.ttl.into(),
        }
    }
}

#[cfg(test)]
#[path = "hint_tests.rs"]
mod tests;
