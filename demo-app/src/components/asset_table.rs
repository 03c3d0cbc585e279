//! One page of assets: a table where there is room, cards where there is not.
//!
//! The roles are spelt out because some browsers forget them when style turns a table into blocks.

use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos_router::components::A;
use tidegate_contract::Asset;

use super::{Level, Name, Quality, Tags};
use crate::tide::Tide;
use crate::words::capitalised;

/// Rows stay the same elements for the same assets, so a refresh takes no focus away. `born` is when they were read.
#[component]
pub(crate) fn AssetTable(
    assets: Signal<Vec<Asset>>,
    born: Signal<f64>,
    selected: RwSignal<BTreeSet<String>>,
) -> impl IntoView {
    let tide = Tide::of_context();
    let away = tide.away();
    let kept = Memo::new(move |_| {
        tide.kept.with(|pages| {
            let pages = pages.iter().filter_map(|page| page.href.clone());
            pages.collect::<BTreeSet<_>>()
        })
    });
    let row = move |asset: Asset| view! { <Row asset born selected away kept /> };
    view! {
        <table class="assets" role="table">
            <caption class="unseen">"Assets of the catalogue"</caption>
            <thead role="rowgroup">
                <tr role="row">
                    {["Name", "Kind", "Domain", "Owner", "Classification", "Quality", "Tags"]
                        .map(|name| view! { <th scope="col" role="columnheader">{name}</th> })
                        .collect_view()}
                </tr>
            </thead>
            <tbody role="rowgroup">
                <For each=move || assets.get() key=|asset| (asset.id.clone(), asset.updated_at) children=row />
            </tbody>
        </table>
        <Show when=move || assets.with(Vec::is_empty)>
            <p class="empty">"No asset fits. Try a shorter search, or fewer filters."</p>
        </Show>
    }
}

#[component]
fn Row(
    asset: Asset,
    born: Signal<f64>,
    selected: RwSignal<BTreeSet<String>>,
    away: Memo<bool>,
    kept: Memo<BTreeSet<String>>,
) -> impl IntoView {
    let link = format!("/assets/{}", asset.id);
    let (id, chosen, row, href) = (
        asset.id.clone(),
        asset.id.clone(),
        asset.id.clone(),
        link.clone(),
    );
    let is_chosen = move || selected.with(|selected| selected.contains(&chosen));
    let choose = move |_| {
        selected.update(|selected| {
            if !selected.remove(&id) {
                selected.insert(id.clone());
            }
        });
    };
    let offline = Memo::new(move |_| away.get() && kept.with(|kept| kept.contains(&href)));
    view! {
        <tr role="row" data-testid="asset-row" data-id=row data-offline=move || offline.get().to_string()>
            <th scope="row" role="rowheader">
                <span class="named">
                    <input
                        type="checkbox"
                        data-testid="select"
                        aria-label=format!("Select {}", asset.name)
                        prop:checked=is_chosen
                        on:change=choose
                    />
                    <span>
                        <A href=link><Name text=asset.name /></A>
                        <Show when=move || offline.get()>
                            <span class="offline">"Opens offline"</span>
                        </Show>
                    </span>
                </span>
            </th>
            <td role="cell" data-label="Kind">{capitalised(asset.kind.name())}</td>
            <td role="cell" data-label="Domain">{asset.domain}</td>
            <td role="cell" data-label="Owner">{asset.owner}</td>
            <td role="cell" data-label="Classification"><Level level=asset.classification /></td>
            <td role="cell" data-label="Quality"><Quality percent=asset.quality /></td>
            <td role="cell" data-label="Tags" class="tags"><Tags asset=asset.id tags=asset.tags born /></td>
        </tr>
    }
}
