use alloc::vec::Vec;

use proptest::prelude::*;

use super::*;
use crate::http::tests::config;
use crate::testing::test;

fn of(line: &str) -> Vec<&str> {
    members(line).collect()
}

#[test]
fn a_comma_within_quotes_separates_nothing() {
    assert_eq!(
        of(r#"a="1, 2", b ,c="\",",,"#),
        [r#"a="1, 2""#, "b", r#"c="\",""#]
    );
    assert_eq!(of(" \t, ,"), [""; 0]);
}

#[test]
fn a_quote_that_nothing_closes_hides_nothing() {
    assert_eq!(of(r#"x="a, no-store"#), [r#"x="a"#, "no-store"]);
    assert_eq!(of(r#""a", "b, \c, d"#), [r#""a""#, r#""b"#, r"\c", "d"]);
}

#[test]
fn lines_of_one_name_are_one_list_whatever_their_case() {
    let fields = Fields::new(&[("Vary", "a"), ("X", "b"), ("VARY", " c, d ")]);
    assert_eq!(fields.members("vary").collect::<Vec<_>>(), ["a", "c", "d"]);
    assert_eq!(fields.values("vary").collect::<Vec<_>>(), ["a", "c, d"]);
}

#[test]
fn a_number_of_seconds_is_digits_and_is_cut_to_what_can_be_counted() {
    assert_eq!(seconds("0060"), Some(Millis(60_000)));
    for large in ["2147483648", "99999999999", "99999999999999999999999999"] {
        assert_eq!(seconds(large), Some(LONGEST), "{large}");
    }
    for other in ["", "-1", "+1", "1.0", "1 ", "0x1", "\u{663}"] {
        assert_eq!(seconds(other), None, "{other}");
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn members_lose_nothing_but_commas_and_white_space(line in prop_oneof![".*", r#"[a," \\]{0,20}"#]) {
        let bare = |text: &str| text.replace([',', ' ', '\t'], "");
        let together: Vec<&str> = of(&line);
        prop_assert!(together.iter().all(|member| !member.is_empty() && trim(member) == *member));
        prop_assert_eq!(bare(&together.concat()), bare(&line));
    }
}
