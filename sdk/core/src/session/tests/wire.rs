//! Any text is read without a panic, and what is read is what serde_json reads.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::stage::Stage;
use crate::session::Position;
use crate::session::wire::json::{Json, quote};
use crate::session::wire::{decode, encode};

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<String>().prop_map(Into::into),
    ];
    leaf.prop_recursive(5, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(serde_json::Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..5)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Like a frame, and broken in places.
fn frame() -> impl Strategy<Value = String> {
    let word = prop::sample::select(
        &[
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\"",
            "\\",
            "\n",
            " ",
            "\"id\"",
            "\"push\"",
            "\"pub\"",
            "\"offset\"",
            "\"data\"",
            "\"connect\"",
            "\"subs\"",
            "\"channel\"",
            "\"governance\"",
            "\"replay\"",
            "\"publications\"",
            "\"ack\"",
            "\"error\"",
            "\"code\"",
            "\"drain\"",
            "\"by_ms\"",
            "\"window_ms\"",
            "\"min_ms\"",
            "\"disconnect\"",
            "\"reconnect\"",
            "true",
            "0",
            "1",
            "7",
            "4401",
            "18446744073709551615",
            "\"\\ud83d\"",
            "\\u",
            "é",
            "null",
            "\"skip\"",
            "\"from\"",
            "\"to\"",
            "\"snapshot\"",
            "\"subscribe\"",
            "\"epoch\"",
            "\"ping\"",
        ][..],
    );
    prop::collection::vec(word, 0..40).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn what_is_json_is_read_as_it_is(value in json()) {
        let text = format!("{value}");
        let read = Json::whole(&text);
        prop_assert_eq!(read.map(Json::text), Some(&*text));
        if let (Some(read), Some(object)) = (read, value.as_object()) {
            prop_assert_eq!(read.members().count(), object.len());
        }
        if let (Some(read), Some(string)) = (read, value.as_str()) {
            prop_assert_eq!(read.string(), Some(string.into()));
        }
        if let (Some(read), Some(list)) = (read, value.as_array()) {
            let items: Vec<String> = read.items().map(|item| item.text().into()).collect();
            let theirs: Vec<String> = list.iter().map(|item| format!("{item}")).collect();
            prop_assert_eq!(items, theirs);
        }
    }

    #[test]
    fn what_is_written_is_json(text in any::<String>()) {
        let mut out = String::new();
        quote(&mut out, &text);
        prop_assert_eq!(serde_json::from_str::<String>(&out).ok(), Some(text.clone()));
        prop_assert_eq!(Json::whole(&out).and_then(Json::string), Some(text));
    }

    #[test]
    fn any_text_is_read_without_a_panic(text in prop_oneof![any::<String>(), frame()]) {
        let _ = decode::frame(&text);
        let _ = decode::positions(&text);
    }

    #[test]
    fn any_frames_leave_a_session_that_works(frames in prop::collection::vec(frame(), 0..12)) {
        let mut stage = Stage::greeted(3);
        for text in frames {
            if let Some(link) = stage.session.link() {
                stage.say(crate::session::Input::Frame { link, text });
            }
            stage.pass(300);
        }
    }
}

#[test]
fn what_is_nested_too_deeply_is_nothing() {
    let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(Json::whole(&deep(64)).is_some());
    assert!(Json::whole(&deep(65)).is_none());
    assert!(Json::whole(&deep(100_000)).is_none());
}

#[test]
fn a_position_that_javascript_would_round_is_written_as_a_text() {
    for (offset, written) in [
        ((1 << 53) - 1, "9007199254740991"),
        (1 << 53, "\"9007199254740992\""),
    ] {
        let epoch = String::from("e");
        let position = Position { epoch, offset };
        let text = encode::positions([("a", &position)].into_iter());
        assert_eq!(
            text,
            format!(r#"{{"a":{{"epoch":"e","offset":{written}}}}}"#)
        );
        assert_eq!(decode::positions(&text), [(String::from("a"), position)]);
    }
}
