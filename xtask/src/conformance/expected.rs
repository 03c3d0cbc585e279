//! What is expected against what was measured: worse in what the standard requires, fewer of what makes a cache better, or another
//! decision where there is no right or wrong.

use std::fmt;

use super::record::Record;
use super::reload::Exceptions;
use super::score::{Kind, Scores, Test, Verdict};

#[derive(Debug, Default)]
pub(super) struct Difference {
    required: Vec<String>,
    optimal: Vec<String>,
    /// Fewer than expected, whichever they are.
    fewer: bool,
    check: Vec<String>,
    better: Vec<String>,
}

impl Difference {
    pub(super) fn between(record: &Record, exceptions: &Exceptions, scores: &Scores) -> Self {
        let mut difference = Self::default();
        let mut balance = 0_i32;
        for test in scores.tests() {
            let expected = exceptions.verdict(&test.id).or(record.verdict(test));
            let found = test.verdict.plain(test.kind);
            if expected == Some(found) {
                continue;
            }
            let line = line(test, expected);
            match (test.kind, found) {
                (Kind::Check, _) => difference.check.push(line),
                (Kind::Optimal, Verdict::Pass) => {
                    balance += 1;
                    difference.better.push(line);
                }
                (Kind::Required, Verdict::Pass) => difference.better.push(line),
                (Kind::Optimal, _) => {
                    balance -= 1;
                    difference.optimal.push(line);
                }
                (Kind::Required, _) => difference.required.push(line),
            }
        }
        difference.fewer = balance < 0;
        difference
    }

    pub(super) fn is_worse(&self) -> bool {
        self.fewer || !self.required.is_empty() || !self.check.is_empty()
    }
}

impl Verdict {
    /// Why a test is not passed makes no difference to whether it is.
    pub(super) fn plain(self, kind: Kind) -> Self {
        match (kind, self) {
            (Kind::Check, verdict) => verdict,
            (_, Self::Pass) => Self::Pass,
            _ => Self::Fail,
        }
    }
}

fn line(test: &Test, expected: Option<Verdict>) -> String {
    let expected = match expected {
        Some(verdict) => format!("{verdict}"),
        None => "nothing".to_owned(),
    };
    let said = match test.said.as_str() {
        "" => String::new(),
        said => format!(" ({said})"),
    };
    format!(
        "{}: expected: {expected}; found: {}{said}",
        test.id, test.verdict
    )
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            (
                "What the standard requires and is not so any more",
                &self.required,
            ),
            ("Optimal tests that are not passed any more", &self.optimal),
            ("Other decisions than before", &self.check),
            (
                "Better than expected; `--update` writes it down",
                &self.better,
            ),
        ];
        for (title, lines) in parts {
            if !lines.is_empty() {
                writeln!(f, "{title}:")?;
            }
            for line in lines {
                writeln!(f, "- {line}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// One test of each kind, with these verdicts.
    fn scores(required: &str, optimal: &str, check: &str) -> Scores {
        let test =
            |kind, verdict| json!({ "id": kind, "kind": kind, "verdict": verdict, "said": "x" });
        serde_json::from_value(json!([{
            "id": "suite",
            "tests": [test("required", required), test("optimal", optimal), test("check", check)],
        }]))
        .unwrap()
    }

    fn difference(before: &Scores, now: &Scores) -> Difference {
        Difference::between(
            &Record::of(before, "a browser".to_owned()),
            &Exceptions::default(),
            now,
        )
    }

    #[test]
    fn what_is_as_expected_makes_no_difference() {
        let same = difference(&scores("pass", "fail", "no"), &scores("pass", "fail", "no"));
        assert!(!same.is_worse());
        assert_eq!(same.to_string(), "");
    }

    #[test]
    fn a_required_test_that_is_not_passed_any_more_is_named_with_its_error() {
        let worse = difference(
            &scores("pass", "pass", "no"),
            &scores("setup", "pass", "no"),
        );
        assert!(worse.is_worse());
        assert!(
            worse.to_string().contains("- required: expected: passes;"),
            "{worse}"
        );
        assert!(worse.to_string().contains("(x)"), "{worse}");
    }

    #[test]
    fn fewer_optimal_tests_are_worse_and_more_are_not() {
        let (with, without) = (scores("pass", "pass", "no"), scores("pass", "fail", "no"));
        assert!(difference(&with, &without).is_worse());
        let better = difference(&without, &with);
        assert!(!better.is_worse());
        assert!(better.to_string().contains("Better"), "{better}");
    }

    #[test]
    fn another_decision_is_worse_either_way() {
        let (yes, no) = (scores("pass", "pass", "yes"), scores("pass", "pass", "no"));
        assert!(difference(&yes, &no).is_worse());
        assert!(difference(&no, &yes).is_worse());
    }

    #[test]
    fn why_a_test_is_not_passed_makes_no_difference() {
        let (fails, depends) = (
            scores("fail", "fail", "no"),
            scores("dependency", "retry", "no"),
        );
        assert!(!difference(&fails, &depends).is_worse());
    }

    #[test]
    fn what_a_reload_changes_is_expected_of_it() {
        let (before, after) = (scores("pass", "pass", "no"), scores("fail", "pass", "yes"));
        let record = Record::of(&before, "a browser".to_owned());
        let exceptions = Exceptions::default().updated(&record, &after);
        assert!(!Difference::between(&record, &exceptions, &after).is_worse());
        assert!(Difference::between(&record, &exceptions, &before).is_worse());
    }
}
