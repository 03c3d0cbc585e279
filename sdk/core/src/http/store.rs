//! Whether an answer may be kept in a cache of one user (RFC 9111, section 3), and which of its fields.
//!
//! `private` and `Authorization` are no reasons against it here; they say whose answer it is. It is then kept for that identity alone:
//! RFC 9111 would let another token of the same browser have it, and that has shown people the data of whoever was logged in before.
//! An answer without a lifetime is worth keeping too: it waits for the day on which the network fails.

use super::fields::members;
use super::lifetime::may_guess;
use super::range::Stored;
use super::uri::Url;
use super::{Fields, RequestDirectives, ResponseDirectives, withheld};

/// A request, as far as keeping its answer goes.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The method, as it was sent.
    pub method: &'a str,
    /// The absolute URL.
    pub url: &'a str,
    /// The fields that the caller set; what the browser adds is not seen.
    pub fields: Fields<'a>,
}

/// An answer, as far as keeping it goes.
#[derive(Clone, Copy, Debug)]
pub struct Answered<'a> {
    /// The status code; 0 where the browser hides it.
    pub status: u16,
    /// The fields that can be seen.
    pub fields: Fields<'a>,
}

/// To whom a kept answer may be given.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Owner {
    /// To every user of this browser.
    Anybody,
    /// To the identity that asked.
    Identity,
}

/// Why an answer is not kept.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Unstorable {
    /// Only `GET` has answers worth keeping, and a `POST` whose answer says that it is the one to a `GET`.
    Method,
    /// The request or the answer says `no-store`.
    NoStore,
    /// What is opaque may be an error page, and browsers charge megabytes for it.
    Opaque,
    /// A part of a body that does not say which part.
    Part,
    /// Nothing allows to keep an answer with this status, or it is to be understood and is not.
    Status,
    /// `Vary: *`: no request would ever get it.
    Varies,
}

/// Whether an answer may be kept, and for whom.
///
/// Cookies that the browser adds are not seen here; whoever sends them (`credentials: "include"`) has to take every answer for personal.
/// Where there is no identity to keep an answer for, one for [`Owner::Identity`] is not kept.
///
/// ```
/// use tidegate_core::http::{Answered, Asked, Fields, Owner, Unstorable, may_store};
/// let credentials = Fields::new(&[("Authorization", "Bearer a")]);
/// let asked = Asked { method: "GET", url: "https://a.example/", fields: credentials };
/// let answered = |pairs| Answered { status: 200, fields: Fields::new(pairs) };
/// assert_eq!(may_store(asked, answered(&[])), Ok(Owner::Identity));
/// assert_eq!(may_store(asked, answered(&[("Cache-Control", "No-Store, max-age=9")])), Err(Unstorable::NoStore));
/// ```
///
/// # Errors
/// When it may not be kept: the first reason that was found.
pub fn may_store(asked: Asked<'_>, answered: Answered<'_>) -> Result<Owner, Unstorable> {
    let (status, fields) = (answered.status, answered.fields);
    let said = ResponseDirectives::of(fields);
    if status == 0 {
        return Err(Unstorable::Opaque);
    }
    if asked.method != "GET" && !stands_for_get(asked, answered) {
        return Err(Unstorable::Method);
    }
    // With `must-understand`, a `no-store` is for caches that do not know the directive (RFC 9111, section 5.2.2.3).
    if RequestDirectives::of(asked.fields).no_store || (said.no_store && !said.must_understand) {
        return Err(Unstorable::NoStore);
    }
    let allowed = may_guess(status)
        || said.max_age.is_some()
        || said.public
        || said.private
        || fields.has("expires");
    let last = matches!(status, 200..=599) && status != 304;
    if !last || !allowed || (said.must_understand && !understood(status)) {
        return Err(Unstorable::Status);
    }
    if status == 206 && Stored::of_part(fields).is_none() {
        return Err(Unstorable::Part);
    }
    if fields.members("vary").any(|name| name == "*") {
        return Err(Unstorable::Varies);
    }
    let personal = said.private || asked.fields.pairs().any(|(name, _)| is_secret(name));
    Ok(if personal {
        Owner::Identity
    } else {
        Owner::Anybody
    })
}

/// Whether the answer to a `POST` is what a `GET` of its URL would bring: it names that URL in `Content-Location` and says for how long it
/// is fresh (RFC 9110, section 9.3.3). It is kept as the answer to the `GET`, after the `POST` has made void what was kept before.
fn stands_for_get(asked: Asked<'_>, answered: Answered<'_>) -> bool {
    let fields = answered.fields;
    let dated = ResponseDirectives::of(fields).max_age.is_some() || fields.has("expires");
    let named = || {
        let location = fields.value("content-location")?;
        let url = Url::of(asked.url).filter(|_| !location.is_empty())?;
        Some(url.resolve(location)? == url.text())
    };
    asked.method == "POST" && matches!(answered.status, 200..=299) && dated && named() == Some(true)
}

/// Status codes whose rules for caches these modules follow.
const fn understood(status: u16) -> bool {
    may_guess(status) || matches!(status, 302 | 303 | 307)
}

/// Fields that concern one connection (RFC 9110, section 7.6.1) or one proxy (RFC 9111, section 3.1). `Age` is among them since each
/// answer is served with the age that it has by then.
const NOT_KEPT: [&str; 11] = [
    "age",
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authentication-info",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Names that secrets have, and what those that people make up contain.
const SECRET: [&str; 12] = [
    "authorization",
    "authentication-info",
    "cookie",
    "token",
    "secret",
    "session",
    "password",
    "csrf",
    "xsrf",
    "jwt",
    "api-key",
    "apikey",
];

/// Whether this field of an answer is kept: not if it concerns the connection, is named by `Connection` or `no-cache="…"`, or may be a
/// secret, which a disk is no place for.
///
/// ```
/// use tidegate_core::http::{Fields, is_kept};
/// let answer = Fields::new(&[("Connection", "X-Hop"), ("X-Hop", "1"), ("X-Csrf-Token", "s"), ("ETag", "\"a\"")]);
/// let kept: Vec<_> = answer.pairs().filter(|(name, _)| is_kept(answer, name)).collect();
/// assert_eq!(kept, [("ETag", "\"a\"")]);
/// ```
#[must_use]
pub fn is_kept(answer: Fields<'_>, name: &str) -> bool {
    let is = |other: &str| other.eq_ignore_ascii_case(name);
    let hop = answer.values("connection").flat_map(members).any(is);
    !(hop || NOT_KEPT.into_iter().any(is) || is_secret(name) || withheld(answer, name))
}

/// Whether a field of this name may hold what lets somebody in.
pub(super) fn is_secret(name: &str) -> bool {
    let name = name.as_bytes();
    SECRET.iter().any(|part| {
        name.windows(part.len())
            .any(|window| window.eq_ignore_ascii_case(part.as_bytes()))
    })
}

#[cfg(test)]
#[path = "tests/store.rs"]
mod tests;
