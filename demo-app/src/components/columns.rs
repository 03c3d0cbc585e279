//! The columns of an asset.

use leptos::prelude::*;
use tidegate_contract::Column;

use super::Level;

/// In order, with who may see each.
#[component]
pub(crate) fn Columns(columns: Vec<Column>) -> impl IntoView {
    let rows = columns.into_iter().map(row).collect_view();
    view! {
        <section aria-labelledby="columns">
            <h2 id="columns">"Columns"</h2>
            <table class="assets columns" role="table" aria-labelledby="columns">
                <thead role="rowgroup">
                    <tr role="row">
                        {["Name", "Type", "Classification", "Meaning"]
                            .map(|name| view! { <th scope="col" role="columnheader">{name}</th> })
                            .collect_view()}
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        </section>
    }
}

fn row(column: Column) -> impl IntoView {
    view! {
        <tr role="row">
            <th scope="row" role="rowheader"><code>{column.name}</code></th>
            <td role="cell" data-label="Type"><code>{column.data_type}</code></td>
            <td role="cell" data-label="Classification"><Level level=column.classification /></td>
            <td role="cell" data-label="Meaning">{column.description}</td>
        </tr>
    }
}
