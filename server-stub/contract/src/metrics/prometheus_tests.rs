use super::*;
use crate::metrics::{Metrics, Thresholds, Times, Totals};

fn report(space: &str) -> MetricsReport {
    let mut metrics = Metrics {
        space: space.to_owned(),
        level: 700,
        ready: true,
        in_flight: 3,
        ..Metrics::default()
    };
    metrics.pool.connections = 50;
    metrics.pool.in_use = 47;
    metrics.waiting.count = 120;
    metrics.waiting.limit = Some(1_000);
    metrics.waiting.estimated_ms = 600;
    metrics.memory.resident_bytes = Some(12_345_678);
    metrics.memory.limit_bytes = 1 << 30;
    metrics.response = Times {
        p50_ms: 203,
        p95_ms: 611,
        p99_ms: 1_100,
        count: 4_000,
        sum_ms: 1_000_001,
    };
    metrics.totals = Totals {
        arrivals: 5_000,
        refused: [("queue-full".to_owned(), 2)].into(),
        completed_wasted: 7,
        ..Totals::default()
    };
    metrics.totals.answered.by_status = [(200, 3_990), (503, 10)].into();
    MetricsReport {
        alerts: Thresholds::default().judge(&metrics),
        metrics,
        preset: None,
    }
}

#[test]
fn the_text_is_as_agreed() {
    let text = exposition(&[report("default"), MetricsReport::default()]);
    for (line, agreed) in text.lines().zip(include_str!("golden.prom").lines()) {
        assert_eq!(line, agreed);
    }
    assert_eq!(text.len(), include_str!("golden.prom").len());
}

#[test]
fn labels_are_escaped() {
    let text = exposition(&[report("a\"b\\c\nd")]);
    assert!(text.contains("server_stub_ready{space=\"a\\\"b\\\\c\\nd\"} 1\n"));
}

#[test]
fn every_line_is_a_comment_or_a_sample() {
    for line in exposition(&[report("default")]).lines() {
        let fine = line.starts_with("# ")
            || line.rsplit_once("} ").is_some_and(|(name, value)| {
                name.starts_with("server_stub_") && value.parse::<f64>().is_ok()
            });
        assert!(fine, "{line}");
    }
}
