//! One page of assets: a table where there is room, cards where there is not.
//!
//! The roles are spelt out because some browsers forget them when style turns a table into blocks.

use leptos::prelude::*;
use leptos_router::components::A;
use tidegate_contract::Asset;

use super::{Level, Name, Quality};
use crate::words::{self, capitalised};

/// Rows stay the same elements for the same assets, so a refresh takes no focus away.
#[component]
pub(crate) fn AssetTable(assets: Signal<Vec<Asset>>) -> impl IntoView {
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

fn row(asset: Asset) -> impl IntoView {
    let link = format!("/assets/{}", asset.id);
    view! {
        <tr role="row" data-testid="asset-row" data-id=asset.id>
            <th scope="row" role="rowheader"><A href=link><Name text=asset.name /></A></th>
            <td role="cell" data-label="Kind">{capitalised(asset.kind.name())}</td>
            <td role="cell" data-label="Domain">{asset.domain}</td>
            <td role="cell" data-label="Owner">{asset.owner}</td>
            <td role="cell" data-label="Classification"><Level level=asset.classification /></td>
            <td role="cell" data-label="Quality"><Quality percent=asset.quality /></td>
            <td role="cell" data-label="Tags" class="tags">{words::list(&asset.tags)}</td>
        </tr>
    }
}
