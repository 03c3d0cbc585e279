//! What is shown, in words: one row per figure, for the terminal and for plain text alike.

use tidegate_contract::metrics::{AlertKind, AlertLevel, Metrics, MetricsReport, Times, Unit};

/// One figure.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    /// The figure itself.
    pub(crate) value: String,
    /// What it is made of.
    pub(crate) detail: String,
    /// How bad it is, where that is judged.
    pub(crate) alert: Option<AlertLevel>,
    /// The same figure as a number, for its curve.
    pub(crate) figure: fn(&Metrics) -> u64,
    /// The value that fills a curve, if it has a natural one.
    pub(crate) full: Option<u64>,
}

/// All rows of a report.
pub(crate) fn rows(report: &MetricsReport) -> Vec<Row> {
    let metrics = &report.metrics;
    let alert = |kind| {
        let alert = report.alerts.iter().find(|alert| alert.kind == kind);
        alert.map(|alert| alert.level)
    };
    let permille = |value| Unit::Permille.show(value);
    let ms = |value| Unit::Ms.show(value);
    let recent = metrics.recent;
    vec![
        Row {
            name: "pool use",
            value: permille(metrics.pool.use_permille()),
            detail: of(metrics.pool.in_use, metrics.pool.connections, "connections"),
            alert: alert(AlertKind::PoolUse),
            figure: |m| m.pool.use_permille(),
            full: Some(1_000),
        },
        Row {
            name: "waiting",
            value: metrics.waiting.count.to_string(),
            detail: metrics
                .waiting
                .limit
                .map_or("no limit".to_owned(), |limit| format!("of {limit} at most")),
            alert: None,
            figure: |m| m.waiting.count,
            full: metrics.waiting.limit,
        },
        Row {
            name: "estimated wait",
            value: ms(metrics.waiting.estimated_ms),
            detail: format!(
                "waited p50 {}, p99 {}",
                ms(metrics.queue_wait.p50_ms),
                ms(metrics.queue_wait.p99_ms)
            ),
            alert: alert(AlertKind::EstimatedWait),
            figure: |m| m.waiting.estimated_ms,
            full: None,
        },
        Row {
            name: "response p99",
            value: ms(metrics.response.p99_ms),
            detail: beside(metrics.response),
            alert: alert(AlertKind::ResponseTime),
            figure: |m| m.response.p99_ms,
            full: None,
        },
        Row {
            name: "service p99",
            value: ms(metrics.service.p99_ms),
            detail: beside(metrics.service),
            alert: None,
            figure: |m| m.service.p99_ms,
            full: None,
        },
        Row {
            name: "errors",
            value: permille(recent.error_permille()),
            detail: of(
                recent.errors,
                recent.ended.saturating_sub(recent.gone),
                "answers",
            ),
            alert: alert(AlertKind::ErrorRate),
            figure: |m| m.recent.error_permille(),
            full: Some(1_000),
        },
        Row {
            name: "clients gone",
            value: permille(recent.gone_permille()),
            detail: of(recent.gone, recent.ended, "requests"),
            alert: None,
            figure: |m| m.recent.gone_permille(),
            full: Some(1_000),
        },
        Row {
            name: "waste",
            value: permille(recent.waste_permille()),
            detail: of(recent.wasted, recent.completed, "completions"),
            alert: alert(AlertKind::WastedWork),
            figure: |m| m.recent.waste_permille(),
            full: Some(1_000),
        },
        Row {
            name: "level",
            value: permille(metrics.level.into()),
            detail: if metrics.ready { "ready" } else { "not ready" }.to_owned(),
            alert: None,
            figure: |m| m.level.into(),
            full: Some(1_000),
        },
        Row {
            name: "in flight",
            value: metrics.in_flight.to_string(),
            detail: format!("{} arrived", metrics.totals.arrivals),
            alert: None,
            figure: |m| m.in_flight,
            full: None,
        },
        Row {
            name: "sockets",
            value: metrics.sockets.to_string(),
            detail: String::new(),
            alert: None,
            figure: |m| m.sockets,
            full: None,
        },
        Row {
            name: "memory",
            value: metrics
                .memory
                .resident_bytes
                .map_or("unknown".to_owned(), mebibytes),
            detail: format!("of {}", mebibytes(metrics.memory.limit_bytes)),
            alert: alert(AlertKind::Memory),
            figure: |m| m.memory.resident_bytes.unwrap_or(0),
            full: Some(metrics.memory.limit_bytes),
        },
    ]
}

/// What is wrong, worst first, in sentences.
pub(crate) fn alarms(report: &MetricsReport) -> Vec<(AlertLevel, &str)> {
    let mut alarms: Vec<_> = report
        .alerts
        .iter()
        .filter(|alert| alert.level != AlertLevel::Ok)
        .map(|alert| (alert.level, alert.text.as_str()))
        .collect();
    alarms.sort_by_key(|(level, _)| std::cmp::Reverse(*level));
    alarms
}

fn of(part: u64, whole: u64, what: &str) -> String {
    format!("{part} of {whole} {what}")
}

fn beside(times: Times) -> String {
    format!(
        "p50 {}, p95 {}",
        Unit::Ms.show(times.p50_ms),
        Unit::Ms.show(times.p95_ms)
    )
}

fn mebibytes(bytes: u64) -> String {
    format!("{} MiB", bytes >> 20)
}
