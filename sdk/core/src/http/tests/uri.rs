use proptest::prelude::*;

use super::*;
use crate::http::tests::config;
use crate::testing::test;

const BASE: &str = "https://a.example/b/c/d;p?q";

fn resolved(reference: &str) -> Option<String> {
    Url::of(BASE)?.resolve(reference)
}

fn text(url: &str) -> Option<String> {
    Url::of(url).map(|url| url.text())
}

#[test]
fn the_standards_own_examples_are_resolved_as_it_says() {
    // RFC 3986, section 5.4, without fragments and without schemes that are not the web's.
    let examples = [
        ("g", "/b/c/g"),
        ("./g", "/b/c/g"),
        ("g/", "/b/c/g/"),
        ("/g", "/g"),
        ("?y", "/b/c/d;p?y"),
        ("g?y", "/b/c/g?y"),
        ("#s", "/b/c/d;p?q"),
        ("g#s", "/b/c/g"),
        ("g?y#s", "/b/c/g?y"),
        (";x", "/b/c/;x"),
        ("g;x", "/b/c/g;x"),
        ("", "/b/c/d;p?q"),
        (".", "/b/c/"),
        ("./", "/b/c/"),
        ("..", "/b/"),
        ("../", "/b/"),
        ("../g", "/b/g"),
        ("../..", "/"),
        ("../../g", "/g"),
        ("../../../g", "/g"),
        ("/./g", "/g"),
        ("/../g", "/g"),
        ("g.", "/b/c/g."),
        ("..g", "/b/c/..g"),
        ("./g/.", "/b/c/g/"),
        ("g/./h", "/b/c/g/h"),
        ("g/../h", "/b/c/h"),
        ("g;x=1/../y", "/b/c/y"),
        ("g?y/../x", "/b/c/g?y/../x"),
    ];
    for (reference, expected) in examples {
        let expected = ["https://a.example", expected].concat();
        assert_eq!(resolved(reference), Some(expected), "{reference}");
    }
    assert_eq!(resolved("//g").as_deref(), Some("https://g/"));
}

#[test]
fn an_absolute_reference_is_itself() {
    assert_eq!(
        resolved("http://B.example:8080/x/../y#z").as_deref(),
        Some("http://b.example:8080/y")
    );
}

#[test]
fn equal_urls_have_one_text() {
    for url in [
        "https://a.example",
        "HTTPS://A.Example/",
        "https://a.example:443/",
        "https://a.example:0443",
        "https://a.example:/#top",
        "https://a.example/x/..",
    ] {
        assert_eq!(text(url).as_deref(), Some("https://a.example/"), "{url}");
    }
    assert_eq!(
        text("http://[::1]:80/a//b?x=..").as_deref(),
        Some("http://[::1]/a//b?x=..")
    );
    assert_ne!(text("http://a.example:443/"), text("https://a.example/"));
}

#[test]
fn what_is_not_the_webs_or_might_be_read_otherwise_is_not_resolved() {
    for url in [
        "",
        "/a",
        "ftp://a/",
        "https:/a",
        "https:a",
        "https://",
        "https:///a",
        "https://u@a.example/",
        "http://:/",
        "http://:80/",
        "http://a:b/",
        "http://a:65536/",
        "http://a:0/",
        "http://a::80/",
        "http://[::1]x/",
        "http://[::1",
        "http://[]/",
        "http://[a]b]/",
        "data:,x",
    ] {
        assert_eq!(Url::of(url), None, "{url}");
    }
    for reference in [
        "mailto:x",
        "https:g",
        "\\\\evil.example/",
        "/\\evil.example",
        "a b",
        "a\nb",
        "//u:p@g/",
        "//:",
        "///x",
        "1a b:c",
    ] {
        assert_eq!(resolved(reference), None, "{reference}");
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_text_is_its_own_text(url in r"https?://[a-c.:@\\\[]{0,6}/?[a-c./?#%]{0,16}") {
        if let Some(once) = text(&url) {
            prop_assert_eq!(text(&once), Some(once));
        }
    }

    #[test]
    fn what_a_reference_means_is_an_absolute_url(reference in prop_oneof![r"[a-z./?#:\\]{0,12}", ".*"]) {
        if let Some(absolute) = resolved(&reference) {
            prop_assert_eq!(text(&absolute), Some(absolute));
        }
    }
}
