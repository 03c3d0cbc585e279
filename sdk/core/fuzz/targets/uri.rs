//! URLs: one text for each, references that stay on the web, and a write that voids nothing of another origin.
//!
//! An input is text: the target on the first line, then references, one on each.

#![no_main]

extern crate alloc;

// The readers are private to the rules; they are compiled once more here, as they stand.
#[allow(dead_code)]
#[path = "../../src/http/fields.rs"]
mod fields;
#[allow(dead_code)]
#[path = "../../src/http/uri.rs"]
mod uri;

mod time {
    pub(crate) use tidegate_core::Millis;
}

use libfuzzer_sys::fuzz_target;
use tidegate_core::http::{Answered, Asked, Fields, invalidated, may_store};

use self::uri::Url;

fuzz_target!(|input: &str| {
    let mut lines = input.split('\n');
    let target = lines.next().unwrap_or_default();
    let references: Vec<&str> = lines.collect();
    match Url::of(target) {
        Some(url) => {
            one_text(&url.text());
            for reference in &references {
                check_reference(&url, reference);
            }
            voids_its_own(target, &url, &references);
        }
        None => assert!(invalidated("PUT", 200, target, Fields::default()).is_empty()),
    }
});

/// What is written once is written the same again, and has nothing in it that is to be taken away.
fn one_text(text: &str) {
    let again = Url::of(text).map(|url| url.text());
    assert_eq!(again.as_deref(), Some(text));
    assert!(!text.contains('#'), "{text}");
    let path = &text[origin(text).len()..];
    let path = path.split('?').next().unwrap_or_default();
    let dots = path.split('/').any(|part| matches!(part, "." | ".."));
    assert!(!dots, "{text}");
}

fn check_reference(url: &Url<'_>, reference: &str) {
    let Some(absolute) = url.resolve(reference) else {
        return;
    };
    one_text(&absolute);
    // What the target itself had in it stays, even if no reference may have it.
    let odd = |byte: u8| byte <= b' ' || byte == b'\\' || byte == 0x7f;
    if !absolute.bytes().any(odd) {
        assert_eq!(url.resolve(&absolute).as_deref(), Some(&*absolute));
    }
    if let Some(other) = Url::of(reference.trim_matches([' ', '\t'])) {
        assert_eq!(other.text(), absolute, "an absolute one is itself");
    }
}

fn voids_its_own(target: &str, url: &Url<'_>, references: &[&str]) {
    let names = ["Location", "content-location"];
    let lines: Vec<_> = names
        .into_iter()
        .cycle()
        .zip(references.iter().copied())
        .collect();
    let void = invalidated("PUT", 200, target, Fields::new(&lines));
    assert_eq!(void.first(), Some(&url.text()), "the target comes first");
    for (index, text) in void.iter().enumerate() {
        one_text(text);
        assert_eq!(origin(text), origin(&url.text()));
        assert!(!void[..index].contains(text), "each once");
    }
    // Only its own URL in `Content-Location` makes an answer to a POST one to a GET.
    for reference in references {
        let said = [
            ("cache-control", "max-age=1"),
            ("content-location", reference),
        ];
        let asked = Asked {
            method: "POST",
            url: target,
            fields: Fields::default(),
        };
        let answered = Answered {
            status: 200,
            fields: Fields::new(&said),
        };
        if may_store(asked, answered).is_ok() {
            assert_eq!(url.resolve(reference), Some(url.text()));
        }
    }
}

/// Up to the third slash.
fn origin(text: &str) -> &str {
    let end = text.match_indices('/').nth(2).map(|(at, _)| at);
    &text[..end.unwrap_or(text.len())]
}
