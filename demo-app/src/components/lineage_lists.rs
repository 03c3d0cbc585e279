//! Where an asset comes from and where it goes.

use leptos::prelude::*;
use leptos_router::components::A;
use tidegate_contract::{AssetRef, Lineage};

use super::Name;
use crate::words::capitalised;

/// Two lists of links.
#[component]
pub(crate) fn LineageLists(lineage: Lineage) -> impl IntoView {
    view! {
        <div class="lineage">
            {list("Made from", "Nothing: it is where data comes in.", lineage.upstream)}
            {list("Used by", "Nobody yet.", lineage.downstream)}
        </div>
    }
}

fn list(title: &'static str, none: &'static str, ends: Vec<AssetRef>) -> impl IntoView {
    let is_empty = ends.is_empty();
    let items = ends
        .into_iter()
        .map(|end| {
            let link = format!("/assets/{}", end.id);
            view! { <li><A href=link><Name text=end.name /></A> " "<span class="muted">{capitalised(end.kind.name())}</span></li> }
        })
        .collect_view();
    view! {
        <section>
            <h3>{title}</h3>
            {if is_empty { view! { <p class="muted">{none}</p> }.into_any() } else { view! { <ul>{items}</ul> }.into_any() }}
        </section>
    }
}
