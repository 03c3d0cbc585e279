//! What to look for in the catalogue.

use leptos::prelude::*;
use tidegate_contract::{AssetKind, AssetQuery, Classification};

use crate::catalogue_url;
use crate::words::capitalised;

/// The search box and the filters. Every change is a question at once; the page aborts the one before.
#[component]
pub(crate) fn Filters<F>(query: Memo<AssetQuery>, ask: F) -> impl IntoView
where
    F: Fn(AssetQuery) + Clone + 'static,
{
    // A new question begins at its first page.
    let change = move |edit: &dyn Fn(&mut AssetQuery)| {
        let mut query = AssetQuery {
            page: None,
            ..query.get_untracked()
        };
        edit(&mut query);
        ask(query);
    };
    let on_search = {
        let change = change.clone();
        move |event| {
            let text = event_target_value(&event);
            change(&|query| query.search = Some(text.clone()).filter(|text| !text.is_empty()));
        }
    };
    let on_kind = {
        let change = change.clone();
        move |event| {
            let name = event_target_value(&event);
            change(&|query| query.kind = catalogue_url::kind(&name));
        }
    };
    let on_level = move |event| {
        let name = event_target_value(&event);
        change(&|query| query.classification = catalogue_url::classification(&name));
    };
    let search = Memo::new(move |_| query.with(|query| query.search.clone()).unwrap_or_default());
    let kind = move || {
        query
            .with(|query| query.kind.map(AssetKind::name))
            .unwrap_or_default()
    };
    let level = move || {
        query
            .with(|query| query.classification.map(Classification::name))
            .unwrap_or_default()
    };
    view! {
        <form class="filters" role="search" on:submit=|event| event.prevent_default()>
            <label class="wide">
                <span>"Search"</span>
                <input
                    type="search"
                    data-testid="search"
                    placeholder="Name, owner, domain or tag"
                    autocomplete="off"
                    prop:value=search
                    on:input=on_search
                />
            </label>
            <label>
                <span>"Kind"</span>
                <select data-testid="kind" prop:value=kind on:change=on_kind>
                    <option value="">"All"</option>
                    {options(AssetKind::ALL.map(AssetKind::name))}
                </select>
            </label>
            <label>
                <span>"Classification"</span>
                <select data-testid="classification" prop:value=level on:change=on_level>
                    <option value="">"All"</option>
                    {options(Classification::ALL.map(Classification::name))}
                </select>
            </label>
        </form>
    }
}

fn options<const N: usize>(names: [&'static str; N]) -> impl IntoView {
    names
        .map(|name| view! { <option value=name>{capitalised(name)}</option> })
        .collect_view()
}
