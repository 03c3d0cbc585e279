//! The live region: what screen readers are told of changes that nobody clicked for.

use leptos::prelude::*;

use crate::tide::Tide;

/// There from the beginning, because a region that comes together with its text is not read out.
#[component]
pub(crate) fn Announcer() -> impl IntoView {
    let tide = Tide::of_context();
    let text = RwSignal::new(String::new());
    Effect::new(move |_| {
        if let Some(message) = tide.message(tide.now.get()) {
            text.set(message);
        }
    });
    view! { <div class="unseen" role="status" data-testid="status">{text}</div> }
}
