//! Numbers of messages on the wire: an integer as long as JavaScript's numbers can tell it from its neighbours, a text of digits beyond.

use serde::{Deserialize, Deserializer, Serializer};

/// The greatest integer that a double tells from the next one.
const MAX_SAFE: u64 = (1 << 53) - 1;

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Number(u64),
    Text(String),
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde's signature
pub(super) fn serialize<S: Serializer>(number: &u64, to: S) -> Result<S::Ok, S::Error> {
    if *number > MAX_SAFE {
        to.collect_str(number)
    } else {
        to.serialize_u64(*number)
    }
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
    match Written::deserialize(from)? {
        Written::Number(number) => Ok(number),
        Written::Text(digits) => digits.parse().map_err(serde::de::Error::custom),
    }
}

#[cfg(test)]
mod tests {
    use crate::feed::Position;

    #[test]
    fn a_number_that_javascript_would_round_is_a_text() {
        for (offset, text) in [
            (
                9_007_199_254_740_991,
                r#"{"epoch":"e","offset":9007199254740991}"#,
            ),
            (
                9_007_199_254_740_993,
                r#"{"epoch":"e","offset":"9007199254740993"}"#,
            ),
        ] {
            let position = Position {
                epoch: "e".to_owned(),
                offset,
            };
            assert_eq!(serde_json::to_string(&position).unwrap(), text);
            assert_eq!(serde_json::from_str::<Position>(text).unwrap(), position);
        }
        let wrong = r#"{"epoch":"e","offset":"seven"}"#;
        assert!(serde_json::from_str::<Position>(wrong).is_err());
    }
}
