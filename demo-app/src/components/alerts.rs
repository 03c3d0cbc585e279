//! The figures that are watched.

use leptos::prelude::*;
use tidegate::{AlertHealth, AlertLevel};

use super::Shape;
use crate::tide::Tide;
use crate::words;

/// Each figure that can be told, and how bad it is.
#[component]
pub(crate) fn Alerts() -> impl IntoView {
    let health = Tide::of_context().health;
    let alerts = Memo::new(move |_| health.with(|health| health.alerts.clone()));
    let rows = move || alerts.get().iter().filter_map(row).collect_view();
    view! {
        <section aria-labelledby="alerts">
            <h2 id="alerts">"Alerts"</h2>
            <ul class="breakers">{rows}</ul>
        </section>
    }
}

fn row(alert: &AlertHealth) -> Option<impl IntoView + use<>> {
    let value = alert.value.map(|value| words::value(alert.kind, value));
    let (shape, level, state) = match alert.level {
        AlertLevel::Ok => (Shape::Disc, "Well", "closed"),
        AlertLevel::Warning => (Shape::Half, "Warning", "half-open"),
        _ => (Shape::Square, "Critical", "open"),
    };
    // What was never measured is not worth a line.
    if value.is_none() && alert.level == AlertLevel::Ok {
        return None;
    }
    Some(view! {
        <li data-testid="alert" data-kind=alert.kind.as_str() data-level=alert.level.as_str() data-state=state>
            <span>{words::figure(alert.kind)}</span>
            <strong>{shape} {level}</strong>
            <span class="muted">{value}</span>
        </li>
    })
}
