//! What is read of a dictionary, what is skipped, and where it goes wrong.

use alloc::vec::Vec;

use super::*;
use crate::testing::test;

fn members(text: &str) -> Result<Vec<(&str, Item<'_>)>, WordError> {
    let mut dictionary = Dictionary::new(text);
    let mut all = Vec::new();
    while let Some(member) = dictionary.next_member()? {
        all.push(member);
    }
    Ok(all)
}

#[test]
fn the_three_kinds_that_matter_are_read() {
    assert_eq!(
        members(" a=-12;q=1 ,\tb=?0, c, *d=\"/x\\\"y\", e=999999999999999 "),
        Ok([
            ("a", Item::Integer(-12)),
            ("b", Item::Boolean(false)),
            ("c", Item::Boolean(true)),
            ("*d", Item::Text("/x\\\"y")),
            ("e", Item::Integer(999_999_999_999_999)),
        ]
        .to_vec())
    );
    assert_eq!(members(""), Ok(Vec::new()));
}

#[test]
fn whatever_else_the_grammar_allows_is_skipped() {
    for text in [
        "x=1.5",
        "x=-123456789012.123",
        "x=token/with:all*",
        "x=*",
        "x=:aGk=:",
        "x=@1700000000",
        "x=%\"caf%c3%a9\"",
        "x=()",
        "x=( 1  \"b\";p (",
        "x=(1 ?1 tok);q;r=2",
    ] {
        let read = members(text);
        let whole = !text.ends_with('(');
        assert_eq!(read.is_ok(), whole, "{text}");
        if whole {
            assert_eq!(read, Ok([("x", Item::Other)].to_vec()), "{text}");
        }
    }
}

#[test]
fn what_is_no_dictionary_is_refused_where_it_goes_wrong() {
    for (text, at) in [
        ("A=1", 0),
        ("a=1,", 4),
        ("a=1 b=2", 4),
        ("a==1", 2),
        ("a=", 2),
        ("a=-", 3),
        ("a=1234567890123456", 17),
        ("a=1.", 4),
        ("a=1.2345", 8),
        ("a=?2", 3),
        ("a=\"x", 4),
        ("a=\"\\n\"", 4),
        ("a=\"é\"", 3),
        ("a=:x", 4),
        ("a=@1.5", 6),
        ("a=(1\"b\")", 4),
        ("a;", 2),
        ("a=1;=2", 4),
        ("\ta=1", 0),
    ] {
        assert_eq!(members(text), Err(WordError::Malformed { at }), "{text}");
    }
}
