//! Ranges: what is cut lies within what is kept, is what the whole body would give, and is written as it is read.
//!
//! An input is text: the bytes that are kept (`first length complete`), a `Range`, a `Content-Range` and an `If-Range`, each on a line,
//! and the header lines of the kept answer.

#![no_main]

mod block;

use libfuzzer_sys::fuzz_target;
use tidegate_core::Wall;
use tidegate_core::http::{Cut, Fields, Stored, if_range_holds};

/// A day in November 2026.
const NOW: Wall = Wall(1_795_000_000_000);

fuzz_target!(|input: &str| {
    let mut lines = input.splitn(5, '\n');
    let mut line = || lines.next().unwrap_or_default();
    let (numbers, range, content_range, condition, kept) = (line(), line(), line(), line(), line());
    let kept = block::pairs(kept);
    if_range(condition, Fields::new(&kept));
    let said = Stored::of_part(Fields::new(&[("content-range", content_range)]));
    if let Some(part) = said {
        // A part is never empty, and its last byte has a number.
        let last = part.first.checked_add(part.length - 1);
        let last = last.expect("it was read as one number");
        assert!(part.complete.is_none_or(|complete| last < complete));
        written(part);
    }
    for stored in [said, stored(numbers)].into_iter().flatten() {
        cut(stored, range);
        rest(stored);
    }
});

/// Bytes that can exist: they are numbered, and none lies behind the end.
fn stored(numbers: &str) -> Option<Stored> {
    let mut numbers = numbers.split(' ');
    let (first, length) = (numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?);
    let complete: Option<u64> = numbers.next().and_then(|number| number.parse().ok());
    let end = u64::checked_add(first, length)?;
    let exist = complete.is_none_or(|complete| end <= complete);
    exist.then_some(Stored {
        first,
        length,
        complete,
    })
}

fn cut(stored: Stored, range: &str) {
    let Some(cut) = stored.cut(range) else {
        return;
    };
    if let Some(complete) = stored.complete {
        assert_eq!(Stored::whole(complete).cut(range), Some(cut));
    }
    match cut {
        Cut::Part { first, last } => {
            assert!(stored.first <= first && first <= last && last - stored.first < stored.length);
            written(Stored {
                first,
                length: last - first + 1,
                complete: stored.complete,
            });
        }
        Cut::Unsatisfiable => assert!(stored.complete.is_some(), "somebody knows the length"),
    }
}

/// A part reads back as it was.
fn written(part: Stored) {
    let (first, last) = (part.first, part.first + (part.length - 1));
    let text = Cut::Part { first, last }.content_range(part.complete);
    assert_eq!(
        Stored::of_part(Fields::new(&[("Content-Range", &text)])),
        Some(part)
    );
}

/// What is missing begins where the kept bytes end.
fn rest(stored: Stored) {
    let Some(rest) = stored.rest() else {
        return;
    };
    assert_eq!(stored.cut(&rest), None, "it is not kept");
    if let Some(complete) = stored.complete {
        let missing = Cut::Part {
            first: stored.length,
            last: complete - 1,
        };
        assert_eq!(Stored::whole(complete).cut(&rest), Some(missing));
    }
}

fn if_range(condition: &str, kept: Fields<'_>) {
    if !if_range_holds(condition, kept, NOW) {
        return;
    }
    let condition = condition.trim_matches([' ', '\t']);
    if condition.starts_with('"') {
        assert_eq!(kept.value("etag"), Some(condition));
    } else {
        assert!(kept.has("last-modified") && kept.has("date"));
    }
    assert!(!condition.starts_with("W/"), "a weak tag is no condition");
}
