//! The same figures for Prometheus: its text exposition format, version 0.0.4.
//!
//! Base units as its naming rules want them (seconds, bytes, ratios), one family per figure and a `space` label on every sample. Times
//! are summaries: percentiles over a sliding window beside a sum and a count that only grow, which is what [`super::Times`] is.

use super::alerts::{Alert, AlertLevel};
use super::page::Page;
use super::snapshot::MetricsReport;

/// The content type of an exposition.
pub const EXPOSITION_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// All spaces as one exposition.
#[must_use]
pub fn exposition(reports: &[MetricsReport]) -> String {
    let mut page = Page::new(reports);
    gauges(&mut page);
    counters(&mut page);
    page.times("response_time", "From arrival to answer.", |m| m.response);
    page.times(
        "queue_wait",
        "From asking for a connection to having one.",
        |m| m.queue_wait,
    );
    page.times(
        "service_time",
        "From having a connection to giving it back.",
        |m| m.service,
    );
    page.family(
        "alert_level",
        "gauge",
        "0 ok, 1 warning, 2 critical.",
        |report, out| {
            for Alert { kind, level, .. } in &report.alerts {
                let level = match level {
                    AlertLevel::Ok => 0,
                    AlertLevel::Warning => 1,
                    AlertLevel::Critical => 2,
                };
                out.sample(&[("alert", kind.name())], level);
            }
        },
    );
    page.into_text()
}

fn gauges(page: &mut Page<'_>) {
    page.gauge("pool_connections", "Connections of the pool.", |m| {
        m.pool.connections
    });
    page.gauge("pool_connections_in_use", "Connections at work.", |m| {
        m.pool.in_use
    });
    page.thousandths("pool_use_ratio", "Share of the connections at work.", |m| {
        m.pool.use_permille()
    });
    page.gauge(
        "waiting_requests",
        "Requests that wait for a connection.",
        |m| m.waiting.count,
    );
    page.family(
        "waiting_requests_limit",
        "gauge",
        "How many may wait.",
        |report, out| {
            if let Some(limit) = report.metrics.waiting.limit {
                out.sample(&[], limit);
            }
        },
    );
    page.thousandths(
        "estimated_wait_seconds",
        "How long a newcomer would wait.",
        |m| m.waiting.estimated_ms,
    );
    page.gauge("in_flight_requests", "Requests that are not over.", |m| {
        m.in_flight
    });
    page.gauge("open_sockets", "Open WebSockets and event streams.", |m| {
        m.sockets
    });
    page.family(
        "resident_memory_bytes",
        "gauge",
        "Resident memory of the process.",
        |report, out| {
            if let Some(bytes) = report.metrics.memory.resident_bytes {
                out.sample(&[], bytes);
            }
        },
    );
    page.gauge(
        "memory_limit_bytes",
        "What it is meant to stay below.",
        |m| m.memory.limit_bytes,
    );
    page.thousandths(
        "level_ratio",
        "Share of their requests that clients may send.",
        |m| m.level.into(),
    );
    page.gauge("ready", "Whether newcomers are welcome.", |m| {
        m.ready.into()
    });
    page.thousandths(
        "error_ratio",
        "Errors among the answers of the last 60 s.",
        |m| m.recent.error_permille(),
    );
    page.thousandths(
        "client_gone_ratio",
        "Requests of the last 60 s whose client left first.",
        |m| m.recent.gone_permille(),
    );
    page.thousandths(
        "waste_ratio",
        "Work of the last 60 s that was for nobody.",
        |m| m.recent.waste_permille(),
    );
}

fn counters(page: &mut Page<'_>) {
    page.counter("requests_total", "Requests that arrived.", |m| {
        m.totals.arrivals
    });
    page.counter("preflights_total", "CORS preflights among them.", |m| {
        m.totals.preflights
    });
    page.family(
        "answers_total",
        "counter",
        "Answers by status.",
        |report, out| {
            for (status, count) in &report.metrics.totals.answered.by_status {
                out.sample(&[("status", &status.to_string())], *count);
            }
        },
    );
    page.family(
        "refusals_total",
        "counter",
        "Requests turned away before any work.",
        |report, out| {
            for (reason, count) in &report.metrics.totals.refused {
                out.sample(&[("reason", reason)], *count);
            }
        },
    );
    page.counter("cache_hits_total", "Answers without the pool.", |m| {
        m.totals.hits
    });
    page.family(
        "completions_total",
        "counter",
        "Work that the pool completed.",
        |report, out| {
            let totals = &report.metrics.totals;
            out.sample(&[("outcome", "useful")], totals.completed_useful);
            out.sample(&[("outcome", "wasted")], totals.completed_wasted);
        },
    );
    page.counter(
        "clients_gone_total",
        "Requests whose client left first.",
        |m| m.totals.clients_gone,
    );
    page.counter("cuts_total", "Connections cut instead of an answer.", |m| {
        m.totals.cut
    });
    page.counter("effects_total", "Writes that took effect.", |m| {
        m.totals.effects
    });
    page.counter(
        "effects_repeated_total",
        "Writes that took effect again for the same key.",
        |m| m.totals.effects_repeated,
    );
}

#[cfg(test)]
#[path = "prometheus_tests.rs"]
mod tests;
