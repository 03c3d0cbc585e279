//! Which of several kept answers to one URL a request may get (RFC 9111, section 4.1).
//!
//! An answer says in `Vary` which fields of the request chose it. What the request said in these is kept with it, and a later request
//! gets it only when it says the same: an absent field is not an empty one. Answers that differ in this stand side by side; of those that
//! match, the most recent is taken. `Vary: *`, alone or within a list, and what is no list of names, match nothing.
//!
//! A secret is not kept, not even to compare it: of `Authorization` and its like only whether there was one. What such a request got is
//! kept for its identity alone ([`Owner::Identity`](super::Owner::Identity)), which stands for the secret and outlives it when a token is
//! renewed.
//!
//! What means the same is written alike before it is compared: white space around commas, fields in several lines, and for the `Accept`
//! family white space within and the order of the members, which has no meaning there. Languages and codings have no case.

use alloc::string::String;
use alloc::vec::Vec;

use super::Fields;
use super::fields::is_token;
use super::store::is_secret;
use crate::time::Wall;

/// More names than any server sends; an answer that varies in more is one that varies in everything.
const MOST_NAMES: usize = 64;

/// What a request said in the fields that its answer varies in; a text, so that it can be stored as one.
///
/// ```
/// use tidegate_core::http::{Fields, Selecting};
/// let answer = Fields::new(&[("Vary", "Accept-Language")]);
/// let german = Fields::new(&[("Accept-Language", "de, en")]);
/// let selecting = Selecting::of(answer, german, &[]).unwrap();
/// assert_eq!(selecting.as_str(), "accept-language:de,en\n");
/// assert!(selecting.matches(Fields::new(&[("accept-language", "EN,de")])));
/// assert!(!selecting.matches(Fields::default()));
/// ```
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Selecting(String);

impl Selecting {
    /// Of an answer and the request that it answers; `None` when no request will match.
    ///
    /// `assumed` names fields, in lower case, that it may vary in without saying so, as where `Vary` is hidden: see
    /// [`assumed_vary`](super::assumed_vary).
    #[must_use]
    pub fn of(answer: Fields<'_>, request: Fields<'_>, assumed: &[&str]) -> Option<Selecting> {
        let mut names: Vec<String> = Vec::new();
        let assumed = assumed.iter().copied();
        for name in answer.members("vary").chain(assumed) {
            if name == "*" || !is_token(name) || names.len() == MOST_NAMES {
                return None;
            }
            let name = name.to_ascii_lowercase();
            if !names.contains(&name) {
                insert(&mut names, name);
            }
        }
        let mut text = String::new();
        for name in names {
            text.push_str(&name);
            if let Some(value) = normalised(&name, request) {
                text.push(':');
                text.push_str(&value);
            }
            text.push('\n');
        }
        Some(Selecting(text))
    }

    /// As it was stored.
    #[must_use]
    pub fn from_stored(text: String) -> Selecting {
        Selecting(text)
    }

    /// As it is stored. Answers to one URL that have the same text replace one another.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this request may get the answer.
    #[must_use]
    pub fn matches(&self, request: Fields<'_>) -> bool {
        self.0
            .split_terminator('\n')
            .all(|line| match line.split_once(':') {
                Some((name, value)) => normalised(name, request).as_deref() == Some(value),
                None => !request.has(line),
            })
    }
}

/// The place of the most recent answer that a request may get, among all to its URL with the time of each.
///
/// ```
/// use tidegate_core::{Wall, http::{Fields, Selecting, most_recent}};
/// let any = Selecting::default();
/// assert_eq!(most_recent([(&any, Wall(5)), (&any, Wall(9)), (&any, Wall(7))], Fields::default()), Some(1));
/// ```
#[must_use]
pub fn most_recent<'s>(
    variants: impl IntoIterator<Item = (&'s Selecting, Wall)>,
    request: Fields<'_>,
) -> Option<usize> {
    variants
        .into_iter()
        .enumerate()
        .filter(|(_, (selecting, _))| selecting.matches(request))
        .max_by_key(|(_, (_, date))| *date)
        .map(|(index, _)| index)
}

/// All lines of a field as one text; `None` where there is none. Of a secret, that there is one.
fn normalised(name: &str, request: Fields<'_>) -> Option<String> {
    request.has(name).then_some(())?;
    if is_secret(name) {
        return Some(String::new());
    }
    let of_accept = name == "accept" || name.starts_with("accept-");
    let caseless = matches!(
        name,
        "accept-charset" | "accept-encoding" | "accept-language"
    );
    let mut members = Vec::new();
    for member in request.members(name) {
        let letters = member
            .chars()
            .filter(|letter| !(of_accept && matches!(letter, ' ' | '\t')))
            // No browser lets one through; it would end the line.
            .map(|letter| if letter == '\n' { ' ' } else { letter });
        let mut member: String = letters.collect();
        if caseless {
            member.make_ascii_lowercase();
        }
        if of_accept {
            insert(&mut members, member);
        } else {
            members.push(member);
        }
    }
    Some(members.join(","))
}

/// Adds to a list in order. It is short, and the library's sort is some kilobytes that everybody would download.
fn insert(list: &mut Vec<String>, item: String) {
    let after = list.iter().rposition(|other| *other <= item);
    list.insert(after.map_or(0, |index| index + 1), item);
}

#[cfg(test)]
#[path = "tests/vary.rs"]
mod tests;
