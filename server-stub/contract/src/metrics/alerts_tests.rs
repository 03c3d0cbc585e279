use super::*;
use crate::metrics::Thresholds;

fn level(kind: AlertKind, metrics: &Metrics) -> AlertLevel {
    let alerts = Thresholds::default().judge(metrics);
    let alert = alerts.iter().find(|alert| alert.kind == kind);
    alert.expect("every figure is judged").level
}

/// A snapshot in which one figure has this value.
fn with(kind: AlertKind, value: u64) -> Metrics {
    let mut metrics = Metrics::default();
    match kind {
        AlertKind::PoolUse => (metrics.pool.connections, metrics.pool.in_use) = (1_000, value),
        AlertKind::ResponseTime => metrics.response.p99_ms = value,
        AlertKind::ErrorRate => (metrics.recent.ended, metrics.recent.errors) = (1_000, value),
        AlertKind::Memory => {
            metrics.memory.limit_bytes = 1_000;
            metrics.memory.resident_bytes = Some(value);
        }
        AlertKind::EstimatedWait => metrics.waiting.estimated_ms = value,
        AlertKind::WastedWork => (metrics.recent.completed, metrics.recent.wasted) = (1_000, value),
    }
    metrics
}

#[test]
fn each_figure_has_its_thresholds() {
    for (kind, warning, critical) in [
        (AlertKind::PoolUse, 800, 950),
        (AlertKind::ResponseTime, 1_000, 5_000),
        (AlertKind::ErrorRate, 10, 50),
        (AlertKind::Memory, 800, 950),
        (AlertKind::EstimatedWait, 500, 2_500),
        (AlertKind::WastedWork, 50, 200),
    ] {
        for (value, expected) in [
            (0, AlertLevel::Ok),
            (warning - 1, AlertLevel::Ok),
            (warning, AlertLevel::Warning),
            (critical - 1, AlertLevel::Warning),
            (critical, AlertLevel::Critical),
        ] {
            assert_eq!(
                level(kind, &with(kind, value)),
                expected,
                "{kind:?} {value}"
            );
        }
    }
}

#[test]
fn nothing_measured_is_no_alarm() {
    let alerts = Thresholds::default().judge(&Metrics::default());
    assert_eq!(alerts.len(), AlertKind::ALL.len());
    assert!(alerts.iter().all(|alert| alert.level == AlertLevel::Ok));
    assert_eq!(alerts[3].text, "memory use cannot be measured here");
}

#[test]
fn an_alert_explains_itself() {
    let alerts = Thresholds::default().judge(&with(AlertKind::PoolUse, 940));
    assert_eq!(alerts[0].text, "pool use is 94 %, a warning from 80 %");
    let json = serde_json::to_value(&alerts[0]).unwrap();
    assert_eq!(json["kind"], "pool-use");
    assert_eq!(json["level"], "warning");
    assert_eq!(json["unit"], "permille");
    assert_eq!(json["threshold"]["critical"], 950);
    for kind in AlertKind::ALL {
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
    }
}

#[test]
fn thresholds_are_data() {
    let text = r#"{"poolUse":{"warning":900,"critical":800}}"#;
    let wrong: Thresholds = serde_json::from_str(text).unwrap();
    assert_eq!(wrong.memory, Thresholds::default().memory);
    assert_eq!(
        wrong.check().unwrap_err().to_string(),
        "thresholds.pool-use.warning must be 1 to 800, which is critical, not 900"
    );
    assert_eq!(Thresholds::default().check(), Ok(()));
    assert!(serde_json::from_str::<Thresholds>(r#"{"pool":1}"#).is_err());
}
