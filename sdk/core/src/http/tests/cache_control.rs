use proptest::prelude::*;

use super::*;
use crate::http::tests::config;
use crate::testing::test;

fn response(line: &str) -> ResponseDirectives {
    ResponseDirectives::of(Fields::new(&[("Cache-Control", line)]))
}

fn request(line: &str) -> RequestDirectives {
    RequestDirectives::of(Fields::new(&[("Cache-Control", line)]))
}

fn max_age(line: &str) -> Option<u64> {
    response(line).max_age.map(|length| length.0 / 1_000)
}

#[test]
fn names_are_read_in_any_case() {
    assert!(response("No-StOrE, max-age=100").no_store);
    assert!(response("NO-CACHE").no_cache);
    assert_eq!(max_age("MaX-aGe=3600"), Some(3_600));
}

#[test]
fn all_that_a_response_can_say_is_read() {
    let said = response(
        r#"private, public, immutable, must-revalidate, must-understand, no-transform, stale-while-revalidate=5, stale-if-error="7""#,
    );
    assert_eq!(
        said,
        ResponseDirectives {
            immutable: true,
            must_revalidate: true,
            must_understand: true,
            no_transform: true,
            private: true,
            public: true,
            stale_if_error: Some(Millis(7_000)),
            stale_while_revalidate: Some(Millis(5_000)),
            ..ResponseDirectives::default()
        }
    );
}

#[test]
fn a_lifetime_may_be_quoted_or_lead_with_zeros() {
    assert_eq!(max_age(r#"max-age="3600""#), Some(3_600));
    assert_eq!(max_age("max-age=003600"), Some(3_600));
}

#[test]
fn a_lifetime_that_cannot_be_read_is_none_at_all() {
    for line in [
        "max-age",
        "max-age=",
        "max-age= 100",
        "max-age='3600'",
        "max-age=-100",
        "max-age=a100",
        "max-age=100a",
        "max-age=3600.0",
        r#"max-age="3600"#,
    ] {
        assert_eq!(max_age(line), Some(0), "{line}");
    }
    // White space before the sign makes it a directive that nobody knows.
    assert_eq!(max_age("max-age =100"), None);
}

#[test]
fn what_is_said_within_quotes_is_not_said() {
    assert_eq!(max_age(r#"extension="max-age=3600", max-age=1"#), Some(1));
    assert_eq!(
        max_age(r#"max-age="1", extension="max-age=3600, no-store""#),
        Some(1)
    );
    assert!(!response(r#"extension="a, no-store""#).no_store);
}

#[test]
fn of_two_lifetimes_the_smaller_counts_on_one_line_or_two() {
    assert_eq!(max_age("max-age=1800, max-age=1"), Some(1));
    assert_eq!(max_age("max-age=1, max-age=1800"), Some(1));
    let lines = Fields::new(&[
        ("cache-control", "max-age=1800"),
        ("Cache-Control", "max-age=1"),
    ]);
    assert_eq!(ResponseDirectives::of(lines).max_age, Some(Millis(1_000)));
}

#[test]
fn a_lifetime_too_large_to_count_is_cut() {
    assert_eq!(max_age("max-age=99999999999999999999999"), Some(1 << 31));
}

#[test]
fn what_concerns_shared_caches_alone_is_not_read() {
    assert_eq!(
        response("s-maxage=9, proxy-revalidate"),
        ResponseDirectives::default()
    );
}

#[test]
fn an_allowance_that_cannot_be_read_is_as_if_it_were_not_there() {
    let said = response("stale-if-error=soon, stale-while-revalidate");
    assert_eq!(
        (said.stale_if_error, said.stale_while_revalidate),
        (None, None)
    );
    let said = response("stale-if-error=soon, stale-if-error=9, stale-if-error=5");
    assert_eq!(said.stale_if_error, Some(Millis(5_000)));
}

#[test]
fn no_cache_with_names_withholds_those_fields_and_no_others() {
    let fields = Fields::new(&[("cache-control", r#"no-cache="a, X-B", no-cache=c"#)]);
    assert!(!ResponseDirectives::of(fields).no_cache);
    assert!(withheld(fields, "A") && withheld(fields, "x-b") && withheld(fields, "c"));
    assert!(!withheld(fields, "d"));
}

#[test]
fn no_cache_with_what_is_no_list_of_names_counts_in_full() {
    for line in [
        r#"no-cache="""#,
        "no-cache=",
        r#"no-cache="a b""#,
        r#"no-cache="a, (""#,
        r#"no-cache="a", no-cache"#,
    ] {
        assert!(response(line).no_cache, "{line}");
    }
}

#[test]
fn private_with_names_is_private() {
    assert!(response(r#"private="set-cookie""#).private);
}

#[test]
fn a_directive_with_an_argument_that_it_should_not_have_still_counts() {
    assert!(response("no-store=1").no_store);
    assert!(response(r#"must-revalidate="x""#).must_revalidate);
}

#[test]
fn all_that_a_request_can_say_is_read() {
    let said = request(
        "max-age=1, max-stale=2, min-fresh=3, no-cache, no-store, no-transform, only-if-cached, stale-if-error=4",
    );
    assert_eq!(
        said,
        RequestDirectives {
            max_age: Some(Millis(1_000)),
            max_stale: Some(Millis(2_000)),
            min_fresh: Some(Millis(3_000)),
            no_cache: true,
            no_store: true,
            no_transform: true,
            only_if_cached: true,
            stale_if_error: Some(Millis(4_000)),
        }
    );
}

#[test]
fn max_stale_takes_any_without_a_number_and_none_with_a_wrong_one() {
    assert_eq!(request("max-stale").max_stale, Some(Millis(u64::MAX)));
    assert_eq!(request("max-stale=x").max_stale, Some(Millis::ZERO));
    assert_eq!(
        request("max-stale, max-stale=5").max_stale,
        Some(Millis(5_000))
    );
}

#[test]
fn pragma_counts_in_a_request_without_cache_control_and_never_in_a_response() {
    let pragma = ("Pragma", "x, No-Cache");
    let both = [pragma, ("cache-control", "max-age=5")];
    assert!(RequestDirectives::of(Fields::new(&[pragma])).no_cache);
    assert!(!RequestDirectives::of(Fields::new(&both)).no_cache);
    assert!(!ResponseDirectives::of(Fields::new(&[pragma])).no_cache);
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_store_is_found_behind_anything_that_closes_its_quotes(
        before in r"[a-z0-9= ,\\'-]{0,20}",
        quoted in r#"(x="[a-z, ]{0,6}", )?"#,
    ) {
        let said = response(&alloc::format!("{before}, {quoted}nO-stOre"));
        prop_assert!(said.no_store);
    }

    #[test]
    fn the_order_of_directives_does_not_matter(
        directives in prop::collection::vec(
            prop_oneof!["max-age=[0-9a]{0,4}", r#"no-cache(="a")?"#, "stale-if-error=[0-9]{0,3}", "private", "[a-z]{1,5}"],
            0..6,
        ),
    ) {
        let forwards = response(&directives.join(","));
        let mut backwards = directives;
        backwards.reverse();
        prop_assert_eq!(response(&backwards.join(" , ")), forwards);
    }
}
