//! The last minute of a stub, as far as it answered.

use std::collections::VecDeque;

use tidegate_contract::metrics::{Metrics, MetricsReport};

/// One question a second for a minute.
pub(crate) const LENGTH: usize = 60;

/// What was learnt from the last questions, oldest first.
#[derive(Debug, Default)]
pub(crate) struct History {
    /// A question without an answer leaves a gap.
    answers: VecDeque<Option<MetricsReport>>,
    /// Why there is no answer, while there is none.
    gone: Option<String>,
}

impl History {
    pub(crate) fn push(&mut self, answer: Result<MetricsReport, String>) {
        if self.answers.len() == LENGTH {
            self.answers.pop_front();
        }
        let (report, gone) = match answer {
            Ok(report) => (Some(report), None),
            Err(why) => (None, Some(why)),
        };
        self.answers.push_back(report);
        self.gone = gone;
    }

    /// The latest answer there was, even if the stub has gone since.
    pub(crate) fn latest(&self) -> Option<&MetricsReport> {
        self.answers.iter().rev().flatten().next()
    }

    /// Why the latest question had no answer.
    pub(crate) fn gone(&self) -> Option<&str> {
        self.gone.as_deref()
    }

    /// One figure over time.
    pub(crate) fn curve(&self, figure: fn(&Metrics) -> u64) -> Vec<Option<u64>> {
        self.answers
            .iter()
            .map(|report| report.as_ref().map(|report| figure(&report.metrics)))
            .collect()
    }

    /// Arrivals per second of the space's clock, between the last two answers.
    pub(crate) fn arrivals_per_second(&self) -> Option<u64> {
        let mut latest = self.answers.iter().rev().flatten().map(|r| &r.metrics);
        let (new, old) = (latest.next()?, latest.next()?);
        let arrived = new.totals.arrivals.checked_sub(old.totals.arrivals)?;
        (arrived * 1_000).checked_div(new.at_ms.checked_sub(old.at_ms)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(at_ms: u64, arrivals: u64) -> MetricsReport {
        let mut report = MetricsReport::default();
        report.metrics.at_ms = at_ms;
        report.metrics.totals.arrivals = arrivals;
        report
    }

    #[test]
    fn it_keeps_a_minute() {
        let mut history = History::default();
        (0..100).for_each(|second| history.push(Ok(report(second, 0))));
        let curve = history.curve(|metrics| metrics.at_ms);
        assert_eq!((curve.len(), curve[0]), (LENGTH, Some(40)));
    }

    #[test]
    fn a_question_without_an_answer_leaves_a_gap() {
        let mut history = History::default();
        history.push(Ok(report(1, 0)));
        history.push(Err("gone".into()));
        assert_eq!(history.curve(|metrics| metrics.at_ms), [Some(1), None]);
        assert_eq!(history.gone(), Some("gone"));
        assert_eq!(history.latest(), Some(&report(1, 0)));
        history.push(Ok(report(2, 0)));
        assert_eq!(history.gone(), None);
    }

    #[test]
    fn arrivals_are_counted_by_the_clock_of_the_space() {
        let mut history = History::default();
        assert_eq!(history.arrivals_per_second(), None);
        history.push(Ok(report(1_000, 10)));
        history.push(Err("gone".into()));
        history.push(Ok(report(5_000, 50)));
        assert_eq!(history.arrivals_per_second(), Some(10));
        // After a reset, or on a clock that stands still, there is nothing to say.
        history.push(Ok(report(6_000, 0)));
        assert_eq!(history.arrivals_per_second(), None);
        history.push(Ok(report(6_000, 0)));
        assert_eq!(history.arrivals_per_second(), None);
    }
}
