//! `Cache-Control`, letter by letter.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// What a number of seconds is cut to, in milliseconds (RFC 9111, section 1.2.2).
pub(super) const LONGEST: u64 = (1 << 31) * 1_000;

/// Every line of a name.
pub(super) fn lines<'a>(fields: &[(&'a str, &'a str)], name: &str) -> Vec<&'a str> {
    let mut found = Vec::new();
    for (other, value) in fields {
        if other.to_lowercase() == name {
            found.push(value.trim_matches([' ', '\t']));
        }
    }
    found
}

/// A line cut at its commas. What lies between a quote and the one that closes it belongs together; a backslash takes away the meaning of
/// the letter behind it there; a quote that nothing closes is a letter.
pub(super) fn members(line: &str) -> Vec<String> {
    let letters: Vec<char> = line.chars().collect();
    let mut members = Vec::new();
    let mut member = String::new();
    let mut at = 0;
    while at < letters.len() {
        match (letters[at], closing(&letters, at)) {
            (',', _) => {
                members.push(member);
                member = String::new();
            }
            ('"', Some(end)) => {
                member.extend(&letters[at..=end]);
                at = end;
            }
            (letter, _) => member.push(letter),
        }
        at += 1;
    }
    members.push(member);
    let trimmed = members.iter().map(|m| m.trim_matches([' ', '\t']));
    let trimmed = trimmed.filter(|member| !member.is_empty());
    trimmed.map(ToString::to_string).collect()
}

fn closing(letters: &[char], open: usize) -> Option<usize> {
    let mut at = open + 1;
    while at < letters.len() {
        match letters[at] {
            '"' => return Some(at),
            '\\' => at += 2,
            _ => at += 1,
        }
    }
    None
}

/// All directives: names in lower case, arguments without their quotes.
pub(super) fn directives(fields: &[(&str, &str)]) -> Vec<(String, Option<String>)> {
    let mut found = Vec::new();
    for line in lines(fields, "cache-control") {
        for member in members(line) {
            let (name, argument) = match member.find('=') {
                Some(at) => (&member[..at], Some(&member[at + 1..])),
                None => (&member[..], None),
            };
            let quoted =
                |text: &&str| text.len() > 1 && text.starts_with('"') && text.ends_with('"');
            let argument = argument.map(|text| match Some(text).filter(quoted) {
                Some(text) => text[1..text.len() - 1].to_string(),
                None => text.to_string(),
            });
            found.push((name.to_lowercase(), argument));
        }
    }
    found
}

/// The arguments of all directives of a name.
pub(super) fn arguments(fields: &[(&str, &str)], name: &str) -> Vec<Option<String>> {
    let all = directives(fields).into_iter();
    let named = all.filter(|(other, _)| other == name);
    named.map(|(_, argument)| argument).collect()
}

pub(super) fn says(fields: &[(&str, &str)], name: &str) -> bool {
    !arguments(fields, name).is_empty()
}

/// Milliseconds, of digits and nothing else; one that does not fit is the largest there is.
pub(super) fn seconds(text: &str) -> Option<u64> {
    if text.is_empty() || !text.chars().all(|letter| letter.is_ascii_digit()) {
        return None;
    }
    let seconds: u64 = text.parse().unwrap_or(u64::MAX);
    Some(seconds.saturating_mul(1_000).min(LONGEST))
}

/// The smallest that is said; what cannot be read counts as this, or not at all.
pub(super) fn smallest(
    fields: &[(&str, &str)],
    name: &str,
    unreadable: Option<u64>,
) -> Option<u64> {
    arguments(fields, name)
        .iter()
        .filter_map(|argument| argument.as_deref().and_then(seconds).or(unreadable))
        .min()
}

/// A `no-cache` that does not name fields.
pub(super) fn plain_no_cache(fields: &[(&str, &str)]) -> bool {
    let token = |name: &String| {
        let odd = "()<>@,;:\\\"/[]?={} \t";
        name.chars()
            .all(|letter| letter.is_ascii_graphic() && !odd.contains(letter))
    };
    arguments(fields, "no-cache").iter().any(|argument| {
        let names = members(argument.as_deref().unwrap_or_default());
        names.is_empty() || !names.iter().all(token)
    })
}
