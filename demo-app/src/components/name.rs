//! The name of an asset, which may be long: lines break after its dots and underscores, not within its words.

use leptos::prelude::*;

/// The same text when it is copied.
#[component]
pub(crate) fn Name(text: String) -> impl IntoView {
    let parts = text
        .split_inclusive(['.', '_'])
        .map(|part| view! { {part.to_owned()} <wbr /> });
    parts.collect_view()
}
