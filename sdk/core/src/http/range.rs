//! One range of bytes, cut from what is kept (RFC 9110, section 14).
//!
//! Only `bytes`, and only one range: several need a multipart body, and what cannot be cut here is asked of the network instead. A range
//! that is malformed is none, so the request gets the whole (section 14.2).

use alloc::string::{String, ToString};

use super::fields::{digits, trim};
use super::{Fields, parse_date};
use crate::time::Wall;

/// Which bytes of a body are kept.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Stored {
    /// The place of the first one that is kept.
    pub first: u64,
    /// How many are kept.
    pub length: u64,
    /// How many there are, where that is known.
    pub complete: Option<u64>,
}

impl Stored {
    /// A whole body of this length.
    #[must_use]
    pub const fn whole(length: u64) -> Stored {
        Stored {
            first: 0,
            length,
            complete: Some(length),
        }
    }

    /// What the `Content-Range` of a 206 says; `None` when it is not one range, or none that can be.
    ///
    /// ```
    /// use tidegate_core::http::{Fields, Stored};
    /// let fields = Fields::new(&[("Content-Range", "bytes 4-9/*")]);
    /// assert_eq!(Stored::of_part(fields), Some(Stored { first: 4, length: 6, complete: None }));
    /// ```
    #[must_use]
    pub fn of_part(fields: Fields<'_>) -> Option<Stored> {
        let text = unit(fields.value("content-range")?, ' ')?;
        let (range, complete) = text.split_once('/')?;
        let (first, last) = range.split_once('-')?;
        let (first, last) = (digits(first)?, digits(last)?);
        let complete = match complete {
            "*" => None,
            number => Some(digits(number)?),
        };
        let length = last.checked_sub(first)?.checked_add(1)?;
        let fits = complete.is_none_or(|complete| last < complete);
        fits.then_some(Stored {
            first,
            length,
            complete,
        })
    }

    /// The same with a body of this length, of an answer with these fields; `None` when that is not the body of such a part.
    ///
    /// Some servers count the last place from one: the part says that it reaches the end and is one byte shorter than it says, although it
    /// is as long as its `Content-Length`. Then the whole ends where its body does. Where more is missing, it is.
    ///
    /// ```
    /// use tidegate_core::http::{Fields, Stored};
    /// let said = Stored { first: 4, length: 6, complete: Some(10) };
    /// let counted = Stored { first: 4, length: 5, complete: Some(9) };
    /// assert_eq!(said.with_body(6, Fields::default()), Some(said));
    /// assert_eq!(said.with_body(5, Fields::new(&[("Content-Length", "5")])), Some(counted));
    /// assert_eq!(said.with_body(5, Fields::default()), None);
    /// ```
    #[must_use]
    pub fn with_body(self, bytes: u64, fields: Fields<'_>) -> Option<Stored> {
        if bytes == self.length {
            return Some(self);
        }
        let end = self.first.checked_add(self.length)?;
        let told = fields.value("content-length").and_then(digits);
        let counted_from_one = self.complete == Some(end) && told == Some(bytes);
        (counted_from_one && bytes > 0 && bytes.checked_add(1) == Some(self.length)).then(|| {
            Stored {
                length: bytes,
                complete: Some(self.first.saturating_add(bytes)),
                ..self
            }
        })
    }

    /// What a `Range` asks for, cut from these bytes; `None` when they are not enough to tell, or the field is to be ignored: there are
    /// several ranges, another unit, or nonsense.
    ///
    /// ```
    /// use tidegate_core::http::{Cut, Stored};
    /// let stored = Stored::whole(100);
    /// assert_eq!(stored.cut("bytes=90-"), Some(Cut::Part { first: 90, last: 99 }));
    /// assert_eq!(stored.cut("bytes=-5"), Some(Cut::Part { first: 95, last: 99 }));
    /// assert_eq!(stored.cut("bytes=100-"), Some(Cut::Unsatisfiable));
    /// assert_eq!(stored.cut("bytes=0-1, 5-6"), None);
    /// ```
    #[must_use]
    pub fn cut(self, range: &str) -> Option<Cut> {
        let (first, last) = trim(unit(range, '=')?).split_once('-')?;
        let (first, last) = match (first, last) {
            ("", suffix) => {
                let suffix = digits(suffix)?;
                let complete = self.complete.filter(|complete| *complete > 0)?;
                if suffix == 0 {
                    return Some(Cut::Unsatisfiable);
                }
                (complete.saturating_sub(suffix), complete - 1)
            }
            (first, "") => (
                digits(first)?,
                self.complete.map_or(u64::MAX, |n| n.saturating_sub(1)),
            ),
            (first, last) => {
                let (first, last) = (digits(first)?, digits(last)?);
                (first <= last).then_some(())?;
                let end = self.complete.map_or(u64::MAX, |n| n.saturating_sub(1));
                (first, last.min(end))
            }
        };
        if self.complete.is_some_and(|complete| first >= complete) {
            return Some(Cut::Unsatisfiable);
        }
        let end = self.first.saturating_add(self.length);
        let held = first >= self.first && last < end && first <= last;
        held.then_some(Cut::Part { first, last })
    }

    /// The `Range` that asks for what is missing behind the bytes that are kept; `None` when nothing is, or what is missing is not behind
    /// them.
    ///
    /// ```
    /// use tidegate_core::http::Stored;
    /// let begun = Stored { first: 0, length: 5, complete: Some(10) };
    /// assert_eq!(begun.rest().as_deref(), Some("bytes=5-"));
    /// ```
    #[must_use]
    pub fn rest(self) -> Option<String> {
        let missing = self.complete.is_none_or(|complete| self.length < complete);
        (self.first == 0 && self.length > 0 && missing)
            .then(|| ["bytes=", &self.length.to_string(), "-"].concat())
    }
}

/// What there is for a `Range`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Cut {
    /// These bytes of the whole: answer 206.
    Part {
        /// The first.
        first: u64,
        /// The last; it is included.
        last: u64,
    },
    /// There are no such bytes: answer 416.
    Unsatisfiable,
}

impl Cut {
    /// The value of the `Content-Range` to answer with.
    ///
    /// ```
    /// use tidegate_core::http::Cut;
    /// assert_eq!(Cut::Part { first: 0, last: 4 }.content_range(Some(10)), "bytes 0-4/10");
    /// assert_eq!(Cut::Unsatisfiable.content_range(Some(10)), "bytes */10");
    /// ```
    #[must_use]
    pub fn content_range(self, complete: Option<u64>) -> String {
        let complete = complete.map_or_else(|| String::from("*"), |length| length.to_string());
        match self {
            Cut::Part { first, last } => [
                "bytes ",
                &first.to_string(),
                "-",
                &last.to_string(),
                "/",
                &complete,
            ]
            .concat(),
            Cut::Unsatisfiable => ["bytes */", &complete].concat(),
        }
    }
}

/// Whether the condition of an `If-Range` holds for a kept answer, so that its range may be cut; if not, the whole is to be served.
///
/// A tag must be strong on both sides. A date must be exactly `Last-Modified`, and that at least a second before `Date`, or what
/// changed within the second would look the same (RFC 9110, sections 8.8.2.2 and 13.1.5).
///
/// ```
/// use tidegate_core::{Wall, http::{Fields, if_range_holds}};
/// let kept = Fields::new(&[("ETag", "\"a\"")]);
/// assert!(if_range_holds("\"a\"", kept, Wall(0)) && !if_range_holds("W/\"a\"", kept, Wall(0)));
/// ```
#[must_use]
pub fn if_range_holds(condition: &str, kept: Fields<'_>, now: Wall) -> bool {
    let condition = trim(condition);
    if condition.starts_with('"') {
        return kept.value("etag") == Some(condition);
    }
    let date = |name| kept.value(name).and_then(|date| parse_date(date, now));
    match (
        parse_date(condition, now),
        date("last-modified"),
        date("date"),
    ) {
        (Some(wanted), Some(modified), Some(made)) => {
            wanted == modified && (made - modified).0 >= 1_000
        }
        _ => false,
    }
}

/// What follows the unit `bytes` and this separator.
fn unit(text: &str, separator: char) -> Option<&str> {
    let (unit, rest) = trim(text).split_once(separator)?;
    unit.eq_ignore_ascii_case("bytes").then_some(rest)
}

#[cfg(test)]
#[path = "tests/range.rs"]
mod tests;
