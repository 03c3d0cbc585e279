//! How the stub's pool is doing, while what goes wrong is about that.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use tidegate_contract::metrics::{Metrics, Unit};

use crate::address::Addresses;
use crate::control;
use crate::words::grouped;

const EVERY: Duration = Duration::from_secs(2);

/// One line, anew every two seconds for as long as it is shown.
#[component]
pub(crate) fn Pool() -> impl IntoView {
    let base = StoredValue::new(expect_context::<Addresses>().control);
    let metrics = RwSignal::new(None::<Metrics>);
    let look = move || {
        spawn_local(async move {
            metrics.try_set(control::metrics(&base.get_value()).await);
        });
    };
    look();
    if let Ok(ticking) = set_interval_with_handle(look, EVERY) {
        on_cleanup(move || ticking.clear());
    }
    view! {
        <p class="muted" data-testid="pool">
            {move || metrics.with(|metrics| metrics.as_ref().map_or("Asking the stub…".into(), sentence))}
        </p>
    }
}

fn sentence(metrics: &Metrics) -> String {
    let pool = metrics.pool;
    format!(
        "Pool: {} of {} connections at work, {} waiting; one more would wait {}.",
        grouped(pool.in_use),
        grouped(pool.connections),
        grouped(metrics.waiting.count),
        Unit::Ms.show(metrics.waiting.estimated_ms),
    )
}
