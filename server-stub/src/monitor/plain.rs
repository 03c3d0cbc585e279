//! One snapshot as text, for logs, pipes and those who only want to know.

use std::fmt::Write;

use tidegate_contract::metrics::MetricsReport;

use super::rows::{alarms, rows};

/// The snapshot: a line of what it is about, a line per figure, a line per alarm.
pub(crate) fn text(report: &MetricsReport) -> String {
    let mut text = format!("space {}, {}\n", report.metrics.space, preset(report));
    for row in rows(report) {
        let alert = row.alert.map(|level| level.to_string());
        let (alert, detail) = (alert.unwrap_or_default(), &row.detail);
        let line = format!("{:<15} {:>9}  {alert:<8}  {detail}", row.name, row.value);
        text += line.trim_end();
        text.push('\n');
    }
    for (level, sentence) in alarms(report) {
        // Writing into a string does not fail.
        let _ = writeln!(text, "{level}: {sentence}");
    }
    text
}

/// The preset in force, in words.
pub(crate) fn preset(report: &MetricsReport) -> String {
    match &report.preset {
        Some(name) => format!("preset {name}"),
        None => "a program of its own".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_in_trouble_says_so() {
        let report: MetricsReport = serde_json::from_str(include_str!("report.json")).unwrap();
        let expected = "\
space default, preset slow
pool use             94 %  warning   47 of 50 connections
waiting               520            of 1000 at most
estimated wait      2.6 s  critical  waited p50 2.1 s, p99 2.5 s
response p99        1.1 s  warning   p50 203 ms, p95 611 ms
service p99        940 ms            p50 200 ms, p95 600 ms
errors              0.5 %  ok        2 of 400 answers
clients gone         20 %            100 of 500 requests
waste                20 %  critical  100 of 500 completions
level                34 %            not ready
in flight             567            9000 arrived
sockets                12
memory             48 MiB  ok        of 1024 MiB
critical: estimated wait for a connection is 2.6 s, critical from 2.5 s
critical: work for nobody is 20 %, critical from 20 %
warning: pool use is 94 %, a warning from 80 %
warning: response time (p99) is 1.1 s, a warning from 1 s
";
        let text = text(&report);
        assert_eq!(text, expected, "{text}");
    }
}
