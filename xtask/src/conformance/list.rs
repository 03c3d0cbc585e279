//! What is not passed, test by test, as Markdown: what the suite says of it, and why it is so.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::score::{Kind, Scores, Verdict};

/// By test, in tests/conformance/reasons.json: why the SDK does not pass it.
#[derive(Debug, Default)]
pub(super) struct Reasons {
    tests: BTreeMap<String, String>,
}

impl Reasons {
    pub(super) fn read(folder: &Path) -> Result<Self> {
        let file = folder.join("reasons.json");
        let text = fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
        let tests =
            serde_json::from_slice(&text).with_context(|| format!("reading {}", file.display()))?;
        Ok(Self { tests })
    }

    fn of(&self, id: &str) -> &str {
        self.tests.get(id).map_or("", String::as_str)
    }
}

/// The required and the optimal tests that are not passed.
pub(super) fn markdown(scores: &Scores, reasons: &Reasons) -> String {
    let mut text = "| not passed | kind | the suite says | why |\n|---|---|---|---|\n".to_owned();
    for (kind, name) in [(Kind::Required, "required"), (Kind::Optimal, "optimal")] {
        for test in scores.of_kind(kind) {
            if test.verdict != Verdict::Pass {
                let said = match (test.verdict, test.said.as_str()) {
                    (verdict, "") => verdict.to_string(),
                    (_, said) => said.replace('|', "\\|"),
                };
                let why = reasons.of(&test.id);
                // Writing into a String cannot fail.
                let _ = writeln!(text, "| `{}` | {name} | {said} | {why} |", test.id);
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_what_is_not_passed_with_its_reason() {
        let scores = serde_json::from_value(serde_json::json!([{
            "id": "suite",
            "tests": [
                { "id": "a", "kind": "required", "verdict": "fail", "said": "Assertion: no" },
                { "id": "b", "kind": "optimal", "verdict": "pass", "said": "" },
            ],
        }]))
        .unwrap();
        let reasons = Reasons {
            tests: BTreeMap::from([("a".to_owned(), "nobody can".to_owned())]),
        };
        let text = markdown(&scores, &reasons);
        assert!(
            text.contains("| `a` | required | Assertion: no | nobody can |"),
            "{text}"
        );
        assert!(!text.contains("`b`"), "{text}");
    }
}
