//! Lists are cut at the commas that are in no quotes, and nothing gets lost.

// Private to the rules; compiled once more here, as it stands.
#[allow(dead_code)]
#[path = "../../src/http/fields.rs"]
mod text;

pub(crate) fn check(line: &str) {
    let members: Vec<&str> = text::members(line).collect();
    for member in &members {
        assert!(!member.is_empty() && *member == text::trim(member));
        assert!(commas_are_quoted(member), "{member}");
    }
    // What nothing closes is no quote: behind it every comma separates.
    if !line.contains('"') {
        let obvious = line.split(',').map(text::trim);
        let obvious: Vec<_> = obvious.filter(|member| !member.is_empty()).collect();
        assert_eq!(members, obvious);
    }
    assert_eq!(letters(&members.concat()), letters(line));
}

/// Each lies behind a quote and before another.
fn commas_are_quoted(member: &str) -> bool {
    let quotes = (member.find('"'), member.rfind('"'));
    member.match_indices(',').all(|(at, _)| {
        let (Some(first), Some(last)) = quotes else {
            return false;
        };
        first < at && at < last
    })
}

/// All but commas and the white space around them.
fn letters(text: &str) -> String {
    text.chars()
        .filter(|letter| !matches!(letter, ',' | ' ' | '\t'))
        .collect()
}
