//! A page in the text exposition format: families of samples, one sample or more per space.

use std::fmt::{Display, Formatter, Result, Write};

use super::snapshot::{Metrics, MetricsReport, Times};

pub(super) struct Page<'a> {
    reports: &'a [MetricsReport],
    text: String,
}

impl<'a> Page<'a> {
    pub(super) fn new(reports: &'a [MetricsReport]) -> Page<'a> {
        Page {
            reports,
            text: String::new(),
        }
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    pub(super) fn gauge(&mut self, name: &str, help: &str, value: fn(&Metrics) -> u64) {
        self.family(name, "gauge", help, |report, out| {
            out.sample(&[], value(&report.metrics))
        });
    }

    pub(super) fn counter(&mut self, name: &str, help: &str, value: fn(&Metrics) -> u64) {
        self.family(name, "counter", help, |report, out| {
            out.sample(&[], value(&report.metrics))
        });
    }

    /// A gauge in thousandths: permille, or milliseconds.
    pub(super) fn thousandths(&mut self, name: &str, help: &str, value: fn(&Metrics) -> u64) {
        self.family(name, "gauge", help, |report, out| {
            out.sample(&[], Thousandths(value(&report.metrics)));
        });
    }

    pub(super) fn times(&mut self, name: &str, help: &str, times: fn(&Metrics) -> Times) {
        self.family(
            &format!("{name}_seconds"),
            "summary",
            help,
            |report, out| {
                let times = times(&report.metrics);
                for (quantile, ms) in [
                    ("0.5", times.p50_ms),
                    ("0.95", times.p95_ms),
                    ("0.99", times.p99_ms),
                ] {
                    out.sample(&[("quantile", quantile)], Thousandths(ms));
                }
                out.line("_sum", &[], Thousandths(times.sum_ms));
                out.line("_count", &[], times.count);
            },
        );
    }

    pub(super) fn family(
        &mut self,
        name: &str,
        kind: &str,
        help: &str,
        samples: impl Fn(&MetricsReport, &mut Samples<'_>),
    ) {
        self.text +=
            &format!("# HELP server_stub_{name} {help}\n# TYPE server_stub_{name} {kind}\n");
        for report in self.reports {
            let mut out = Samples {
                name,
                space: &report.metrics.space,
                text: &mut self.text,
            };
            samples(report, &mut out);
        }
    }
}

/// Where the samples of one family and space go.
pub(super) struct Samples<'a> {
    name: &'a str,
    space: &'a str,
    text: &'a mut String,
}

impl Samples<'_> {
    pub(super) fn sample(&mut self, labels: &[(&str, &str)], value: impl Display) {
        self.line("", labels, value);
    }

    fn line(&mut self, suffix: &str, labels: &[(&str, &str)], value: impl Display) {
        *self.text += &format!(
            "server_stub_{}{suffix}{{space=\"{}\"",
            self.name,
            Label(self.space)
        );
        for (name, text) in labels {
            *self.text += &format!(",{name}=\"{}\"", Label(text));
        }
        *self.text += &format!("}} {value}\n");
    }
}

/// A label's value: backslash, quote and line feed are escaped.
struct Label<'a>(&'a str);

impl Display for Label<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        self.0.chars().try_for_each(|c| match c {
            '\\' => f.write_str("\\\\"),
            '"' => f.write_str("\\\""),
            '\n' => f.write_str("\\n"),
            other => f.write_char(other),
        })
    }
}

/// Thousandths as a decimal fraction, without floating point: the same text everywhere.
struct Thousandths(u64);

impl Display for Thousandths {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}.{:03}", self.0 / 1_000, self.0 % 1_000)
    }
}
