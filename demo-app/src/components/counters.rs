//! What the SDK has done since the page was opened.

use leptos::prelude::*;

use crate::tide::Tide;
use crate::words::grouped;

/// The numbers.
#[component]
pub(crate) fn Counters() -> impl IntoView {
    let health = Tide::of_context().health;
    let counters = Memo::new(move |_| health.with(|health| health.counters.clone()));
    let rows = move || {
        let counters = counters.get();
        [
            ("calls", "Calls made", counters.calls),
            ("attempts", "Attempts sent", counters.attempts),
            ("from-network", "By the network", counters.from_network),
            ("from-cache", "By kept copies", counters.from_cache),
            ("coalesced", "By an equal call", counters.coalesced),
            ("failed", "No answer", counters.failed),
            ("cancelled", "Cancelled", counters.cancelled),
            ("retries", "Retries", counters.retries),
            ("probes", "Probes", counters.probes),
        ]
        .map(|(name, label, number)| {
            view! {
                <div>
                    <dt>{label}</dt>
                    <dd data-testid=format!("counter-{name}")>{grouped(number)}</dd>
                </div>
            }
        })
        .collect_view()
    };
    view! {
        <section aria-labelledby="counters">
            <h2 id="counters">"Since this page was opened"</h2>
            <dl class="counters">{rows}</dl>
        </section>
    }
}
