//! A tag for many assets at once.

use std::collections::BTreeSet;

use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;
use tidegate_contract::AssetPatch;

use crate::words::grouped;
use crate::writes::{Change, Writes};

/// What is selected, on this page (`here`) and others, and the tag that it gets.
#[component]
pub(crate) fn Tagging(
    here: Signal<Vec<String>>,
    selected: RwSignal<BTreeSet<String>>,
) -> impl IntoView {
    let writes = Writes::of_context();
    let tag = NodeRef::<Input>::new();
    let refused = RwSignal::new(None::<String>);
    let count = Memo::new(move |_| selected.with(BTreeSet::len));
    let all = Memo::new(move |_| {
        let (here, selected) = (here.read(), selected.read());
        !here.is_empty() && here.iter().all(|id| selected.contains(id))
    });
    let choose_all = move |_| {
        let take = all.get_untracked();
        selected.update(|selected| {
            for id in here.get_untracked() {
                match take {
                    true => selected.remove(&id),
                    false => selected.insert(id),
                };
            }
        });
    };
    // The buttons go with the selection: the keyboard goes on at the first of what stays.
    let every = NodeRef::<Input>::new();
    let clear = move || {
        selected.try_update(BTreeSet::clear);
        if let Some(every) = every.get_untracked() {
            // It throws for no element.
            let _ = every.focus();
        }
    };
    let put = move || {
        let Some(input) = tag.get_untracked() else {
            return;
        };
        let word = input.value().trim().to_owned();
        if word.is_empty() {
            refused.set(Some("Which tag? Write one first.".into()));
            let _ = input.focus();
            return;
        }
        let change = Change::Tag {
            assets: selected.get_untracked().into_iter().collect(),
            tag: word,
        };
        spawn_local(async move {
            let outcome = writes.queue(change).await;
            refused.try_set(outcome.as_ref().err().map(|why| why.0.clone()));
            if outcome.is_ok() {
                clear();
            }
        });
    };
    let told = move || match count.get() {
        0 => "Select assets to tag them".to_owned(),
        1 => "1 asset selected".into(),
        count => format!("{} assets selected", grouped(count as u64)),
    };
    view! {
        <form
            class="tagging"
            data-testid="tagging"
            data-selected=move || (count.get() > 0).to_string()
            on:submit=move |event| {
                event.prevent_default();
                put();
            }
        >
            <label class="all">
                <input type="checkbox" node_ref=every data-testid="select-all" prop:checked=move || all.get() on:change=choose_all />
                "All on this page"
            </label>
            <span class="muted" data-testid="selected">{told}</span>
            <Show when=move || { count.get() > 0 }>
                <label class="tag">
                    <span class="unseen">"Tag"</span>
                    <input node_ref=tag placeholder="Tag, such as gold" maxlength=AssetPatch::MAX_TAG.to_string() autocomplete="off" data-testid="tag" />
                </label>
                <button type="submit" data-testid="tag-selected">"Tag them"</button>
                <button type="button" class="quiet" on:click=move |_| clear()>"Select none"</button>
            </Show>
            <p role="alert" class="alert">{refused}</p>
        </form>
    }
}
