//! How it went, by suite, as Markdown: what was measured now, and what the browser's own cache does.

use std::fmt::Write;

use super::record::Record;
use super::score::{Kind, Scores, Test, Verdict};

const KINDS: [Kind; 3] = [Kind::Required, Kind::Optimal, Kind::Check];

/// Without a record of the browser's own cache it has no columns.
pub(super) fn markdown(scores: &Scores, native: Option<&Record>) -> String {
    let beside = native.map_or("", |_| " native |");
    let line = native.map_or("", |_| "--:|");
    let mut text = format!(
        "| suite | required |{beside} optimal |{beside} yes |{beside}\n\
         |---|--:|{line}--:|{line}--:|{line}\n"
    );
    let all: Vec<_> = scores.tests().collect();
    let suites = scores
        .suites
        .iter()
        .map(|suite| (suite.id.as_str(), suite.tests.iter().collect::<Vec<_>>()));
    for (name, tests) in suites.chain([("**all**", all)]) {
        let cells = KINDS.map(|kind| cells(&tests, kind, native));
        // Writing into a String cannot fail.
        let _ = writeln!(text, "| {name} |{}", cells.concat());
    }
    if let Some(native) = native {
        let _ = writeln!(text, "\nNative: {}.", native.browser);
    }
    text
}

/// How many are passed of how many, now and by the browser's own cache.
fn cells(tests: &[&Test], kind: Kind, native: Option<&Record>) -> String {
    let tests: Vec<_> = tests.iter().filter(|test| test.kind == kind).collect();
    let is_good = |verdict| matches!(verdict, Verdict::Pass | Verdict::Yes);
    let ours = tests.iter().filter(|test| is_good(test.verdict)).count();
    let theirs = native.map(|native| {
        let good = |test: &&&&Test| native.verdict(test).is_some_and(is_good);
        tests.iter().filter(good).count()
    });
    match (tests.len(), theirs) {
        (0, None) => "  |".to_owned(),
        (0, Some(_)) => "  |  |".to_owned(),
        (of, None) => format!(" {ours}/{of} |"),
        (of, Some(theirs)) => format!(" {ours}/{of} | {theirs} |"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn scores(required: &str) -> Scores {
        serde_json::from_value(json!([{
            "id": "vary",
            "tests": [
                { "id": "a", "kind": "required", "verdict": required, "said": "" },
                { "id": "b", "kind": "required", "verdict": "pass", "said": "" },
                { "id": "c", "kind": "check", "verdict": "yes", "said": "" },
            ],
        }]))
        .unwrap()
    }

    #[test]
    fn shows_ours_beside_the_browsers_own_by_suite_and_in_all() {
        let native = Record::of(&scores("fail"), "Chromium 1".to_owned());
        let text = markdown(&scores("pass"), Some(&native));
        assert!(
            text.contains("| vary | 2/2 | 1 |  |  | 1/1 | 1 |\n"),
            "{text}"
        );
        assert!(text.contains("| **all** | 2/2 | 1 |"), "{text}");
        assert!(text.contains("Native: Chromium 1."), "{text}");
    }

    #[test]
    fn every_row_has_as_many_cells_as_the_head() {
        let native = Record::of(&scores("fail"), "Chromium 1".to_owned());
        for native in [None, Some(&native)] {
            let text = markdown(&scores("pass"), native);
            let rows = text.lines().filter(|line| line.starts_with('|'));
            let bars: Vec<_> = rows.map(|row| row.matches('|').count()).collect();
            assert!(bars.windows(2).all(|pair| pair[0] == pair[1]), "{text}");
        }
    }
}
