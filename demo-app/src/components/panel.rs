//! The resilience panel: at the side where there is room, else a sheet at the bottom.

use leptos::prelude::*;
use tidegate::{BreakerState, Health};

use super::{Alerts, Breakers, Counters, EventLog, FaultPicker, FeedFaults, Rival, Storage};
use crate::tide::Tide;

/// What the SDK does, and the switches that make it do something.
#[component]
pub(crate) fn Panel() -> impl IntoView {
    let open = RwSignal::new(false);
    let health = Tide::of_context().health;
    let summary = Memo::new(move |_| health.with(summary));
    view! {
        <aside class="panel" aria-label="Resilience" data-testid="panel" data-open=move || open.get().to_string()>
            <button
                class="handle"
                type="button"
                aria-expanded=move || open.get().to_string()
                aria-controls="panel-body"
                data-testid="panel-toggle"
                on:click=move |_| open.update(|open| *open = !*open)
            >
                <strong>"Resilience"</strong>
                <span>{summary}</span>
            </button>
            <div id="panel-body" on:keydown=move |event| {
                if event.key() == "Escape" {
                    open.set(false);
                }
            }>
                <FaultPicker />
                <FeedFaults />
                <Rival />
                <Breakers />
                <Alerts />
                <Storage />
                <Counters />
                <EventLog />
            </div>
        </aside>
    }
}

fn summary(health: &Health) -> String {
    let open = health
        .scopes
        .iter()
        .filter(|scope| scope.breaker != BreakerState::Closed)
        .count();
    let wanted = health
        .scopes
        .iter()
        .any(|scope| scope.probing || scope.probe_in_ms.is_some());
    match open {
        0 if wanted => "Waiting for the backend".into(),
        0 => "All breakers closed".into(),
        1 => "1 breaker open".into(),
        open => format!("{open} breakers open"),
    }
}
