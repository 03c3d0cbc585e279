//! How a run went: a table, and a closing line that programs can read.

use std::fmt;
use std::time::Duration;

use anyhow::{Result, bail};

#[derive(Debug, PartialEq)]
pub(super) enum Outcome {
    Failed(Duration),
    NotRun,
    Passed(Duration),
}

#[derive(Debug, Default)]
pub(super) struct Summary {
    lines: Vec<(&'static str, Outcome)>,
}

impl Summary {
    pub(super) fn add(&mut self, step: &'static str, outcome: Outcome) {
        self.lines.push((step, outcome));
    }

    pub(super) fn has_failed(&self) -> bool {
        self.failed() > 0
    }

    pub(super) fn verdict(&self) -> Result<()> {
        let failed: Vec<_> = self
            .lines
            .iter()
            .filter(|(_, outcome)| matches!(outcome, Outcome::Failed(_)))
            .map(|(step, _)| *step)
            .collect();
        if failed.is_empty() {
            return Ok(());
        }
        bail!(
            "failed: {0}; again with `cargo xtask test {0}`",
            failed.join(" ")
        );
    }

    fn failed(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Failed(_)))
    }

    fn passed(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Passed(_)))
    }

    fn count(&self, is_it: impl Fn(&Outcome) -> bool) -> usize {
        self.lines
            .iter()
            .filter(|(_, outcome)| is_it(outcome))
            .count()
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f)?;
        for (step, outcome) in &self.lines {
            let (word, took) = match outcome {
                Outcome::Failed(took) => ("FAILED", seconds(*took)),
                Outcome::NotRun => ("not run", String::new()),
                Outcome::Passed(took) => ("passed", seconds(*took)),
            };
            writeln!(f, "  {step:<14} {word:<8}{took:>10}")?;
        }
        writeln!(f, "\n{} passed, {} failed", self.passed(), self.failed())
    }
}

fn seconds(took: Duration) -> String {
    format!("{:.1} s", took.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_with_what_passed_and_what_failed() {
        let mut summary = Summary::default();
        summary.add("fmt", Outcome::Passed(Duration::from_millis(1_200)));
        summary.add("clippy", Outcome::Failed(Duration::from_secs(3)));
        summary.add("docs", Outcome::NotRun);
        let text = summary.to_string();
        assert!(text.ends_with("\n1 passed, 1 failed\n"), "{text}");
        assert!(text.contains("1.2 s") && text.contains("not run"), "{text}");
        assert!(summary.verdict().is_err());
    }
}
