//! The mark of what is shown and not saved: word, shape and colour.

use leptos::prelude::*;

use crate::writes::{Over, Writes};

/// Says how a change stands, with the way to take it back, or to the tray. `what` completes the buttons for those who do not see where they are; `undone` takes the keyboard from
/// the button, which goes.
#[component]
pub(crate) fn Unsaved(over: Over, what: String, undone: Callback<()>) -> impl IntoView {
    let writes = Writes::of_context();
    match over {
        Over::Saved => ().into_any(),
        Over::Pending(id) => view! {
            <span class="unsaved" data-testid="unsaved" data-over="pending">
                <span class="mark">"Not saved yet"</span>
                <button type="button" class="quiet" data-testid="undo" on:click=move |_| {
                    writes.discard(id);
                    undone.run(());
                }>
                    "Undo" <span class="unseen">{format!(": {what}")}</span>
                </button>
            </span>
        }
        .into_any(),
        Over::Stuck(_) => view! {
            <span class="unsaved" data-testid="unsaved" data-over="stuck">
                <span class="mark">"Not saved: needs you"</span>
                <button type="button" class="quiet" data-testid="to-tray" on:click=move |_| writes.lead()>
                    "Open the outbox" <span class="unseen">{format!(": {what}")}</span>
                </button>
            </span>
        }
        .into_any(),
    }
}
