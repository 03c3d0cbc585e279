//! The `Cache-Control` field of requests and responses (RFC 9111, section 5.2), with `immutable` (RFC 8246) and the two `stale-`
//! directives (RFC 5861).
//!
//! The rule for what is malformed is to err on the side of asking again: names are read in any case and unknown ones passed over, a
//! `max-age` that is no number is 0, of two the smaller counts, and a directive with an argument that it should not have still counts.
//! Only a window that cannot be read (`stale-while-revalidate=soon`) is as if it were not there, since it can only be an allowance.
//! What only concerns caches that people share (`s-maxage`, `proxy-revalidate`) is not read at all.

use super::Fields;
use super::fields::{is_token, members, seconds};
use crate::time::Millis;

/// What a response says of how it may be kept.
///
/// ```
/// use tidegate_core::{Millis, http::{Fields, ResponseDirectives}};
/// let fields = Fields::new(&[("cache-control", "Max-Age=60, no-cache=\"x-user\", immutable")]);
/// let said = ResponseDirectives::of(fields);
/// assert_eq!((said.max_age, said.immutable, said.no_cache), (Some(Millis(60_000)), true, false));
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct ResponseDirectives {
    /// It does not change as long as it is fresh: a reload need not ask.
    pub immutable: bool,
    /// For how long it is fresh.
    pub max_age: Option<Millis>,
    /// Once stale, it is not served before the server has confirmed it.
    pub must_revalidate: bool,
    /// It is kept only by a cache that knows the status code.
    pub must_understand: bool,
    /// It is never served before the server has confirmed it. Not set by `no-cache="field"`, see [`withheld`].
    pub no_cache: bool,
    /// It is not kept.
    pub no_store: bool,
    /// Nothing on the way may change its content.
    pub no_transform: bool,
    /// It is for one user. Caches of one user may keep it, whether or not it names fields.
    pub private: bool,
    /// It may be kept although its status code or an `Authorization` field would speak against it.
    pub public: bool,
    /// For how long past its freshness it may be served when the server fails.
    pub stale_if_error: Option<Millis>,
    /// For how long past its freshness it may be served while it is asked for again.
    pub stale_while_revalidate: Option<Millis>,
}

impl ResponseDirectives {
    /// Reads every `Cache-Control` line.
    #[must_use]
    pub fn of(fields: Fields<'_>) -> ResponseDirectives {
        let mut said = ResponseDirectives::default();
        for Directive { name, argument } in directives(fields) {
            let is = |other| name.eq_ignore_ascii_case(other);
            if is("max-age") {
                said.max_age = least(said.max_age, argument);
            } else if is("no-store") {
                said.no_store = true;
            } else if is("no-cache") {
                said.no_cache |= names(argument).next().is_none();
            } else if is("must-revalidate") {
                said.must_revalidate = true;
            } else if is("private") {
                said.private = true;
            } else if is("public") {
                said.public = true;
            } else if is("immutable") {
                said.immutable = true;
            } else if is("stale-while-revalidate") {
                said.stale_while_revalidate = window(said.stale_while_revalidate, argument);
            } else if is("stale-if-error") {
                said.stale_if_error = window(said.stale_if_error, argument);
            } else if is("must-understand") {
                said.must_understand = true;
            } else if is("no-transform") {
                said.no_transform = true;
            }
        }
        said
    }
}

/// What a request says of the answers that it takes.
///
/// ```
/// use tidegate_core::{Millis, http::{Fields, RequestDirectives}};
/// let said = RequestDirectives::of(Fields::new(&[("Cache-Control", "max-stale, min-fresh=5")]));
/// assert_eq!((said.max_stale, said.min_fresh), (Some(Millis(u64::MAX)), Some(Millis(5_000))));
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct RequestDirectives {
    /// No answer that is as old as this.
    pub max_age: Option<Millis>,
    /// One that has been stale for no longer than this will do; without an argument, any.
    pub max_stale: Option<Millis>,
    /// Only an answer that stays fresh for at least this long.
    pub min_fresh: Option<Millis>,
    /// No answer that the server has not confirmed now.
    pub no_cache: bool,
    /// Neither a kept answer nor one that will be.
    pub no_store: bool,
    /// Nothing on the way may change the content.
    pub no_transform: bool,
    /// A kept answer or none.
    pub only_if_cached: bool,
    /// For how long past its freshness an answer will do when the server fails.
    pub stale_if_error: Option<Millis>,
}

impl RequestDirectives {
    /// Reads every `Cache-Control` line; where there is none, `Pragma: no-cache` (RFC 9111, section 5.4).
    #[must_use]
    pub fn of(fields: Fields<'_>) -> RequestDirectives {
        let mut said = RequestDirectives {
            no_cache: !fields.has("cache-control")
                && fields
                    .members("pragma")
                    .any(|member| member.eq_ignore_ascii_case("no-cache")),
            ..RequestDirectives::default()
        };
        for Directive { name, argument } in directives(fields) {
            let is = |other| name.eq_ignore_ascii_case(other);
            if is("max-age") {
                said.max_age = least(said.max_age, argument);
            } else if is("max-stale") {
                let this = match argument {
                    None => Millis(u64::MAX),
                    Some(text) => seconds(text).unwrap_or(Millis::ZERO),
                };
                said.max_stale = Some(said.max_stale.map_or(this, |other| other.min(this)));
            } else if is("min-fresh") {
                let this = argument.and_then(seconds);
                said.min_fresh = said.min_fresh.max(this);
            } else if is("no-cache") {
                said.no_cache = true;
            } else if is("no-store") {
                said.no_store = true;
            } else if is("no-transform") {
                said.no_transform = true;
            } else if is("only-if-cached") {
                said.only_if_cached = true;
            } else if is("stale-if-error") {
                said.stale_if_error = window(said.stale_if_error, argument);
            }
        }
        said
    }
}

/// Whether a response names this field in `no-cache="…"`: the rest of it may be served unconfirmed, this field may not (RFC 9111,
/// section 5.2.2.4).
///
/// ```
/// use tidegate_core::http::{Fields, withheld};
/// let fields = Fields::new(&[("cache-control", "no-cache=\"a, B\"")]);
/// assert!(withheld(fields, "b") && !withheld(fields, "c"));
/// ```
#[must_use]
pub fn withheld(fields: Fields<'_>, name: &str) -> bool {
    directives(fields)
        .filter(|directive| directive.name.eq_ignore_ascii_case("no-cache"))
        .flat_map(|directive| names(directive.argument))
        .any(|withheld| withheld.eq_ignore_ascii_case(name))
}

/// One member of the field; the argument is without its quotes.
struct Directive<'a> {
    name: &'a str,
    argument: Option<&'a str>,
}

fn directives(fields: Fields<'_>) -> impl Iterator<Item = Directive<'_>> {
    fields.members("cache-control").map(|member| {
        // No white space is allowed around the sign: `max-age =1` is a directive that nobody knows, `max-age= 1` no number.
        let (name, argument) = match member.split_once('=') {
            Some((name, argument)) => (name, Some(unquoted(argument))),
            None => (member, None),
        };
        Directive { name, argument }
    })
}

/// Numbers and names need no escapes, so none are undone.
fn unquoted(text: &str) -> &str {
    text.strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'))
        .unwrap_or(text)
}

/// The fields that an argument names; none when it is no list of names, so that the directive then counts in full.
fn names(argument: Option<&str>) -> impl Iterator<Item = &str> {
    let list = argument.filter(|list| members(list).all(is_token));
    members(list.unwrap_or_default())
}

/// The smaller of two lifetimes, where one that cannot be read is none at all.
fn least(other: Option<Millis>, argument: Option<&str>) -> Option<Millis> {
    let this = argument.and_then(seconds).unwrap_or(Millis::ZERO);
    Some(other.map_or(this, |other| other.min(this)))
}

/// The smaller of two windows, where one that cannot be read is as if it were not there.
fn window(other: Option<Millis>, argument: Option<&str>) -> Option<Millis> {
    let this = argument.and_then(seconds);
    match (other, this) {
        (Some(other), Some(this)) => Some(other.min(this)),
        (other, this) => other.or(this),
    }
}

#[cfg(test)]
#[path = "tests/cache_control.rs"]
mod tests;
