//! Where an answer will be, while nothing else is there to show.

use leptos::prelude::*;

/// As tall as the table that will come, so that nothing jumps.
#[component]
pub(crate) fn TableSkeleton() -> impl IntoView {
    view! { <BlockSkeleton lines=12 /> }
}

/// Some lines.
#[component]
pub(crate) fn BlockSkeleton(lines: usize) -> impl IntoView {
    view! {
        <div class="skeleton" data-testid="skeleton">
            <p>"Waiting for the backend…"</p>
            {(0..lines).map(|_| view! { <span></span> }).collect_view()}
        </div>
    }
}
