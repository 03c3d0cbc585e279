//! Asking whether a kept answer still holds, and what to make of what comes back (RFC 9111, section 4.3).
//!
//! The validators go back exactly as they came: a server that makes odd ones knows them again. Across origins they may be hidden, and
//! conditions of one's own cost a preflight that may be refused; there the browser asks through its own cache, which knows them.

use alloc::string::String;
use alloc::vec::Vec;

use super::{Fields, Situation, is_kept, withheld};
use crate::time::Wall;

/// The fields that make a request for a kept answer conditional; none where it has no validator.
///
/// ```
/// use tidegate_core::http::{Fields, conditions};
/// let kept = Fields::new(&[("etag", "W/\"7\""), ("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT")]);
/// assert_eq!(conditions(kept), [
///     ("if-none-match", "W/\"7\""),
///     ("if-modified-since", "Sun, 06 Nov 1994 08:49:37 GMT"),
/// ]);
/// ```
#[must_use]
pub fn conditions(kept: Fields<'_>) -> Vec<(&'static str, &str)> {
    [
        ("if-none-match", "etag"),
        ("if-modified-since", "last-modified"),
    ]
    .into_iter()
    .filter_map(|(condition, validator)| Some((condition, validator_of(kept, validator)?)))
    .collect()
}

/// The `If-None-Match` that asks for all kept answers to a URL at once, whatever they vary in; the 304 says which of them holds. `None`
/// where none has a tag. A tag that is not in quotes cannot be put into a list.
///
/// ```
/// use tidegate_core::http::{Fields, if_none_match};
/// let kept = [Fields::new(&[("etag", "\"de\"")]), Fields::new(&[("etag", "\"en\"")])];
/// assert_eq!(if_none_match(kept).as_deref(), Some("\"de\", \"en\""));
/// ```
#[must_use]
pub fn if_none_match<'a>(kept: impl IntoIterator<Item = Fields<'a>>) -> Option<String> {
    let mut tags: Vec<&str> = Vec::new();
    for tag in kept.into_iter().filter_map(|kept| kept.value("etag")) {
        if is_tag(tag) && !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    (!tags.is_empty()).then(|| tags.join(", "))
}

/// Whether a caller has set conditions of their own: such a request and its answer are theirs, a 304 included.
#[must_use]
pub fn is_conditional(request: Fields<'_>) -> bool {
    [
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "if-unmodified-since",
    ]
    .into_iter()
    .any(|name| request.has(name))
}

/// How to ask whether a kept answer still holds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Revalidation {
    /// With [`conditions`] of one's own.
    Conditions,
    /// By `fetch` with `cache: "no-cache"`: the browser's own cache adds the conditions, without a preflight, and answers a 200.
    Browser,
    /// Without conditions: there is nothing to make them of.
    Plain,
}

impl Revalidation {
    /// The way that is open: `preflighted` says that the server is known to allow conditions across origins.
    ///
    /// ```
    /// use tidegate_core::http::{Fields, Revalidation};
    /// let kept = Fields::new(&[("ETag", "\"a\"")]);
    /// assert_eq!(Revalidation::of(kept, false, false), Revalidation::Conditions);
    /// assert_eq!(Revalidation::of(kept, true, false), Revalidation::Browser);
    /// ```
    #[must_use]
    pub fn of(kept: Fields<'_>, cross_origin: bool, preflighted: bool) -> Revalidation {
        let visible = ["etag", "last-modified"]
            .into_iter()
            .any(|name| validator_of(kept, name).is_some());
        match (visible, cross_origin) {
            (true, false) => Revalidation::Conditions,
            (true, true) if preflighted => Revalidation::Conditions,
            (_, true) => Revalidation::Browser,
            (false, false) => Revalidation::Plain,
        }
    }
}

/// What the answer to a conditional request means.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Validated {
    /// The server fails: that is no answer. The kept one may help out, if nothing forbids it.
    Failed,
    /// Give the answer to the caller; what is kept stays as it is.
    Forwarded,
    /// What is kept holds: [`selected`] says which, [`merged`] brings it up to date.
    Holds,
    /// The conditions were refused: ask again without them, once. So too when a 304 selects nothing.
    Repeat,
    /// The answer takes the place of the kept one, if it may be stored.
    Replaced,
    /// Give the answer to the caller, and forget what is kept: it is not to be shown any more.
    Withdrawn,
}

impl Validated {
    /// By the status of the answer.
    ///
    /// ```
    /// use tidegate_core::http::Validated;
    /// assert_eq!(Validated::by(304), Validated::Holds);
    /// assert_eq!(Validated::by(412), Validated::Repeat);
    /// ```
    #[must_use]
    pub fn by(status: u16) -> Validated {
        match status {
            304 => Validated::Holds,
            412 | 416 => Validated::Repeat,
            401 | 403 | 404 | 410 => Validated::Withdrawn,
            200..=399 => Validated::Replaced,
            status => match Situation::after(status) {
                Situation::Failing(_) => Validated::Failed,
                Situation::Calm => Validated::Forwarded,
            },
        }
    }
}

/// Which of the kept answers that were asked for a 304 confirms (RFC 9111, section 4.3.4), each with its time: all with its strong tag,
/// else the most recent with its weak tag or its date. Where it shows no validator, as across origins, or one that nobody has, it can only
/// mean the one that there is: servers that compress write another tag into a 200 (`"7-gzip"`) than into a 304.
///
/// ```
/// use tidegate_core::{Wall, http::{Fields, selected}};
/// let kept = [(Fields::new(&[("etag", "\"a\"")]), Wall(1)), (Fields::new(&[("etag", "\"b\"")]), Wall(2))];
/// assert_eq!(selected(&kept, Fields::new(&[("ETag", "\"a\"")])), [0]);
/// ```
#[must_use]
pub fn selected(kept: &[(Fields<'_>, Wall)], answer: Fields<'_>) -> Vec<usize> {
    let all = |matches: &dyn Fn(Fields<'_>) -> bool| -> Vec<usize> {
        let matching = kept
            .iter()
            .enumerate()
            .filter(|(_, (kept, _))| matches(*kept));
        matching.map(|(index, _)| index).collect()
    };
    let latest = |indices: Vec<usize>| -> Vec<usize> {
        let date = |index: &usize| kept.get(*index).map(|(_, date)| *date);
        indices.into_iter().max_by_key(date).into_iter().collect()
    };
    let selected = if let Some(tag) = validator_of(answer, "etag") {
        match tag.starts_with("W/") {
            false => all(&|kept| kept.value("etag") == Some(tag)),
            true => latest(all(&|kept| {
                kept.value("etag").map(opaque) == Some(opaque(tag))
            })),
        }
    } else if let Some(date) = validator_of(answer, "last-modified") {
        latest(all(&|kept| kept.value("last-modified") == Some(date)))
    } else {
        Vec::new()
    };
    match kept.len() {
        1 => Vec::from([0]),
        _ => selected,
    }
}

/// The fields of a kept answer after a 304: the new ones take the place of those of the same name (RFC 9111, section 3.2), but for what
/// describes the body that is kept, and what is never kept.
///
/// ```
/// use tidegate_core::http::{Fields, merged};
/// let kept = Fields::new(&[("ETag", "\"a\""), ("Content-Length", "5"), ("X-A", "1")]);
/// let answer = Fields::new(&[("x-a", "2"), ("content-length", "0"), ("Date", "…")]);
/// assert_eq!(merged(kept, answer), [("ETag", "\"a\""), ("Content-Length", "5"), ("x-a", "2"), ("Date", "…")]);
/// ```
#[must_use]
pub fn merged<'a>(kept: Fields<'a>, answer: Fields<'a>) -> Vec<(&'a str, &'a str)> {
    let updates = |name: &str| is_kept(answer, name) && !of_body(name);
    let stays = |name: &str| {
        let replaced = updates(name) && answer.has(name);
        !replaced && is_kept(kept, name) && !withheld(answer, name)
    };
    kept.pairs()
        .filter(|(name, _)| stays(name))
        .chain(answer.pairs().filter(|(name, _)| updates(name)))
        .collect()
}

/// Fields that describe the bytes of the body.
fn of_body(name: &str) -> bool {
    [
        "content-encoding",
        "content-length",
        "content-md5",
        "content-range",
        "content-type",
    ]
    .into_iter()
    .any(|other| other.eq_ignore_ascii_case(name))
}

fn validator_of<'a>(fields: Fields<'a>, name: &str) -> Option<&'a str> {
    fields.value(name).filter(|value| {
        let sendable = value.chars().all(|letter| !letter.is_control());
        sendable && !value.is_empty()
    })
}

/// A tag without the mark of a weak one.
fn opaque(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag)
}

fn is_tag(tag: &str) -> bool {
    let inner = opaque(tag)
        .strip_prefix('"')
        .and_then(|tag| tag.strip_suffix('"'));
    inner.is_some_and(|inner| !inner.contains(|c: char| c == '"' || c == ' ' || c.is_control()))
}

#[cfg(test)]
#[path = "tests/conditional.rs"]
mod tests;
