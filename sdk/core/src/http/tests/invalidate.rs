use proptest::prelude::*;

use super::*;
use crate::http::tests::{borrowed, config, pairs};
use crate::testing::test;

const TARGET: &str = "https://a.example/items?page=2";

fn void(method: &str, status: u16, answer: &[(&str, &str)]) -> Vec<String> {
    invalidated(method, status, TARGET, Fields::new(answer))
}

#[test]
fn a_write_voids_the_url_that_it_was_sent_to() {
    for method in [
        "POST", "PUT", "DELETE", "PATCH", "M-SEARCH", "FOO", "get", "",
    ] {
        assert_eq!(void(method, 200, &[]), [TARGET], "{method}");
    }
}

#[test]
fn a_read_voids_nothing() {
    for method in ["GET", "HEAD", "OPTIONS", "TRACE"] {
        assert!(
            void(method, 200, &[("Location", "/x")]).is_empty(),
            "{method}"
        );
    }
}

#[test]
fn an_error_voids_nothing_and_a_redirect_does() {
    for status in [100, 199, 400, 404, 409, 500, 503, 600] {
        assert!(
            void("POST", status, &[("Location", "/x")]).is_empty(),
            "{status}"
        );
    }
    for status in [200, 201, 204, 301, 303, 399, 0] {
        assert!(!void("POST", status, &[]).is_empty(), "{status}");
    }
}

#[test]
fn what_the_answer_names_is_void_too_when_it_is_of_the_same_origin() {
    let answer = [
        ("Location", "/items/7#top"),
        ("Content-Location", "https://A.example:443/items"),
    ];
    assert_eq!(
        void("POST", 201, &answer),
        [
            TARGET,
            "https://a.example/items/7",
            "https://a.example/items"
        ]
    );
}

#[test]
fn no_server_voids_what_another_said() {
    for other in [
        "https://b.example/items",
        "http://a.example/items",
        "https://a.example:8443/items",
        "//b.example/items",
        "https://a.example@b.example/",
        "\\\\b.example/items",
        "https://a.example.b.example/",
    ] {
        let answer = [("Location", other), ("Content-Location", other)];
        assert_eq!(void("POST", 201, &answer), [TARGET], "{other}");
    }
}

#[test]
fn a_url_is_named_once() {
    let answer = [
        ("Location", TARGET),
        ("Content-Location", "?page=2"),
        ("location", "items?page=2"),
    ];
    assert_eq!(void("PUT", 200, &answer), [TARGET]);
}

#[test]
fn a_target_that_is_no_url_voids_nothing() {
    for target in ["", "/items", "data:,x", "blob:https://a.example/1"] {
        assert!(invalidated("PUT", 200, target, Fields::default()).is_empty());
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn all_that_is_void_is_of_the_targets_origin(method in "[A-Z]{0,6}", status in any::<u16>(), answer in pairs()) {
        for url in void(&method, status, &borrowed(&answer)) {
            prop_assert!(url.starts_with("https://a.example/"), "{url}");
        }
    }
}
