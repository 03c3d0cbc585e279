use proptest::prelude::*;

use super::*;
use crate::http::tests::{borrowed, config, pairs};
use crate::testing::test;

fn stored(status: u16, fields: &[(&str, &str)]) -> Result<Owner, Unstorable> {
    let asked = Asked {
        method: "GET",
        url: URL,
        fields: Fields::default(),
    };
    let fields = Fields::new(fields);
    may_store(asked, Answered { status, fields })
}

fn stored_for(method: &str, asked: &[(&str, &str)]) -> Result<Owner, Unstorable> {
    let fields = Fields::new(asked);
    let answered = Answered {
        status: 200,
        fields: Fields::default(),
    };
    let asked = Asked {
        method,
        url: URL,
        fields,
    };
    may_store(asked, answered)
}

const URL: &str = "https://a.example/items?x";
const LASTS: (&str, &str) = ("Cache-Control", "max-age=3600");

#[test]
fn only_answers_to_get_are_kept() {
    assert_eq!(stored_for("GET", &[]), Ok(Owner::Anybody));
    for method in [
        "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "get", "", "M-SEARCH",
    ] {
        assert_eq!(stored_for(method, &[]), Err(Unstorable::Method), "{method}");
    }
}

#[test]
fn a_post_is_kept_when_its_answer_says_that_it_is_the_one_to_a_get() {
    let posted = |status, fields: &[(&str, &str)]| {
        let (url, asked) = (URL, Fields::default());
        let fields = Fields::new(fields);
        let asked = Asked {
            method: "POST",
            url,
            fields: asked,
        };
        may_store(asked, Answered { status, fields })
    };
    for location in ["?x", URL, "items?x#top", "https://A.example:443/items?x"] {
        let named = [LASTS, ("Content-Location", location)];
        assert_eq!(posted(200, &named), Ok(Owner::Anybody), "{location}");
        assert_eq!(posted(404, &named), Err(Unstorable::Method));
        assert_eq!(posted(200, &named[1..]), Err(Unstorable::Method));
    }
    for location in ["/items", "https://b.example/items?x", "", "items"] {
        let named = [LASTS, ("Content-Location", location)];
        assert_eq!(posted(200, &named), Err(Unstorable::Method), "{location}");
    }
    assert_eq!(posted(200, &[LASTS]), Err(Unstorable::Method));
}

#[test]
fn no_store_is_heeded_in_any_case_from_either_side() {
    for said in [
        "no-store",
        "No-StOrE",
        "max-age=10000, No-Store",
        "private, no-store=x",
    ] {
        let fields = [
            ("cache-control", said),
            ("Expires", "Thu, 18 Aug 2050 02:01:18 GMT"),
        ];
        assert_eq!(stored(200, &fields), Err(Unstorable::NoStore), "{said}");
        assert_eq!(
            stored_for("GET", &[("Cache-Control", said)]),
            Err(Unstorable::NoStore)
        );
    }
}

#[test]
fn an_opaque_answer_is_not_kept() {
    assert_eq!(stored(0, &[LASTS]), Err(Unstorable::Opaque));
}

#[test]
fn a_status_of_the_standards_list_is_kept_without_a_word_and_others_with_one() {
    let listed = [200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501];
    let never = [206, 304];
    for status in (200..=599).filter(|status| !never.contains(status)) {
        let expected = if listed.contains(&status) {
            Ok(Owner::Anybody)
        } else {
            Err(Unstorable::Status)
        };
        assert_eq!(stored(status, &[]), expected, "{status}");
        for word in [LASTS, ("Expires", "0"), ("Cache-Control", "public")] {
            assert_eq!(stored(status, &[word]), Ok(Owner::Anybody), "{status}");
        }
        let private = [("Cache-Control", "private")];
        assert_eq!(stored(status, &private), Ok(Owner::Identity), "{status}");
    }
}

#[test]
fn what_is_no_last_answer_is_not_kept() {
    for status in [100, 101, 103, 199, 304, 600, 999, u16::MAX] {
        assert_eq!(
            stored(status, &[LASTS]),
            Err(Unstorable::Status),
            "{status}"
        );
    }
}

#[test]
fn what_is_to_be_understood_is_kept_if_it_is_even_with_no_store() {
    let said = [("cache-control", "max-age=3600, no-store, must-understand")];
    for status in [200, 301, 302, 307, 404] {
        assert_eq!(stored(status, &said), Ok(Owner::Anybody), "{status}");
    }
    for status in [201, 299, 499, 503, 599] {
        assert_eq!(stored(status, &said), Err(Unstorable::Status), "{status}");
    }
}

#[test]
fn a_part_is_kept_when_it_says_which() {
    let part = |range| stored(206, &[LASTS, ("content-range", range)]);
    assert_eq!(part("bytes 4-9/10"), Ok(Owner::Anybody));
    assert_eq!(part("bytes 4-9/*"), Ok(Owner::Anybody));
    for range in [
        "",
        "bytes */10",
        "bytes 9-4/10",
        "bytes 4-10/10",
        "lines 1-2/3",
        "4-9/10",
    ] {
        assert_eq!(part(range), Err(Unstorable::Part), "{range}");
    }
    let several = [LASTS, ("content-type", "multipart/byteranges; boundary=x")];
    assert_eq!(stored(206, &several), Err(Unstorable::Part));
}

#[test]
fn what_varies_in_everything_is_not_kept() {
    for vary in ["*", "accept, *", ", *"] {
        let fields = [LASTS, ("Vary", vary)];
        assert_eq!(stored(200, &fields), Err(Unstorable::Varies), "{vary}");
    }
    assert_eq!(
        stored(200, &[LASTS, ("Vary", "accept")]),
        Ok(Owner::Anybody)
    );
}

#[test]
fn an_answer_to_a_request_with_credentials_is_its_identitys_alone() {
    for name in [
        "Authorization",
        "cookie",
        "X-API-Key",
        "X-Access-Token",
        "x-session-id",
    ] {
        assert_eq!(
            stored_for("GET", &[(name, "a")]),
            Ok(Owner::Identity),
            "{name}"
        );
    }
    assert_eq!(stored_for("GET", &[("Accept", "a/b")]), Ok(Owner::Anybody));
}

#[test]
fn secrets_are_not_kept_whatever_their_name_is_written_like() {
    let answer = Fields::default();
    for name in [
        "Set-Cookie",
        "set-cookie2",
        "Authorization",
        "Proxy-Authorization",
        "Authentication-Info",
        "X-CSRF-Token",
        "x-xsrf",
        "X-Auth-Token",
        "Refresh-TOKEN",
        "X-Session",
        "X-Api-Key",
        "x-jwt-assertion",
    ] {
        assert!(!is_kept(answer, name), "{name}");
    }
    for name in [
        "ETag",
        "Content-Type",
        "Cache-Control",
        "Content-Security-Policy",
        "X-Frame-Options",
        "Access-Control-Allow-Credentials",
        "Date",
        "Vary",
        "Link",
        "X-Total-Count",
    ] {
        assert!(is_kept(answer, name), "{name}");
    }
}

#[test]
fn what_concerns_the_connection_is_not_kept() {
    let answer = Fields::new(&[("Connection", "close, A"), ("connection", "b")]);
    for name in [
        "connection",
        "Keep-Alive",
        "Transfer-Encoding",
        "TE",
        "Upgrade",
        "a",
        "B",
        "Age",
    ] {
        assert!(!is_kept(answer, name), "{name}");
    }
    assert!(is_kept(answer, "c"));
}

#[test]
fn a_field_that_no_cache_names_is_not_kept() {
    let answer = Fields::new(&[("cache-control", "no-cache=\"a, b\", max-age=3600")]);
    assert!(!is_kept(answer, "a") && !is_kept(answer, "B") && is_kept(answer, "c"));
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn with_no_store_nothing_else_makes_an_answer_storable(
        (asked, answered) in (pairs(), pairs()),
        word in "[nN][oO]-[sS]tore",
        status in any::<u16>(),
    ) {
        let (asked, mut answered) = (borrowed(&asked), borrowed(&answered));
        answered.retain(|(_, value)| !value.contains("must-understand"));
        answered.push(("cache-control", &word));
        let asked = Asked { method: "GET", url: URL, fields: Fields::new(&asked) };
        let answered = Answered { status, fields: Fields::new(&answered) };
        prop_assert!(may_store(asked, answered).is_err());
    }

    #[test]
    fn a_name_with_a_secret_in_it_is_never_kept(before in "[a-zA-Z-]{0,6}", secret in prop::sample::select(&SECRET[..]), after in "[a-zA-Z-]{0,6}") {
        prop_assert!(!is_kept(Fields::default(), &[&before, secret, after.as_str()].concat()));
        prop_assert!(!is_kept(Fields::default(), &[before, secret.to_ascii_uppercase(), after].concat()));
    }
}
