use sfv::{BareItem, Dictionary, ListEntry, Parser};

use super::*;

fn void(field: &str) -> HintError {
    field.parse::<Hint>().expect_err(field)
}

#[test]
fn what_is_written_can_be_read() {
    for hint in [
        Hint::new(700, 1_200, 5),
        Hint::new(0, 0, 1),
        Hint::new(1_000, 600_000, 300),
    ] {
        let hint = hint.unwrap();
        assert_eq!(hint.to_string().parse(), Ok(hint));
    }
}

#[test]
fn only_the_level_is_required() {
    assert_eq!("level=3".parse(), Hint::new(3, 0, Hint::DEFAULT_TTL));
    assert_eq!(void("wait=3, ttl=5"), HintError::MissingLevel);
    assert_eq!(void(""), HintError::MissingLevel);
}

#[test]
fn what_is_unknown_is_ignored_and_the_last_of_two_counts() {
    let field = "level=1, new=(1 \"a\\\"b\";q=?1 :YWI=:), level=700;why=\"busy\", x, wait=1200 ,\tttl=9, d=@12, s=%\"%c3%bc\", f=1.5, t=a/b";
    assert_eq!(field.parse(), Hint::new(700, 1_200, 9));
}

#[test]
fn a_number_out_of_range_makes_it_void() {
    for (field, text) in [
        ("level=1001", "level must be 0 to 1000, not 1001"),
        ("level=-1", "level must be 0 to 1000, not -1"),
        (
            "level=1, wait=600001",
            "wait must be 0 to 600000, not 600001",
        ),
        ("level=1, ttl=0", "ttl must be 1 to 300, not 0"),
        (
            "level=1, ttl=999999999999999",
            "ttl must be 1 to 300, not 999999999999999",
        ),
    ] {
        assert_eq!(void(field).to_string(), text);
        assert_eq!(void(field).code(), "out-of-range");
    }
}

#[test]
fn what_is_no_integer_makes_it_void() {
    for field in [
        "level",
        "level=0.5",
        "level=\"1\"",
        "level=(1)",
        "level=?1",
        "level=@1",
    ] {
        assert_eq!(void(field), HintError::NotAnInteger { member: "level" });
    }
}

#[test]
fn what_is_no_dictionary_is_void() {
    for field in [
        "level=1,",
        ",level=1",
        "level=1 wait=2",
        "level=",
        "level=-",
        "Level=1",
        "level=1;",
        "level=1, x=(1",
        "level=1, x=(1\"a\")",
        "level=1, x=\"a",
        "level=1, x=\"\\a\"",
        "level=1, x=?2",
        "level=1, x=1.2345",
        "level=1, x=:a",
        "level=1, x=%\"%ff\"",
        "level=1234567890123456",
        "level=1, x=%\"%C3\"",
        "level=1\u{e9}",
        "level=1, x=@1.5",
        "level =1",
        "level= 1",
    ] {
        assert!(
            matches!(void(field), HintError::Malformed { .. }),
            "{field}"
        );
    }
}

/// The reference implementation's opinion: a hint, or none.
fn reference(field: &str) -> Option<Hint> {
    let fields: Dictionary = Parser::new(field).parse().ok()?;
    let integer = |name: &str| match fields.get(name) {
        None => Some(None),
        Some(ListEntry::Item(item)) => match item.bare_item {
            BareItem::Integer(number) => Some(Some(i64::from(number))),
            _ => None,
        },
        Some(ListEntry::InnerList(_)) => None,
    };
    Hint::checked(
        integer("level")??,
        integer("wait")?.unwrap_or(0),
        integer("ttl")?.unwrap_or(Hint::DEFAULT_TTL.into()),
    )
    .ok()
}

#[test]
fn it_reads_what_a_full_implementation_reads() {
    // Every text of up to four of these pieces: more than 38,000 fields, most of them wrong.
    let pieces = [
        "level=7", ", ", "ttl=3", " ", ";q", "(", ")", "=", "-1", "1.5", "\"a\"", "?1", ":YQ==:",
        "@2",
    ];
    let mut count = 0;
    for number in 0..14_u32.pow(4) {
        let mut rest = number;
        let mut field = String::from("level=1");
        for _ in 0..4 {
            field += pieces[(rest % 14) as usize];
            rest /= 14;
        }
        assert_eq!(field.parse().ok(), reference(&field), "{field}");
        count += u32::from(field.parse::<Hint>().is_ok());
    }
    assert!(count > 100, "{count} were right");
}

#[cfg(feature = "serde")]
#[test]
fn json_is_checked_like_the_header() {
    let hint = Hint::new(700, 1_200, 5).unwrap();
    let message = serde_json::json!({ "hint": hint }).to_string();
    let read: serde_json::Value = serde_json::from_str(&hint.message()).unwrap();
    assert_eq!(
        read,
        serde_json::from_str::<serde_json::Value>(&message).unwrap()
    );
    assert_eq!(
        serde_json::from_value::<Hint>(read["hint"].clone()).unwrap(),
        hint
    );

    let readiness: crate::Readiness =
        serde_json::from_str(r#"{"ready":true,"level":10,"new":[]}"#).unwrap();
    assert!(readiness.ready);
    assert_eq!(Ok(readiness.hint), Hint::new(10, 0, 5));
    assert!(serde_json::from_str::<Hint>(r#"{"level":-1}"#).is_err());
    assert!(serde_json::from_str::<Hint>(r#"{"wait_ms":1}"#).is_err());
}
