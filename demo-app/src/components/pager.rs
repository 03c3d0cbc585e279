//! From page to page of the catalogue.

use leptos::prelude::*;
use leptos_router::components::A;
use tidegate_contract::AssetQuery;

use crate::catalogue_url::{pages, with_page, write};
use crate::words::grouped;

/// `place` is the page on show, the size of a page and the number of assets in all.
#[component]
pub(crate) fn Pager(query: Memo<AssetQuery>, place: Signal<(u32, u32, u32)>) -> impl IntoView {
    let last = move || place.with(|(_, size, total)| pages(*total, *size));
    let asked = move || query.with(|query| query.page.unwrap_or(1));
    let link = move |page: u32| query.with(|query| write(&with_page(query, page)));
    view! {
        <nav class="pager" aria-label="Pages">
            <Show when=move || { asked() > 1 } fallback=|| view! { <span class="off">"Previous"</span> }>
                <A href=move || link(asked() - 1) attr:data-testid="previous-page" attr:rel="prev">"Previous"</A>
            </Show>
            <span class="muted">{move || format!("Page {} of {}", place.with(|place| place.0), grouped(last().into()))}</span>
            <Show when=move || asked() < last() fallback=|| view! { <span class="off">"Next"</span> }>
                <A href=move || link(asked() + 1) attr:data-testid="next-page" attr:rel="next">"Next"</A>
            </Show>
        </nav>
    }
}
