//! What a page cannot see of an answer from another origin, and what is taken for granted then.
//!
//! Without `Access-Control-Expose-Headers` a browser shows seven fields (Fetch, *CORS-safelisted response-header name*), and most of those
//! that a cache lives by are not among them. It does not say that it hides any; but every server sends `Date`, so an answer
//! without one is taken for an answer with hidden fields.

use alloc::string::String;
use alloc::vec::Vec;

use super::Fields;

/// A field that a server should expose.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Exposed {
    /// The field.
    pub name: &'static str,
    /// What is assumed while it is hidden.
    pub assumed: &'static str,
}

/// Every field worth exposing, those first that a cache misses most.
pub const EXPOSED: [Exposed; 8] = [
    Exposed {
        name: "ETag",
        assumed: "no validator: the browser revalidates through its own cache",
    },
    Exposed {
        name: "Vary",
        assumed: "the answer varies in Accept and Accept-Language",
    },
    Exposed {
        name: "Date",
        assumed: "the answer was made when it arrived, and its age is not certain",
    },
    Exposed {
        name: "Age",
        assumed: "no cache on the way held the answer, and its age is not certain",
    },
    Exposed {
        name: "Retry-After",
        assumed: "the server asks for no wait",
    },
    Exposed {
        name: "Location",
        assumed: "a write makes no other URL void",
    },
    Exposed {
        name: "Content-Location",
        assumed: "a write makes no other URL void",
    },
    Exposed {
        name: "Content-Range",
        assumed: "a part of a body cannot be kept",
    },
];

/// Whether an answer from another origin hides fields, as far as that can be told.
///
/// ```
/// use tidegate_core::http::{Fields, hides_fields};
/// assert!(hides_fields(Fields::new(&[("cache-control", "max-age=60")])));
/// ```
#[must_use]
pub fn hides_fields(answer: Fields<'_>) -> bool {
    !answer.has("date")
}

/// The header that a server should add so that its answers can be kept well: with every field of [`EXPOSED`] that cannot be seen.
/// `None` where nothing is hidden.
///
/// ```
/// use tidegate_core::http::{Fields, expose_advice};
/// let advice = expose_advice(Fields::new(&[("ETag", "\"a\"")])).unwrap();
/// assert!(advice.starts_with("Access-Control-Expose-Headers: Vary, Date, Age, Retry-After"));
/// ```
#[must_use]
pub fn expose_advice(answer: Fields<'_>) -> Option<String> {
    let names: Vec<&str> = EXPOSED
        .iter()
        .map(|exposed| exposed.name)
        .filter(|name| !answer.has(name))
        .collect();
    hides_fields(answer).then(|| ["Access-Control-Expose-Headers: ", &names.join(", ")].concat())
}

/// The fields that an answer is taken to vary in beside those that it names: the two that backends commonly choose by and that one page
/// may set differently. None where its `Vary` can be seen, or would be since the answer is of the same origin.
///
/// ```
/// use tidegate_core::http::{Fields, assumed_vary};
/// assert_eq!(assumed_vary(Fields::default(), true), ["accept", "accept-language"]);
/// assert!(assumed_vary(Fields::default(), false).is_empty());
/// ```
#[must_use]
pub fn assumed_vary(answer: Fields<'_>, cross_origin: bool) -> &'static [&'static str] {
    if cross_origin && !answer.has("vary") {
        // Also where `Date` is shown: that one is exposed says nothing of the other.
        &["accept", "accept-language"]
    } else {
        &[]
    }
}

#[cfg(test)]
#[path = "tests/cors.rs"]
mod tests;
