//! Who may see something, as a word with a lock that is more or less closed.

use leptos::prelude::*;
use tidegate_contract::Classification;

use crate::words::capitalised;

/// One level of classification.
#[component]
pub(crate) fn Level(level: Classification) -> impl IntoView {
    view! { <span class="level" data-level=level.name()>{capitalised(level.name())}</span> }
}
