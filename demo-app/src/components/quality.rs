//! The share of quality checks that pass.

use leptos::prelude::*;

/// A number with a bar as long.
#[component]
pub(crate) fn Quality(percent: u8) -> impl IntoView {
    view! {
        <span class="quality">
            <span class="bar" aria-hidden="true"><span style:width=format!("{percent}%")></span></span>
            {percent} "%"
        </span>
    }
}
